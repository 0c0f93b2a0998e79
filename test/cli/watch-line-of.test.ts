import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineOf } from '../../src/cli/watch/line-of.ts'
import { anyEvent, started, telemetry } from '../support/watched-events.ts'

it('puts an event on a line: its time, its name, its headers in their order', () => {
  expect(lineOf(started({ eventSeq: 7, op: 3, x: 10, y: -20, z: 100 }))).toBe(
    '2026-10-04T12:30:45.678Z STARTED Event-Seq=7 Uptime=100 Op=3 Session=1 Command=MOVE X=10 Y=-20 Z=100',
  )
  expect(lineOf(telemetry({ text: 'hello', dropped: 2 }))).toBe(
    '2026-10-04T12:30:45.678Z TELEMETRY Event-Seq=1 Uptime=100 Drone=sim State=moving X=0 Y=0 Z=0 ' +
      'Heading=0 Battery=100 R=0 G=0 B=0 Text=hello Dropped=2',
  )
})

it.each([
  ['hello, world', '"hello, world"'],
  ['say "hi"', String.raw`"say \"hi\""`],
  ['"', String.raw`"\""`],
  ['', '""'],
  ['a\tb', String.raw`"a\tb"`],
  ['\x1b[31m', String.raw`"\u001b[31m"`],
  ['\x9b31m\x7f', String.raw`"\u009b31m\u007f"`],
  ['\u202eabc', String.raw`"\u202eabc"`],
  ['a=b\\c', 'a=b\\c'],
  ['héllo世界', 'héllo世界'],
])('writes the text %j as %s', (text, written) => {
  expect(lineOf(telemetry({ text })).split(' Text=')[1]).toBe(written)
})

it('leaves out a header that is undefined', () => {
  expect(lineOf(telemetry({ text: undefined }))).not.toContain('Text')
})

it('is one line without a control character for any event, and every value can be read back', () => {
  const property = fc.property(anyEvent, (event) => {
    const line = lineOf(event)
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u)
    const words = [...line.matchAll(/ ([\w-]+)=("(?:[^"\\]|\\.)*"|\S*)/g)]
    const values = words.map(([, , value = '']) => (value.startsWith('"') ? JSON.parse(value) : value))
    const { name: _, time: __, ...headers } = event
    expect(values).toEqual(
      Object.values(headers)
        .filter((value) => value !== undefined)
        .map(String),
    )
  })
  fc.assert(property)
})
