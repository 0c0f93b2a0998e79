import { randomBytes } from 'node:crypto'
import { connect as connectSocket } from 'node:net'
import { connect } from '../../src/client/client.ts'
import type { SeededRandom } from '../support/seeded-random.ts'
import { type Soaked, TOKEN, type Way } from './start.ts'
import { Talker } from './talker.ts'
import type { Tally } from './tally.ts'

/** One round of one client: it connects, does its worst or its best, and is gone when it resolves. */
export type Load = (soaked: Soaked, tally: Tally, random: SeededRandom) => Promise<void>

const HOST = '127.0.0.1'
const SLOW_MS = 20

async function enter({ ways }: Soaked, tally: Tally, random: SeededRandom): Promise<Talker> {
  tally.connections++
  const talker = new Talker(random.pick(ways)())
  tally.check('greeting', (await talker.reply()).split('\r\n')[0] ?? '', 'OK READY')
  return talker
}

async function join(soaked: Soaked, tally: Tally, random: SeededRandom): Promise<Talker> {
  const talker = await enter(soaked, tally, random)
  tally.messages++
  tally.check('HELLO', await talker.ask(`HELLO ${TOKEN}\n\n`), 'OK AUTH_OK\r\nProtocol: 1\r\nDrone: sim')
  return talker
}

interface Orders {
  readonly script: string
  readonly replies: readonly string[]
}

/** Commands without a wait between them, each with what has to come back. */
function orders(talker: Talker, count: number, random: SeededRandom): Orders {
  let script = ''
  const replies: string[] = []
  for (let id = 0; id < count; id++) {
    const [x, y, red] = [random.integer(-9999, 9999), random.integer(-9999, 9999), random.integer(0, 255)]
    const move = `MOVE ${x} ${y}`
    const [message, reply] = random.pick<readonly [string, string]>([
      [move, `OK MOVING_TO(${x}, ${y})\r\nX: ${x}\r\nY: ${y}\r\nOp: ${talker.operations + 1}`],
      ['PING', 'OK PONG'],
      [`COLOR ${red} 0 1`, `OK COLOR_CHANGED(${red}, 0, 1)\r\nR: ${red}\r\nG: 0\r\nB: 1`],
      [`WRITE\r\nText: ${x}`, `OK WRITTEN\r\nBytes: ${String(x).length}`],
    ])
    if (message === move) talker.operations++
    script += `${message}\r\nId: ${id}\r\n\r\n`
    replies.push(`${reply}\r\nId: ${id}`)
  }
  return { script, replies }
}

async function fly(talker: Talker, tally: Tally, random: SeededRandom, count: number): Promise<void> {
  const { script, replies } = orders(talker, count, random)
  tally.messages += count
  talker.say(script)
  for (const wanted of replies) tally.check('order', await talker.reply(), wanted)
}

const pipelined: Load = async (soaked, tally, random) => {
  const talker = await join(soaked, tally, random)
  for (let round = 0; round < 10; round++) await fly(talker, tally, random, random.integer(1, 200))
  tally.check('QUIT', await talker.ask('QUIT\n\n'), 'OK BYE')
  await talker.end()
}

/** Takes what it is told late, a little at a time. */
const slow: Load = async (soaked, tally, random) => {
  const talker = await join(soaked, tally, random)
  const timer = setInterval(() => talker.socket[talker.socket.isPaused() ? 'resume' : 'pause'](), SLOW_MS)
  await fly(talker, tally, random, 2000)
  clearInterval(timer)
  talker.socket.resume()
  await talker.end()
}

/** A script, and FIN at once. */
const halfClosing: Load = async (soaked, tally, random) => {
  // Node's TLS does not keep a half open.
  const talker = await enter({ ...soaked, ways: [soaked.ways[0]] }, tally, random)
  const { script, replies } = orders(talker, 50, random)
  tally.messages += replies.length + 1
  talker.socket.end(`HELLO ${TOKEN}\n\n${script}`)
  tally.check('HELLO', await talker.reply(), 'OK AUTH_OK\r\nProtocol: 1\r\nDrone: sim')
  for (const wanted of replies) tally.check('order before FIN', await talker.reply(), wanted)
  tally.check('the end', await talker.reply(), '')
  tally.faults++
}

const mistaken: Load = async (soaked, tally, random) => {
  const talker = await enter(soaked, tally, random)
  for (const fatal of ['no', 'no', 'yes']) {
    const [first, , third] = (await talker.ask('HELLO wrong\n\n')).split('\r\n')
    tally.check('wrong token', `${first} ${third}`, `ERR AUTH_FAILED Fatal: ${fatal}`)
  }
  tally.messages += 3
  tally.faults++
  await talker.end()
}

const resetting: Load = async (soaked, tally, random) => {
  const talker = await join({ ...soaked, ways: [soaked.ways[0]] }, tally, random)
  talker.say(orders(talker, 500, random).script.slice(0, random.integer(1, 5000)))
  if (random.percent(50)) await talker.reply()
  talker.socket.resetAndDestroy()
  tally.faults++
}

const STRANGERS = [
  'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  '\x16\x03\x01\x02\x00\x01',
  'POST /a HTTP/1.0\r\n\r\nHELLO\n\n',
] as const

const strange: Load = async (soaked, tally, random) => {
  const talker = await enter(soaked, tally, random)
  talker.socket.write(Buffer.from(random.pick<string>(STRANGERS), 'latin1'))
  tally.check('a stranger', await talker.reply(), '')
  tally.faults++
  await talker.end()
}

/** Bytes by chance, at any of the places: whatever is said to them, it ends. */
const noisy: Load = async ({ ways, ports }, tally, random) => {
  tally.connections++
  const port = random.pick([ports.text, ports.framed, ports.versioned])
  const socket = random.pick<Way>([() => connectSocket({ host: HOST, port }), random.pick(ways)])()
  socket.on('error', () => {}).resume()
  const gone = new Promise((resolve) => socket.once('close', resolve))
  socket.end(randomBytes(random.integer(1, 20_000)))
  await gone
  tally.faults++
}

/** Many that connect and leave. */
const storming: Load = async ({ ways }, tally, random) => {
  const some = Array.from({ length: 30 }, () => {
    tally.connections++
    const socket = random.pick(ways)()
    const gone = new Promise((resolve) => socket.once('close', resolve))
    socket.on('error', () => {}).resume()
    if (random.percent(30)) socket.destroy()
    else socket.end()
    return gone
  })
  await Promise.all(some)
  tally.faults++
}

/** The client library, over any wire. */
const typed: Load = async ({ ports }, tally, random) => {
  const wire = random.pick(['text', 'framed', 'versioned'] as const)
  const client = await connect({ host: HOST, port: ports[wire], wire, token: TOKEN })
  tally.connections++
  for (let round = 0; round < 20; round++) {
    const [x, y] = [random.integer(-9999, 9999), random.integer(-9999, 9999)]
    const reply = await client.move({ x, y })
    tally.messages++
    tally.check(`MOVE over ${wire}`, `${reply.x} ${reply.y}`, `${x} ${y}`)
  }
  await client.close()
}

/** A lone CR, after which the server ends the session. */
const FATAL = Buffer.from('PING\rX\n\n')
const RECONNECT = { minDelayMs: 1, maxDelayMs: 100 }

/** The client library again, which loses its connection and comes back. */
const returning: Load = async ({ ports }, tally, random) => {
  const client = await connect({ host: HOST, port: ports.text, token: TOKEN, reconnect: RECONNECT })
  tally.connections++
  for (let round = 0; round < 5; round++) {
    const text = String(random.integer(0, 99_999))
    tally.check('WRITE', String((await client.write({ text })).bytes), String(text.length))
    const code = await client.sendBytes(FATAL).then(
      () => 'none',
      (error: { readonly code: string }) => error.code,
    )
    tally.check('a lone CR', code, 'PARSE')
    await client.ready()
    tally.messages += 2
    tally.connections++
    tally.reconnects++
  }
  await client.close()
}

export const LOADS: readonly Load[] = [
  ...[pipelined, pipelined, pipelined, slow, slow, halfClosing, mistaken],
  ...[resetting, strange, noisy, storming, typed, returning],
]
