import { COMMANDS } from '../../src/commands/commands.ts'
import { decode } from '../../src/commands/decode.ts'
import { CommandTable, type PreparedCommand } from '../../src/commands/table.ts'
import { Message } from '../../src/wire/message.ts'
import { Output } from '../../src/wire/output.ts'
import { parse } from '../../src/wire/parse.ts'
import { Reader } from '../../src/wire/reader.ts'
import { textWire } from '../../src/wire/text-wire.ts'

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
    while (reader.next() === 'message') {
      work(reader)
      messages++
    }
    output.take()
  }
  return messages
}

// Each stage does what those before it do: what it costs by itself is the difference.

const readOnly = (): void => {}

function parsed({ bytes, start, end }: Reader): void {
  if (parse(bytes, start, end, message) !== undefined) throw new Error('A message is not well-formed')
}

function decoded(reader: Reader): PreparedCommand {
  parsed(reader)
  const command = table.find(message)
  if (command === undefined || !('x' in decode(command, message))) throw new Error('A message is no MOVE')
  return command
}

function formatted(reader: Reader): void {
  wire.writeReply(output, decoded(reader).reply, REPLY, message)
}

const WORK: Readonly<Record<Stage, (reader: Reader) => void>> = {
  reader: readOnly,
  parse: parsed,
  decode: (reader) => void decoded(reader),
  format: formatted,
}
