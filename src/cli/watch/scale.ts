const STEPS = [1, 2, 5, 10]
const CM_PER_M = 100
const M_PER_KM = 1000
const M_PER_1000_KM = 1_000_000

/** The least of 1, 2, 5, 10, 20, 50, ... that is not below a size; never below 1. */
export function niceStep(size: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, size))))
  return (STEPS.find((step) => step * power >= size) ?? 10) * power
}

/** Metres, to the centimetre. */
export const metres = (cm: number): string => (cm / CM_PER_M).toFixed(2)

/** Metres as short as they go: `0.5`, `20`, `1.5k`, `2M`. */
export function shortMetres(cm: number): string {
  const m = cm / CM_PER_M
  const size = Math.abs(m)
  if (size >= M_PER_1000_KM) return `${trimmed(m / M_PER_1000_KM)}M`
  if (size >= 10 * M_PER_KM) return `${trimmed(m / M_PER_KM)}k`
  return trimmed(m)
}

/** Up to six decimals, for rounding must not make two ticks one. */
const trimmed = (value: number): string => String(Number(value.toFixed(6)))
