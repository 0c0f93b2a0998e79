import { describe, expect, it } from 'vitest'
import { TickingClock } from '../support/fake-clock.ts'
import { talk } from '../support/talk.ts'
import { halves, socketCuts } from './support/cuts.ts'
import { changeColor, dialFramed, framedAnswers, move, ok, quit, write } from './support/framed-client.ts'
import { at, startWires } from './support/start-wires.ts'
import { dialVersioned, headerIn, versioned } from './support/versioned-client.ts'

const FLIGHT = [write('HELLO'), move(10, 20), write('hello, world'), changeColor(255, 0, 0), quit()]
const ANSWERS = ['AUTH_OK', 'MOVING_TO(10, 20)', 'WRITTEN', 'COLOR_CHANGED(255, 0, 0)', 'BYE'].map(ok)

const start = () => startWires({ clock: new TickingClock() })

/** What the drone shows once it has arrived, seen from another wire. */
async function droneOn(port: number): Promise<string | undefined> {
  const client = await dialVersioned(port)
  const answers = await client.finish(...['HELLO', 'WAIT', 'STATUS'].map((content) => versioned(content)))
  const status = answers.at(-1)
  return ['X', 'Y', 'R', 'G', 'B', 'Text'].map((key) => headerIn(status, key)).join(' ')
}

describe('a client of the framed wire, built with Buffer calls alone,', () => {
  it.each([false, true])('flies the drone in questions and answers, byte by byte: %j', async (byteByByte) => {
    const { framed, versioned } = await start()
    const client = await dialFramed(framed, { byteByByte })
    for (const [index, message] of FLIGHT.entries()) expect(await client.ask(message)).toEqual(ANSWERS[index])
    expect(await client.next()).toBeUndefined()
    expect(await droneOn(versioned)).toBe('10 20 255 0 0 hello, world')
  })

  it.each(socketCuts(Buffer.concat(FLIGHT)))('flies the drone with all frames at once, $how', async ({ chunks }) => {
    const { framed, versioned } = await start()
    expect(framedAnswers(await talk(at(framed), chunks))).toEqual(ANSWERS)
    expect(await droneOn(versioned)).toBe('10 20 255 0 0 hello, world')
  })

  it('flies the drone with its frames split at any byte', async () => {
    const { framed } = await start()
    for (const chunks of halves(Buffer.concat(FLIGHT))) {
      expect(framedAnswers(await talk(at(framed), chunks))).toEqual(ANSWERS)
    }
  })

  it('is sent nothing before it speaks', async () => {
    const { framed } = await start()
    const client = await dialFramed(framed)
    expect(await client.finish()).toEqual([])
  })

  it('may send any number of frames at once: the cap is on the frame, never on the receive buffer (F3)', async () => {
    const { framed } = await start()
    const client = await dialFramed(framed)
    const moves = Array.from({ length: 5000 }, (_, index) => index)
    const answers = await client.finish(write('HELLO'), ...moves.map((x) => move(x, -x)))
    expect(answers).toEqual(['AUTH_OK', ...moves.map((x) => `MOVING_TO(${x}, ${x === 0 ? 0 : -x})`)].map(ok))
  })
})
