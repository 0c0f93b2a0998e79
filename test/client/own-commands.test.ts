import { describe, expect, it } from 'vitest'
import { connect } from '../../src/client/client.ts'
import { defineCommand } from '../../src/commands/define.ts'
import { Failure } from '../../src/wire/failure.ts'
import { Pilot } from '../support/pilot.ts'
import { recordLog } from '../support/record-log.ts'
import { startServer } from '../support/start-server.ts'

const ROW = { parameters: [], summary: 'do it', example: 'DO', reply: { summary: 'DONE', headers: [] } } as const

describe('a command of one’s own', () => {
  it('is served, typed and explained', async () => {
    const term = { type: 'integer', min: 0, max: 999, required: true } as const
    const add = defineCommand(
      {
        name: 'ADD',
        parameters: [
          { name: 'A', ...term },
          { name: 'B', ...term },
        ],
        summary: 'add two numbers',
        example: 'ADD 1 2',
        reply: { summary: 'SUM', headers: [{ name: 'Sum', type: 'integer' }] },
      },
      async ({ a, b }) => ({ sum: a + b }),
    )
    const { address } = await startServer({ commands: [add] })
    const client = await connect({ ...address, commands: [add] })
    const answers = [client.add({ a: 1, b: 2 }), client.add({ a: 3, b: 4 })]
    expect(await Promise.all(answers)).toEqual([{ sum: 3 }, { sum: 7 }])
    await expect(client.add({ a: 1, b: 1000 })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' })
    expect((await client.help()).entries.map(([name]) => name)).toEqual(['HELLO', 'ADD', 'PING', 'HELP', 'QUIT'])
    await client.close()
  })

  it.each([
    ['says what no message can hold', () => new Failure('BAD_ARGUMENT', { reason: 'two\r\nlines' })],
    ['says it late', async () => new Failure('BAD_ARGUMENT', { hint: 'a\0b' })],
    ['knows a code of its own', () => new Failure('NO_SUCH_CODE' as 'PARSE')],
    ['gives too long a reply', () => ({ entries: [['Key', 'x'.repeat(9000)]] as const })],
    ['gives nothing', () => undefined as never],
  ])('that %s costs its own command INTERNAL, and no other connection a byte', async (_, handler) => {
    const { logger, of } = recordLog()
    const bad = defineCommand({ ...ROW, name: 'DO', reply: { ...ROW.reply, open: true } }, handler as never)
    const { address } = await startServer({ commands: [bad], logger })
    const first = await Pilot.dial(address)
    await first.ask('HELLO\n\nDO\nId: 1\n\n', 'Id: 1\r\n\r\n')
    expect(first.replies).toEqual(['OK READY', 'OK AUTH_OK', 'ERR INTERNAL'])
    const second = await Pilot.dial(address)
    await second.ask('PING\n\n', 'OK PONG')
    expect(second.replies).toEqual(['OK READY', 'OK PONG'])
    await first.ask('PING\n\n', 'OK PONG')
    expect(of('handler failed')).toHaveLength(1)
  })

  it('may end the server, and every connection gets its own replies', async () => {
    const stop = defineCommand({ ...ROW, name: 'STOP-SERVER' }, () => {
      void server.close()
      return {}
    })
    const { server, address } = await startServer({ commands: [stop] })
    const [idle, active] = [await Pilot.dial(address), await Pilot.dial(address)]
    await idle.until('\r\n\r\n')
    active.send('HELLO\n\nSTOP-SERVER\n\n')
    await Promise.all([idle.ended, active.ended])
    expect(idle.replies).toEqual(['OK READY', 'ERR SHUTTING_DOWN'])
    expect(active.replies).toEqual(['OK READY', 'OK AUTH_OK', 'OK DONE', 'ERR SHUTTING_DOWN'])
    for (const { socket } of [idle, active]) socket.end()
  })

  it.each(['OPEN', 'CLOSE', 'THEN', 'REQUEST', 'PING'])(
    'is refused by a client where it is called %s',
    async (name) => {
      const own = defineCommand({ ...ROW, name }, () => ({}))
      await expect(connect({ port: 1, commands: [own] })).rejects.toBeInstanceOf(TypeError)
    },
  )
})
