import { quantile, showMegabytes } from '../withstand/support/figures.ts'

/** What is counted while it goes on. */
export class Tally {
  connections = 0
  messages = 0
  /** Replies that were compared, byte by byte, with what they had to be. */
  checked = 0
  reconnects = 0
  faults = 0
  /** The first replies that were wrong, in words. */
  readonly wrong: string[] = []
  /** How long the steady PING took each time, in milliseconds. */
  readonly pingsMs: number[] = []

  /** Counts a reply that is to be just so. */
  check(what: string, got: string, wanted: string): void {
    this.checked++
    if (got !== wanted && this.wrong.length < MAX_TOLD)
      this.wrong.push(`${what}: ${JSON.stringify(got)} for ${JSON.stringify(wanted)}`)
  }

  show(seconds: number, use: Use): string {
    const { connections, messages, checked, reconnects, faults, wrong, pingsMs } = this
    const counts = { connections, messages, checked, reconnects, faults, wrong: wrong.length }
    const p99 = quantile(pingsMs, 0.99)
    const figures = Object.entries(counts).map(([name, count]) => `${name} ${count}`)
    const process = use === undefined ? [] : [`RSS ${showMegabytes(use.bytes)}`, `files ${use.files}`]
    return [`${Math.round(seconds)} s`, ...figures, ...process, `PING p99 ${p99.toFixed(1)} ms`].join(', ')
  }
}

const MAX_TOLD = 5

/** What a server needs; undefined where the system does not tell. */
export type Use = { readonly bytes: number; readonly files: number } | undefined
