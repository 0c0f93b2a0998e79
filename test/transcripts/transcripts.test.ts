import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SimulatedDrone } from '../../src/drone/simulated-drone.ts'
import { cuttings } from '../support/cuttings.ts'
import { TickingClock } from '../support/fake-clock.ts'
import { type PlayOptions, play, wallClock } from '../support/play.ts'
import { startServer } from '../support/start-server.ts'
import { talk } from '../support/talk.ts'

const FOLDER = new URL('../../fixtures/transcripts/', import.meta.url)
/** What the server of a transcript is started with, where that is not nothing. */
const OPTIONS: Readonly<Record<string, PlayOptions>> = JSON.parse(readFileSync(new URL('options.json', FOLDER), 'utf8'))

const names = readdirSync(FOLDER).flatMap((file) => (file.endsWith('.in') ? [file.slice(0, -'.in'.length)] : []))
const bytesOf = (file: string) => readFileSync(new URL(file, FOLDER))

describe.each(names)('transcript %s', (name) => {
  const options = OPTIONS[name] ?? {}
  const input = bytesOf(`${name}.in`)
  const expected = bytesOf(`${name}.out`)

  it.each(cuttings(input))('is the same $name, on a session alone (F5)', async ({ chunks }) => {
    const answer = await play(chunks, options)
    expect(answer.toString('latin1')).toBe(expected.toString('latin1'))
  })

  it.each(cuttings(input))('is the same $name, over a socket (F5)', async ({ chunks }) => {
    const clock = new TickingClock()
    const { drone: of, ...others } = options
    const { address } = await startServer({ ...others, drone: new SimulatedDrone(clock, of), clock, wallClock })
    const answer = await talk(address, chunks)
    expect(answer.toString('latin1')).toBe(expected.toString('latin1'))
  })
})

it('finds the transcripts', () => {
  expect(names.length).toBeGreaterThanOrEqual(20)
})
