import { framedWire } from './framed-wire.ts'
import { textWire } from './text-wire.ts'
import { versionedWire } from './versioned-wire.ts'
import { WIRE_NAMES, type Wire, type WireName, type WireOptions } from './wire.ts'

const WIRES: Readonly<Record<WireName, (options: WireOptions) => Wire>> = {
  text: textWire,
  framed: framedWire,
  versioned: versionedWire,
}

/** Throws a TypeError where there is none of that name. */
export function createWire(name: WireName, options: WireOptions = {}): Wire {
  if (!WIRE_NAMES.includes(name)) throw new TypeError(`wire is to be one of ${WIRE_NAMES.join(', ')}, got ${name}`)
  return WIRES[name](options)
}
