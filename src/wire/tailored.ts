// Code that is written for the names it deals with. A place of the code that reads or writes `values[name]` under many
// names has V8 search the object each time: 7 ns a value. Where it says `values.x` it takes one, and a MOVE 60 ns less.
//
// The names are those of the tables of commands and events, as strings in quotes: no word of a message is among them.
// A program that forbids code from strings gets the same the slow way; a test holds both to be the same.

/** What an object has under some names, by their places. */
export type Values<V> = (V | undefined)[]
export type Named<V> = Readonly<Record<string, V | undefined>>

/** Puts what an object has under each of the names into an array. */
export function reader<V>(names: readonly string[]): (from: Named<V>, into: Values<V>) => void {
  const code = names.map((name, place) => `into[${place}] = from[${JSON.stringify(name)}]`).join('\n')
  return tailored(['from', 'into'], code) ?? readerOf(names)
}

/**
 * Makes an object that has under each of the names what an array holds, where the bit of its place is set in `present`,
 * or else its default: a number, or nothing.
 */
export function builder<V>(
  names: readonly string[],
  defaults: readonly (number | undefined)[],
): (from: Values<V>, present: number) => Named<V | number> {
  const code = names.map((name, place) => {
    return `${JSON.stringify(name)}: present & ${1 << place} ? from[${place}] : ${defaults[place]}`
  })
  return tailored(['from', 'present'], `return { ${code.join(', ')} }`) ?? builderOf(names, defaults)
}

/** The same of both, for names that are not known before. */
export const readerOf =
  <V>(names: readonly string[]) =>
  (from: Named<V>, into: Values<V>): void => {
    for (const [place, name] of names.entries()) into[place] = from[name]
  }

export const builderOf =
  <V>(names: readonly string[], defaults: readonly (number | undefined)[]) =>
  (from: Values<V>, present: number): Named<V | number> =>
    Object.fromEntries(names.map((name, place) => [name, present & (1 << place) ? from[place] : defaults[place]]))

function tailored<F>(parameters: readonly string[], code: string): F | undefined {
  try {
    return new Function(...parameters, code) as F
  } catch {
    return undefined
  }
}
