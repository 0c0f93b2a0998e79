import { describe, expect, it } from 'vitest'
import { TickingClock } from '../support/fake-clock.ts'
import { talk } from '../support/talk.ts'
import { halves, socketCuts } from './support/cuts.ts'
import { at, startWires } from './support/start-wires.ts'
import { dialVersioned, firstLine, headerIn, versioned, versionedAnswers } from './support/versioned-client.ts'

/** What is asked, and the whole answer to it. */
const FLIGHT = [
  ['HELLO', 'OK AUTH_OK\r\nProtocol: 1\r\nDrone: sim'],
  ['MOVE 10 20', 'OK MOVING_TO(10, 20)\r\nX: 10\r\nY: 20\r\nOp: 1'],
  [
    'MOVE\r\nX: -30\r\nY: 40\r\nZ: 5\r\nId: leg.2',
    'OK MOVING_TO(-30, 40, 5)\r\nX: -30\r\nY: 40\r\nZ: 5\r\nOp: 2\r\nId: leg.2',
  ],
  ['WAIT\nId: w', 'OK ARRIVED\r\nX: -30\r\nY: 40\r\nZ: 5\r\nId: w'],
  ['WRITE Grüße, 世界', 'OK WRITTEN\r\nBytes: 15'],
  ['COLOR 255 0 0', 'OK COLOR_CHANGED(255, 0, 0)\r\nR: 255\r\nG: 0\r\nB: 0'],
  ['PING', 'OK PONG'],
  ['exit', 'OK BYE'],
] as const
const READY =
  /^OK READY\r\nServer: skyline\/0\.1\.0\r\nProtocol: 1\r\nAuth: none\r\nMax-Message: 8192(?:\r\n[^\r\n]+)*$/
const INPUT = Buffer.concat(FLIGHT.map(([content]) => versioned(content)))
const OUTPUT = [expect.stringMatching(READY), ...FLIGHT.map(([, answer]) => answer)]

const start = () => startWires({ clock: new TickingClock() })

describe('a client of the versioned wire, built with Buffer calls alone,', () => {
  it.each([false, true])('flies the drone in questions and answers, byte by byte: %j', async (byteByByte) => {
    const wires = await start()
    const client = await dialVersioned(wires.versioned, { byteByByte })
    expect(await client.next()).toMatch(READY)
    for (const [content, answer] of FLIGHT) expect(await client.ask(versioned(content))).toBe(answer)
    expect(await client.next()).toBeUndefined()
  })

  it.each(socketCuts(INPUT))('flies the drone with all frames at once, $how', async ({ chunks }) => {
    const wires = await start()
    expect(versionedAnswers(await talk(at(wires.versioned), chunks))).toEqual(OUTPUT)
  })

  it('flies the drone with its frames split at any byte', async () => {
    for (const chunks of halves(INPUT)) {
      const wires = await start()
      expect(versionedAnswers(await talk(at(wires.versioned), chunks))).toEqual(OUTPUT)
    }
  })

  it('is greeted in a frame, before it speaks', async () => {
    const wires = await startWires({ token: 's3cret' })
    const client = await dialVersioned(wires.versioned)
    const greeting = await client.next()
    expect(firstLine(greeting)).toBe('OK READY')
    expect(headerIn(greeting, 'Auth')).toBe('token')
    expect(await client.finish(versioned('HELLO s3cre'), versioned('HELLO\nToken: s3cret'))).toEqual([
      expect.stringMatching(/^ERR AUTH_FAILED\r\nReason: [^\r\n]+\r\nFatal: no\r\nHint: [^\r\n]+$/),
      'OK AUTH_OK\r\nProtocol: 1\r\nDrone: sim',
    ])
  })

  it('may send any number of frames at once, each answered in its order (R1)', async () => {
    const wires = await startWires()
    const client = await dialVersioned(wires.versioned)
    const ids = Array.from({ length: 5000 }, (_, index) => index)
    const answers = await client.finish(...ids.map((id) => versioned(`PING\nId: ${id}`)))
    expect(answers.slice(1)).toEqual(ids.map((id) => `OK PONG\r\nId: ${id}`))
  })

  it('may end its half long before its flight is over, and gets every answer (F7)', async () => {
    const wires = await start()
    const client = await dialVersioned(wires.versioned)
    const script = ['HELLO', 'MOVE 30 0', 'WAIT', 'MOVE 30 20', 'WAIT', 'STATUS', 'PING']
    const answers = await client.finish(...script.map((content) => versioned(content)))
    const moves = ['OK MOVING_TO(30, 0)', 'OK ARRIVED', 'OK MOVING_TO(30, 20)', 'OK ARRIVED']
    expect(answers.slice(1).map(firstLine)).toEqual(['OK AUTH_OK', ...moves, 'OK STATUS', 'OK PONG'])
    expect(answers[5]).toBe('OK ARRIVED\r\nX: 30\r\nY: 20\r\nZ: 0')
    expect(answers[6]).toMatch(/\r\nState: hovering\r\nX: 30\r\nY: 20\r\n/)
  })

  it('can ask for HELP, for all and for a command, and for STATUS', async () => {
    const wires = await startWires()
    const client = await dialVersioned(wires.versioned)
    const contents = ['HELP', 'HELP MOVE', 'HELP\nCommand: nothing', 'HELLO', 'STATUS', 'WAIT 5\nId: s']
    const [, all, move, unknown, , status, arrived] = await client.finish(...contents.map((line) => versioned(line)))
    expect(firstLine(all)).toBe('OK HELP')
    for (const name of ['HELLO', 'MOVE', 'WRITE', 'STATUS', 'WAIT', 'QUIT']) expect(headerIn(all, name)).toBeDefined()
    expect(headerIn(move, 'X')).toBe('integer, cm, -2147483648..2147483647, required')
    expect(firstLine(unknown)).toBe('ERR BAD_ARGUMENT')
    expect(status).toMatch(/^OK STATUS\r\nDrone: sim\r\nState: hovering\r\nX: 0\r\nY: 0\r\nZ: 0\r\n/)
    expect(arrived).toBe('OK ARRIVED\r\nX: 0\r\nY: 0\r\nZ: 0\r\nId: s')
  })
})
