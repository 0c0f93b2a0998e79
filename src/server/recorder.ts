import type { Drone } from '../drone/drone.ts'
import type { Fence } from '../drone/fence.ts'
import { SimulatedDrone } from '../drone/simulated-drone.ts'
import type { Journal } from '../recorder/journal.ts'
import { PLACE_MS, StateWatch } from '../recorder/state-watch.ts'
import type { Answered } from '../session/host.ts'
import type { Clock } from '../time/clock.ts'
import type { Span } from '../wire/span.ts'
import type { Mask } from './mask.ts'

export interface RecorderOptions {
  readonly journal: Journal
  readonly drone: Drone | undefined
  readonly fence: Fence | undefined
  readonly clock: Clock
  readonly mask: Mask
}

const NO_FENCE: Fence = {}
/** So much of one turn of the event loop is written at once, in bytes. */
const MAX_TURN_BYTES = 256 * 1024

/** Whoever holds back bytes until what they tell is written. */
export interface Holder {
  written(): void
}

/**
 * The flight recorder of a server: what it is told of commands and events is written before any reply leaves. That of
 * one turn of the event loop is written at once, for all connections.
 */
export class Recorder {
  readonly #options: RecorderOptions
  /** Something is to be written. */
  #isBehind = false
  /** So much is to be written that the end of the turn is not waited for. */
  #isHurried = false
  #holders: Holder[] = []
  /** A real drone says itself where it is. And when the record ends nothing more is looked at. */
  #watch: StateWatch | undefined
  /** While the drone is on its way, which it is looked at again for: it may be that nobody speaks meanwhile. */
  #callOffLook: (() => void) | undefined
  #lastOrder = 0
  /** Those that are known of. */
  #losses = 0

  constructor(options: RecorderOptions) {
    const { drone, fence = NO_FENCE, clock } = options
    this.#options = options
    this.#watch = drone instanceof SimulatedDrone ? new StateWatch(drone, fence, clock) : undefined
  }

  /** Whether it can write. Where it could not, that is tried anew once its time has come. */
  canWrite(): boolean {
    const { journal } = this.#options
    if (!journal.available) journal.commit()
    return journal.available
  }

  /** Whether something is yet to be written before more may leave. */
  get isBehind(): boolean {
    return this.#isBehind
  }

  /** Tells a holder when all that has happened by now is written. */
  tell(holder: Holder): void {
    this.#holders.push(holder)
  }

  /** Numbers what runs. */
  order(): number {
    return ++this.#lastOrder
  }

  /** A message of some connection, 0 where it is the server's own doing. */
  command(
    connection: number,
    identity: string,
    { message: said, reply: answer, ranMs, order, outcome }: Answered,
  ): void {
    const { mask, journal } = this.#options
    const decision = outcome === 'answered' ? decisionOf(answer) : outcome
    const [message, reply] = [mask.span(said), mask.span(answer)]
    journal.append({ kind: 'command', connection, identity, ranMs, order, message, decision, reply })
    this.#fellBehind()
  }

  /** An event as the text wire has it. */
  event(event: Span): void {
    this.#options.journal.append({ kind: 'event', event })
    this.#fellBehind()
  }

  /** Writes what it was told, and what has come of it. */
  commit(): void {
    if (this.#isBehind) this.#commit()
  }

  #commit(isLast = false): void {
    this.#isBehind = this.#isHurried = false
    const { journal } = this.#options
    const state = this.#watch?.news(isLast)
    if (state !== undefined) journal.append({ kind: 'state', state })
    journal.commit()
    if (this.#callOffLook === undefined && this.#watch?.isMoving === true) this.#lookLater()
    if (journal.losses !== this.#losses) this.#lost(journal.losses)
    const holders = this.#holders
    this.#holders = []
    for (const holder of holders) holder.written()
  }

  #lookLater(): void {
    this.#callOffLook = this.#options.clock.after(PLACE_MS, () => {
      this.#callOffLook = undefined
      this.#commit()
    })
  }

  /** What lines that are lost have told of the drone is told once more. */
  #lost(losses: number): void {
    this.#losses = losses
    this.#watch?.forget()
    this.#fellBehind()
  }

  #fellBehind(): void {
    if (!this.#isBehind) setImmediate(() => this.commit())
    this.#isBehind = true
    if (this.#isHurried || this.#options.journal.waitingBytes <= MAX_TURN_BYTES) return
    // Not here: those who are told go on, and somebody is at work.
    this.#isHurried = true
    process.nextTick(() => this.commit())
  }

  start(server: string): void {
    this.#options.journal.append({ kind: 'start', server })
    this.#fellBehind()
    this.commit()
  }

  stop(server: string): void {
    this.#commit(true)
    this.#callOffLook?.()
    this.#watch = undefined
    this.#options.journal.append({ kind: 'stop', server })
    this.#options.journal.close()
  }
}

/** The replies that tell of something else than a mistake, or of a command that was run. */
const TOLD = [
  ['OK CHECKED\r\n', 'checked'],
  ['ERR CANCELLED\r\n', 'cancelled'],
  ['ERR EXPIRED\r\n', 'expired'],
  // What the end of the session has cut short has begun.
  ['ERR SHUTTING_DOWN\r\n', 'ran'],
  ['ERR ', 'refused'],
].map(([start = '', decision = '']) => ({ start: Buffer.from(start), decision }))

/** What became of a command, by its reply. */
function decisionOf(reply: Span): string {
  for (const { start, decision } of TOLD) if (startsWith(reply, start)) return decision
  return 'ran'
}

function startsWith({ bytes, start, end }: Span, begin: Uint8Array): boolean {
  if (end - start < begin.length) return false
  for (let i = 0; i < begin.length; i++) if (bytes[start + i] !== begin[i]) return false
  return true
}
