import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { flight } from '../../src/drone/flight.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { authenticator } from '../../src/server/token.ts'
import { conversation } from '../../src/session/conversation.ts'
import { greeting } from '../../src/session/greeting.ts'
import type { Progress, SessionHost } from '../../src/session/host.ts'
import { Session } from '../../src/session/session.ts'
import type { Failure } from '../../src/wire/failure.ts'
import { Message } from '../../src/wire/message.ts'
import { Output } from '../../src/wire/output.ts'
import type { ReplyValues } from '../../src/wire/reply.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { createWire } from '../../src/wire/wires.ts'
import { TickingClock } from './fake-clock.ts'

export interface PlayOptions {
  readonly token?: string
  readonly strictCrlf?: boolean
  readonly wire?: WireName
}

type Execute = (params: unknown, context: unknown) => ReplyValues | Failure | Promise<ReplyValues | Failure>

/** What a session with a drone answers to chunks of input and its end: the protocol without a socket or a real clock. */
export async function play(
  chunks: readonly Uint8Array[],
  { token, strictCrlf = false, wire = 'text' }: PlayOptions = {},
): Promise<Buffer> {
  const clock = new TickingClock()
  const table = new CommandTable(COMMANDS)
  const drone = new SimulatedDrone(clock)
  const handlers: Record<string, unknown> = {
    ...conversation({ table, drone: drone.name, authenticate: authenticator(token) }),
    ...flight(drone, clock),
  }
  const output = new Output()
  const sent: Uint8Array[] = []
  let later: Promise<ReplyValues | Failure> | undefined
  const host: SessionHost = {
    execute: (command, params) => {
      const context = { signal: new AbortController().signal, identify: () => {} }
      const result = (handlers[command.spec.name] as Execute)(params, context)
      if (!(result instanceof Promise)) return result
      later = result
      return undefined
    },
    broken: (_command, error) => {
      throw error
    },
    greeted: () => {},
    refused: () => {},
    strange: () => {},
  }
  const timeouts = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }
  const auth = token === undefined ? 'none' : 'token'
  const spoken = createWire(wire, { strictCrlf, auth })
  const session = new Session(
    { table, greeting: greeting('skyline/0.1.0', auth, spoken), wire: spoken, timeouts },
    host,
    { output, message: new Message() },
    0,
  )
  const until = async (first: Progress): Promise<Progress> => {
    let progress = first
    for (;;) {
      sent.push(new Uint8Array(output.take()))
      if (progress === 'awaiting' && later !== undefined) session.settle(await later, 0)
      else if (progress !== 'full') return progress
      progress = session.advance(0)
    }
  }
  for (const chunk of chunks) if ((await until(session.receive(chunk, 0))) === 'closed') return Buffer.concat(sent)
  await until(session.finish(0))
  return Buffer.concat(sent)
}
