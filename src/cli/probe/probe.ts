import { formatAddress } from '../../server/address.ts'
import { noConnection } from '../dial.ts'
import { type ParsedArguments, usageError } from '../options.ts'
import { hasColor, paint } from '../paint.ts'
import { EXIT, type ExitCode, type Program } from '../program.ts'
import { CONNECT_OPTION, readServerAddress } from '../remote.ts'
import { OWN_TOKEN_OPTION, readToken } from '../token.ts'
import { readDuration } from '../values.ts'
import type { Finding, Target } from './check.ts'
import { CHECKS, runChecks } from './checks.ts'
import { describeEnd, exchange, HELLO } from './dialogue.ts'
import { showReply } from './reply.ts'

const DEFAULT_TIMEOUT = '5s'

export const probe: Program = {
  name: 'probe',
  usage: '[options] [HOST:PORT]',
  about: `Checks whether a server, whoever wrote it, keeps to skyline/1, and shows a row for each thing that the protocol
says. It sends mistakes and PINGs, many of them; what flies stays where it is.
Exit code: 0 if everything held, 1 if something did not, 2 for usage, 3 for no connection, or none to skyline/1.`,
  options: [
    CONNECT_OPTION,
    OWN_TOKEN_OPTION,
    { name: 'timeout', value: 'TIME', help: `how long the server may be silent (default ${DEFAULT_TIMEOUT})` },
  ],
  maxWords: 1,
  example: 'skyline probe 127.0.0.1:8080',
  run,
}

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const target = readTarget(parsed)
  try {
    const came = await greet(target)
    if (came !== undefined) {
      process.stderr.write(`skyline: ${formatAddress(target)} is no skyline/1: wanted OK READY, came ${came}\n`)
      return EXIT.noConnection
    }
  } catch (error) {
    if ((error as { code?: string }).code === 'USAGE') throw error
    return noConnection(target, error)
  }
  const color = hasColor(process.stdout)
  const width = Math.max(...CHECKS.map(({ clause }) => clause.length))
  let failed = 0
  for await (const { check, finding } of runChecks(target)) {
    if (finding !== undefined) failed++
    process.stdout.write(`${mark(finding, color)}  ${check.clause.padEnd(width)}  ${check.name}\n`)
    if (finding !== undefined) process.stdout.write(show(finding, target))
  }
  process.stdout.write(`${CHECKS.length - failed} held, ${failed} failed\n`)
  return failed === 0 ? EXIT.ok : EXIT.failed
}

function readTarget(parsed: ParsedArguments): Target {
  const [word] = parsed.words
  if (word !== undefined && parsed.options.has('connect')) throw usageError('the address is given twice')
  const options = word === undefined ? parsed.options : new Map([...parsed.options, ['connect', word] as const])
  const timeoutMs = readDuration('--timeout', String(parsed.options.get('timeout') ?? DEFAULT_TIMEOUT))
  if (timeoutMs === 0) throw usageError('--timeout is to be more than 0, since a check has to end')
  return { ...readServerAddress({ ...parsed, options }), token: readToken(parsed), timeoutMs }
}

/**
 * Sees to it that a token is not what everything will fail for, nor that nobody there knows skyline/1: then it resolves to
 * what came in place of a greeting. Rejects where there is no server, or none that takes anybody.
 */
async function greet(target: Target): Promise<string | undefined> {
  const { received, replies, end } = await exchange(target, { turns: [HELLO] })
  if (replies.some(({ first }) => first === 'ERR AUTH_FAILED'))
    throw usageError(`the server takes ${target.token === undefined ? 'only HELLO with a token' : 'another token'}`)
  const greeting = replies[0]
  if (greeting?.first.startsWith('ERR ')) throw new Error(printable(showReply(greeting)))
  if (greeting?.first.startsWith('OK ')) return undefined
  return received === '' ? describeEnd(end, target) : printable(received)
}

const mark = (finding: Finding | undefined, color: boolean): string =>
  finding === undefined ? paint('ok    ', 'green', color) : paint('FAILED', 'red', color)

const show = (finding: Finding, { token }: Target): string =>
  (['sent', 'wanted', 'came'] as const)
    .map((name) => {
      const text = token === undefined ? finding[name] : finding[name].replaceAll(token, '[token]')
      return `        ${name.padEnd('wanted'.length)}  ${printable(text)}\n`
    })
    .join('')

/** How much of a text is shown, at its beginning and at its end, in characters. */
const SHOWN = { head: 100, tail: 20 } as const

/** A text, a character for each byte, as a terminal may be given it. */
function printable(text: string): string {
  const { head, tail } = SHOWN
  const left = text.length - head - tail
  const short = left <= 0 ? text : `${text.slice(0, head)} ... ${left} more ... ${text.slice(-tail)}`
  return short.replaceAll(/[^\x20-\x7e]/g, (character) => {
    if (character === '\r') return '\\r'
    return character === '\n' ? '\\n' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}
