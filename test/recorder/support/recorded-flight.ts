import { FLIGHT } from '../../../src/commands/commands.ts'
import { decode } from '../../../src/commands/decode.ts'
import type { AnyHandler, HandlerResult } from '../../../src/commands/define.ts'
import type { Context } from '../../../src/commands/handler.ts'
import { CommandTable, type PreparedCommand } from '../../../src/commands/table.ts'
import { flight } from '../../../src/drone/flight.ts'
import type { SimulatedDrone } from '../../../src/drone/simulated-drone.ts'
import { stateOf } from '../../../src/recorder/drone-state.ts'
import type { Journal } from '../../../src/recorder/journal.ts'
import type { Clock } from '../../../src/time/clock.ts'
import { Failure } from '../../../src/wire/failure.ts'
import { Message } from '../../../src/wire/message.ts'
import { parse } from '../../../src/wire/parse.ts'

const table = new CommandTable(FLIGHT)

/** A drone whose commands are recorded when they are answered, as a server does. */
export class RecordedFlight {
  readonly #journal: Journal
  readonly #drone: SimulatedDrone
  readonly #clock: Clock
  readonly #handlers: ReadonlyMap<string, AnyHandler>
  #order = 0
  #operations = 0
  readonly #abort = new AbortController()

  constructor(journal: Journal, drone: SimulatedDrone, clock: Clock) {
    this.#journal = journal
    this.#drone = drone
    this.#clock = clock
    this.#handlers = new Map(Object.entries(flight(drone, clock)))
  }

  /** Says `MOVE 1 2` or a whole message. */
  say(text: string): void {
    const sent = `${text}\r\n\r\n`
    const bytes = Buffer.from(sent)
    const message = new Message()
    parse(bytes, 0, bytes.length, message)
    const row = table.find(message) as PreparedCommand
    const decoded = decode(row, message)
    if (decoded instanceof Failure) throw new Error(`${text}: ${decoded.code}`)
    const when = { ranMs: this.#clock.now(), order: ++this.#order }
    const answer = (result: HandlerResult) => {
      const decision = result instanceof Failure ? 'refused' : 'ran'
      const reply = `${lines(row, result).join('\r\n')}\r\n\r\n`
      this.#journal.append({ kind: 'command', connection: 1, ...when, message: sent, decision, reply })
    }
    const context = {
      signal: this.#abort.signal,
      session: 1,
      nextOperation: () => ++this.#operations,
    } as unknown as Context
    const result = this.#handlers.get(row.spec.name)?.(decoded.params as never, context)
    if (result instanceof Promise) result.then(answer)
    else answer(result as HandlerResult)
  }

  /** Answers whoever waits still. */
  end(): void {
    this.#abort.abort()
  }

  recordState(): void {
    this.#journal.append({ kind: 'state', state: stateOf(this.#drone) })
  }
}

function lines({ spec }: PreparedCommand, result: HandlerResult): string[] {
  if (!(result instanceof Failure)) return [`OK ${spec.reply.summary}`]
  return [`ERR ${result.code}`, ...Object.entries(result.parts.details ?? {}).map(([key, value]) => `${key}: ${value}`)]
}
