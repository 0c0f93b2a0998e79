import { cpuPerRequest, type Results } from './results.ts'
import type { BenchServer } from './servers.ts'
import { median, ratio, spread, times } from './statistics.ts'
import { table } from './table.ts'

// How the cost grows with what should not matter, or not much.

/** Scenarios that differ in one thing: in how much of it, the second against the first. */
const PAIRS = [
  { title: '2,000 connections against 50', few: '50x1', many: '2000x1' },
  { title: '8,000 bytes each against 250', few: '250B', many: '8000B' },
] as const

/** What a request costs in one scenario against another, for each server. */
export function bySize({ loads }: Results, servers: readonly BenchServer[]): string {
  const of = (scenario: string, server: string) =>
    loads.filter((run) => run.scenario === scenario && run.server === server)
  const rows = servers.map(({ name, title }) => [
    title,
    ...PAIRS.map(({ few, many }) => times(ratio(of(many, name), of(few, name), cpuPerRequest))),
  ])
  const isMeasured = PAIRS.some(({ few, many }) =>
    [few, many].every((name) => loads.some(({ scenario }) => scenario === name)),
  )
  if (!isMeasured) return ''
  return `### Growth of the CPU for each request\n\n${table(['server', ...PAIRS.map(({ title }) => title)], rows)}`
}

/** What each message of 8 KB, and each byte that comes alone, costs in process. */
export function inProcess({ growths }: Results): string {
  const [first] = growths
  if (first === undefined) return ''
  const sizes = Object.keys(first.nsPerByte)
  const ns = (size: string) => growths.map(({ nsPerByte }) => nsPerByte[size] ?? Number.NaN)
  const bytewise = sizes.map((size) => {
    const factor = median(ns(size).map((value, index) => value / (ns(sizes[0] ?? '')[index] ?? Number.NaN)))
    return [`${Number(size).toLocaleString('en')} bytes`, spread(ns(size)), times(factor)]
  })
  const shapes = Object.keys(first.usPerShape).map((shape) => [
    shape,
    spread(growths.map(({ usPerShape }) => usPerShape[shape] ?? Number.NaN)),
  ])
  return [
    `### One byte at a time, in process\n\n${table(['message', 'ns/byte', 'of the first'], bytewise)}`,
    `### Messages of 8 KB, in process\n\n${table(['made of', 'µs'], shapes)}`,
  ].join('\n\n')
}
