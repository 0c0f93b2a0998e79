// The wire speaks of centimetres, whole degrees and percent, a backend of metres, radians and fractions. Here and
// nowhere else is the one turned into the other.

const CM_PER_M = 100
const FULL_TURN_DEGREES = 360
const PERCENT = 100

export const metres = (cm: number): number => cm / CM_PER_M

export const centimetres = (m: number): number => Math.round(m * CM_PER_M)

/** 0..359. */
export const degrees = (rad: number): number =>
  (Math.round((rad / Math.PI) * (FULL_TURN_DEGREES / 2)) + FULL_TURN_DEGREES) % FULL_TURN_DEGREES

export const percent = (fraction: number): number => Math.round(fraction * PERCENT)
