import { it } from 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    row?: Row
  }
}

/** What is known of an item of the catalogue once it was tried. */
export interface Row {
  /** Its number in the catalogue of threats. */
  readonly number: number
  readonly what: string
  /** What was measured, with its unit. */
  figure?: string
  /** What it had to stay within. */
  limit?: string
  /** Where chance had a part in it. */
  seed?: number
  /** Why this version has nothing to try. */
  absent?: string
}

/** How much is tried: all of it in `npm run withstand`, and a part wherever else the tests run. */
export const FULL = process.env['WITHSTAND'] === 'full'

/** The first number at full length, the second in the short form. */
export const scale = (full: number, short: number): number => (FULL ? full : short)

/** Where the random numbers of this run begin: `WITHSTAND_SEED` plays one again. */
export const SEED = Number(process.env['WITHSTAND_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const TIME_LIMIT_MS = 120_000

/** Tries an item of the catalogue. The trial fails as any test does; what it found stands in the table at the end. */
export function item(number: number, what: string, trial: (row: Row) => Promise<void> | void): void {
  it(`${number} ${what}`, { timeout: TIME_LIMIT_MS }, async ({ task }) => {
    const row: Row = { number, what }
    task.meta.row = row
    await trial(row)
  })
}

/** Says of an item why this version has nothing to try. */
export function absent(number: number, what: string, why: string): void {
  it.skip(`${number} ${what}: ${why}`, { meta: { row: { number, what, absent: why } } })
}
