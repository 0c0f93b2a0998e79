import { CODES } from '../wire/codes.ts'
import { Failure } from '../wire/failure.ts'
import type { ReplyValues } from '../wire/reply.ts'
import { type Drone, type DroneObserver, NO_OP, type Outcome, type Position } from './drone.ts'
import type { Feed } from './feed.ts'
import { centimetres } from './units.ts'

export type OperationCommand = 'MOVE' | 'TAKEOFF' | 'LAND'

interface Operation {
  /** Among all of the drone. */
  readonly op: number
  readonly command: OperationCommand
}

/** A session, and how far it has come in numbering its operations. */
export interface Asker {
  readonly session: number
  lastOperation: number
}

/** How an operation ended. */
export type Ending = 'ARRIVED' | Failure
export type Watcher = (ending: Ending) => void

const REPLACED = new Failure('CANCELLED', { reason: 'Another operation took its place' })
const STOPPED = new Failure('CANCELLED', { reason: 'The drone was stopped' })

/** Of so many operations it is kept whose they were, and how they ended, for those who ask later. */
const KEPT_OPERATIONS = 1024

/**
 * The operations of one drone, of which there is at most one at a time: a later one takes the place of an earlier,
 * which is then CANCELLED. Who has subscribed is told of every turn, who waits for an operation of its end.
 */
export class Operations implements DroneObserver {
  readonly #drone: Drone
  readonly #feed: Feed
  #lastOp = 0
  /** NO_OP where there is none. No object: of MOVEs in a row each takes the place of the one before. */
  #currentOp = NO_OP
  #currentCommand: OperationCommand = 'MOVE'
  /** Operations up to this one are over, also those that are accepted later: another came behind them, or a stop. */
  #overtakenOp = 0
  #overtakenBy = REPLACED
  /** Of operations that came to their ends before they were known to have been accepted. */
  readonly #endedEarly = new Map<number, Ending>()
  /** Which operation has a place in the arrays that follow. */
  readonly #ops = new Float64Array(KEPT_OPERATIONS)
  readonly #endings: (Ending | undefined)[] = new Array(KEPT_OPERATIONS).fill(undefined)
  /** Sessions number theirs for themselves, so that what one is told hangs on no other. */
  readonly #sessions = new Float64Array(KEPT_OPERATIONS)
  readonly #numbers = new Float64Array(KEPT_OPERATIONS)
  /** The operation that one is but another number of; NO_OP for most. */
  readonly #leaders = new Float64Array(KEPT_OPERATIONS)
  readonly #watchers = new Map<number, Set<Watcher>>()
  readonly #idleWatchers = new Set<Watcher>()

  constructor(drone: Drone, feed: Feed) {
    this.#drone = drone
    this.#feed = feed
    drone.observe(this)
  }

  get current(): Operation | undefined {
    return this.#currentOp === NO_OP ? undefined : { op: this.#currentOp, command: this.#currentCommand }
  }

  /** The last that the drone was asked for. */
  get lastOp(): number {
    return this.#lastOp
  }

  /** The number of an operation that the drone is about to be asked for, and what it is called in its session. */
  next(session: number, number: number): number {
    let op = ++this.#lastOp
    // The one at hand keeps its place, however many are asked for and refused meanwhile.
    if (this.#currentOp !== NO_OP && this.#currentOp === this.#ops[op % KEPT_OPERATIONS]) op = ++this.#lastOp
    const place = op % KEPT_OPERATIONS
    if (this.#endedEarly.size > 0) this.#endedEarly.delete(this.#ops[place] as number)
    this.#ops[place] = op
    this.#sessions[place] = session
    this.#numbers[place] = number
    this.#endings[place] = undefined
    this.#leaders[place] = NO_OP
    return op
  }

  /** The drone has accepted an operation that leads to a place. */
  started(op: number, command: OperationCommand, x: number, y: number, z: number): void {
    const isOvertaken = op <= this.#overtakenOp
    if (!isOvertaken) {
      if (this.#currentOp !== NO_OP) this.#end(this.#currentOp, this.#currentCommand, REPLACED)
      this.#currentOp = op
      this.#currentCommand = command
      this.#overtakenOp = op
      this.#overtakenBy = REPLACED
    }
    if (this.#feed.wants('OPS')) this.#publishStart(op, command, x, y, z)
    if (isOvertaken || this.#endedEarly.size > 0) this.#endLate(op, command, isOvertaken)
  }

  /** An operation ends that had ended, or was overtaken, before it was known that the drone had accepted it. */
  #endLate(op: number, command: OperationCommand, isOvertaken: boolean): void {
    const early = this.#endedEarly.get(op)
    this.#endedEarly.delete(op)
    if (isOvertaken) this.#end(op, command, early ?? this.#overtakenBy)
    else if (early !== undefined) this.#settle(early)
  }

  /** The drone was told to leave off, when it had been asked for operations up to this one. */
  stopped(op: number): void {
    if (op >= this.#overtakenOp) {
      this.#overtakenOp = op
      this.#overtakenBy = STOPPED
    }
    if (this.#currentOp !== NO_OP && this.#currentOp <= op) this.#settle(STOPPED)
  }

  ended(op: number, outcome: Outcome): void {
    if (this.#currentOp === op) this.#settle(outcome ?? 'ARRIVED')
    else if (this.isKnown(op) && this.endingOf(op) === undefined) this.#endedEarly.set(op, outcome ?? 'ARRIVED')
  }

  /**
   * The operation of a session by its number there; or, where the session has not come to that number, the last that has
   * it in any other: who was away asks so how it ended.
   */
  find(session: number, number: number, lastNumber: number): number | undefined {
    return this.#find(number, session) ?? (number > lastNumber ? this.#find(number) : undefined)
  }

  /** The last operation of a number, in one session or in any. */
  #find(number: number, session?: number): number | undefined {
    let found = NO_OP
    for (let place = 0; place < KEPT_OPERATIONS; place++) {
      const op = this.#ops[place] as number
      if (op > found && this.#numbers[place] === number && (session === undefined || this.#sessions[place] === session))
        found = op
    }
    return found === NO_OP ? undefined : this.#leaders[found % KEPT_OPERATIONS] || found
  }

  /** An operation is another session's, too, by a number there. */
  follow(op: number, session: number, number: number): void {
    const follower = this.next(session, number)
    this.#leaders[follower % KEPT_OPERATIONS] = op
  }

  /** The same by the number that it has in its own session, unless one of the other's is under way by that number. */
  adopt(session: number, number: unknown, other: Asker): void {
    if (session === other.session || typeof number !== 'number') return
    const op = this.#find(number, session)
    const own = this.#find(number, other.session)
    if (op === undefined || (own !== undefined && this.endingOf(own) === undefined)) return
    other.lastOperation = Math.max(other.lastOperation, number)
    this.follow(op, other.session, number)
  }

  /** Whether an operation is a session's own. */
  isOf(op: number, session: number): boolean {
    return this.#sessionOf(op) === session
  }

  /** What an operation is called in its session. */
  numberOf(op: number): number {
    return this.#numbers[op % KEPT_OPERATIONS] as number
  }

  #sessionOf(op: number): number {
    return this.#sessions[op % KEPT_OPERATIONS] as number
  }

  linkChanged(state: 'lost' | 'regained'): void {
    if (this.#feed.wants('LINK')) this.#feed.publish('LINK', { state })
  }

  /** The end of an operation, if it has ended; undefined also where there never was one of that number, or long ago. */
  endingOf(op: number): Ending | undefined {
    return this.isKnown(op) ? this.#endings[op % KEPT_OPERATIONS] : undefined
  }

  /** Whether there was an operation of that number, not too long ago. */
  isKnown(op: number): boolean {
    return this.#ops[op % KEPT_OPERATIONS] === op
  }

  /** Calls back once, when an operation ends. Returns how to call that off. */
  watch(op: number, watcher: Watcher): () => void {
    const watchers = this.#watchers.get(op) ?? new Set()
    this.#watchers.set(op, watchers.add(watcher))
    return () => {
      watchers.delete(watcher)
      if (watchers.size === 0) this.#watchers.delete(op)
    }
  }

  /** Calls back once, when an operation ends that no other took the place of. Returns how to call that off. */
  watchIdle(watcher: Watcher): () => void {
    this.#idleWatchers.add(watcher)
    return () => this.#idleWatchers.delete(watcher)
  }

  /** The operation at hand ends, and no other follows. */
  #settle(ending: Ending): void {
    const op = this.#currentOp
    this.#currentOp = NO_OP
    this.#end(op, this.#currentCommand, ending)
    // To copy a set that is empty costs 100 ns.
    if (this.#idleWatchers.size > 0) this.#tellIdle(ending)
  }

  #tellIdle(ending: Ending): void {
    const watchers = [...this.#idleWatchers]
    this.#idleWatchers.clear()
    for (const watcher of watchers) watcher(ending)
  }

  #end(op: number, command: OperationCommand, ending: Ending): void {
    this.#endings[op % KEPT_OPERATIONS] = ending
    if (this.#feed.wants('OPS')) this.#publishEnd(op, command, ending)
    if (this.#watchers.size > 0) this.#tell(op, ending)
  }

  #tell(op: number, ending: Ending): void {
    const watchers = this.#watchers.get(op) ?? []
    this.#watchers.delete(op)
    for (const watcher of watchers) watcher(ending)
  }

  #publishEnd(op: number, command: OperationCommand, ending: Ending): void {
    const { x, y, z } = place(this.#drone.telemetry().position)
    const values = { op: this.numberOf(op), session: this.#sessionOf(op), command, x, y, z }
    if (ending === 'ARRIVED') return this.#feed.publish('ARRIVED', values)
    const { code, parts } = ending
    if (code === 'CANCELLED') return this.#feed.publish('CANCELLED', values)
    this.#feed.publish('FAILED', { ...values, code, reason: parts.reason ?? CODES[code].sentence })
  }

  #publishStart(op: number, command: OperationCommand, x: number, y: number, z: number): void {
    this.#feed.publish('STARTED', { op: this.numberOf(op), session: this.#sessionOf(op), command, x, y, z })
  }
}

/** A place as replies and events tell it. */
export const place = ({ xM, yM, zM }: Position): ReplyValues & Record<'x' | 'y' | 'z', number> => ({
  x: centimetres(xM),
  y: centimetres(yM),
  z: centimetres(zM),
})
