import { CODES } from '../../wire/codes.ts'
import { EXIT, type ExitCode } from '../program.ts'
import { describeMistake, mistakeIn } from './mistake.ts'
import type { Script } from './script.ts'

/** Looks for mistakes in a script without a server, and shows them all: `FILE:LINE: CODE: what is wrong`. */
export function check(file: string, { messages, problem }: Script): ExitCode {
  let mistakes = 0
  const tell = (line: number, code: string, text: string) => {
    mistakes++
    process.stdout.write(`${file}:${line}: ${code}: ${text}\n`)
  }
  for (const message of messages) {
    const failure = mistakeIn(message.bytes)
    if (failure === undefined) continue
    tell(message.line + (failure.parts.line ?? 1) - 1, failure.code, describeMistake(failure))
  }
  if (problem !== undefined) tell(problem.line, problem.code, CODES[problem.code].sentence)
  process.stdout.write(`${messages.length} messages, ${mistakes} mistakes\n`)
  return mistakes === 0 ? EXIT.ok : EXIT.failed
}
