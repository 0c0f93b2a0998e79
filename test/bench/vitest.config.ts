import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    benchmark: { include: ['test/bench/*.bench.ts'] },
    fileParallelism: false,
    // What is measured runs as Node alone would run it: as vitest rewrites modules, they are up to ten times as slow.
    server: { deps: { external: [/\/dist-bench\//] } },
  },
})
