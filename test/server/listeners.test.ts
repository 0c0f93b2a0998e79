import { join } from 'node:path'
import { expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import type { SessionOptions } from '../../src/client/options.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { certificates, HAS_OPENSSL } from '../support/certificates.ts'
import { startServer } from '../support/start-server.ts'
import { dial, readAll } from '../support/talk.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** A server at as many places as it can be, and how a client gets to each of them. */
async function startEverywhere(options: ServerOptions = {}) {
  const tls = HAS_OPENSSL ? { tls: certificates().server } : {}
  const { server, address } = await startServer({ ...tls, ...options })
  const where = { host: '127.0.0.1', port: 0 }
  const path = join(temporaryFolder(), 'skyline.sock')
  await server.listen({ path })
  const ways: Record<string, SessionOptions> = {
    text: { ...address },
    framed: { ...(await server.listen({ ...where, wire: 'framed' })), wire: 'framed' },
    versioned: { ...(await server.listen({ ...where, wire: 'versioned' })), wire: 'versioned' },
    unix: { path },
  }
  if (HAS_OPENSSL) {
    const trust = { ca: certificates().ca, servername: 'localhost' }
    ways['tls'] = { ...(await server.listen({ ...where, tls: true })), tls: trust }
    ways['framed within tls'] = {
      ...(await server.listen({ ...where, tls: true, wire: 'framed' })),
      tls: trust,
      wire: 'framed',
    }
  }
  return { server, address, ways }
}

it('has one drone at all places: what one pilot has it do, the others see', async () => {
  const { address, ways } = await startEverywhere()
  const witness = await connect(address)
  let count = 0
  for (const way of Object.values(ways)) {
    const pilot = await connect(way)
    await pilot.write({ text: `round ${++count}` })
    expect(await witness.status()).toMatchObject({ text: `round ${count}` })
    await pilot.close()
  }
  expect(count).toBeGreaterThanOrEqual(4)
  await witness.close()
})

it('counts connections at all places together', async () => {
  const { address, ways } = await startEverywhere({
    maxConnections: Object.keys((await startEverywhere()).ways).length,
  })
  const clients = await Promise.all(Object.values(ways).map((way) => connect(way)))
  expect((await readAll(await dial(address))).toString()).toMatch(/^ERR BUSY\r\n/)
  for (const way of Object.values(ways)) await expect(connect(way)).rejects.toThrow()
  await Promise.all(clients.map((client) => client.close()))
})

it('ends at all places at once', async () => {
  const { server, ways } = await startEverywhere()
  const clients = await Promise.all(Object.values(ways).map((way) => connect(way)))
  await server.close()
  for (const client of clients) expect((await client.closed).message).toMatch(/SHUTTING_DOWN|shutting down|ended/i)
  for (const way of Object.values(ways)) await expect(connect(way)).rejects.toThrow()
})
