import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { helpersAmong } from './helper-threads.ts'

it('tells the helpers by when threads began, and then by their numbers', () => {
  // As Node 20 begins them: V8's delayed tasks, four helpers, the inspector's, four of libuv's.
  const threads = [9, 8, 7, 10, 6, 1, 5, 4, 3, 2].map((id) => ({ id: 100 + id, began: id <= 5 ? 282 : 286 }))
  expect(helpersAmong([...threads, { id: 100, began: 257 }], 100)).toEqual([102, 103, 104, 105])
  // Where numbers begin anew at the largest.
  expect(helpersAmong([{ id: 4, began: 20 }, { id: 9, began: 10 }, { id: 7, began: 10 }, { id: 8, began: 10 }, { id: 90, began: 9 }], 90)).toEqual([8, 9, 4])
})

/** In a process that has just begun: lowers them, then has V8 compile; prints each thread's priority and what it used. */
const SCRIPT = `
const { readdirSync, readFileSync } = require('node:fs')
const { getPriority } = require('node:os')
const used = (id) => Number(readFileSync('/proc/self/task/' + id + '/schedstat', 'latin1').split(' ')[0])
const others = readdirSync('/proc/self/task').map(Number).filter((id) => id !== process.pid)
const before = new Map(others.map((id) => [id, used(id)]))
for (let i = 0; i < 300; i++) {
  const hot = new Function('n', 'let sum = ' + i + '; for (let k = 0; k < n; k++) sum = (sum + k * ' + i + ') | 0; return sum')
  for (let k = 0; k < 300; k++) hot(400)
}
console.log(JSON.stringify(others.map((id) => ({ nice: getPriority(id), used: used(id) - before.get(id) }))))
`

it.runIf(process.platform === 'linux' && process.versions.v8.startsWith('11.3.'))('lowers those alone that compile', async () => {
  const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
  const code = `process.argv[1] = ''; await import(${JSON.stringify(cli)}); const { createRequire } = await import('node:module'); `
    + `new Function('require', 'process', ${JSON.stringify(SCRIPT)})(createRequire(import.meta.url), process); process.exit(0)`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code])
  const threads = JSON.parse(stdout.slice(stdout.indexOf('[{'))) as { nice: number; used: number }[] // as SCRIPT prints them
  expect(threads.filter(({ nice }) => nice > 0)).toHaveLength(4)
  const compiled = (isLow: boolean) => threads.reduce((sum, { nice, used }) => sum + (nice > 0 === isLow ? used : 0), 0)
  expect(compiled(true)).toBeGreaterThan(compiled(false))
})
