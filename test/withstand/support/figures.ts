import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Pilot } from '../../support/pilot.ts'

/** Whether this system tells of its processes' memory and files. */
export const HAS_PROC = existsSync('/proc/self/status')

export const MEGABYTE = 1_000_000

/** The memory of a process that is in use, in bytes. */
export function memoryOf(pid: number | undefined): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

/** How many files and sockets a process has open. */
export const openFilesOf = (pid: number | undefined): number => readdirSync(`/proc/${pid}/fd`).length

/** What a clock tick of the kernel's account is, in milliseconds, on every Linux. */
const TICK_MS = 10

/** The time that a process has computed, in milliseconds. */
export function cpuMsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Looks at a figure again and again until work is done; the highest. */
export async function highest<T>(look: () => number, work: Promise<T>): Promise<number> {
  let most = look()
  const timer = setInterval(() => {
    most = Math.max(most, look())
  }, LOOK_AGAIN_MS)
  await work.finally(() => clearInterval(timer))
  return Math.max(most, look())
}

const LOOK_AGAIN_MS = 50

/** Times PINGs, one after another, for as long as it lasts, and at least a few; in milliseconds. */
export async function timePings(pilot: Pilot, isOver: () => boolean, gapMs = 2): Promise<readonly number[]> {
  const times: number[] = []
  while (!isOver() || times.length < LEAST_PINGS) {
    const since = performance.now()
    await pilot.ask('PING\n\n', 'OK PONG\r\n\r\n')
    times.push(performance.now() - since)
    await new Promise((resolve) => setTimeout(resolve, gapMs))
  }
  return times
}

const LEAST_PINGS = 20

/** The same while something goes on. */
export function timePingsDuring(pilot: Pilot, work: Promise<unknown>): Promise<readonly number[]> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  work.then(over, over)
  return timePings(pilot, () => isOver)
}

/** The value that a share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const showMs = (ms: number): string => `${ms.toFixed(ms < 10 ? 1 : 0)} ms`
export const showMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`
