import { type Opened, openAll, type Target } from './dial.ts'
import { cpuUs, residentKb } from './process-usage.ts'
import { Replies } from './replies.ts'

// A program: loads a server, and prints what came of it as JSON. Its argument is a LoadOrder as JSON.

export interface LoadOrder extends Target {
  readonly connections: number
  /** Requests outstanding on each connection at the most, and at how many the next are sent. */
  readonly depth: number
  readonly refillAt: number
  readonly warmUpSeconds: number
  readonly seconds: number
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Processor time of the server, in microseconds. */
  readonly serverCpuUs?: number | undefined
  readonly serverKb?: number | undefined
  /** How much of one core the load generator itself took, 0 to 1. */
  readonly loadShare: number
}

const US_PER_S = 1e6
const MS_PER_S = 1000

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
const { depth, refillAt } = order
const request = Buffer.from(order.request, 'latin1')
/** As many requests as ever leave at once. */
const requests = Buffer.concat(Array.from({ length: depth }, () => request))
let answered = 0
let isOver = false

const opened = await openAll(order, order.connections)
for (const connection of opened) load(connection)
setTimeout(measure, order.warmUpSeconds * MS_PER_S)

/** Keeps a connection busy. */
function load(connection: Opened): void {
  const { socket } = connection
  let inFlight = depth
  const replies = new Replies(order.reply)
  connection.onRead = (bytes, length) => {
    const ended = countOf(replies, bytes, length)
    inFlight -= ended
    answered += ended
    if (inFlight > refillAt) return
    if (inFlight < 0) fail('There are more replies than requests')
    socket.write(requests.subarray(0, (depth - inFlight) * request.length))
    inFlight = depth
  }
  socket.on('error', ({ message }) => fail(message))
  socket.on('close', () => fail('The server has closed a connection'))
  socket.write(requests)
}

function countOf(replies: Replies, bytes: Buffer, length: number): number {
  try {
    return replies.take(bytes, length)
  } catch (error) {
    fail((error as Error).message)
    return 0
  }
}

function measure(): void {
  const begin = { answered, at: performance.now(), own: process.cpuUsage(), server: cpuUs(order.pid) }
  setTimeout(() => {
    const seconds = (performance.now() - begin.at) / MS_PER_S
    const own = process.cpuUsage(begin.own)
    const server = cpuUs(order.pid)
    const result: LoadResult = {
      requests: answered - begin.answered,
      seconds,
      serverCpuUs: server === undefined || begin.server === undefined ? undefined : server - begin.server,
      serverKb: residentKb(order.pid),
      loadShare: (own.user + own.system) / US_PER_S / seconds,
    }
    isOver = true
    process.stdout.write(JSON.stringify(result), () => process.exit())
  }, order.seconds * MS_PER_S)
}

function fail(message: string): void {
  if (isOver) return
  process.stderr.write(message)
  process.exit(1)
}
