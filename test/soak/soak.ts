import { expect, it } from 'vitest'
import { SeededRandom } from '../support/seeded-random.ts'
import { HAS_PROC, MEGABYTE, memoryOf, openFilesOf, quantile } from '../withstand/support/figures.ts'
import { LOADS } from './loads.ts'
import { type Soaked, startSoaked, TOKEN } from './start.ts'
import { Talker } from './talker.ts'
import { Tally, type Use } from './tally.ts'

const SECONDS = Number(process.env['SOAK_SECONDS'])
/** `SOAK_SEED` plays one again, as far as chance goes. */
const SEED = Number(process.env['SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const SECOND_MS = 1000
const REPORT_MS = 10 * SECOND_MS
/** So much of the time is to warm up: what memory the server has then is what it needs. */
const WARM_UP_SHARE = 0.25
/** So many of each load at any time. */
const AT_ONCE = 2
const BETWEEN_PINGS_MS = 20
/** What the server may need more in the end than when it was warm, in bytes. */
const GROWTH_LIMIT_BYTES = 60 * MEGABYTE
const PING_LIMIT_MS = 500
/** By when the server has closed what its clients have left, in milliseconds. */
const SETTLE_MS = 15 * SECOND_MS
/** By when it is gone after SIGTERM, in milliseconds. */
const END_MS = 10 * SECOND_MS

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function useOf({ program: { child } }: Soaked): Use {
  if (!HAS_PROC || child.exitCode !== null) return undefined
  return { bytes: memoryOf(child.pid), files: openFilesOf(child.pid) }
}

/** A PING now and then on one connection that is there all the time. */
async function ping(pilot: Talker, tally: Tally, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const since = performance.now()
    tally.check('PING', await pilot.ask('PING\n\n'), 'OK PONG')
    tally.pingsMs.push(performance.now() - since)
    await pause(BETWEEN_PINGS_MS)
  }
}

it(`serves for ${SECONDS} s under mixed load, and needs no more in the end (SOAK_SEED=${SEED})`, async () => {
  const soaked = await startSoaked()
  const tally = new Tally()
  const random = new SeededRandom(SEED)
  const idle = useOf(soaked)
  const start = performance.now()
  const seconds = () => (performance.now() - start) / SECOND_MS
  const isOver = () => seconds() >= SECONDS || tally.wrong.length > 0 || soaked.program.child.exitCode !== null
  const report = setInterval(() => console.log(tally.show(seconds(), useOf(soaked))), REPORT_MS)

  const pilot = new Talker(soaked.ways[0]())
  await pilot.reply()
  await pilot.ask(`HELLO ${TOKEN}\n\n`)
  const work = LOADS.flatMap((load) =>
    Array.from({ length: AT_ONCE }, async () => {
      const own = random.fork()
      while (!isOver()) await load(soaked, tally, own)
    }),
  )
  const all = Promise.all([ping(pilot, tally, isOver), ...work])
  await Promise.race([all, pause(SECONDS * WARM_UP_SHARE * SECOND_MS)])
  const warm = useOf(soaked)
  await all
  clearInterval(report)
  const busy = useOf(soaked)
  await pilot.ask('QUIT\n\n')
  await pilot.end()

  const settling = performance.now()
  const filesOpen = () => useOf(soaked)?.files ?? 0
  while (filesOpen() > (idle?.files ?? 0) && performance.now() - settling < SETTLE_MS) await pause(BETWEEN_PINGS_MS)
  const left = useOf(soaked)
  console.log(`in all: ${tally.show(seconds(), busy)}`)
  console.log(
    `at the start: ${JSON.stringify(idle)}, warm: ${JSON.stringify(warm)}, in the end: ${JSON.stringify(left)}`,
  )

  expect(tally.wrong).toEqual([])
  expect(soaked.program.child.exitCode).toBe(null)
  expect(soaked.program.stderr).toBe('')
  for (const count of ['connections', 'messages', 'checked', 'reconnects', 'faults'] as const)
    expect({ [count]: tally[count] }).not.toEqual({ [count]: 0 })
  expect(quantile(tally.pingsMs, 0.99)).toBeLessThan(PING_LIMIT_MS)
  if (idle !== undefined && warm !== undefined && left !== undefined) {
    expect(left.files).toBeLessThanOrEqual(idle.files)
    expect(left.bytes - warm.bytes).toBeLessThan(GROWTH_LIMIT_BYTES)
  }

  const ending = performance.now()
  soaked.program.child.kill('SIGTERM')
  expect(await soaked.program.exit).toMatchObject({ code: 0, signal: null })
  expect(performance.now() - ending).toBeLessThan(END_MS)
})
