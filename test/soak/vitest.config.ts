import { defineConfig } from 'vitest/config'

const DEFAULT_SECONDS = '60'
/** What it takes to start, to measure and to end, in milliseconds, beside the time under load. */
const BESIDE_MS = 60_000
const seconds = process.env['SOAK_SECONDS'] ?? DEFAULT_SECONDS

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    // No *.test.ts, so that the other tests do not run it.
    include: ['test/soak/soak.ts'],
    env: { SOAK_SECONDS: seconds },
    testTimeout: Number(seconds) * 1000 + BESIDE_MS,
    disableConsoleIntercept: true,
  },
})
