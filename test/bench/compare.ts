import { cpuPerRequest, type LoadRun, REFERENCE, type Results, requestsPerSecond } from './results.ts'
import { median, overlap, ratio, shown, times } from './statistics.ts'
import { table } from './table.ts'

const PERCENT = 100
const KEPT_TIME = 16

/** What has changed in the loads since an earlier run; `~` where the ranges of both have a value in common. */
export function compare(earlier: Results, now: Results): string {
  const keys = new Set(now.loads.map(({ scenario, server }) => `${scenario} ${server}`))
  const of = ({ loads }: Results, scenario: string, server: string) =>
    loads.filter((run) => run.scenario === scenario && run.server === server)
  const rows = [...keys].flatMap((key) => {
    const [scenario = '', server = ''] = key.split(' ')
    const before = of(earlier, scenario, server)
    const after = of(now, scenario, server)
    if (before.length === 0) return []
    const ofEcho = (results: Results, runs: readonly LoadRun[]) =>
      times(ratio(runs, of(results, scenario, REFERENCE), cpuPerRequest))
    return [
      [
        `${scenario}, ${server}`,
        ...change(before.map(cpuPerRequest), after.map(cpuPerRequest)),
        `${ofEcho(earlier, before)} → ${ofEcho(now, after)}`,
        ...change(before.map(requestsPerSecond), after.map(requestsPerSecond)),
      ],
    ]
  })
  const head = ['', 'CPU µs/request', 'change', 'of echo', 'requests/s', 'change']
  return `### Since ${earlier.when.slice(0, KEPT_TIME)}\n\n${table(head, rows)}\n\n~ may be chance: the ranges overlap`
}

function change(before: readonly number[], after: readonly number[]): readonly [string, string] {
  const percent = (median(after) / median(before) - 1) * PERCENT
  const text = Number.isFinite(percent) ? `${percent >= 0 ? '+' : ''}${percent.toFixed(1)} %` : '–'
  return [`${shown(median(before))} → ${shown(median(after))}`, overlap(before, after) ? `~ ${text}` : text]
}
