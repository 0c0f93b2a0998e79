import { describe, expect, it } from 'vitest'
import { type ConnectOptions, connect } from '../../src/client/client.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeServer, idOf } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

const RECONNECT = { minDelayMs: 100, maxDelayMs: 100, random: () => 0 }

async function start(options: Omit<ConnectOptions, 'port' | 'wire'> = {}) {
  const clock = new FakeClock()
  const server = await fakeServer()
  const client = await connect({
    ...{ port: server.port, clock, timeoutMs: 0, reconnect: RECONNECT, retry: true },
    ...options,
  })
  const cut = async () => {
    server.sockets.at(-1)?.resetAndDestroy()
    await until(() => clock.timers > 0)
  }
  return { clock, server, client, cut }
}

it('who has asked to send again comes back for that, without having asked to come back', async () => {
  const clock = new FakeClock()
  const server = await fakeServer()
  const client = await connect({ port: server.port, clock, timeoutMs: 0, retry: true })
  const pong = client.ping()
  await server.hears('PING')
  server.sockets.at(-1)?.resetAndDestroy()
  await until(() => clock.timers > 0)
  clock.advance(60_000)
  await until(() => server.sockets.length === 2)
  await server.hears('PING')
  server.say(`OK PONG\r\nReplayed: yes\r\nId: ${idOf(server.received)}\r\n\r\n`)
  await pong
  client.destroy()
})

describe('what may have been run, and is not answered', () => {
  it('is CONNECTION_CLOSED, and not safe to send again, where the server refuses to have the client back', async () => {
    const { clock, server, client, cut } = await start()
    const moved = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    server.mute()
    await cut()
    const failed = expect(moved).rejects.toMatchObject({
      ...{ code: 'CONNECTION_CLOSED', retrySafe: false, cause: { code: 'AUTH_FAILED' } },
    })
    const notSent = expect(client.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: true })
    clock.advance(100)
    await until(() => server.sockets.length === 2)
    server.say('ERR AUTH_FAILED\r\nReason: no\r\nFatal: yes\r\n\r\n')
    await Promise.all([failed, notSent])
  })

  it.each(['close', 'destroy'] as const)('is that as well where the client calls %s while it is away', async (end) => {
    const { server, client, cut } = await start()
    const moved = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    await cut()
    const failed = expect(moved).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: false })
    await client[end]()
    await failed
  })

  it('is not safe to send again either where a second attempt is refused', async () => {
    const { clock, server, client, cut } = await start()
    const moved = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    await cut()
    const failed = expect(moved).rejects.toMatchObject({ code: 'NOT_FLYING', retrySafe: false })
    clock.advance(100)
    await until(() => server.sockets.length === 2)
    await server.hears('MOVE')
    server.say(
      `ERR NOT_FLYING\r\nReason: a server that knows no Key\r\nFatal: no\r\nId: ${idOf(server.received)}\r\n\r\n`,
    )
    await failed
    client.destroy()
  })
})

describe('over another connection', () => {
  const texts = (received: string) => [...received.matchAll(/Text: (.*)\r/g)].map(([, text]) => text)

  it('what waits goes first, in its first order, and what is new behind it', async () => {
    const { clock, server, client, cut } = await start()
    const write = (text: string) => void client.write({ text }).catch(() => {})
    for (const text of ['a', 'b', 'c']) write(text)
    await server.hears('Text: c')
    await cut()
    write('d')
    const ready = client.ready().then(() => write('e'))
    clock.advance(100)
    await ready
    await server.hears('Text: e')
    expect(texts(server.received)).toEqual(['a', 'b', 'c', 'd', 'e'])
    client.destroy()
  })

  it('what is asked for while HELLO is answered is sent, and keeps its place', async () => {
    let onEvent = () => {}
    const { clock, server, client, cut } = await start({ onEvent: () => onEvent() })
    const write = (text: string) => void client.write({ text }).catch(() => {})
    write('a')
    await server.hears('Text: a')
    await cut()
    onEvent = () => write('b')
    server.mute()
    clock.advance(100)
    await until(() => server.sockets.length === 2)
    server.say('OK READY\r\nProtocol: 1\r\n\r\nEVENT LOW\r\n\r\n')
    await server.hears('Text: b')
    expect(texts(server.received)).toEqual(['a', 'b'])
    client.destroy()
  })

  it('what is asked for in the moment of the loss keeps its place', async () => {
    // What was in flight is told of the loss some microtasks later.
    for (let later = 0; later < 10; later++) {
      let onEvent = async () => {}
      const { clock, server, client } = await start({ onEvent: () => void onEvent() })
      const write = (text: string) => void client.write({ text }).catch(() => {})
      write('a')
      await server.hears('Text: a')
      onEvent = async () => {
        for (let step = 0; step < later; step++) await undefined
        write('b')
      }
      server.say('EVENT LOW\r\n\r\nNONSENSE\r\n\r\n')
      await until(() => clock.timers > 0)
      clock.advance(100)
      await until(() => server.sockets.length === 2)
      await server.hears('Text: b')
      expect(texts(server.received)).toEqual(['a', 'b'])
      client.destroy()
    }
  })

  it('what was given up while it waited is not sent', async () => {
    const { clock, server, client, cut } = await start()
    const controller = new AbortController()
    const moved = client.move({ x: 1, y: 2 }, { signal: controller.signal })
    await server.hears('MOVE')
    await cut()
    const failed = expect(moved).rejects.toMatchObject({ code: 'ABORTED', retrySafe: false, cause: 'the reason' })
    controller.abort('the reason')
    await failed
    clock.advance(100)
    await client.ready()
    client.ping().catch(() => {})
    await server.hears('PING')
    expect(server.received).not.toContain('MOVE')
    client.destroy()
  })
})
