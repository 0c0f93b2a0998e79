import { once } from 'node:events'
import { TEXT } from './servers.ts'
import { spawnNode } from './spawn.ts'

const EMPTY = "import 'pino'; process.stderr.write('ready\\n')"

/** How long the server takes until it listens, and an empty program that imports pino to do so, in milliseconds. */
export async function measureStart(): Promise<{ readonly serverMs: number; readonly emptyMs: number }> {
  const emptyMs = await untilItSpeaks(['--input-type=module', '--eval', EMPTY])
  const serverMs = await untilItSpeaks(TEXT.program)
  return { serverMs, emptyMs }
}

async function untilItSpeaks(args: readonly string[]): Promise<number> {
  const begin = performance.now()
  const { child } = spawnNode('server', args)
  const gone = once(child, 'close')
  await Promise.race([once(child.stderr ?? child, 'data'), gone])
  const ms = performance.now() - begin
  child.kill('SIGTERM')
  await gone
  return ms
}
