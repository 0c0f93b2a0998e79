const CHUNK_BYTES = [1, 2, 3, 7, 64]
/** So near to either end, in bytes, an input is cut in two at every place. */
const NEAR_END_BYTES = 128

/**
 * The ways to cut an input into reads: whole; whole among empty reads; in pieces of a few sizes, one byte among them;
 * and in two, at every place near either end.
 */
export function* chunkings(input: Uint8Array): Generator<readonly Uint8Array[]> {
  const empty = new Uint8Array(0)
  yield [input]
  yield [empty, input, empty]
  for (const size of CHUNK_BYTES) yield pieces(input, size)
  for (let cut = 1; cut < input.length; cut++) {
    const fromEnd = Math.min(cut, input.length - cut)
    if (fromEnd <= NEAR_END_BYTES) yield [input.subarray(0, cut), input.subarray(cut)]
  }
}

/** An input in pieces of one size; the last may be shorter. */
export const pieces = (input: Uint8Array, size: number): Uint8Array[] =>
  Array.from({ length: Math.ceil(input.length / size) }, (_, index) => input.subarray(index * size, (index + 1) * size))
