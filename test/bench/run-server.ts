import { once } from 'node:events'
import type { Target } from './dial.ts'
import type { BenchServer } from './servers.ts'
import { spawnNode } from './spawn.ts'

/** A server that ends is given so long, in milliseconds. */
const END_MS = 15_000

export interface RunningServer {
  readonly target: Target
  readonly stop: () => Promise<void>
}

/** Starts a server on its core, and waits until it listens. With `profiles`, it leaves its CPU profile in that folder. */
export async function runServer(server: BenchServer, profiles?: string): Promise<RunningServer> {
  const { name, program, login, request, reply, authority } = server
  const profiling =
    profiles !== undefined && server.isSkyline
      ? ['--cpu-prof', '--cpu-prof-dir', profiles, '--cpu-prof-name', `${name}.cpuprofile`]
      : []
  const spawned = spawnNode('server', [...profiling, ...program])
  const { child, pid } = spawned
  const port = await new Promise<number>((resolve, reject) => {
    const look = () => {
      const found = /"port":(\d+)/.exec(spawned.stderr)?.[1]
      if (found === undefined) return
      child.stderr?.off('data', look)
      resolve(Number(found))
    }
    child.stderr?.on('data', look)
    child.once('close', (code) => reject(new Error(`${name} ended (${code}): ${spawned.stderr}`)))
  })
  const stop = async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended by itself (${child.exitCode}): ${spawned.stderr}`)
    const gone = once(child, 'close')
    const timer = setTimeout(() => child.kill('SIGKILL'), END_MS)
    child.kill('SIGTERM')
    await gone
    clearTimeout(timer)
  }
  const target: Target = { pid, port, login, request, reply, ...(authority === undefined ? {} : { authority }) }
  return { target, stop }
}
