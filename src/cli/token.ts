import { readFileSync } from 'node:fs'
import { type Credentials, readCredentials, sharedBy } from '../server/identities.ts'
import { problemOfToken } from '../server/token.ts'
import { checkPermissions } from '../server/token-file.ts'
import { type Option, type ParsedArguments, usageError } from './options.ts'

/** The token of the file, or else of the environment. A last newline of the file is not part of it. */
export function readToken(
  { options }: ParsedArguments,
  fromEnvironment = process.env['SKYLINE_TOKEN'],
): string | undefined {
  const file = options.get('token-file')
  const source = file === undefined ? 'SKYLINE_TOKEN' : `--token-file ${file}`
  const token = file === undefined ? fromEnvironment : readFile(String(file)).replace(/\r?\n$/, '')
  const problem = token === undefined ? undefined : problemOfToken(token)
  if (problem !== undefined) throw usageError(`${source}: ${problem}`)
  return token
}

/** Who may come: of the file, one token that all share, or names; or the token of the environment; or anybody. */
export function readServerCredentials(parsed: ParsedArguments): Credentials {
  const file = parsed.options.get('token-file')
  if (file === undefined) return sharedBy(readToken(parsed))
  const text = readFile(String(file))
  try {
    return readCredentials(text)
  } catch (error) {
    throw usageError(`--token-file ${file}: ${(error as Error).message.replace(/^line 1: (?=the token)/, '')}`)
  }
}

/** Why a token file is open to others than its owner, if it is. */
export function problemOfTokenFile({ options }: ParsedArguments): string | undefined {
  const file = options.get('token-file')
  return file === undefined ? undefined : checkPermissions(String(file))
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(`--token-file cannot be read: ${(error as Error).message}`)
  }
}

/** For a server. */
export const TOKEN_OPTION: Option = {
  name: 'token-file',
  value: 'FILE',
  help: 'the token that HELLO must bring, or those of skyline token (or SKYLINE_TOKEN)',
}

/** For a client. */
export const OWN_TOKEN_OPTION: Option = {
  name: 'token-file',
  value: 'FILE',
  help: 'the token to say HELLO with (or SKYLINE_TOKEN)',
}
