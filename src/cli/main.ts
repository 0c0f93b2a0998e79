#!/usr/bin/env node
import { hint } from '../commands/hint.ts'
import { usageError } from './options.ts'
import { probe } from './probe/probe.ts'
import { EXIT, type ExitCode, type Program, runProgram } from './program.ts'
import { run } from './script/run.ts'
import { send } from './send.ts'
import { serve } from './serve.ts'
import { shell } from './shell/shell.ts'
import { record } from './transcript/record.ts'
import { replay } from './transcript/replay.ts'
import { VERSION } from './version.ts'

const PROGRAMS: ReadonlyMap<string, Program> = new Map(
  [serve, send, run, shell, record, replay, probe].map((program) => [program.name, program]),
)

const HELP = `Usage: skyline <command> [options]

A text header protocol server: fly a drone from nc, telnet, a pipelined script or a typed client.

Commands:
${[...PROGRAMS.values()].map(({ name, summary }) => `  ${name.padEnd(9)}  ${summary}\n`).join('')}
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
  const program = PROGRAMS.get(name)
  if (program === undefined) {
    const help = hint(name, PROGRAMS.keys()) ?? 'try skyline --help'
    throw usageError(`there is no command ${JSON.stringify(name)}: ${help}`)
  }
  return runProgram(program, args)
}

// Whoever reads what this prints may stop reading: `skyline run script | head`.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? EXIT.ok : EXIT.failed))

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error & { code?: string }) => {
    // One line, whatever was typed: a stack is for our own mistakes.
    const isUsage = error.code === 'USAGE'
    process.stderr.write(`skyline: ${isUsage ? error.message : error.stack}\n`)
    process.exit(isUsage ? EXIT.usage : EXIT.failed)
  },
)
