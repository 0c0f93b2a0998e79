export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The median of the ratios that two things had in each round: what disturbs a round disturbs both. */
export function ratio<T extends { readonly round: number }>(
  runs: readonly T[],
  references: readonly T[],
  of: (run: T) => number,
): number {
  return median(
    runs.flatMap((run) => {
      const reference = references.find(({ round }) => round === run.round)
      return reference === undefined ? [] : [of(run) / of(reference)]
    }),
  )
}

/** Whether the ranges of two series have a value in common: a difference may then be chance. */
export const overlap = (a: readonly number[], b: readonly number[]): boolean =>
  Math.min(...a) <= Math.max(...b) && Math.min(...b) <= Math.max(...a)

const FROM_THOUSANDS = 1000
const FROM_HUNDREDS = 100

/** A number in three digits, as far as it needs them. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Math.abs(value) >= FROM_THOUSANDS) return Math.round(value).toLocaleString('en')
  return Math.abs(value) >= FROM_HUNDREDS ? value.toFixed(0) : value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3)
}

/** `0.84 (0.81..0.90)`: the median, and where there is more than one value the least and the greatest. */
export function spread(values: readonly number[]): string {
  const middle = shown(median(values))
  return values.length < 2 ? middle : `${middle} (${shown(Math.min(...values))}..${shown(Math.max(...values))})`
}

/** `1.61×`. */
export const times = (value: number): string => (Number.isFinite(value) ? `${shown(value)}×` : shown(value))
