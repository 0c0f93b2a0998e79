#!/usr/bin/env node
import { hint } from '../commands/hint.ts'
import { usageError } from './options.ts'
import { describeUnwritten } from './output.ts'
import { EXIT, type ExitCode, runProgram } from './program.ts'
import { PROGRAMS } from './programs.ts'
import { VERSION } from './version.ts'

const HELP = `Usage: skyline <command> [options]

A text header protocol server: fly a drone from nc, telnet, a pipelined script or a typed client.

Commands:
${[...PROGRAMS].map(([name, { summary }]) => `  ${name.padEnd(9)}  ${summary}\n`).join('')}
Options:
  --help     show this, or behind a command what it takes
  --version  show the version

Exit codes: 0 for OK, 1 for ERR, 2 for usage, 3 for no connection, 74 where standard output cannot be written.

Example:
  skyline serve --listen 127.0.0.1:8080
`

async function main([name, ...args]: readonly string[]): Promise<ExitCode> {
  // `help send` is `send --help`.
  if (name === 'help' && args.length > 0) return main([args[0] as string, '--help'])
  if (name === '--version' || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(name === '--version' ? `${VERSION}\n` : HELP)
    return EXIT.ok
  }
  if (name === undefined) throw usageError('a command is missing: try skyline --help')
  const found = PROGRAMS.get(name)
  if (found === undefined) {
    const help = hint(name, PROGRAMS.keys()) ?? 'try skyline --help'
    throw usageError(`there is no command ${JSON.stringify(name)}: ${help}`)
  }
  const program = await found.load()
  const code = await runProgram(program, args)
  if (program.isEndless === true && process.stdout.writableLength > 0) process.exit(code)
  return code
}

/** What it comes to, as far as that is known. */
let outcome: ExitCode = EXIT.ok

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads what this prints may stop reading: `skyline run script | head`.
  if (error.code === 'EPIPE') process.exit(outcome)
  tell(describeUnwritten(error))
  process.exit(EXIT.notWritten)
})

/** That it cannot be told changes nothing: both streams may be on one disk. */
function tell(text: string): void {
  process.stderr.on('error', () => {}).write(`skyline: ${text}\n`)
}

/** Ends the program once all that it has printed is taken: whoever reads it through a pipe may take his time. */
function leave(code: ExitCode): void {
  outcome = code
  // What could not be written is told first, and has an exit code of its own.
  const exit = (error?: Error | null) => error ?? setImmediate(() => process.exit(code))
  if (process.stdout.writableLength > 0) process.stdout.write('', exit)
  else exit()
}

main(process.argv.slice(2)).then(leave, (error: Error & { code?: string }) => {
  // One line, whatever was typed: a stack is for our own mistakes.
  const isUsage = error.code === 'USAGE'
  tell(isUsage ? error.message : String(error.stack))
  const code = isUsage ? EXIT.usage : EXIT.failed
  // That it could not be written, if that is so, has been told.
  if (process.stdout.errored == null) leave(code)
  else process.exit(code)
})
