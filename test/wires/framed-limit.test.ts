import { describe, expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { dialFramed, err, frame, lengthOf, ok, quit, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'
import { dialVersioned, firstLine, headerOf, versioned } from './support/versioned-client.ts'

vi.setConfig({ testTimeout: 30_000 })

/** The article's own limit. */
const ARTICLE_MAX_BYTES = 10_000_000

describe('a server with maxFrameBytes', () => {
  it.each([16, 8193, ARTICLE_MAX_BYTES])(
    'takes a frame of that length, and refuses one of a byte more: %i',
    async (max) => {
      const { framed } = await startWires({ maxFrameBytes: max })
      const client = await dialFramed(framed)
      const answers = await client.finish(write('HELLO'), frame(Buffer.alloc(max)), lengthOf(max + 1), quit())
      expect(answers).toEqual([
        ok('AUTH_OK'),
        { ok: false, text: expect.stringMatching(/^PARSE: /) },
        err(`MESSAGE_TOO_BIG: Frame length ${max + 1} is over the maximum of ${max}`),
      ])
    },
  )

  it('takes no more than before on the versioned wire', async () => {
    const wires = await startWires({ maxFrameBytes: ARTICLE_MAX_BYTES })
    const client = await dialVersioned(wires.versioned)
    const answers = await client.finish(versioned('PING'), headerOf(8193))
    expect(answers.slice(1).map(firstLine)).toEqual(['OK PONG', 'ERR MESSAGE_TOO_BIG'])
  })

  it('sets no memory aside for bytes that are announced and do not come', async () => {
    const { server, peerOf } = await startScene({ maxFrameBytes: ARTICLE_MAX_BYTES })
    const address = await server.listen({ ...at(0), wire: 'framed' })
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 50; i++) {
      const pilot = await Pilot.dial(address)
      const peer = await peerOf(pilot)
      pilot.socket.write(lengthOf(ARTICLE_MAX_BYTES))
      await until(() => peer.bytesRead === 4)
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5 * ARTICLE_MAX_BYTES)
  })
})
