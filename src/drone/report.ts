import type { Drone } from './drone.ts'
import { place } from './operations.ts'
import { degrees, percent } from './units.ts'

/** What STATUS and TELEMETRY tell of a drone. */
export function report(drone: Drone) {
  const { state, position, headingRad, charge, color, text } = drone.telemetry()
  return {
    drone: drone.name,
    state,
    ...place(position),
    heading: degrees(headingRad),
    battery: percent(charge),
    r: color.red,
    g: color.green,
    b: color.blue,
    text,
  }
}
