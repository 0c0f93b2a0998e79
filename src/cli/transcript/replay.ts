import { once } from 'node:events'
import type { Socket } from 'node:net'
import { printable } from '../../wire/quote.ts'
import { dial, noConnection } from '../dial.ts'
import { type ParsedArguments, usageError } from '../options.ts'
import { hasColor } from '../paint.ts'
import { EXIT, type ExitCode, type Program } from '../program.ts'
import { CONNECT_OPTION, readServerAddress } from '../remote.ts'
import { readDuration } from '../values.ts'
import { cutMessages, type SentMessage, sentMessages } from './cut-messages.ts'
import { type Difference, differenceOf, pairReplies, type ReplyPair, showDifference } from './diff-replies.ts'
import { exchange } from './exchange.ts'
import { readTranscriptFile, transcriptFiles } from './transcript-files.ts'

/** For so long nothing may come or go. */
const DEFAULT_TIMEOUT = '10s'

export const replay: Program = {
  name: 'replay',
  usage: '[options] NAME',
  about: `Sends NAME.in to a server, exactly as it is, and compares what comes back with NAME.out: each reply that differs is
shown with what was expected (-) and what came (+).
Exit code: 0 without a difference, 1 with one, 2 for usage, 3 for no connection.`,
  options: [
    CONNECT_OPTION,
    { name: 'ignore', value: 'HEADERS', help: 'headers whose values do not count, like Server,Drone' },
    {
      name: 'timeout',
      value: 'TIME',
      help: `give up when nothing comes or goes for so long (default ${DEFAULT_TIMEOUT}; 0: never)`,
    },
  ],
  maxWords: 1,
  example: 'skyline replay --ignore Server fixtures/transcripts/010-hello',
  run,
}

async function run(parsed: ParsedArguments): Promise<ExitCode> {
  const [name] = parsed.words
  if (name === undefined) throw usageError('a name is missing: skyline replay NAME')
  const files = transcriptFiles(name)
  const address = readServerAddress(parsed)
  const timeoutMs = readDuration('--timeout', String(parsed.options.get('timeout') ?? DEFAULT_TIMEOUT))
  const ignored = new Set(
    String(parsed.options.get('ignore') ?? '')
      .toUpperCase()
      .split(/ *, */),
  )
  const input = readTranscriptFile(files.input)
  const expected = readTranscriptFile(files.output)
  let socket: Socket
  try {
    socket = await dial(address, { timeoutMs })
  } catch (error) {
    return noConnection(address, error)
  }
  const got = exchange(socket, input)
  const { isSame, failure } = await compare({ inputFile: files.input, input, expected, got, ignored })
  if (failure === undefined) return isSame ? EXIT.ok : EXIT.failed
  process.stderr.write(`skyline: the server did not end the connection: ${failure.message}\n`)
  return EXIT.failed
}

interface Comparison {
  readonly inputFile: string
  readonly input: Buffer
  readonly expected: Buffer
  readonly got: ReturnType<typeof exchange>
  readonly ignored: ReadonlySet<string>
}

interface Compared {
  readonly isSame: boolean
  /** Why not all may have come. */
  readonly failure: Error | undefined
}

/** Shows each difference as it comes, and a summary. */
async function compare({ inputFile, input, expected, got, ignored }: Comparison): Promise<Compared> {
  const color = hasColor(process.stdout)
  const commands = sentMessages(input)
  const counts: Record<Difference, number> = { differs: 0, missing: 0, surplus: 0 }
  let replies = 0
  const pairs = pairReplies(cutMessages(expected), got)
  let next = await pairs.next()
  for (; next.done !== true; next = await pairs.next()) {
    const pair = next.value
    const command = answersACommand(pair) ? commands.next().value : undefined
    if (pair.expected !== undefined) replies++
    const difference = differenceOf(pair, ignored)
    if (difference === undefined) continue
    counts[difference]++
    const which = [`reply ${pair.number}`, ...describe(command, inputFile)].join(', ')
    process.stdout.write(`${which}${difference === 'differs' ? '' : `, ${difference}`}:\n`)
    process.stdout.write(showDifference(pair, ignored, color))
    // There may be more to show than there is memory for.
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain')
  }
  const { differs, missing, surplus } = counts
  const isSame = differs + missing + surplus === 0
  const summary = isSame ? ', no difference' : `: ${differs} differ, ${missing} missing, ${surplus} surplus`
  process.stdout.write(`${replies} replies${summary}\n`)
  return { isSame, failure: next.value }
}

/** The first reply is the greeting, and an event answers nothing. */
const answersACommand = ({ number, expected, got }: ReplyPair): boolean =>
  number > 1 && !/^EVENT /.test((expected ?? got ?? '').toString('latin1'))

const describe = (command: SentMessage | undefined, file: string): string[] =>
  command === undefined ? [] : [`to ${printable(Buffer.from(command.word, 'latin1'))} at ${file}:${command.line}`]
