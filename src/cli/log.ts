import type { EventEmitter } from 'node:events'
import { type DestinationStream, type Logger, pino } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export const LOG_FORMATS = ['pretty', 'json'] as const

const STANDARD_ERROR = 2
/** For so long the last lines may take, in milliseconds. */
const LAST_LINES_MS = 500
/** What may wait to be written, in bytes; beyond that lines are dropped rather than memory used up. */
const MAX_WAITING_BYTES = 1024 * 1024

/** A logger, and the end of it. */
export interface Log {
  readonly logger: Logger
  /** Writes what still waits, where that can be done soon. Nothing is logged from then on. */
  close(): Promise<void>
}

/** A log that writes a line each to standard error. */
export function createLog(level: string, format: string): Log {
  const destination = pino.destination({
    dest: STANDARD_ERROR,
    sync: false,
    minLength: 1,
    maxLength: MAX_WAITING_BYTES,
  })
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const logger = pino(options, format === 'pretty' ? pretty(destination) : plain(destination))
  countDropped(destination, logger)
  // A closed pipe or a full disk costs lines, not the server.
  destination.on('error', () => {})
  const close = async () => {
    await new Promise<void>((resolve) => {
      setTimeout(resolve, LAST_LINES_MS)
      destination.flush(() => resolve())
    })
    // Else it would try again at exit, and on a full disk for ever.
    destination.destroy()
  }
  return { logger, close }
}

/** Tells how many lines there was no room for, as soon as there is room again. */
function countDropped(destination: EventEmitter, logger: Logger): void {
  let dropped = 0
  destination.on('drop', () => dropped++)
  destination.on('drain', () => {
    if (dropped === 0) return
    const lines = dropped
    dropped = 0
    logger.warn({ lines }, 'log lines dropped')
  })
}

/**
 * Lines as they are. Not the destination itself: pino would have it write all at once behind a fatal line, and on a full
 * disk that never ends.
 */
const plain = (stream: { write(text: string): unknown }): DestinationStream => ({
  write: (line) => void stream.write(line),
})

/** Lines for people: `12:30:05 info  connection opened  connection=1 peer=127.0.0.1:40404`. */
export function pretty(stream: { write(text: string): unknown }): DestinationStream {
  return {
    write(line) {
      const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
      const label = pino.levels.labels[Number(level)] ?? ''
      const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${show(value)}`)
      stream.write(`${String(time).slice(11, 19)} ${label.padEnd(5)} ${String(msg)} ${rest.join('')}\n`)
    },
  }
}

/** A word as it is; anything that could be taken for more than one, in quotes. */
const show = (value: unknown): string =>
  typeof value === 'string' && /^[\w.:/[\]-]+$/.test(value) ? value : JSON.stringify(value)
