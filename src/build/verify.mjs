// `npm test`: type check, lint, all tests, in this order; the first that fails ends it.
// `npm run test:long`: the long tests, then the simulator, PIPIT_LONG_SECONDS (180) in all, then its tours
// (PIPIT_TOUR_SHARE=4: a fault at every fourth call only, which ones by PIPIT_SEED). Where tests are named, these
// alone.

import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const tool = (name) => join(root, 'node_modules', '.bin', name)
const isLong = process.argv.includes('--long')
const rest = process.argv.slice(2).filter((argument) => argument !== '--long')
const seed = Number(process.env.PIPIT_SEED ?? 1)
const seconds = Number(process.env.PIPIT_LONG_SECONDS ?? 180)
const tourShare = Number(process.env.PIPIT_TOUR_SHARE ?? 1)
/** Seeds of the simulator that one run may take: the next run's begin behind them. */
const SIMULATOR_SEEDS = 100_000

const STEPS = isLong ? [
  ['long tests', tool('vitest'), ['run', '--config', 'test/long/vitest.config.ts', ...rest],
    { PIPIT_LONG_SECONDS: String(Math.ceil(seconds * 2 / 3)) }],
  ['simulator', process.execPath, ['dist/simulate.js', '--seeds', String(SIMULATOR_SEEDS),
    '--from', String(seed * SIMULATOR_SEEDS), '--seconds', String(Math.ceil(seconds / 3)), '--jobs', String(availableParallelism())], {}],
  ['simulator, call by call', process.execPath, ['dist/simulate.js', '--tour',
    '--share', String(tourShare), '--first', String(seed % tourShare)], {}],
] : [
  ['type check', tool('tsc'), ['--noEmit', '-p', 'tsconfig.json'], {}],
  ['lint', tool('oxlint'), ['--config', '.oxlintrc.json', 'src', 'storage', 'bench', 'test'], {}],
  ['tests', tool('vitest'), ['run', '--config', 'test/vitest.config.ts', ...rest], {}],
]

for (const [name, command, args, env] of isLong && rest.length > 0 ? STEPS.slice(0, 1) : STEPS) {
  const began = Date.now()
  process.stderr.write(`pipit: ${name} …\n`)
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  if (done.status !== 0) {
    process.stderr.write(`pipit: ${name} failed\n`)
    process.exit(done.status ?? 1)
  }
  process.stderr.write(`pipit: ${name} passed in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
}
