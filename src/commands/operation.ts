import type { ChoiceParameter, IntegerParameter, ReplyHeader } from './command.ts'

// What the commands have in common that take time: each is an operation, with a number, whose outcome is told by it.

/** The number of an operation, in the reply that accepts it. Servers of 0.1 had none, so that it is optional. */
export const OPERATION = { name: 'Op', type: 'integer', optional: true } as const satisfies ReplyHeader

/** Names an operation. */
export const WHICH_OPERATION = {
  name: 'Op',
  type: 'integer',
  min: 1,
  max: Number.MAX_SAFE_INTEGER,
  required: false,
  headerOnly: true,
  summary: 'of the operation to wait for: the last, by whomever, where omitted',
} as const satisfies IntegerParameter

/** Holds the reply back until the operation is done, and so all that follows in the session. */
export const HELD_UNTIL_DONE = {
  name: 'Wait',
  type: 'choice',
  values: ['yes', 'no'],
  required: false,
  headerOnly: true,
  summary: 'yes: the reply comes when it is done',
} as const satisfies ChoiceParameter
