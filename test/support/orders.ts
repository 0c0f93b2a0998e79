import type { Methods } from '../../src/client/client.ts'
import { isRequestError, type RequestError } from '../../src/client/error.ts'
import type { WaitOptions } from '../../src/client/outstanding.ts'
import type { FLIGHT } from '../../src/commands/commands.ts'
import type { WireName } from '../../src/wire/wire.ts'
import { colorOf, textOf } from './recording-drone.ts'

/** What sends orders: a client, over whatever wire. */
export type Pilots = Pick<Methods<(typeof FLIGHT)[number], WireName>, 'move' | 'write' | 'changecolor'>

export const KINDS = ['move', 'write', 'changecolor'] as const
export type Kind = (typeof KINDS)[number]

/** What became of an order, as the one who gave it was told. */
export interface Told {
  readonly order: number
  readonly kind: Kind
  /** Of the connections of its client, counted from 0. */
  readonly connection: number
  readonly reply?: Readonly<Record<string, unknown>>
  readonly error?: RequestError
}

/** Gives an order, and resolves to what became of it: always, if the client keeps its word. */
export async function give(
  pilot: Pilots,
  { order, kind, connection }: Pick<Told, 'order' | 'kind' | 'connection'>,
  wait: WaitOptions = {},
): Promise<Told> {
  const common = { order, kind, connection }
  try {
    return { ...common, reply: await REQUESTS[kind](pilot, order, wait) }
  } catch (error) {
    // What is no error of a request is a mistake of the client's own.
    if (!isRequestError(error)) throw error
    return { ...common, error }
  }
}

const REQUESTS = {
  move: (pilot: Pilots, order: number, wait: WaitOptions) => pilot.move({ x: order, y: -order }, wait),
  write: (pilot: Pilots, order: number, wait: WaitOptions) => pilot.write({ text: textOf(order) }, wait),
  changecolor: (pilot: Pilots, order: number, wait: WaitOptions) => pilot.changecolor(colorOf(order), wait),
} as const

/** Whether a reply is that to this order; over the framed wire a WRITE's has nothing to tell it by. */
export function isReplyTo({ order, kind, reply = {} }: Told, wire: WireName): boolean {
  const { r, g, b } = colorOf(order)
  if (kind === 'move') return reply['x'] === order && reply['y'] === -order
  if (kind === 'changecolor') return reply['r'] === r && reply['g'] === g && reply['b'] === b
  return wire === 'framed' || reply['bytes'] === textOf(order).length
}
