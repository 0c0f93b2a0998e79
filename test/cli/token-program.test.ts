import { chownSync, existsSync, linkSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { token } from '../../src/cli/token-program.ts'
import { authenticator } from '../../src/server/identities.ts'
import { readTokenFile } from '../../src/server/token-file.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { modeOf, tokenPath as path, read } from '../support/token-path.ts'

const IS_ROOT = process.geteuid?.() === 0
const ENTRY = `alice:pilot:sha256-${'0'.repeat(32)}-${'1'.repeat(64)}\n`

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** Runs `skyline token`, and tells what it printed. */
async function told(...args: string[]) {
  const run = runInProcess(token, args)
  const code = await run.exit
  return { code, stdout: run.stdout, stderr: run.stderr }
}

const refusal = (...args: string[]): Promise<Error> =>
  told(...args).then(
    (done) => expect.fail(`it was done: ${JSON.stringify(done)}`),
    (error: Error) => {
      expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(/^[^\n]+$/) })
      return error
    },
  )

const add = async (file: string, name: string, role = 'pilot') =>
  (await told('add', name, '--role', role, '--file', file)).stdout.trimEnd()

describe('skyline token add', () => {
  it('prints the token once, alone, and keeps its digest only', async () => {
    const file = path()
    const { code, stdout, stderr } = await told('add', 'alice', '--role', 'pilot', '--file', file)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^[A-Za-z0-9_-]{43}\n$/) })
    expect(stderr).toBe(`skyline: this is the token of alice, shown only now: ${file} holds but its digest\n`)
    expect(read(file)).toMatch(/^# [^\n]*\nalice:pilot:sha256-[0-9a-f]{32}-[0-9a-f]{64}\n$/)
    expect(read(file) + stderr).not.toContain(stdout.trimEnd())
  })

  it('makes tokens by which a server knows who it is', async () => {
    const file = path()
    const tokens = [
      await add(file, 'alice', 'pilot'),
      await add(file, 'bob', 'admin'),
      await add(file, 'eve', 'observer'),
    ]
    const authenticate = authenticator(readTokenFile(file))
    expect(tokens.map((each) => authenticate(each, undefined))).toEqual([
      { name: 'alice', role: 'pilot' },
      { name: 'bob', role: 'admin' },
      { name: 'eve', role: 'observer' },
    ])
  })

  it.each(['000', '022', '077'])("makes a file that is its owner's alone, with a umask of %s", async (umask) => {
    const file = path()
    const old = process.umask(Number.parseInt(umask, 8))
    try {
      await add(file, 'alice')
    } finally {
      process.umask(old)
    }
    expect(modeOf(file)).toBe('600')
    expect(readdirSync(join(file, '..'))).toEqual(['tokens'])
  })

  it('takes the file of SKYLINE_TOKEN_FILE where none is named', async () => {
    const [file, other] = [path(), path()]
    vi.stubEnv('SKYLINE_TOKEN_FILE', file)
    await told('add', 'alice', '--role', 'pilot')
    await told('add', 'bob', '--role', 'pilot', '--file', other)
    expect(read(file)).toContain('alice:')
    expect(read(file)).not.toContain('bob:')
    expect(read(other)).toContain('bob:')
  })

  it.each([
    { what: 'is empty', text: '' },
    { what: 'holds a line end', text: '\n' },
    { what: 'holds an entry', text: ENTRY.replace('alice', 'bob') },
    { what: 'ends without a line end', text: ENTRY.replace('alice', 'bob').trimEnd() },
    { what: 'ends with CR LF', text: `# those who fly\r\n${ENTRY.replace('alice', 'bob').trimEnd()}\r\n` },
    { what: 'holds comments', text: '# those who fly\n' },
  ])('adds to a file that $what', async ({ text }) => {
    const file = path(text)
    const made = await add(file, 'alice')
    expect(authenticator(readTokenFile(file))(made, undefined)).toEqual({ name: 'alice', role: 'pilot' })
    expect(read(file)).toContain(text.trimEnd())
  })

  it('leaves a file its mode, and says so where others than its owner may read it', async () => {
    const [closed, open] = [path(ENTRY, 0o400), path(ENTRY, 0o644)]
    await add(closed, 'bob')
    expect(modeOf(closed)).toBe('400')
    const { stderr } = await told('add', 'bob', '--role', 'pilot', '--file', open)
    expect(modeOf(open)).toBe('644')
    expect(stderr).toContain(`chmod 600 ${open}`)
  })

  it.skipIf(!IS_ROOT)('leaves a file its owner', async () => {
    const file = path(ENTRY)
    chownSync(file, 1234, 2345)
    await add(file, 'bob')
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 })
    expect(modeOf(file)).toBe('600')
  })

  it('puts a whole new file in the place of the old, which whoever has it open goes on reading', async () => {
    const file = path(ENTRY)
    const old = `${file}.old`
    linkSync(file, old)
    await add(file, 'bob')
    expect(read(old)).toBe(ENTRY)
    expect(read(file)).toContain('bob:')
  })

  it.each([
    {
      what: 'a name that is there',
      text: ENTRY,
      says: /has a token for alice already: .* skyline token remove alice$/,
    },
    { what: 'a shared token', text: 's3cret\n', says: /holds one token that all share/ },
    { what: 'what is no token file', text: `${ENTRY}s3cret\n`, says: /tokens, line 2: it is to be name:role:digest/ },
  ])('refuses a file that holds $what, and leaves it as it was', async ({ text, says }) => {
    const file = path(text)
    const { message } = await refusal('add', 'alice', '--role', 'admin', '--file', file)
    expect(message).toMatch(says)
    expect(message).toContain(file)
    expect(message).not.toContain('s3cret')
    expect(read(file)).toBe(text)
    expect(readdirSync(join(file, '..'))).toEqual(['tokens'])
  })

  it('refuses a symbolic link, also one to nothing', async () => {
    const target = path(ENTRY)
    const link = path()
    symlinkSync(target, link)
    expect((await refusal('add', 'bob', '--role', 'pilot', '--file', link)).message).toMatch(/is a symbolic link/)
    expect(read(target)).toBe(ENTRY)
    const dangling = path()
    symlinkSync(`${dangling}.target`, dangling)
    expect((await refusal('add', 'bob', '--role', 'pilot', '--file', dangling)).message).toMatch(/is a symbolic link/)
    expect(existsSync(`${dangling}.target`)).toBe(false)
  })

  it('refuses a folder, and a file in a folder that there is not', async () => {
    const folder = path()
    mkdirSync(folder)
    expect((await refusal('add', 'bob', '--role', 'pilot', '--file', folder)).message).toContain(`${folder} is no file`)
    const lost = join(folder, 'none', 'tokens')
    expect((await refusal('add', 'bob', '--role', 'pilot', '--file', lost)).message).toMatch(/ENOENT/)
  })

  it.each(['', 'a b', 'a:b', 'ä', '../x', 'a\n', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    const file = path()
    const { message } = await refusal('add', name, '--role', 'pilot', '--file', file)
    expect(message).toMatch(/is to be 1 to 64 of A-Z a-z 0-9 \. _ -, got "/)
    expect(existsSync(file)).toBe(false)
  })

  it.each(['-', '.', '0', '-1', '__proto__', 'x'.repeat(64)])('takes the name %j', async (name) => {
    const file = path()
    const made = (await told('add', '--role', 'pilot', '--file', file, '--', name)).stdout.trimEnd()
    expect(authenticator(readTokenFile(file))(made, undefined)).toEqual({ name, role: 'pilot' })
  })

  it.each([
    { what: 'nothing', args: [], says: /takes one of add, list, remove$/ },
    { what: 'another word', args: ['make'], says: /is to be one of add, list, remove, got "make"/ },
    { what: 'no name', args: ['add', '--role', 'pilot'], says: /the name .* is to be/ },
    { what: 'no role', args: ['add', 'bob'], says: /takes --role, one of observer, pilot, admin$/ },
    {
      what: 'a role that there is not',
      args: ['add', 'bob', '--role', 'king'],
      says: /--role is to be one of .*"king"/,
    },
    { what: 'a role to remove', args: ['remove', 'bob', '--role', 'pilot'], says: /--role is for skyline token add/ },
    { what: 'a name to list', args: ['list', 'bob'], says: /takes no name, got "bob"/ },
    { what: 'a word too many', args: ['add', 'bob', 'eve'], says: /eve/ },
  ])('is refused with $what, and no file is made', async ({ args, says }) => {
    const file = path()
    expect((await refusal(...args, '--file', file)).message).toMatch(says)
    expect(existsSync(file)).toBe(false)
  })

  it('is refused where the file is named twice', async () => {
    const { message } = await refusal('add', 'bob', '--role', 'pilot', '--file', path(), '--token-file', path())
    expect(message).toMatch(/--file and --token-file are the same/)
  })

  it.each([undefined, ''])('is refused without a file, with SKYLINE_TOKEN_FILE as %j', async (value) => {
    vi.stubEnv('SKYLINE_TOKEN_FILE', value)
    const { message } = await refusal('add', 'bob', '--role', 'pilot')
    expect(message).toMatch(/name it with --file or SKYLINE_TOKEN_FILE/)
  })
})

describe('skyline token list', () => {
  it('shows names and roles in the order of the file, and no digest', async () => {
    const file = path()
    await add(file, 'alice')
    await add(file, 'bo', 'observer')
    expect(await told('list', '--file', file)).toEqual({
      code: 0,
      stdout: 'alice  pilot\nbo     observer\n',
      stderr: '',
    })
  })

  it('shows nothing where there is nobody', async () => {
    expect(await told('list', '--file', path('# nobody\n'))).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it.each([
    { what: 'a shared token', text: 's3cret', says: /holds one token that all share/ },
    { what: 'two tokens', text: 's3cret\ns3cret', says: /line 1: / },
    { what: 'nothing', text: undefined, says: /ENOENT/ },
  ])('refuses $what', async ({ text, says }) => {
    const { message } = await refusal('list', '--file', path(text))
    expect(message).toMatch(says)
    expect(message).not.toContain('s3cret')
  })
})

describe('skyline token remove', () => {
  it('removes one name, and leaves all else as it was', async () => {
    const alice2 = ENTRY.replace('alice', 'alice2').replaceAll('0', '2')
    const file = path(`# alice: flies\r\n${ENTRY}\n${alice2}# the end`)
    const done = await told('remove', 'alice', '--file', file)
    expect(done).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('SIGHUP') })
    expect(read(file)).toBe(`# alice: flies\r\n\n${alice2}# the end`)
  })

  it.each(['', '#', '#\n', '# a comment\n', '\n'])(
    'leaves a file for nobody behind the last name, before %j',
    async (rest) => {
      const file = path(ENTRY + rest)
      await told('remove', 'alice', '--file', file)
      expect(readTokenFile(file)).toEqual({ kind: 'named', entries: [] })
      expect(read(file).endsWith(rest)).toBe(true)
      const made = await add(file, 'alice')
      expect(authenticator(readTokenFile(file))(made, undefined)).toEqual({ name: 'alice', role: 'pilot' })
    },
  )

  it('makes the token one that nobody has, also after the name is there again', async () => {
    const file = path()
    const [first, other] = [await add(file, 'alice'), await add(file, 'bob')]
    await told('remove', 'alice', '--file', file)
    const second = await add(file, 'alice', 'observer')
    const authenticate = authenticator(readTokenFile(file))
    expect([first, second, other].map((each) => authenticate(each, undefined)?.role)).toEqual([
      undefined,
      'observer',
      'pilot',
    ])
  })

  it.each([
    { what: 'a name that is not there', text: ENTRY.replace('alice', 'alice2'), says: /has no token for alice/ },
    { what: 'a name in other letters', text: ENTRY.replace('alice', 'Alice'), says: /has no token for alice/ },
    { what: 'a shared token', text: 'alice:s3cret', says: /holds one token that all share/ },
  ])('refuses $what, and leaves the file as it was', async ({ text, says }) => {
    const file = path(text)
    expect((await refusal('remove', 'alice', '--file', file)).message).toMatch(says)
    expect(read(file)).toBe(text)
  })

  it('refuses a file that is not there, and makes none', async () => {
    const file = path()
    expect((await refusal('remove', 'alice', '--file', file)).message).toMatch(/has no token for alice/)
    expect(readdirSync(join(file, '..'))).toEqual([])
  })
})
