import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { WIRE_NAMES, type WireName } from '../../src/wire/wire.ts'
import { fakeServer } from '../support/fake-server.ts'
import { startServer } from '../support/start-server.ts'
import { until } from '../support/until.ts'

const TOKEN = 's3cret'

async function listen(wire: WireName, token?: string) {
  const { server } = await startServer(token === undefined ? {} : { token })
  return server.listen({ host: '127.0.0.1', port: 0, wire })
}

describe.each(WIRE_NAMES)('a client on the %s wire', (wire) => {
  it.each([{ token: undefined }, { token: TOKEN }])('flies the drone, with the token $token', async ({ token }) => {
    const { port } = await listen(wire, token)
    const client = await connect({ port, token, wire })
    const answers = [client.move({ x: -10, y: 20 }), client.changecolor({ r: 1, g: 2, b: 3 })]
    expect(await Promise.all(answers)).toEqual([expect.objectContaining({ x: -10, y: 20 }), { r: 1, g: 2, b: 3 }])
    await client.write({ text: 'hello,  world' })
    await client.close()
    expect((await client.closed).message).toContain('goodbye')
  })

  it('is refused with another token', async () => {
    const { port } = await listen(wire, TOKEN)
    await expect(connect({ port, token: 'guess', wire })).rejects.toMatchObject({ code: 'AUTH_FAILED' })
  })

  it('is told of a mistake, and goes on', async () => {
    const { port } = await listen(wire)
    const client = await connect({ port, wire })
    await expect(client.write({ text: '' })).rejects.toMatchObject({ code: 'OUT_OF_RANGE', retrySafe: true })
    await client.write({ text: 'a' })
    client.destroy()
  })
})

describe('a client on the framed wire', () => {
  const framed = async () => connect({ ...(await listen('framed')), wire: 'framed' })

  it.each([
    { params: { x: 1, y: 2, z: 3 }, why: 'MOVE carries no Z on the framed wire' },
    { params: { x: 1, y: 2, speed: 3 }, why: 'MOVE carries no SPEED on the framed wire' },
    { params: { x: 2 ** 31, y: 2 }, why: 'X takes an integer, -2147483648..2147483647' },
  ])('refuses $params, which a Move has no room for, before anything is sent', async ({ params, why }) => {
    const client = await framed()
    await expect(client.move(params)).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringMatching(new RegExp(why, 'i')),
    })
    client.destroy()
  })

  it('has no other commands than the wire, no events, and no outcomes', async () => {
    const client = await framed()
    expect(Object.keys(client)).toEqual(expect.arrayContaining(['move', 'write', 'changecolor', 'quit']))
    // @ts-expect-error: STATUS cannot be said.
    expect(client.status).toBeUndefined()
    // @ts-expect-error: it would be a text for the display.
    expect(client.hello).toBeUndefined()
    // @ts-expect-error: there are no events.
    client.subscribe('OPS').return()
    const move = await client.move({ x: 1, y: 2 })
    // @ts-expect-error: there is no number to ask with.
    await expect(move.done).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(client.request('STATUS')).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: 'STATUS cannot be said on the framed wire, which has HELLO, QUIT, MOVE, WRITE, CHANGECOLOR',
    })
    client.destroy()
  })

  it.each(['WRITTEN', 'MOVING_TO', 'MOVING_TO(1.5, x)', 'MOVING_TO(1, 3)', 'MOVING_TO(1, 2, 3)'])(
    'takes %j for no answer to a Move that leads elsewhere',
    async (words) => {
      const frame = (text: string) => `${String.fromCharCode(text.length + 1)}\0\0\0\0${text}`
      const server = await fakeServer({ greeting: frame('AUTH_OK'), welcomes: false })
      const client = await connect({ port: server.port, wire: 'framed' })
      const moved = client.move({ x: 1, y: 2 })
      await server.hears('\u0001\u0001\0\0\0\u0002')
      server.say(frame(words))
      await expect(moved).rejects.toMatchObject({ code: 'PARSE', retrySafe: false, reply: { summary: words } })
      const again = client.move({ x: 1, y: 2 })
      await until(() => server.received.split('\u0001\u0001\0\0\0\u0002').length === 3)
      server.say(frame('MOVING_TO(1, 2)'))
      expect(await again).toEqual({ x: 1, y: 2 })
      client.destroy()
    },
  )

  it('types a reply as having no more than its words', async () => {
    const client = await framed()
    const { x } = await client.move({ x: 1, y: 2 })
    // @ts-expect-error: over the framed wire it may be missing.
    const sure: number = x
    expect(sure).toBe(1)
    expect(await client.write({ text: 'a' })).toEqual({})
    client.destroy()
  })
})

it('knows, on the versioned wire, all that it knows on the text wire', async () => {
  const client = await connect({ ...(await listen('versioned')), wire: 'versioned' })
  await client.move({ x: 1, y: 0, z: 2, speed: 1000 })
  expect(await client.wait()).toEqual({ x: 1, y: 0, z: 2 })
  expect(await client.write({ text: 'hi' })).toEqual({ bytes: 2 })
  await client.close()
})

it('takes no wire that there is not, and no retry where there is no Key', async () => {
  const { port } = await listen('framed')
  await expect(connect({ port, wire: 'morse' as 'text' })).rejects.toThrow('wire is to be one of text')
  const refused = connect({ port, wire: 'framed', retry: true, reconnect: true })
  await expect(refused).rejects.toMatchObject({ code: 'BAD_ARGUMENT', message: expect.stringContaining('Key') })
})

it.each([{ lease: 2000 }, { onClose: 'land' }, { client: 'a test' }] as const)(
  'takes no %j on the framed wire, which cannot say it: what is not armed is refused',
  async (option) => {
    const { port } = await listen('framed')
    const [name = ''] = Object.keys(option)
    const refusal = { code: 'BAD_ARGUMENT', message: expect.stringContaining(name), retrySafe: true }
    await expect(connect({ port, wire: 'framed', ...option })).rejects.toMatchObject(refusal)
  },
)

it('says what came where the server speaks another wire', async () => {
  const { port } = await listen('text')
  await expect(connect({ port, wire: 'versioned' })).rejects.toMatchObject({
    message: expect.stringContaining('VERSION_UNSUPPORTED'),
  })
  await expect(connect({ port, wire: 'framed' })).rejects.toMatchObject({
    message: expect.stringContaining('MESSAGE_TOO_BIG'),
  })
})
