#!/usr/bin/env node
import { hint } from '../commands/hint.ts'
import { usageError } from './options.ts'
import { serve } from './serve.ts'
import { VERSION } from './version.ts'

/** The program's commands. */
const COMMANDS: ReadonlyMap<string, (args: readonly string[]) => Promise<void>> = new Map([['serve', serve]])

const EXIT_USAGE = 2

const HELP = `Usage: skyline <command> [options]

A text header protocol server: fly a drone from nc, telnet, a pipelined script or a typed client.

Commands:
  serve      serve skyline/1 over TCP

Options:
  --help     show this, or with a command what it takes
  --version  show the version

Example:
  skyline serve --listen 127.0.0.1:8080
`

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--version') return void process.stdout.write(`${VERSION}\n`)
  if (name === '--help' || name === '-h' || name === 'help') return void process.stdout.write(HELP)
  if (name === undefined) throw usageError('a command is missing: try skyline --help')
  const run = COMMANDS.get(name)
  if (run === undefined) {
    throw usageError(
      `there is no command ${JSON.stringify(name)}: ${hint(name, COMMANDS.keys()) ?? 'try skyline --help'}`,
    )
  }
  await run(args)
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error: Error & { code?: string }) => {
    // One line, whatever was typed: a stack is for our own mistakes.
    process.stderr.write(`skyline: ${error.code === 'USAGE' ? error.message : error.stack}\n`)
    process.exit(error.code === 'USAGE' ? EXIT_USAGE : 1)
  },
)
