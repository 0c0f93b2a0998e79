/** Maps numbers of the track to places of the picture, in px. */
export interface Scale {
  readonly from: number
  readonly to: number
  readonly map: (value: number) => number
}

/** What steps between grid lines may be, times a power of ten. */
const STEPS = [1, 2, 5, 10]
/** Takes away what binary fractions leave behind: 0.1 * 3 is to be 0.3. */
const MAX_DECIMALS = 12

/** The least step of 1, 2 or 5 times a power of ten that is no less than this. */
export function niceStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const factor = STEPS.find((step) => step * power >= atLeast) ?? 10
  return Number((factor * power).toFixed(MAX_DECIMALS))
}

/** The multiples of a step between two numbers, both among them. */
export function multiples(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step)
  const count = Math.max(0, Math.floor(to / step) - first + 1)
  return Array.from({ length: count }, (_, index) => (first + index) * step)
}

/** A range with some room at both ends, of at least a width, about its middle. */
export function roomy(from: number, to: number, least: number, room: number): [from: number, to: number] {
  const half = Math.max((to - from) * (1 + 2 * room), least) / 2
  const middle = (from + to) / 2
  return [middle - half, middle + half]
}

export function linear(from: number, to: number, start: number, end: number): Scale {
  const perUnit = (end - start) / (to - from)
  return { from, to, map: (value) => start + (value - from) * perUnit }
}

/** A number as the picture shows it, with as many decimals as a step needs: −1,250 or 0.5. */
export function formatNumber(value: number, step = 1): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`
  return value < 0 && /[1-9]/.test(text) ? `−${text}` : text
}

/** The least and the greatest of numbers, however many; undefined where there is none. */
export function rangeOf(values: Iterable<number>): [least: number, greatest: number] | undefined {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < least) least = value
    if (value > greatest) greatest = value
  }
  return least > greatest ? undefined : [least, greatest]
}
