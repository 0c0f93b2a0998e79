import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import type { Address } from '../../src/server/address.ts'
import { until } from './until.ts'

export const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Program {
  readonly child: ChildProcess
  /** What it has written to standard error so far. */
  readonly stderr: string
  readonly exit: Promise<Exit>
}

/** Starts the built program, with no token in its environment but one that is given. */
export function runSkyline(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: npm run build first`)
  const { SKYLINE_TOKEN: _, ...inherited } = process.env
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text
    })
  }
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    child,
    get stderr() {
      return texts.stderr
    },
    exit: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolve({ code, signal, ...texts }))
    }),
  }
}

/** Starts the built program's server on a free port, and waits until it listens. */
export async function serveSkyline(
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly program: Program; readonly address: Address }> {
  const program = runSkyline(['serve', '--listen', '127.0.0.1:0', '--log-format', 'json', ...args], environment)
  const listening = () => /^.*"msg":"listening on .*$/m.exec(program.stderr)?.[0]
  await until(() => listening() !== undefined || program.child.exitCode !== null)
  const line = listening()
  if (line === undefined) throw new Error(`it does not listen: ${program.stderr}`)
  const { host, port } = JSON.parse(line) as Address
  return { program, address: { host, port } }
}
