// Rows over which a key of their data source fails were acknowledged: they are sorted, merged, deleted and read
// as others are, where the key's default stands.

import { afterEach, expect, it } from 'vitest'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

let ours: TestEngine
afterEach(() => ours.close())

const COLUMNS = 'SCHEMA >\n  `a` UInt32,\n  `b` UInt32,\n  `day` String\n\n'
const FILES = {
  'datasources/days.datasource': `${COLUMNS}ENGINE "MergeTree"\nENGINE_PARTITION_KEY "toYYYYMM(toDate(day))"\nENGINE_SORTING_KEY "toDate(day), intDiv(100, b), a"\n`,
  'datasources/last.datasource': `${COLUMNS}ENGINE "ReplacingMergeTree"\nENGINE_SORTING_KEY "intDiv(100, b), a"\n`,
  'datasources/until.datasource': `${COLUMNS}ENGINE "MergeTree"\nENGINE_SORTING_KEY "a"\nENGINE_TTL "if(b = 0, toDateTime(0), toDateTime(day) + toIntervalYear(1))"\n`,
}
const DAYS = ['2024-05-01', 'no day', '2024-06-01', '']
const rowsFrom = (first: number) => Array.from({ length: 120 }, (_, i) => ({ a: first + i, b: i % 3, day: DAYS[i % 4] }))

const state = async () => await Promise.all(['days', 'last FINAL'].map((name) =>
  ours.rows(`SELECT count(), sum(a), sum(b), countIf(day = 'no day') FROM ${name}`)))

it('keeps no row in memory because a key fails over it', async () => {
  ours = await openTestEngine(FILES)
  for (const first of [0, 10_000]) {
    for (const name of ['days', 'last']) await ours.insert(name, rowsFrom(first))
    const before = await state()
    await ours.engine.store.flush()
    expect(ours.engine.store.stats().filter(({ rowCount }) => rowCount > 0)).toMatchObject([{ parts: 0 }, { parts: 0 }])
    expect(await state()).toEqual(before)
  }
  expect(await ours.rows('SELECT count() FROM last FINAL')).toEqual([[240]])
  const { rows } = await ours.engine.store.delete('days', "day = 'no day' AND b = 0", false)
  expect(rows).toBe(20)
  // A column whose DEFAULT fails over rows of before, beside rows that have it.
  await ours.insert('days', rowsFrom(20_000))
  await ours.apply({ 'datasources/days.datasource': FILES['datasources/days.datasource'].replace('\n\nENGINE', ',\n  `c` UInt32 DEFAULT intDiv(6, b)\n\nENGINE') })
  await ours.insert('days', rowsFrom(30_000).map((row) => ({ ...row, c: 5 })))
  await ours.engine.store.flush()
  expect(await ours.rows('SELECT c, count() FROM days WHERE a >= 20000 GROUP BY c ORDER BY c')).toEqual([[0, 40], [3, 40], [5, 120], [6, 40]])
  await ours.engine.close()
  expect(verifyStore(nodeDisk(), ours.folder, () => {}, undefined, keyCompiler).problems).toEqual([])
})

it('shows rows over which the TTL fails or is 0, which a merge keeps', async () => {
  ours = await openTestEngine(FILES)
  for (const first of [0, 1000]) await ours.insert('until', rowsFrom(first))
  const inSight = async () => await ours.rows('SELECT b = 0, day, count() FROM until GROUP BY ALL ORDER BY ALL')
  const wanted = [[0, '', '40'], [0, 'no day', '40'], ...[...DAYS].sort().map((day) => [1, day, '20'])]
  expect((await inSight()).map(([isFree, day, count]) => [isFree, day, String(count)])).toEqual(wanted)
  await ours.engine.store.flush()
  expect((await inSight()).map(([isFree, day, count]) => [isFree, day, String(count)])).toEqual(wanted)
})
