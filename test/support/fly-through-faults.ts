import { setImmediate as nextTurn } from 'node:timers/promises'
import { isRequestError } from '../../src/client/error.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { anyRoute } from './mixed-faults.ts'
import { give, KINDS, type Told } from './orders.ts'
import { SeededRandom } from './seeded-random.ts'
import { type Network, startNetwork } from './start-network.ts'
import { until } from './until.ts'
import { faultsOf } from './verdict.ts'

/** What came of a run, in numbers. */
export interface Tally {
  readonly requests: number
  readonly acknowledged: number
  readonly connections: number
  /** Connections that a fault has ended, or stopped for a while. */
  readonly cut: number
}

/** More than any run takes, so that what has not ended by then never will, in milliseconds. */
const PATIENCE_MS = 30_000
const MAX_CLIENTS = 3
const MAX_DIALS = 5
/** So short that a server ends connections which are in use. */
const MAX_LIMIT_MS = 15
/** Between the seeds of two connections, so that those of one run are not those of the next. */
const SEEDS_APART = 1_000_003

/**
 * Some clients give orders to one drone over a network that does all that networks do. Throws, with the seed, where
 * one of them was told what is not so, or is left without an answer.
 */
export async function flyThroughFaults(seed: number, wire: WireName): Promise<Tally> {
  const random = new SeededRandom(seed)
  const route = (connection: number) => anyRoute(new SeededRandom(seed + SEEDS_APART * connection))
  const limits = () => (random.percent(20) ? random.integer(1, MAX_LIMIT_MS) : 0)
  const timeouts = { handshakeMs: limits(), messageMs: limits(), idleMs: limits() }
  const network = await startNetwork(wire, { seed, route }, { timeouts })
  const { server, drone, proxy, accepted } = network
  const over = new AbortController()
  let lastOrder = 0
  const nextOrder = () => {
    lastOrder++
    return lastOrder
  }
  const fleet = { network, nextOrder, over: over.signal }
  const flights = Array.from({ length: random.integer(1, MAX_CLIENTS) }, () => fly(fleet, random.fork()))
  const drainAt = random.percent(20) ? random.integer(1, 30) : Number.POSITIVE_INFINITY
  const hasEnded = Promise.all(flights)
  const drain = until(() => lastOrder >= drainAt || over.signal.aborted).then(async () => {
    if (!over.signal.aborted) await server.close()
    over.abort()
  })
  const clients = await inTime(seed, 'some request is not settled', hasEnded)
  over.abort()
  await inTime(seed, 'the server does not drain', drain)
  await inTime(
    seed,
    'the server has connections left',
    until(() => accepted.open === 0),
  )
  proxy.close()
  await server.close()
  const faults = faultsOf({ wire, drone, clients, tapped: proxy.connections })
  if (faults.length > 0) throw new Error(`seed ${seed}, ${wire} wire:\n${faults.join('\n')}`)
  const told = clients.flat()
  return {
    requests: told.length,
    acknowledged: told.filter(({ reply }) => reply !== undefined).length,
    connections: proxy.connections.length,
    cut: proxy.connections.filter((connection) => connection.faults.length > 0).length,
  }
}

interface Fleet {
  readonly network: Network
  readonly nextOrder: () => number
  /** When the server is gone for good. */
  readonly over: AbortSignal
}

/** One client gives its orders, in bursts, and ends. */
async function fly({ network, nextOrder, over }: Fleet, random: SeededRandom): Promise<readonly Told[]> {
  let connection = 0
  const reconnect = {
    minDelayMs: 1,
    maxDelayMs: 2,
    // Asked for once after every loss, before there can be another connection.
    random: () => {
      connection++
      return random.next()
    },
  }
  const client = await dial(network, {
    ...(random.percent(30) && { timeoutMs: random.integer(5, 40) }),
    ...(random.percent(60) && { reconnect }),
  })
  if (client === undefined) return []
  const leave = () => client.destroy()
  over.addEventListener('abort', leave)
  const told: Promise<Told>[] = []
  for (let left = random.integer(10, 50); left > 0 && !over.aborted; ) {
    const burst = Math.min(left, random.integer(1, 12))
    left -= burst
    // Now and then without asking whether there is a connection.
    if (!client.connected && random.percent(70)) await client.ready().catch(() => {})
    for (let i = 0; i < burst; i++) {
      const order = { order: nextOrder(), kind: random.pick(KINDS), connection }
      told.push(give(client, order, random.percent(5) ? { signal: soonAborted(random) } : {}))
    }
    if (random.percent(30)) await nextTurn()
    else if (random.percent(40)) await told.at(-1)
  }
  if (random.percent(30)) await Promise.all(told)
  if (random.percent(50)) await client.close()
  else client.destroy()
  await client.closed
  over.removeEventListener('abort', leave)
  return Promise.all(told)
}

async function dial(network: Network, options: Parameters<Network['connect']>[0]) {
  for (let attempt = 0; attempt < MAX_DIALS; attempt++) {
    try {
      return await network.connect(options)
    } catch (error) {
      if (!isRequestError(error)) throw error
    }
  }
  return undefined
}

function soonAborted(random: SeededRandom): AbortSignal {
  if (random.percent(30)) return AbortSignal.abort()
  const abort = new AbortController()
  setImmediate(() => abort.abort())
  return abort.signal
}

async function inTime<T>(seed: number, problem: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`seed ${seed}: ${problem}`)), PATIENCE_MS)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
