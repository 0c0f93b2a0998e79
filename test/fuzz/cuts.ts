import fc from 'fast-check'
import { pieces } from '../support/chunkings.ts'

/** How a stream is cut into reads: at these parts of its length, or in pieces of one size. */
export type Cuts = { readonly at: readonly number[] } | { readonly bytes: number }

export const cuts: fc.Arbitrary<Cuts> = fc.oneof(
  fc.record({ at: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }) }),
  fc.record({ bytes: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(64, 1024, 8191, 8192)) }),
)

export function cutInto(stream: Uint8Array, how: Cuts): readonly Uint8Array[] {
  if ('bytes' in how) return pieces(stream, how.bytes)
  const places = how.at.map((part) => Math.floor(part * stream.length)).toSorted((a, b) => a - b)
  return [0, ...places].map((place, index) => stream.subarray(place, places[index] ?? stream.length))
}
