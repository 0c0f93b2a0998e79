import type { ServerOptions } from './server/options.ts'
import { Server } from './server/server.ts'

export { type Client, type ConnectOptions, connect, type Methods } from './client/client.ts'
export { isRequestError, type RequestError } from './client/error.ts'
export type { EventStream } from './client/event-stream.ts'
export type { TopicEvent } from './client/events.ts'
export type { Arrival } from './client/operation.ts'
export type { WaitOptions } from './client/outstanding.ts'
export type { ReconnectOptions } from './client/reconnect.ts'
export type { SubscribeOptions } from './client/subscriptions.ts'
export type { WireReply } from './client/wire-reply.ts'
export type { Command, Parameter, ReplyHeader } from './commands/command.ts'
export { type DefinedCommand, defineCommand, type ServedCommand } from './commands/define.ts'
export type { Topic } from './commands/events.ts'
export type { Context, Handler, Reply } from './commands/handler.ts'
export type {
  Capability,
  Color,
  Drone,
  DroneObserver,
  FlightState,
  Outcome,
  Position,
  Target,
  Telemetry,
} from './drone/drone.ts'
export type { Fence } from './drone/fence.ts'
export { SimulatedDrone, type SimulatedDroneOptions } from './drone/simulated-drone.ts'
export { restoredDrone } from './recorder/drone-state.ts'
export { Journal, type JournalOptions } from './recorder/journal.ts'
export type { Address, Place } from './server/address.ts'
export type { ControlMode } from './server/control.ts'
export { type Credentials, createEntry, readCredentials, type TokenEntry } from './server/identities.ts'
export type { ListenOptions, ServerOptions } from './server/options.ts'
export type { Server } from './server/server.ts'
export type { TlsOptions } from './server/tls.ts'
export type { Timeouts } from './session/deadlines.ts'
export { type Clock, systemClock } from './time/clock.ts'
export { CODES, type Code } from './wire/codes.ts'
export { Failure, type FailureParts } from './wire/failure.ts'
export type { WireName } from './wire/wire.ts'

/** A server, which `listen` starts. Throws a TypeError where an option or a command of its own breaks a rule. */
export const createServer = (options?: ServerOptions): Server => new Server(options)
