import { isIPv6 } from 'node:net'
import type { Clock } from '../time/clock.ts'
import type { Code } from '../wire/codes.ts'

/** What each offence adds to the penalty of its source, in milliseconds. */
const OFFENCES: ReadonlyMap<Code, number> = new Map([
  ['AUTH_FAILED', 5_000],
  ['HANDSHAKE_TIMEOUT', 1_000],
])
/** From this penalty on a source is not let in until it has run out, in milliseconds: one typo locks nobody out. */
const ENFORCED_FROM_MS = 15_000
const MAX_PENALTY_MS = 600_000
/** The most sources that are remembered; beyond it those are forgotten that offended first. */
const MAX_SOURCES = 65_536
/** The groups of an IPv6 address that belong to one network, a /64. */
const NETWORK_GROUPS = 4

interface Penalty {
  readonly untilMs: number
  /** It has grown so far that it keeps its source out. */
  readonly isEnforced: boolean
}

/** What sources have coming to them that try tokens, or take places and never say HELLO: longer with each time. */
export class Penalties {
  readonly #clock: Clock
  /** By source; the first is the one that was punished longest ago. */
  readonly #penalties = new Map<string, Penalty>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get size(): number {
    return this.#penalties.size
  }

  add(ip: string, code: Code): void {
    const offenceMs = OFFENCES.get(code)
    if (offenceMs === undefined) return
    const source = sourceOf(ip)
    const nowMs = this.#clock.now()
    const before = this.#penalties.get(source)
    const untilMs = Math.min(Math.max(before?.untilMs ?? 0, nowMs) + offenceMs, nowMs + MAX_PENALTY_MS)
    const wasEnforced = before?.isEnforced === true && before.untilMs > nowMs
    this.#penalties.delete(source)
    if (this.#penalties.size >= MAX_SOURCES) {
      for (const oldest of this.#penalties.keys()) {
        this.#penalties.delete(oldest)
        break
      }
    }
    this.#penalties.set(source, { untilMs, isEnforced: wasEnforced || untilMs - nowMs >= ENFORCED_FROM_MS })
  }

  /** For how long an address is not let in, in milliseconds; 0 if it is. */
  remainingMs(ip: string): number {
    const penalty = this.#penalties.get(sourceOf(ip))
    return penalty?.isEnforced === true ? Math.max(penalty.untilMs - this.#clock.now(), 0) : 0
  }
}

/** Who answers for an address: of IPv6 the network, since one machine has as many addresses in it as it likes. */
function sourceOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = ip.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  return [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, NETWORK_GROUPS).join(':')
}
