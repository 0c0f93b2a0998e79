import type { DecodedParams } from '../commands/decode.ts'
import type { AnyHandler, HandlerResult } from '../commands/define.ts'
import type { Context } from '../commands/handler.ts'
import type { PreparedCommand } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import type { ConnectionLog } from './connection-log.ts'

/** Has the commands of one connection carried out, whatever their handlers do. */
export class Runner {
  readonly #handlers: readonly AnyHandler[]
  readonly #context: Context
  readonly #log: ConnectionLog
  readonly #onAnswer: (result: HandlerResult) => void
  /** The promise of the answer that is awaited. */
  #awaited: Promise<HandlerResult> | undefined

  constructor(
    handlers: readonly AnyHandler[],
    context: Context,
    log: ConnectionLog,
    onAnswer: (result: HandlerResult) => void,
  ) {
    this.#handlers = handlers
    this.#context = context
    this.#log = log
    this.#onAnswer = onAnswer
  }

  /** Answers now; or with undefined, and later. */
  run(command: PreparedCommand, params: DecodedParams): HandlerResult | undefined {
    try {
      const handler = this.#handlers[command.index] as AnyHandler
      // What decoding gives is what the row of the command says, and so what its handler takes.
      const result = handler(params as never, this.#context)
      if (result instanceof Promise) return this.#await(command, result)
      return result ?? this.failed(command, new TypeError('No reply was given'))
    } catch (error) {
      return this.failed(command, error)
    }
  }

  /** A handler threw, or gave what no reply can hold. */
  failed(command: PreparedCommand, error: unknown): Failure {
    this.#log.handlerFailed(command.spec.name, error)
    return new Failure('INTERNAL', { reason: `${command.spec.name} failed inside the server` })
  }

  /** An answer that comes when nobody waits for it any more is nobody's. */
  #await(command: PreparedCommand, result: Promise<HandlerResult>): undefined {
    this.#awaited = result
    result
      .catch((error) => this.failed(command, error))
      .then((answer) => {
        if (this.#awaited === result) this.#onAnswer(answer)
      })
  }
}
