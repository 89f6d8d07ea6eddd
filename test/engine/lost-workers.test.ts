// A worker thread that dies (of its heap, say) takes nobody with it: whoever waited for it is told, and others go on.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLocalEngine, type LocalEngine } from '../../src/engine/local.ts'

const folder = mkdtempSync(join(tmpdir(), 'pipit-lost-'))
let engine: LocalEngine
beforeAll(async () => { engine = await openLocalEngine({ folder, limits: { queryWorkers: 2 } }) })
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const query = async (sql: string): Promise<string> => {
  const { body } = await engine.query({ sql, slots: [], key: null, format: 'TabSeparated' })
  return Buffer.from(body).toString().trim()
}
const SMALL = 'SELECT sum(number) FROM numbers(3000000)'
/** Seconds of work, of which the first worker is asked and the other helps. */
const LONG = 'SELECT count() FROM (SELECT sipHash64(number) AS x, cityHash64(x) AS y FROM numbers(400000000) WHERE x % 7 = y % 5)'

/** Ends a worker as a crash would. */
async function lose(index: number): Promise<void> {
  const { seats } = engine.pool as unknown as { readonly seats: readonly { readonly worker: Worker }[] } // nobody else ends one
  await seats[index].worker.terminate()
}

it.each([['the worker that was asked', 0], ['one that helps it', 1]] as const)('of a query %s', async (_, index) => {
  expect(await query(SMALL)).toBe('4499998500000')
  const used = engine.pool.queriesRunning
  const long = query(LONG).then(() => 'an answer', (error: Error) => error.message)
  await new Promise((resolve) => { setTimeout(resolve, 700) })
  await lose(index)
  expect(await long).toMatch(/^A worker was lost/)
  for (let turn = 0; turn < 4; turn++) expect(await Promise.all([query(SMALL), query(SMALL)])).toEqual(['4499998500000', '4499998500000'])
  expect(engine.pool.queriesRunning).toBe(used)
}, 30_000)

it('cancels nobody else when a query is cancelled that is over', async () => {
  const { pool } = engine
  const ask = pool.query.bind(pool)
  const cancels: (() => void)[] = []
  pool.query = (work, onStart) => ask(work, (cancel) => {
    cancels.push(cancel)
    onStart?.(cancel)
  })
  expect(await query(SMALL)).toBe('4499998500000')
  pool.query = ask
  const { cancelFlags } = pool as unknown as { readonly cancelFlags: Int32Array } // a private field
  const before = [...cancelFlags]
  for (const cancel of cancels) cancel()
  expect(cancels).toHaveLength(1)
  expect([...cancelFlags]).toEqual(before)
})
