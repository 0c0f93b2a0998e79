import type { Socket } from 'node:net'
import type { Clock } from '../time/clock.ts'

/** How long what still comes in is read and thrown away after our FIN, in milliseconds (R3). */
const LINGER_MS = 1000
/** How long a peer may take to take its last replies, in milliseconds. */
const LAST_REPLIES_MS = 10_000

/**
 * Ends a connection so that the peer gets all that was written: FIN after the last byte, and then what it still sends
 * is thrown away for a while, because to close on unread input is to reset the connection, replies and all (R3).
 * `onLate` is shown it before.
 */
export function farewell(socket: Socket, clock: Clock, onLate: (chunk: Uint8Array) => void = () => {}): void {
  let callOff = clock.after(LAST_REPLIES_MS, () => socket.destroy())
  socket.once('close', () => callOff())
  socket.once('finish', () => {
    callOff()
    callOff = clock.after(LINGER_MS, () => socket.destroy())
  })
  socket.removeAllListeners('data')
  socket.on('data', onLate)
  socket.resume()
  socket.end()
}

/** Ends a connection with what the peer takes at once, for one of many that nothing is to be spent on. */
export function shortFarewell(socket: Socket): void {
  socket.removeAllListeners('data')
  socket.once('finish', () => socket.destroy())
  socket.end()
  if (socket.writableLength > 0) socket.destroy()
}
