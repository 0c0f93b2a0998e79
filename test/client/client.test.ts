import { describe, expect, expectTypeOf, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { startServer } from '../support/start-server.ts'

describe('a client', () => {
  it('has a typed method for each command', async () => {
    const { address } = await startServer()
    const client = await connect(address)
    const moved = await client.move({ x: -10, y: 20, z: 30, speed: 1000 })
    expect(moved).toEqual({ x: -10, y: 20, z: 30, op: 1 })
    expectTypeOf(moved).toMatchObjectType<{ readonly x: number; readonly y: number; readonly z?: number | undefined }>()
    expect(await client.write({ text: '  grüße'.trim() })).toEqual({ bytes: 7 })
    expect(await client.changecolor({ r: 1, g: 2, b: 3 })).toEqual({ r: 1, g: 2, b: 3 })
    expect(await client.status()).toMatchObject({ drone: 'sim', r: 1, g: 2, b: 3, text: 'grüße', battery: 100 })
    expect(await client.ping()).toEqual({})
    await client.close()
  })

  it('does not compile with parameters of the wrong type, or missing, or unknown', async () => {
    const { address } = await startServer()
    const client = await connect(address)
    // @ts-expect-error: a string is no integer
    await expect(client.move({ x: '1', y: 2 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    // @ts-expect-error: Y is required
    await expect(client.move({ x: 1 })).rejects.toMatchObject({ code: 'MISSING_ARGUMENT' })
    // @ts-expect-error: there is no such parameter
    await expect(client.move({ x: 1, y: 2, sped: 3 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    // @ts-expect-error: there is no such command
    expect(client.fly).toBeUndefined()
    await client.close()
  })

  it('gets the headers of an open reply as entries, in their order', async () => {
    const { address } = await startServer()
    const client = await connect(address)
    const { entries } = await client.help({ command: 'PING' })
    expect(entries.map(([key]) => key)).toEqual(['Summary', 'Usage', 'Example'])
    await client.close()
  })

  it('sends any command by its name', async () => {
    const { address } = await startServer()
    const client = await connect(address)
    expect(await client.request('MOVE', { X: 1, Y: 2, 'X-Trace': 'abc' })).toMatchObject({ summary: 'MOVING_TO(1, 2)' })
    await expect(client.request('FLY')).rejects.toMatchObject({ code: 'UNKNOWN_COMMAND', retrySafe: true })
    await client.close()
  })

  it('says HELLO with its token and its name', async () => {
    const { address } = await startServer({ token: 's3cret' })
    await expect(connect(address)).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    const client = await connect({ ...address, token: 's3cret', client: 'a test' })
    expect(client.connected).toBe(true)
    await client.close()
    expect(client.connected).toBe(false)
  })

  it('ends politely: all that was asked for is answered before', async () => {
    const { address } = await startServer()
    const client = await connect(address)
    const pings = Array.from({ length: 100 }, () => client.ping())
    await client.close()
    expect(await Promise.all(pings)).toHaveLength(100)
    await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: true })
  })
})

describe('a connection that cannot be had', () => {
  it('is CONNECTION_CLOSED where nobody listens', async () => {
    const { server, address } = await startServer()
    await server.close()
    const refused = connect(address)
    await expect(refused).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', cause: { code: 'ECONNREFUSED' } })
  })

  it('is BUSY where the server is', async () => {
    const { address } = await startServer({ maxConnections: 0 })
    await expect(connect(address)).rejects.toMatchObject({ code: 'BUSY', retrySafe: true })
  })
})
