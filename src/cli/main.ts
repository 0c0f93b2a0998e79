#!/usr/bin/env node
import { hint } from '../commands/hint.ts'
import { usageError } from './options.ts'
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

Example:
  skyline serve --listen 127.0.0.1:8080
`

async function main([name, ...args]: readonly string[]): Promise<ExitCode> {
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
  if (program.isEndless === true) process.exit(code)
  return code
}

// Whoever reads what this prints may stop reading: `skyline run script | head`.
const unread = ({ code }: NodeJS.ErrnoException): ExitCode => (code === 'EPIPE' ? EXIT.ok : EXIT.failed)
process.stdout.on('error', (error) => process.exit(unread(error)))

/** Ends the program once all that it has printed is taken: whoever reads it through a pipe may take his time. */
const leave = (code: ExitCode): void =>
  void process.stdout.write('', (error) => process.exit(code === EXIT.ok && error != null ? unread(error) : code))

main(process.argv.slice(2)).then(leave, (error: Error & { code?: string }) => {
  // One line, whatever was typed: a stack is for our own mistakes.
  const isUsage = error.code === 'USAGE'
  process.stderr.write(`skyline: ${isUsage ? error.message : error.stack}\n`)
  leave(isUsage ? EXIT.usage : EXIT.failed)
})
