import { bench, describe } from 'vitest'
import { pieces } from '../support/chunkings.ts'

// What each stage of a message costs, by how the stream is cut into reads. Every figure holds the stages before it, and
// is for all the messages: with 10,000 of them a mean of 1 (a millisecond) is 0.1 µs a message.

const MESSAGES = 10_000
/** A byte, a small segment, a full one on Ethernet, and what Node reads at once, in bytes. */
const CUTS = [1, 64, 1460, 65_536]
const stream = Buffer.from('MOVE\r\nX: 10\r\nY: 20\r\nId: 7\r\n\r\n'.repeat(MESSAGES))

/** The compiled code: see vitest.config.ts. */
const COMPILED = new URL('../../dist-bench/test/bench/stages.js', import.meta.url).href
const { STAGES, through } = (await import(COMPILED)) as typeof import('./stages.ts')

describe.each(CUTS)('10,000 MOVEs in reads of %i bytes', (cut) => {
  const reads = pieces(stream, cut)
  for (const stage of STAGES) {
    // Before it is measured: what a benchmark throws vitest shows as NaN, and takes for no failure.
    if (through(stage, reads) !== MESSAGES) throw new Error(`Not every message came through ${stage}`)
    bench(STAGES.slice(0, STAGES.indexOf(stage) + 1).join(', '), () => void through(stage, reads))
  }
})
