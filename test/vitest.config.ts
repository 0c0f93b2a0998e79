import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    // No test depends on time; this is for machines that are slow, or busy.
    testTimeout: 60_000,
    coverage: {
      include: ['src/**'],
      // The program's own files run in processes of their own, which coverage does not see.
      exclude: ['src/cli/{main,serve,send}.ts', 'src/cli/script/{run,check}.ts'],
      thresholds: { lines: 90, statements: 90, branches: 90, functions: 90 },
    },
  },
})
