import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

/** The core that a process is to have for itself. */
export type Core = 'server' | 'load'

const CORES: Readonly<Record<Core, string>> = { server: '0', load: '1' }
/** A process that says nothing for so long is ended, in milliseconds, beyond what its task takes. */
const GRACE_MS = 60_000
const MS_PER_S = 1000

/** Whether processes can be bound to cores: there are two, and taskset to do it. */
export const IS_PINNED =
  availableParallelism() > 1 &&
  Object.values(CORES).every((core) => spawnSync('taskset', ['-c', core, 'true']).status === 0)

const { SKYLINE_TOKEN: _, ...environment } = process.env
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

export interface Spawned {
  readonly child: ChildProcess
  readonly pid: number
  /** The last that it wrote to standard error. */
  readonly stderr: string
}

/** Most that is kept of what a process wrote to standard error, in characters. */
const KEPT_TEXT = 2000

/** Starts Node on a core. What it prints goes to `onOutput`. */
export function spawnNode(core: Core, args: readonly string[], onOutput: (text: string) => void = () => {}): Spawned {
  const command = [...(IS_PINNED ? ['taskset', '-c', CORES[core]] : []), process.execPath, ...args]
  const child = spawn(command[0] as string, command.slice(1), { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('close', () => running.delete(child))
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', onOutput)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_TEXT)
  })
  return {
    child,
    // taskset becomes what it starts.
    pid: child.pid as number,
    get stderr() {
      return stderr
    },
  }
}

/** Runs one of the bench's own programs to its end; resolves to what it printed as JSON. */
export async function runProgram<T>(core: Core, args: readonly string[], seconds: number): Promise<T> {
  let output = ''
  const spawned = spawnNode(core, args, (text) => {
    output += text
  })
  const timer = setTimeout(() => spawned.child.kill('SIGKILL'), seconds * MS_PER_S + GRACE_MS)
  const [code] = await once(spawned.child, 'close')
  clearTimeout(timer)
  if (code !== 0) throw new Error(spawned.stderr || `The program ended with ${code}`)
  return JSON.parse(output) as T
}
