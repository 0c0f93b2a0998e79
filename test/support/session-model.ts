// A session as section 5 and the table of codes tell it, to compare a real one with: what it says to messages whose
// faults are known beforehand, and when its patience ends. It knows nothing of bytes, and shares no line with the program.

/** A message as the model takes it: what is wrong with it, by the steps of R7. */
export interface Sent {
  readonly command: string
  /** A stranger's: it ends the session without a word (F8). */
  readonly strange?: true
  /** Fatal characters, encoding, size, grammar, too many or doubled headers, an unknown command. */
  readonly fault?: string
  readonly fatal?: boolean
  /** A good Id. */
  readonly id?: string
  readonly badId?: true
  /** What is wrong with its headers, arguments and parameters. */
  readonly params?: string
  /** What its handler says: the reply's first word, or a code; a WAIT says nothing yet. */
  readonly says: string
}

export interface ModelTimeouts {
  readonly handshakeMs: number
  readonly messageMs: number
  readonly idleMs: number
  readonly commandMs: number
}

type Input = { readonly is: 'begin' | 'end' } | { readonly is: 'message'; readonly sent: Sent }

const ALWAYS = ['PING', 'HELP', 'QUIT']
const MAX_MISTAKES = 10
const MAX_REFUSED_TOKENS = 3
const NOT_COUNTED = ['INVALID_UTF8', 'MESSAGE_TOO_BIG', 'INCOMPLETE', 'AUTH_FAILED', 'TIMEOUT', 'INTERNAL']
const GOOD_REPLIES = ['AUTH_OK', 'MOVING_TO', 'WRITTEN', 'COLOR_CHANGED', 'STATUS', 'ARRIVED', 'PONG', 'HELP', 'BYE']

/** A reply in short: `OK PONG #7`, `ERR PARSE`, `ERR TOO_MANY_ERRORS! of PARSE`; the `!` is a fatal one's. */
export const inShort = (head: string, fatal = false, cause?: string, id?: string): string =>
  `${head}${fatal ? '!' : ''}${cause === undefined ? '' : ` of ${cause}`}${id === undefined ? '' : ` #${id}`}`

export class SessionModel {
  state: 'Handshake' | 'Authenticated' | 'Closing' = 'Handshake'
  /** All that was said, in short; where it is left open which, the choices with `|` between them. */
  readonly said: string[] = []
  awaited: { readonly id: string | undefined; readonly sinceMs: number } | undefined
  /** What came behind a command that is awaited. */
  #behind: Input[] = []
  #mistakes = 0
  #refusedTokens = 0
  nowMs = 0
  #activeSinceMs = 0
  #messageSinceMs: number | undefined
  readonly #timeouts: ModelTimeouts

  constructor(timeouts: ModelTimeouts) {
    this.#timeouts = timeouts
  }

  /** The first bytes of a message. */
  begin(): void {
    this.#take({ is: 'begin' })
  }

  message(sent: Sent): void {
    this.#take({ is: 'message', sent })
  }

  /** The end of the input. */
  end(): void {
    this.#take({ is: 'end' })
  }

  /** The end of the server. */
  drain(): void {
    if (this.state !== 'Closing') this.#end('SHUTTING_DOWN')
  }

  settle(says: string): void {
    if (this.awaited === undefined) return
    const { id } = this.awaited
    this.awaited = undefined
    this.#activeSinceMs = this.nowMs
    this.#reply(says, id)
    // What stands behind a further WAIT lines up behind that.
    for (const input of this.#behind.splice(0)) this.#take(input)
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms
    while (this.deadlineMs <= endMs) {
      const codes = this.#deadlines.filter(([atMs]) => atMs === this.deadlineMs).map(([, code]) => code)
      this.nowMs = this.deadlineMs
      if (this.awaited !== undefined) this.settle('INTERNAL')
      else this.#end(...codes)
    }
    this.nowMs = endMs
  }

  get deadlineMs(): number {
    return Math.min(...this.#deadlines.map(([atMs]) => atMs))
  }

  get #deadlines(): readonly (readonly [atMs: number, code: string])[] {
    const { handshakeMs, messageMs, idleMs, commandMs } = this.#timeouts
    if (this.state === 'Closing') return []
    if (this.awaited !== undefined) return [[this.awaited.sinceMs + commandMs, 'INTERNAL']]
    return [
      [this.#activeSinceMs + idleMs, 'IDLE_TIMEOUT'],
      ...(this.state === 'Handshake' ? [[handshakeMs, 'HANDSHAKE_TIMEOUT'] as const] : []),
      ...(this.#messageSinceMs === undefined ? [] : [[this.#messageSinceMs + messageMs, 'MESSAGE_TIMEOUT'] as const]),
    ]
  }

  #take(input: Input): void {
    if (this.state === 'Closing') return
    if (this.awaited !== undefined) this.#behind.push(input)
    else if (input.is === 'begin') this.#messageSinceMs ??= this.nowMs
    else if (input.is === 'message') this.#judge(input.sent)
    else if (this.#messageSinceMs !== undefined) this.#end('INCOMPLETE')
    else this.state = 'Closing'
  }

  #judge({ command, strange, fault, fatal = false, id, badId, params, says }: Sent): void {
    this.#messageSinceMs = undefined
    this.#activeSinceMs = this.nowMs
    if (strange) this.state = 'Closing'
    else if (fault !== undefined) this.#refuse(fault, fatal, id)
    else if (!this.#allows(command))
      this.#refuse(this.state === 'Handshake' ? 'EXPECTED_HANDSHAKE' : 'WRONG_STATE', false, id)
    else if (badId) this.#refuse('BAD_ARGUMENT')
    else if (params !== undefined) this.#refuse(params, false, id)
    else if (command === 'WAIT') this.awaited = { id, sinceMs: this.nowMs }
    else this.#reply(says, id)
  }

  #allows(command: string): boolean {
    return ALWAYS.includes(command) || (command === 'HELLO') === (this.state === 'Handshake')
  }

  #reply(says: string, id: string | undefined): void {
    if (!GOOD_REPLIES.includes(says)) return this.#refuse(says, false, id)
    this.said.push(inShort(`OK ${says}`, false, undefined, id))
    if (says === 'AUTH_OK') this.state = 'Authenticated'
    if (says === 'BYE') this.state = 'Closing'
    if (this.state !== 'Handshake') this.#mistakes = 0
  }

  #refuse(code: string, fatal = false, id?: string): void {
    const isLast = !NOT_COUNTED.includes(code) && ++this.#mistakes === MAX_MISTAKES
    const isLastToken = code === 'AUTH_FAILED' && ++this.#refusedTokens === MAX_REFUSED_TOKENS
    const ends = fatal || isLast || isLastToken
    const echoed = fatal || isLastToken ? undefined : id
    this.said.push(inShort(`ERR ${isLast ? 'TOO_MANY_ERRORS' : code}`, ends, isLast ? code : undefined, echoed))
    if (ends) this.state = 'Closing'
  }

  /** Ends it with a last word that answers no command. */
  #end(...codes: readonly string[]): void {
    this.said.push(codes.map((code) => inShort(`ERR ${code}`, true)).join('|'))
    this.awaited = undefined
    this.state = 'Closing'
  }
}
