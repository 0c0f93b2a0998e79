import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Where Node tells of every socket that a server of this process accepts. */
const ACCEPTED = 'net.server.socket'

/** Counts the sockets that whoever listens on a port has accepted, whatever it says of them itself. */
export function watchAccepted(port: number): { readonly open: number; readonly total: number } {
  const open = new Set<Socket>()
  let total = 0
  const watch = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    if (socket.localPort !== port) return
    total++
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  }
  subscribe(ACCEPTED, watch)
  onTestFinished(() => void unsubscribe(ACCEPTED, watch))
  return {
    get open() {
      return open.size
    },
    get total() {
      return total
    },
  }
}
