import { onTestFinished, vi } from 'vitest'
import { type ExitCode, type Program, runProgram } from '../../src/cli/program.ts'

interface Run {
  /** What it has written to standard output so far. */
  readonly stdout: string
  readonly stderr: string
  /** Rejects with a usage error where the command line is wrong. */
  readonly exit: Promise<ExitCode>
}

/** Runs a program in this process. One at a time: it takes all that is written meanwhile. */
export function runInProcess(program: Program, args: readonly string[]): Run {
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    const spy = vi.spyOn(process[name], 'write').mockImplementation((text) => {
      texts[name] += String(text)
      return true
    })
    onTestFinished(() => void spy.mockRestore())
  }
  const exit = runProgram(program, args)
  exit.catch(() => {})
  return {
    get stdout() {
      return texts.stdout
    },
    get stderr() {
      return texts.stderr
    },
    exit,
  }
}
