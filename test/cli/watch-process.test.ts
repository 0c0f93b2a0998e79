import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { type Address, formatAddress } from '../../src/server/address.ts'
import { systemClock } from '../../src/time/clock.ts'
import { Pilot } from '../support/pilot.ts'
import { type Program, runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const MAIN = new URL('../../dist/cli/main.js', import.meta.url).pathname
const SQUARE = new URL('../../fixtures/scripts/square-from-the-ground.txt', import.meta.url).pathname
const COLUMNS = 90
const ROWS = 28

function outputOf({ child }: Program): () => string {
  let text = ''
  child.stdout?.on('data', (chunk) => {
    text += chunk
  })
  return () => text
}

async function startWatch(address: Address, ...args: string[]) {
  const program = runSkyline(['watch', '--connect', formatAddress(address), ...args])
  const printed = outputOf(program)
  await until(() => printed().includes('TELEMETRY') || program.child.exitCode !== null)
  return { program, printed }
}

describe('skyline watch on a pipe', () => {
  it('prints a line for each event, and ends with exit code 0 at a signal', async () => {
    const { address } = await startServer()
    const { program, printed } = await startWatch(address, '--rate', '50')
    const pilot = await Pilot.dial(address)
    await pilot.ask('HELLO\n\nWRITE hello, world\n\nMOVE 10 0\nSpeed: 1000\n\n', 'MOVING_TO')
    await until(() => printed().includes('ARRIVED') && printed().includes('Text='))
    program.child.kill('SIGINT')
    const { code, stdout, stderr } = await program.exit
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.trimEnd().split('\n')
    expect(
      lines.filter((line) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z [A-Z]+ Event-Seq=\d+ Uptime=\d+ /.test(line)),
    ).toEqual([])
    expect(stdout).toMatch(/ STARTED Event-Seq=\d+ Uptime=\d+ Op=1 Session=\d+ Command=MOVE X=10 Y=0 Z=0\n/)
    expect(stdout).toMatch(/ ARRIVED Event-Seq=\d+ Uptime=\d+ Op=1 Session=\d+ Command=MOVE X=10 Y=0 Z=0\n/)
    expect(stdout).toMatch(/ TELEMETRY .* Text="hello, world"\n/)
    expect(stdout).not.toContain('\x1b')
  })

  it('tells that the link is lost', async () => {
    const drone = new SimulatedDrone(systemClock)
    const { address } = await startServer({ drone })
    const { printed } = await startWatch(address)
    await until(() => printed().includes('\n'))
    const pilot = await Pilot.dial(address)
    await pilot.ask('HELLO\n\nPING\n\n', 'PONG')
    drone.setLink('lost')
    await until(() => / LINK Event-Seq=\d+ Uptime=\d+ State=lost\n/.test(printed()))
  })

  it('says why, and ends, when the server does', async () => {
    const { server, address } = await startServer()
    const { program } = await startWatch(address)
    await server.close()
    const { code, stderr } = await program.exit
    expect(code).not.toBe(0)
    expect(stderr).toMatch(/^skyline: .*\n$/)
  })

  it.each([['--rate', '51'], ['--rate', '0'], ['--rate', 'often'], ['--wire', 'framed'], ['word']])(
    'takes %s %s for a usage error',
    async (...args) => {
      expect((await runSkyline(['watch', ...args]).exit).code).toBe(2)
    },
  )

  it('exits with 3 where there is no server', async () => {
    const { server, address } = await startServer()
    await server.close()
    expect((await runSkyline(['watch', '--connect', formatAddress(address)]).exit).code).toBe(3)
  })
})

describe('the built program', () => {
  it('flies the square from the ground, watches it, and plots what it has seen', async () => {
    const { address } = await serveSkyline(['--drone', 'sim:landed'])
    const { program, printed } = await startWatch(address)
    const run = await runSkyline(['run', '--connect', formatAddress(address), SQUARE]).exit
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(
      [...run.stdout.matchAll(/OK ARRIVED\n {4}X: (\d+)\n {4}Y: (\d+)\n {4}Z: (\d+)/g)].map((found) =>
        found.slice(1).join(' '),
      ),
    ).toEqual(['0 0 150', '300 0 150', '300 300 200', '0 300 200', '0 0 150', '0 0 0'])
    expect(run.stdout).toContain('State: landed')
    await until(() => printed().split(' ARRIVED ').length > 6)
    program.child.kill('SIGTERM')
    const { stdout } = await program.exit
    const operations = [...stdout.matchAll(/ (STARTED|ARRIVED) .* Op=(\d) Session=\d+ Command=(\w+)/g)].map((found) =>
      found.slice(1).join(' '),
    )
    expect(operations).toEqual(
      ['TAKEOFF', 'MOVE', 'MOVE', 'MOVE', 'MOVE', 'LAND'].flatMap((name, index) => [
        `STARTED ${index + 1} ${name}`,
        `ARRIVED ${index + 1} ${name}`,
      ]),
    )
    const log = join(temporaryFolder(), 'square.log')
    writeFileSync(log, stdout)
    const svg = log.replace('.log', '.svg')
    expect(await runSkyline(['plot', '--out', svg, log]).exit).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const drawn = readFileSync(svg, 'utf8')
    expect(drawn).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
    expect(drawn).toContain('highest at 2.0 m')
    expect(drawn).toContain('Track of sim, square.log')
  })
})

/** Why no pseudo terminal can be had here; empty where it can. */
function absence(): string {
  const { error, stdout } = spawnSync('script', ['-qec', 'echo there', '/dev/null'], { encoding: 'utf8' })
  if (error !== undefined) return ', skipped: script is not installed'
  return stdout.includes('there') ? '' : ', skipped: script is another one'
}
const NO_TERMINAL = absence()

describe.skipIf(NO_TERMINAL !== '')(`skyline watch on a terminal${NO_TERMINAL}`, () => {
  /** The program on a pseudo terminal, whose input ends its life. */
  function onTerminal(address: Address, ...args: string[]) {
    const command = `stty rows ${ROWS} cols ${COLUMNS}; exec ${[process.execPath, MAIN, 'watch', '--connect', formatAddress(address), ...args].join(' ')}`
    const child = spawn('script', ['-qec', command, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8', NO_COLOR: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exit = new Promise<number | null>((resolve) => void child.on('close', resolve))
    return { child, exit, shown: () => text }
  }

  it('draws the drone, and gives the terminal back at Ctrl-C', async () => {
    const { address } = await startServer()
    const { child, exit, shown } = onTerminal(address)
    const pilot = await Pilot.dial(address)
    await until(() => shown().includes('hovering'))
    await pilot.ask('HELLO\n\nMOVE 30 0\nSpeed: 1000\n\n', 'MOVING_TO')
    await until(() => shown().includes('arrived'))
    child.stdin.write('\x03')
    expect(await exit).toBe(0)
    expect(shown()).toContain('north up')
    expect(shown().indexOf('\x1b[?1049h')).toBeGreaterThanOrEqual(0)
    expect(shown().lastIndexOf('\x1b[?1049l')).toBeGreaterThan(shown().lastIndexOf('\x1b[?1049h'))
    expect(shown().lastIndexOf('\x1b[?25h')).toBeGreaterThan(shown().lastIndexOf('\x1b[?25l'))
  })

  it('gives the terminal back, and says why, when the server ends', async () => {
    const { server, address } = await startServer()
    const { exit, shown } = onTerminal(address)
    await until(() => shown().includes('hovering'))
    await server.close()
    expect(await exit).not.toBe(0)
    const after = shown().slice(shown().lastIndexOf('\x1b[?1049l'))
    expect(after).toContain('skyline: ')
  })

  it('prints lines where it is asked to', async () => {
    const { address } = await startServer()
    const { child, exit, shown } = onTerminal(address, '--lines')
    await until(() => shown().includes(' TELEMETRY '))
    child.stdin.write('\x03')
    expect(await exit).toBe(0)
    expect(shown()).not.toContain('\x1b[?1049h')
  })
})
