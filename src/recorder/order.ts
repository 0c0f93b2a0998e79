import { FLIGHT } from '../commands/commands.ts'
import { decode } from '../commands/decode.ts'
import type { DecodedParams, PreparedCommand } from '../commands/table.ts'
import { CommandTable } from '../commands/table.ts'
import { Failure } from '../wire/failure.ts'
import { Message } from '../wire/message.ts'
import { parse } from '../wire/parse.ts'
import type { JournalEntry } from './entry.ts'

/** What a drone was told once, and did. */
export interface Order {
  readonly ranMs: number
  readonly order: number | undefined
  /** Of its record. */
  readonly seq: number
  readonly command: string
  readonly params: DecodedParams
  /** Was accepted, and then did not come to its end: something else came behind it. */
  readonly wasCancelled: boolean
}

/** Whether a command changes something of the drone: whoever looks on may not use it, unless it stops the drone. */
const isChanging = ({ spec, urgent, ofSession }: PreparedCommand): boolean =>
  urgent || (spec.role !== undefined && !ofSession)

/** What was decided so, in the end, may have begun before. */
const MAY_HAVE_BEGUN: ReadonlySet<string> = new Set(['ran', 'cancelled', 'refused'])
const END_OF_MESSAGE = '\r\n\r\n'
/** Codes with which a wait ends, not what was waited for. */
const ENDS_WAITING = /^ERR (SHUTTING_DOWN|CONNECTION_CLOSED)\r?$/m

const table = new CommandTable(FLIGHT)
const message = new Message()

/** What a recorded command told the drone; undefined where that was nothing, or it was not taken. */
export function orderOf(seq: number, entry: JournalEntry): Order | undefined {
  if (entry.kind !== 'command') return undefined
  const hasBegun = entry.decision === 'begun'
  const wasCancelled = !hasBegun && !/^OK\b/.test(entry.reply)
  if (wasCancelled ? !hadBegun(entry) : !(hasBegun || entry.decision === 'ran')) return undefined
  // Without an end, which nobody can take for granted in a file, the parser would not come to one.
  const bytes = Buffer.from(entry.message + END_OF_MESSAGE)
  if (parse(bytes, 0, bytes.length, message) !== undefined) return undefined
  const command = table.find(message)
  if (command === undefined || !isChanging(command)) return undefined
  const decoded = decode(command, message)
  if (decoded instanceof Failure) return undefined
  // Nobody waits for what is past.
  const { wait: _, ...params } = decoded.params
  const { ranMs, order } = entry
  return { ranMs, order, seq, command: command.spec.name, params, wasCancelled }
}

/** Whether an error tells of an operation that had been accepted, as one with `Wait: yes` does. */
const hadBegun = ({ decision, reply }: { readonly decision: string; readonly reply: string }): boolean =>
  (MAY_HAVE_BEGUN.has(decision) && /^Op: \d/m.test(reply)) || (decision === 'ran' && ENDS_WAITING.test(reply))

/**
 * Which of two came first. Where the record does not tell, of two in one moment what was cancelled did: what cancelled
 * it may have been answered, and so recorded, before it.
 */
export function inTheirOrder(a: Order, b: Order): number {
  if (a.ranMs !== b.ranMs) return a.ranMs - b.ranMs
  if (a.order !== undefined && b.order !== undefined) return a.order - b.order
  return Number(b.wasCancelled) - Number(a.wasCancelled) || a.seq - b.seq
}
