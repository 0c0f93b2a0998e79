import { expect, it } from 'vitest'
import { createEntry } from '../../src/server/identities.ts'
import { recordLog } from '../support/record-log.ts'
import { startScene } from '../support/start-scene.ts'

const TOKEN = 's3cret-T0ken'

it.each([
  { how: 'as it should be', input: `HELLO\nToken: ${TOKEN}\nClient: me\n\nPING\n\n` },
  { how: 'as an argument', input: `HELLO ${TOKEN}\n\nPING\n\n` },
  { how: 'without the colon', input: `HELLO\nToken ${TOKEN}\n\nPING\n\n` },
  { how: 'as a message of its own', input: `Token: ${TOKEN}\n\nToken ${TOKEN}\n\nPING\n\n` },
  { how: 'under a mistyped name', input: `HELLO\nTokne: ${TOKEN}\n\nPING\n\n` },
  { how: 'with a space before the colon', input: `HELLO\nToken : ${TOKEN}\n\nPING\n\n` },
  { how: 'as a folded line', input: `HELLO\nToken:\n ${TOKEN}\n\nPING\n\n` },
  { how: 'as the version, the name and the Id', input: `HELLO\nVersion: ${TOKEN}\n\nHELLO\nId: ${TOKEN}!\n\nPING\n\n` },
  { how: 'in a HELLO that fails as Client', input: `HELLO\nClient: ${TOKEN}\nVersion: 2\n\nPING\n\n` },
  { how: 'both ways', input: `HELLO ${TOKEN}\nToken: ${TOKEN}\n\nPING\n\n` },
  { how: 'twice', input: `HELLO\nToken: ${TOKEN}\nToken: ${TOKEN}\n\nPING\n\n` },
  { how: 'as a parameter of commands', input: `HELP ${TOKEN}\n\nMOVE ${TOKEN} 1\n\nWRITE ${TOKEN}\n\nPING\n\n` },
  { how: 'behind a control character', input: `HELLO\nToken: ${TOKEN}\x1b\n\nPING\n\n` },
  { how: 'a second time after HELLO', input: `HELLO ${TOKEN}\n\nHELLO ${TOKEN}\n\nHELLO\nToken: ${TOKEN}\n\nPING\n\n` },
])('neither log nor replies show a token that is sent $how (R4)', async ({ input }) => {
  const log = recordLog()
  const { join } = await startScene({ logger: log.logger, token: TOKEN })
  const { pilot, gone } = await join()
  await pilot.ask(input, 'OK PONG')
  pilot.socket.end()
  await gone
  expect(log.text).not.toContain('s3cret')
  expect(pilot.received).not.toContain('s3cret')
})

it('logs and quotes no value at all before HELLO has succeeded, names only (R4)', async () => {
  const log = recordLog()
  const { join } = await startScene({ logger: log.logger })
  const { pilot } = await join()
  await pilot.ask(
    'HELLO\nVersion: hidden1\n\nMOVE hidden2 hidden3\n\nHELP hidden4\n\nHELLO\nX hidden5\n\nPING\n\n',
    'OK PONG',
  )
  expect(log.text).not.toContain('hidden')
  expect(pilot.received).not.toContain('hidden')
})

it('the log shows no token in whatever place of later messages it is sent either', async () => {
  const log = recordLog()
  const { join } = await startScene({ logger: log.logger, token: TOKEN })
  const { pilot, gone } = await join()
  const places = [
    `MOVE ${TOKEN} 1`,
    TOKEN,
    `PING\n${TOKEN}: 1`,
    `Token: ${TOKEN}`,
    `HELLO\nToken ${TOKEN}`,
    `PING\nId: ${TOKEN}!`,
    `HELP ${TOKEN}`,
  ]
  const script = [
    TOKEN,
    `HELLO ${TOKEN}`,
    ...places,
    `PING ${TOKEN}`,
    `WAIT\nTimeout: ${TOKEN}`,
    `WRITE ${TOKEN}`,
    'PING',
  ]
  await pilot.ask(script.map((message) => `${message}\n\n`).join(''), 'OK PONG')
  pilot.socket.end(`PING\nNote: ${TOKEN}`)
  await gone
  expect(log.of('message refused').length).toBeGreaterThanOrEqual(places.length)
  expect(log.text).not.toContain('s3cret')
})

it('the log shows no token that has come to be good since, nor the one before', async () => {
  const log = recordLog()
  const { server, join } = await startScene({ logger: log.logger, token: 'the-old-T0ken' })
  server.renew({ credentials: { kind: 'shared', token: 'the-old-T0ken-2026-T0ken' } })
  server.renew({ credentials: { kind: 'shared', token: TOKEN } })
  const { pilot } = await join()
  const [old, older, now] = ['the-old-T0ken-2026-T0ken', 'the-old-T0ken', TOKEN].map(
    (token) => `${token}: 1\n\nHELLO\n${token}: x\n\n`,
  )
  await pilot.ask(`${old}${older}${now}PING\n\n`, 'OK PONG')
  expect(log.of('message refused')).toHaveLength(6)
  expect(log.text).not.toContain('T0ken')
  expect(log.text).not.toContain('2026-T')
})

it('the log shows no token of a name, where that is taken for the name of a header', async () => {
  const log = recordLog()
  const { token, entry } = createEntry('ann', 'pilot')
  const { join } = await startScene({ logger: log.logger, credentials: { kind: 'named', entries: [entry] } })
  const { pilot } = await join()
  // The name of a header begins with a letter, which a token need not.
  await pilot.ask(`HELLO\nx${token}: x\n\nPING\n\n`, 'OK PONG')
  expect(log.of('message refused')).toMatchObject([{ reason: expect.stringContaining('[token]') }])
  expect(log.text).not.toContain(token.slice(-20, -5))
})

it('escapes what a client has sent (R4)', async () => {
  const log = recordLog()
  const { join } = await startScene({ logger: log.logger })
  const { pilot, gone } = await join()
  const input =
    'HELLO\nClient: é\u00b2 x\n\nMOVE 1 ²\n\nMOVE 1 \u202e\n\nÄ\u202e\n\nX\u00b2 1\n\nPING\nü: 1\n\nPING\n\n'
  await pilot.ask(Buffer.from(input).toString('latin1'), 'OK PONG')
  pilot.socket.end()
  await gone
  expect(log.text).toMatch(/^[\x20-\x7e\n]*$/)
  expect(log.of('connection closed')).toMatchObject([{ client: expect.stringContaining('\\xc3\\xa9\\xc2\\xb2 x') }])
  expect(pilot.received).toMatch(/^[\x20-\x7e\r\n]*$/)
  expect(pilot.received).toContain('"\\xc2\\xb2"')
})

it('cuts what it quotes after 64 bytes (R4)', async () => {
  const log = recordLog()
  const { join } = await startScene({ logger: log.logger })
  const { pilot } = await join()
  await pilot.ask(`HELLO\n\nMOVE 1 ${'y'.repeat(5000)}\n\n`, 'BAD_ARGUMENT')
  expect(pilot.received).toContain('y'.repeat(64))
  expect(pilot.received).not.toContain('y'.repeat(65))
  expect(log.text).not.toContain('y'.repeat(65))
})
