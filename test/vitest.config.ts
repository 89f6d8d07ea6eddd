import { defineConfig } from 'vitest/config'

// Files run in two processes on two cores; a test that needs a built program finds it in dist/.
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['storage/**/*.test.ts', 'src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/long/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
