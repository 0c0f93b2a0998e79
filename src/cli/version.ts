import { createRequire } from 'node:module'

/** The version of the package that this file is part of. */
export const { version: VERSION } = createRequire(import.meta.url)('../../package.json') as { version: string }
