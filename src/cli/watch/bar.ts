import type { Segment } from './canvas.ts'
import { STYLE } from './styles.ts'

/** From an eighth of a cell to a full one. */
const EIGHTHS = '▏▎▍▌▋▊▉█'
const STEPS = EIGHTHS.length

/** A bar in its frame, of so many cells in all, full to a part of 0 to 1. */
export function barOf(part: number, cells: number, style: string, unicode: boolean): readonly Segment[] {
  const inner = Math.max(0, cells - 2)
  const full = Math.min(1, Math.max(0, part)) * inner
  if (!unicode) return [['['], ['#'.repeat(Math.round(full)).padEnd(inner, '-'), style], [']']]
  const steps = Math.round(full * STEPS)
  const whole = '█'.repeat(Math.floor(steps / STEPS))
  const rest = EIGHTHS[(steps % STEPS) - 1] ?? ''
  return [
    ['▕', STYLE.dim],
    [(whole + rest).padEnd(inner), style],
    ['▏', STYLE.dim],
  ]
}
