import fc from 'fast-check'
import { expect } from 'vitest'
import { systemClock } from '../../src/time/clock.ts'
import { startScene } from '../support/start-scene.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { item, SEED, scale } from './item.ts'
import { judgeAll, repliesIn, utf8 } from './support/judge.ts'

/** A value as a header and, where it can stand there, as an argument. */
const asX = (values: readonly string[]): string[] =>
  values.flatMap((value) => [
    `MOVE\r\nX: ${value}\r\nY: 1\r\n\r\n`,
    ...(/^[^\s]+$/.test(value) ? [`MOVE ${value} 1\r\n\r\n`] : []),
  ])

const MIN = -2147483648n
const MAX = 2147483647n

/** What the server says to a text as X: section 6 to the letter, with BigInt. */
function verdictOn(text: string): string {
  if (!/^(0|-?[1-9][0-9]*)$/.test(text)) return 'ERR BAD_ARGUMENT'
  const value = BigInt(text)
  return value >= MIN && value <= MAX ? `OK MOVING_TO(${value}, 1)` : 'ERR OUT_OF_RANGE'
}

const numberText = fc.oneof(
  fc.bigInt({ min: MIN - 3n, max: MIN + 3n }).map(String),
  fc.bigInt({ min: MAX - 3n, max: MAX + 3n }).map(String),
  fc.integer().map(String),
  fc.bigInt().map(String),
  fc.double().map(String),
  fc.stringMatching(/^[-+]?[0-9]{1,24}$/),
  fc.string({ unit: fc.constantFrom(...'0019-+.exXobn_'), minLength: 1, maxLength: 8 }),
)

item(34, 'integers up to the bounds of 32 bits, as BigInt has them: taken; beyond: OUT_OF_RANGE, soft', async (row) => {
  const { address } = await startServer()
  await judgeAll(row, address, {
    OK: asX(['2147483647', '-2147483648', '0', '-1']),
    'soft OUT_OF_RANGE': asX(['2147483648', '-2147483649', '4294967296', '-4294967296']),
  })
  const texts = fc.sample(numberText, { seed: SEED, numRuns: scale(50_000, 5000) })
  // A PING behind each begins the row of mistakes anew.
  const script = `HELLO\n\n${texts.map((text) => `MOVE\nX: ${text}\nY: 1\n\nPING\n\n`).join('')}`
  const heads = repliesIn(String(await talk(address, [Buffer.from(script)]))).map((reply) => reply.split('\r\n')[0])
  expect(heads.slice(2)).toEqual(texts.flatMap((text) => [verdictOn(text), 'OK PONG']))
  const taken = texts.filter((text) => verdictOn(text).startsWith('OK')).length
  expect(taken).toBeGreaterThan(texts.length / 5)
  row.seed = SEED
  row.figure = `${texts.length} texts as BigInt has them, ${taken} of them taken`
})

item(35, '-0, +5, 007, 00: one way to write a value, BAD_ARGUMENT for any other', async (row) => {
  const { address } = await startServer()
  const values = ['-0', '+5', '007', '00', '-01', '-00', '+0', '--1', '-', '0-', '1-', '0000000001']
  await judgeAll(row, address, { 'soft BAD_ARGUMENT': asX(values) })
})

item(36, '1e3, 0x10, 0b1, 1_000, 1.0, 7abc and nothing at all: BAD_ARGUMENT', async (row) => {
  const { address } = await startServer()
  const values = [
    '1e3',
    '0x10',
    '0b1',
    '0o7',
    '1_000',
    '1.0',
    '7abc',
    'abc',
    '1n',
    '1,000',
    '.5',
    '5.',
    '',
    ' ',
    '1;',
    '(1)',
  ]
  await judgeAll(row, address, { 'soft BAD_ARGUMENT': asX(values) })
})

item(37, 'NaN, Infinity, null, undefined: BAD_ARGUMENT', async (row) => {
  const { address } = await startServer()
  const values = ['NaN', 'Infinity', '-Infinity', 'null', 'undefined', 'true', '[]', '{}', 'infinity', 'nan']
  await judgeAll(row, address, { 'soft BAD_ARGUMENT': asX(values) })
})

item(38, 'digits that are not ASCII, NBSP, an inner space: BAD_ARGUMENT', async (row) => {
  const { address } = await startServer()
  const values = [
    '\uff19',
    '\u0663',
    '\u0967',
    '\u00b2',
    '\u{1d7d7}',
    '\u00a07',
    '7\u00a0',
    '7\u200b',
    '\u22127',
    '\ufeff7',
  ]
  await judgeAll(row, address, { 'soft BAD_ARGUMENT': asX([...values.map(utf8), '1 2', '- 1', '1\t2']) })
})

item(39, 'outer spaces and TABs are no part of a value', async (row) => {
  const { address } = await startServer()
  const spaces = ['', ' ', '\t', '  ', ' \t ']
  const around = spaces.flatMap((before) => spaces.map((behind) => `MOVE 1 2\r\nSpeed:${before}7${behind}\r\n\r\n`))
  await judgeAll(row, address, { OK: [...around, 'MOVE   1  2  \r\n\r\n'] })
})

item(40, '9007199254740993, and digits by the thousand: OUT_OF_RANGE, never rounded into range', async (row) => {
  const { address } = await startServer()
  const [many, most] = ['9'.repeat(400), '1'.repeat(8000)]
  const zeros = `1${'0'.repeat(400)}`
  await judgeAll(row, address, {
    'soft OUT_OF_RANGE': asX([
      '9007199254740993',
      '-9007199254740993',
      '18446744073709551617',
      many,
      `-${many}`,
      zeros,
      most,
    ]),
    'soft BAD_ARGUMENT': asX([`0${many}`, `${many}.0`, `${many}e1`]),
  })
})

const MAX_TIMER_MS = 2 ** 31

item(
  41,
  'durations that clients give, Ttl and the Timeout of WAIT, of 0, less or more than they may be: OUT_OF_RANGE',
  async (row) => {
    const { address } = await startServer()
    const durations = [
      '0',
      '-1',
      '600001',
      String(MAX_TIMER_MS - 1),
      String(MAX_TIMER_MS),
      String(2 ** 32),
      '9'.repeat(30),
    ]
    await judgeAll(row, address, {
      'soft OUT_OF_RANGE': durations.flatMap((value) => [
        `WAIT ${value}\r\n\r\n`,
        `WAIT\r\nTimeout: ${value}\r\n\r\n`,
        `PING\r\nTtl: ${value}\r\n\r\n`,
      ]),
    })
    const { join, clock } = await startScene()
    const { pilot } = await join()
    await pilot.ask('HELLO\n\nMOVE 2147483647 0\nSpeed: 1\n\nWAIT 600000\n\n', 'MOVING_TO')
    const { pilot: other } = await join()
    clock.advance(599_900)
    await other.ask('PING\n\n', 'OK PONG')
    expect(pilot.replies.at(-1)).toMatch(/^OK MOVING_TO/)
    clock.advance(200)
    await pilot.until('ERR TIMEOUT')
    // A deadline of the server's own that no timer of Node can hold does not ring at once either.
    const { address: patient } = await startServer({
      timeouts: { handshakeMs: MAX_TIMER_MS, messageMs: MAX_TIMER_MS, idleMs: MAX_TIMER_MS },
      clock: systemClock,
    })
    const turns = Array.from({ length: 20 }, () => Buffer.from('PING\n\n'))
    expect(repliesIn(String(await talk(patient, turns)))).toHaveLength(turns.length + 1)
    row.figure += '; 600,000 ms are waited for, 2^31 ms do not ring at once'
  },
)
