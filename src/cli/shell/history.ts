import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'

/** How many lines are kept. */
export const MAX_HISTORY_LINES = 1000

const OWNER_ONLY_FILE = 0o600
const OWNER_ONLY_FOLDER = 0o700

/** Where the lines are kept, by the XDG Base Directory Specification, which has relative paths ignored. */
export function historyFile({ XDG_STATE_HOME: state = '' }: NodeJS.ProcessEnv, home: string): string {
  return join(isAbsolute(state) ? state : join(home, '.local', 'state'), 'skyline', 'history')
}

/** Whether a line is too secret to keep: a HELLO, whatever it brings, or any that holds the token of the session. */
export const isSecret = (line: string, token: string | undefined): boolean =>
  /^[\s!]*HELLO(?![\w-])/i.test(line) || (token !== undefined && line.includes(token))

/** The lines with one more, which is the last: at most 1000, and none twice in a row. */
export const withLine = (lines: readonly string[], line: string): readonly string[] =>
  lines.at(-1) === line ? lines : [...lines, line].slice(-MAX_HISTORY_LINES)

/** The lines of a file, oldest first; none where it cannot be read. */
export function readHistory(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-MAX_HISTORY_LINES)
  } catch {
    return []
  }
}

/** Adds a line to the file. It is read anew, for another shell may have written to it, and replaced as a whole. */
export function keepLine(file: string, line: string): void {
  const lines = withLine(readHistory(file), line)
  const next = `${file}.${process.pid}`
  mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER })
  writeFileSync(next, lines.map((kept) => `${kept}\n`).join(''), { mode: OWNER_ONLY_FILE })
  renameSync(next, file)
}
