import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { startServer } from '../support/start-server.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const section = readme.split('### The other two wires')[1]?.split('\n### ')[0] ?? ''
const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = '']) => command)
const run = promisify(execFile)
const isMissing = (program: string) => spawnSync(program, ['-h']).error !== undefined

it('shows a client of each wire in python and in the shell', () => {
  expect(commands.map((command) => [command.includes('8081'), command.startsWith('python3')])).toEqual([
    [true, true],
    [true, false],
    [false, true],
    [false, false],
  ])
})

const missing = ['python3', 'nc'].filter(isMissing)
it.skipIf(missing.length > 0).each(commands)(
  `flies the drone as the README says${missing.length > 0 ? ` (skipped: no ${missing.join(', ')} here)` : ''}: %s`,
  async (command) => {
    const { server } = await startServer()
    const framed = await server.listen({ host: '127.0.0.1', port: 0, wire: 'framed' })
    const versioned = await server.listen({ host: '127.0.0.1', port: 0, wire: 'versioned' })
    const script = command
      .replaceAll(/127\.0\.0\.1(\W+)8081/g, `127.0.0.1$1${framed.port}`)
      .replaceAll(/127\.0\.0\.1(\W+)8082/g, `127.0.0.1$1${versioned.port}`)
    const { stdout } = await run('bash', ['-c', script])
    expect(stdout).toMatch(/AUTH_OK.*MOVING_TO\(10, 20\).*BYE/s)
  },
)
