import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { type Scene, startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { at, startWires } from './support/start-wires.ts'
import { dialVersioned, firstLine, versioned, versionedAnswers } from './support/versioned-client.ts'

const PING = versioned('PING')
const NO_TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0 }

/** A connection to the versioned wire that has been greeted, with the server's end of it. */
async function join({ server, peerOf }: Scene) {
  const pilot = await Pilot.dial(await server.listen({ ...at(0), wire: 'versioned' }))
  await pilot.until('OK READY')
  return { pilot, peer: await peerOf(pilot) }
}

const wordsOf = (received: string) => versionedAnswers(Buffer.from(received, 'latin1')).map(firstLine)

describe('the end of the conversation', () => {
  it.each(['exit', 'EXIT', 'QUIT', 'quit\r\n'])(
    'comes with %j: BYE, then FIN, and nothing behind it is run',
    async (content) => {
      const wires = await startWires()
      const client = await dialVersioned(wires.versioned)
      await client.send(PING, versioned(content), PING)
      expect((await client.rest()).slice(1)).toEqual(['OK PONG', 'OK BYE'])
    },
  )

  it.each(Array.from({ length: PING.length - 1 }, (_, index) => index + 1))(
    'within a frame, after %i of its 7 bytes, is INCOMPLETE, behind every answer that is due (F7)',
    async (bytes) => {
      const wires = await startWires()
      const client = await dialVersioned(wires.versioned)
      const answers = await client.finish(PING, PING.subarray(0, bytes))
      expect(answers.slice(1).map(firstLine)).toEqual(['OK PONG', 'ERR INCOMPLETE'])
      expect(answers.at(-1)).toMatch(/\r\nFatal: yes(?:\r\n[A-Z][a-z]*: [^\r\n]+)*$/)
    },
  )

  it('without any frame is the greeting alone', async () => {
    const wires = await startWires()
    const client = await dialVersioned(wires.versioned)
    expect((await client.finish()).map(firstLine)).toEqual(['OK READY'])
  })
})

describe('a deadline', () => {
  it('runs from the first byte of a frame to its last, and no trickle puts it off (section 5)', async () => {
    const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, messageMs: 700 } })
    const { pilot, peer } = await join(scene)
    scene.clock.advance(5000)
    for (const [index, byte] of [...versioned('STATUS').subarray(0, 7)].entries()) {
      expect(peer.writableEnded).toBe(false)
      pilot.socket.write(Buffer.of(byte))
      await until(() => peer.bytesRead === index + 1)
      scene.clock.advance(100)
    }
    expect(peer.writableEnded).toBe(true)
    expect(wordsOf(await pilot.ended)).toEqual(['OK READY', 'ERR MESSAGE_TIMEOUT'])
  })

  it('ends a session whose HELLO has not succeeded in time, which PING does not put off (section 5)', async () => {
    const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, handshakeMs: 1000 } })
    const { pilot, peer } = await join(scene)
    scene.clock.advance(999)
    pilot.socket.write(PING)
    await pilot.until('OK PONG')
    expect(peer.writableEnded).toBe(false)
    scene.clock.advance(1)
    expect(wordsOf(await pilot.ended)).toEqual(['OK READY', 'OK PONG', 'ERR HANDSHAKE_TIMEOUT'])
  })

  it('ends a session that is idle for too long, but not one that waits for its drone (section 5)', async () => {
    const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, idleMs: 1000 } })
    const { pilot, peer } = await join(scene)
    pilot.socket.write(Buffer.concat(['HELLO', 'MOVE 500 0', 'WAIT'].map((content) => versioned(content))))
    await pilot.until('MOVING_TO')
    scene.clock.advance(5000)
    await pilot.until('OK ARRIVED')
    scene.clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    scene.clock.advance(1)
    expect(wordsOf(await pilot.ended).slice(-2)).toEqual(['OK ARRIVED', 'ERR IDLE_TIMEOUT'])
  })
})

it('says BUSY in a frame in place of the greeting to the connection beyond the limit (R8)', async () => {
  const wires = await startWires({ maxConnections: 0 })
  const client = await dialVersioned(wires.versioned)
  expect(await client.rest()).toEqual([
    expect.stringMatching(/^ERR BUSY\r\nReason: [^\r\n]+\r\nFatal: yes(?:\r\n[A-Z][a-z]*: [^\r\n]+)*$/),
  ])
})

it('says SHUTTING_DOWN in a frame when the server closes (R8)', async () => {
  const { server, ...wires } = await startWires()
  const client = await dialVersioned(wires.versioned)
  expect(await client.next()).toMatch(/^OK READY/)
  const closed = server.close()
  expect((await client.finish()).map(firstLine)).toEqual(['ERR SHUTTING_DOWN'])
  await closed
})
