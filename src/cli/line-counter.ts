import { LF } from '../wire/characters.ts'

/** Tells the line of places that only ever come later in the bytes. */
export function lineCounter(bytes: Uint8Array): (at: number) => number {
  let line = 1
  let counted = 0
  return (at) => {
    for (; counted < at; counted++) if (bytes[counted] === LF) line++
    return line
  }
}
