import fc from 'fast-check'
import { it } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    fuzz?: FuzzRun
  }
}

/** What is told of a property at the end. */
export interface FuzzRun {
  readonly runs: number
  readonly seed: number
  readonly ms: number
}

/** The part of the time that each property has in a run that is boxed by time: they sum to 1. */
const SHARES = {
  'any stream is read as the naive parser reads it': 0.4,
  'a session does what the model of it says': 0.3,
  'any bytes on the text wire are answered the same in all cuts': 0.1,
  'any frames on the framed wire are answered as told': 0.1,
  'any frames on the versioned wire are answered the same in all cuts': 0.05,
  'any messages on the versioned wire are answered as on the text wire': 0.05,
} as const satisfies Record<string, number>

export type FuzzTitle = keyof typeof SHARES

/** How long to go on in all, in seconds. Without it each property takes a number of runs, as any test does. */
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 0)
/** Plays a run again. */
const SEED = process.env['FUZZ_SEED']
const PATH = process.env['FUZZ_PATH']
export const REPLAY_PATH = process.env['FUZZ_REPLAY_PATH']

const MS_PER_SECOND = 1000
/** For a failure to be shrunk in, and for slow machines. */
const GRACE_MS = 120_000

export interface FuzzOptions<T> {
  readonly title: FuzzTitle
  /** In the normal run of the tests. */
  readonly runs: number
  readonly property: fc.IAsyncProperty<T> | fc.IProperty<T>
  /** The shrunk input, as a person can use it. */
  readonly show: (counterexample: T) => string
}

/** A property as a test. One that fails says what with, and how to play that again. */
export function fuzz<T>({ title, runs, property, show }: FuzzOptions<T>): void {
  const limitMs = SECONDS * MS_PER_SECOND * SHARES[title]
  it(title, { timeout: limitMs + GRACE_MS }, async ({ task }) => {
    const startMs = performance.now()
    const details = await fc.check(property, {
      ...(limitMs > 0
        ? { numRuns: Number.POSITIVE_INFINITY, interruptAfterTimeLimit: limitMs, markInterruptAsFailure: false }
        : { numRuns: runs }),
      ...(SEED !== undefined && { seed: Number(SEED) }),
      ...(PATH !== undefined && { path: PATH }),
    })
    task.meta.fuzz = { runs: details.numRuns, seed: details.seed, ms: performance.now() - startMs }
    if (details.failed) throw new Error(report(title, details, show))
  })
}

function report<T>(title: FuzzTitle, details: fc.RunDetails<T>, show: (counterexample: T) => string): string {
  const { counterexample, counterexamplePath, errorInstance, numRuns, numShrinks, seed } = details
  const shown = counterexample === null ? '(none)' : show(counterexample)
  const replayPath = /replayPath="([^"]*)"/.exec(shown)?.[1]
  const replay = [
    `FUZZ_SEED=${seed}`,
    ...(counterexamplePath === null ? [] : [`FUZZ_PATH=${counterexamplePath}`]),
    ...(replayPath === undefined ? [] : [`FUZZ_REPLAY_PATH=${replayPath}`]),
  ]
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return [
    `Found after ${numRuns} runs, and shrunk ${numShrinks} times:`,
    shown,
    `Play it again: ${replay.join(' ')} npm run fuzz -- -t '${title}'`,
    reason,
  ].join('\n\n')
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
