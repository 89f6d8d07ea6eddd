import { defineConfig } from 'vitest/config'

// One file after the other: each starts servers of its own and loads the machine.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/long/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    hookTimeout: 120_000,
  },
})
