// The harness itself: answers, errors that do not leak, and a child that dies.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle } from './oracle.ts'
import type { Oracle } from './oracle.ts'

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
})
afterAll(() => oracle.close())

it('answers in the asked format, in the order asked', async () => {
  const answers = await Promise.all([1, 2, 3].map((n) => oracle.query(`SELECT ${n}`, 'CSV')))
  expect(answers).toEqual([1, 2, 3].map((n) => ({ ok: true, text: `${n}\n` })))
})

it('says the error of a failed query and nothing of it in the next answer', async () => {
  const failed = await oracle.query('SELECT throwIf(number = 3) FROM numbers(10)')
  expect(failed).toMatchObject({ ok: false, error: expect.stringContaining('throwIf') })
  expect(await oracle.query('SELECT 7', 'CSV')).toEqual({ ok: true, text: '7\n' })
})

it('runs in UTC without the two wrong rewrites', async () => {
  const settings = `SELECT getSetting('session_timezone'),
    getSetting('optimize_arithmetic_operations_in_aggregate_functions'),
    getSetting('optimize_rewrite_aggregate_function_with_if')`
  expect(await oracle.query(settings, 'TSV')).toEqual({ ok: true, text: 'UTC\tfalse\tfalse\n' })
})

it('starts a new child after one died, and keeps its tables', async () => {
  await oracle.query('CREATE TABLE kept (a Int32) ENGINE = MergeTree ORDER BY a', 'CSV')
  await oracle.query('INSERT INTO kept VALUES (5)', 'CSV')
  // Private: only this test ends it from outside.
  const child = (oracle as unknown as { child: { kill(signal: string): void } }).child
  const interrupted = oracle.query('SELECT sleep(3)', 'CSV')
  child.kill('SIGKILL')
  expect(await interrupted).toMatchObject({ ok: false })
  expect(await oracle.query('SELECT a FROM kept', 'CSV')).toEqual({ ok: true, text: '5\n' })
})
