import fc from 'fast-check'
import type { Started, Telemetry, WatchedEvent } from '../../src/cli/watch/event.ts'

const INT32 = { min: -(2 ** 31), max: 2 ** 31 - 1 }
const NASTY = [
  '\x1b[2J\x1b[31mred',
  '\x9b2Jc1',
  '\x1b]0;title\x07',
  'a\r\nb\tc\bd\x7f',
  '世界世界世界世界世界世界世界',
  '👩‍👩‍👧👍🏽🇩🇪☀️',
  'e\u0301\u0302\u0303 Z\u0336\u0335',
  '\u202egnp\u2028\ufeff',
  'नमस्ते สวัสดี مرحبا',
  '\ud800 lone',
  'x'.repeat(255),
]

/** Any text, such as may not come from our server. */
export const anyText = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...NASTY), { minLength: 2, maxLength: 4 }).map((texts) => texts.join('')),
)

const centimetres = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: -2000, max: 2000 }) },
  { weight: 1, arbitrary: fc.integer(INT32) },
)
const common = {
  eventSeq: fc.nat(),
  time: fc.oneof(fc.constant('2026-10-04T12:30:45.678Z'), anyText),
  uptime: fc.nat(),
  dropped: fc.option(fc.nat(), { nil: undefined }),
  x: centimetres,
  y: centimetres,
  z: centimetres,
}
const byte = fc.integer({ min: 0, max: 255 })
const operated = { session: byte, ...common, op: fc.nat({ max: 12 }), command: fc.oneof(fc.constant('MOVE'), anyText) }

/** Any event of the server, and such as it never sends. */
export const anyEvent: fc.Arbitrary<WatchedEvent> = fc.oneof(
  fc.record({
    ...common,
    name: fc.constant('TELEMETRY' as const),
    drone: anyText,
    state: fc.oneof(fc.constantFrom('landed', 'hovering', 'moving'), anyText),
    heading: fc.integer({ min: 0, max: 359 }),
    battery: fc.integer({ min: 0, max: 100 }),
    r: byte,
    g: byte,
    b: byte,
    text: fc.option(anyText, { nil: undefined }),
  }),
  fc.record({ ...operated, name: fc.constantFrom('STARTED' as const, 'ARRIVED' as const, 'CANCELLED' as const) }),
  fc.record({ ...operated, name: fc.constant('FAILED' as const), code: anyText, reason: anyText }),
  fc.record({ ...common, name: fc.constant('LINK' as const), state: fc.oneof(fc.constant('lost'), anyText) }),
)

const COMMON = { eventSeq: 1, time: '2026-10-04T12:30:45.678Z', uptime: 100 }

/** An event of TELEMETRY. */
export const telemetry = (changes: Partial<Telemetry> = {}): Telemetry => ({
  ...{ ...COMMON, name: 'TELEMETRY', drone: 'sim', state: 'moving', x: 0, y: 0, z: 0, heading: 0, battery: 100 },
  ...{ r: 0, g: 0, b: 0 },
  ...changes,
})

/** An event of STARTED. */
export const started = (changes: Partial<Started> = {}): Started => ({
  ...{ ...COMMON, name: 'STARTED', op: 1, session: 1, command: 'MOVE', x: 0, y: 0, z: 0 },
  ...changes,
})
