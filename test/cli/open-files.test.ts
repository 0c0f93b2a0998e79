import { spawn } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { connectionsWithinLimit } from '../../src/cli/open-files.ts'
import { Pilot } from '../support/pilot.ts'
import { dial, readAll } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname
const HAS_PROC = existsSync('/proc/self/limits')

/** The table of /proc/self/limits with a row of its own for open files. */
const limits = (row: string): string => `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max processes             30000                30000                processes 
${row}
Max locked memory         8388608              8388608              bytes     
`

const withinLimitsOf = (text: string): number | undefined => {
  const file = join(temporaryFolder(), 'limits')
  writeFileSync(file, text)
  return connectionsWithinLimit(file)
}

it.each([
  { soft: '1024', connections: 960 },
  { soft: '1048576', connections: 1_048_512 },
  { soft: '65', connections: 1 },
  { soft: '64', connections: 0 },
])('leaves room for $connections connections where $soft files may be open', ({ soft, connections }) => {
  const row = `Max open files            ${soft.padEnd(20)} 1048576              files     `
  expect(withinLimitsOf(limits(row))).toBe(connections)
})

it.each([
  {
    what: 'there is no limit',
    text: limits('Max open files            unlimited            unlimited            files'),
  },
  { what: 'there is no such row', text: limits('') },
  { what: 'the file is empty', text: '' },
])('does not know how many where $what', ({ text }) => {
  expect(withinLimitsOf(text)).toBe(undefined)
})

it('does not know how many where there is no such file', () => {
  expect(connectionsWithinLimit(join(temporaryFolder(), 'none'))).toBe(undefined)
})

it.skipIf(!HAS_PROC)('knows it of its own process', () => {
  expect(connectionsWithinLimit()).toBeGreaterThan(0)
})

/** The built server, with so many open files allowed. */
function serveWithin(files: number, args: readonly string[] = []) {
  const command = ['exec', process.execPath, MAIN, 'serve', '--listen', '127.0.0.1:0', '--log-format', 'json', ...args]
  const child = spawn('sh', ['-c', `ulimit -n ${files}; ${command.join(' ')}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve))
  const line = (message: string) =>
    stderr
      .split('\n')
      .filter((text) => text.includes(message))
      .map((text) => JSON.parse(text) as Record<string, unknown>)[0]
  return { exit, line, stderr: () => stderr }
}

const WARNING = 'the limit of open files leaves room for fewer connections'

it.skipIf(!HAS_PROC)('with 100 open files serves 36 connections, says so, and tells the next BUSY', async () => {
  const { line } = serveWithin(100)
  await until(() => line('listening on') !== undefined)
  expect(line(WARNING)).toMatchObject({ level: 40, maxConnections: 36 })
  const address = { host: '127.0.0.1', port: Number(line('listening on')?.['port']) }
  const pilots = await Promise.all(Array.from({ length: 36 }, () => Pilot.dial(address)))
  await Promise.all(pilots.map((pilot) => pilot.ask('HELLO\n\n', 'OK AUTH_OK')))
  expect((await readAll(await dial(address))).toString()).toMatch(/^ERR BUSY\r\n/)
  await Promise.all(pilots.map((pilot) => pilot.ask('STATUS\n\n', 'OK STATUS')))
})

it.skipIf(!HAS_PROC)('says nothing where as many connections as were asked for fit', async () => {
  const { line } = serveWithin(100, ['--max-connections', '36'])
  await until(() => line('listening on') !== undefined)
  expect(line(WARNING)).toBe(undefined)
})

it.skipIf(!HAS_PROC)('does not start where no connection fits, and says what to do', async () => {
  const { exit, stderr } = serveWithin(64)
  expect(await exit).toBe(2)
  expect(stderr()).toMatch(/^skyline: [^\n]*ulimit -n[^\n]*\n$/)
})
