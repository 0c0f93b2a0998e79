import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Address } from '../../../src/server/address.ts'

const MAIN = new URL('../../../dist/cli/main.js', import.meta.url).pathname
const TRY_AGAIN_MS = 10

export interface SpawnOptions {
  readonly args?: readonly string[]
  /** Where the log goes: a file descriptor; nowhere, if left out. */
  readonly stderr?: number
  /** How many files it may have open. */
  readonly maxOpenFiles?: number
  /** Where to listen: a free port, if left out. */
  readonly port?: number
  /** What stands before the address: `tls://`, say. */
  readonly scheme?: string
}

export interface Spawned {
  readonly child: ChildProcess
  readonly address: Address
  readonly exit: Promise<number | null>
}

/** Starts the built server where its log is not read by us, or its limits are not ours, and waits until it answers. */
export async function spawnServer({
  args = [],
  stderr,
  maxOpenFiles,
  port,
  scheme = '',
}: SpawnOptions = {}): Promise<Spawned> {
  const address = { host: '127.0.0.1', port: port ?? (await freePort()) }
  const command = [process.execPath, MAIN, 'serve', '--listen', `${scheme}127.0.0.1:${address.port}`, ...args]
  const limit = maxOpenFiles === undefined ? [] : ['sh', '-c', `ulimit -n ${maxOpenFiles}; exec "$@"`, 'sh']
  const [program = '', ...rest] = [...limit, ...command]
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', stderr ?? 'ignore'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  let isGone = false
  void exit.then(() => {
    isGone = true
  })
  while (!(await answers(address))) {
    if (isGone) throw new Error('the server is gone before it has answered')
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
  }
  return { child, address, exit }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Whether anybody greets at an address. */
export function answers(address: Address): Promise<boolean> {
  const socket = connect(address)
  return new Promise((resolve) => {
    socket.once('data', () => {
      resolve(true)
      socket.end()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
}
