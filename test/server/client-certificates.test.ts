import { describe, expect, it } from 'vitest'
import { defineCommand } from '../../src/commands/define.ts'
import { certificates, HAS_OPENSSL, type Pair } from '../support/certificates.ts'
import { recordLog } from '../support/record-log.ts'
import { until } from '../support/until.ts'
import { converse, secured, startTls } from '../withstand/support/tls.ts'

// That bad certificates of every kind are refused, in either version of TLS, are items 79 and 80 of the catalogue.

const whoami = defineCommand(
  {
    name: 'WHOAMI',
    parameters: [],
    summary: 'tell who I am',
    example: 'WHOAMI',
    reply: { summary: 'YOU', headers: [{ name: 'Name', type: 'text', optional: true }] },
  },
  (_, { identity }) => ({ name: identity }),
)

/** A server that demands certificates, and what it says to one client. */
async function scene(token?: string) {
  const { ca, crl, server } = certificates()
  const log = recordLog()
  const { address, server: skyline } = await startTls({
    tls: { ...server, ca, crl },
    token,
    logger: log.logger,
    commands: [whoami],
  })
  const say = async (script: string, pair?: Pair) => (await converse(secured(address, pair), script)).received
  return { skyline, address, log, say }
}

describe.skipIf(!HAS_OPENSSL)('a client with a certificate', () => {
  it.each([
    { what: 'no name', hello: 'HELLO\n\n' },
    { what: 'the name of its certificate', hello: 'HELLO\nClient: pilot\n\n' },
  ])('may say HELLO with $what', async ({ hello }) => {
    const { say } = await scene()
    const answer = await say(`${hello}WHOAMI\n\nQUIT\n\n`, certificates().pilot)
    expect(answer).toMatch(/OK AUTH_OK.*OK YOU\r\nName: pilot\r\n.*OK BYE/s)
  })

  it.each(['other', 'PILOT', 'pilot2', 'localhost'])('may not call itself %s', async (name) => {
    const { say, log } = await scene()
    const answer = await say(`HELLO\nClient: ${name}\n\nWHOAMI\n\nQUIT\n\n`, certificates().pilot)
    expect(answer).toMatch(/ERR AUTH_FAILED.*ERR EXPECTED_HANDSHAKE.*OK BYE/s)
    await until(() => log.of('connection closed').length === 1)
    expect(log.of('connection closed')).toMatchObject([{ client: 'pilot' }])
  })

  it('is out after the third wrong name', async () => {
    const { say } = await scene()
    const answer = await say('HELLO\nClient: x\n\n'.repeat(5), certificates().pilot)
    expect(answer.match(/ERR AUTH_FAILED/g)).toHaveLength(3)
  })

  it('needs the token all the same', async () => {
    const { say } = await scene('s3cret')
    expect(await say('HELLO\n\nQUIT\n\n', certificates().pilot)).toMatch(/ERR AUTH_FAILED.*OK BYE/s)
    expect(await say('HELLO s3cret\n\nQUIT\n\n', certificates().pilot)).toMatch(/OK AUTH_OK.*OK BYE/s)
  })

  it('has its name in the log from the start, whether it says HELLO or not', async () => {
    const { say, log } = await scene()
    await say('QUIT\n\n', certificates().pilot)
    await until(() => log.of('connection closed').length === 1)
    expect(log.of('connection closed')).toMatchObject([{ client: 'pilot', reason: 'QUIT' }])
  })
})

describe.skipIf(!HAS_OPENSSL)('a certificate is refused with a reason in words', () => {
  it.each([
    { what: 'none', pick: () => undefined, reason: /none was shown/ },
    { what: 'one that is revoked', pick: () => certificates().revoked, reason: /revoked/ },
    { what: 'one that has expired', pick: () => certificates().expired, reason: /expired/ },
    { what: 'one of an authority that is not trusted', pick: () => certificates().foreign, reason: /verify|issuer/ },
    { what: 'one that is for servers', pick: () => certificates().wrongUse, reason: /purpose/ },
  ])('$what', async ({ pick, reason }) => {
    const { say, log } = await scene()
    const answer = await say('HELLO\n\nWHOAMI\n\n', pick())
    // In place of the greeting, and nothing behind it.
    expect(answer).toMatch(/^ERR AUTH_FAILED\r\nReason: The client certificate is refused: [a-z ]+\r\nFatal: yes\r\n/)
    expect(answer).toMatch(reason)
    expect(answer.split('\r\n\r\n')).toHaveLength(2)
    expect(log.of('connection refused')).toMatchObject([
      { level: 40, code: 'AUTH_FAILED', reason: expect.stringMatching(reason) },
    ])
    expect(log.of('connection opened')).toEqual([])
  })
})

it.skipIf(!HAS_OPENSSL)('two authorities may each have a list of those that are revoked', async () => {
  const { ca, otherCa, crl, otherCrl, server, pilot, foreign, revoked } = certificates()
  const greeted = async (pair: Pair, lists: string) => {
    const { address } = await startTls({ tls: { ...server, ca: `${ca}${otherCa}`, crl: lists } })
    return (await converse(secured(address, pair), 'QUIT\n\n')).received.includes('OK BYE')
  }
  for (const lists of [`${crl}${otherCrl}`, `${otherCrl}\n${crl}`]) {
    const came = [await greeted(pilot, lists), await greeted(foreign, lists), await greeted(revoked, lists)]
    expect(came).toEqual([true, true, false])
  }
})

describe.skipIf(!HAS_OPENSSL)('a server that asks for no certificate', () => {
  it('takes any client, and gives it no identity', async () => {
    const { address } = await startTls({ commands: [whoami] })
    const { received } = await converse(
      secured(address, certificates().foreign),
      'HELLO\nClient: x\n\nWHOAMI\n\nQUIT\n\n',
    )
    expect(received).toMatch(/OK AUTH_OK.*OK YOU\r\n\r\nOK BYE/s)
  })
})
