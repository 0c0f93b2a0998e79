import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Point } from '../../src/cli/watch/bounds.ts'
import { MAX_TRACK_POINTS, Track } from '../../src/cli/watch/track.ts'

/** That of the track at first, sideways; a way back of half as much is none; together the hypotenuse of both. */
const TOLERANCE_CM = Math.hypot(2, 1) + 0.01

function flown(corners: readonly Point[], stepCm: number): readonly Point[] {
  return corners.flatMap((corner, index) => {
    const from = corners[index - 1] ?? corner
    const steps = Math.max(1, Math.round(Math.hypot(corner.x - from.x, corner.y - from.y) / stepCm))
    return Array.from({ length: steps }, (_, step) => ({
      x: Math.round(from.x + ((corner.x - from.x) * (step + 1)) / steps),
      y: Math.round(from.y + ((corner.y - from.y) * (step + 1)) / steps),
    }))
  })
}

function trackOf(points: readonly Point[]): Track {
  const track = new Track()
  for (const point of points) track.take(point)
  return track
}

function distance({ x, y }: Point, line: readonly Point[]): number {
  const distances = line.map((end, index) => {
    const start = line[index - 1] ?? end
    const [dx, dy] = [end.x - start.x, end.y - start.y]
    const square = dx * dx + dy * dy
    const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - start.x) * dx + (y - start.y) * dy) / square))
    return Math.hypot(x - start.x - along * dx, y - start.y - along * dy)
  })
  return Math.min(...distances)
}

it('keeps a square as its corners', () => {
  const corners = [
    { x: 0, y: 0 },
    { x: 300, y: 0 },
    { x: 300, y: 300 },
    { x: 0, y: 300 },
    { x: 0, y: 0 },
  ]
  expect(trackOf(flown(corners, 10)).points).toEqual(corners)
})

it('keeps a slanted leg as its two ends, though its positions are rounded', () => {
  const corners = [
    { x: 0, y: 0 },
    { x: 1000, y: 377 },
  ]
  expect(trackOf(flown(corners, 7)).points).toEqual(corners)
})

it('keeps the far end of a way that goes there and back', () => {
  const track = trackOf([0, 50, 100, 60, 20].map((x) => ({ x, y: 0 })))
  expect(track.points.map(({ x }) => x)).toEqual([0, 100, 20])
})

it('does not grow while the drone hovers', () => {
  expect(trackOf(Array.from({ length: 100 }, (_, index) => ({ x: index % 2, y: 1 }))).points.length).toBeLessThan(3)
})

it('passes every place where the drone was', () => {
  const corner = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
  const property = fc.property(
    fc.array(corner, { minLength: 1, maxLength: 12 }),
    fc.integer({ min: 1, max: 60 }),
    (corners, stepCm) => {
      const points = flown(corners, stepCm)
      const track = trackOf(points).points
      expect(Math.max(...points.map((point) => distance(point, track)))).toBeLessThan(TOLERANCE_CM)
      expect(track.at(-1)).toEqual(points.at(-1))
    },
  )
  fc.assert(property)
})

it('is thinned where a flight is long, and still begins where that began', () => {
  const length = 5 * MAX_TRACK_POINTS
  const points = Array.from({ length }, (_, index) => ({ x: index, y: (index % 2) * 6 }))
  const track = trackOf(points).points
  expect(track.length).toBeLessThan(MAX_TRACK_POINTS)
  expect([track[0], track.at(-1)]).toEqual([points[0], points.at(-1)])
  expect(Math.max(...points.map((point) => distance(point, track)))).toBeLessThan(length / 256)
})

it('forgets the oldest of a flight too wild to be thinned, and keeps thousands of points', () => {
  const points = Array.from({ length: 5 * MAX_TRACK_POINTS }, (_, index) => ({
    x: Math.round(index * Math.cos(index)),
    y: Math.round(index * Math.sin(index)),
  }))
  const track = trackOf(points).points
  expect(track.length).toBeLessThanOrEqual(MAX_TRACK_POINTS)
  expect(track.length).toBeGreaterThanOrEqual(MAX_TRACK_POINTS / 2)
  expect(track.at(-1)).toEqual(points.at(-1))
  expect(Math.max(...points.slice(-1000).map((point) => distance(point, track)))).toBeLessThan(
    (2 * points.length) / 256,
  )
})
