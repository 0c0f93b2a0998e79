import { describe, expect, it } from 'vitest'
import { acquire } from '../../src/commands/acquire.ts'
import { changeColor } from '../../src/commands/changecolor.ts'
import type { Parameter } from '../../src/commands/command.ts'
import { describe as describeParameter, describeType, usage } from '../../src/commands/describe.ts'
import { hello } from '../../src/commands/hello.ts'
import { help } from '../../src/commands/help.ts'
import { land } from '../../src/commands/land.ts'
import { move } from '../../src/commands/move.ts'
import { ping } from '../../src/commands/ping.ts'
import { subscribe } from '../../src/commands/subscribe.ts'
import { takeoff } from '../../src/commands/takeoff.ts'
import { wait } from '../../src/commands/wait.ts'
import { write } from '../../src/commands/write.ts'

describe('usage', () => {
  it.each([
    [move, 'MOVE X Y [Z] [Speed]'],
    [changeColor, 'CHANGECOLOR R G B'],
    [wait, 'WAIT [Timeout]'],
    [takeoff, 'TAKEOFF [Z]'],
    [land, 'LAND'],
    [subscribe, 'SUBSCRIBE Topic [Rate]'],
    [write, 'WRITE Text'],
    [hello, 'HELLO [Token] [Version] [Client]'],
    [acquire, 'ACQUIRE'],
    [help, 'HELP [Command]'],
    [ping, 'PING'],
  ])('shows what $name takes: %s (section 6)', (command, text) => expect(usage(command)).toBe(text))
})

describe('describe', () => {
  const integer = { name: 'N', type: 'integer', min: -2, max: 9, required: true } as const

  it.each<[string, Parameter]>([
    ['integer, cm, -2147483648..2147483647, required', move.parameters[0]],
    ['integer, cm/s, 1..1000, default 100', move.parameters[3]],
    ['integer, ms, 1..600000, default 60000', wait.parameters[0]],
    ['integer, 0..255, required', changeColor.parameters[0]],
    ['integer, -2..9, required, of no use', { ...integer, summary: 'of no use' }],
    ['integer, -2..9, optional', { ...integer, required: false }],
    ['integer, -2..9, default 0', { ...integer, required: false, default: 0 }],
    ['text, 2..9 bytes of UTF-8, required', { name: 'T', type: 'text', minBytes: 2, maxBytes: 9, required: true }],
    ['text, optional', help.parameters[0]],
    ['TELEMETRY or OPS or LINK or CONTROL, required', subscribe.parameters[0]],
    ['yes or no, optional, a header only, yes: the reply comes when it is done', land.parameters[0]],
    [
      'integer, ms, 100..600000, optional, a header only, without a message for so long the drone hovers, and then lands',
      hello.parameters[3],
    ],
  ])('says %s (section 6: HELP)', (text, parameter) => expect(describeParameter(parameter)).toBe(text))

  it.each([move, wait, takeoff, land, subscribe, changeColor, write, hello, help])(
    'says of $name what it takes, and then whether',
    (command) => {
      for (const parameter of command.parameters) {
        expect(describeParameter(parameter).startsWith(`${describeType(parameter)}, `)).toBe(true)
      }
    },
  )
})
