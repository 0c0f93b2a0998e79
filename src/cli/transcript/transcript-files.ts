import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { usageError } from '../options.ts'

/** The two files of a transcript: what the client sent and what the server sent, byte for byte. */
export interface TranscriptFiles {
  readonly input: string
  readonly output: string
}

/** The files of a transcript by its name, or by the name of one of them. */
export function transcriptFiles(name: string): TranscriptFiles {
  const stem = name.replace(/\.(in|out)$/, '')
  return { input: `${stem}.in`, output: `${stem}.out` }
}

/** Throws a usage error where a file cannot be read. */
export function readTranscriptFile(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw usageError(`${file} cannot be read: ${(error as Error).message}`)
  }
}

export const cannotBeWritten = (file: string, error: unknown): Error =>
  usageError(`${file} cannot be written: ${(error as Error).message}`)

/** Throws a usage error where a transcript is there already, unless it may be overwritten, or cannot be made. */
export function claimTranscript({ input, output }: TranscriptFiles, overwrite: boolean): void {
  const taken = [input, output].find((file) => existsSync(file))
  if (taken !== undefined && !overwrite) {
    throw usageError(`${taken} is there already: choose another name, or overwrite it with --force`)
  }
  try {
    accessSync(dirname(input), constants.W_OK)
  } catch (error) {
    throw cannotBeWritten(input, error)
  }
}
