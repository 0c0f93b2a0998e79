import { expect, it } from 'vitest'
import type { ServedCommand } from '../../src/commands/define.ts'
import { status } from '../../src/commands/status.ts'
import type { ServerOptions } from '../../src/server/options.ts'
import { Server } from '../../src/server/server.ts'

const NO_NUMBER = Number.NaN

it.each<[what: string, options: ServerOptions]>([
  ['fence.radiusM', { fence: { radiusM: NO_NUMBER } }],
  ['fence.ceilingM', { fence: { ceilingM: 'abc' as unknown as number } }],
  ['batteryFloor', { batteryFloor: 15 }],
  ['maxConnections', { maxConnections: -1 }],
  ['maxUnauthenticated', { maxUnauthenticated: NO_NUMBER }],
  ['maxFrameBytes', { maxFrameBytes: 10_000_001 }],
  ['motionTtlMs', { motionTtlMs: -1 }],
  ['landAfterMs', { landAfterMs: -1 }],
  ['timeouts.idleMs', { timeouts: { idleMs: NO_NUMBER } }],
  ['control', { control: 'mine' as 'shared' }],
  ['name', { name: 'sky\r\nline' }],
  ['the handler of STATUS', { commands: [{ ...status, handler: null } as unknown as ServedCommand] }],
])('a server refuses %s where it is none, and says what was wanted', (what, options) => {
  expect(() => new Server(options)).toThrow(TypeError)
  expect(() => new Server(options)).toThrow(`${what} is to be `)
})

it('a server takes what is at the limit', async () => {
  const timeouts = { handshakeMs: 0, messageMs: 2 ** 31 - 1 }
  const server = new Server({
    batteryFloor: 1,
    maxConnections: 0,
    motionTtlMs: 60_000,
    timeouts,
    fence: { radiusM: 0 },
  })
  await server.close()
})
