const CR = 0x0d
const LF = 0x0a

/** The ways to cut bytes into reads that tests go through: whole, byte by byte, and at and inside every line end. */
export function cuttings(bytes: Uint8Array): { readonly name: string; readonly chunks: readonly Uint8Array[] }[] {
  const nearLineEnds = [...bytes.keys()].filter((at) => [bytes[at - 1], bytes[at]].some((b) => b === CR || b === LF))
  return [
    { name: 'whole', chunks: [bytes] },
    { name: 'byte by byte', chunks: cut(bytes, [...bytes.keys()]) },
    { name: 'cut inside every boundary', chunks: cut(bytes, nearLineEnds) },
    {
      name: 'cut before every line end',
      chunks: cut(
        bytes,
        nearLineEnds.filter((at) => bytes[at - 1] !== LF),
      ),
    },
  ]
}

/** The bytes, cut before each of the places. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const bounds = [0, ...places.filter((place) => place > 0 && place < bytes.length), bytes.length]
  return bounds.slice(1).map((end, index) => bytes.slice(bounds[index], end))
}
