import { defineConfig } from 'vitest/config'

// The long tests: many seeds, real kills, soak. PIPIT_LONG_MINUTES bounds them, PIPIT_SEED rotates.
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/long/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 30 * 60_000,
    hookTimeout: 120_000,
  },
})
