import { FLIGHT } from '../commands/commands.ts'
import type { ServedCommand } from '../commands/define.ts'
import type { Context, Handlers, Reply } from '../commands/handler.ts'
import type { wait } from '../commands/wait.ts'
import type { Clock } from '../time/clock.ts'
import { Failure } from '../wire/failure.ts'
import type { Drone, Outcome, Position } from './drone.ts'

const encoder = new TextEncoder()

/** What the commands do that are about the drone. */
export function flight(drone: Drone, clock: Clock): Handlers<(typeof FLIGHT)[number]> {
  return {
    MOVE: ({ x, y, z, speed }) => when(drone.moveTo({ xCm: x, yCm: y, zCm: z, speedCmPerS: speed }), { x, y, z }),
    WRITE: ({ text }) => when(drone.show(text), { bytes: encoder.encode(text).length }),
    CHANGECOLOR: ({ r, g, b }) => when(drone.paint({ red: r, green: g, blue: b }), { r, g, b }),
    STATUS: () => {
      const { state, position, headingDegrees, batteryPercent, color, text } = drone.telemetry()
      return {
        drone: drone.name,
        state,
        ...inCentimetres(position),
        heading: headingDegrees,
        battery: batteryPercent,
        r: color.red,
        g: color.green,
        b: color.blue,
        text,
      }
    },
    WAIT: ({ timeout }, { signal }) => {
      const { state, position } = drone.telemetry()
      return state === 'moving' ? arrival(drone, clock, timeout, signal) : inCentimetres(position)
    },
  }
}

/** The commands about a drone, ready to be served. */
export function flightCommands(drone: Drone, clock: Clock): ServedCommand[] {
  const handlers = flight(drone, clock)
  return FLIGHT.map((row) => ({ ...row, handler: handlers[row.name] }))
}

/** The reply to an operation, once that has gone well. */
function when<R>(outcome: Outcome | Promise<Outcome>, reply: R): R | Failure | Promise<R | Failure> {
  if (outcome instanceof Promise) return outcome.then((failure) => failure ?? reply)
  return outcome ?? reply
}

function arrival(
  drone: Drone,
  clock: Clock,
  timeoutMs: number,
  signal: Context['signal'],
): Promise<Reply<typeof wait> | Failure> {
  return new Promise((resolve) => {
    const end = (answer: Reply<typeof wait> | Failure) => {
      callOffArrival()
      callOffTimer()
      signal.removeEventListener('abort', abort)
      resolve(answer)
    }
    const abort = () => end(new Failure('CONNECTION_CLOSED'))
    const callOffArrival = drone.onArrival(() => end(inCentimetres(drone.telemetry().position)))
    const callOffTimer = clock.after(timeoutMs, () =>
      end(new Failure('TIMEOUT', { reason: `The drone did not arrive within ${timeoutMs} ms` })),
    )
    signal.addEventListener('abort', abort)
  })
}

const inCentimetres = ({ xCm, yCm, zCm }: Position): Reply<typeof wait> => ({
  x: Math.round(xCm),
  y: Math.round(yCm),
  z: Math.round(zCm),
})
