import type { Socket } from 'node:net'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import { Output } from '../wire/output.ts'
import type { Wire } from '../wire/wire.ts'
import { farewell } from './farewell.ts'

/** Ends a connection with BUSY in place of the greeting (R8). */
export function turnAway(socket: Socket, wire: Wire, clock: Clock, hint: string): void {
  const output = new Output()
  wire.writeFailure(output, new Failure('BUSY', { hint }), undefined)
  socket.on('error', () => {})
  socket.write(output.take())
  farewell(socket, clock)
}
