import { expect, it } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { until } from '../support/until.ts'

const TIMEOUTS = { handshakeMs: 1000, messageMs: 0, idleMs: 0 }

it('ends a session whose HELLO has not succeeded in time, at that very moment (section 5)', async () => {
  const { join, clock } = await startScene({ timeouts: TIMEOUTS })
  const { pilot, peer } = await join()
  clock.advance(999)
  expect(peer.writableEnded).toBe(false)
  clock.advance(1)
  expect(peer.writableEnded).toBe(true)
  await pilot.ended
  expect(pilot.replies).toEqual(['OK READY', 'ERR HANDSHAKE_TIMEOUT'])
  expect(pilot.received).toContain('\r\nFatal: yes\r\n')
})

it.each([
  { what: 'a PING', input: 'PING\n\n', answer: 'OK PONG' },
  { what: 'a HELLO with a wrong token', input: 'HELLO wrong\n\n', answer: 'ERR AUTH_FAILED' },
  { what: 'a HELLO of another version', input: 'HELLO s3cret 2\n\n', answer: 'ERR VERSION_UNSUPPORTED' },
  { what: 'a command too early', input: 'STATUS\n\n', answer: 'ERR EXPECTED_HANDSHAKE' },
])('is not put off by $what (section 5)', async ({ input, answer }) => {
  const { join, clock } = await startScene({ token: 's3cret', timeouts: TIMEOUTS })
  const { pilot, peer } = await join()
  clock.advance(999)
  await pilot.ask(input, answer)
  clock.advance(1)
  expect(peer.writableEnded).toBe(true)
  await pilot.until('ERR HANDSHAKE_TIMEOUT')
})

it('is not put off by a trickle (section 5)', async () => {
  const { join, clock } = await startScene({ timeouts: TIMEOUTS })
  const { pilot, peer } = await join()
  for (const [index, letter] of [...'HELLO\nClie'].entries()) {
    expect(peer.writableEnded).toBe(false)
    pilot.send(letter)
    await until(() => peer.bytesRead === index + 1)
    clock.advance(100)
  }
  expect(peer.writableEnded).toBe(true)
  await pilot.until('ERR HANDSHAKE_TIMEOUT')
})

it('is over with the success of HELLO (section 5)', async () => {
  const { join, clock } = await startScene({ timeouts: TIMEOUTS })
  const { pilot } = await join()
  clock.advance(999)
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
  clock.advance(100_000)
  await pilot.ask('PING\n\n', 'OK PONG')
})

it('ends the session of one client only', async () => {
  const { join, clock } = await startScene({ timeouts: TIMEOUTS })
  const { peer: first } = await join()
  clock.advance(500)
  const { pilot, peer: second } = await join()
  clock.advance(500)
  expect([first.writableEnded, second.writableEnded]).toEqual([true, false])
  await pilot.ask('HELLO\n\n', 'AUTH_OK')
})
