import type { WireName } from '../../src/wire/wire.ts'
import type { Tapped } from './fault-proxy.ts'
import { isReplyTo, type Told } from './orders.ts'
import { fateOf, type RecordingDrone, textsIn } from './recording-drone.ts'

/** What there is to judge by, once it is all over. */
export interface Evidence {
  readonly wire: WireName
  readonly drone: RecordingDrone
  /** What each client was told of its orders, in the order in which it gave them. */
  readonly clients: readonly (readonly Told[])[]
  readonly tapped: readonly Tapped[]
}

/** What may come of an order in a bad network. */
const CODES_BY_FATE: Readonly<Record<string, RegExp>> = {
  OUT_OF_RANGE: /^refused/,
  INTERNAL: /broken$/,
  INCOMPLETE: /./,
  MESSAGE_TIMEOUT: /./,
  IDLE_TIMEOUT: /./,
  SHUTTING_DOWN: /./,
  CONNECTION_CLOSED: /./,
  TIMEOUT: /./,
  ABORTED: /./,
}

/** All that is wrong with what became of the orders: nothing, if client and server keep their word. */
export function faultsOf({ wire, drone, clients, tapped }: Evidence): string[] {
  const told = clients.flat()
  return [
    ...twice(drone.told).map((order) => `order ${order} was carried out twice`),
    ...told.flatMap((one) => faultsOfOne(one, drone, wire)),
    ...clients.flatMap((orders) => outOfOrder(orders, drone)),
    ...twice(tapped.flatMap(({ fromClient }) => textsIn(fromClient))).map((order) => `order ${order} was sent twice`),
    ...tapped.flatMap((connection) => faultsOfAnswers(connection, wire)),
  ]
}

function faultsOfOne(told: Told, drone: RecordingDrone, wire: WireName): string[] {
  const { order, error } = told
  const fate = fateOf(order)
  if (error === undefined) {
    if (!drone.done.has(order)) return [`order ${order} was acknowledged and not done`]
    if (!fate.startsWith('done') || fate.endsWith('broken')) return [`order ${order} was ${fate}, and acknowledged`]
    return isReplyTo(told, wire) ? [] : [`order ${order} got the reply ${JSON.stringify(told.reply)}`]
  }
  const { code, message, retrySafe } = error
  const faults: string[] = []
  if (CODES_BY_FATE[code]?.test(fate) !== true) faults.push(`order ${order} (${fate}) got ${message}`)
  if (retrySafe && drone.done.has(order)) faults.push(`order ${order} was done, and may be retried after ${message}`)
  if (message.includes('not skyline/1')) faults.push(`order ${order}: ${message}`)
  return faults
}

/** On each connection what reached the drone is the beginning of what was sent, and in that order. */
function outOfOrder(orders: readonly Told[], drone: RecordingDrone): string[] {
  const faults: string[] = []
  for (const connection of new Set(orders.map((told) => told.connection))) {
    const sent = orders.filter((told) => told.connection === connection && wasSent(told))
    const wanted = sent.map(({ order }) => order)
    const ours = new Set(wanted)
    const found = drone.told.filter((order) => ours.has(order))
    const isPrefix = found.every((order, index) => order === wanted[index])
    if (!isPrefix) faults.push(`connection ${connection}: ${wanted} were sent, and came as ${found}`)
  }
  return faults
}

/** What may be retried without an answer of the server was not sent, or not read. */
const wasSent = ({ error }: Told): boolean => error?.retrySafe !== true || error.reply !== undefined

/** No request is answered twice, nor out of its turn: by what the server sent, and not by what the client made of it. */
function faultsOfAnswers({ fromClient, fromServer }: Tapped, wire: WireName): string[] {
  if (wire === 'framed') {
    const [asked, answered] = [frames(fromClient), frames(fromServer)]
    // A message that was cut short is answered, too.
    return answered > asked + 1 ? [`${asked} requests got ${answered} answers`] : []
  }
  const [asked, answered] = [idsIn(fromClient), idsIn(fromServer)]
  const isPrefix = answered.every((id, index) => id === asked[index])
  return isPrefix ? [] : [`requests of the Ids ${asked} got answers of ${answered}`]
}

const idsIn = (bytes: Buffer): string[] =>
  [...bytes.toString('latin1').matchAll(/\r\nId: (\d+)/g)].map(([, id]) => String(id))

/** How many frames of the framed wire begin in some bytes. */
function frames(bytes: Buffer): number {
  let count = 0
  for (let at = 0; at + 4 <= bytes.length; at += 4 + bytes.readUInt32LE(at)) count++
  return count
}

const twice = (orders: readonly number[]): number[] => orders.filter((order, index) => orders.indexOf(order) !== index)
