import { bySize, inProcess } from './report-growth.ts'
import { cpuPerRequest, type LoadRun, REFERENCE, type Results, requestsPerSecond } from './results.ts'
import type { Scenario } from './scenarios.ts'
import type { BenchServer } from './servers.ts'
import { median, ratio, shown, spread, times } from './statistics.ts'
import { table } from './table.ts'

/** From this share of its core on, the load generator is what limits the requests per second. */
const BUSY_SHARE = 0.9
const PERCENT = 100

/** All that was measured, as tables of Markdown: medians, and in parentheses the least and the most. */
export function report(results: Results, servers: readonly BenchServer[], scenarios: readonly Scenario[]): string {
  const { machine, node, isPinned, isProfiled, seconds, failures } = results
  return [
    `Node ${node} on ${machine}; ${isPinned ? 'server and load on a core each' : 'not bound to cores'}; ${seconds} s each`,
    ...(isProfiled ? ['The servers of skyline were profiled: their figures are higher for it.'] : []),
    ...scenarios.map((scenario) => loads(results, servers, scenario)),
    memory(results, servers),
    start(results),
    bySize(results, servers),
    inProcess(results),
    ...failures.map((failure) => `FAILED ${failure}`),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function loads({ loads: all }: Results, servers: readonly BenchServer[], { name, title }: Scenario): string {
  const of = (server: string) => all.filter((run) => run.scenario === name && run.server === server)
  const reference = of(REFERENCE)
  let isBusy = false
  const rows = servers.flatMap(({ name: server, title: what }) => {
    const runs = of(server)
    if (runs.length === 0) return []
    const share = median(runs.map(({ loadShare }) => loadShare))
    isBusy ||= share >= BUSY_SHARE
    const ofEcho = (value: (run: LoadRun) => number) => times(ratio(runs, reference, value))
    const cpu = [spread(runs.map(cpuPerRequest)), ofEcho(cpuPerRequest)]
    const speed = [spread(runs.map(requestsPerSecond)), ofEcho(requestsPerSecond)]
    return [[what, ...cpu, ...speed, `${Math.round(share * PERCENT)} %${share >= BUSY_SHARE ? ' (*)' : ''}`]]
  })
  if (rows.length === 0) return ''
  const head = ['server', 'CPU µs/request', 'of echo', 'requests/s', 'of echo', 'load CPU']
  const note = '\n\n(*) the load generator had no time left: the requests/s are its own, the CPU is the server’s'
  return `### ${title}\n\n${table(head, rows)}${isBusy ? note : ''}`
}

function memory({ idles }: Results, servers: readonly BenchServer[]): string {
  const of = (server: string) => idles.filter((run) => run.server === server)
  const rows = servers.flatMap(({ name, title }) => {
    const runs = of(name)
    if (runs.length === 0) return []
    const bytes = runs.map(({ bytesPerConnection }) => bytesPerConnection)
    const factor = times(ratio(runs, of(REFERENCE), ({ bytesPerConnection }) => bytesPerConnection))
    const kb = [runs.map((run) => run.beforeKb), runs.map((run) => run.heldKb), runs.map((run) => run.afterKb)]
    const idleCpu = `${shown(median(runs.map(({ cpuShare }) => cpuShare)) * PERCENT)} %`
    return [[title, spread(bytes), factor, kb.map((values) => shown(median(values))).join(' / '), idleCpu]]
  })
  const head = ['server', 'bytes/connection', 'of echo', 'KB before / held / after', 'CPU while idle']
  const count = (idles[0]?.connections ?? 0).toLocaleString('en')
  return rows.length === 0 ? '' : `### Memory of ${count} idle connections, logged in\n\n${table(head, rows)}`
}

function start({ starts }: Results): string {
  if (starts.length === 0) return ''
  const server = starts.map(({ serverMs }) => serverMs)
  const empty = starts.map(({ emptyMs }) => emptyMs)
  const factor = median(starts.map(({ serverMs, emptyMs }) => serverMs / emptyMs))
  const rows = [
    ['skyline, until it listens', spread(server), times(factor)],
    ['an empty program that imports pino', spread(empty), '1×'],
  ]
  return `### Start\n\n${table(['program', 'ms', 'of the empty one'], rows)}`
}
