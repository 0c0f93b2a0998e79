import type { AnyHandler } from '../commands/define.ts'
import type { Context } from '../commands/handler.ts'
import { flight } from '../drone/flight.ts'
import { report } from '../drone/report.ts'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import { Failure } from '../wire/failure.ts'
import { differencesOf, restoredDrone, type State, stateOf } from './drone-state.ts'
import { inTheirOrder, type Order, orderOf } from './order.ts'
import { readJournal } from './read-journal.ts'
import type { JournalRecord } from './record.ts'
import { VirtualClock } from './virtual-clock.ts'

export interface Replay {
  /** How many commands the drone was given. */
  readonly commands: number
  /** Those that it took when they were recorded, and not now. */
  readonly refused: readonly { readonly seq: number; readonly command: string; readonly code: string }[]
  /** When the last start was, on the wall clock. */
  readonly since: string | undefined
  /** How the drone is in the end, as STATUS tells it. */
  readonly end: ReturnType<typeof report>
  /** How it was when its state was recorded the last time. */
  readonly compared?: {
    /** Of the record. */
    readonly seq: number
    readonly state: State
    readonly recorded: State
    /** What is not the same. */
    readonly differences: readonly string[]
  }
}

/** What the journal has of the time since the last start. */
interface Flight {
  startMs: number
  readonly since: string | undefined
  /** How the drone was then. */
  base: State | undefined
  readonly orders: Order[]
  /** What was recorded when it began: of that the record of its end tells nothing new. */
  readonly begun: Set<Order['order']>
  last: { readonly seq: number; readonly monoMs: number; readonly state: State } | undefined
  endMs: number
}

/**
 * Has a new drone do once more what the journal says was done since the last start. Throws where a line since then is no
 * record.
 */
export function replay(folder: string): Replay {
  const { startMs, since, base, orders, last, endMs } = readFlight(folder)
  const clock = new VirtualClock(startMs)
  const drone = base === undefined ? new SimulatedDrone(clock) : restoredDrone(clock, base)
  const tell = teller(drone, clock)
  const refused: { seq: number; command: string; code: string }[] = []
  const run = (order: Order) => {
    clock.goTo(order.ranMs)
    const code = tell(order)
    if (code !== undefined) refused.push({ seq: order.seq, command: order.command, code })
  }
  orders.sort(inTheirOrder)
  const isBefore = ({ ranMs, seq }: Order) =>
    last === undefined || ranMs < last.monoMs || (ranMs === last.monoMs && seq < last.seq)
  for (const order of orders) if (isBefore(order)) run(order)
  let compared: Replay['compared']
  if (last !== undefined) {
    clock.goTo(last.monoMs)
    const state = stateOf(drone)
    compared = { seq: last.seq, state, recorded: last.state, differences: differencesOf(state, last.state) }
  }
  for (const order of orders) if (!isBefore(order)) run(order)
  clock.goTo(endMs)
  const end = report(drone)
  return { commands: orders.length, refused, since, end, ...(compared === undefined ? {} : { compared }) }
}

/** Of the commands only those are kept that told the drone something. */
function readFlight(folder: string): Flight {
  let flight: Flight | undefined
  /** The state that comes next is where it goes on from; behind a loss, whatever comes before that. */
  let isBehindStart = false
  let isBehindLoss = false
  let lastSeq = 0
  let damage: string | undefined
  for (const { file, line, isWhole, record } of readJournal(folder)) {
    if (!isWhole) break
    if (record === undefined) {
      damage ??= `${file}:${line} is no record`
      lastSeq++
      continue
    }
    const { seq, mono, entry } = record
    if (entry.kind === 'start') damage = undefined
    if (entry.kind === 'start' || flight === undefined) flight = flightFrom(record)
    if (entry.kind === 'lost' || seq !== lastSeq + 1) isBehindLoss = true
    lastSeq = seq
    flight.endMs = mono
    if (entry.kind === 'state') {
      flight.last = { seq, monoMs: mono, state: entry.state }
      if (isBehindStart || isBehindLoss) {
        flight.base = entry.state
        flight.startMs = mono
        flight.orders.length = 0
      }
      isBehindLoss = false
    }
    if (entry.kind === 'command') {
      const order = orderOf(seq, entry)
      if (order !== undefined && !flight.begun.has(order.order)) flight.orders.push(order)
      if (order !== undefined && entry.decision === 'begun') flight.begun.add(order.order)
    }
    isBehindStart = entry.kind === 'start'
  }
  if (damage !== undefined) throw Object.assign(new Error(damage), { code: 'BAD_JOURNAL' })
  return (
    flight ?? { startMs: 0, since: undefined, base: undefined, orders: [], begun: new Set(), last: undefined, endMs: 0 }
  )
}

const flightFrom = ({ mono, time }: JournalRecord): Flight => ({
  startMs: mono,
  since: time,
  base: undefined,
  orders: [],
  begun: new Set(),
  last: undefined,
  endMs: mono,
})

/** Tells a drone what it was told, and why it does not do it. */
function teller(drone: SimulatedDrone, clock: VirtualClock): (order: Order) => string | undefined {
  // What was recorded had passed the fence; and the battery, which may have been charged meanwhile.
  const handlers = new Map<string, AnyHandler>(Object.entries(flight(drone, clock, { batteryFloor: 0 })))
  // Of these commands none asks for more: they do not wait.
  let operations = 0
  const signal = new AbortController().signal
  const context = { signal, session: 0, nextOperation: () => ++operations } as unknown as Context
  return ({ command, params }) => {
    const answer = handlers.get(command)?.(params as never, context)
    return answer instanceof Failure ? answer.code : undefined
  }
}
