import type { Segment } from './canvas.ts'
import { shortMetres } from './scale.ts'
import type { Operation } from './scene.ts'
import { STYLE } from './styles.ts'

/** A mark for each state: that of one which runs is also where it goes, on the plan. */
const MARKS = {
  running: { sign: '○', ascii: 'o', style: STYLE.target },
  arrived: { sign: '●', ascii: '*', style: STYLE.good },
  cancelled: { sign: '×', ascii: 'x', style: STYLE.dim },
  failed: { sign: '×', ascii: 'x', style: STYLE.bad },
} as const

/** An operation on one row: which, what, and what became of it or where it goes. */
export function operationRow(operation: Operation, unicode: boolean): readonly Segment[] {
  const { op, command, state } = operation
  const { sign, ascii, style } = MARKS[state]
  return [[unicode ? sign : ascii, style], [` ${op} ${command} `], [fateOf(operation), style]]
}

function fateOf({ state, place: { x, y, z }, code }: Operation): string {
  if (state === 'running') return `to ${[x, y, z].map(shortMetres).join(' ')}`
  return code === undefined ? state : `${state} ${code}`
}
