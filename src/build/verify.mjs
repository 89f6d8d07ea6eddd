// `npm test`: type check, lint, all tests, in this order; the first that fails ends it.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const tool = (name) => join(root, 'node_modules', '.bin', name)

const STEPS = [
  ['type check', tool('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', tool('oxlint'), ['--config', '.oxlintrc.json', 'src', 'storage', 'bench', 'test']],
  ['tests', tool('vitest'), ['run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)]],
]

for (const [name, command, args] of STEPS) {
  const began = Date.now()
  process.stderr.write(`pipit: ${name} …\n`)
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (done.status !== 0) {
    process.stderr.write(`pipit: ${name} failed\n`)
    process.exit(done.status ?? 1)
  }
  process.stderr.write(`pipit: ${name} passed in ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
}
