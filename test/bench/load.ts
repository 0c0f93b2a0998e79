import { type Opened, openAll, READ_BYTES, type Target } from './dial.ts'
import { cpuUs, residentKb } from './process-usage.ts'

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
const SHOWN_BYTES = 80

const order = JSON.parse(process.argv[2] ?? '') as LoadOrder
const { depth, refillAt } = order
const request = Buffer.from(order.request, 'latin1')
const replyBytes = order.reply.length
/** As many requests as ever leave at once. */
const requests = Buffer.concat(Array.from({ length: depth }, () => request))
/** What must come, from wherever in a reply a read may begin to wherever it may end. */
const replies = Buffer.alloc(READ_BYTES + replyBytes, order.reply, 'latin1')

let answered = 0
let isOver = false

const opened = await openAll(order, order.connections)
for (const connection of opened) load(connection)
setTimeout(measure, order.warmUpSeconds * MS_PER_S)

/** Keeps a connection busy. */
function load(connection: Opened): void {
  const { socket } = connection
  let inFlight = depth
  /** So much of the reply that is under way has come. */
  let offset = 0
  connection.onRead = (bytes, length) => {
    // All replies are the same, so what came is right if it is the next part of their endless repetition. One
    // comparison of memory checks every byte and tells how many replies ended, and costs less than to look for ends.
    const end = offset + length
    if (replies.compare(bytes, 0, length, offset, end) !== 0) fail(`A reply is wrong: ${quote(bytes, length)}`)
    const ended = Math.floor(end / replyBytes)
    offset = end - ended * replyBytes
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

const quote = (bytes: Buffer, length: number): string =>
  JSON.stringify(bytes.subarray(0, Math.min(length, SHOWN_BYTES)).toString('latin1'))
