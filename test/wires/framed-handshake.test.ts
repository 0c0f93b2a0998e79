import { describe, expect, it } from 'vitest'
import { recordLog } from '../support/record-log.ts'
import { until } from '../support/until.ts'
import { changeColor, dialFramed, err, move, ok, quit, wordOf, write } from './support/framed-client.ts'
import { startWires } from './support/start-wires.ts'

const TOKEN = 's3cret'

describe('the handshake of the framed wire', () => {
  it.each([
    { how: 'HELLO, where the server has no token', options: {}, word: 'HELLO' },
    { how: 'the token, where it has one', options: { token: TOKEN }, word: TOKEN },
    { how: 'a token whose frame begins like a TLS record', options: { token: 'x'.repeat(20) }, word: 'x'.repeat(20) },
    { how: 'a token of 255 bytes', options: { token: 'x'.repeat(255) }, word: 'x'.repeat(255) },
    { how: 'a token that reads HELLO', options: { token: 'HELLO' }, word: 'HELLO' },
  ])('is a Write of $how', async ({ options, word }) => {
    const { framed } = await startWires(options)
    const client = await dialFramed(framed)
    expect(await client.finish(write(word), quit())).toEqual([ok('AUTH_OK'), ok('BYE')])
  })

  it.each([
    { options: {}, word: 'hello' },
    { options: {}, word: 'HELLO ' },
    { options: {}, word: 'HELLO\n\n' },
    { options: {}, word: 'HELLO Token' },
    { options: {}, word: '' },
    { options: {}, word: '\0' },
    { options: {}, word: '\r\n\r\nMOVE 1 2' },
    { options: { token: TOKEN }, word: 'HELLO' },
    { options: { token: TOKEN }, word: 's3cre' },
    { options: { token: TOKEN }, word: 's3cret ' },
    { options: { token: TOKEN }, word: 'S3CRET' },
    { options: { token: TOKEN }, word: '' },
    { options: { token: TOKEN }, word: `${TOKEN} 1` },
    { options: { token: TOKEN }, word: `x\nToken: ${TOKEN}` },
    { options: { token: TOKEN }, word: 'ä' },
  ])('is AUTH_FAILED for any other text, and may be tried again: $word, $options', async ({ options, word }) => {
    const { framed } = await startWires(options)
    const client = await dialFramed(framed)
    const good = write(options.token ?? 'HELLO')
    expect(await client.finish(write(word), good, quit())).toEqual([err('AUTH_FAILED'), ok('AUTH_OK'), ok('BYE')])
  })

  it.each([{}, { token: TOKEN }])(
    'ends the session at the third wrong text, whatever comes between: %j',
    async (options) => {
      const { framed } = await startWires(options)
      const client = await dialFramed(framed)
      const wrong = write('wrong')
      const answers = await client.finish(wrong, wrong, move(1, 2), wrong, write(options.token ?? 'HELLO'), move(3, 4))
      const failed = err('AUTH_FAILED')
      expect(answers).toEqual([failed, failed, err('EXPECTED_HANDSHAKE'), failed])
    },
  )

  it('may be a Write of any length: none is taken for another protocol', async () => {
    const { framed } = await startWires()
    const lengths = Array.from({ length: 256 }, (_, length) => length)
    const answers = await Promise.all(
      lengths.map(async (length) => (await dialFramed(framed)).finish(write('x'.repeat(length)))),
    )
    expect(answers).toEqual(lengths.map(() => [err('AUTH_FAILED')]))
  })

  it('is over with its success: the same text again is written on the drone', async () => {
    const { framed } = await startWires({ token: TOKEN })
    const client = await dialFramed(framed)
    expect(await client.finish(write(TOKEN), write('HELLO'))).toEqual([ok('AUTH_OK'), ok('WRITTEN')])
  })

  it('leaves neither the token nor what was mistyped for it in the log (R4)', async () => {
    const log = recordLog()
    const { framed } = await startWires({ token: TOKEN, logger: log.logger })
    const client = await dialFramed(framed)
    await client.finish(write('s3cret-typo'), write(TOKEN), write(TOKEN), quit())
    await until(() => log.of('connection closed').length === 1)
    expect(log.text).not.toContain('s3cret')
  })
})

describe('before the handshake', () => {
  it.each([
    { what: 'a Move', message: move(1, 2) },
    { what: 'a ChangeColor', message: changeColor(1, 2, 3) },
  ])('$what is EXPECTED_HANDSHAKE, and is not run', async ({ message }) => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    expect(await client.finish(message, write('HELLO'))).toEqual([err('EXPECTED_HANDSHAKE'), ok('AUTH_OK')])
  })

  it('the tenth message too early ends the session', async () => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    const answers = await client.finish(...new Array(10).fill(move(1, 2)), write('HELLO'))
    expect(answers.map(wordOf)).toEqual([...new Array(9).fill('EXPECTED_HANDSHAKE'), 'TOO_MANY_ERRORS'])
    expect(answers.at(-1)?.ok).toBe(false)
  })

  it('a Quit ends the session with BYE', async () => {
    const { framed } = await startWires({ token: TOKEN })
    const client = await dialFramed(framed)
    expect(await client.ask(quit())).toEqual(ok('BYE'))
    expect(await client.next()).toBeUndefined()
  })
})
