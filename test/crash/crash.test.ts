// A slice of the simulator, as built: `npm run simulate -- --seeds N` runs more. A failure prints the
// seed and the shortest trace that still fails.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'

const program = join(fileURLToPath(new URL('../..', import.meta.url)), 'dist', 'simulate.js')

function simulator(...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

it('holds what it acknowledged, and nothing else, whatever the disk does', async () => {
  expect(await simulator('--seeds', '3000', '--seconds', '12')).toMatch(/^(\d+ seeds, \d+ s\n)*\d\d+ seeds from 1 hold/)
}, 600_000)

it('stands a crash and an error at any call of the disk', async () => {
  // Another share of the calls each day; the long tests fail every one.
  const day = Math.floor(Date.now() / 86_400_000)
  const output = await simulator('--tour', '--share', '32', '--first', String(day))
  expect(output).toMatch(/^\d+ populates go on after a stop\n\d+ bulk writes in doubt are there once\n(a tour .*stands crash.*\n.*stands EIO.*\n.*stands ENOSPC.*\n){4}$/)
}, 600_000)

it('finds every planted bug', async () => {
  const output = await simulator('--mutants')
  expect(output.match(/^found by seed \d+: /gm)?.length, output).toBe(MUTANTS.length)
}, 600_000)
