import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { runSkyline, serveSkyline } from '../support/run-skyline.ts'
import { talk } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { item } from './item.ts'
import { HAS_PROC } from './support/figures.ts'
import { spawnServer } from './support/spawn-server.ts'
import { itemIf } from './support/tried-if.ts'

itemIf(HAS_PROC, 'there is no /proc')(63, 'few open files are allowed: a limit that fits, or no start', async (row) => {
  await expect(spawnServer({ maxOpenFiles: 64 })).rejects.toThrow('gone before')
  const { address } = await spawnServer({ maxOpenFiles: 160 })
  const inside = await Promise.all(Array.from({ length: 96 }, () => Pilot.dial(address)))
  await Promise.all(inside.map((pilot) => pilot.ask('HELLO\n\n', 'AUTH_OK')))
  const answers = await Promise.all(Array.from({ length: 30 }, () => talk(address, [])))
  expect(answers.filter((answer) => answer.toString().startsWith('ERR BUSY'))).toHaveLength(30)
  // So many that not even to be told BUSY is there room for all: those inside do not notice.
  const crowd = await Promise.all(Array.from({ length: 300 }, () => Pilot.dial(address)))
  await Promise.all(crowd.map((pilot) => pilot.ended.catch(() => {})))
  await Promise.all(inside.map((pilot) => pilot.ask('STATUS\n\n', 'OK STATUS')))
  const silent = crowd.filter(({ received }) => !received.startsWith('ERR BUSY')).length
  row.figure = `160 files: 96 in, 30 of 30 more told BUSY, ${300 - silent} of 300 at once`
})

item(100, 'a wrong start: exit 2 and one line that says why', async (row) => {
  const folder = temporaryFolder()
  const empty = join(folder, 'empty')
  writeFileSync(empty, '')
  const { address } = await serveSkyline()
  const starts = [
    { args: ['--listen', `127.0.0.1:${address.port}`], said: /is taken/ },
    { args: ['--listen', '0.0.0.0:0'], said: /not loopback/ },
    { args: ['--listen', 'nowhere'], said: /--listen/ },
    { args: ['--token-file', join(folder, 'missing')], said: /--token-file/ },
    { args: ['--token-file', empty], said: /empty/ },
    { args: ['--max-connections', '0'], said: /--max-connections/ },
    { args: ['--idle-timeout', '5 years'], said: /--idle-timeout/ },
    { args: ['--colour'], said: /--colour/ },
    { args: ['--listen', 'tls://127.0.0.1:0'], said: /--tls-cert/ },
    { args: ['--listen', 'tls://127.0.0.1:0', '--tls-cert', empty, '--tls-key', empty], said: /--tls-cert/ },
    { args: ['--tls-cert', join(folder, 'missing'), '--tls-key', empty], said: /--tls-cert/ },
  ]
  for (const { args, said } of starts) {
    const where = args.includes('--listen') ? [] : ['--listen', '127.0.0.1:0']
    const { code, stdout, stderr } = await runSkyline(['serve', ...where, ...args]).exit
    expect({ args, code, stdout }).toEqual({ args, code: 2, stdout: '' })
    expect(stderr).toMatch(said)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  }
  row.figure = `${starts.length} of ${starts.length} wrong starts`
})
