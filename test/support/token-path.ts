import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temporary-folder.ts'

/** The path of a token file in an empty folder, with a file there if there is a text for it. */
export function tokenPath(text?: string, mode = 0o600): string {
  const file = join(temporaryFolder(), 'tokens')
  if (text === undefined) return file
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

export const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
export const read = (file: string) => readFileSync(file, 'utf8')
