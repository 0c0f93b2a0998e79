import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../src/cli/journal.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { recordLog } from '../support/record-log.ts'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { entriesOf, record, START } from './support/journals.ts'

describe('skyline serve --record that does not come to listen', () => {
  const refused = async (listen: string) => {
    const folder = join(temporaryFolder(), 'flight')
    const { code } = await runSkyline(['serve', '--listen', listen, '--record', folder]).exit
    return { code, folder, left: readdirSync(folder) }
  }

  it('since its address is taken ends its record in order, and leaves its folder free', async () => {
    const { address } = await startServer()
    const { code, folder, left } = await refused(`127.0.0.1:${address.port}`)
    expect({ code, left }).toEqual({ code: 2, left: ['skyline-000001.jsonl'] })
    expect(entriesOf(folder).map(({ kind }) => kind)).toEqual(['start', 'state', 'stop'])
  })

  it('since an option is missing leaves its folder free', async () => {
    const { code, left } = await refused('tls://127.0.0.1:0')
    expect({ code, left }).toEqual({ code: 2, left: ['skyline-000001.jsonl'] })
  })
})

describe('skyline serve --record with a record of a flight', () => {
  const state = { x: 1, y: 2, z: 3, airborne: true, aimedM: 3, charge: 1, fence: { radiusM: 50 } }

  it.each([
    { options: [], restored: { state: 'hovering', x: 100, y: 200, z: 300, fence: { radiusM: 50 } } },
    { options: ['drone'], restored: { fence: { radiusM: 50 } } },
    { options: ['fence'], restored: { state: 'hovering', x: 100, y: 200, z: 300 } },
  ])('tells what it goes on from, beside $options', ({ options, restored }) => {
    const folder = temporaryFolder()
    record(folder, [START, { kind: 'state', state }])
    const log = recordLog()
    const given = new Map<string, string>([['record', folder], ...options.map((name) => [name, ''] as const)])
    const recorded = openJournal({ options: given, lists: new Map(), words: [] }, new FakeClock(), log.logger)
    recorded?.journal.close()
    const [{ level, time, msg, ...told } = {}] = log.of('flight recorder: goes on from the last flight')
    expect(told).toEqual(restored)
  })
})
