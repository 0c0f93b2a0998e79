// Ways to cut bytes into pieces.

const CR = 0x0d
const LF = 0x0a

/** Pieces of one size; the last may be shorter. */
export const cutEvery =
  (size: number) =>
  (bytes: Buffer): readonly Uint8Array[] =>
    cut(bytes, (at) => at % size === 0)

export const cutBeforeLineEnds = (bytes: Buffer): readonly Uint8Array[] =>
  cut(bytes, (at) => bytes[at] === CR || (bytes[at] === LF && bytes[at - 1] !== CR))

/** On both sides of each byte of each end of a line. */
export const cutInsideLineEnds = (bytes: Buffer): readonly Uint8Array[] =>
  cut(bytes, (at) => [bytes[at - 1], bytes[at]].some((byte) => byte === CR || byte === LF))

function cut(bytes: Buffer, isPlace: (at: number) => boolean): readonly Uint8Array[] {
  const bounds = [0, ...[...bytes.keys()].filter((at) => at > 0 && isPlace(at)), bytes.length]
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end))
}
