import { writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FLIGHT } from '../../src/commands/commands.ts'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { restoredDrone, stateOf } from '../../src/recorder/drone-state.ts'
import type { JournalEntry } from '../../src/recorder/entry.ts'
import { replay } from '../../src/recorder/replay.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { firstFile, openJournal, record, START } from './support/journals.ts'
import { RecordedFlight } from './support/recorded-flight.ts'

const RUNS = 200

/** Lets the answers come that are due. */
const turn = () => new Promise((resolve) => setImmediate(resolve))

function startFlight() {
  const folder = temporaryFolder()
  const clock = new FakeClock()
  clock.advance(1234.5)
  const journal = openJournal(folder, { clock })
  const drone = new SimulatedDrone(clock)
  journal.append(START)
  return { folder, clock, journal, drone, flight: new RecordedFlight(journal, drone, clock) }
}

describe('a flight that is replayed', () => {
  it('ends where it ended', async () => {
    const { folder, clock, journal, flight } = startFlight()
    flight.say('MOVE\r\nX: 1000\r\nY: 0\r\nZ: 200')
    clock.advance(2000)
    flight.say('CHANGECOLOR 1 2 3')
    flight.say('WRITE two  words')
    flight.say('STATUS')
    flight.say('STOP')
    flight.recordState()
    journal.commit()
    expect(replay(folder)).toMatchObject({
      commands: 4,
      refused: [],
      end: { state: 'hovering', x: 196, y: 0, z: 39, heading: 90, r: 1, g: 2, b: 3, text: 'two  words' },
      compared: { seq: 7, differences: [] },
    })
  })

  it('is told to differ where it does', () => {
    const folder = temporaryFolder()
    const state = { x: 1, y: 0, z: 0, airborne: true, aimedM: 0, charge: 1, color: { red: 0, green: 0, blue: 9 } }
    record(folder, [START, { kind: 'event', event: '' }, { kind: 'state', state: { ...state, text: 'x' } }])
    expect(replay(folder).compared?.differences.toSorted()).toEqual(['color', 'text', 'x'])
  })

  it('ends where it ended, whatever was flown', async () => {
    const coordinate = fc.integer({ min: -500, max: 500 })
    const wait = fc.constantFrom('', '\r\nWait: yes')
    const said = fc.oneof(
      { weight: 4, arbitrary: fc.tuple(coordinate, coordinate, wait).map(([x, y, w]) => `MOVE ${x} ${y}${w}`) },
      fc.tuple(coordinate, coordinate, coordinate).map(([x, y, z]) => `MOVE ${x} ${y} ${z} 300`),
      fc.tuple(fc.integer({ min: 50, max: 900 }), wait).map(([z, w]) => `TAKEOFF ${z}${w}`),
      wait.map((w) => `LAND${w}`),
      fc.constantFrom('STOP', 'EMERGENCY\r\nDrone: sim', 'STATUS', 'WAIT', 'COLOR 1 2 3', 'write hello'),
    )
    const step = fc.tuple(said, fc.constantFrom(0, 0, 1, 333.3, 5000, 61_000))
    const property = fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const { folder, clock, journal, drone, flight } = startFlight()
      flight.recordState()
      for (const [text, waitMs] of steps) {
        flight.say(text)
        clock.advance(waitMs)
        await turn()
      }
      // In a moment of its own: of a state nobody knows what had been told by then.
      clock.advance(1)
      flight.recordState()
      // What was told with Wait is recorded when that is answered, if nothing else by the end of its session.
      flight.end()
      await turn()
      journal.commit()
      const { refused, compared } = replay(folder)
      expect({ refused, differences: compared?.differences }).toEqual({ refused: [], differences: [] })
      expect(compared?.state).toMatchObject({ airborne: drone.airborne })
      // What comes behind the last state is replayed, too.
      flight.say('MOVE 7 7')
      flight.say('EMERGENCY\r\nDrone: sim')
      journal.close()
      expect(replay(folder)).toMatchObject({ end: { state: 'landed' }, compared: { differences: [] } })
    })
    await fc.assert(property, { numRuns: RUNS })
  })

  it('begins with the state that stands behind the last start', () => {
    const { folder, clock, journal, flight } = startFlight()
    flight.say('MOVE 1000 1000')
    clock.advance(100_000)
    journal.append(START)
    const state = { x: 1, y: 2, z: 3, airborne: true, aimedM: 3, charge: 0.5, text: 'back', east: -2, north: 0 }
    journal.append({ kind: 'state', state })
    flight.say('COLOR 4 5 6')
    journal.commit()
    expect(replay(folder)).toMatchObject({
      commands: 1,
      end: { state: 'hovering', x: 100, y: 200, z: 300, heading: 270, battery: 50, b: 6, text: 'back' },
    })
  })

  const ran = (seq: number, message: string, decision = 'ran', reply = 'OK X'): JournalEntry => ({
    kind: 'command',
    connection: 1,
    ranMs: seq,
    message,
    decision,
    reply,
  })

  it('has all commands that change something of the drone, and no others', () => {
    const flown = FLIGHT.filter(({ example }) => {
      const folder = temporaryFolder()
      record(folder, [START, ran(0, example)])
      return replay(folder).commands === 1
    }).map(({ name }) => name)
    const changing = ['TAKEOFF', 'MOVE', 'LAND', 'STOP', 'EMERGENCY', 'WRITE', 'CHANGECOLOR']
    expect(flown.toSorted()).toEqual(changing.toSorted())
  })

  it.each(['refused', 'cancelled', 'expired', 'replayed', 'checked'])('leaves out what was %s', (decision) => {
    const folder = temporaryFolder()
    record(folder, [START, ran(0, 'MOVE 100 0', decision), ran(0, 'MOVE 100 0', decision, 'ERR X')])
    expect(replay(folder)).toMatchObject({ commands: 0, end: { x: 0 } })
  })

  it.each(['ran', 'cancelled', 'refused'])('takes what was %s for begun, where the error tells its Op', (decision) => {
    const folder = temporaryFolder()
    const reply = 'ERR CANCELLED\r\nReason: x\r\nOp: 1\r\n\r\n'
    record(folder, [START, ran(0, 'MOVE 100 0\r\nWait: yes', decision, reply)])
    expect(replay(folder)).toMatchObject({ commands: 1, end: { state: 'moving' } })
  })

  it.each([
    { what: 'an error', message: 'MOVE 1 0', reply: 'ERR NOT_FLYING\r\n\r\n' },
    { what: 'no message', message: '\r\n:', reply: 'OK X' },
    { what: 'an empty text', message: '', reply: 'OK X' },
    { what: 'a command of another server', message: 'DANCE', reply: 'OK X' },
    { what: 'a HELLO', message: 'HELLO\r\nToken: [token]', reply: 'OK AUTH_OK' },
    { what: 'parameters that are none', message: 'MOVE up', reply: 'OK X' },
  ])('leaves out what has or is $what', ({ message, reply }) => {
    const folder = temporaryFolder()
    record(folder, [START, ran(0, message, 'ran', reply)])
    expect(replay(folder)).toMatchObject({ commands: 0, refused: [] })
  })

  it('takes what was cancelled for the first of one moment, where the record tells no order', () => {
    const folder = temporaryFolder()
    const cancelled = ran(0, 'MOVE 100 0\r\nWait: yes', 'ran', 'ERR CANCELLED\r\nOp: 1\r\n\r\n')
    record(folder, [START, ran(0, 'STOP'), cancelled, ran(5000, 'WRITE x'), { kind: 'state', state: {} }])
    expect(replay(folder)).toMatchObject({ commands: 3, end: { state: 'hovering', x: 0 } })
  })

  it('tells what is refused now', () => {
    const folder = temporaryFolder()
    record(folder, [START, ran(0, 'EMERGENCY\r\nDrone: sim'), ran(1, 'MOVE 1 1')])
    expect(replay(folder).refused).toEqual([{ seq: 3, command: 'MOVE', code: 'NOT_FLYING' }])
  })

  it('of a journal without a record is a drone at its start', () => {
    const folder = temporaryFolder()
    record(folder, [])
    expect(replay(folder)).toMatchObject({ commands: 0, end: { x: 0, y: 0, z: 0 } })
  })

  it('throws at a line that is no record, and not at one that is not finished', () => {
    const folder = temporaryFolder()
    record(folder, [START])
    writeFileSync(firstFile(folder), '{"seq', { flag: 'a' })
    expect(replay(folder).commands).toBe(0)
    writeFileSync(firstFile(folder), '\n', { flag: 'a' })
    expect(() => replay(folder)).toThrow('skyline-000001.jsonl:2 is no record')
    // Of what was before a start nothing is flown.
    record(folder, [START, ran(0, 'WRITE x')])
    expect(replay(folder).commands).toBe(1)
  })
})

describe('the state of a drone', () => {
  const told = fc.record({
    x: fc.double({ min: -1000, max: 1000, noNaN: true }),
    y: fc.double({ min: -1000, max: 1000, noNaN: true }),
    z: fc.double({ min: 0, max: 1000, noNaN: true }),
    angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
    airborne: fc.boolean(),
    charge: fc.double({ min: 0, max: 1, noNaN: true }),
    text: fc.string(),
  })

  it('is what it was, when it is restored', () => {
    const property = fc.property(told, ({ angle, airborne, z, ...rest }) => {
      const height = airborne ? z : 0
      const state = {
        ...{ ...rest, z: height, airborne, aimedM: height, color: { red: 1, green: 2, blue: 3 } },
        ...{ east: Math.sin(angle), north: Math.cos(angle) },
      }
      const restored = stateOf(restoredDrone(new FakeClock(), state))
      for (const [key, value] of Object.entries(state)) {
        if (typeof value === 'number') expect(restored[key]).toBeCloseTo(value, 6)
        else expect(restored[key]).toEqual(value)
      }
    })
    fc.assert(property, { numRuns: RUNS })
  })

  it('that was restored does not move', () => {
    const clock = new FakeClock()
    const drone = restoredDrone(clock, { x: 5, y: 5, z: 5, airborne: true, aimedM: 9 })
    expect(drone.telemetry().state).toBe('hovering')
    clock.advance(10_000)
    expect(drone.telemetry()).toMatchObject({ state: 'hovering', position: { xM: 5, yM: 5, zM: 5 } })
    expect(drone.aimedM).toBe(9)
  })
})
