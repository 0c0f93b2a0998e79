import { type ChildProcess, spawn } from 'node:child_process'
import type net from 'node:net'
import type tls from 'node:tls'
import { onTestFinished } from 'vitest'

/** What a function has that runs in a process of its own. */
export interface Tools {
  readonly net: typeof net
  readonly tls: typeof tls
  /** Tells those who started it that what they wait for is the case. */
  readonly ready: () => void
  /** Resolves when it is told to stop. */
  readonly stopped: Promise<void>
}

export interface Apart<Result> {
  readonly ready: Promise<void>
  /** Rejects where the process ends without one. */
  readonly result: Promise<Result>
  /** Tells it to stop, and resolves to its result. */
  stop(): Promise<Result>
}

/**
 * Runs a function in a process of its own, so that the load it makes disturbs neither the clock of the test nor its
 * file descriptors. It is handed over as text: it may use nothing but what it is given.
 */
export function apart<Options, Result>(
  work: (tools: Tools, options: Options) => Promise<Result>,
  options: Options,
): Apart<Result> {
  const child = spawn(process.execPath, ['-e', source(work), JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const result = new Promise<Result>((resolve, reject) => {
    child.on('message', (message: 'ready' | { readonly result: Result }) => {
      if (message !== 'ready') resolve(message.result)
    })
    child.on('exit', () => reject(new Error('the process ended without a result')))
  })
  result.catch(() => {})
  return {
    ready: Promise.race([told(child), result.then(() => {})]),
    result,
    stop: () => {
      child.send('stop')
      return result
    },
  }
}

const told = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.on('message', (message) => {
      if (message === 'ready') resolve()
    })
  })

const source = (work: unknown): string => `
const tools = {
  net: require('node:net'),
  tls: require('node:tls'),
  ready: () => process.send('ready'),
  stopped: new Promise((resolve) => process.once('message', resolve)),
}
process.on('disconnect', () => process.exit(1));
(${String(work)})(tools, JSON.parse(process.argv[1])).then((result) =>
  process.send({ result: result ?? null }, () => process.exit(0)),
)`
