import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly rounds: number
  readonly seconds: number
  readonly idle: number
  /** What of `names` is wanted; without it, all. */
  readonly only: readonly string[]
  readonly out: string | undefined
  readonly compare: string | undefined
  readonly profile: string | undefined
  readonly help: boolean
}

const DEFAULTS = { rounds: '5', seconds: '2', idle: '5000' }

/** Reads the command line. Throws where it is wrong, with a message for people. */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: DEFAULTS.rounds },
      seconds: { type: 'string', default: DEFAULTS.seconds },
      idle: { type: 'string', default: DEFAULTS.idle },
      only: { type: 'string', multiple: true, default: [] },
      out: { type: 'string' },
      compare: { type: 'string' },
      profile: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const only = values.only.flatMap((list) => list.split(','))
  const unknown = only.find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`--only knows no "${unknown}", but ${names.join(', ')}`)
  return {
    rounds: readNumber('rounds', values.rounds, Number.isInteger),
    seconds: readNumber('seconds', values.seconds, Number.isFinite),
    idle: readNumber('idle', values.idle, Number.isInteger),
    only,
    out: values.out,
    compare: values.compare,
    profile: values.profile,
    help: values.help,
  }
}

function readNumber(name: string, text: string, isGood: (value: number) => boolean): number {
  const value = Number(text)
  if (value > 0 && isGood(value)) return value
  throw new Error(`--${name} takes a number above 0, got "${text}"`)
}

export const usage = (
  servers: readonly string[],
  parts: readonly string[],
): string => `Usage: npm run bench -- [options]

Measures the built server beside a bare node:net echo and a node:http server, in interleaved rounds, and prints tables
of medians (and ranges). Server and load are processes of their own, on a core each where taskset can see to that.

Options:
  --rounds N      how often everything is measured (default ${DEFAULTS.rounds})
  --seconds S     how long each measurement takes, after its warm-up (default ${DEFAULTS.seconds})
  --idle N        how many idle connections memory is measured with (default ${DEFAULTS.idle})
  --only A,B      only these servers and only these parts; echo is always there, since ratios are to it
                  servers: ${servers.join(', ')}
                  parts: ${parts.join(', ')}
  --out FILE      write all that was measured as JSON there (default: a new file in the temporary folder)
  --compare FILE  show also what has changed since that file was written
  --profile DIR   write a CPU profile of each skyline server there; figures are higher meanwhile
  --help          show this

Example:
  npm run bench -- --only text,1x100,50x16 --out before.json
`
