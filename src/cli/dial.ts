import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Address, formatAddress } from '../server/address.ts'
import { EXIT, type ExitCode } from './program.ts'

interface DialOptions {
  readonly signal?: AbortSignal
  /** How long nothing may come or go, in milliseconds, before the connection is given up; 0 is for ever. */
  readonly timeoutMs?: number
}

/** Connects; each side may end its half by itself. Rejects where that cannot be done. */
export async function dial(address: Address, { signal, timeoutMs = 0 }: DialOptions = {}): Promise<Socket> {
  const socket = connect({ ...address, noDelay: true, allowHalfOpen: true })
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`nothing came or went for ${timeoutMs} ms`)))
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/** Says why there is no connection. */
export function noConnection(address: Address, error: unknown): ExitCode {
  process.stderr.write(`skyline: no connection to ${formatAddress(address)}: ${describe(error as Error)}\n`)
  return EXIT.noConnection
}

/** Where all addresses of a host were tried in vain, Node's error has a code, but no message. */
const describe = ({ message, code }: NodeJS.ErrnoException): string => (message === '' ? String(code) : message)
