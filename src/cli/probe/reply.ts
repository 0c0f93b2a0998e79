import { header } from '../../client/wire-reply.ts'

/** A message of the server, read with forbearance: what is to be judged is judged in a row of its own. */
export interface Reply {
  readonly first: string
  readonly headers: readonly (readonly [key: string, value: string])[]
}

/** What stands in a wanted reply for a header that must not. */
const NONE = 'no '

/** The whole messages in what came. */
export const readReplies = (received: string): readonly Reply[] =>
  received
    .split(/\r?\n\r?\n/)
    .slice(0, -1)
    .map((text) => {
      const [first = '', ...lines] = text.split(/\r?\n/)
      return { first, headers: lines.map((line) => [line.replace(/:.*$/s, ''), line.replace(/^[^:]*:[ \t]*/, '')]) }
    })

/** A reply in one line, as wanted ones are written. */
export const showReply = ({ first, headers }: Reply): string =>
  [first, ...headers.map(([key, value]) => `${key}: ${value}`)].join('; ')

/**
 * Whether a reply is the one that is wanted: `OK PONG; Id: 7`, `ERR PARSE; At: line 2; Hint: *empty line*; no Id`. It may
 * have other headers, too. An Id stands last (R2).
 */
export function matches(wanted: string, reply: Reply): boolean {
  const [first, ...parts] = wanted.split('; ')
  return reply.first === first && parts.every((part) => hasPart(part, reply))
}

function hasPart(part: string, reply: Reply): boolean {
  if (part.startsWith(NONE)) return header(reply, part.slice(NONE.length)) === undefined
  const [key = '', wanted] = part.split(': ')
  const value = header(reply, key)
  if (value === undefined) return false
  if (wanted === undefined) return true
  if (wanted.startsWith('*')) return value.toLowerCase().includes(wanted.slice(1, -1).toLowerCase())
  return value === wanted && (key !== 'Id' || reply.headers.at(-1)?.[0].toUpperCase() === 'ID')
}

/** An error that the session outlives. */
export const soft = (code: string, ...parts: readonly string[]): string =>
  [`ERR ${code}`, 'Fatal: no', ...parts].join('; ')

/** An error that ends it. */
export const fatal = (code: string, ...parts: readonly string[]): string =>
  [`ERR ${code}`, 'Fatal: yes', ...parts].join('; ')
