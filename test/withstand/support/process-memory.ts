import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Written there, it makes the kernel forget what a process needed at the most. */
const FORGET_PEAK = '5'

/** What a process needs at the most while something runs, above what it needed before, in KiB; undefined without /proc. */
export async function growthKib(pid: number | undefined, run: () => Promise<void>): Promise<number | undefined> {
  const status = `/proc/${pid}/status`
  const hasProc = existsSync(status)
  const read = (field: string) => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(status, 'utf8'))?.[1])
  if (hasProc) writeFileSync(`/proc/${pid}/clear_refs`, FORGET_PEAK)
  const before = hasProc ? read('VmRSS') : 0
  await run()
  return hasProc ? read('VmHWM') - before : undefined
}

/** `+12 KiB`, as a figure. */
export const showGrowth = (kib: number | undefined): string =>
  kib === undefined ? 'not measured, there is no /proc' : `${kib < 0 ? '' : '+'}${Math.round(kib)} KiB`
