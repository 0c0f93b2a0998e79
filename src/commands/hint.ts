/** The longest word worth a guess, in UTF-16 units. */
const MAX_WORD_LENGTH = 32
/** A slip of the finger is forgiven for every so many letters. */
const LETTERS_PER_SLIP = 3

/** Says `did you mean MOVE?` where one of the names is near to what was written (R5). */
export function hint(word: string, names: Iterable<string>): string | undefined {
  if (word.length > MAX_WORD_LENGTH) return undefined
  const written = word.toUpperCase()
  let nearest: string | undefined
  let fewest = Math.floor(written.length / LETTERS_PER_SLIP) + 1
  for (const name of names) {
    const slips = distance(written, name.toUpperCase())
    if (slips < fewest) {
      nearest = name
      fewest = slips
    }
  }
  return nearest === undefined ? undefined : `did you mean ${nearest}?`
}

/** How many letters must be put in, left out, changed or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const at = (cells: number[], index: number) => cells[index] ?? Number.POSITIVE_INFINITY
      const changed = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY
      row.push(Math.min(changed, swapped, at(last, j) + 1, at(row, j - 1) + 1))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] as number
}
