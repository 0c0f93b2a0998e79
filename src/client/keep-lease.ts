import { ping } from '../commands/ping.ts'
import type { Clock } from '../time/clock.ts'
import type { Link } from './link.ts'

/** So often a client shows that it is there, in the time of a lease. */
const SIGNS_PER_LEASE = 3

/** Sends a sign of life again and again, whatever else is awaited, as long as the connection lasts. */
export function keepLease(link: Link, leaseMs: number, clock: Clock): void {
  let callOff = () => {}
  const wait = () => {
    callOff = clock.after(leaseMs / SIGNS_PER_LEASE, () => {
      link.request({ command: ping.name, arguments: [], headers: [] }).catch(() => {})
      wait()
    })
  }
  wait()
  link.ended.then(() => callOff())
}
