import { expect, it } from 'vitest'
import { startScene } from '../support/start-scene.ts'
import { talk } from '../support/talk.ts'
import { changeColor, dialFramed, move, ok, wordOf, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'
import { dialVersioned, firstLine, headerIn, versioned } from './support/versioned-client.ts'

const HELLO = versioned('HELLO')

it('all wires of a server fly one drone: what one client does the others see', async () => {
  const { server, clock, address } = await startScene()
  const framed = await dialFramed((await server.listen({ ...at(0), wire: 'framed' })).port)
  const viewer = await dialVersioned((await server.listen({ ...at(0), wire: 'versioned' })).port)
  await viewer.next()
  await viewer.ask(HELLO)
  await framed.ask(write('HELLO'))
  expect(await framed.ask(move(100, 0))).toEqual(ok('MOVING_TO(100, 0)'))
  clock.advance(500)
  expect(await viewer.ask(versioned('STATUS'))).toMatch(/\r\nState: moving\r\nX: 50\r\nY: 0\r\n/)
  await viewer.send(versioned('WAIT\nId: w'))
  await framed.ask(changeColor(1, 2, 3))
  clock.advance(500)
  expect(await viewer.next()).toBe('OK ARRIVED\r\nX: 100\r\nY: 0\r\nZ: 0\r\nId: w')
  await viewer.ask(versioned('WRITE over versioned'))
  const status = String(await talk(address, [Buffer.from('HELLO\n\nSTATUS\n\n')]))
  expect(status).toMatch(/\r\nX: 100\r\n(.*\r\n)*R: 1\r\nG: 2\r\nB: 3\r\nText: over versioned\r\n/)
})

it('answers go to the session that asked, and to no other, on whichever wire', async () => {
  const { framed, ...wires } = await startWires()
  const numbers = Array.from({ length: 300 }, (_, index) => index + 1)
  const overFramed = numbers.map((x) => move(x, 0))
  const overVersioned = numbers.map((y) => versioned(`MOVE 0 ${y}\nId: ${y}`))
  const clients = await Promise.all([dialFramed(framed), dialFramed(framed)])
  const others = await Promise.all([dialVersioned(wires.versioned), dialVersioned(wires.versioned)])
  const [moved, answered] = await Promise.all([
    Promise.all(clients.map((client) => client.finish(write('HELLO'), ...overFramed))),
    Promise.all(others.map((client) => client.finish(HELLO, ...overVersioned))),
  ])
  for (const answers of moved) expect(answers.slice(1)).toEqual(numbers.map((x) => ok(`MOVING_TO(${x}, 0)`)))
  for (const answers of answered) {
    expect(answers.slice(2).map((answer) => [firstLine(answer), headerIn(answer, 'Id')])).toEqual(
      numbers.map((y) => [`OK MOVING_TO(0, ${y})`, `${y}`]),
    )
  }
})

it.each(['text', 'versioned'] as const)(
  'an Id sent over the %s wire is never told to another session (R2)',
  async (wire) => {
    const wires = await startWires()
    const message = wire === 'text' ? Buffer.from('PING\nId: theirs\n\n') : versioned('PING\nId: theirs')
    expect(String(await talk(at(wires[wire]), [message]))).toContain('OK PONG\r\nId: theirs')
    const client = await dialVersioned(wires.versioned)
    const answers = await client.finish(versioned(''), versioned('PING\n\nPING'))
    expect(answers.slice(1).map(firstLine)).toEqual(['ERR PARSE', 'ERR PARSE'])
    expect(answers.join()).not.toContain('theirs')
  },
)

it('an error on one wire leaves the sessions on the others alone', async () => {
  const { framed, ...wires } = await startWires()
  const [careless, careful] = [await dialFramed(framed), await dialVersioned(wires.versioned)]
  await careful.next()
  await careful.ask(HELLO)
  const answers = await careless.finish(...new Array(10).fill(move(1, 2)))
  expect(answers.map(wordOf).at(-1)).toBe('TOO_MANY_ERRORS')
  expect(await careful.ask(versioned('FLY'))).toMatch(/^ERR UNKNOWN_COMMAND\r\n/)
  expect(await careful.ask(versioned('STATUS'))).toMatch(/\r\nState: hovering\r\n/)
})

it('the limit of connections holds for all wires together', async () => {
  const { framed, ...wires } = await startWires({ maxConnections: 2 })
  const first = await dialFramed(framed)
  await first.ask(write('HELLO'))
  const second = await dialVersioned(wires.versioned)
  await second.next()
  expect((await (await dialFramed(framed)).rest()).map(wordOf)).toEqual(['BUSY'])
  expect((await (await dialVersioned(wires.versioned)).rest()).map(firstLine)).toEqual(['ERR BUSY'])
  expect(String(await talk(at(wires.text), []))).toMatch(/^ERR BUSY\r\n/)
})
