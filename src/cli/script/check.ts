import type { SessionState } from '../../commands/command.ts'
import { describeMistake, mistakeIn, stateBehind } from '../mistake.ts'
import { EXIT, type ExitCode } from '../program.ts'
import { describeProblem, type Script, saysHello } from './script.ts'

/** Looks for mistakes in a script without a server, and shows them all: `FILE:LINE: CODE: what is wrong`. */
export function check(file: string, script: Script): ExitCode {
  const { messages, problem } = script
  // One that says no HELLO gets it said.
  let state: SessionState = saysHello(script) ? 'Handshake' : 'Authenticated'
  let mistakes = 0
  const tell = (line: number, code: string, text: string) => {
    mistakes++
    process.stdout.write(`${file}:${line}: ${code}: ${text}\n`)
  }
  for (const { line, bytes } of messages) {
    const failure = mistakeIn(bytes, state)
    if (failure === undefined) state = stateBehind(bytes, state)
    else tell(line + (failure.parts.line ?? 1) - 1, failure.code, describeMistake(failure, state))
  }
  if (problem !== undefined) tell(problem.line, problem.code, describeProblem(problem))
  process.stdout.write(`${messages.length} messages, ${mistakes} mistakes\n`)
  return mistakes === 0 ? EXIT.ok : EXIT.failed
}
