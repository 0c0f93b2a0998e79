import { type Logger, pino } from 'pino'

export interface CountedLog {
  readonly logger: Logger
  /** How many lines say so. */
  count(message: string): number
  /** The level of the gravest line: 30 is info, 40 a warning, 50 an error. */
  readonly gravest: number
}

/** A logger for trials with many lines: they are counted, and not kept. */
export function countLog(): CountedLog {
  const counts = new Map<string, number>()
  let gravest = 0
  const write = (line: string) => {
    const { msg, level } = JSON.parse(line) as { msg: string; level: number }
    counts.set(msg, (counts.get(msg) ?? 0) + 1)
    gravest = Math.max(gravest, level)
  }
  return {
    logger: pino({ base: null }, { write }),
    count: (message) => counts.get(message) ?? 0,
    get gravest() {
      return gravest
    },
  }
}
