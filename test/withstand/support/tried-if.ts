import { absent, item } from '../item.ts'

/** Tries an item only where this machine has what it takes. */
export const itemIf = (can: boolean, lacking: string): typeof item =>
  can ? item : (number, what) => absent(number, what, `not tried here: ${lacking}`)
