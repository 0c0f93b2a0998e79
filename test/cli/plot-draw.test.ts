import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawTrack } from '../../src/cli/plot/draw-track.ts'
import { MARK_KINDS, type TrackMark, type TrackPoint } from '../../src/cli/plot/track.ts'
import { SeededRandom } from '../support/seeded-random.ts'

const RUNS = 300
const SEED = 20_260_707
const MAX_TRACK_BYTES = 300_000
const MAX_SVG_BYTES = 1_000_000

const coordinate = fc.oneof(
  fc.integer({ min: -500, max: 500 }),
  fc.integer(),
  fc.constantFrom(-(2 ** 31), 2 ** 31 - 1, 0),
)
const place = { x: coordinate, y: coordinate, z: fc.option(coordinate, { nil: undefined }) }
const points: fc.Arbitrary<TrackPoint[]> = fc.array(
  fc.record({
    ...place,
    uptimeMs: fc.option(fc.nat({ max: 999_999_999_999_999 }), { nil: undefined }),
    isTelemetry: fc.boolean(),
    color: fc.constantFrom(undefined, '#ff0000', '#ffffff'),
  }),
  { maxLength: 40 },
)
const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom('&', '<', '>', '"', "'", ']]>', '<!--', '\0', '\r', '\ud800', '\udc00', '\ufffe', '\u202e'),
  ),
  maxLength: 200,
})
const marks: fc.Arbitrary<TrackMark[]> = fc.array(
  fc.record({ ...place, kind: fc.constantFrom(...MARK_KINDS), after: fc.nat({ max: 60 }), label: text }),
  { maxLength: 20 },
)

/** A naive reader of the XML that these pictures use: throws where it is not well-formed. Gives the names of elements. */
function readXml(xml: string): string[] {
  const names: string[] = []
  const open: string[] = []
  let at = 0
  const token = /<(\/?)([a-z]+)((?: [A-Za-z-]+="[^"<]*")*)(\/?)>|[^<]+/y
  while (at < xml.length) {
    token.lastIndex = at
    const match = token.exec(xml)
    if (match === null) throw new Error(`no XML at ${at}: ${JSON.stringify(xml.slice(at, at + 60))}`)
    const [whole, closing, name, attributes, empty] = match
    at += whole.length
    for (const character of whole) {
      const code = character.codePointAt(0) ?? 0
      const isText = code === 0x0a || (code >= 0x20 && code < 0xd800) || (code > 0xdfff && code < 0xfffe)
      if (!isText && code < 0x10000) throw new Error(`U+${code.toString(16)} is no text`)
    }
    if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(whole)) throw new Error(`a bare & in ${whole}`)
    if (name === undefined) {
      if (open.length === 0 && whole.trim() !== '') throw new Error(`text outside of the root: ${whole}`)
      continue
    }
    const keys = [...(attributes ?? '').matchAll(/ ([A-Za-z-]+)="/g)].map(([, key]) => key)
    if (new Set(keys).size !== keys.length) throw new Error(`an attribute twice: ${whole}`)
    if (closing === '/') {
      if (open.pop() !== name) throw new Error(`</${name}> closes another`)
      continue
    }
    if (open.length === 0 && names.length > 0) throw new Error('a second root')
    names.push(name)
    if (empty !== '/') open.push(name)
  }
  if (open.length > 0) throw new Error(`${open.at(-1)} is not closed`)
  return names
}

/** All places at which something is drawn, outside of the definitions. */
function placesIn(svg: string): [x: number, y: number][] {
  const drawn = svg.replace(/<defs>[\s\S]*<\/defs>/, '')
  const polylines = [...drawn.matchAll(/ points="([^"]*)"/g)].flatMap(([, list = '']) => list.split(' '))
  const placed = [...drawn.matchAll(/ x="([^"]*)" y="([^"]*)"/g)].map(([, x, y]) => `${x},${y}`)
  const paths = [...drawn.matchAll(/ d="M(\S+) ([^"hHV]*)([hHV])([^"]*)"/g)].flatMap(([, x, y, way, end]) => {
    const to = way === 'V' ? `${x},${end}` : `${way === 'H' ? end : Number(x) + Number(end)},${y}`
    return [`${x},${y}`, to]
  })
  return [...polylines, ...placed, ...paths].map((pair) => {
    const [x = Number.NaN, y = Number.NaN] = pair.split(',').map(Number)
    return [x, y]
  })
}

function expectInside(svg: string): void {
  const [, width, height] = (/viewBox="0 0 (\d+) ([\d.]+)"/.exec(svg) ?? []).map(Number)
  const places = placesIn(svg)
  expect(places.length).toBeGreaterThan(5)
  const outside = places.filter(([x, y]) => !(x >= 0 && x <= (width ?? 0) && y >= 0 && y <= (height ?? 0)))
  expect(outside).toEqual([])
}

const point = (x: number, y: number, more: Partial<TrackPoint> = {}): TrackPoint => {
  return { x, y, z: 100, uptimeMs: undefined, isTelemetry: true, color: undefined, ...more }
}
const mark = (kind: TrackMark['kind'], x: number, y: number, label = ''): TrackMark => {
  return { kind, x, y, z: undefined, after: 1, label }
}
const linesOf = (svg: string) =>
  [...svg.matchAll(/<polyline class="([^"]*)"(?: style="([^"]*)")? points="([^"]*)"/g)].map(
    ([, className, style, dots = '']) => ({
      className,
      style,
      dots: dots.split(' ').map((dot) => dot.split(',').map(Number)),
    }),
  )
const labelsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, label]) => label)

describe('any track', () => {
  it('is well-formed XML, and drawn inside of the picture', () => {
    const property = fc.property(points, marks, text, (track, events, title) => {
      const svg = drawTrack(track, events, title)
      expect(readXml(svg)[0]).toBe('svg')
      expectInside(svg)
      expect(labelsOf(drawTrack(track, [])).join()).not.toMatch(/NaN|Infinity|undefined|\de/)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('is found out if it is not well-formed, or not inside', () => {
    const svg = drawTrack([point(0, 0), point(100, 0)], [])
    for (const broken of [
      svg.replace('</svg>', ''),
      svg.replace('<desc>', '<desc>&'),
      svg.replace('<desc>', '<desc>\0'),
      svg.replace('</desc>', '</title>'),
      `${svg}<svg/>`,
    ]) {
      expect(() => readXml(broken)).toThrow()
    }
    expect(() => expectInside(svg.replace('points="', 'points="-1,5 '))).toThrow()
  })

  it('has the same scale on both axes: a square is a square', () => {
    const corners = fc.tuple(coordinate, coordinate, fc.integer({ min: 500, max: 1_000_000 }))
    const property = fc.property(corners, ([x, y, side]) => {
      const track = [point(x, y), point(x + side, y), point(x + side, y + side), point(x, y + side), point(x, y)]
      const [line] = linesOf(drawTrack(track, []))
      const [a = [], b = [], c = []] = line?.dots ?? []
      const [across, up] = [(b[0] ?? 0) - (a[0] ?? 0), (b[1] ?? 0) - (c[1] ?? 0)]
      expect(across).toBeGreaterThan(100)
      // To a tenth of a pixel at each end.
      expect(Math.abs(across - up)).toBeLessThan(0.25)
    })
    fc.assert(property, { numRuns: RUNS })
  })
})

describe('a picture', () => {
  it('draws X to the right and Y up', () => {
    const [line] = linesOf(drawTrack([point(0, 0), point(300, 200)], []))
    const [[fromX = 0, fromY = 0] = [], [toX = 0, toY = 0] = []] = line?.dots ?? []
    expect(toX).toBeGreaterThan(fromX)
    expect(toY).toBeLessThan(fromY)
  })

  it('is solid where telemetry has seen the drone, and dashed where only its ends are known', () => {
    const told = { isTelemetry: false }
    const track = [point(0, 0), point(100, 0), point(100, 300, told), point(0, 300, told)]
    const [seen, unseen] = linesOf(drawTrack(track, []))
    expect([seen?.className, unseen?.className]).toEqual(['track', 'track told'])
    expect(seen?.dots.length).toBe(2)
    expect(unseen?.dots.length).toBe(3)
  })

  it('is dashed across a silence of telemetry', () => {
    const track = [0, 1000, 9000].map((uptimeMs, index) => point(index * 100, 0, { uptimeMs }))
    expect(linesOf(drawTrack(track, [])).map(({ className }) => className)).toEqual(
      expect.arrayContaining(['track', 'track told']),
    )
  })

  it('has the color of the drone, with an edge', () => {
    const track = [point(0, 0), point(100, 0), point(200, 0, { color: '#ffffff' })]
    const plan = linesOf(drawTrack(track, [])).slice(0, 3)
    expect(plan.map(({ className, style }) => [className, style])).toEqual([
      ['halo', undefined],
      ['track', undefined],
      ['track', 'stroke:#ffffff'],
    ])
  })

  it('shows what became of operations, and says so below its title', () => {
    const events = [
      mark('target', 100, 0),
      mark('target', 0, 0),
      mark('arrived', 100, 0),
      mark('failed', 5, 0, '<b> & co'),
    ]
    const svg = drawTrack([point(0, 0), point(100, 0)], events)
    expect(labelsOf(svg)).toEqual(expect.arrayContaining(['target (2)', 'arrived (1)', 'failed (1)', 'start', 'end']))
    expect(svg).not.toContain('cancelled (')
    expect(svg).toContain('&lt;b&gt; &amp; co')
  })

  it('is not made small by a target that is far away', () => {
    const svg = drawTrack([point(0, 0), point(1000, 0)], [mark('target', 2 ** 31 - 1, 0)])
    const [line] = linesOf(svg)
    expect((line?.dots.at(-1)?.[0] ?? 0) - (line?.dots[0]?.[0] ?? 0)).toBeGreaterThan(300)
    expect(svg).toContain('<use href="#far"')
  })

  it('has labels in metres, at steps of 1, 2 or 5 times a power of ten', () => {
    const property = fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.integer(), (size, x) => {
      const svg = drawTrack([point(x, 0), point(x + size, 0)], [])
      const columns = [...svg.matchAll(/<text class="middle" x="([\d.]+)"[^>]*>([^<]*)</g)].map(
        ([, at, label = '']) => {
          return { at: Number(at), value: Number(label.replaceAll(',', '').replace('−', '-')) }
        },
      )
      const plan = columns.slice(
        0,
        columns.findIndex(({ at }, index) => at < (columns[index - 1]?.at ?? 0)),
      )
      expect(plan.length).toBeGreaterThan(1)
      const [first, second] = plan
      const step = (second?.value ?? 0) - (first?.value ?? 0)
      expect(step.toExponential(2)).toMatch(/^[125]\.00e/)
      // No label runs into the next.
      expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(79)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('draws a drone that stands as a point in a field of some metres', () => {
    const svg = drawTrack([point(12, -5)], [])
    expect(linesOf(svg)).toEqual([])
    expect(svg.match(/<use href="#(?:start|end)"/g)?.length).toBeGreaterThanOrEqual(4)
    expect(labelsOf(svg)).toEqual(
      expect.arrayContaining(['−0.5', '0.5', '1 point · 0.0 m of track · highest at 1.0 m']),
    )
  })

  it('draws the farthest corners there are', () => {
    const svg = drawTrack([point(-(2 ** 31), -(2 ** 31)), point(2 ** 31 - 1, 2 ** 31 - 1)], [])
    expect(labelsOf(svg)).toEqual(expect.arrayContaining(['−20,000,000', '0', '20,000,000']))
    expectInside(svg)
  })

  it('has no strip of altitudes where none was told', () => {
    expect(labelsOf(drawTrack([point(0, 0, { z: undefined })], []))).not.toContain('Z, m up')
    expect(labelsOf(drawTrack([point(0, 0)], []))).toContain('Z, m up')
  })

  it.each([
    { seconds: 20, caption: 'time, s' },
    { seconds: 1200, caption: 'time, min' },
    { seconds: 36_000, caption: 'time, h' },
  ])('tells $seconds s on an axis of "$caption"', ({ seconds, caption }) => {
    const track = [point(0, 0, { uptimeMs: 5000 }), point(9, 0, { uptimeMs: 5000 + seconds * 1000 })]
    expect(labelsOf(drawTrack(track, []))).toContain(caption)
  })

  it('counts points where there is no time', () => {
    expect(labelsOf(drawTrack([point(0, 0), point(1, 1)], []))).toContain('point of the track')
  })

  it('goes on where a server was started anew', () => {
    const track = [9000, 10_000, 100, 1100].map((uptimeMs, index) => point(index, 0, { uptimeMs }))
    expect(drawTrack(track, [])).toContain('2.0 s')
  })

  it.each([
    { what: 'a flight', step: 20, hasColors: false },
    { what: 'a scribble over all there is', step: 2 ** 31 - 1, hasColors: false },
    { what: 'one that glitters', step: 2000, hasColors: true },
  ])('of $what with 100,000 points and marks is small', ({ step, hasColors }) => {
    const random = new SeededRandom(SEED)
    let [x, y, z] = [0, 0, 0]
    const go = (from: number) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, from + random.integer(-step, step)))
    const track = Array.from({ length: 100_000 }, (_, index) => {
      ;[x, y, z] = [go(x), go(y), go(z)]
      const color = hasColors ? `#${random.integer(0x100000, 0xffffff).toString(16)}` : undefined
      return point(x, y, { z, uptimeMs: index * 100, isTelemetry: !hasColors || random.percent(50), color })
    })
    const events = track.map((at, index) => ({
      ...mark(MARK_KINDS[index % 4] ?? 'target', at.x, at.y, '"'.repeat(500)),
      after: index,
    }))
    const svg = drawTrack(track, events)
    expect(svg.length, `seed ${SEED}`).toBeLessThan(MAX_SVG_BYTES)
    expect(drawTrack(track, []).length, `seed ${SEED}`).toBeLessThan(MAX_TRACK_BYTES)
    expect(labelsOf(svg)).toContain('arrived (25,000)')
    expectInside(svg)
  })
})
