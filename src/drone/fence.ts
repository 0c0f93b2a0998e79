import { Failure } from '../wire/failure.ts'
import { centimetres } from './units.ts'

/** Where the drone may be sent: within a cylinder around where it started. A part that is left out has no limit. */
export interface Fence {
  /** Over the ground, in metres. */
  readonly radiusM?: number
  readonly ceilingM?: number
}

/** Why the drone may not be sent to a point, in centimetres; it is refused, and never sent to the nearest that it may. */
export const outsideOf = (fence: Fence, x: number, y: number, z: number): Failure | undefined =>
  fence.radiusM === undefined && fence.ceilingM === undefined ? undefined : beyond(fence, x, y, z)

function beyond({ radiusM, ceilingM }: Fence, x: number, y: number, z: number): Failure | undefined {
  if (radiusM !== undefined && Math.hypot(x, y) > centimetres(radiusM)) {
    const away = Math.ceil(Math.hypot(x, y))
    return outside(`The point is ${away} cm from the start, and the fence is at ${centimetres(radiusM)} cm`)
  }
  if (ceilingM !== undefined && z > centimetres(ceilingM))
    return outside(`The point is ${z} cm up, and the ceiling is at ${centimetres(ceilingM)} cm`, 'Z')
  return undefined
}

const outside = (reason: string, param?: string): Failure =>
  new Failure('OUT_OF_FENCE', { reason, ...(param === undefined ? {} : { param }) })
