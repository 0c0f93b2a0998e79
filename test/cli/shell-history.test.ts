import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  historyFile,
  isSecret,
  keepLine,
  MAX_HISTORY_LINES,
  readHistory,
  withLine,
} from '../../src/cli/shell/history.ts'

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skyline-history-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return historyFile({ XDG_STATE_HOME: folder }, '/nowhere')
}

const permissions = (path: string) => statSync(path).mode & 0o777

describe('the history', () => {
  it.each([
    { environment: {}, file: '/home/ada/.local/state/skyline/history' },
    { environment: { XDG_STATE_HOME: '' }, file: '/home/ada/.local/state/skyline/history' },
    { environment: { XDG_STATE_HOME: 'relative' }, file: '/home/ada/.local/state/skyline/history' },
    { environment: { XDG_STATE_HOME: '/state' }, file: '/state/skyline/history' },
  ])('is in $file with $environment', ({ environment, file }) => {
    expect(historyFile(environment, '/home/ada')).toBe(file)
  })

  it.each([
    { line: 'HELLO s3cret', secret: true },
    { line: '  hello Token=abc', secret: true },
    { line: '!HELLO x', secret: true },
    { line: '! hello', secret: true },
    { line: 'HELLO', secret: true },
    { line: 'WRITE the word is s3cret!', secret: true },
    { line: 'HELLOS', secret: false },
    { line: 'HELP HELLO', secret: false },
    { line: 'WRITE HELLO', secret: false },
    { line: 'MOVE 1 2', secret: false },
  ])('takes $line for secret: $secret', ({ line, secret }) => {
    expect(isSecret(line, 's3cret')).toBe(secret)
  })

  it('takes no line for secret that is no HELLO, where there is no token', () => {
    expect(isSecret('WRITE s3cret', undefined)).toBe(false)
    expect(isSecret('HELLO s3cret', undefined)).toBe(true)
  })

  it('holds at most 1000 lines, and none twice in a row', () => {
    const full = Array.from({ length: MAX_HISTORY_LINES }, (_, index) => `MOVE ${index} 0`)
    expect(withLine(['PING'], 'PING')).toEqual(['PING'])
    expect(withLine(['PING', 'STATUS'], 'PING')).toEqual(['PING', 'STATUS', 'PING'])
    expect(withLine(full, 'PING')).toEqual([...full.slice(1), 'PING'])
  })

  it('is a file of its owner alone, in a folder of its owner alone', () => {
    const file = newFile()
    keepLine(file, 'PING')
    keepLine(file, 'STATUS')
    expect(readFileSync(file, 'utf8')).toBe('PING\nSTATUS\n')
    expect(readHistory(file)).toEqual(['PING', 'STATUS'])
    expect(permissions(file)).toBe(0o600)
    expect(permissions(dirname(file))).toBe(0o700)
    expect(readdirSync(dirname(file))).toEqual(['history'])
  })

  it('becomes a file of its owner alone again', () => {
    const file = newFile()
    mkdirSync(dirname(file))
    writeFileSync(file, 'PING\n')
    chmodSync(file, 0o644)
    keepLine(file, 'STATUS')
    expect(permissions(file)).toBe(0o600)
    expect(readHistory(file)).toEqual(['PING', 'STATUS'])
  })

  it('is cut to 1000 lines when it is longer', () => {
    const file = newFile()
    mkdirSync(dirname(file))
    writeFileSync(file, 'PING\n'.repeat(MAX_HISTORY_LINES * 2))
    expect(readHistory(file)).toHaveLength(MAX_HISTORY_LINES)
    keepLine(file, 'STATUS')
    expect(readFileSync(file, 'utf8')).toBe(`${'PING\n'.repeat(MAX_HISTORY_LINES - 1)}STATUS\n`)
  })

  it('is empty where there is none', () => {
    expect(readHistory(newFile())).toEqual([])
  })
})
