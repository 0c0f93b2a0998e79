import { defineConfig } from 'vitest/config'
import { RunsReporter } from './runs-reporter.ts'

const DEFAULT_SECONDS = '60'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/fuzz/*.test.ts'],
    env: { FUZZ_SECONDS: process.env['FUZZ_SECONDS'] ?? DEFAULT_SECONDS },
    // One after another, so that each has the time that is meant for it.
    fileParallelism: false,
    reporters: ['default', new RunsReporter()],
  },
})
