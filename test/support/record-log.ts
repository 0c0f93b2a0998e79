import { type Logger, pino } from 'pino'

export type LogLine = Readonly<Record<string, unknown>>

export interface RecordedLog {
  readonly logger: Logger
  readonly lines: readonly LogLine[]
  /** The lines with a message. */
  of(message: string): readonly LogLine[]
  /** All that was written. */
  readonly text: string
}

/** A logger that writes to an array. */
export function recordLog(): RecordedLog {
  const written: string[] = []
  const logger = pino({ base: null }, { write: (line) => void written.push(line) })
  const parse = () => written.map((line) => JSON.parse(line) as LogLine)
  return {
    logger,
    get lines() {
      return parse()
    },
    of: (message) => parse().filter(({ msg }) => String(msg).startsWith(message)),
    get text() {
      return written.join('')
    },
  }
}
