import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

const NAME = /^skyline-(\d{6,})\.jsonl$/
const NUMBER_DIGITS = 6

/** Of all files of a journal's folder: they are their owner's alone. */
export const PRIVATE_FILE_MODE = 0o600
const PRIVATE_FOLDER_MODE = 0o700

/** The file of a journal with a number, counted from 1. */
export const journalFile = (folder: string, number: number): string =>
  join(folder, `skyline-${String(number).padStart(NUMBER_DIGITS, '0')}.jsonl`)

/** The number of a file, by its path. */
export const numberOf = (file: string): number => Number(NAME.exec(basename(file))?.[1])

/** The files of a journal in their order. */
export const journalFiles = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => NAME.test(name))
    .map((name) => join(folder, name))
    .sort((a, b) => numberOf(a) - numberOf(b))

/** Makes a folder, and those that it is in. Node's own way to do that never ends where a file system has no room for any. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: PRIVATE_FOLDER_MODE })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error
    makeFolder(dirname(folder))
    mkdirSync(folder, { mode: PRIVATE_FOLDER_MODE })
  }
}
