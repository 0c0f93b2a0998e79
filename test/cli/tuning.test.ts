import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

const MODULE = new URL('../../dist/cli/tuning.js', import.meta.url).href

it('asks of V8 what this version of it knows: of anything else it would complain', () => {
  const script = `
    import { tuneV8 } from ${JSON.stringify(MODULE)}
    await tuneV8()`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  expect(status).toBe(0)
})
