import { expect } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import { Pilot } from '../support/pilot.ts'
import { FULL, item, type Row, scale } from './item.ts'
import { apart } from './support/apart.ts'
import { quantile, showMs } from './support/figures.ts'
import { movers } from './support/movers.ts'
import { spawnServer } from './support/spawn-server.ts'
import { audience } from './support/subscribers.ts'

/** Between one STOP and the next, in milliseconds. */
const GAP_MS = 20
/** What STOP may take, in milliseconds; the short form runs beside other tests, and times too few for the hundredth. */
const LIMIT_MS = FULL ? 50 : 100
const SHARE = FULL ? 0.99 : 0.9
const STOPS = scale(300, 60)
/** So long all gets under way before the first, in milliseconds. */
const LEAD_MS = 500
/** One that is not answered by then is the last, in milliseconds. */
const PATIENCE_MS = 5000

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Times one STOP after another, from its bytes to the answer; in milliseconds. */
async function timeStops(address: Address): Promise<readonly number[]> {
  const times: number[] = []
  const pilot = await Pilot.dial(address)
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  await wait(LEAD_MS)
  while (times.length < STOPS) {
    const since = performance.now()
    const answered = pilot.ask('STOP\n\n', 'OK STOPPED').then(() => true)
    const isAnswered = await Promise.race([answered, wait(PATIENCE_MS).then(() => false)])
    const ms = performance.now() - since
    times.push(ms)
    if (!isAnswered) break
    await wait(Math.max(0, GAP_MS - ms))
  }
  return times
}

/** Holds the STOPs of one pilot against the MOVEs of others. */
async function stopAgainst(row: Row, address: Address, count: number, ahead: number): Promise<void> {
  const load = apart(movers, { address, count, ahead, message: MOVE })
  await load.ready
  const times = await timeStops(address)
  const { perSecond } = await load.stop()
  const [median, share] = [quantile(times, 0.5), quantile(times, SHARE)]
  row.figure = `p50 ${showMs(median)}, p${SHARE * 100} ${showMs(share)}, worst ${showMs(Math.max(...times))}; ${Math.round(perSecond)} MOVEs a second`
  row.limit = `p${SHARE * 100} ${LIMIT_MS} ms`
  expect(perSecond).toBeGreaterThan(LEAST_LOAD)
  expect(share).toBeLessThan(LIMIT_MS)
}

const MOVE = 'MOVE 10 20\n\n'
/** Less would be no load, in messages a second. */
const LEAST_LOAD = 100
/** So many MOVEs are 256 KB. */
const QUARTER_MEGABYTE = Math.ceil((256 * 1024) / MOVE.length)

item(66, 'STOP under load: 50 connections, each with 16 MOVEs under way', async (row) => {
  const { address } = await spawnServer()
  await stopAgainst(row, address, 50, 16)
})

item(66, 'STOP under load: 8 connections, each with 256 KB of MOVEs under way', async (row) => {
  const { address } = await spawnServer()
  await stopAgainst(row, address, 8, QUARTER_MEGABYTE)
})

item(66, 'STOP under load: 5000 MOVEs under way of one connection, each told to 100 subscribers', async (row) => {
  const { address } = await spawnServer()
  const watchers = apart(audience, { address, count: 100, say: 'SUBSCRIBE OPS\n\n' })
  await watchers.ready
  await stopAgainst(row, address, 1, 5000)
  await watchers.stop()
})
