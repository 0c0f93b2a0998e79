import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { fakeServer } from '../support/fake-server.ts'

const GREETING = 'OK READY\r\nProtocol: 1\r\n\r\n'

describe('when the connection ends, every waiter is told', () => {
  it.each([
    ['the server ends it', (server: Awaited<ReturnType<typeof fakeServer>>) => server.sockets[0]?.end()],
    ['it is reset', (server: Awaited<ReturnType<typeof fakeServer>>) => server.sockets[0]?.resetAndDestroy()],
  ])('CONNECTION_CLOSED, and that a retry may do it twice: %s', async (_, end) => {
    const server = await fakeServer()
    const client = await connect({ port: server.port })
    const answers = Promise.allSettled([client.move({ x: 1, y: 2 }), client.ping()])
    await server.hears('PING')
    end(server)
    for (const answer of await answers) {
      expect(answer).toMatchObject({ reason: { code: 'CONNECTION_CLOSED', retrySafe: false } })
    }
    await client.closed
    expect(client.connected).toBe(false)
  })

  it('the fatal error, and all behind it that nothing of them was run', async () => {
    const server = await fakeServer()
    const client = await connect({ port: server.port })
    const answers = Promise.allSettled([client.ping(), client.move({ x: 1, y: 2 })])
    await server.hears('MOVE')
    server.say('ERR SHUTTING_DOWN\r\nReason: the end\r\nFatal: yes\r\n\r\n')
    const [first, second] = await answers
    expect(first).toMatchObject({ reason: { code: 'SHUTTING_DOWN', retrySafe: false } })
    expect(second).toMatchObject({ reason: { code: 'CONNECTION_CLOSED', retrySafe: true } })
    expect(await client.closed).toMatchObject({ code: 'SHUTTING_DOWN' })
  })
})

describe('behind a fatal error', () => {
  const start = async (options = {}) => {
    const server = await fakeServer()
    const client = await connect({ port: server.port, ...options })
    const fatal = (code: string, id = '') => server.say(`ERR ${code}\r\nReason: the end\r\nFatal: yes\r\n${id}\r\n`)
    return { server, client, fatal }
  }

  it.each(['AUTH_FAILED', 'IDLE_TIMEOUT', 'SHUTTING_DOWN'])(
    'the first that waits may be under way, whatever the code is safe for: %s',
    async (code) => {
      const { server, client, fatal } = await start()
      const moved = client.move({ x: 1, y: 2, wait: 'yes' })
      await server.hears('MOVE')
      fatal(code)
      await expect(moved).rejects.toMatchObject({ code, retrySafe: false, reply: { summary: code } })
    },
  )

  it('that is its own the first that waits was certainly not run', async () => {
    const { server, client, fatal } = await start()
    const moved = client.move({ x: 1, y: 2 })
    await server.hears('MOVE')
    fatal('TOO_MANY_ERRORS', 'Id: 2\r\n')
    await expect(moved).rejects.toMatchObject({ code: 'TOO_MANY_ERRORS', retrySafe: true })
    const late = await fakeServer({ welcomes: false })
    const connected = connect({ port: late.port })
    await late.hears('HELLO')
    late.say('ERR BUSY\r\nReason: too many\r\nFatal: yes\r\n\r\n')
    await expect(connected).rejects.toMatchObject({ code: 'BUSY', retrySafe: true })
  })

  it('what is of the stop lane may have been run ahead of its turn, and what nobody knows here; all else was not', async () => {
    const { server, client, fatal } = await start()
    const sent = {
      ...{ wait: client.wait(), move: client.move({ x: 1, y: 2 }), stop: client.stop(), land: client.land() },
      ...{ emergency: client.emergency({ drone: 'sim' }), color: client.request('color', { R: 1, G: 2, B: 3 }) },
      ...{ land2: client.sendBytes(Buffer.from('\nland\n\n')), ping: client.sendBytes(Buffer.from('ping\n\n')) },
      ...{ halt: client.request('HALT') },
    }
    const answers = Promise.allSettled(Object.values(sent))
    await server.hears('HALT')
    fatal('SHUTTING_DOWN')
    const safe = (await answers).map((answer) => answer.status === 'rejected' && answer.reason.retrySafe)
    expect(Object.fromEntries(Object.keys(sent).map((name, index) => [name, safe[index]]))).toEqual({
      ...{ wait: false, move: true, stop: false, land: false, emergency: false, color: true },
      ...{ land2: false, ping: true, halt: false },
    })
  })

  it('what is of the stop lane is told from the rest by the commands of the client', async () => {
    const row = { aliases: [], states: ['Authenticated'], parameters: [], summary: 'do', example: 'DO' } as const
    const reply = { summary: 'DONE', headers: [] } as const
    const { server, client, fatal } = await start({
      commands: [
        { ...row, name: 'HALT', urgent: true, reply },
        { ...row, name: 'SURVEY', reply },
      ],
    })
    const names = ['PING', 'HALT', 'SURVEY', 'STOP']
    const answers = Promise.allSettled(names.map((name) => client.request(name)))
    await server.hears('STOP')
    fatal('TOO_MANY_ERRORS')
    const safe = (await answers).map((answer) => answer.status === 'rejected' && answer.reason.retrySafe)
    expect(safe).toEqual([true, false, true, false])
  })
})

describe('what is not skyline/1 ends the connection', () => {
  it.each([
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'a greeting of another protocol'],
    ['OK HI\r\nProtocol: 1\r\n\r\n', 'an OK that is no greeting'],
    ['OK READY\r\nProtocol: 2\r\n\r\n', 'another version'],
    ['OK READY\r\n\r\n', 'no version'],
    [`${GREETING}OK AUTH_OK\r\nId: 99\r\n\r\n`, 'a reply to another request'],
    [`${GREETING}OK WELCOME\r\nProtocol: 1\r\nId: 1\r\n\r\n`, 'another reply than that to HELLO'],
    [`${GREETING}HELLO\r\n\r\n`, 'neither OK, ERR nor EVENT'],
    [`${GREETING}OK AUTH_OK\r\nbad line\r\n\r\n`, 'a mistake in the grammar'],
    [`${GREETING}OK AUTH_OK\r\nText: \xff\r\n\r\n`, 'bytes that are not UTF-8'],
    [`${GREETING}OK AUTH_OK\r\nText: ${'x'.repeat(10_000)}`, 'a message without an end'],
  ])('%j', async (greeting) => {
    const server = await fakeServer({ greeting, welcomes: false })
    const codes = ['CONNECTION_CLOSED', 'VERSION_UNSUPPORTED']
    await expect(connect({ port: server.port })).rejects.toMatchObject({ code: expect.toBeOneOf(codes) })
    await expect.poll(() => server.sockets.every(({ destroyed }) => destroyed)).toBe(true)
  })

  it('a reply that nobody asked for', async () => {
    const server = await fakeServer()
    const client = await connect({ port: server.port })
    server.say('OK PONG\r\nId: 2\r\n\r\n')
    expect(String(await client.closed)).toContain('a reply that nobody asked for')
  })

  it('a reply without what the command promises is PARSE, for that request alone', async () => {
    const server = await fakeServer()
    const client = await connect({ port: server.port })
    const answers = Promise.allSettled([client.move({ x: 1, y: 2 }), client.ping()])
    await server.hears('PING')
    server.say('OK MOVING_TO(1, 2)\r\nX: one\r\nY: 2\r\nId: 2\r\n\r\nOK PONG\r\nId: 3\r\n\r\n')
    const [move, ping] = await answers
    expect(move).toMatchObject({ reason: { code: 'PARSE' } })
    expect(ping).toMatchObject({ value: {} })
    client.destroy()
  })
})

it('hands events over as they come, between replies', async () => {
  const server = await fakeServer()
  const events: string[] = []
  const client = await connect({ port: server.port, onEvent: ({ summary }) => events.push(summary) })
  const answer = client.ping()
  await server.hears('PING')
  server.say('EVENT ARRIVED\r\nX: 1\r\n\r\nOK PONG\r\nId: 2\r\n\r\nEVENT LOW\r\n\r\n')
  expect(await answer).toEqual({})
  await expect.poll(() => events).toEqual(['ARRIVED', 'LOW'])
  client.destroy()
})

it('lets a sender keep pace with a server that does not read', async () => {
  const server = await fakeServer()
  const client = await connect({ port: server.port })
  server.sockets[0]?.pause()
  const answers: Promise<unknown>[] = []
  let drained = Promise.resolve()
  let isOpen = true
  while (isOpen) {
    for (let i = 0; i < 1000; i++) answers.push(client.write({ text: 'x'.repeat(255) }).catch(() => {}))
    isOpen = false
    drained = client.drained().then(() => {
      isOpen = true
    })
    await nextTurn()
    await nextTurn()
  }
  server.sockets[0]?.resume()
  await drained
  client.destroy()
  await Promise.all(answers)
})
