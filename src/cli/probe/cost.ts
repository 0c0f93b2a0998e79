import type { Check, Target } from './check.ts'
import { Connection } from './connection.ts'
import { readReplies } from './reply.ts'

/** Short lines: who looks at all of a message at every read has the more to do. */
const LINE = 'A\r\n'
const BEGINNING = 'PING\r\n'
/** How far the long messages have come before they go on byte by byte; all the same they stay below 8192 bytes. */
const LONG = `${BEGINNING}${LINE.repeat(2450)}`
/** What all go on with, over and over. A server may answer a PING before it takes the bytes in front: hence some. */
const BLOCK = LINE.repeat(2)
const BLOCKS = 120
/** Together the bytes stand out against the PING that shows that they have been taken. */
const CONNECTIONS = 16
/** Chance stays below it (1.2 was seen on a busy machine); for who searches a long message anew, 1.6 to 4 were. */
const MAX_RATIO = 1.5
/** So often the machine may have been unfair. */
const ATTEMPTS = 3

/**
 * Sends long messages and short ones byte by byte, one byte to each in turn, and compares the time that the bytes take.
 * Blocks of both kinds alternate and the medians count, so that a slow or busy machine is slow for both. A PING behind
 * each byte, on a connection of its own, sees to it that the next one is a read of its own.
 */
export const cost: Check = {
  clause: 'F5',
  name: 'a byte of a long message costs about as much as a byte of a short one',
  run: async (target) => {
    let ratio = Number.POSITIVE_INFINITY
    for (let attempt = 0; attempt < ATTEMPTS && ratio > MAX_RATIO; attempt++) ratio = await measure(target)
    if (ratio <= MAX_RATIO) return undefined
    return {
      sent: `${LONG.length} bytes of a message, and more byte by byte`,
      wanted: `at most ${MAX_RATIO} times the time that a byte of a short message takes`,
      came: Number.isFinite(ratio) ? `${ratio.toFixed(1)} times that` : 'no answer to a PING beside them',
    }
  },
}

/** How many times as long a byte takes in a long message; infinite where PINGs are not answered. */
async function measure(target: Target): Promise<number> {
  const open = () => Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(target)))
  const long = { connections: await open(), times: [] as number[] }
  const short = { connections: await open(), times: [] as number[] }
  const control = await Connection.open(target)
  try {
    send(long.connections, LONG)
    send(short.connections, BEGINNING)
    // Were it not waited for, the greeting would pass for the answer to a PING, and each answer for the next one's.
    let answered = (await replied(control, target)) && (await ping(control, target))
    const begin = performance.now()
    for (let block = 0; answered && block < BLOCKS && performance.now() - begin < target.timeoutMs; block++) {
      for (const { connections, times } of [long, short]) {
        const since = performance.now()
        for (const byte of BLOCK) {
          send(connections, byte)
          answered &&= await ping(control, target)
        }
        times.push(performance.now() - since)
      }
    }
    return answered ? median(long.times) / median(short.times) : Number.POSITIVE_INFINITY
  } finally {
    for (const connection of [...long.connections, ...short.connections, control]) connection.destroy()
  }
}

function send(connections: readonly Connection[], text: string): void {
  const bytes = Buffer.from(text)
  for (const connection of connections) connection.write(bytes)
}

/** Resolves to whether a PING was answered. */
function ping(control: Connection, target: Target): Promise<boolean> {
  const before = control.received.length
  control.write(Buffer.from('PING\r\n\r\n'))
  return replied(control, target, before)
}

/** Resolves to whether there is a whole reply behind a place in what came. */
const replied = (control: Connection, { timeoutMs }: Target, from = 0): Promise<boolean> =>
  control.until(() => readReplies(control.received.slice(from)).length > 0, timeoutMs)

const median = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.POSITIVE_INFINITY
