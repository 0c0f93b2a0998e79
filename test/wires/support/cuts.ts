import { pieces } from '../../support/chunkings.ts'

const PIECE_BYTES = [1, 2, 3, 5, 7]

/** The ways in which bytes go over a socket in the tests: whole, and in pieces of a few sizes, one byte among them. */
export const socketCuts = (bytes: Uint8Array): { readonly how: string; readonly chunks: readonly Uint8Array[] }[] => [
  { how: 'whole', chunks: [bytes] },
  ...PIECE_BYTES.map((size) => ({ how: `in pieces of ${size}`, chunks: pieces(bytes, size) })),
]

/** The bytes in two, cut at every place. */
export const halves = (bytes: Uint8Array): (readonly Uint8Array[])[] =>
  Array.from({ length: bytes.length - 1 }, (_, index) => [bytes.subarray(0, index + 1), bytes.subarray(index + 1)])
