import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/commands/commands.ts'
import { STATES, stateAfter } from '../../src/session/states.ts'

it.each([
  ['Handshake', 'HELLO', 'Authenticated'],
  ['Handshake', 'QUIT', 'Closing'],
  ['Handshake', 'PING', 'Handshake'],
  ['Authenticated', 'QUIT', 'Closing'],
  ['Authenticated', 'MOVE', 'Authenticated'],
  ['Closing', 'HELLO', 'Closing'],
] as const)('leads from %s by %s to %s (section 5)', (state, command, next) => {
  expect(stateAfter(state, command)).toBe(next)
})

it('answers a command that the state does not allow with EXPECTED_HANDSHAKE, WRONG_STATE and CONNECTION_CLOSED', () => {
  expect(Object.entries(STATES).map(([state, { refusal }]) => [state, refusal])).toEqual([
    ['Handshake', 'EXPECTED_HANDSHAKE'],
    ['Authenticated', 'WRONG_STATE'],
    ['Closing', 'CONNECTION_CLOSED'],
  ])
})

it('allows before HELLO only HELLO, PING, HELP and QUIT, and in Closing nothing', () => {
  const allowed = (state: string) =>
    COMMANDS.filter(({ states }) => (states as readonly string[]).includes(state)).map(({ name }) => name)
  expect(allowed('Handshake').sort()).toEqual(['HELLO', 'HELP', 'PING', 'QUIT'])
  expect(allowed('Closing')).toEqual([])
})

it('knows only commands that there are', () => {
  const names: readonly string[] = COMMANDS.map(({ name }) => name)
  for (const { after } of Object.values(STATES)) for (const name of Object.keys(after)) expect(names).toContain(name)
})
