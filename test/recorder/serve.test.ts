import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runSkyline } from '../support/run-skyline.ts'
import { startServer } from '../support/start-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { entriesOf } from './support/journals.ts'

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
