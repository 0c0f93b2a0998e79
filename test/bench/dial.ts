import { readFileSync } from 'node:fs'
import { connect as connectTcp, type Socket, type TcpSocketConnectOpts } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** Where a process finds a server, and what they say to each other; bytes as latin1 strings. */
export interface Target {
  readonly pid: number
  readonly port: number
  readonly login: string
  readonly request: string
  readonly reply: string
  readonly authority?: string
}

/** The most that is read at once, in bytes. */
export const READ_BYTES = 256 * 1024
/** So many connections are being opened at a time: no server is to take them for a flood. */
const OPENING = 20

/** All connections read into it, one at a time: without a buffer for each read the load costs half as much. */
const received = Buffer.allocUnsafeSlow(READ_BYTES)

export interface Opened {
  readonly socket: Socket
  /** What is to be done with each read from now on; the bytes are gone after it. */
  onRead: (bytes: Buffer, length: number) => void
}

/** Opens connections that have logged in and had one request answered. */
export async function openAll(target: Target, count: number): Promise<readonly Opened[]> {
  const opened: Opened[] = []
  while (opened.length < count) {
    const batch = Math.min(OPENING, count - opened.length)
    opened.push(...(await Promise.all(Array.from({ length: batch }, () => open(target)))))
  }
  return opened
}

function open(target: Target): Promise<Opened> {
  return new Promise((resolve, reject) => {
    // Behind a number that is not known before.
    const reply = Buffer.from(target.reply.split('#').at(-1) ?? '', 'latin1')
    let before = Buffer.alloc(0)
    const onRead = (bytes: Buffer, length: number) => {
      before = Buffer.concat([before, bytes.subarray(0, length)])
      if (before.subarray(-reply.length).equals(reply)) resolve(opened)
    }
    const socket = connect(target, (length) => opened.onRead(received, length))
    const opened: Opened = { socket, onRead }
    socket.on('error', reject)
    socket.on('close', () =>
      reject(new Error(`The server has closed a connection, after: ${before.toString('latin1')}`)),
    )
    socket.write(target.login + target.request, 'latin1')
  })
}

function connect({ port, authority }: Target, onRead: (length: number) => void): Socket {
  const options: TcpSocketConnectOpts = {
    host: '127.0.0.1',
    port,
    noDelay: true,
    onread: {
      buffer: received,
      callback: (length) => {
        onRead(length)
        return true
      },
    },
  }
  return authority === undefined ? connectTcp(options) : connectTls({ ...options, ca: readFileSync(authority) })
}
