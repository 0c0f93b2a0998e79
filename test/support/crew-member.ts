import type { Role } from '../../src/commands/command.ts'
import { createEntry, formatEntry } from '../../src/server/identities.ts'
import { Pilot } from './pilot.ts'

const END = '\r\n\r\n'

/** Somebody in a token file: the line there, and the token to bring. */
export function enlist(name: string, role: Role): { readonly line: string; readonly token: string } {
  const { entry, token } = createEntry(name, role)
  return { line: `${formatEntry(entry)}\n`, token }
}

/** One who has said HELLO over a real socket, and gives each message an Id. */
export class CrewMember {
  readonly pilot: Pilot
  /** When the reply to HELLO was here, by this side's clock, in milliseconds. */
  greetedMs = 0
  readonly #name: string
  #said = 0

  private constructor(name: string, pilot: Pilot) {
    this.#name = name
    this.pilot = pilot
  }

  /** Connects on loopback, and resolves when HELLO with these headers is answered with OK. */
  static async join(name: string, port: number, ...headers: string[]): Promise<CrewMember> {
    const member = new CrewMember(name, await Pilot.dial({ host: '127.0.0.1', port }))
    const reply = await member.ask(['HELLO', ...headers].join('\n'))
    if (!reply.startsWith('OK AUTH_OK')) throw new Error(reply)
    member.greetedMs = performance.now()
    return member
  }

  /** Says something, and resolves to its reply. */
  async ask(text: string): Promise<string> {
    const end = `\r\nId: ${this.say(text)}`
    await this.pilot.until(end + END)
    return this.replies.find((reply) => reply.endsWith(end)) ?? ''
  }

  /** Says something, and returns the Id that its reply will have. */
  say(text: string): string {
    const id = `${this.#name}-${++this.#said}`
    this.pilot.send(`${text}\nId: ${id}\n\n`)
    return id
  }

  /** How many messages have no reply yet. */
  get outstanding(): number {
    return this.#said - this.replies.length
  }

  /** All replies that came whole, each with its Id and without its empty line. */
  get replies(): readonly string[] {
    return this.#blocks.filter((block) => /\r\nId: [^\r]*$/.test(block))
  }

  /** All events that came whole and have one of these names, but those that telemetry has. */
  events(...names: readonly string[]): readonly string[] {
    return this.#blocks.filter((block) => names.some((name) => block.startsWith(`EVENT ${name}\r\n`)))
  }

  get #blocks(): readonly string[] {
    return this.pilot.received.split(END).slice(0, -1)
  }
}

/** A value of a reply or an event. */
export const header = (block: string, key: string): string | undefined =>
  new RegExp(`\\r\\n${key}: ([^\\r]*)`).exec(block)?.[1]
