// Rows from before a column existed show its DEFAULT, in memory, flushed, and merged with rows that have it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const file = (more: string) => ({
  'datasources/t.datasource': `SCHEMA >\n  \`id\` UInt32 \`json:$.id\`,\n  \`dflt\` String \`json:$.dflt\`${more}\n\n`
    + 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
})
const MORE = [
  "x String `json:$.x` DEFAULT 'dflt'", "lc LowCardinality(String) `json:$.lc` DEFAULT concat('a', '''b')",
  'n Nullable(Int64) `json:$.n` DEFAULT 7', "e Enum8('a' = 1, 'b' = 2) `json:$.e` DEFAULT 'b'",
  "d Date `json:$.d` DEFAULT '2024-01-02'", 'u Int128 `json:$.u` DEFAULT -5', "l Array(String) `json:$.l[:]` DEFAULT ['p', 'q']",
].map((column) => `,\n  ${column}`).join('')
const OLD = ['dflt', "a'b", 7, 'b', '2024-01-02', '-5', ['p', 'q']]
const NEW = ['own', 'y', 3, 'a', '2025-02-03', '9', ['z']]

let ours: TestEngine
beforeAll(async () => { ours = await openTestEngine(file('')) })
afterAll(() => ours.close())

const old = (id: number) => [id, ...OLD]
const mine = (id: number) => [id, ...NEW]
const rowOf = (id: number) => ({ id, dflt: '', x: 'own', lc: 'y', n: 3, e: 'a', d: '2025-02-03', u: 9, l: ['z'] })
const all = () => ours.rows('SELECT id, x, lc, n, e, d, toString(u), l FROM t ORDER BY id')

it('keeps the default of older rows through flushes and merges', async () => {
  await ours.insert('t', [{ id: 1, dflt: '' }])
  await ours.engine.store.flush()
  await ours.insert('t', [{ id: 2, dflt: '' }])
  await ours.apply(file(MORE))
  expect(await all()).toEqual([old(1), old(2)])
  await ours.engine.store.flush()
  expect(await all()).toEqual([old(1), old(2)])
  for (let id = 3; id < 20; id++) {
    await ours.insert('t', [rowOf(id)])
    await ours.engine.store.flush()
  }
  const rows = [old(1), old(2), ...Array.from({ length: 17 }, (_, index) => mine(index + 3))]
  expect(await all()).toEqual(rows)
  const segments = () => ours.engine.store.snapshot('t').rows.length
  for (let turn = 0; turn < 100 && segments() > 3; turn++) await new Promise((resolve) => { setTimeout(resolve, 50) })
  expect(segments()).toBeLessThan(10)
  expect(await all()).toEqual(rows)
}, 30_000)

it('gives it to older rows in memory that are flushed together with newer ones', async () => {
  await ours.apply(file(`${MORE},\n  z String \`json:$.z\` DEFAULT 'first'`))
  await ours.insert('t', [{ ...rowOf(100), z: 'a' }])
  await ours.apply(file(`${MORE},\n  z String \`json:$.z\` DEFAULT 'first',\n  zz String \`json:$.zz\` DEFAULT 'second'`))
  await ours.insert('t', [{ ...rowOf(101), z: 'b', zz: 'c' }])
  const rows = () => ours.rows('SELECT id, z, zz FROM t WHERE id IN (1, 3, 100, 101) ORDER BY id')
  const wanted = [[1, 'first', 'second'], [3, 'first', 'second'], [100, 'a', 'second'], [101, 'b', 'c']]
  expect(await rows()).toEqual(wanted)
  await ours.engine.store.flush()
  expect(await rows()).toEqual(wanted)
  await ours.restart()
  expect(await rows()).toEqual(wanted)
}, 30_000)

it('deletes by the default that older rows show', async () => {
  const { engine } = ours
  const living = () => ours.rows("SELECT count(), countIf(late = 'q'), countIf(late = '') FROM t")
  await ours.apply(file(`${MORE},\n  late String \`json:$.late\` DEFAULT 'q'`))
  const [[count]] = await living()
  expect(Number(count)).toBeGreaterThan(10)
  await engine.delete('t', "late = ''", false)
  expect(await living()).toEqual([[count, count, 0]])
  await engine.delete('t', "late = 'q' AND id < 10", false)
  expect(await ours.rows('SELECT count() FROM t WHERE id < 10')).toEqual([[0]])
}, 30_000)
