// The thread of flushes and merges ends when it has had none for a while, and begins anew for the next.

import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { openTestEngine } from './engine-kit.ts'

const SOURCE = 'SCHEMA >\n  `id` UInt32\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n'
const rowsFrom = (first: number) => Array.from({ length: 1000 }, (_, i) => ({ id: first + i }))

it('ends the background thread at rest, and flushes by a new one', async () => {
  const ours = await openTestEngine({ 'datasources/ids.datasource': SOURCE }, { backgroundRestMs: 300 })
  try {
    const { pool, store } = ours.engine
    const atRest = { timeout: 10_000 }
    for (let turn = 0; turn < 3; turn++) {
      await ours.insert('ids', rowsFrom(turn * 1000))
      await store.flush()
      expect(pool.threads).toBe(pool.queryWorkers + 1)
      const threads = readdirSync('/proc/self/task').length
      await expect.poll(() => pool.threads, atRest).toBe(pool.queryWorkers)
      await expect.poll(() => readdirSync('/proc/self/task').length, atRest).toBeLessThan(threads)
      expect(await ours.rows('SELECT count(), sum(id) FROM ids'))
        .toEqual([[(turn + 1) * 1000, ((turn + 1) * 1000 - 1) * (turn + 1) * 500]])
    }
  } finally {
    await ours.close()
  }
})

it('keeps it while flushes come one behind another', async () => {
  const ours = await openTestEngine({ 'datasources/ids.datasource': SOURCE }, { backgroundRestMs: 1500 })
  try {
    const { pool, store } = ours.engine
    for (let turn = 0; turn < 12; turn++) {
      await ours.insert('ids', rowsFrom(turn * 1000))
      if (turn > 0) expect(pool.threads).toBe(pool.queryWorkers + 1)
      await store.flush()
      await new Promise((resolve) => { setTimeout(resolve, 200) })
    }
  } finally {
    await ours.close()
  }
})
