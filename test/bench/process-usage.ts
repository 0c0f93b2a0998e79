import { readFileSync } from 'node:fs'

/** What /proc counts processor time in: a hundredth of a second on every Linux, whatever its kernel ticks at. */
const US_PER_TICK = 10_000
/** Of what stands behind the name of the program, these are utime and stime. */
const UTIME = 11
const STIME = 12

/** The processor time that a process has used so far, in microseconds; undefined where there is no /proc. */
export function cpuUs(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[UTIME]) + Number(fields[STIME])) * US_PER_TICK
}

/** The memory that a process has resident, in KB; undefined where there is no /proc. */
export function residentKb(pid: number): number | undefined {
  const kb = /^VmRSS:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1]
  return kb === undefined ? undefined : Number(kb)
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
