// A segment that `pipit doctor --repair` has sorted anew is read as any other: by FINAL, by postings, by
// endpoints over views; and NaNs in a sorting key are in order whatever their bits.

import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import type { TableMeta } from '../../storage/face.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

let ours: TestEngine
afterEach(() => ours.close())

const problemsOf = (folder: string) => verifyStore(nodeDisk(), folder, () => {}, undefined, keyCompiler).problems

const source = (key: string) => 'SCHEMA >\n  `id` UInt32,\n  `word` String,\n  `place` String,\n  `n` UInt32\n\n'
  + `ENGINE "ReplacingMergeTree"\nENGINE_VER "n"\nENGINE_SORTING_KEY "${key}"\n`
const FILES = {
  'datasources/rows.datasource': source('word, id'),
  'datasources/sums.datasource': 'SCHEMA >\n  `place` String,\n  `total` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "place"\n',
  'pipes/sum.pipe': 'NODE n\nSQL >\n  SELECT place, sum(n) AS total FROM rows GROUP BY place\n\nTYPE materialized\nDATASOURCE sums\n',
}
// Each key twice, the second time with another version: in two segments, of which one is out of order.
const rowsOf = (version: number) => Array.from({ length: 12_000 }, (_, i) =>
  ({ id: i * 7919 % 12_000, word: `w${i % 300}`, place: `p${i * 31 % 40}`, n: version * 1_000_000 + i }))

async function answers(): Promise<unknown> {
  return await Promise.all([
    'SELECT count(), sum(n), uniqExact(id) FROM rows FINAL',
    "SELECT count(), sum(n) FROM rows FINAL WHERE place = 'p7'",
    "SELECT count(), sum(n), min(id), max(id) FROM rows WHERE word = 'w17'",
    "SELECT id, n FROM rows WHERE place = 'p3' AND word = 'w3' ORDER BY id, n LIMIT 20",
    "SELECT place, sum(total) FROM sums WHERE place IN ('p1', 'p2') GROUP BY place ORDER BY place",
  ].map((sql) => ours.rows(sql)))
}

it('answers over a segment that the doctor has sorted anew as over any other', async () => {
  ours = await openTestEngine(FILES)
  await ours.insert('rows', rowsOf(1))
  await ours.engine.store.flush()
  // The definition of the sorting key that was damaged: no segment stands in its order.
  const meta = ours.engine.store.table('rows') as TableMeta
  await ours.engine.store.alterTable({ ...meta, sortBy: ['place', 'word', 'id'] })
  await ours.apply({ 'datasources/rows.datasource': source('place, word, id') })
  await ours.insert('rows', rowsOf(2))
  await ours.engine.store.flush()
  const total = await ours.rows('SELECT count(), sum(n) FROM rows')
  const restart = ours.restart
  await ours.engine.close()
  expect(problemsOf(ours.folder)).toMatchObject([{ column: 'place', damage: null, segment: { table: 'rows', rows: 0 } }])

  const repair = spawnSync(process.execPath, [CLI, 'doctor', '--data', ours.folder, '--repair'], { encoding: 'utf8' })
  expect(repair.stdout + repair.stderr).toMatch(/sorted anew: segment \d+ of rows.*no row is gone/)
  expect(problemsOf(ours.folder)).toEqual([])
  await restart()
  expect(await ours.rows('SELECT count(), sum(n) FROM rows')).toEqual(total)
  const wanted = rowsOf(2)
  expect(await ours.rows('SELECT count(), sum(n), uniqExact(id) FROM rows FINAL'))
    .toEqual([[12_000, wanted.reduce((sum, { n }) => sum + n, 0), 12_000]])
  const before = await answers()
  // Views go on, and a merge of all of it changes nothing that FINAL shows.
  await ours.insert('rows', [{ id: 0, word: 'w0', place: 'p0', n: 9_000_000 }])
  expect(await ours.rows("SELECT sum(total) FROM sums WHERE place = 'p0'"))
    .toEqual(await ours.rows("SELECT sum(n) FROM rows WHERE place = 'p0'"))
  const after = await answers()
  expect((after as unknown[]).slice(1)).toEqual((before as unknown[]).slice(1))
  expect(await ours.engine.verifyView('sum')).toMatchObject({ onlyExpected: 0, onlyFound: 0 })
})

it('sorts NaNs of any bits last and as one key, and the doctor says so', async () => {
  ours = await openTestEngine({
    'datasources/nans.datasource': 'SCHEMA >\n  `k` Float64,\n  `id` UInt32,\n  `n` UInt32\n\n'
      + 'ENGINE "ReplacingMergeTree"\nENGINE_SORTING_KEY "k, id"\n',
  })
  await ours.engine.copyInto({
    sql: 'SELECT reinterpretAsFloat64(toUInt64(if(number % 4 = 3, 4611686018427387904, 9221120237041090560 + number % 3))) AS k, '
      + '(200 - number) % 50 AS id, number AS n FROM numbers(200)', slots: [], key: null, format: 'JSON',
  }, 'nans', 'append')
  const rows = () => ours.rows('SELECT isNaN(k), id, n FROM nans FINAL ORDER BY isNaN(k), id')
  const before = await rows()
  expect(before.filter(([isNaN]) => isNaN === 1).length).toBe(50)
  await ours.engine.store.flush()
  expect(await rows()).toEqual(before)
  expect(await ours.rows('SELECT count() FROM nans')).toEqual([[before.length]])
  expect(problemsOf(ours.folder)).toEqual([])
})
