import { join } from 'node:path'
import type { Target } from './dial.ts'
import type { GrowthResult } from './growth.ts'
import type { IdleOrder, IdleResult } from './idle.ts'
import type { LoadOrder, LoadResult } from './load.ts'
import type { BenchOptions } from './options.ts'
import type { Results } from './results.ts'
import { type RunningServer, runServer } from './run-server.ts'
import { depthOf, type Scenario } from './scenarios.ts'
import type { BenchServer } from './servers.ts'
import { runProgram } from './spawn.ts'
import { measureStart } from './start-time.ts'

/** Until the compiler has seen enough of a load, in seconds. */
const WARM_UP_S = 0.7
/** Memory hardly varies from round to round: more rounds than these would only cost time. */
const MAX_IDLE_ROUNDS = 3
/** How often an idle measurement waits. */
const IDLE_WAITS = 4

const program = (name: string): string => join(import.meta.dirname, `${name}.js`)
const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Runs a measurement; if it fails the rest goes on, and the reason is kept. */
async function attempt(results: Results, what: string, measurement: () => Promise<string>): Promise<void> {
  try {
    say(`${what}: ${await measurement()}`)
  } catch (error) {
    const failure = `${what}: ${error instanceof Error ? error.message : String(error)}`
    results.failures.push(failure)
    say(`failed: ${failure}`)
  }
}

/** Every scenario on every server, round after round, so that what changes on the machine meets all of them. */
export async function measureLoads(
  servers: readonly BenchServer[],
  scenarios: readonly Scenario[],
  { rounds, seconds, profile }: BenchOptions,
  results: Results,
): Promise<void> {
  const running = new Map<BenchServer, RunningServer>()
  for (const server of servers) {
    await attempt(results, server.name, async () => {
      running.set(server, await runServer(server, profile))
      return 'listens'
    })
  }
  for (let round = 0; round < rounds; round++) {
    for (const scenario of scenarios) {
      for (const [server, { target }] of running) {
        const order = orderFor(server, target, scenario, seconds)
        if (order === undefined) continue
        await attempt(results, `round ${round + 1}, ${scenario.name}, ${server.name}`, async () => {
          const result = await runProgram<LoadResult>('load', [program('load'), JSON.stringify(order)], seconds)
          if (result.requests === 0) throw new Error('Nothing was answered')
          results.loads.push({ scenario: scenario.name, server: server.name, round, ...result })
          return `${Math.round(result.requests / result.seconds)} requests/s`
        })
      }
    }
  }
  for (const [{ name }, { stop }] of running) {
    await attempt(results, name, async () => {
      await stop()
      return 'has ended'
    })
  }
}

/** What the load generator is to do; undefined where the server has no request of that kind. */
function orderFor(server: BenchServer, target: Target, scenario: Scenario, seconds: number): LoadOrder | undefined {
  const { connections, requestBytes } = scenario
  const said = requestBytes === undefined ? server : server.padded?.(requestBytes)
  if (said === undefined) return undefined
  const { request, reply } = said
  const depths = depthOf(scenario, request.length)
  return { ...target, request, reply, connections, ...depths, warmUpSeconds: Math.min(WARM_UP_S, seconds), seconds }
}

/** The memory of idle connections, of servers that have done nothing before. */
export async function measureMemory(
  servers: readonly BenchServer[],
  { rounds, seconds, idle: connections }: BenchOptions,
  results: Results,
): Promise<void> {
  for (let round = 0; round < Math.min(rounds, MAX_IDLE_ROUNDS); round++) {
    for (const server of servers) {
      await attempt(results, `round ${round + 1}, memory, ${server.name}`, async () => {
        const { target, stop } = await runServer(server)
        try {
          const order: IdleOrder = { ...target, connections, seconds }
          const args = [program('idle'), JSON.stringify(order)]
          const result = await runProgram<IdleResult>('load', args, seconds * IDLE_WAITS)
          results.idles.push({ server: server.name, round, connections, ...result })
          return `${Math.round(result.bytesPerConnection)} bytes for each of ${connections} connections`
        } finally {
          await stop()
        }
      })
    }
  }
}

export async function measureStarts({ rounds }: BenchOptions, results: Results): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await attempt(results, `round ${round + 1}, start`, async () => {
      const start = await measureStart()
      results.starts.push({ round, ...start })
      return `${Math.round(start.serverMs)} ms, and ${Math.round(start.emptyMs)} ms of an empty program`
    })
  }
}

export async function measureGrowth({ rounds, seconds }: BenchOptions, results: Results): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await attempt(results, `round ${round + 1}, growth`, async () => {
      const growth = await runProgram<GrowthResult>('server', [program('growth'), String(seconds)], seconds)
      results.growths.push({ round, ...growth })
      return 'done'
    })
  }
}
