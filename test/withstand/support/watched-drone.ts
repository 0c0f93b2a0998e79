import { SimulatedDrone } from '../../../src/drone/simulated-drone.ts'
import { FakeClock } from '../../support/fake-clock.ts'

/** A drone that writes down every order. */
export class WatchedDrone extends SimulatedDrone {
  readonly orders: string[] = []

  constructor() {
    super(new FakeClock())
  }

  override moveTo(...target: Parameters<SimulatedDrone['moveTo']>): ReturnType<SimulatedDrone['moveTo']> {
    this.orders.push('MOVE')
    return super.moveTo(...target)
  }

  override show(...text: Parameters<SimulatedDrone['show']>): ReturnType<SimulatedDrone['show']> {
    this.orders.push('WRITE')
    return super.show(...text)
  }

  override paint(...color: Parameters<SimulatedDrone['paint']>): ReturnType<SimulatedDrone['paint']> {
    this.orders.push('CHANGECOLOR')
    return super.paint(...color)
  }
}
