import { readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TABLES } from './tables.ts'

const MAX_PICTURE_BYTES = 60_000
const ROOT = new URL('../../', import.meta.url)
const readme = readFileSync(new URL('README.md', ROOT), 'utf8')

describe('the README', () => {
  it('has the commands that do it all near its top', () => {
    const top = readme.split('\n').slice(0, 25)
    expect(top).toContain('    npm ci && npm start')
    expect(top).toContain('    npm ci && npm test')
    expect(top).toContain('    npm ci && npm run check')
  })

  it.each(Object.keys(TABLES))('shows the %s as the code has them', (name) => {
    const shown = readme.split(`<!-- ${name} -->\n`)[1]?.split(`\n<!-- /${name} -->`)[0]
    expect(shown).toBe(TABLES[name]?.())
  })

  it('names every transcript that is for a server with options', () => {
    const options = JSON.parse(readFileSync(new URL('fixtures/transcripts/options.json', ROOT), 'utf8')) as object
    const numbers = Object.keys(options).map((name) => name.slice(0, 3))
    const named = /for a server with options (.*?); and/s.exec(readme)?.[1]?.match(/\b\d{3}\b/g)
    expect(named?.toSorted()).toEqual(numbers)
  })

  it('shows pictures that are there, and small', () => {
    const pictures = [...readme.matchAll(/(?:\]\(|src=")(fixtures\/[^)"]+\.(?:png|svg))/g)].map(([, file = '']) => file)
    expect(pictures).toEqual(['fixtures/watch.png', 'fixtures/square.svg'])
    for (const picture of pictures) expect(statSync(new URL(picture, ROOT)).size).toBeLessThan(MAX_PICTURE_BYTES)
  })

  it('leads to every section that it lists', () => {
    const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll(' ', '-'),
    )
    const links = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor)
    expect(links.filter((link) => !anchors.includes(String(link)))).toEqual([])
    expect(links.length).toBeGreaterThan(10)
  })
})

describe('the protocol reference', () => {
  const clauses = [...readme.matchAll(/^- \*\*([FGR]\d)\*\*/gm)].map(([, clause = '']) => clause)
  const folder = new URL('test/', ROOT)
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('')

  it('has every clause of the contract', () => {
    expect(clauses).toEqual([
      ...['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8'],
      ...['G1', 'G2', 'G3'],
      ...['R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7', 'R8'],
    ])
  })

  it.each(clauses)('has a test that names %s', (clause) => {
    const title = new RegExp(`^\\s*(it|describe).*\\((?:[FGR]\\d, )*${clause}\\b`, 'm')
    expect(title.test(tests)).toBe(true)
  })
})
