import type { Socket } from 'node:net'
import type { Clock } from '../time/clock.ts'
import type { Failure } from '../wire/failure.ts'
import { Output } from '../wire/output.ts'
import type { Wire } from '../wire/wire.ts'
import { farewell, shortFarewell } from './farewell.ts'

/** What one error takes, in bytes, as a rule. */
const LAST_WORD_BYTES = 256
/** So many are given the time to take their reply; of a flood of more, each takes it at once or not at all. */
const MAX_LEAVING = 32

let leaving = 0

/** Ends a connection with an error in place of the greeting (R8). */
export function turnAway(socket: Socket, wire: Wire, clock: Clock, failure: Failure): void {
  const output = new Output(LAST_WORD_BYTES)
  wire.writeFailure(output, failure, undefined)
  socket.on('error', () => {})
  socket.write(output.take())
  if (leaving >= MAX_LEAVING) return shortFarewell(socket)
  leaving++
  socket.once('close', () => leaving--)
  farewell(socket, clock)
}
