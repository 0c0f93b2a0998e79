import { expect, it, vi } from 'vitest'
import { serveSkyline } from '../support/run-skyline.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 30_000 })

/** Has a process that gets SIGUSR2 keep a million objects, made in 200 turns, and say how large its space for new ones is. */
const PRELOAD = `
  import { writeSync } from 'node:fs'
  import { setImmediate as nextTurn } from 'node:timers/promises'
  import { getHeapSpaceStatistics } from 'node:v8'
  process.on('SIGUSR2', async () => {
    const stays = []
    for (let turn = 0; turn < 200; turn++) {
      for (let i = 0; i < 5000; i++) stays.push({ i })
      await nextTurn()
    }
    const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')
    writeSync(2, 'new space: ' + space_size + '\\n')
  })
`

it('serve asks of V8 what this version of it knows, and keeps the space for what is young small', async () => {
  const { program } = await serveSkyline([], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(PRELOAD)}`,
  })
  program.child.kill('SIGUSR2')
  await until(() => program.stderr.includes('new space'))
  // Of a flag that it does not know V8 would complain.
  const said = program.stderr.split('\n').filter((line) => line !== '' && !line.startsWith('{'))
  expect(said).toEqual([expect.stringMatching(/^new space: \d+$/)])
  expect(Number(said[0]?.split(' ')[2])).toBeLessThanOrEqual(16 * 1024 * 1024)
})
