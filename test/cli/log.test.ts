import { pino } from 'pino'
import { expect, it } from 'vitest'
import { createLog, LOG_FORMATS, LOG_LEVELS, pretty } from '../../src/cli/log.ts'

/** What `pretty` makes of what a logger writes. */
function prettied(write: (logger: pino.Logger) => void): string {
  const lines: string[] = []
  const stream = pretty({ write: (line) => lines.push(line) })
  write(pino({ base: null, level: 'trace', timestamp: () => ',"time":"2026-01-02T12:30:05.678Z"' }, stream))
  return lines.join('')
}

it('shows a line for people: time, level, message, fields', () => {
  expect(prettied((logger) => logger.info({ connection: 1, peer: '127.0.0.1:40404' }, 'connection opened'))).toBe(
    '12:30:05 info  connection opened  connection=1 peer=127.0.0.1:40404\n',
  )
})

it.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)('names the level %s', (level) => {
  expect(prettied((logger) => logger[level]('here'))).toMatch(new RegExp(`^12:30:05 ${level} +here`))
})

it('shows all of an error, and no line end within a line', () => {
  const line = prettied((logger) => logger.error({ err: new Error('no\npropeller') }, 'handler failed'))
  expect(line).toMatch(/^12:30:05 error handler failed .*propeller.*\n$/)
  expect(line.indexOf('\n')).toBe(line.length - 1)
})

it.each(LOG_FORMATS)('makes a logger of each level that is silent below it, as %s', async (format) => {
  for (const level of LOG_LEVELS) {
    const { logger, close } = createLog(level, format)
    expect(logger.level).toBe(level)
    await close()
  }
})

it('knows the levels and the formats of the contract', () => {
  expect(LOG_FORMATS).toEqual(['pretty', 'json'])
  expect(LOG_LEVELS).toEqual(expect.arrayContaining(['debug', 'info', 'warn', 'error']))
})
