import { expect, it } from 'vitest'
import { startScene } from '../support/start-scene.ts'

it('greets at once, before a byte has come (section 1)', async () => {
  const { join } = await startScene()
  const { pilot, peer } = await join()
  expect(peer.bytesRead).toBe(0)
  expect(pilot.received).toBe(
    'OK READY\r\nServer: skyline/0.1.0\r\nProtocol: 1\r\nAuth: none\r\nMax-Message: 8192\r\n' +
      'Hint: end each message with an empty line; try HELP\r\n\r\n',
  )
})

it('says in the greeting that a token is wanted (section 1)', async () => {
  const { join } = await startScene({ token: 's3cret' })
  const { pilot } = await join()
  expect(pilot.received).toContain('\r\nAuth: token\r\n')
})

it('calls itself by the name that it is given', async () => {
  const { join } = await startScene({ name: 'balloon/9' })
  const { pilot } = await join()
  expect(pilot.received).toContain('\r\nServer: balloon/9\r\n')
})

it('answers a client that speaks before it has read the greeting, after the greeting', async () => {
  const { join } = await startScene()
  const { pilot } = await join()
  await pilot.ask('HELLO\n\nPING\n\n', 'PONG')
  expect(pilot.replies).toEqual(['OK READY', 'OK AUTH_OK', 'OK PONG'])
})
