import { defineCommand } from '../../../src/commands/define.ts'
import type { Context } from '../../../src/commands/handler.ts'

/** A command of a test's own, with a number as its parameter, that answers `OK DONE(n)`. */
export const ownCommand = (name: string, work: (n: number, context: Context) => void | Promise<void>) =>
  defineCommand(
    {
      name,
      parameters: [{ name: 'N', type: 'integer', min: 0, max: 1_000_000, required: true }],
      summary: 'do it',
      example: `${name} 1`,
      reply: { summary: 'DONE', headers: [{ name: 'N', type: 'integer' }] },
    },
    (params, context) => {
      const { n } = params as { n: number }
      const result = work(n, context)
      return result === undefined ? { n } : result.then(() => ({ n }))
    },
  )
