import { statSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { MAX_BACKLOG_BYTES } from '../../src/recorder/backlog.ts'
import { Journal } from '../../src/recorder/journal.ts'
import { journalFile } from '../../src/recorder/journal-files.ts'
import { Mask } from '../../src/server/mask.ts'
import { Recorder } from '../../src/server/recorder.ts'
import { systemClock } from '../../src/time/clock.ts'
import { spanOf } from '../../src/wire/span.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const EVENT = Buffer.from(`EVENT STARTED\r\nNote: ${'x'.repeat(1000)}\r\n\r\n`)

function scene() {
  const folder = temporaryFolder()
  const journal = Journal.open({ folder, syncMs: 100, clock: systemClock })
  onTestFinished(() => journal.close())
  const mask = new Mask({ kind: 'none' })
  const recorder = new Recorder({ journal, drone: undefined, fence: undefined, clock: systemClock, mask })
  const told: number[] = []
  const bytes = () => statSync(journalFile(folder, 1)).size
  return { recorder, told, bytes }
}

const endOfCallback = () => new Promise<void>((resolve) => process.nextTick(resolve))

it('what happens in one turn of the event loop is written at its end, and then those are told who wait for it', async () => {
  const { recorder, told, bytes } = scene()
  recorder.event(spanOf(EVENT))
  recorder.tell({ written: () => void told.push(bytes()) })
  await endOfCallback()
  recorder.event(spanOf(EVENT))
  expect({ told, bytes: bytes(), isBehind: recorder.isBehind }).toEqual({ told: [], bytes: 0, isBehind: true })
  await nextTurn()
  expect(recorder.isBehind).toBe(false)
  expect(told).toEqual([bytes()])
  expect(bytes()).toBeGreaterThan(2 * EVENT.length)
})

it('a turn in which much happens is written in parts, so that it takes no more memory than that', async () => {
  const { recorder, told, bytes } = scene()
  for (let count = 0; count * EVENT.length < 2 * MAX_BACKLOG_BYTES; count++) recorder.event(spanOf(EVENT))
  recorder.tell({ written: () => void told.push(bytes()) })
  // Not within what is being done: others would be told, and go on.
  expect(told).toEqual([])
  await endOfCallback()
  expect(told).toEqual([bytes()])
  expect(bytes()).toBeGreaterThan(2 * MAX_BACKLOG_BYTES)
})
