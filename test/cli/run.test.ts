import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const MISTAKES = new URL('../../fixtures/scripts/mistakes.txt', import.meta.url).pathname
const SQUARE = new URL('../../fixtures/scripts/square.txt', import.meta.url).pathname
const FOLDER = new URL('../../fixtures/scripts/', import.meta.url).pathname
const SCRIPTS = readdirSync(FOLDER).map((file) => join(FOLDER, file))

function scriptOf(text: string): string {
  const file = join(temporaryFolder(), 'script')
  writeFileSync(file, text)
  return file
}

async function run(...args: string[]) {
  const { address } = await startServer()
  return runSkyline(['run', ...args], { SKYLINE_ADDRESS: `${address.host}:${address.port}` }).exit
}

describe('skyline run', () => {
  it('shows each reply with the line that it answers, and a summary', async () => {
    const { code, stdout } = await run(scriptOf('# one leg\nMOVE 0 1\nWAIT\nPING\n'))
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^2: OK MOVING_TO\(0, 1\)\n {4}X: 0\n {4}Y: 1\n {4}Op: 1\n3: OK ARRIVED\n(?: {4}.*\n){3}4: OK PONG\n/,
    )
    expect(stdout).toMatch(/3 sent, 3 ok, 0 failed, [\d.]+ s, \d+ messages\/s\n$/)
  })

  it('flies the square as nc does', async () => {
    const { code, stdout } = await run(SQUARE)
    expect(code).toBe(0)
    expect(stdout.match(/^\d+: OK \w+/gm)).toEqual([
      '1: OK AUTH_OK',
      ...['4: OK MOVING_TO', '7: OK ARRIVED', '9: OK MOVING_TO', '12: OK ARRIVED'],
      ...['14: OK MOVING_TO', '17: OK ARRIVED', '19: OK MOVING_TO', '22: OK ARRIVED'],
      ...['24: OK STATUS', '26: OK BYE'],
    ])
  })

  it.each(SCRIPTS.filter((file) => !file.endsWith('mistakes.txt')))('has %s, without a mistake in it', async (file) => {
    const { code, stdout } = await runSkyline(['run', '--check', file]).exit
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+ messages, 0 mistakes\n$/) })
  })

  it('stops at the first error, and sends nothing behind it', async () => {
    const { code, stdout } = await run(scriptOf('PING\nMVOE\nPING\n'))
    expect(code).toBe(1)
    expect(stdout.match(/^\d+: \w+ \w+/gm)).toEqual(['1: OK PONG', '2: ERR UNKNOWN_COMMAND'])
    expect(stdout).toContain('2 sent, 1 ok, 1 failed')
  })

  it('keeps going where it is told to', async () => {
    const { code, stdout } = await run('--keep-going', MISTAKES)
    expect(code).toBe(1)
    expect(stdout).toContain('10 sent, 4 ok, 6 failed')
    expect(stdout.match(/^\d+(?=:)/gm)).toEqual(['1', '4', '6', '8', '11', '13', '18', '21', '24', '26'])
  })

  it('sends thousands of messages ahead of their replies', async () => {
    const { code, stdout } = await run('--keep-going', scriptOf('PING\n'.repeat(5000)))
    expect(code).toBe(0)
    expect(stdout.match(/^\d+: OK PONG$/gm)).toHaveLength(5000)
    expect(stdout).toContain('5000 sent, 5000 ok, 0 failed')
  })

  it('says that the connection was lost, and exits with 3', async () => {
    const { code, stdout } = await run(scriptOf('PING\nQUIT\nPING\n'))
    expect(code).toBe(3)
    expect(stdout).toContain('The connection is closed')
    expect(stdout).toContain('2 sent, 2 ok, 0 failed')
  })

  it('tells of a message that is not finished', async () => {
    const { code, stdout } = await run(scriptOf('PING\n\nMOVE 1 2\n'))
    expect(code).toBe(1)
    expect(stdout).toContain('3: INCOMPLETE')
  })

  it('tells of a message that is too long, and reads nothing behind it', async () => {
    const { code, stdout } = await run(scriptOf(`PING\n\nPING\nNote: ${'x'.repeat(8192)}\n\nPING\n\n`))
    expect(code).toBe(1)
    expect(stdout).toContain('3: MESSAGE_TOO_BIG: The message is longer than 8192 bytes')
    expect(stdout).toContain('1 sent, 1 ok, 1 failed')
  })

  it('exits with 2 where there is no such file, or none is named', async () => {
    expect(await run('/nowhere')).toMatchObject({ code: 2 })
    expect(await run()).toMatchObject({ code: 2 })
  })
})

describe('skyline run --check', () => {
  it('tells all mistakes with their lines, without a server', async () => {
    const { code, stdout } = await runSkyline(['run', '--check', MISTAKES]).exit
    expect(code).toBe(1)
    const told = [...stdout.matchAll(/mistakes\.txt:(\d+): (\w+): /g)].map(([, line, error]) => `${line} ${error}`)
    expect(told).toEqual([
      '1 EXPECTED_HANDSHAKE',
      '6 UNKNOWN_COMMAND',
      '8 MISSING_ARGUMENT',
      '11 BAD_ARGUMENT',
      '13 UNKNOWN_HEADER',
      '19 PARSE',
    ])
    expect(stdout).toMatch(/\n10 messages, 6 mistakes\n$/)
  })

  it('knows in which state each command would come', async () => {
    const { stdout } = await runSkyline(['run', '--check', scriptOf('HELLO\nHELLO\nMOVE 1 2\nQUIT\nMOVE 4 5\n')]).exit
    expect(stdout).toMatch(/:2: WRONG_STATE: .*\n.*:5: CONNECTION_CLOSED: .*\n5 messages, 2 mistakes\n$/)
    expect((await runSkyline(['run', '--check', scriptOf('MOVE 1 2\nQUIT\n')]).exit).code).toBe(0)
  })

  it.each(['HELLO\nToken sekret99\n\nPING\n\n', 'HELLO sek ret99\n\nPING\n\n', 'HELLO\n Token: sekret99\n\nPING\n\n'])(
    'shows nothing of what may be a token: %j',
    async (script) => {
      const { code, stdout } = await runSkyline(['run', '--check', scriptOf(script)]).exit
      expect(code).toBe(1)
      expect(stdout).not.toContain('ret99')
    },
  )

  it('finds ranges, forgotten ends and nothing where nothing is', async () => {
    const range = await runSkyline(['run', '--check', scriptOf('HELLO\n\nCOLOR 0 0 256\n\nMOVE 1 2\n')]).exit
    expect(range.stdout).toMatch(/:3: OUT_OF_RANGE: .*\n.*:5: INCOMPLETE: /)
    expect(await runSkyline(['run', '--check', SQUARE]).exit).toMatchObject({
      code: 0,
      stdout: '11 messages, 0 mistakes\n',
    })
  })
})
