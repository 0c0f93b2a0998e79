import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { ROLES, type Role } from '../commands/command.ts'
import type { Identity } from '../commands/handler.ts'
import { problemOfToken } from './token.ts'

export interface TokenEntry {
  readonly name: string
  readonly role: Role
  /** `sha256-<salt>-<hash>`, both in hexadecimal: SHA-256 of the salt's bytes and of the bytes of the token's SHA-256. */
  readonly digest: string
}

/** What a server was given to tell people apart. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'shared'; readonly token: string }
  | { readonly kind: 'named'; readonly entries: readonly TokenEntry[] }

const MAX_NAME_LENGTH = 64
const NAME = new RegExp(`^[A-Za-z0-9._-]{1,${MAX_NAME_LENGTH}}$`)
export const isName = (text: string): boolean => NAME.test(text)
export const NAME_WANTED = `1 to ${MAX_NAME_LENGTH} of A-Z a-z 0-9 . _ -`

const isRole = (text: string): text is Role => ROLES.some((role) => role === text)

const SCHEME = 'sha256'
/** In bytes: twice what a token has to have, so that it is never the weakest part. */
const TOKEN_BYTES = 32
const SALT_BYTES = 16
/** Any token that was made here: in base64url three bytes are four characters. */
export const MADE_TOKEN = new RegExp(`[A-Za-z0-9_-]{${Math.ceil((TOKEN_BYTES * 4) / 3)}}`, 'g')
const DIGEST = new RegExp(`^${SCHEME}-([0-9a-f]{${2 * SALT_BYTES}})-([0-9a-f]{64})$`)

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/**
 * Makes a token and its entry. Its 256 random bits cannot be guessed however fast a guess is, so that the hash need not
 * be a slow one, as for passwords, which would let anybody keep the server busy with wrong tokens. The salt keeps two
 * files from telling that they hold the same token.
 */
export function createEntry(name: string, role: Role): { readonly token: string; readonly entry: TokenEntry } {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const salt = randomBytes(SALT_BYTES)
  const digest = [SCHEME, salt.toString('hex'), sha256(salt, sha256(token)).toString('hex')].join('-')
  return { token, entry: { name, role, digest } }
}

export const formatEntry = ({ name, role, digest }: TokenEntry): string => [name, role, digest].join(':')

/**
 * Reads the text of a token file: `name:role:token-digest` in every line that is neither empty nor begins with #; or,
 * where it is one line that is no such, the one token that all share. Throws an Error that names the line and what was
 * wanted there, but shows nothing of it: it may be a token.
 */
export function readCredentials(text: string): Credentials {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/)
  const [only = ''] = lines
  if (lines.length === 1 && !isComment(only) && !isMeantAsEntry(only)) return { kind: 'shared', token: shared(only) }
  if (lines.length === 1 && isComment(only) && problemOfToken(only) === undefined)
    throw new Error(
      'line 1: it begins with #, and may be a comment or a token: a token in a file is to begin otherwise',
    )
  if (lines.every((line) => line === '')) throw new Error('line 1: there is neither a token nor a name:role:digest')
  return { kind: 'named', entries: readEntries(lines) }
}

const isComment = (line: string): boolean => line.startsWith('#')

/**
 * Whether a line was meant as an entry. One with a slip in it is not to become a token that makes everybody an admin:
 * it is in a file that others may have copies of.
 */
function isMeantAsEntry(line: string): boolean {
  const [, role = '', digest = ''] = line.split(':')
  return isRole(role) || digest.startsWith(SCHEME)
}

function shared(token: string): string {
  const problem = problemOfToken(token)
  if (problem !== undefined) throw new Error(`line 1: ${problem}`)
  return token
}

function readEntries(lines: readonly string[]): TokenEntry[] {
  const entries: TokenEntry[] = []
  /** The lines in which names and digests stand. */
  const seen = new Map<string, number>()
  for (const [index, line] of lines.entries()) {
    if (line === '' || isComment(line)) continue
    const number = index + 1
    const entry = readEntry(line, number)
    for (const [what, value] of [['name', entry.name] as const, ['digest', entry.digest] as const]) {
      const before = seen.get(`${what} ${value}`)
      if (before !== undefined)
        throw new Error(`line ${number}: the ${what} is to be its own, and is that of line ${before}`)
      seen.set(`${what} ${value}`, number)
    }
    entries.push(entry)
  }
  return entries
}

function readEntry(line: string, number: number): TokenEntry {
  const [name = '', role = '', digest = '', ...rest] = line.split(':')
  const wanted = (what: string) => new Error(`line ${number}: ${what}`)
  if (digest === '' || rest.length > 0)
    throw wanted('it is to be name:role:digest (or the one line of the file, where that holds a token that all share)')
  if (!isName(name)) throw wanted(`the name is to be ${NAME_WANTED}`)
  if (!isRole(role)) throw wanted(`the role is to be one of ${ROLES.join(', ')}`)
  if (!DIGEST.test(digest)) throw wanted(`the digest is to be ${SCHEME}-<salt>-<hash>, as skyline token add writes it`)
  return { name, role, digest }
}

/** Tells who says HELLO, by token and by the name of a certificate that has been verified; undefined is nobody. */
export type Authenticator = (token: string | undefined, certificate: string | undefined) => Identity | undefined

/**
 * Judges tokens in a time that depends neither on where nor on whether they differ, nor on whose they are. Throws a
 * TypeError where a token to expect, or a digest, cannot be one.
 */
export function authenticator(credentials: Credentials): Authenticator {
  switch (credentials.kind) {
    case 'none':
      return (_, certificate) => adminOf(certificate)
    case 'shared':
      return sharedAuthenticator(credentials.token)
    case 'named':
      return namedAuthenticator(credentials.entries)
    default:
      return credentials satisfies never
  }
}

/** One for all who have no name. */
const UNNAMED_ADMIN: Identity = { name: undefined, role: 'admin' }
const adminOf = (name: string | undefined): Identity => (name === undefined ? UNNAMED_ADMIN : { name, role: 'admin' })

function sharedAuthenticator(expected: string): Authenticator {
  const problem = problemOfToken(expected)
  if (problem !== undefined) throw new TypeError(problem)
  const wanted = sha256(expected)
  // The empty string stands for no token: it is none itself.
  return (token = '', certificate) => (timingSafeEqual(sha256(token), wanted) ? adminOf(certificate) : undefined)
}

function namedAuthenticator(entries: readonly TokenEntry[]): Authenticator {
  const known = entries.map(({ name, role, digest }) => {
    const [, salt, hash] = DIGEST.exec(digest) ?? []
    if (salt === undefined || hash === undefined) throw new TypeError('a token digest is not one')
    return { identity: { name, role }, salt: Buffer.from(salt, 'hex'), hash: Buffer.from(hash, 'hex') }
  })
  return (token = '', certificate) => {
    // Hashed once, so that a long token costs no more with many entries.
    const given = sha256(token)
    // All of them, whichever it is: no entry is found sooner than another.
    const owners = known.filter(({ salt, hash }) => timingSafeEqual(sha256(salt, given), hash))
    const candidates = token === '' ? (certificate === undefined ? [] : known) : owners
    return candidates.find(({ identity }) => certificate === undefined || identity.name === certificate)?.identity
  }
}

/** Throws where credentials may not take the place of others. */
export function checkRenewal(before: Credentials, after: Credentials): void {
  if (after.kind === 'none' && before.kind !== 'none')
    throw new Error('a server that wanted a token goes on to want one')
  // It has told so in its greetings.
  if (before.kind === 'none' && after.kind !== 'none')
    throw new Error('a server that wanted no token goes on to want none: start it anew')
  // A file of names that was cut short, or replaced by chance, is not to make an admin of everybody.
  if (after.kind === 'shared' && before.kind === 'named')
    throw new Error('a server that has told people apart by their names goes on to')
}

/** Tells who somebody is by now who has said HELLO; undefined is nobody any more. */
export type Reviewer = (identity: Identity, certificate: string | undefined) => Identity | undefined

/** By names, and not by tokens: one that was changed for another sends nobody away. */
export function reviewer(credentials: Credentials): Reviewer {
  if (credentials.kind !== 'named')
    return (identity, certificate) => (identity.name === certificate ? adminOf(certificate) : undefined)
  const identities = new Map(credentials.entries.map(({ name, role }) => [name, { name, role }]))
  return ({ name = '' }) => identities.get(name)
}

/** The one token that all share, or none. */
export const sharedBy = (token: string | undefined): Credentials =>
  token === undefined ? { kind: 'none' } : { kind: 'shared', token }

/** The token that all share, where there is one. */
export const tokenOf = (credentials: Credentials): string | undefined =>
  credentials.kind === 'shared' ? credentials.token : undefined
