import { COMMANDS } from '../../src/commands/commands.ts'
import type { Topic } from '../../src/commands/events.ts'
import type { DecodedParams } from '../../src/commands/table.ts'
import { CommandTable, type PreparedCommand } from '../../src/commands/table.ts'
import { flightChecks } from '../../src/drone/checks.ts'
import type { Fence } from '../../src/drone/fence.ts'
import { BATTERY_FLOOR, flight } from '../../src/drone/flight.ts'
import { Operations } from '../../src/drone/operations.ts'
import { report } from '../../src/drone/report.ts'
import { SimulatedDrone, type SimulatedDroneOptions } from '../../src/drone/simulated-drone.ts'
import { EventFeed } from '../../src/server/feed.ts'
import type { Batch } from '../../src/server/feed-event.ts'
import { authenticator, sharedBy } from '../../src/server/identities.ts'
import { contentOf, Keys, keyConflict } from '../../src/server/keys.ts'
import { conversation } from '../../src/session/conversation.ts'
import { greeting } from '../../src/session/greeting.ts'
import type { Progress, SessionHost } from '../../src/session/host.ts'
import { Replayed } from '../../src/session/replayed.ts'
import { Session } from '../../src/session/session.ts'
import { Workbench } from '../../src/session/workbench.ts'
import { Failure } from '../../src/wire/failure.ts'
import type { ReplyValues } from '../../src/wire/reply.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { createWire } from '../../src/wire/wires.ts'
import { TickingClock } from './fake-clock.ts'
import { QUIET_HOST } from './quiet-host.ts'

export interface PlayOptions {
  readonly token?: string
  readonly strictCrlf?: boolean
  readonly wire?: WireName
  readonly drone?: SimulatedDroneOptions
  readonly fence?: Fence
}

type Execute = (params: unknown, context: unknown) => ReplyValues | Failure | Promise<ReplyValues | Failure>

const TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }
/** What events tell of the time of day. */
export const wallClock = () => new Date('2026-01-02T03:04:05.678Z')

/** What a session with a drone answers to chunks of input and its end: the protocol without a socket or a real clock. */
export async function play(
  chunks: readonly Uint8Array[],
  { token, strictCrlf = false, wire = 'text', drone: of = {}, fence }: PlayOptions = {},
): Promise<Buffer> {
  const clock = new TickingClock()
  const table = new CommandTable(COMMANDS)
  const workbench = new Workbench(table)
  const drone = new SimulatedDrone(clock, of)
  const auth = token === undefined ? 'none' : 'token'
  const spoken = createWire(wire, { strictCrlf, auth })
  const feed = new EventFeed(clock, wallClock, () => report(drone))
  const operations = new Operations(drone, feed)
  const keys = new Keys(clock)
  const checks = flightChecks(drone, { fence: fence ?? {}, batteryFloor: BATTERY_FLOOR, operations })
  const handlers: Record<string, unknown> = {
    ...conversation({ table, drone: drone.name, authenticate: authenticator(sharedBy(token)) }),
    ...flight(drone, clock, { fence, operations }),
  }
  const sent: Uint8Array[] = []
  const listener = { deliver: (batch: Batch) => void sent.push(batch.encode(spoken, 0)) }
  let operationCount = 0
  const context = {
    signal: new AbortController().signal,
    session: 1,
    nextOperation: () => ++operationCount,
    welcome: () => {},
    control: 'shared',
    acquire: () => undefined,
    release: () => {},
    refusalToAcquire: () => undefined,
    subscribe: (topic: Topic, rateHz: number) => feed.subscribe(listener, topic, rateHz),
    unsubscribe: (topic?: Topic) => feed.unsubscribe(listener, topic === undefined ? undefined : [topic]),
  }
  let progress = 'starved' as Progress
  let wake = () => {}
  const execute = (command: PreparedCommand, params: DecodedParams, ticket: number) => {
    const result = (handlers[command.spec.name] as Execute)(params, context)
    if (!(result instanceof Promise)) return result
    result.then((answer) => {
      session.settle(ticket, answer, 0)
      if (progress === 'awaiting') pump(session.advance(0))
      wake()
    })
    return undefined
  }
  const once = (command: PreparedCommand, params: DecodedParams, ticket: number, key: string) => {
    const content = contentOf(command, params)
    const before = keys.find('', key)
    if (before?.result !== undefined) return before.content === content ? new Replayed(before.result) : keyConflict()
    const result = execute(command, params, ticket)
    if (result !== undefined) keys.settle('', key, keys.keep('', key, content, 1), result)
    return result
  }
  const host: SessionHost = {
    ...QUIET_HOST,
    execute: (command, params, ticket, key) =>
      key === undefined ? execute(command, params, ticket) : once(command, params, ticket, key),
    check: (command, params) => {
      const check: unknown = checks[command.spec.name as keyof typeof checks]
      if (check !== undefined)
        return (check as (params: unknown, context: unknown) => Failure | undefined)(params, context)
      const result = command.spec.name === 'HELP' ? execute(command, params, 0) : undefined
      return result instanceof Failure ? result : undefined
    },
  }
  const session = new Session(
    {
      greeting: greeting('skyline/0.1.0', auth, spoken),
      wire: spoken,
      timeouts: TIMEOUTS,
    },
    host,
    workbench,
    0,
  )
  const pump = (reached: Progress): void => {
    progress = reached
    for (;;) {
      sent.push(new Uint8Array(workbench.output.take()))
      if (progress !== 'full') break
      progress = session.advance(0)
    }
    if (progress === 'awaiting') session.lookAhead()
  }
  for (const chunk of chunks) {
    if (progress === 'awaiting') session.receiveAhead(chunk, 0)
    else if (progress === 'starved') pump(session.receive(chunk, 0))
  }
  session.finish()
  if (progress === 'starved') pump(session.advance(0))
  while (progress === 'awaiting') {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
  feed.unsubscribe(listener)
  return Buffer.concat(sent)
}
