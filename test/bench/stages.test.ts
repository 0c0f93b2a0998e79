import { expect, it } from 'vitest'
import { pieces } from '../support/chunkings.ts'
import { STAGES, through } from './stages.ts'

const MOVES = 10
const stream = Buffer.from('MOVE\r\nX: 10\r\nY: 20\r\nId: 7\r\n\r\n'.repeat(MOVES))

it.each(STAGES)('every message comes through the stages up to %s, however it is cut', (stage) => {
  for (const cut of [1, 7, stream.length]) expect(through(stage, pieces(stream, cut))).toBe(MOVES)
})
