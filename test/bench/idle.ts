import { setTimeout as sleep } from 'node:timers/promises'
import { openAll, type Target } from './dial.ts'
import { cpuUs, residentKb } from './process-usage.ts'

// A program: holds connections that say nothing, and prints what they cost the server as JSON. Its argument is an
// IdleOrder as JSON.

export interface IdleOrder extends Target {
  readonly connections: number
  /** How long they are held, and then watched, in seconds. */
  readonly seconds: number
}

export interface IdleResult {
  readonly beforeKb: number
  readonly heldKb: number
  readonly afterKb: number
  readonly bytesPerConnection: number
  /** How much of one core the server took while nothing was said, 0 to 1. */
  readonly cpuShare: number
}

const MS_PER_S = 1000
const US_PER_S = 1e6
const BYTES_PER_KB = 1024
/** So many come first, and go again: what a server allocates once is not to be counted against the idle ones. */
const FIRST = 50

const order = JSON.parse(process.argv[2] ?? '') as IdleOrder
const wait = () => sleep(order.seconds * MS_PER_S)
const kb = () => residentKb(order.pid) ?? Number.NaN
const cpu = () => cpuUs(order.pid) ?? Number.NaN

for (const { socket } of await openAll(order, FIRST)) socket.destroy()
await wait()
const beforeKb = kb()
const opened = await openAll(order, order.connections)
await wait()
const beforeUs = cpu()
await wait()
const cpuShare = (cpu() - beforeUs) / US_PER_S / order.seconds
const heldKb = kb()
if (opened.some(({ socket }) => socket.destroyed)) throw new Error('The server has closed an idle connection')
for (const { socket } of opened) socket.destroy()
await wait()
const bytesPerConnection = ((heldKb - beforeKb) * BYTES_PER_KB) / order.connections
const result: IdleResult = { beforeKb, heldKb, afterKb: kb(), bytesPerConnection, cpuShare }
process.stdout.write(JSON.stringify(result))
