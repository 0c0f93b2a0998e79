import { defineConfig } from 'vitest/config'
import { TableReporter } from './table-reporter.ts'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/withstand/*.test.ts'],
    env: { WITHSTAND: 'full' },
    // One after another: what is measured here is not to be disturbed by the rest.
    fileParallelism: false,
    reporters: ['dot', new TableReporter()],
  },
})
