import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { TickingClock } from '../support/fake-clock.ts'
import { play } from '../support/play.ts'
import { talk } from '../support/talk.ts'
import { halves, socketCuts } from './support/cuts.ts'
import { at, startWires } from './support/start-wires.ts'

vi.setConfig({ testTimeout: 60_000 })

const WIRES = ['text', 'framed', 'versioned'] as const

/** Bytes in hex. */
interface Exchange {
  readonly request: string
  readonly reply: string
}

type OnWires<T> = { readonly [wire in (typeof WIRES)[number]]?: T }

interface Dialogue {
  readonly name: string
  readonly token?: string
  readonly greeting: OnWires<string>
  readonly steps: readonly ({ readonly name: string } & OnWires<Exchange>)[]
  readonly droneAtTheEnd: { readonly text: Exchange }
}

const file = new URL('../../fixtures/vectors/wires.json', import.meta.url)
const { dialogues }: { readonly dialogues: readonly Dialogue[] } = JSON.parse(readFileSync(file, 'utf8'))

const bytes = (hex: readonly string[]) => Buffer.from(hex.join(''), 'hex')

/** All that is sent and all that comes back on one wire. */
function encoded({ greeting, steps }: Dialogue, wire: (typeof WIRES)[number]) {
  const exchanges = steps.flatMap((step) => step[wire] ?? [])
  return {
    input: bytes(exchanges.map(({ request }) => request)),
    output: bytes([greeting[wire] ?? '', ...exchanges.map(({ reply }) => reply)]).toString('hex'),
  }
}

describe.each(dialogues)('fixtures/vectors/wires.json, "$name",', (dialogue) => {
  const options = dialogue.token === undefined ? {} : { token: dialogue.token }

  describe.each(WIRES)('on the %s wire', (wire) => {
    const { input, output } = encoded(dialogue, wire)

    it.each(socketCuts(input))('holds over a socket $how, and the drone is the same at the end', async ({ chunks }) => {
      const wires = await startWires({ ...options, clock: new TickingClock() })
      expect((await talk(at(wires[wire]), chunks)).toString('hex')).toBe(output)
      const { request, reply } = dialogue.droneAtTheEnd.text
      expect((await talk(at(wires.text), [bytes([request])])).toString('hex')).toBe(reply)
    })

    it('holds on a session alone, cut in two at every place (F5)', async () => {
      for (const chunks of halves(input)) {
        expect((await play(chunks, { ...options, wire })).toString('hex')).toBe(output)
      }
    })
  })
})

describe('fixtures/vectors/wires.json', () => {
  it('says every step on text and on versioned, and greets on both, but not on framed', () => {
    for (const { greeting, steps } of dialogues) {
      expect(Object.keys(greeting)).toEqual(['text', 'versioned'])
      for (const step of steps) expect(Object.keys(step)).toEqual(expect.arrayContaining(['text', 'versioned']))
    }
  })

  it('names every dialogue once, and says on framed most of each', () => {
    expect(new Set(dialogues.map(({ name }) => name)).size).toBe(dialogues.length)
    for (const { steps } of dialogues) {
      expect(steps.filter(({ framed }) => framed !== undefined).length).toBeGreaterThan(steps.length / 2)
    }
  })

  it('gives lower case hex, two digits a byte', () => {
    const hex = dialogues.flatMap(({ greeting, steps, droneAtTheEnd }) => [
      ...Object.values(greeting),
      ...[...steps, droneAtTheEnd].flatMap((step) =>
        WIRES.flatMap((wire) => {
          const exchange = (step as OnWires<Exchange>)[wire]
          return exchange === undefined ? [] : [exchange.request, exchange.reply]
        }),
      ),
    ])
    expect(hex.length).toBeGreaterThan(100)
    for (const digits of hex) expect(digits).toMatch(/^(?:[0-9a-f]{2})+$/)
  })
})
