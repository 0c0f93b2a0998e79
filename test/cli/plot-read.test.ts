import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTrack } from '../../src/cli/plot/read-track.ts'
import { readWatchLine } from '../../src/cli/plot/watch-line.ts'

const TIME = '2026-01-02T03:04:05.678Z'
const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url).pathname

const read = (text: string) => readTrack(Buffer.from(text), 'flight.out')
/** Only where the points are, and whether telemetry has seen them. */
const placesOf = (text: string) => read(text).points.map(({ x, y, z, isTelemetry }) => [x, y, z, isTelemetry])
const marksOf = (text: string) => read(text).marks.map(({ kind, x, y, after }) => [kind, x, y, after])

const message = (first: string, headers: Readonly<Record<string, unknown>> = {}) =>
  [first, ...Object.entries(headers).map(([key, value]) => `${key}: ${value}`), '', ''].join('\r\n')
const telemetry = (uptime: number, x: number, y: number, more: Readonly<Record<string, unknown>> = {}) =>
  message('EVENT TELEMETRY', { 'Event-Seq': 1, Time: TIME, Uptime: uptime, Drone: 'sim', X: x, Y: y, Z: 100, ...more })
const operation = (name: string, op: number, x: number, y: number) =>
  message(`EVENT ${name}`, { 'Event-Seq': 1, Time: TIME, Uptime: 5, Op: op, Command: 'MOVE', X: x, Y: y, Z: 100 })
const movingTo = (x: number, y: number, more: Readonly<Record<string, unknown>> = {}) =>
  message(`OK MOVING_TO(${x}, ${y})`, { X: x, Y: y, ...more })
const arrived = (x: number, y: number) => message('OK ARRIVED', { X: x, Y: y, Z: 0 })
const line = (name: string, rest: string) => `${TIME} ${name} ${rest}\n`

describe('the output of a transcript', () => {
  it('gives the points of telemetry, with their time and color', () => {
    const text = telemetry(1000, 1, 2, { R: 255, G: 0, B: 16 }) + telemetry(1100, -3, 4, { R: 0, G: 0, B: 0 })
    expect(read(text)).toEqual({
      points: [
        { x: 1, y: 2, z: 100, uptimeMs: 1000, isTelemetry: true, color: '#ff0010' },
        { x: -3, y: 4, z: 100, uptimeMs: 1100, isTelemetry: true, color: undefined },
      ],
      marks: [],
      drone: 'sim',
      cutOff: undefined,
    })
  })

  it.each(['\r\n', '\n'])('may have lines that end with %j', (end) => {
    expect(placesOf(telemetry(1, 2, 3).replaceAll('\r\n', end))).toEqual([[2, 3, 100, true]])
  })

  it('gives where a MOVE was to go and where a WAIT arrived, as one point each', () => {
    const text = movingTo(10, 0) + arrived(10, 0) + movingTo(10, 20) + arrived(10, 20)
    expect(placesOf(text)).toEqual([
      [10, 0, 0, false],
      [10, 20, 0, false],
    ])
    expect(marksOf(text)).toEqual([
      ['target', 10, 0, 0],
      ['target', 10, 20, 1],
    ])
  })

  it('takes a MOVE for reached that nothing else is known of, and not one that was seen elsewhere', () => {
    expect(placesOf(movingTo(1, 1) + movingTo(2, 2))).toEqual([
      [1, 1, undefined, false],
      [2, 2, undefined, false],
    ])
    const status = message('OK STATUS', { Drone: 'sim', X: 3, Y: 0, Z: 7, R: 1, G: 2, B: 3 })
    expect(placesOf(movingTo(9, 0) + status + movingTo(0, 5) + arrived(0, 5))).toEqual([
      [3, 0, 7, false],
      [0, 5, 0, false],
    ])
  })

  it('keeps the altitude across a MOVE without Z', () => {
    expect(placesOf(movingTo(1, 1, { Z: 30 }) + movingTo(2, 2)).map(([, , z]) => z)).toEqual([30, 30])
  })

  it('has seen a corner, although telemetry came only before and behind it', () => {
    const text = telemetry(0, 0, 0) + telemetry(4, 292, 0) + operation('ARRIVED', 1, 300, 0) + telemetry(9, 300, 8)
    expect(placesOf(text)).toEqual([
      [0, 0, 100, true],
      [292, 0, 100, true],
      [300, 0, 100, true],
      [300, 8, 100, true],
    ])
  })

  it('believes telemetry, not what a MOVE promises', () => {
    expect(placesOf(telemetry(0, 0, 0) + movingTo(50, 0) + telemetry(100, 5, 0) + movingTo(0, 50))).toEqual([
      [0, 0, 100, true],
      [5, 0, 100, true],
    ])
  })

  it('leaves out what replies tell between two telemetry events, unless those are far apart', () => {
    expect(placesOf(telemetry(0, 0, 0) + arrived(3, 3) + telemetry(100, 5, 0)).length).toBe(2)
    expect(placesOf(telemetry(0, 0, 0) + arrived(3, 3) + telemetry(10_000, 5, 0))[1]).toEqual([3, 3, 0, false])
    expect(placesOf(telemetry(0, 0, 0) + arrived(3, 3))[1]).toEqual([3, 3, 0, false])
  })

  it('marks what became of operations, and an operation that is told twice once', () => {
    const text =
      movingTo(10, 0, { Op: 1 }) +
      operation('STARTED', 1, 10, 0) +
      operation('ARRIVED', 1, 10, 0) +
      movingTo(20, 0, { Op: 2 }) +
      operation('STARTED', 2, 20, 0) +
      operation('CANCELLED', 2, 15, 0) +
      operation('FAILED', 3, 16, 0)
    expect(marksOf(text)).toEqual([
      ['target', 10, 0, 0],
      ['arrived', 10, 0, 0],
      ['target', 20, 0, 1],
      ['cancelled', 15, 0, 1],
      ['failed', 16, 0, 2],
    ])
    expect(placesOf(text).map(([x]) => x)).toEqual([10, 15, 16])
    expect(read(text).marks[1]?.label).toBe('arrived MOVE 1')
  })

  it('passes over what tells no place', () => {
    const text = [
      message('OK READY', { Server: 'a' }),
      message('OK HELP', { X: 'integer, cm' }),
      message('ERR TIMEOUT', { Fatal: 'no', X: 'none' }),
      message('EVENT LINK', { State: 'lost' }),
      message('EVENT STARTED', { Op: 1, Command: 'LAND' }),
      message('EVENT NEWER', { X: 1, Y: 2 }),
      telemetry(1, 2, 3),
    ].join('')
    expect(placesOf(text)).toEqual([[2, 3, 100, true]])
  })

  it('takes up the color that CHANGECOLOR tells', () => {
    const text = arrived(0, 0) + message('OK COLOR_CHANGED(0, 255, 0)', { R: 0, G: 255, B: 0 }) + arrived(1, 1)
    expect(read(text).points.map(({ color }) => color)).toEqual([undefined, '#00ff00'])
  })

  it('may be cut off within a message, which is left out and told', () => {
    expect(read(`${telemetry(1, 2, 3)}EVENT TELEMETRY\r\nX: 5\r\n`)).toMatchObject({ points: [{ x: 2 }], cutOff: 10 })
  })

  it.each(['020-move', '022-two-legs'])('of the fixture %s has a track', (name) => {
    const { points, drone } = readTrack(readFileSync(`${FOLDER}${name}.out`), name)
    expect(points.length).toBeGreaterThan(1)
    expect(drone).toBe('sim')
  })

  it('may hold more replies between two telemetry events than a call takes arguments', () => {
    const text = telemetry(0, 0, 0) + arrived(1, 1).repeat(200_000) + telemetry(99_999, 0, 0)
    expect(read(text).points.length).toBe(200_002)
  })
})

describe('the output of skyline watch', () => {
  it('gives the same track as the messages', () => {
    const text =
      line('STARTED', 'Event-Seq=1 Uptime=900 Op=1 Command=MOVE X=9 Y=9 Z=9') +
      line('TELEMETRY', 'Event-Seq=2 Uptime=1000 Drone=sim X=1 Y=-2 Z=3 R=1 G=2 B=3 Text="a \\"b\\" X=5"') +
      '\n' +
      line('LINK', 'Event-Seq=3 Uptime=1001 State=lost').replace('\n', '\r\n')
    expect(read(text)).toEqual({
      points: [{ x: 1, y: -2, z: 3, uptimeMs: 1000, isTelemetry: true, color: '#010203' }],
      marks: [{ kind: 'target', x: 9, y: 9, z: 9, after: 0, label: 'started MOVE 1' }],
      drone: 'sim',
      cutOff: undefined,
    })
  })

  it('leaves out a last line without its end: it may have lost a digit', () => {
    const text = line('TELEMETRY', 'X=1 Y=2 Z=3') + line('TELEMETRY', 'X=1 Y=2 Z=30').slice(0, -2)
    expect(read(text)).toMatchObject({ points: [{ z: 3 }], cutOff: 2 })
  })

  it('is read as it was written, whatever the values are', () => {
    const text = fc.string({ unit: 'binary' })
    const property = fc.property(
      fc.uniqueArray(fc.tuple(fc.stringMatching(/^[A-Z][a-z-]{0,5}$/), text), { maxLength: 5 }),
      (headers) => {
        const written = headers.map(
          ([key, value]) => ` ${key}=${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`,
        )
        expect(readWatchLine(`${TIME} TELEMETRY${written.join('')}`)).toEqual({
          kind: 'EVENT',
          summary: 'TELEMETRY',
          headers,
        })
      },
    )
    fc.assert(property)
  })
})

describe('what is no track', () => {
  it.each([
    { fault: 'nothing', text: '', named: 'flight.out is empty' },
    { fault: 'blank lines', text: '\r\n\n', named: 'flight.out is empty' },
    { fault: 'another file', text: '\nMOVE 1 2\n\n', named: "flight.out:2: wanted a server's OK, ERR or EVENT" },
    { fault: 'a word that begins like a reply', text: 'OKAY\n\n', named: 'got "OKAY"' },
    { fault: 'binary', text: '\x1b\0\x01', named: 'got "\\x1b\\x00\\x01"' },
    { fault: 'no place', text: message('OK READY'), named: 'holds no track: wanted telemetry, or replies to MOVE' },
    { fault: 'only half a message', text: 'EVENT TELEMETRY\r\nX: 1', named: 'found 0 messages' },
    {
      fault: 'a command among replies',
      text: `${arrived(1, 2)}MOVE 1 2\n\n`,
      named: "flight.out:6: a server's message",
    },
    { fault: 'no message', text: `${arrived(1, 2)}OK A\nno colon\n\n`, named: 'flight.out:7: PARSE' },
    {
      fault: 'one too big',
      text: `${arrived(1, 2)}\nOK ${'x'.repeat(9000)}\n\n`,
      named: 'flight.out:7: MESSAGE_TOO_BIG',
    },
    { fault: 'a number that is none', text: telemetry(1, 2, Number.NaN), named: 'flight.out:1: Y of EVENT TELEMETRY' },
    { fault: 'a number too big', text: movingTo(2 ** 31, 0), named: 'got "2147483648"' },
    { fault: 'telemetry without X', text: message('EVENT TELEMETRY', { Z: 1 }), named: 'wants an X and a Y' },
    { fault: 'half a place', text: message('OK ARRIVED', { X: 1 }), named: 'wants an X and a Y' },
    {
      fault: 'a line without =',
      text: `${line('LINK', 'State=lost')}${line('LINK', 'lost')}`,
      named: 'flight.out:2: wanted TIME',
    },
    { fault: 'a string without its end', text: line('TELEMETRY', 'Text="abc'), named: 'flight.out:1: wanted TIME' },
    { fault: 'a string that is not JSON', text: line('TELEMETRY', 'Text="\\q"'), named: 'flight.out:1: wanted TIME' },
    { fault: 'a line of another kind', text: `${line('LINK', 'State=lost')}hello\n`, named: 'got "hello"' },
  ])('is told where there is $fault', ({ text, named }) => {
    const refusal = { code: 'USAGE', message: expect.stringContaining(named) }
    expect(() => read(text)).toThrow(expect.objectContaining(refusal))
  })

  it('is a track or a usage error, whatever the bytes are', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'OK ',
        'EVENT TELEMETRY',
        '\r\n',
        '\n\n',
        'X: 1',
        'Y: 2',
        `${TIME} TELEMETRY`,
        ' X=1',
        ' Y=-2',
        '"',
        '\\',
      ),
    )
    const property = fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      try {
        expect(read(parts.join('')).points.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^flight\.out\b[^\n]*$/) })
      }
    })
    fc.assert(property, { numRuns: 2000 })
  })
})
