import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawFrame } from '../../src/cli/watch/frame.ts'
import { Painter } from '../../src/cli/watch/painter.ts'
import { Scene } from '../../src/cli/watch/scene.ts'
import { TerminalScreen, WIDTHS } from '../support/terminal-screen.ts'
import { anyEvent, anyText } from '../support/watched-events.ts'

const SIZE = { columns: 20, rows: 3 }
const RUNS = 100

const bare = (line: string) => line.replaceAll(/\p{Cc}\[[\d;]*m/gu, '').trimEnd()
const padded = (lines: readonly string[], rows: number) => Array.from({ length: rows }, (_, row) => lines[row] ?? '')

const step = fc.record({
  events: fc.array(anyEvent, { maxLength: 8 }),
  resize: fc.option(
    fc.record({
      columns: fc.integer({ min: 1, max: 130 }),
      rows: fc.integer({ min: 1, max: 50 }),
    }),
    { nil: undefined },
  ),
})

describe.each(Object.entries(WIDTHS))('on a terminal %s', (_, widthOf) => {
  it('whatever comes, each frame is shown exactly, and nothing ever goes over an edge', () => {
    const property = fc.property(
      fc.array(step, { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      fc.boolean(),
      fc.option(anyText, { nil: undefined }),
      (steps, color, unicode, note) => {
        let size = { columns: 80, rows: 24 }
        const screen = new TerminalScreen(size.columns, size.rows, widthOf)
        const scene = new Scene()
        const painter = new Painter()
        for (const { events, resize } of steps) {
          if (resize !== undefined) {
            if (resize.columns === size.columns && resize.rows === size.rows) painter.forget()
            size = resize
            screen.resize(size.columns, size.rows)
          }
          for (const event of events) scene.take(event)
          const lines = drawFrame(scene, { ...size, color, unicode, trueColor: true, note })
          expect(lines.length).toBeLessThanOrEqual(size.rows)
          screen.write(painter.paint(lines, size))
          expect(screen.lines).toEqual(padded(lines, size.rows).map(bare))
          expect(screen.has(2026)).toBe(false)
        }
        expect(screen.overflows).toBe(0)
      },
    )
    fc.assert(property, { numRuns: RUNS })
  })
})

it('takes the terminal with the first frame, without cursor and wrapping, and gives it back once', () => {
  const screen = new TerminalScreen(SIZE.columns, SIZE.rows)
  const painter = new Painter()
  expect(painter.leave()).toBe('')
  screen.write(painter.paint(['one'], SIZE))
  expect([1049, 25, 7].map((mode) => screen.has(mode))).toEqual([true, false, false])
  screen.write(painter.leave())
  expect([1049, 25, 7].map((mode) => screen.has(mode))).toEqual([false, true, true])
  expect(painter.leave()).toBe('')
  screen.write(painter.paint(['one'], SIZE))
  expect(screen.has(1049)).toBe(true)
  expect(screen.lines).toEqual(['one', '', ''])
})

it('writes nothing for a frame that is as the one before', () => {
  const painter = new Painter()
  expect(painter.paint(['one', 'two'], SIZE)).not.toBe('')
  expect(painter.paint(['one', 'two'], SIZE)).toBe('')
  expect(painter.paint(['one', 'two', ''], SIZE)).toBe('')
})

it('writes only the lines that have changed, in one synchronized update', () => {
  const screen = new TerminalScreen(SIZE.columns, SIZE.rows)
  const painter = new Painter()
  screen.write(painter.paint(['one', 'a longer two', 'three'], SIZE))
  const bytes = painter.paint(['one', '2', 'three'], SIZE)
  expect(bytes).toMatch(/^\p{Cc}\[\?2026h.*\p{Cc}\[\?2026l$/u)
  expect(bytes).not.toMatch(/one|three/)
  screen.write(bytes)
  expect(screen.lines).toEqual(['one', '2', 'three'])
  expect(screen.updates).toBe(2)
})

it('draws everything anew when the size has changed', () => {
  const screen = new TerminalScreen(SIZE.columns, SIZE.rows)
  const painter = new Painter()
  screen.write(painter.paint(['one', 'two'], SIZE))
  screen.resize(10, 4)
  screen.write(painter.paint(['one', 'two'], { columns: 10, rows: 4 }))
  expect(screen.lines).toEqual(['one', 'two', '', ''])
})

it('draws everything anew when the size has changed and come back between two frames', () => {
  const screen = new TerminalScreen(SIZE.columns, SIZE.rows)
  const painter = new Painter()
  screen.write(painter.paint(['one', 'two'], SIZE))
  screen.resize(SIZE.columns, SIZE.rows)
  painter.forget()
  const bytes = painter.paint(['one', 'two'], SIZE)
  expect(bytes).not.toContain('?1049h')
  screen.write(bytes)
  expect(screen.lines).toEqual(['one', 'two', ''])
})

it('cuts what is too much for the terminal, in either direction', () => {
  const screen = new TerminalScreen(5, 2)
  screen.write(new Painter().paint(['\x1b[31m123456789', '世界世', 'three'], { columns: 5, rows: 2 }))
  expect(screen.lines).toEqual(['12345', '世界'])
  expect(screen.overflows).toBe(0)
})

it('lets colours through, and no other control', () => {
  const bytes = new Painter().paint(['\x1b[1;31mred\x1b[2J\x9b2J\x1b]0;t\x07\r\n'], { columns: 40, rows: 1 })
  expect(bytes).toContain('\x1b[1;31mred?[2J?2J?]0;t???')
})
