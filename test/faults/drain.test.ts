import { expect, it } from 'vitest'
import { WIRE_NAMES } from '../../src/wire/wire.ts'
import { startNetwork } from '../support/start-network.ts'

it.each(WIRE_NAMES)('a client on the %s wire that waits for nothing is told why the server left', async (wire) => {
  const network = await startNetwork(wire)
  const client = await network.connect()
  await network.server.close()
  expect((await client.closed).message).toContain('SHUTTING_DOWN')
})
