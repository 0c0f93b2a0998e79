import { ADDITIONS } from './additions.ts'
import { BYTES } from './bytes.ts'
import type { Check, Finding, Target } from './check.ts'
import { cost } from './cost.ts'
import { ENDS } from './ends.ts'
import { FRAMING } from './framing.ts'
import { GRAMMAR } from './grammar.ts'
import { QUOTING } from './quoting.ts'
import { REPLIES } from './replies.ts'
import { greeting, SESSION } from './session.ts'

/** What may be checked side by side, in the order of the protocol's sections. */
const SIDE_BY_SIDE: readonly Check[] = [
  greeting,
  ...FRAMING,
  ...BYTES,
  ...ENDS,
  ...GRAMMAR,
  ...REPLIES,
  ...QUOTING,
  ...SESSION,
  ...ADDITIONS,
]

/** All that is checked. What takes time by the clock comes last, when nothing else runs. */
export const CHECKS: readonly Check[] = [...SIDE_BY_SIDE, cost]

/** What came of a check. */
export interface Row {
  readonly check: Check
  readonly finding: Finding | undefined
}

/** So many checks run at once: one that waits for what does not come holds up no other. */
const AT_ONCE = 8

/** Runs all checks, and gives what came of them in their order. */
export async function* runChecks(target: Target): AsyncGenerator<Row> {
  const running: Promise<Row>[] = []
  for (const check of SIDE_BY_SIDE) {
    running.push(judge(check, target))
    if (running.length === AT_ONCE) yield await (running.shift() as Promise<Row>)
  }
  for (const row of running) yield await row
  yield await judge(cost, target)
}

async function judge(check: Check, target: Target): Promise<Row> {
  try {
    return { check, finding: await check.run(target) }
  } catch (error) {
    return { check, finding: { sent: '(nothing)', wanted: 'a connection', came: String(error) } }
  }
}
