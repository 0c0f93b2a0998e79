import fc from 'fast-check'
import { expect } from 'vitest'
import { Failure } from '../../src/wire/failure.ts'
import { inShort, SessionModel } from '../support/session-model.ts'
import { cutInto, cuts } from './cuts.ts'
import { DrivenSession } from './driven-session.ts'
import { fuzz, REPLAY_PATH } from './fuzz.ts'
import { messages, type Spoken, TOKEN } from './messages.ts'

const RUNS = 400
const MAX_STEPS = 60
/** No two of them meet by themselves. */
const TIMEOUTS = { handshakeMs: 60_007, messageMs: 10_009, idleMs: 30_011, commandMs: 660_013 }
const MAX_PASSED_MS = 40_000

/** What has been sent of a message that is not whole. */
interface State {
  readonly model: SessionModel
  rest: { readonly spoken: Spoken; readonly chunks: readonly Uint8Array[] } | undefined
  ended: boolean
  fresh: boolean
}
type Step = fc.Command<State, DrivenSession>

const bytesOf = ({ text }: Spoken) => Buffer.from(text, 'latin1')

/** A step that is checked against the model: what was said, the state, and the next deadline. */
const step = (
  name: string,
  when: (state: State) => boolean,
  run: (state: State, real: DrivenSession) => void,
): Step => ({
  check: when,
  run: (state, real) => {
    run(state, real)
    if (/^(Send|Begin|EmptyLines|TLS)/.test(name)) state.fresh = false
    const { said, deadlineMs } = state.model
    const heard = repliesOf(real.said.toString('latin1'))
    expect(heard).toEqual(said.map((one, index) => (one.split('|').includes(heard[index] ?? '') ? heard[index] : one)))
    expect([real.state, real.isAwaiting]).toEqual([state.model.state, state.model.awaited !== undefined])
    expect(real.deadlineMs).toBe(deadlineMs)
  },
  toString: () => name,
})

function repliesOf(bytes: string): string[] {
  const replies = bytes.split('\r\n\r\n')
  expect(replies.pop()).toBe('')
  return replies.map((reply) => {
    const [first = '', ...lines] = reply.split('\r\n')
    const headers = new Map(lines.map((line) => line.split(/: (.*)/s) as [string, string]))
    const fatal = headers.get('Fatal')
    expect(first.startsWith('ERR ') ? ['yes', 'no'] : [undefined]).toContain(fatal)
    if (headers.has('Id')) expect(lines.at(-1)).toBe(`Id: ${headers.get('Id')}`)
    return inShort(first.replace(/\(.*/, ''), fatal === 'yes', headers.get('Cause'), headers.get('Id'))
  })
}

const whole = ({ rest, ended }: State) => rest === undefined && !ended

const send = (spoken: readonly Spoken[], how: Parameters<typeof cutInto>[1]): Step =>
  step(`Send(${JSON.stringify(spoken.map(({ text }) => text))}, ${JSON.stringify(how)})`, whole, ({ model }, real) => {
    for (const { sent } of spoken) model.message(sent)
    for (const chunk of cutInto(Buffer.concat(spoken.map(bytesOf)), how)) real.receive(chunk)
  })

/** The start of a message, in one piece or in some. */
const begin = (spoken: Spoken, at: number): Step =>
  step(`Begin(${JSON.stringify(spoken.text)}, ${at})`, whole, (state, real) => {
    const bytes = bytesOf(spoken)
    const place = Math.min(Math.max(Math.floor(at * bytes.length), 1), bytes.length - 1, 8192)
    state.rest = { spoken, chunks: [bytes.subarray(place)] }
    state.model.begin()
    real.receive(bytes.subarray(0, place))
  })
/** One more byte, which puts no deadline off. */
const trickle: Step = step('Trickle', trickles, (state, real) => {
  const { spoken, chunks } = state.rest as NonNullable<State['rest']>
  const bytes = Buffer.concat(chunks)
  state.rest = { spoken, chunks: [bytes.subarray(1)] }
  real.receive(bytes.subarray(0, 1))
})
function trickles({ rest, model }: State): boolean {
  const left = rest?.chunks[0]?.length ?? 0
  return left > 1 && left <= 8000 && model.state !== 'Closing'
}
const finish: Step = step(
  'Finish',
  ({ rest, ended }) => rest !== undefined && !ended,
  (state, real) => {
    const { spoken, chunks } = state.rest as NonNullable<State['rest']>
    state.rest = undefined
    state.model.message(spoken.sent)
    for (const chunk of chunks) real.receive(chunk)
  },
)
const end: Step = step(
  'End',
  ({ ended }) => !ended,
  (state, real) => {
    state.ended = true
    state.model.end()
    real.receive(undefined)
  },
)
const emptyLines = (text: string): Step =>
  step(`EmptyLines(${JSON.stringify(text)})`, whole, (_, real) => real.receive(Buffer.from(text)))
const tls: Step = step(
  'TLS',
  (state) => whole(state) && state.fresh,
  ({ model }, real) => {
    model.message({ command: '', strange: true, says: '' })
    real.receive(Buffer.from('\x16'))
  },
)
const isAwaiting = ({ model }: State) => model.awaited !== undefined
const arrive: Step = step('Arrive', isAwaiting, ({ model }, real) => {
  model.settle('ARRIVED')
  real.settle()
})
const fail = (code: 'TIMEOUT' | 'INTERNAL'): Step =>
  step(`Fail(${code})`, isAwaiting, ({ model }, real) => {
    model.settle(code)
    real.settle(new Failure(code))
  })
const drain: Step = step(
  'Drain',
  () => true,
  ({ model }, real) => {
    model.drain()
    real.drain()
  },
)
const pass = (ms: number): Step =>
  step(
    `Pass(${ms})`,
    () => true,
    ({ model }, real) => {
      model.pass(ms)
      real.pass(ms)
    },
  )
/** To just before, or just at, the next deadline. */
const wait = (short: boolean): Step =>
  step(
    `Wait(${short})`,
    ({ model }) => model.deadlineMs < Number.POSITIVE_INFINITY,
    ({ model }, real) => {
      const ms = model.deadlineMs - model.nowMs - (short ? 1 : 0)
      model.pass(ms)
      real.pass(ms)
    },
  )

const stepsWith = (hasToken: boolean) => {
  const message = messages(hasToken)
  const sends = fc
    .tuple(fc.array(message, { minLength: 1, maxLength: 6 }), cuts)
    .map(([spoken, how]) => send(spoken, how))
  return [
    ...Array.from({ length: 8 }, () => sends),
    ...[fc.tuple(message, fc.double({ min: 0, max: 1, noNaN: true })).map(([spoken, at]) => begin(spoken, at))],
    ...[fc.constant(trickle), fc.constant(finish), fc.constant(finish), fc.constant(arrive), fc.constant(arrive)],
    ...[fc.constantFrom('\n', '\r\n', '\n\r\n').map(emptyLines), fc.constantFrom('TIMEOUT', 'INTERNAL').map(fail)],
    ...[fc.nat({ max: MAX_PASSED_MS }).map(pass), fc.boolean().map(wait)],
    fc.constantFrom(...Array.from({ length: 6 }, () => trickle), end, drain, tls),
  ]
}

const property = fc.boolean().chain((hasToken) =>
  fc
    .commands(stepsWith(hasToken), {
      maxCommands: MAX_STEPS,
      size: 'max',
      ...(REPLAY_PATH !== undefined && { replayPath: REPLAY_PATH }),
    })
    .map((steps) => ({ hasToken, steps })),
)

fuzz({
  title: 'a session does what the model of it says',
  runs: RUNS,
  property: fc.property(property, ({ hasToken, steps }) => {
    fc.modelRun(
      () => ({
        model: { model: new SessionModel(TIMEOUTS), rest: undefined, ended: false, fresh: true },
        real: new DrivenSession({ token: hasToken ? TOKEN : undefined, timeouts: TIMEOUTS }),
      }),
      steps,
    )
  }),
  show: ([{ hasToken, steps }]) => `token: ${hasToken}\nsteps: ${steps}`,
})
