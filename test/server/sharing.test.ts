import { expect, it, vi } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { talk } from '../support/talk.ts'

vi.setConfig({ testTimeout: 30_000 })

it('lets all pilots fly the one drone: a later MOVE takes the place of an earlier one', async () => {
  const { join, clock } = await startScene()
  const { pilot: first } = await join()
  const { pilot: second } = await join()
  await first.ask('HELLO\n\nMOVE 1000 0\n\nWAIT\n\n', 'MOVING_TO')
  clock.advance(1000)
  await second.ask('HELLO\n\nSTATUS\n\n', 'State: moving\r\nX: 100\r\nY: 0\r\n')
  await second.ask('MOVE 100 200\n\nWAIT\n\n', 'MOVING_TO')
  clock.advance(1999)
  expect([first, second].some(({ received }) => received.includes('ARRIVED'))).toBe(false)
  clock.advance(1)
  const arrived = 'OK ARRIVED\r\nX: 100\r\nY: 200\r\nZ: 0\r\n\r\n'
  await first.until(arrived)
  await second.until(arrived)
})

it('shows to one what another has written and painted', async () => {
  const { join } = await startScene()
  const { pilot: writer } = await join()
  const { pilot: reader } = await join()
  await writer.ask('HELLO\n\nWRITE good  morning\n\nCOLOR 1 2 3\n\n', 'COLOR_CHANGED')
  const answer = await reader.ask('HELLO\n\nSTATUS\n\n', 'OK STATUS')
  expect(answer).toContain('\r\nR: 1\r\nG: 2\r\nB: 3\r\nText: good  morning\r\n\r\n')
})

it('keeps two hundred conversations apart', async () => {
  const { address } = await startScene()
  const script = (client: number) => Array.from({ length: 20 }, (_, i) => `PING\r\nId: ${client}-${i}\r\n\r\n`).join('')
  const halves = (client: number) => {
    const bytes = Buffer.from(`HELLO\r\n\r\n${script(client)}QUIT\r\n\r\n`)
    return [bytes.subarray(0, 100 + client), bytes.subarray(100 + client)]
  }
  const clients = Array.from({ length: 200 }, (_, client) => client)
  const answers = await Promise.all(clients.map((client) => talk(address, halves(client))))
  for (const client of clients) {
    const ids = [...String(answers[client]).matchAll(/OK PONG\r\nId: (.*)\r\n/g)].map(([, id]) => id)
    expect(ids).toEqual(Array.from({ length: 20 }, (_, i) => `${client}-${i}`))
    expect(String(answers[client])).toMatch(/OK BYE\r\n\r\n$/)
  }
})

it('counts the mistakes of each session for itself', async () => {
  const { join } = await startScene()
  const { pilot: clumsy } = await join()
  const { pilot: careful } = await join()
  await careful.ask('HELLO\n\nPIN\n\n', 'UNKNOWN_COMMAND')
  clumsy.send('PIN\n\n'.repeat(10))
  await clumsy.ended
  expect(clumsy.replies.at(-1)).toBe('ERR TOO_MANY_ERRORS')
  await careful.ask('PIN\n\nPING\n\n', 'OK PONG')
})
