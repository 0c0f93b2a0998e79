import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const MODULE = new URL('../../dist/cli/tuning.js', import.meta.url).href

it('asks of V8 what this version of it knows, and keeps the space for what is young small', () => {
  const script = `
    import { setImmediate as nextTurn } from 'node:timers/promises'
    import { getHeapSpaceStatistics } from 'node:v8'
    import { tuneV8 } from ${JSON.stringify(MODULE)}
    await tuneV8()
    const stays = []
    for (let turn = 0; turn < 200; turn++) {
      for (let i = 0; i < 5000; i++) stays.push({ i })
      await nextTurn()
    }
    console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size)`
  const flags = ['--input-type=module', '--eval', script]
  const { status, stdout, stderr } = spawnSync(process.execPath, flags, { encoding: 'utf8' })
  // Of a flag that it does not know it would complain.
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(Number(stdout)).toBeLessThanOrEqual(16 * 1024 * 1024)
})
