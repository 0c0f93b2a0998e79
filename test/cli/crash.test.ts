import { existsSync } from 'node:fs'
import { expect, it, vi } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { Pilot } from '../support/pilot.ts'
import { serveSkyline } from '../support/run-skyline.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

// How soon it is gone, and that what throws is in the last line, is item 71 of the catalogue.

/** By when a drone that does not answer is given up, in milliseconds, and 5 times that. */
const LAST_ORDERS_MS = 5 * 500

const module = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`

/** Has the file of the program that holds the simulated drone show it to `prepare`. */
const HOOK = module(`
  export async function load(url, context, next) {
    const loaded = await next(url, context)
    const source = String(loaded.source ?? '')
    if (!source.includes('class SimulatedDrone') && !source.includes('SimulatedDrone = class')) return loaded
    return { ...loaded, source: source + ';prepare(SimulatedDrone)' }
  }
`)

/**
 * Runs something in the server's process when it gets SIGUSR2. The server knows nothing of it: it is loaded before. What
 * its drone is told, and how it answers, stands in `hover`; what is to happen before all that, in `more`.
 */
const preload = (act: string, hover = 'return hover.call(this)', more = ''): NodeJS.ProcessEnv => {
  const source = `
    import { closeSync, openSync, writeSync } from 'node:fs'
    import { register } from 'node:module'
    register(${JSON.stringify(HOOK)})
    let drone
    globalThis.prepare = (SimulatedDrone) => {
      const { hover } = SimulatedDrone.prototype
      SimulatedDrone.prototype.hover = function () {
        drone = this
        writeSync(1, 'told to hover, ' + this.telemetry().state + '\\n')
        ${hover}
      }
      ${more}
    }
    process.on('exit', () => writeSync(1, 'left ' + (drone?.telemetry().state ?? 'alone') + '\\n'))
    process.on('SIGUSR2', () => { ${act} })
  `
  return { NODE_OPTIONS: `--import=${module(source)}` }
}

const THROW = 'setTimeout(() => { throw new Error("out of the blue") }, 1)'

async function crash(environment: NodeJS.ProcessEnv) {
  const { program, address } = await serveSkyline([], environment)
  const pilot = await Pilot.dial(address)
  await pilot.ask('HELLO\n\nMOVE 1000000 0\n\nSTATUS\n\n', 'State: moving')
  const since = performance.now()
  program.child.kill('SIGUSR2')
  const { code, stdout, stderr } = await program.exit
  const lines = stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { code, told: stdout.trimEnd().split('\n'), lines, last: lines.at(-1), tookMs: performance.now() - since }
}

it.each([
  { what: 'a timer that throws', act: THROW },
  { what: 'a promise that nobody waits for', act: 'Promise.reject(new Error("out of the blue"))' },
  {
    what: 'an error event that nobody hears',
    act: 'process.emit("error", new Error("out of the blue"))',
  },
  { what: 'something that is no error', act: 'setTimeout(() => { throw "out of the blue" }, 1)' },
])('$what: the drone is told to hover, the last line is logged, and the exit code is 70', async ({ act }) => {
  const { code, told, last } = await crash(preload(act))
  expect({ code, told }).toEqual({ code: 70, told: ['told to hover, moving', 'left hovering'] })
  expect(last).toMatchObject({ level: 60, msg: 'crashed' })
  expect(JSON.stringify(last)).toContain('out of the blue')
})

it.skipIf(!existsSync('/dev/full'))('a log that cannot be written any more keeps nobody', async () => {
  const full = 'closeSync(2); openSync("/dev/full", "w"); writeSync(1, "full")'
  const act = `if (globalThis.isFull) { ${THROW} } else { globalThis.isFull = true; ${full} }`
  const { program, address } = await serveSkyline([], preload(act))
  await (await Pilot.dial(address)).ask('HELLO\n\nMOVE 1000000 0\n\nSTATUS\n\n', 'State: moving')
  let said = ''
  program.child.stdout?.on('data', (text) => {
    said += text
  })
  program.child.kill('SIGUSR2')
  await until(() => said.includes('full'))
  // These lines wait for room that never comes.
  for (let count = 0; count < 3; count++) await (await Pilot.dial(address)).ask('NONSENSE\n\n', 'UNKNOWN_COMMAND')
  program.child.kill('SIGUSR2')
  expect(await program.exit).toMatchObject({ code: 70, stdout: expect.stringContaining('left hovering') })
})

it('a drone that fails to hover is logged, and keeps nobody', async () => {
  const { code, last, lines } = await crash(preload(THROW, 'throw new Error("no rotor answers")'))
  expect(code).toBe(70)
  expect(lines.at(-2)).toMatchObject({ msg: 'crashed' })
  expect(last).toMatchObject({
    level: 50,
    msg: 'the drone was not told to hover',
    err: { message: 'no rotor answers' },
  })
})

it('a drone that never answers is waited for half a second', async () => {
  const { code, told, last, tookMs } = await crash(preload(THROW, 'return new Promise(() => {})'))
  expect(code).toBe(70)
  expect(told[0]).toBe('told to hover, moving')
  expect(last).toMatchObject({ msg: 'crashed' })
  expect(tookMs).toBeLessThan(LAST_ORDERS_MS)
})

it('a second error while the drone is told changes nothing of that', async () => {
  const { code, lines } = await crash(preload(`${THROW}; ${THROW}`, 'return new Promise(() => {})'))
  expect(code).toBe(70)
  expect(lines.some(({ msg }) => msg === 'crashed')).toBe(true)
})

it('what a command throws in a timer of its own ends the server the same way', async () => {
  const late = 'SimulatedDrone.prototype.show = () => { setTimeout(() => { throw new Error("out of the blue") }, 1) }'
  const { program, address } = await serveSkyline([], preload('', undefined, late))
  const client = await connect(address)
  await client.write({ text: 'hello' }).catch(() => {})
  const { code, stderr, stdout } = await program.exit
  expect(code).toBe(70)
  expect(stdout).toContain('told to hover')
  expect(stderr.trimEnd().split('\n').at(-1)).toContain('out of the blue')
})
