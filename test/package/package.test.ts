import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from '../support/start-server.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const execute = promisify(execFile)
/** Packing and installing ask the registry, and take their time. */
const SLOW_MS = 120_000

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program = '']) => program)

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skyline-package-'))
  let packed: readonly string[] = []

  beforeAll(async () => {
    // Without scripts: the build is there, and other tests are using it.
    const { stdout } = await execute('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: ROOT,
    })
    const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
    packed = files.map(({ path }) => path)
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    await execute('npm', ['install', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder })
    symlinkSync(join(ROOT, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  }, SLOW_MS)

  afterAll(() => rmSync(folder, { recursive: true }))

  it('holds only what is needed', () => {
    const kinds = new Set(
      packed.map((path) => path.replace(/^(dist|fixtures\/scripts)\/.*(\.(js|d\.ts|txt))$/, '$1/*$2')),
    )
    expect([...kinds].sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/*.d.ts',
      'dist/*.js',
      'fixtures/scripts/*.txt',
      'package.json',
    ])
  })

  it('has a program that loads few files, so that it starts soon', () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    // What puts it together takes that.
    if (major === 20 && minor < 19) return
    const program = packed.filter((path) => /^dist\/cli\/.*\.js$/.test(path))
    const imported = program.flatMap((path) =>
      [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^import .*"(.*)";$/gm)].map(([, from = '']) => from),
    )
    expect(imported.length).toBeGreaterThan(program.length)
    expect(imported.filter((from) => !/^(\.\/|node:|pino$)/.test(from))).toEqual([])
  })

  it('has the program', async () => {
    const { stdout } = await execute('npx', ['skyline', '--version'], { cwd: folder })
    expect(stdout).toBe('0.1.0\n')
  })

  it(
    'has types by which the programs of the README compile',
    async () => {
      for (const [index, program] of programs.entries()) {
        writeFileSync(join(folder, `program-${index}.ts`), program)
      }
      const compiler = join(ROOT, 'node_modules/.bin/tsc')
      const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', '--types', 'node']
      await execute(compiler, [...options, ...programs.map((_, index) => `program-${index}.ts`)], { cwd: folder })
    },
    SLOW_MS,
  )

  it.each(programs.map((program, index) => [index, program] as const))(
    'runs program %i of the README, which prints what it says',
    async (index, program) => {
      const { address } = await startServer()
      const file = join(folder, `program-${index}.mjs`)
      writeFileSync(file, program.replace('8080', String(address.port)).replace(' as const', ''))
      const { stdout } = await execute(process.execPath, [file], { cwd: folder })
      const after = readme.split(program)[1]?.split('\n\n')[1] ?? ''
      const said = [...(after.match(/prints.*/)?.[0] ?? '').matchAll(/`([^`]+)`/g)].map(([, text]) => text)
      expect(stdout.trim().split('\n')).toEqual(said)
    },
    SLOW_MS,
  )

  it('keeps no program from its end, once server and client are closed, while the drone still flies', async () => {
    const program = `
      import { connect, createServer } from 'skyline'
      const server = createServer()
      const { port } = await server.listen({ host: '127.0.0.1', port: 0 })
      const client = await connect({ port })
      await client.move({ x: 100_000_000, y: 0 })
      await client.close()
      await server.close()
      console.log('closed')`
    writeFileSync(join(folder, 'end.mjs'), program)
    const { stdout } = await execute(process.execPath, ['end.mjs'], { cwd: folder, timeout: SLOW_MS / 4 })
    expect(stdout).toBe('closed\n')
  })
})
