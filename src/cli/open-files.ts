import { readFileSync } from 'node:fs'

/** So many files the server needs beside its connections: its log, its listeners, those that are being turned away. */
const RESERVED_FILES = 64

/**
 * How many connections the limit of open files leaves room for; undefined where the system does not tell. Beyond it
 * Node would drop connections without a word to anyone.
 */
export function connectionsWithinLimit(limits = '/proc/self/limits'): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(limits, 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft) - RESERVED_FILES
  } catch {
    return undefined
  }
}
