import { readFileSync } from 'node:fs'
import type { GrowthResult } from './growth.ts'
import type { IdleResult } from './idle.ts'
import type { LoadResult } from './load.ts'

/** Everything that was measured, as it is written to a file. */
export interface Results {
  /** Which form this file has. */
  readonly bench: typeof FORM
  readonly when: string
  readonly node: string
  readonly machine: string
  readonly isPinned: boolean
  readonly isProfiled: boolean
  readonly seconds: number
  readonly loads: LoadRun[]
  readonly idles: IdleRun[]
  readonly starts: StartRun[]
  readonly growths: (GrowthResult & { readonly round: number })[]
  /** What could not be measured, and why. */
  readonly failures: string[]
}

export const FORM = 1
/** The server that all others are compared with. */
export const REFERENCE = 'echo'

export interface LoadRun extends LoadResult {
  readonly scenario: string
  readonly server: string
  readonly round: number
}

export interface IdleRun extends IdleResult {
  readonly server: string
  readonly round: number
  readonly connections: number
}

export interface StartRun {
  readonly round: number
  /** Until the server listens, in milliseconds. */
  readonly serverMs: number
  /** Until an empty program that imports pino has done so. */
  readonly emptyMs: number
}

/** What an earlier run wrote. Throws where the file is none. */
export function readResults(file: string): Results {
  const found = JSON.parse(readFileSync(file, 'utf8')) as Partial<Results> | null
  if (found?.bench !== FORM) throw new Error(`${file} is no result of this benchmark`)
  return found as Results
}

export const requestsPerSecond = ({ requests, seconds }: LoadRun): number => requests / seconds

/** Processor time of the server for each request, in microseconds; NaN where it is not known. */
export const cpuPerRequest = ({ serverCpuUs, requests }: LoadRun): number => (serverCpuUs ?? Number.NaN) / requests
