import { expect, it } from 'vitest'
import { SeededRandom } from '../support/seeded-random.ts'
import { LOADS } from './loads.ts'
import { startSoaked } from './start.ts'
import { Tally } from './tally.ts'

it('every load of the soak, once, is told what it wants to be told', async () => {
  const soaked = await startSoaked()
  const tally = new Tally()
  const random = new SeededRandom(1)
  await Promise.all([...new Set(LOADS)].map((load) => load(soaked, tally, random.fork())))
  expect(tally.wrong).toEqual([])
  expect(tally.checked).toBeGreaterThan(0)
})
