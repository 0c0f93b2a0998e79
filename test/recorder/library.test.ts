import { expect, it, onTestFinished } from 'vitest'
import {
  connect,
  createEntry,
  createServer,
  Journal,
  readCredentials,
  restoredDrone,
  type ServerOptions,
  systemClock,
} from '../../src/index.ts'
import { verify } from '../../src/recorder/read-journal.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const ANY_PORT = { host: '127.0.0.1', port: 0 }

async function serving(options: ServerOptions) {
  const server = createServer({ ...options })
  onTestFinished(() => server.close())
  return { server, ...(await server.listen(ANY_PORT)) }
}

it('a server of the library keeps a record, from which the drone of the next one comes back', async () => {
  const folder = temporaryFolder()
  const open = () => Journal.open({ folder, syncMs: 0, clock: systemClock })
  const { server, port } = await serving({ journal: open() })
  const client = await connect({ port })
  await client.move({ x: 3, y: 0, wait: 'yes' })
  await client.close()
  await server.close()
  expect(verify(folder).faults).toEqual([])

  const journal = open()
  onTestFinished(() => journal.close())
  expect(restoredDrone(systemClock, journal.lastState ?? {}).telemetry().position).toEqual({ xM: 0.03, yM: 0, zM: 0 })
})

it('a server of the library tells people apart by a token file', async () => {
  const { token, entry } = createEntry('olga', 'observer')
  const credentials = readCredentials(`${entry.name}:${entry.role}:${entry.digest}\n`)
  const { port } = await serving({ credentials })
  const client = await connect({ port, token })
  await expect(client.move({ x: 1, y: 2 })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await client.close()
})
