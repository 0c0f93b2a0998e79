import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from './compare.ts'
import { measureGrowth, measureLoads, measureMemory, measureStarts } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { report } from './report.ts'
import { FORM, REFERENCE, type Results, readResults } from './results.ts'
import { SCENARIOS } from './scenarios.ts'
import { type BenchServer, MAIN, SERVERS, TLS_NAME, tlsServer } from './servers.ts'
import { IS_PINNED } from './spawn.ts'
import { makeTlsFiles } from './tls-files.ts'

// The program: `npm run bench -- --help`.

const FAILED = 2
const SERVER_NAMES = [...SERVERS.map(({ name }) => name), TLS_NAME]
const PARTS = [...SCENARIOS.map(({ name }) => name), 'memory', 'start', 'growth']

async function run(options: BenchOptions, earlier: Results | undefined): Promise<void> {
  const parts = wanted(PARTS, options)
  const serverNames = wanted(SERVER_NAMES, options).add(REFERENCE)
  const scenarios = SCENARIOS.filter(({ name }) => parts.has(name))
  const results: Results = {
    bench: FORM,
    when: new Date().toISOString(),
    node: process.version,
    machine: `${availableParallelism()} cores of ${cpus()[0]?.model ?? 'an unknown kind'}`,
    isPinned: IS_PINNED,
    isProfiled: options.profile !== undefined,
    seconds: options.seconds,
    loads: [],
    idles: [],
    starts: [],
    growths: [],
    failures: [],
  }
  const folder = mkdtempSync(join(tmpdir(), 'skyline-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const servers = [
    ...SERVERS.filter(({ name }) => serverNames.has(name)),
    ...(serverNames.has(TLS_NAME) ? overTls(folder) : []),
  ]

  if (scenarios.length > 0) await measureLoads(servers, scenarios, options, results)
  if (parts.has('memory')) await measureMemory(servers, options, results)
  if (parts.has('start')) await measureStarts(options, results)
  if (parts.has('growth')) await measureGrowth(options, results)

  const out = options.out ?? join(tmpdir(), `skyline-bench-${results.when.replaceAll(':', '')}.json`)
  writeFileSync(out, `${JSON.stringify(results, undefined, 1)}\n`)
  const changes = earlier === undefined ? [] : [compare(earlier, results)]
  process.stdout.write(`${[report(results, servers, scenarios), ...changes].join('\n\n')}\n`)
  process.stderr.write(`written: ${out}${options.profile === undefined ? '' : `, profiles: ${options.profile}`}\n`)
  if (results.failures.length > 0) process.exitCode = 1
}

/** What of a kind is named by --only; if nothing is, all of it. */
function wanted(kind: readonly string[], { only }: BenchOptions): Set<string> {
  const named = kind.filter((name) => only.includes(name))
  return new Set(named.length > 0 ? named : kind)
}

function overTls(folder: string): readonly BenchServer[] {
  const files = makeTlsFiles(folder)
  if (typeof files !== 'string') return [tlsServer(files)]
  process.stderr.write(`left out, ${TLS_NAME}: ${files}\n`)
  return []
}

try {
  const options = readOptions(process.argv.slice(2), [...SERVER_NAMES, ...PARTS])
  if (options.help) {
    process.stdout.write(usage(SERVER_NAMES, PARTS))
  } else {
    if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: npm run build first`)
    await run(options, options.compare === undefined ? undefined : readResults(options.compare))
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = FAILED
}
