import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WatchedEvent } from '../../src/cli/watch/event.ts'
import { drawFrame, type FrameOptions } from '../../src/cli/watch/frame.ts'
import { cellsOf } from '../../src/cli/watch/glyphs.ts'
import { Scene } from '../../src/cli/watch/scene.ts'
import { abilitiesOf } from '../../src/cli/watch/terminal.ts'
import { anyEvent, anyText, started, telemetry } from '../support/watched-events.ts'

const SIZE = { columns: 80, rows: 24 }
const PLAIN = { ...SIZE, color: false }
const STYLE = /\p{Cc}\[[\d;]*m/gu

function pictureOf(events: readonly WatchedEvent[], options: FrameOptions = PLAIN): string[] {
  const scene = new Scene()
  for (const event of events) scene.take(event)
  return drawFrame(scene, options)
}

describe('a frame', () => {
  it('has at most as many lines and columns as the terminal, whatever came, and no control but colours', () => {
    const options = fc.record({
      columns: fc.integer({ min: 0, max: 150 }),
      rows: fc.integer({ min: 0, max: 60 }),
      color: fc.boolean(),
      trueColor: fc.boolean(),
      unicode: fc.boolean(),
      note: fc.option(anyText, { nil: undefined }),
    })
    const property = fc.property(fc.array(anyEvent, { maxLength: 30 }), options, (events, chosen) => {
      const lines = pictureOf(events, chosen)
      expect(lines.length).toBeLessThanOrEqual(chosen.rows)
      for (const line of lines) {
        const bare = chosen.color ? line.replaceAll(STYLE, '') : line
        expect(bare).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
        if (!chosen.unicode) expect(bare).toMatch(/^[ -~]*$/)
        expect(cellsOf(bare)).toBeLessThanOrEqual(chosen.columns)
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('is the same for the same scene', () => {
    expect(pictureOf([telemetry()])).toEqual(pictureOf([telemetry()]))
  })
})

it('draws a flight: the way behind, the drone and where it looks, where it goes, and all that is told of it', () => {
  const flight = [
    telemetry({ state: 'hovering' }),
    started({ op: 12, x: 300, y: 300, z: 150 }),
    telemetry({ x: 300, heading: 90, z: 100 }),
    telemetry({
      x: 300,
      y: 210,
      z: 120,
      heading: 2,
      battery: 42,
      r: 255,
      g: 136,
      b: 0,
      text: 'hello, world',
      dropped: 3,
    }),
  ]
  expect(pictureOf(flight)).toEqual([
    '      ┌─ north up, in metres ─────────────────┐  Drone    sim',
    '    4 ┤       ·       ·       ·       ·       │  State    moving',
    '      │                                       │  Time     12:30:45 UTC',
    '      │                                       │',
    '      │                                       │  X             3.00 m',
    '    3 ┤       ·       ·       ·       ○       │  Y             2.10 m',
    '      │                                       │  Z             1.20 m',
    '      │                                       │  Heading  2° north',
    '      │                                       │',
    '    2 ┤       ·       ·       ·       ↑       │  Altitude ▕███████▎    ▏    2 m',
    '      │                               ⢸       │  Battery  ▕█████       ▏   42 %',
    '      │                               ⢸       │  Colour   #FF8800',
    '      │                               ⢸       │  Text     hello, world',
    '    1 ┤       ·       ·       ·       ⢸       │',
    '      │                               ⢸       │',
    '      │                               ⢸       │  ○ 12 MOVE to 3 3 1.5',
    '      │                               ⢸       │',
    '    0 ┤       ⌂⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠼       │',
    '      │                                       │',
    '      │                                       │',
    '      │                                       │',
    '   -1 ┤       ·       ·       ·       ·       │',
    '      └───────┬───────┬───────┬───────┬───────┘  Link     up',
    '              0       1       2       3          Dropped  3 events',
  ])
})

it('draws it in ASCII alone', () => {
  const lines = pictureOf([telemetry(), started({ y: 200 }), telemetry({ y: 100, heading: 180 })], {
    columns: 62,
    rows: 14,
    color: false,
    unicode: false,
  })
  expect(lines).toEqual([
    '      +- north up, m -------+  Drone    sim',
    '      |                     |  State    moving',
    '      |                     |  X             0.00 m',
    '    2 +          o          |  Y             1.00 m',
    '      |                     |  Z             0.00 m',
    '      |                     |  Heading  180 deg south',
    '      |          v          |  Altitude [------------]    2 m',
    '      |          :          |  Battery  [############]  100 %',
    '      |          :          |  Colour   #000000',
    '    0 +          H          |  Text     -',
    '      |                     |  o 1 MOVE to 0 2 0',
    '      |                     |',
    '      +----------+----------+  Link     up',
    '                 0             Dropped  none',
  ])
})

it('draws it on 40 columns and 12 rows, the panel below', () => {
  const lines = pictureOf(
    [telemetry(), started({ y: 200 }), telemetry({ x: 100, y: 100, heading: 315, text: '世界'.repeat(20) })],
    { columns: 40, rows: 12, color: false },
  )
  expect(lines).toEqual([
    '      ┌─ north up, in metres ─────────┐',
    '      │                               │',
    '      │              ○                │',
    '      │                ↖              │',
    '    0 ┤    ·         ⌂⠊        ·      │',
    '      └────┬─────────┬─────────┬──────┘',
    '          -5         0         5',
    'moving  315° north-west  sim',
    'X 1.00  Y 1.00  Z 0.00 m',
    '100%  #000000  link up  12:30:45 UTC',
    '○ 1 MOVE to 0 2 0',
    'Text 世界世界世界世界世界世界世界世界…',
  ])
})

it.each([
  { columns: 39, rows: 24, line: 'moving 1.50 -0.20 2.00 m 80% west' },
  { columns: 80, rows: 11, line: 'moving 1.50 -0.20 2.00 m 80% west' },
  { columns: 20, rows: 1, line: 'moving 1.50 -0.20 2…' },
  { columns: 1, rows: 1, line: '…' },
])('is a plain line on $columns columns and $rows rows', ({ line, ...size }) => {
  const event = telemetry({ x: 150, y: -20, z: 200, heading: 270, battery: 80 })
  expect(pictureOf([event], { ...size, color: true })).toEqual([line])
})

it('says that it waits, before there is telemetry', () => {
  expect(pictureOf([]).join('\n')).toContain('waiting for telemetry')
  expect(pictureOf([], { columns: 30, rows: 5, color: false })).toEqual(['waiting for telemetry'])
})

it('tells a note in the last row', () => {
  const lines = pictureOf([telemetry()], { ...PLAIN, note: 'connection lost' })
  expect(lines.length).toBe(SIZE.rows)
  expect(lines.at(-1)).toBe('connection lost')
})

it('shows a lost link, and what became of operations', () => {
  const { name: _, ...common } = started()
  const text = pictureOf([
    telemetry(),
    { ...common, name: 'FAILED', op: 7, code: 'OUT_OF_FENCE', reason: 'Too far' },
    { ...common, name: 'CANCELLED', op: 8 },
    { name: 'LINK', eventSeq: 3, time: 't', uptime: 1, state: 'lost' },
  ]).join('\n')
  expect(text).toContain('7 MOVE failed OUT_OF_FENCE')
  expect(text).toContain('8 MOVE cancelled')
  expect(text).toMatch(/Link +LOST/)
})

it.each([
  { trueColor: true, swatch: '\x1b[0;48;2;255;136;0m      ' },
  { trueColor: false, swatch: '\x1b[0;48;5;208m      ' },
])('shows the colour itself, with true colours: $trueColor', ({ trueColor, swatch }) => {
  const lines = pictureOf([telemetry({ r: 255, g: 136, b: 0 })], { ...SIZE, color: true, trueColor })
  expect(lines.join('\n')).toContain(swatch)
})

it.each([
  [{ TERM: 'xterm-256color', LANG: 'C.UTF-8', COLORTERM: 'truecolor' }, [true, true, true]],
  [{ TERM: 'xterm', LANG: 'en_GB.utf8', LC_ALL: 'C' }, [true, false, false]],
  [{ TERM: 'linux', LANG: 'C.UTF-8' }, [true, false, false]],
  [{ TERM: 'dumb', LANG: 'C.UTF-8' }, [false, true, false]],
  [{}, [false, false, false]],
])('knows what a terminal can show by %j', (environment, [canDraw, unicode, trueColor]) => {
  expect(abilitiesOf(environment)).toEqual({ canDraw, unicode, trueColor })
})
