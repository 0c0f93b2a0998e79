/** The server that is judged, and on what terms. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly token: string | undefined
  /** How long a server may be silent that owes something, in milliseconds. */
  readonly timeoutMs: number
}

/** What did not hold. All three are shown to a person, escaped and shortened. */
export interface Finding {
  readonly sent: string
  readonly wanted: string
  readonly came: string
}

/** One row of the probe: something that the protocol says, and how to see whether a server keeps to it. */
export interface Check {
  /** Where the protocol says it: `F5`, `section 4`. */
  readonly clause: string
  /** What it says. */
  readonly name: string
  /** Resolves to what did not hold, or to undefined. Ends in bounded time, whatever the server does. */
  run(target: Target): Promise<Finding | undefined>
}
