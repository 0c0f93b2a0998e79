import { expect, it } from 'vitest'
import type { Ended, Failed, WatchedEvent } from '../../src/cli/watch/event.ts'
import { MAX_OPERATIONS, Scene } from '../../src/cli/watch/scene.ts'
import { started, telemetry } from '../support/watched-events.ts'

const { name: _, ...operation } = started({ x: 5, y: 6, z: 7 })
const ended = (name: Ended['name'], op = 1): Ended => ({ ...operation, name, op })
const failed: Failed = { ...operation, name: 'FAILED', code: 'OUT_OF_FENCE', reason: 'Too far' }

function sceneOf(...events: readonly WatchedEvent[]): Scene {
  const scene = new Scene()
  for (const event of events) scene.take(event)
  return scene
}

it('has nothing to show at first', () => {
  const scene = sceneOf()
  expect([scene.telemetry, scene.running, scene.bounds, scene.track.points]).toEqual([
    undefined,
    undefined,
    undefined,
    [],
  ])
})

it('holds the last telemetry, and where the drone was', () => {
  const scene = sceneOf(telemetry({ x: 1 }), telemetry({ x: 500, text: 'hello' }))
  expect(scene.telemetry).toMatchObject({ x: 500, text: 'hello' })
  expect(scene.track.points).toEqual([
    { x: 1, y: 0 },
    { x: 500, y: 0 },
  ])
})

it.each([
  [ended('ARRIVED'), { state: 'arrived' }],
  [ended('CANCELLED'), { state: 'cancelled' }],
  [failed, { state: 'failed', code: 'OUT_OF_FENCE' }],
])('tells how an operation ended: $name', (end, expected) => {
  const scene = sceneOf(started())
  expect(scene.running).toMatchObject({ op: 1, state: 'running', place: { x: 0, y: 0, z: 0 } })
  scene.take(end)
  expect(scene.operations).toEqual([expect.objectContaining({ ...expected, place: { x: 5, y: 6, z: 7 } })])
  expect(scene.running).toBeUndefined()
})

it('has seen a corner, although telemetry came only before and behind it', () => {
  const corner = { ...ended('ARRIVED'), x: 300, y: 0 }
  const scene = sceneOf(telemetry(), started(), telemetry({ x: 292 }), corner, telemetry({ x: 300, y: 8 }))
  scene.take(telemetry({ x: 300, y: 290 }))
  expect(scene.track.points).toEqual([
    { x: 0, y: 0 },
    { x: 300, y: 0 },
    { x: 300, y: 290 },
  ])
})

it('takes the end of an operation whose start it has not seen', () => {
  expect(sceneOf(ended('ARRIVED', 9)).operations).toMatchObject([{ op: 9, state: 'arrived' }])
})

it('keeps the last operations in the order of their starts, and the last that runs is the one', () => {
  const scene = sceneOf(started({ op: 1 }), started({ op: 2 }), ended('CANCELLED', 1))
  expect(scene.operations.map(({ op }) => op)).toEqual([1, 2])
  expect(scene.running?.op).toBe(2)
  for (let op = 3; op < 20; op++) scene.take(started({ op }))
  expect(scene.operations.map(({ op }) => op)).toEqual([14, 15, 16, 17, 18, 19])
  expect(scene.operations.length).toBe(MAX_OPERATIONS)
})

it('knows the link, and how many events it was not told', () => {
  const link = (state: string): WatchedEvent => ({ name: 'LINK', eventSeq: 1, time: 't', uptime: 0, state })
  const scene = sceneOf(telemetry({ dropped: 3 }), telemetry(), telemetry({ dropped: 4 }), link('lost'))
  expect([scene.dropped, scene.link]).toEqual([7, 'lost'])
  scene.take(link('regained'))
  expect([scene.link, scene.time]).toEqual(['up', 't'])
})

it('makes room for where the drone goes, and forgets it on the ground if it never came there', () => {
  const scene = sceneOf(telemetry({ x: 10 }), started({ x: 1000, y: -50, z: 300 }))
  expect([scene.bounds, scene.topCm]).toEqual([{ minX: 10, maxX: 1000, minY: -50, maxY: 0 }, 300])
  scene.take(telemetry({ x: 20, state: 'hovering' }))
  expect(scene.bounds?.maxX).toBe(1000)
  scene.take(telemetry({ x: 30, state: 'landed' }))
  expect([scene.bounds, scene.topCm]).toEqual([{ minX: 10, maxX: 30, minY: 0, maxY: 0 }, 0])
})
