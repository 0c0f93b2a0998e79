import type { WireReply } from '../../client/wire-reply.ts'

/** How a line of `skyline watch` begins: the time, in UTC, and the name of the event. */
const OPENING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z ([A-Za-z][\w-]*)/
/** A header of the event; a value with a space or a quote in it is a JSON string. */
const HEADER = / ([A-Za-z][\w-]*)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?= |$)/y

export const isWatchLine = (line: string): boolean => OPENING.test(line)

/** Reads a line as `skyline watch` prints it on a pipe, `<Time> <NAME> Key=Value ...`; undefined where it is none. */
export function readWatchLine(line: string): WireReply | undefined {
  const opening = OPENING.exec(line)
  if (opening === null) return undefined
  const headers: [key: string, value: string][] = []
  let at = opening[0].length
  while (at < line.length) {
    HEADER.lastIndex = at
    const [whole, key = '', written = ''] = HEADER.exec(line) ?? []
    const value = readValue(written)
    if (whole === undefined || value === undefined) return undefined
    headers.push([key, value])
    at += whole.length
  }
  return { kind: 'EVENT', summary: opening[1] ?? '', headers }
}

function readValue(written: string): string | undefined {
  if (!written.startsWith('"')) return written
  try {
    return String(JSON.parse(written))
  } catch {
    return undefined
  }
}
