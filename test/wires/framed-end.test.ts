import { describe, expect, it } from 'vitest'
import { Pilot } from '../support/pilot.ts'
import { type Scene, startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'
import { dialFramed, err, framedAnswers, move, ok, quit, wordOf, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'

const HELLO = write('HELLO')
const NO_TIMEOUTS = { handshakeMs: 0, messageMs: 0, idleMs: 0 }

/** A connection to the framed wire, with the server's end of it. */
async function join({ server, peerOf }: Scene) {
  const pilot = await Pilot.dial(await server.listen({ ...at(0), wire: 'framed' }))
  return { pilot, peer: await peerOf(pilot) }
}

const wordsOf = (received: string) => framedAnswers(Buffer.from(received, 'latin1')).map(wordOf)

describe('a Quit', () => {
  it('is answered with BYE, then FIN, and nothing behind it is run (R3)', async () => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    await client.send(HELLO, move(1, 2), quit(), move(3, 4), quit())
    expect(await client.rest()).toEqual(['AUTH_OK', 'MOVING_TO(1, 2)', 'BYE'].map(ok))
  })

  it('leaves a client that stays 1 s, whatever it sends (R3)', async () => {
    const scene = await startScene()
    const { pilot, peer } = await join(scene)
    pilot.socket.write(quit())
    expect(wordsOf(await pilot.ended)).toEqual(['BYE'])
    await until(() => peer.writableFinished)
    scene.clock.advance(999)
    expect(peer.destroyed).toBe(false)
    scene.clock.advance(1)
    expect(peer.destroyed).toBe(true)
  })
})

describe('a client that ends its half', () => {
  it('gets an answer to everything whole, then FIN (F7)', async () => {
    const { framed } = await startWires()
    const client = await dialFramed(framed)
    expect(await client.finish(HELLO, move(1, 2), move(3, 4))).toEqual(
      ['AUTH_OK', 'MOVING_TO(1, 2)', 'MOVING_TO(3, 4)'].map(ok),
    )
  })

  const whole = move(3, 4)
  it.each(Array.from({ length: whole.length - 1 }, (_, index) => index + 1))(
    'within a frame, after %i of its 13 bytes, gets every answer that is due, then INCOMPLETE (F7)',
    async (bytes) => {
      const { framed } = await startWires()
      const client = await dialFramed(framed)
      const answers = await client.finish(HELLO, move(1, 2), whole.subarray(0, bytes))
      expect(answers.map(wordOf)).toEqual(['AUTH_OK', 'MOVING_TO(1, 2)', 'INCOMPLETE'])
      expect(answers.at(-1)?.text).toMatch(/^INCOMPLETE: /)
    },
  )
})

describe('the deadline of a message', () => {
  it('runs from the first byte of a frame to its last, and no trickle puts it off (section 5)', async () => {
    const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, messageMs: 1000 } })
    const { pilot, peer } = await join(scene)
    scene.clock.advance(5000)
    pilot.socket.write(HELLO)
    await until(() => pilot.received.length > 0)
    scene.clock.advance(5000)
    for (const [index, byte] of [...move(1, 2).subarray(0, 10)].entries()) {
      expect(peer.writableEnded).toBe(false)
      pilot.socket.write(Buffer.of(byte))
      await until(() => peer.bytesRead === HELLO.length + index + 1)
      scene.clock.advance(100)
    }
    expect(peer.writableEnded).toBe(true)
    expect(wordsOf(await pilot.ended)).toEqual(['AUTH_OK', 'MESSAGE_TIMEOUT'])
  })

  it('runs from the first byte of a length, and begins anew with the next frame (section 5)', async () => {
    const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, messageMs: 1000 } })
    const { pilot, peer } = await join(scene)
    for (const [index, part] of [HELLO.subarray(0, 1), HELLO.subarray(1)].entries()) {
      pilot.socket.write(part)
      await until(() => peer.bytesRead === (index === 0 ? 1 : HELLO.length))
      scene.clock.advance(999)
    }
    await until(() => pilot.received.length > 0)
    scene.clock.advance(5000)
    expect(peer.writableEnded).toBe(false)
    pilot.socket.write(Buffer.of(9))
    await until(() => peer.bytesRead === HELLO.length + 1)
    scene.clock.advance(999)
    expect(peer.writableEnded).toBe(false)
    scene.clock.advance(1)
    expect(peer.writableEnded).toBe(true)
    expect(wordsOf(await pilot.ended)).toEqual(['AUTH_OK', 'MESSAGE_TIMEOUT'])
  })
})

it('ends a session whose handshake has not succeeded in time (section 5)', async () => {
  const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, handshakeMs: 1000 } })
  const { pilot, peer } = await join(scene)
  scene.clock.advance(999)
  expect(peer.writableEnded).toBe(false)
  scene.clock.advance(1)
  expect(wordsOf(await pilot.ended)).toEqual(['HANDSHAKE_TIMEOUT'])
})

it('lets a session be whose handshake succeeded in time (section 5)', async () => {
  const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, handshakeMs: 1000 } })
  const { pilot } = await join(scene)
  pilot.socket.write(HELLO)
  await until(() => pilot.received.length > 0)
  scene.clock.advance(10_000)
  pilot.socket.end(quit())
  expect(wordsOf(await pilot.ended)).toEqual(['AUTH_OK', 'BYE'])
})

it('ends a session that is idle for too long (section 5)', async () => {
  const scene = await startScene({ timeouts: { ...NO_TIMEOUTS, idleMs: 1000 } })
  const { pilot, peer } = await join(scene)
  scene.clock.advance(999)
  pilot.socket.write(HELLO)
  await until(() => pilot.received.length > 0)
  scene.clock.advance(999)
  expect(peer.writableEnded).toBe(false)
  scene.clock.advance(1)
  expect(wordsOf(await pilot.ended)).toEqual(['AUTH_OK', 'IDLE_TIMEOUT'])
})

it('says BUSY in an Err frame, before the client has spoken, to the connection beyond the limit (R8)', async () => {
  const { framed } = await startWires({ maxConnections: 0 })
  const client = await dialFramed(framed)
  expect(await client.rest()).toEqual([{ ok: false, text: expect.stringMatching(/^BUSY: ./) }])
})

it('says SHUTTING_DOWN in an Err frame when the server closes (R8)', async () => {
  const { server, framed } = await startWires()
  const client = await dialFramed(framed)
  expect(await client.ask(HELLO)).toEqual(ok('AUTH_OK'))
  const closed = server.close()
  expect(await client.finish()).toEqual([{ ok: false, text: expect.stringMatching(/^SHUTTING_DOWN: ./) }])
  await closed
})

it('keeps sessions apart: what one does wrong does not count for another', async () => {
  const { framed } = await startWires()
  const [careless, careful] = [await dialFramed(framed), await dialFramed(framed)]
  const early = move(1, 2)
  const answers = await careless.finish(...new Array(9).fill(early))
  expect(answers).toEqual(new Array(9).fill(err('EXPECTED_HANDSHAKE')))
  expect(await careful.ask(early)).toEqual(err('EXPECTED_HANDSHAKE'))
  expect(await careful.ask(HELLO)).toEqual(ok('AUTH_OK'))
})
