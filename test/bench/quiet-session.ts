import { COMMANDS } from '../../src/commands/commands.ts'
import { CommandTable } from '../../src/commands/table.ts'
import { greeting } from '../../src/session/greeting.ts'
import type { SessionHost } from '../../src/session/host.ts'
import { Session } from '../../src/session/session.ts'
import { Workbench } from '../../src/session/workbench.ts'
import { textWire } from '../../src/wire/text-wire.ts'
import { QUIET_HOST } from '../support/quiet-host.ts'

/** A session without a socket, a clock or a drone, greeted; to be given what it receives, and its replies go nowhere. */
export function quietSession(): (chunk: Uint8Array) => void {
  const session = new Session({ greeting: greeting('bench', 'none', wire), wire, timeouts }, host, workbench, 0)
  const receive = (chunk: Uint8Array) => {
    session.receive(chunk, 0)
    workbench.output.take()
  }
  receive(HELLO)
  return receive
}

const HELLO = Buffer.from('HELLO\r\n\r\n')
const wire = textWire()
const timeouts = { handshakeMs: 0, messageMs: 0, idleMs: 0, commandMs: 0 }
const workbench = new Workbench(new CommandTable(COMMANDS))
const REPLIES = new Map<string, Readonly<Record<string, number | string>>>([
  ['HELLO', { protocol: 1, drone: 'sim' }],
  ['MOVE', { x: 1, y: 2, op: 3 }],
])
const host: SessionHost = {
  ...QUIET_HOST,
  execute: ({ spec }) => REPLIES.get(spec.name),
}
