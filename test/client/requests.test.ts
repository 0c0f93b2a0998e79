import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { fakeServer, idOf } from '../support/fake-server.ts'
import { until } from '../support/until.ts'

const pong = (id: number | string) => `OK PONG\r\nId: ${id}\r\n\r\n`

async function prepare(options: { timeoutMs?: number } = {}) {
  const server = await fakeServer()
  const clock = new FakeClock()
  const client = await connect({ port: server.port, clock, ...options })
  const first = Number(idOf(server.received))
  return { server, clock, client, first }
}

describe('requests', () => {
  it('go out at once, and those of one turn in one write', async () => {
    const { server, client } = await prepare()
    let reads = 0
    server.sockets[0]?.on('data', () => reads++)
    const answers = [client.ping(), client.ping(), client.move({ x: 1, y: 2 })]
    await server.hears('MOVE\r\nX: 1\r\nY: 2\r\nId: 4\r\n\r\n')
    expect(reads).toBe(1)
    server.say(`${pong(2)}${pong(3)}OK MOVING_TO(1, 2)\r\nX: 1\r\nY: 2\r\nId: 4\r\n\r\n`)
    expect(await Promise.all(answers)).toEqual([{}, {}, { x: 1, y: 2, z: undefined }])
    client.destroy()
  })

  it('are matched to replies however those are cut, with CR LF or bare LF', async () => {
    const { server, client } = await prepare()
    const answers = [client.ping(), client.ping()]
    await server.hears('Id: 3')
    for (const byte of `OK PONG\nId: 2\n\n\r\n${pong(3)}`) server.say(byte)
    expect(await Promise.all(answers)).toEqual([{}, {}])
    client.destroy()
  })

  it('fail with the code, the reply and whether a retry is safe', async () => {
    const { server, client } = await prepare()
    const answer = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    server.say('ERR INTERNAL\r\nReason: no\r\nFatal: no\r\nId: 2\r\n\r\n')
    await expect(answer).rejects.toMatchObject({
      code: 'INTERNAL',
      retrySafe: false,
      reply: {
        kind: 'ERR',
        summary: 'INTERNAL',
        headers: [
          ['Reason', 'no'],
          ['Fatal', 'no'],
          ['Id', '2'],
        ],
      },
    })
    client.destroy()
  })

  it.each([-1, Number.NaN, '5' as unknown as number])(
    'are refused where they are to wait %j ms, which is no time',
    async (timeoutMs) => {
      const { client } = await prepare()
      const refusal = { code: 'BAD_ARGUMENT', message: expect.stringContaining('timeoutMs'), retrySafe: true }
      await expect(client.ping({}, { timeoutMs })).rejects.toMatchObject(refusal)
      await expect(connect({ port: 1, timeoutMs })).rejects.toMatchObject(refusal)
      client.destroy()
    },
  )

  it('leave out what is undefined, and are refused where a value is none of a header', async () => {
    const { server, client } = await prepare()
    const refused = client.request('MOVE', { X: 1, Y: {} as number })
    await expect(refused).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      message: expect.stringContaining('Y'),
      retrySafe: true,
    })
    client.request('MOVE', { X: 1, Y: undefined }).catch(() => {})
    await server.hears('MOVE')
    expect(server.received).toMatch(/MOVE\r\nX: 1\r\nId: \d+\r\n\r\n$/)
    client.destroy()
  })

  it.each(['a b', '', 'x'.repeat(65)])(
    'with the Id %j, which no reply would have, are refused before anything is sent',
    async (Id) => {
      const server = await fakeServer()
      const client = await connect({ port: server.port })
      await expect(client.request('PING', { Id })).rejects.toMatchObject({ code: 'BAD_ARGUMENT', retrySafe: true })
      expect(client.connected).toBe(true)
      expect(server.received).not.toContain('PING')
      client.destroy()
    },
  )

  it('that no message can hold are refused before anything is sent', async () => {
    const { server, client } = await prepare()
    const before = server.received
    for (const text of ['a\rb', 'a\nb', 'a\0b', 'QUIT\r\n\r\n', ' outer space ']) {
      await expect(client.write({ text })).rejects.toMatchObject({ code: 'BAD_ARGUMENT', retrySafe: true })
    }
    await expect(client.move({ x: 0.5, y: 1 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    await expect(client.request('PI NG')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const answer = client.ping()
    await server.hears('PING')
    expect(server.received.slice(before.length)).toMatch(/^PING\r\nId: \d+\r\n\r\n$/)
    client.destroy()
    await expect(answer).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
  })
})

describe('a timeout', () => {
  it('is counted from when the request was sent, and costs only that request', async () => {
    const { server, clock, client } = await prepare()
    const slow = client.wait({ timeout: 1 }, { timeoutMs: 1000 })
    const patient = client.ping(undefined, { timeoutMs: 5000 })
    const failed = expect(slow).rejects.toMatchObject({ code: 'TIMEOUT', retrySafe: false })
    await server.hears('PING')
    clock.advance(999)
    clock.advance(1)
    await failed
    server.say(`OK ARRIVED\r\nX: 0\r\nY: 0\r\nZ: 0\r\nId: 2\r\n\r\n${pong(3)}`)
    expect(await patient).toEqual({})
    client.destroy()
  })

  it('is that of the client where a request has none, and leaves no timer behind', async () => {
    const { server, clock, client } = await prepare({ timeoutMs: 100 })
    const failed = expect(client.ping()).rejects.toMatchObject({ code: 'TIMEOUT' })
    await server.hears('PING')
    clock.advance(100)
    await failed
    client.destroy()
    await client.closed
    expect(clock.timers).toBe(0)
  })

  it('holds for connecting, too, as does a signal', async () => {
    const server = await fakeServer({ greeting: '' })
    const clock = new FakeClock()
    const failed = expect(connect({ port: server.port, clock, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
    clock.advance(50)
    await failed
    const silent = expect(connect({ port: server.port, clock })).rejects.toMatchObject({ code: 'TIMEOUT' })
    clock.advance(10_000)
    await silent
    const aborted = connect({ port: server.port, signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

it('two hundred thousand timeouts at once are as many failures, with one timer', async () => {
  const { server, clock, client } = await prepare({ timeoutMs: 100 })
  const answers = Promise.allSettled(Array.from({ length: 200_000 }, () => client.ping()))
  await server.hears('PING')
  expect(clock.timers).toBe(1)
  clock.advance(100)
  const failures = (await answers).filter(({ status }) => status === 'rejected')
  expect(failures).toHaveLength(200_000)
  client.destroy()
})

it('close waits no longer than any request', async () => {
  const { server, clock, client } = await prepare({ timeoutMs: 100 })
  const closed = client.close()
  await server.hears('QUIT')
  await expect(client.ping()).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', retrySafe: true })
  clock.advance(100)
  await closed
})

it('close waits no longer than it is told to', async () => {
  const { server, clock, client } = await prepare()
  const closed = client.close({ timeoutMs: 100 })
  await server.hears('QUIT')
  clock.advance(100)
  await closed
})

describe('a request that is aborted', () => {
  it('is ABORTED, and the reply that still comes is taken for no other', async () => {
    const { server, client } = await prepare()
    const abort = new AbortController()
    const aborted = client.ping(undefined, { signal: abort.signal })
    const next = client.ping()
    const why = new Error('the reason')
    const failed = expect(aborted).rejects.toMatchObject({ code: 'ABORTED', retrySafe: false, cause: why })
    await server.hears('Id: 3')
    abort.abort(why)
    await failed
    server.say(pong(2) + pong(3))
    expect(await next).toEqual({})
    client.destroy()
  })

  it.each([false, true])('costs its signal one listener, with however many others, retry: %j', async (retry) => {
    const clock = new FakeClock()
    const server = await fakeServer()
    const client = await connect({ port: server.port, clock, timeoutMs: 0, reconnect: true, retry })
    const abort = new AbortController()
    const { signal } = abort
    const answers = Array.from({ length: 100 }, () => client.ping(undefined, { signal }).catch(({ code }) => code))
    await server.hears('PING')
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    server.sockets[0]?.resetAndDestroy()
    await until(() => clock.timers > 0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(retry ? 1 : 0)
    abort.abort()
    expect(new Set(await Promise.all(answers))).toEqual(new Set([retry ? 'ABORTED' : 'CONNECTION_CLOSED']))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    client.destroy()
  })

  it('is one that still waits, and under that signal', async () => {
    const { server, client, first } = await prepare()
    const abort = new AbortController()
    const under = ({ signal }: AbortController) => client.ping(undefined, { signal })
    const answered = under(abort)
    const answers = Promise.allSettled([answered, client.ping(), under(abort), under(new AbortController())])
    await server.hears(`Id: ${first + 4}`)
    server.say(pong(first + 1))
    await answered
    abort.abort()
    server.say(pong(first + 2) + pong(first + 3) + pong(first + 4))
    const statuses = (await answers).map(({ status }) => status)
    expect(statuses).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
    client.destroy()
  })

  it('is not even sent where that was before', async () => {
    const { server, client } = await prepare()
    const before = server.received
    const signal = AbortSignal.abort('the reason')
    const failure = { code: 'ABORTED', retrySafe: true, cause: 'the reason' }
    await expect(client.ping(undefined, { signal })).rejects.toMatchObject(failure)
    expect(server.received).toBe(before)
    client.destroy()
  })
})
