import { webcrypto } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ROLES, rankOf } from '../../src/commands/command.ts'
import {
  authenticator,
  type Credentials,
  createEntry,
  formatEntry,
  isName,
  readCredentials,
  type TokenEntry,
} from '../../src/server/identities.ts'
import { problemOfToken } from '../../src/server/token.ts'

const RUNS = 1000
/** By sha256sum: printf s3cret | sha256sum, behind the salt's bytes, and that again. */
const SALT = '000102030405060708090a0b0c0d0e0f'
const S3CRET = `sha256-${SALT}-e74f870a41a7522e2bdd3f20b9a4a4e41c3f80f461558619b0b571ed64769724`
const OTHER = `sha256-${SALT}-${'0'.repeat(64)}`

const alice: TokenEntry = { name: 'alice', role: 'pilot', digest: S3CRET }
const bob = createEntry('bob', 'observer')
const named = authenticator({ kind: 'named', entries: [bob.entry, alice, createEntry('carol', 'admin').entry] })

const entries = (credentials: Credentials) => (credentials.kind === 'named' ? credentials.entries : credentials.kind)
const problemOf = (text: string): string => {
  try {
    readCredentials(text)
  } catch (error) {
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype)
    return (error as Error).message
  }
  return ''
}

const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/)
const roles = fc.constantFrom(...ROLES)
const people = fc.uniqueArray(fc.tuple(names, roles), { selector: ([name]) => name, minLength: 1, maxLength: 8 })
const made = people.map((list) => list.map(([name, role]) => createEntry(name, role)))

describe('the roles', () => {
  it('each may do what those before it may, and no more', () => {
    const able = ROLES.map((role) => ROLES.filter((needed) => rankOf(role) >= rankOf(needed)))
    expect(able).toEqual([['observer'], ['observer', 'pilot'], ['observer', 'pilot', 'admin']])
  })
})

describe('a token that is made', () => {
  it('has 256 bits that no other has, in what a token may be', () => {
    const tokens = Array.from({ length: 100 }, () => createEntry('a', 'pilot').token)
    expect(new Set(tokens).size).toBe(tokens.length)
    for (const token of tokens) {
      expect(Buffer.from(token, 'base64url')).toHaveLength(32)
      expect(problemOfToken(token)).toBeUndefined()
    }
  })

  it('is not in its entry, which is for the same token another each time', () => {
    const { token, entry } = createEntry('a', 'pilot')
    expect(formatEntry(entry)).not.toContain(token)
    const salts = Array.from({ length: 100 }, () => createEntry('a', 'pilot').entry.digest.split('-')[1])
    expect(new Set(salts).size).toBe(salts.length)
  })

  it('has the digest that another implementation of SHA-256 makes of salt and token', async () => {
    const hash = async (bytes: Uint8Array<ArrayBuffer>) =>
      new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes))
    for (let count = 0; count < 20; count++) {
      const { token, entry } = createEntry('a', 'pilot')
      const [scheme, salt = '', digest] = entry.digest.split('-')
      const inner = await hash(new TextEncoder().encode(token))
      const outer = await hash(Uint8Array.from([...Buffer.from(salt, 'hex'), ...inner]))
      expect([scheme, digest]).toEqual(['sha256', Buffer.from(outer).toString('hex')])
    }
  })
})

describe('who says HELLO', () => {
  it('is anybody, and an admin, where there is no token', () => {
    const authenticate = authenticator({ kind: 'none' })
    for (const token of [undefined, '', 'anything']) {
      expect(authenticate(token, undefined)).toEqual({ name: undefined, role: 'admin' })
      expect(authenticate(token, 'alice')).toEqual({ name: 'alice', role: 'admin' })
    }
  })

  it('is whoever has the one token, and an admin, where all share it', () => {
    const authenticate = authenticator({ kind: 'shared', token: 's3cret' })
    expect(authenticate('s3cret', undefined)).toEqual({ name: undefined, role: 'admin' })
    expect(authenticate('s3cret', 'alice')).toEqual({ name: 'alice', role: 'admin' })
    for (const wrong of [undefined, '', 's3cre', 's3cret1', 'S3CRET', '\0', 'undefined']) {
      for (const certificate of [undefined, 'alice']) expect(authenticate(wrong, certificate)).toBeUndefined()
    }
  })

  const is = { alice: { name: 'alice', role: 'pilot' }, bob: { name: 'bob', role: 'observer' }, nobody: undefined }
  it.each([
    { what: 'a token', token: 's3cret', certificate: undefined, who: is.alice },
    { what: 'the token of another', token: bob.token, certificate: undefined, who: is.bob },
    { what: 'nothing', token: undefined, certificate: undefined, who: is.nobody },
    { what: 'an empty token', token: '', certificate: undefined, who: is.nobody },
    { what: 'a wrong token', token: 's3cret1', certificate: undefined, who: is.nobody },
    { what: 'a name for a token', token: 'alice', certificate: undefined, who: is.nobody },
    { what: 'a digest for a token', token: S3CRET, certificate: undefined, who: is.nobody },
    { what: 'the line of the file for a token', token: formatEntry(alice), certificate: undefined, who: is.nobody },
    { what: 'a certificate', token: undefined, certificate: 'alice', who: is.alice },
    { what: 'a certificate and an empty token', token: '', certificate: 'bob', who: is.bob },
    { what: 'a certificate and its own token', token: 's3cret', certificate: 'alice', who: is.alice },
    { what: 'a certificate and the token of another', token: bob.token, certificate: 'alice', who: is.nobody },
    { what: 'a certificate and a wrong token', token: 'wrong', certificate: 'alice', who: is.nobody },
    { what: 'a certificate that is no entry', token: undefined, certificate: 'dave', who: is.nobody },
    { what: 'a certificate that is no entry, and a token', token: 's3cret', certificate: 'dave', who: is.nobody },
    { what: 'a certificate in other letters', token: undefined, certificate: 'Alice', who: is.nobody },
    { what: 'a certificate without a name', token: 's3cret', certificate: '', who: is.nobody },
    { what: 'a certificate with the name of a method', token: undefined, certificate: 'toString', who: is.nobody },
  ])('is told by name where there are names: $what', ({ token, certificate, who }) => {
    expect(named(token, certificate)).toEqual(who)
  })

  it('is nobody where the file of names has none', () => {
    const authenticate = authenticator({ kind: 'named', entries: [] })
    for (const token of [undefined, '', 's3cret'])
      for (const certificate of [undefined, 'alice']) expect(authenticate(token, certificate)).toBeUndefined()
  })

  it('is nobody by the empty token, even where a file has its digest', async () => {
    const sha256 = async (bytes: Uint8Array) =>
      Buffer.from(await webcrypto.subtle.digest('SHA-256', Buffer.from(bytes)))
    const hash = await sha256(Buffer.concat([Buffer.from(SALT, 'hex'), await sha256(Buffer.alloc(0))]))
    const empty: TokenEntry = { name: 'eve', role: 'admin', digest: `sha256-${SALT}-${hash.toString('hex')}` }
    const authenticate = authenticator({ kind: 'named', entries: [empty] })
    for (const token of [undefined, '']) expect(authenticate(token, undefined)).toBeUndefined()
  })

  it('is by their token each of those that a file was made for, and nobody by another', () => {
    const property = fc.property(made, fc.string(), (list, wrong) => {
      const authenticate = authenticator(readCredentials(list.map(({ entry }) => formatEntry(entry)).join('\n')))
      for (const { token, entry } of list) {
        const { name, role } = entry
        expect(authenticate(token, undefined)).toEqual({ name, role })
        expect(authenticate(undefined, name)).toEqual({ name, role })
        for (const other of list) {
          const expected = other === list.find((each) => each.token === token) ? { name, role } : undefined
          expect(authenticate(token, other.entry.name)).toEqual(expected)
        }
      }
      expect(authenticate(wrong, undefined)).toBeUndefined()
    })
    fc.assert(property, { numRuns: 200 })
  })

  it.each([{ kind: 'shared', token: '' } as const, { kind: 'shared', token: 'my s3cret' } as const])(
    'cannot be told where the token to expect is none: $token',
    (credentials) => {
      expect(() => authenticator(credentials)).toThrow(TypeError)
    },
  )

  it.each(['', 'sha256', S3CRET.toUpperCase(), `${S3CRET}0`, `x${S3CRET}`])(
    'cannot be told where a digest is none: %s',
    (digest) => {
      expect(() => authenticator({ kind: 'named', entries: [{ ...alice, digest }] })).toThrow(TypeError)
    },
  )
})

describe('a token file', () => {
  it.each([
    { what: 'a line', text: `alice:pilot:${S3CRET}` },
    { what: 'a line and its end', text: `alice:pilot:${S3CRET}\n` },
    { what: 'a line and its end with CR', text: `alice:pilot:${S3CRET}\r\n` },
    { what: 'comments and empty lines', text: `# who may fly\r\n\n#alice\nalice:pilot:${S3CRET}\n\n# end` },
  ])('holds who may fly, in $what', ({ text }) => {
    expect(readCredentials(text)).toEqual({ kind: 'named', entries: [alice] })
  })

  it.each(['# nobody', '# nobody\n', '#\n#\n', '\n\n#a b\n'])('may hold comments alone, and nobody: %j', (text) => {
    expect(entries(readCredentials(text))).toEqual([])
  })

  it.each(['s3cret', 's3cret\n', 's3cret\r\n'])('holds the one token that all share, as ever: %j', (text) => {
    expect(readCredentials(text)).toEqual({ kind: 'shared', token: 's3cret' })
  })

  it('holds of itself what was put there', () => {
    fc.assert(
      fc.property(made, fc.constantFrom('\n', '\r\n', '\n\n', '\n# x:pilot:y\n'), (list, end) => {
        const text = list.map(({ entry }) => formatEntry(entry) + end).join('')
        expect(entries(readCredentials(text))).toEqual(list.map(({ entry }) => entry))
      }),
      { numRuns: 200 },
    )
  })

  it('holds as a shared token whatever may be one, but for what is like an entry or a comment', () => {
    const printable = fc.string({ unit: fc.integer({ min: 0x20, max: 0x7f }).map((code) => String.fromCharCode(code)) })
    const colons = fc.array(fc.constantFrom('a', 'pilot', 'pilots', '', '#', 'sha25'), { maxLength: 5 })
    const texts = fc.oneof(
      printable,
      colons.map((parts) => parts.join(':')),
    )
    const property = fc.property(texts, fc.constantFrom('', '\n', '\r\n'), (text, end) => {
      const isShared = problemOfToken(text) === undefined && !/^#|^[^:]*:(observer|pilot|admin)(:|$)/.test(text)
      if (isShared) expect(readCredentials(text + end)).toEqual({ kind: 'shared', token: text })
      else if (text.startsWith('#') && problemOfToken(text) !== undefined)
        expect(entries(readCredentials(text + end))).toEqual([])
      else expect(problemOf(text + end)).toMatch(/^line 1: /)
    })
    fc.assert(property, { numRuns: RUNS })
  })

  const SECOND = `# a comment\nalice:pilot:${S3CRET}\n`
  it.each([
    { what: 'nothing', text: '', says: 'line 1: the token is empty' },
    { what: 'a line end', text: '\n', says: 'line 1: the token is empty' },
    { what: 'empty lines', text: '\n\n\n', says: 'line 1: there is neither a token nor a name:role:digest' },
    {
      what: 'a token with a space',
      text: 'my s3cret',
      says: 'line 1: the token is to be printable ASCII without spaces',
    },
    { what: 'two tokens', text: 's3cret\ns3cret', says: /^line 1: it is to be name:role:digest/ },
    { what: 'a token and a comment', text: '# a comment\ns3cret', says: /^line 2: it is to be name:role:digest/ },
    { what: 'a token and an entry', text: `s3cret\n${SECOND}`, says: /^line 1: it is to be name:role:digest/ },
    { what: 'an entry and a token', text: `${SECOND}s3cret`, says: /^line 3: it is to be name:role:digest/ },
    { what: 'a comment that may be a token', text: '#s3cret', says: /^line 1: .* a comment or a token/ },
    { what: 'an entry without a digest', text: 's3cret:pilot', says: /^line 1: it is to be name:role:digest/ },
    { what: 'an entry with an empty digest', text: 's3cret:pilot:', says: /^line 1: it is to be name:role:digest/ },
    {
      what: 'an entry with a token',
      text: 'alice:pilot:s3cret',
      says: /^line 1: the digest is to be sha256-<salt>-<hash>/,
    },
    {
      what: 'a digest with too little',
      text: `${SECOND}bob:pilot:${S3CRET.slice(0, -1)}`,
      says: /^line 3: the digest/,
    },
    { what: 'a digest with a space', text: `alice:pilot:${S3CRET} `, says: /^line 1: the digest/ },
    { what: 'a digest in capitals', text: `alice:pilot:${S3CRET.replace('a', 'A')}`, says: /^line 1: the digest/ },
    { what: 'a part too many', text: `alice:pilot:${S3CRET}:s3cret`, says: /^line 1: it is to be name:role:digest/ },
    {
      what: 'a role that there is not',
      text: `alice:s3cret:${S3CRET}`,
      says: 'line 1: the role is to be one of observer, pilot, admin',
    },
    { what: 'a role in capitals', text: `alice:Pilot:${S3CRET}`, says: /^line 1: the role/ },
    { what: 'a role of every object', text: `alice:constructor:${S3CRET}`, says: /^line 1: the role/ },
    { what: 'an empty name', text: `:pilot:${S3CRET}`, says: 'line 1: the name is to be 1 to 64 of A-Z a-z 0-9 . _ -' },
    { what: 'a long name', text: `${'s3cret'.repeat(11)}:pilot:${S3CRET}`, says: /^line 1: the name is to be/ },
    { what: 'a name with a space', text: ` alice:pilot:${S3CRET}`, says: /^line 1: the name is to be/ },
    { what: 'a name with a byte order mark', text: `\ufeffalice:pilot:${S3CRET}`, says: /^line 1: the name is to be/ },
    {
      what: 'a name twice',
      text: `${SECOND}alice:admin:${OTHER}`,
      says: 'line 3: the name is to be its own, and is that of line 2',
    },
    {
      what: 'a digest twice',
      text: `${SECOND}bob:admin:${S3CRET}`,
      says: 'line 3: the digest is to be its own, and is that of line 2',
    },
  ])('is refused that holds $what, without showing it', ({ text, says }) => {
    const problem = problemOf(text)
    expect(problem).toMatch(says)
    expect(problem).not.toContain('s3cret')
    expect(problem).not.toContain(S3CRET.slice(-20))
  })

  it('is read, or refused in one line that shows nothing of it, whatever it holds', () => {
    const canary = 'Qq7Zz'
    const part = fc.oneof(
      fc.constantFrom(
        ...['alice', 'bob', ':', ':pilot:', ':admin:', S3CRET, OTHER, '#', '\n', '\r\n', ' ', 'sha256-', ''],
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const texts = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(canary))
    const plain = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
    const property = fc.property(fc.oneof(texts, plain), (text) => {
      const problem = problemOf(text)
      expect(problem).not.toContain(canary)
      if (problem !== '') expect(problem).toMatch(/^line [1-9]\d*: [\x20-\x7e]+$/)
      else expect(() => authenticator(readCredentials(text))).not.toThrow()
    })
    fc.assert(property, { numRuns: RUNS })
  })
})

describe('a name', () => {
  it('is 1 to 64 letters, digits, dots, underscores and hyphens of ASCII', () => {
    const some = fc.string({
      unit: fc.oneof(fc.constantFrom(...'aZ09._-'), fc.string({ unit: 'binary' })),
      maxLength: 70,
    })
    const isAllowed = (text: string) =>
      text.length >= 1 && text.length <= 64 && [...text].every((each) => LETTERS.includes(each))
    fc.assert(
      fc.property(fc.oneof(some, names), (text) => isName(text) === isAllowed(text)),
      { numRuns: RUNS },
    )
    expect(['a'.repeat(64), 'a'.repeat(65), '', 'a\n'].map(isName)).toEqual([true, false, false, false])
  })
})

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-'
