import { setMaxListeners } from 'node:events'
import type { Command } from '../commands/command.ts'
import { withConversation } from '../commands/commands.ts'
import type { AnyCheck, AnyHandler, HandlerResult, ServedCommand } from '../commands/define.ts'
import type { Context } from '../commands/handler.ts'
import { hello } from '../commands/hello.ts'
import { help } from '../commands/help.ts'
import { CommandTable } from '../commands/table.ts'
import { flightChecks } from '../drone/checks.ts'
import type { Drone } from '../drone/drone.ts'
import { BATTERY_FLOOR, type FlightHandlers, flight, flightCommands } from '../drone/flight.ts'
import { Operations } from '../drone/operations.ts'
import { report } from '../drone/report.ts'
import { admission, conversation } from '../session/conversation.ts'
import { StopLane } from '../session/stop-lane.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import { type Span, spanOf } from '../wire/span.ts'
import { Control } from './control.ts'
import { type Brakes, Failsafe } from './failsafe.ts'
import { EventFeed } from './feed.ts'
import { type Authenticator, authenticator, type Credentials } from './identities.ts'
import { Keys } from './keys.ts'
import type { Mask } from './mask.ts'
import { DEFAULTS, type ServerOptions } from './options.ts'
import { Recorder } from './recorder.ts'
import type { RunnerOptions } from './runner-options.ts'

export interface AssemblyOptions
  extends Pick<
    ServerOptions,
    'fence' | 'batteryFloor' | 'control' | 'landAfterMs' | 'wallClock' | 'commands' | 'journal'
  > {
  readonly credentials: Credentials
  readonly mask: Mask
  readonly drone: Drone | undefined
  readonly clock: Clock
  /** Told of events that cannot be told. */
  readonly onBroken: (error: unknown) => void
}

/** What the connections of a server share. */
export interface Assembly {
  readonly table: CommandTable
  readonly feed: EventFeed
  readonly stopLane: StopLane
  readonly runner: RunnerOptions
  /** Tells the drone, if there is one, whatever it is about. */
  readonly brakes: Brakes
  /** Leaves the drone as it is: what waits for it ends. */
  readonly end: () => void
  /** Says who may come from now on. */
  readonly renew: (credentials: Credentials) => void
}

/** Puts together what a server can do, and with what. Throws a TypeError where a command breaks a rule. */
export function assemble({
  credentials,
  mask,
  drone,
  clock,
  onBroken,
  commands,
  fence,
  batteryFloor,
  control = 'shared',
  landAfterMs = DEFAULTS.landAfterMs,
  wallClock = () => new Date(),
  journal,
}: AssemblyOptions): Assembly {
  const recorder = journal === undefined ? undefined : new Recorder({ journal, drone, fence, clock, mask })
  const telemetry = () => (drone === undefined ? {} : report(drone))
  const feed = new EventFeed(clock, wallClock, telemetry, { recorder, onBroken })
  const flown = drone === undefined ? undefined : fly(drone, clock, feed, { fence, batteryFloor })
  const served = commands ?? flown?.commands ?? []
  const table = new CommandTable(withConversation<Command>(served))
  let judge = authenticator(credentials)
  const authenticate: Authenticator = (token, certificate) => judge(token, certificate)
  const talk = conversation({ table, drone: drone?.name, authenticate })
  const all = new Map<string, Pick<ServedCommand, 'handler' | 'check'>>([
    ...Object.entries(talk).map(([name, handler]) => [name, { handler }] as const),
    [hello.name, { handler: talk.HELLO, check: checkOf(admission(authenticate)) }],
    // It does nothing but tell.
    [help.name, { handler: talk.HELP, check: checkOf(talk.HELP) }],
    ...served.map((command) => [command.name, command] as const),
  ])
  const stopLane = new StopLane()
  const lifetime = new AbortController()
  // One for all that waits.
  setMaxListeners(0, lifetime.signal)
  const brakes = brakesOf(flown, stopLane, clock, recorder)
  const failsafe = new Failsafe(brakes, clock, feed, landAfterMs)
  return {
    table,
    feed,
    stopLane,
    brakes,
    end: () => {
      failsafe.calm()
      lifetime.abort()
    },
    renew: (other) => {
      judge = authenticator(other)
    },
    runner: {
      handlers: table.commands.map(({ name }) => all.get(name)?.handler as AnyHandler),
      checks: table.commands.map(({ name }) => all.get(name)?.check),
      control: new Control(control, feed),
      failsafe,
      keys: new Keys(clock),
      adopt: (reply, from, to) => flown?.operations.adopt(from, opOf(reply), to),
      recorder,
      lifetime: lifetime.signal,
    },
  }
}

function fly(drone: Drone, clock: Clock, feed: EventFeed, options: Pick<AssemblyOptions, 'fence' | 'batteryFloor'>) {
  const { fence = {}, batteryFloor = BATTERY_FLOOR } = options
  const operations = new Operations(drone, feed)
  const limits = { fence, batteryFloor, operations }
  const handlers = flight(drone, clock, limits)
  return { handlers, operations, commands: flightCommands(handlers, flightChecks(drone, limits)) }
}

/** What is found to be refused by what changes nothing. */
function checkOf(ask: (params: never, context: Context) => unknown): AnyCheck {
  return (params, context) => {
    const answer = ask(params, context)
    return answer instanceof Failure ? answer : undefined
  }
}

/** Those of a drone, used by no session. What is queued in any of them does not run either. */
function brakesOf(
  flown: { readonly handlers: FlightHandlers; readonly operations: Operations } | undefined,
  stopLane: StopLane,
  clock: Clock,
  recorder: Recorder | undefined,
): Brakes {
  let operations = 0
  const signal = new AbortController().signal
  const context = { signal, session: 0, nextOperation: () => ++operations } as unknown as Context
  const pull = async (message: string, command: () => unknown) => {
    const [ranMs, order] = [clock.now(), recorder?.order() ?? 0]
    let pulled: unknown
    try {
      pulled = command()
    } finally {
      // At once, and not when the drone has answered: what is queued may come to its turn before that.
      stopLane.ran(pulled)
    }
    // What is answered now is recorded now: before the state that it leads to.
    const result = pulled instanceof Promise ? await pulled : pulled
    const reply = result instanceof Failure ? `ERR ${result.code}\r\n` : 'OK\r\n'
    const answered = { message: textSpan(message), reply: textSpan(reply), ranMs, order, outcome: 'answered' } as const
    recorder?.command(0, 'server', answered)
  }
  const land = () => pull('LAND\r\n\r\n', () => flown?.handlers.LAND({ wait: undefined }, context))
  return {
    // One that is landing already is not to stay in the air: told once more, it only goes on.
    hover: () =>
      flown?.operations.current?.command === 'LAND'
        ? land()
        : pull('STOP\r\n\r\n', () => flown?.handlers.STOP({}, context)),
    land,
  }
}

/** The operation that a reply tells of. */
const opOf = (reply: HandlerResult): unknown => (reply instanceof Failure ? undefined : reply['op'])

const textSpan = (text: string): Span => spanOf(Buffer.from(text))
