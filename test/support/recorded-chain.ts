import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A line of the flight recorder, as anybody who knows JSON reads it. */
export interface RecordedLine {
  readonly seq: number
  readonly kind: string
  readonly previous: string
  readonly hash: string
  readonly identity?: string
  readonly message?: string
  readonly decision?: string
  readonly reply?: string
  readonly state?: { readonly x: number; readonly y: number; readonly z: number }
}

const NO_HASH = '0'.repeat(64)

/**
 * The whole lines of a flight recorder's folder. Throws where one is missing or not as it was written, by nothing of the
 * recorder's own: numbers without gaps, the hash of each line but for its last field, and that of the line before.
 */
export function readChain(folder: string): readonly RecordedLine[] {
  const lines: RecordedLine[] = []
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort())
    for (const text of readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1)) {
      const line = JSON.parse(text) as RecordedLine
      const hash = createHash('sha256')
        .update(text.slice(0, text.lastIndexOf(',"hash":"')))
        .digest('hex')
      const before = lines.at(-1)
      if (line.seq !== lines.length + 1 || line.hash !== hash || line.previous !== (before?.hash ?? NO_HASH))
        throw new Error(`${file}: line ${lines.length + 1} of all is not as it was written: ${text}`)
      lines.push(line)
    }
  return lines
}
