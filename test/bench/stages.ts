import { COMMANDS } from '../../src/commands/commands.ts'
import { decode } from '../../src/commands/decode.ts'
import { CommandTable, type PreparedCommand } from '../../src/commands/table.ts'
import { Failure } from '../../src/wire/failure.ts'
import { Message } from '../../src/wire/message.ts'
import { Output } from '../../src/wire/output.ts'
import { Reader } from '../../src/wire/reader.ts'
import { textWire } from '../../src/wire/text-wire.ts'
import type { Verdict } from '../../src/wire/wire.ts'

/** What becomes of a message on its way through the server, in this order. */
export const STAGES = ['reader', 'parse', 'decode', 'format'] as const
export type Stage = (typeof STAGES)[number]

const table = new CommandTable(COMMANDS)
const wire = textWire()
const message = new Message()
const output = new Output()
const REPLY = { x: 10, y: 20 }

/** Sends pieces of a stream of MOVEs through the stages up to one, and returns how many messages came through. */
export function through(last: Stage, pieces: readonly Uint8Array[]): number {
  const reader = new Reader()
  const work = WORK[last]
  let messages = 0
  for (const piece of pieces) {
    reader.push(piece)
    while (work(reader) === 'message') messages++
    output.take()
  }
  return messages
}

// Each stage does what those before it do: what it costs by itself is the difference. But the parser finds by itself
// where a message ends that lies whole in its piece, so that it may cost less than the reader alone.

const parsed = (reader: Reader): Verdict => reader.next(message)

function decoded(reader: Reader): Verdict {
  const verdict = parsed(reader)
  if (verdict === 'message') decodedMove()
  return verdict
}

function formatted(reader: Reader): Verdict {
  const verdict = parsed(reader)
  if (verdict === 'message') wire.writeReply(output, decodedMove().reply, REPLY, message)
  return verdict
}

function decodedMove(): PreparedCommand {
  const command = table.find(message)
  if (command === undefined || decode(command, message) instanceof Failure) throw new Error('A message is no MOVE')
  return command
}

const WORK: Readonly<Record<Stage, (reader: Reader) => Verdict>> = {
  reader: (reader) => reader.find(),
  parse: parsed,
  decode: decoded,
  format: formatted,
}
