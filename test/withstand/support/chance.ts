const MODULUS = 2 ** 31 - 1
const MULTIPLIER = 48_271

/** Numbers from 0 to 1 that are the same for the same seed (Park and Miller's generator). */
export function chance(seed: number): () => number {
  let state = (seed % (MODULUS - 1)) + 1
  return () => {
    state = (state * MULTIPLIER) % MODULUS
    return state / MODULUS
  }
}
