import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = new URL('../../src/', import.meta.url).pathname

/** What all rooms of the program may import. */
const CLI = ['cli', 'drone', 'recorder', 'server', 'client', 'time', 'commands', 'wire', 'pino']
/** What the files of each folder of src/ may import: folders at or below their own, and packages. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  wire: ['wire', 'node:buffer'],
  commands: ['commands', 'wire'],
  session: ['session', 'commands', 'wire', 'node:buffer'],
  time: ['time'],
  drone: ['drone', 'time', 'commands', 'wire'],
  recorder: ['recorder', 'drone', 'time', 'session', 'commands', 'wire', 'node:fs', 'node:crypto', 'node:path'],
  server: [
    'server',
    'recorder',
    'drone',
    'time',
    'session',
    'commands',
    'wire',
    'node:net',
    'node:dns/promises',
    'node:crypto',
    'node:events',
    'node:fs',
    'node:module',
    'node:tls',
    'pino',
  ],
  client: ['client', 'time', 'commands', 'wire', 'node:crypto', 'node:events', 'node:net', 'node:tls'],
  // The rooms of the program share its front: options, exit codes, replies on the terminal.
  cli: [
    'session',
    ...CLI,
    ...['cli/plot', 'cli/probe', 'cli/script', 'cli/shell', 'cli/transcript', 'cli/watch'],
    'node:crypto',
    'node:events',
    'node:fs',
    'node:module',
    'node:net',
    'node:path',
    'node:perf_hooks',
    'node:util',
    'node:v8',
  ],
  'cli/script': [...CLI, 'cli/script', 'node:fs'],
  'cli/shell': [...CLI, 'cli/shell', 'node:fs', 'node:os', 'node:path', 'node:readline', 'node:stream'],
  'cli/plot': [...CLI, 'cli/plot'],
  'cli/watch': ['cli/watch'],
  'cli/probe': [...CLI, 'cli/probe', 'node:crypto', 'node:events', 'node:net', 'node:timers/promises'],
  'cli/transcript': [
    ...[...CLI, 'cli/transcript', 'node:events', 'node:fs', 'node:net', 'node:path'],
    ...['node:stream', 'node:stream/promises'],
  ],
  '.': ['server', 'session', 'client', 'recorder', 'drone', 'time', 'commands', 'wire'],
}
/** Neither a clock, nor a timer, nor a socket, nor a promise: bytes and values in, values out. */
const PURE = ['wire', 'commands', 'session']
const IMPURE = /\b(setTimeout|setInterval|setImmediate|nextTick|Date\.|new Date|performance|async |await |new Promise)/
const MAX_LINES = 250

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
const sources = files.map((file) => ({ file, folder: dirname(file), text: readFileSync(join(SRC, file), 'utf8') }))

/** The folder of src/, or the package, that each import of a file comes from. */
function imports(folder: string, text: string): string[] {
  return [...text.matchAll(/from '([^']+)'/g)].map(([, source = '']) =>
    source.startsWith('.') ? dirname(normalize(join(folder, source))) : source,
  )
}

/** A source without its comments and plain strings. */
const codeOf = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').replaceAll(/'[^'\n]*'/g, "''")

describe.each(sources)('src/$file', ({ folder, text }) => {
  it('imports only downward', () => {
    const allowed = ALLOWED[folder] ?? []
    expect(imports(folder, text).filter((source) => !allowed.includes(source))).toEqual([])
  })

  it('has no error class of its own', () => {
    expect(text).not.toMatch(/class \w+ extends \w*Error\b/)
  })

  it(`has at most ${MAX_LINES} lines`, () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(MAX_LINES + 1)
  })
})

it.each(sources.filter(({ folder }) => PURE.includes(folder)))(
  'src/$file knows no time and waits for nothing',
  ({ text }) => {
    expect(codeOf(text)).not.toMatch(IMPURE)
  },
)

it('writes to sockets only in the folders that have some', () => {
  const writers = sources.filter(({ text }) => /socket\.(write|end)\(/.test(text)).map(({ folder }) => folder)
  expect(new Set(writers)).toEqual(new Set(['client', 'server', 'cli/probe']))
})

it('has a folder for every layer, and no other', () => {
  expect(new Set(sources.map(({ folder }) => folder))).toEqual(new Set(Object.keys(ALLOWED)))
})
