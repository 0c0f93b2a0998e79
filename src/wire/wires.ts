import { framedWire } from './framed-wire.ts'
import { textWire } from './text-wire.ts'
import { versionedWire } from './versioned-wire.ts'
import type { Wire, WireName, WireOptions } from './wire.ts'

const WIRES: Readonly<Record<WireName, (options: WireOptions) => Wire>> = {
  text: textWire,
  framed: framedWire,
  versioned: versionedWire,
}

export const createWire = (name: WireName, options: WireOptions = {}): Wire => WIRES[name](options)
