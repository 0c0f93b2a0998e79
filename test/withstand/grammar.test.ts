import { expect } from 'vitest'
import { defineCommand } from '../../src/commands/define.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'
import { item } from './item.ts'
import { judge, judgeAll, repliesIn } from './support/judge.ts'
import { WatchedDrone } from './support/watched-drone.ts'

/** Line ends of all mixtures: of the line, and of the empty line behind it. */
const MIXES = ['\r\n\r\n', '\n\n', '\r\n\n', '\n\r\n'] as const

item(
  18,
  'a bare LF ends a line (F2, where the page has it fatal); with strict CR LF it is fatal, and nothing behind it runs',
  async (row) => {
    const drone = new WatchedDrone()
    const { address } = await startServer()
    const { address: strict } = await startServer({ strictCrlf: true, drone })
    const messages = MIXES.flatMap((end) => [`PING${end}`, `PING\nNote: 1${end}`, `PING\r\nNote: 1${end}`])
    const isStrict = (message: string) => !/(?<!\r)\n/.test(message)
    await judgeAll(row, address, { OK: messages })
    for (const message of messages)
      expect(await judge(strict, message)).toBe(isStrict(message) ? 'OK' : 'fatal BARE_LF')
    for (const smuggler of ['PING\r\nNote: a\n\nMOVE 1 2\r\n\r\n', '\nMOVE 1 2\r\n\r\n', 'PING\r\n\nMOVE 1 2\r\n\r\n'])
      expect(await judge(strict, smuggler)).toBe('fatal BARE_LF')
    expect(drone.orders).toEqual([])
    expect(String(await talk(strict, [Buffer.from('PING\n')]))).toMatch(/\r\nHint: [^\r]*nc -C/)
    row.figure = `${messages.length} messages, ${MIXES.length} mixes of line ends, lax and strict`
    row.limit = 'OK; fatal BARE_LF'
  },
)

const BLANK_LINES = [1, 2, 3, 100_000]

item(
  19,
  'blank lines before and between messages are skipped, any number (F4, where the page allows two)',
  async (row) => {
    const { address } = await startServer()
    const answers = async (input: string) => repliesIn(String(await talk(address, [Buffer.from(input)])))
    const wanted = await answers('HELLO\r\n\r\nPING\r\n\r\n')
    for (const count of BLANK_LINES)
      for (const blank of ['\r\n', '\n', '\n\r\n'])
        expect(
          await answers([blank.repeat(count), 'HELLO\r\n\r\n', blank.repeat(count), 'PING\r\n\r\n'].join('')),
        ).toEqual(wanted)
    expect(await judge(address, '\r\n'.repeat(100))).toBe('nothing')
    row.figure = `up to ${BLANK_LINES.at(-1)} blank lines`
    row.limit = 'nothing is said'
  },
)

item(20, 'blank lines behind the last message, and then FIN: no error (F7)', async (row) => {
  const { address } = await startServer()
  const heads = async (input: string) =>
    repliesIn(String(await talk(address, [Buffer.from(input)]))).map((reply) => reply.split('\r\n')[0])
  for (const count of BLANK_LINES)
    for (const blank of ['\r\n', '\n'])
      expect(await heads(`PING\r\n\r\n${blank.repeat(count)}`)).toEqual(['OK READY', 'OK PONG'])
  expect(await heads('\n')).toEqual(['OK READY'])
  expect(await heads('PING\n\nPING\n')).toEqual(['OK READY', 'OK PONG', 'ERR INCOMPLETE'])
  row.figure = `up to ${BLANK_LINES.at(-1)} blank lines`
  row.limit = 'no INCOMPLETE'
})

item(21, 'a folded line: soft, and nothing of the message runs (G1)', async (row) => {
  const drone = new WatchedDrone()
  const { address } = await startServer({ drone })
  const folded = [' ', '\t', '  \t '].flatMap((white) => [
    `MOVE 1 2\r\nNote: a\r\n${white}b\r\n\r\n`,
    `MOVE 1 2\r\n${white}Speed: 1\r\n\r\n`,
    `MOVE 1 2\r\n${white}\r\n\r\n`,
    `${white}MOVE 1 2\r\n\r\n`,
  ])
  await judgeAll(row, address, { 'soft PARSE': folded })
  expect(drone.orders).toEqual([])
})

item(22, 'anything between a key and its colon: soft (G1)', async (row) => {
  const { address } = await startServer()
  const betweens = [' ', '\t', '\x01', '\x1f', '\x7f', '  ', '"', '(', '\xc2\xa0']
  const headers = ['X', 'Speed', 'Id'].flatMap((key) => betweens.map((between) => `${key}${between}: 1`))
  await judgeAll(row, address, { 'soft PARSE': headers.map((header) => `MOVE 1 2\r\n${header}\r\n\r\n`) })
})

item(23, 'no key, no colon, a key of 65 bytes, a key that is no name: soft (G1)', async (row) => {
  const { address } = await startServer()
  const keyOf = (bytes: number) => `X-${'k'.repeat(bytes - 2)}`
  const wrong = [
    ': v',
    ':',
    'X',
    'X v',
    `${keyOf(65)}: 1`,
    '1: 2',
    '-a: 1',
    'a.b: 1',
    'a/b: 1',
    '_: 1',
    '{}: 1',
    '$x: 1',
  ]
  await judgeAll(row, address, {
    'soft PARSE': [
      ...wrong.map((header) => `PING\r\n${header}\r\n\r\n`),
      ...['1PING', '-', 'PING:', 'PI.NG', 'C'.repeat(33), `${'C'.repeat(33)} 1`].map((line) => `${line}\r\n\r\n`),
    ],
    'soft UNKNOWN_COMMAND': [`${'C'.repeat(32)}\r\n\r\n`],
    OK: [`PING\r\n${keyOf(64)}: 1\r\n\r\n`, 'PING\r\nX-:\r\n\r\n'],
  })
})

item(24, 'a key twice, by case too: soft (G2)', async (row) => {
  const drone = new WatchedDrone()
  const { address } = await startServer({ drone })
  const pairs = [
    ['Id', 'ID'],
    ['X', 'x'],
    ['Note', 'nOTE'],
    ['X-a', 'x-A'],
    ['Speed', 'Speed'],
    ['Nope', 'nope'],
  ] as const
  const messages = pairs.flatMap(([a, b]) => [
    `MOVE 1 2\r\n${a}: 1\r\n${b}: 1\r\n\r\n`,
    `MOVE 1 2\r\n${b}: 2\r\nX-Between: 1\r\n${a}:\r\n\r\n`,
  ])
  await judgeAll(row, address, { 'soft DUPLICATE_HEADER': messages })
  expect(drone.orders).toEqual([])
})

/** What every object has by its prototype, and what others have stumbled over. */
const INHERITED = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
  ...[
    'propertyIsEnumerable',
    'toLocaleString',
    '__defineGetter__',
    '__defineSetter__',
    '__lookupGetter__',
    '__lookupSetter__',
  ],
]

item(25, 'names that every object inherits are names like any other (G3)', async (row) => {
  const before = JSON.stringify(Reflect.ownKeys(Object.prototype).map(String))
  const integer = { type: 'integer', min: 0, max: 9, required: true } as const
  const parameters = [
    { name: 'Constructor', ...integer },
    { name: 'HasOwnProperty', ...integer },
  ] as const
  const reply = { summary: 'DONE', headers: [{ name: 'ToString', type: 'integer' }] } as const
  const own = defineCommand({ name: 'VALUEOF', parameters, summary: 'add', example: 'VALUEOF 1 2', reply }, (given) => {
    const { constructor: a, hasOwnProperty: b } = given as unknown as Record<string, number>
    return { toString: Number(a) + Number(b) } as never
  })
  const { address } = await startServer()
  const [underscored, letters] = [
    INHERITED.filter((name) => name.startsWith('_')),
    INHERITED.filter((name) => !name.startsWith('_')),
  ]
  await judgeAll(row, address, {
    'soft UNKNOWN_COMMAND': letters.flatMap((name) => [`${name}\r\n\r\n`, `${name} 1\r\nId: ${name}\r\n\r\n`]),
    'soft UNKNOWN_HEADER': letters.map((name) => `MOVE 1 2\r\n${name}: 1\r\n\r\n`),
    'soft BAD_ARGUMENT': INHERITED.flatMap((name) => [`HELP ${name}\r\n\r\n`, `MOVE ${name} 2\r\n\r\n`]),
    'soft PARSE': underscored.flatMap((name) => [`${name}\r\n\r\n`, `PING\r\n${name}: 1\r\n\r\n`]),
    OK: INHERITED.flatMap((name) => [`WRITE ${name}\r\n\r\n`, `PING\r\nId: ${name.replaceAll('_', '.')}\r\n\r\n`]),
  })
  const { address: ours } = await startServer({ commands: [own] })
  const answer = String(await talk(ours, [Buffer.from('HELLO\n\nvalueOf 1\nhasOwnProperty: 2\n\nVALUEOF 1\n\n')]))
  expect(repliesIn(answer).slice(2)).toEqual(['OK DONE\r\nToString: 3', expect.stringMatching(/^ERR MISSING_ARGUMENT/)])
  expect(JSON.stringify(Reflect.ownKeys(Object.prototype).map(String))).toBe(before)
})

item(27, '65 headers, and 2700: TOO_MANY_HEADERS, soft; 64 are taken (G2)', async (row) => {
  const { address } = await startServer()
  const distinct = (count: number) => Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join('')
  await judgeAll(row, address, {
    OK: [`PING\r\n${distinct(64)}\r\n`],
    'soft TOO_MANY_HEADERS': [
      `PING\r\n${distinct(65)}\r\n`,
      `PING\n${'a:\n'.repeat(2700)}\n`,
      `NOPE\n${'a:\n'.repeat(65)}\n`,
    ],
  })
})
