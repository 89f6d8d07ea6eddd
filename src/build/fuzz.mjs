// `npm run fuzz -- [--queries N] [--seed S]`: random queries against the oracle; a failure prints the
// smallest query found, and the seed that finds it again.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const { values } = parseArgs({ options: { queries: { type: 'string' }, seed: { type: 'string' } } })
const env = {
  ...process.env, FUZZ_QUERIES: values.queries ?? '2000',
  FUZZ_SEED: values.seed ?? String(Math.floor(Date.now() / 3_600_000)),
}
const done = spawnSync(join(root, 'node_modules', '.bin', 'vitest'),
  ['run', '--config', 'test/long/vitest.config.ts', 'test/long/fuzz.test.ts'], { cwd: root, stdio: 'inherit', env })
process.exit(done.status ?? 1)
