import { chownSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { changeTokenFile, checkPermissions, readTokenFile } from '../../src/server/token-file.ts'
import { modeOf, tokenPath as path, read } from '../support/token-path.ts'

const IS_ROOT = process.geteuid?.() === 0
const ENTRY = `alice:pilot:sha256-${'0'.repeat(32)}-${'1'.repeat(64)}\n`

afterEach(() => void vi.restoreAllMocks())

describe('a token file that is changed', () => {
  it('is not changed by another at the same time', () => {
    const file = path(ENTRY)
    changeTokenFile(file, (text) => {
      expect(() => changeTokenFile(file, () => 'of the other')).toThrow(`remove ${file}.lock`)
      return `${text}# changed\n`
    })
    expect(read(file)).toBe(`${ENTRY}# changed\n`)
    expect(readdirSync(join(file, '..'))).toEqual(['tokens'])
  })

  it("is its owner's alone from the start", () => {
    const file = path()
    const old = process.umask(0)
    try {
      changeTokenFile(file, () => modeOf(`${file}.lock`))
    } finally {
      process.umask(old)
    }
    expect(read(file)).toBe('600')
  })

  it('is not written through a link that somebody has put in the place of its lock', () => {
    const file = path(ENTRY)
    const victim = path('precious')
    symlinkSync(victim, `${file}.lock`)
    expect(() => changeTokenFile(file, () => '')).toThrow(/being changed by another/)
    expect(read(victim)).toBe('precious')
  })

  it('may be named without its folder', () => {
    const file = path(ENTRY)
    const before = process.cwd()
    process.chdir(join(file, '..'))
    try {
      changeTokenFile('tokens', (text) => `${text}#\n`)
    } finally {
      process.chdir(before)
    }
    expect(read(file)).toBe(`${ENTRY}#\n`)
  })
})

describe('the permissions of a token file', () => {
  it.each(['600', '400', '700'])('are good where its owner alone has some: %s', (mode) => {
    const file = path(ENTRY, Number.parseInt(mode, 8))
    expect(checkPermissions(file)).toBeUndefined()
    expect(readTokenFile(file)).toMatchObject({ kind: 'named' })
  })

  it.each(['644', '640', '604', '660', '620', '602', '601', '610'])(
    'are refused in a line that names them: %s',
    (mode) => {
      const file = path('s3cret', Number.parseInt(mode, 8))
      const problem = `${file} is to be its owner's alone, and has the mode 0${mode}: chmod 600 ${file}`
      expect(checkPermissions(file)).toBe(problem)
      expect(() => readTokenFile(file)).toThrow(problem)
    },
  )

  it('are those of the file behind a link', () => {
    const link = path()
    symlinkSync(path(ENTRY, 0o644), link)
    expect(checkPermissions(link)).toMatch(/0644/)
  })

  it.skipIf(!IS_ROOT).each([
    { mode: '440', isGood: true },
    { mode: '640', isGood: true },
    { mode: '444', isGood: false },
    { mode: '460', isGood: false },
    { mode: '450', isGood: false },
  ])('may let a group read what root provides to another user, as systemd does: $mode', ({ mode, isGood }) => {
    const file = path(ENTRY, Number.parseInt(mode, 8))
    expect(checkPermissions(file)).toBeDefined()
    vi.spyOn(process, 'geteuid').mockReturnValue(1234)
    expect(checkPermissions(file) === undefined).toBe(isGood)
    chownSync(file, 2345, 0)
    expect(checkPermissions(file)).toBeDefined()
  })

  it('are nothing to ask of what is no file', () => {
    expect(checkPermissions('/dev/null')).toBeUndefined()
  })
})

it('says of a token file that cannot be read which it is, and what was wanted', () => {
  const file = path(`${ENTRY}s3cret`)
  expect(() => readTokenFile(file)).toThrow(`${file}, line 2: it is to be name:role:digest`)
})
