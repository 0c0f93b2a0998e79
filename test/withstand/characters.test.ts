import { expect } from 'vitest'
import { startServer } from '../support/start-server.ts'
import { item } from './item.ts'
import { judge, judgeAll, STRANGE, utf8 } from './support/judge.ts'
import { WatchedDrone } from './support/watched-drone.ts'

/** A character in every kind of place of a message; `$` stands for it. */
const PLACES = [
  '$PING',
  'PI$NG',
  'HELP a$b',
  'PING\r\n$Note: 1',
  'PING\r\nNo$te: 1',
  'PING\r\nNote: a$b',
  'PING\r\nNote: $',
]
const inPlaces = (character: string, places: readonly string[] = PLACES): string[] =>
  places.map((place) => `${place.replace('$', () => character)}\r\n\r\n`)

const range = (first: number, last: number): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))

item(11, 'NUL in a command, an argument, a key or a value, as telnet sends it too: fatal (F6)', async (row) => {
  const { address } = await startServer()
  await judgeAll(row, address, { 'fatal PARSE': [...inPlaces('\0'), 'PING\r\0\r\0', 'PING\r\n\0\r\n\r\n'] })
})

item(
  12,
  'other control characters: soft (F6, where the page has them fatal); TAB stands in values alone',
  async (row) => {
    const { address } = await startServer()
    const controls = [...range(0x01, 0x1f), '\x7f'].filter((character) => !'\t\r\n'.includes(character))
    expect(controls).toHaveLength(29)
    const tabs = inPlaces('\t')
    await judgeAll(row, address, {
      'soft PARSE': [...controls.flatMap((character) => inPlaces(character)), ...tabs.slice(0, 5)],
      OK: tabs.slice(5),
    })
  },
)

item(13, 'bytes that are no UTF-8, cut short, or surrogates: INVALID_UTF8, fatal (F6)', async (row) => {
  const { address } = await startServer()
  const wrong = [
    '\xff',
    '\xfe',
    '\x80',
    '\xe2\x82',
    '\xc3',
    '\xf0\x9f\x9a',
    '\xed\xa0\x80',
    '\xed\xbf\xbf',
    '\xf4\x90\x80\x80',
  ]
  await judgeAll(row, address, { 'fatal INVALID_UTF8': wrong.flatMap((bytes) => inPlaces(bytes)) })
})

item(14, 'overlong forms, of LF and NUL among them: INVALID_UTF8, and never a line end (F6)', async (row) => {
  const drone = new WatchedDrone()
  const { address } = await startServer({ drone })
  const forms = ['\xc0\xaf', '\xe0\x80\x8a', '\xc0\x8a', '\xf0\x80\x80\x8a', '\xc0\x80', '\xc1\xbf', '\xe0\x9f\xbf']
  const smuggled = forms.slice(1, 4).map((lf) => `PING\r\nNote: a${lf}${lf}MOVE 1 2${lf}${lf}\r\n\r\n`)
  await judgeAll(row, address, { 'fatal INVALID_UTF8': [...forms.flatMap((bytes) => inPlaces(bytes)), ...smuggled] })
  expect(drone.orders).toEqual([])
})

item(15, 'a BOM at the start is no part of any command: soft (G3, where the page has it fatal)', async (row) => {
  const { address } = await startServer()
  const bom = utf8('\ufeff')
  await judgeAll(row, address, { 'soft PARSE': [`${bom}PING\r\n\r\n`, `${bom}\r\n\r\n`] })
  expect(await judge(address, `${bom}HELLO\r\n\r\n`, STRANGE)).toBe('soft PARSE')
})

/** What R4 keeps out of a text that comes back as written: C1, line separators, bidi controls, the BOM. */
const UNSAFE = [
  ...range(0x80, 0x9f),
  ...range(0x2028, 0x2029),
  ...['\u061c', ...range(0x200e, 0x200f), ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)],
  '\ufeff',
]

item(
  16,
  'C1, separators, bidi controls and BOM: refused in a text (R4); other zero-width characters are text',
  async (row) => {
    const { address } = await startServer()
    const texts = (characters: readonly string[]) =>
      characters.flatMap((character) => [
        utf8(`WRITE a${character}b\r\n\r\n`),
        utf8(`WRITE\r\nText: ${character}\r\n\r\n`),
      ])
    await judgeAll(row, address, {
      'soft BAD_ARGUMENT': texts(UNSAFE),
      OK: texts(['\u200b', '\u2060', '\u00a0', '\u3000', '\ufffd', '\u{1f681}']),
    })
  },
)

item(17, 'a CR without LF: PARSE, fatal (F2)', async (row) => {
  const { address } = await startServer()
  const places = ['$PING', 'PI$NG', 'PING $', 'HELP a$b', 'PING\r\nNo$te: 1', 'PING\r\nNote: a$b', 'PING\r\nNote: 1$']
  await judgeAll(row, address, { 'fatal PARSE': [...inPlaces('\r', places), 'PING\r\n\r\r\n\r\n', '\r\rPING\r\n\r\n'] })
})

item(26, 'Kelvin K, long s, dotless i and full-width letters are no letters of a name (G3)', async (row) => {
  const { address } = await startServer()
  const names = [
    'p\u0131ng',
    'P\u0130NG',
    '\u017ftatus',
    'STATU\u017f',
    'wa\u0131t',
    '\uff30ING',
    'mov\u0435',
    'PING\u0307',
  ]
  const keys = ['\u0131d', 'I\u0501', '\u017fpeed', '\uff38', 'Spe\u0435d', 'To\u212aen']
  await judgeAll(row, address, {
    'soft PARSE': [
      ...names.map((name) => utf8(`${name}\r\n\r\n`)),
      ...keys.flatMap((key) => [utf8(`MOVE 1 2\r\n${key}: 1\r\n\r\n`), utf8(`PING\r\n${key}: 1\r\n\r\n`)]),
    ],
    'soft BAD_ARGUMENT': names.map((name) => utf8(`HELP ${name}\r\n\r\n`)),
  })
})

item(32, 'Ctrl-C in telnet (IAC IP, IAC DO TM): INVALID_UTF8, in words that can be read (F6)', async (row) => {
  const { address } = await startServer()
  const interrupt = '\xff\xf4\xff\xfd\x06'
  const inputs = [
    `${interrupt}\r\n\r\n`,
    `MOV${interrupt}\r\n\r\n`,
    `PING\r\n${interrupt}\r\n\r\n`,
    `\xff\xfb\x1f\r\n\r\n`,
  ]
  await judgeAll(row, address, { 'fatal INVALID_UTF8': inputs })
  for (const input of inputs) expect(await judge(address, input, STRANGE)).toBe('fatal INVALID_UTF8')
})
