import { expect, it, vi } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'

vi.setConfig({ testTimeout: 60_000 })

/** What a server that was started with options answers to commands of one session, without greeting and HELLO. */
async function answersOf(options: readonly string[], commands: readonly string[]) {
  const { address } = await serveSkyline(options)
  const pilot = await Pilot.dial(address)
  pilot.socket.end(`HELLO\n\n${commands.map((command) => `${command}\n\n`).join('')}`)
  const received = await pilot.ended
  return { received, replies: pilot.replies.slice(2) }
}

it('has a drone in the air, where it is told nothing else', async () => {
  for (const options of [[], ['--drone', 'sim']]) {
    const { replies } = await answersOf(options, ['MOVE 1 2', 'TAKEOFF'])
    expect(replies).toEqual(['OK MOVING_TO(1, 2)', 'ERR WRONG_STATE'])
  }
})

it('has a drone on the ground with sim:landed, and says how to get it off there', async () => {
  const { received, replies } = await answersOf(
    ['--drone', 'sim:landed'],
    ['MOVE 1 2', 'STATUS', 'TAKEOFF 150', 'MOVE 1 2'],
  )
  expect(replies).toEqual(['ERR NOT_FLYING', 'OK STATUS', 'OK TAKING_OFF(150)', 'OK MOVING_TO(1, 2)'])
  expect(received).toMatch(/NOT_FLYING\r\n(?:.+\r\n)*Hint: .*TAKEOFF/)
  expect(received).toContain('State: landed\r\n')
})

it.each([
  { floor: [], battery: 15, answer: 'OK TAKING_OFF(100)' },
  { floor: [], battery: 14, answer: 'ERR LOW_BATTERY' },
  { floor: ['--battery-floor', '0'], battery: 0, answer: 'OK TAKING_OFF(100)' },
  { floor: ['--battery-floor', '51'], battery: 50, answer: 'ERR LOW_BATTERY' },
  { floor: ['--battery-floor', '50'], battery: 50, answer: 'OK TAKING_OFF(100)' },
])(
  'answers TAKEOFF at $battery percent with $answer, where the floor is $floor',
  async ({ floor, battery, answer }) => {
    const { received, replies } = await answersOf(
      ['--drone', `sim:landed,battery=${battery}`, ...floor],
      ['STATUS', 'TAKEOFF'],
    )
    expect(replies).toEqual(['OK STATUS', answer])
    expect(received).toContain(`Battery: ${battery}\r\n`)
  },
)

it.each([
  {
    fence: 'radius=5m,ceiling=1m',
    inside: ['MOVE 300 400 100', 'MOVE -500 0 0'],
    outside: ['MOVE 300 401 0', 'MOVE 0 0 101'],
  },
  { fence: 'radius=500cm', inside: ['MOVE 0 -500 2147483647'], outside: ['MOVE -501 0'] },
  { fence: 'ceiling=0.5km', inside: ['MOVE 2147483647 0 50000'], outside: ['MOVE 0 0 50001'] },
  { fence: 'ceiling=1.55m', inside: ['MOVE 0 0 155', 'MOVE 0 0 -9'], outside: ['MOVE 0 0 156'] },
])('refuses what is outside of --fence $fence, and nothing else', async ({ fence, inside, outside }) => {
  const { replies } = await answersOf(['--fence', fence], [...inside, ...outside])
  expect(replies.map((reply) => reply.replace(/\(.*/, ''))).toEqual([
    ...inside.map(() => 'OK MOVING_TO'),
    ...outside.map(() => 'ERR OUT_OF_FENCE'),
  ])
})

it('lands on the ground below what was refused, and stays within the fence with TAKEOFF, too', async () => {
  const { replies } = await answersOf(
    ['--drone', 'sim:landed', '--fence', 'ceiling=1m'],
    ['TAKEOFF 101', 'TAKEOFF 100'],
  )
  expect(replies).toEqual(['ERR OUT_OF_FENCE', 'OK TAKING_OFF(100)'])
})

it.each([
  ...['', 'mavic', 'SIM', 'sim:', 'sim:flying', 'sim:landed,', 'sim:battery=', 'sim:battery=101', 'sim:battery=-1'].map(
    (value) => ['--drone', value],
  ),
  ...[
    '',
    'radius',
    'radius=',
    'radius=5',
    'radius=5ft',
    'radius=-5m',
    'radius=5m,',
    'radius=1m,radius=2m',
    'height=5m',
  ].map((value) => ['--fence', value]),
  ...['', '-1', '101', '15%', '0.15', 'low'].map((value) => ['--battery-floor', value]),
])('takes %s %j for a usage error, with one line that names both', async (option, value) => {
  const { code, stdout, stderr } = await runSkyline(['serve', '--listen', '127.0.0.1:0', option, value]).exit
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^skyline: .*\n/)
  expect(stderr).toContain(option)
  expect(stderr.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(2)
})
