import type { Span } from '../wire/span.ts'

/** What a line of the journal tells. */
export type JournalEntry<Text = string> =
  | {
      readonly kind: 'command'
      readonly connection: number
      readonly identity?: string | undefined
      /** When it ran, in milliseconds of the monotonic clock. */
      readonly ranMs: number
      /** Tells which of two that ran in one moment was first, where one of them was answered later. */
      readonly order?: number | undefined
      /** Without the token. */
      readonly message: Text
      /** `ran`, `refused`, `cancelled`, `expired`, `replayed`, `checked`; `begun`, where it will be told once more. */
      readonly decision: string
      readonly reply: Text
    }
  | { readonly kind: 'event'; readonly event: Text }
  /** Of the simulated drone and the fence. */
  | { readonly kind: 'state'; readonly state: Readonly<Record<string, unknown>> }
  | { readonly kind: 'start' | 'stop'; readonly server: string }

/** Texts may be given as their UTF-8, which is looked at within the call. */
export type GivenEntry = JournalEntry<string | Span>
