// Rows from before a column existed show its DEFAULT, in memory, flushed, and merged with rows that have it.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const file = (more: string) => ({
  'datasources/t.datasource': `SCHEMA >\n  \`id\` UInt32 \`json:$.id\`,\n  \`dflt\` String \`json:$.dflt\`${more}\n\n`
    + 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
})
const MORE = [
  "x String `json:$.x` DEFAULT 'dflt'", "lc LowCardinality(String) `json:$.lc` DEFAULT concat('a', '''b')",
  'n Nullable(Int64) `json:$.n` DEFAULT 7', "e Enum8('a' = 1, 'b' = 2) `json:$.e` DEFAULT 'b'",
  "d Date `json:$.d` DEFAULT '2024-01-02'", 'u Int128 `json:$.u` DEFAULT -5', "l Array(String) `json:$.l[:]` DEFAULT ['p', 'q']",
  "k UInt8 `json:$.k` DEFAULT id IN (1, 2, NULL) AND dflt NOT IN ('a', 'b')",
].map((column) => `,\n  ${column}`).join('')
const OLD = ['dflt', "a'b", 7, 'b', '2024-01-02', '-5', ['p', 'q'], 1]
const NEW = ['own', 'y', 3, 'a', '2025-02-03', '9', ['z'], 0]

let ours: TestEngine
beforeAll(async () => { ours = await openTestEngine(file('')) })
afterAll(() => ours.close())

const old = (id: number) => [id, ...OLD]
const mine = (id: number) => [id, ...NEW]
const rowOf = (id: number) => ({ id, dflt: '', x: 'own', lc: 'y', n: 3, e: 'a', d: '2025-02-03', u: 9, l: ['z'] })
const all = () => ours.rows('SELECT id, x, lc, n, e, d, toString(u), l, k FROM t ORDER BY id')

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

// What ClickHouse answers for the same steps (ALTER TABLE … ADD COLUMN, merges) is asked of it in the test.
it('makes it of the other columns of older rows, in scans, conditions, FINAL, merges and deletes, as ClickHouse does', async () => {
  const oracle = await startOracle()
  const more = ["b String DEFAULT upper(a)", 'c UInt32 DEFAULT length(b) + id', 'n Nullable(Int64) DEFAULT if(id % 2 = 0, NULL, id * 2)',
    'v UInt64 DEFAULT if(id < 300, 9, 1)', "l Array(String) DEFAULT [b, a]"]
  const source = (columns: readonly string[], engine: string) => ({
    [`datasources/${engine}.datasource`]: `SCHEMA >\n  ${['id UInt32', 'a String', ...columns].join(',\n  ')}\n\nENGINE "${engine}"\n`
      + `ENGINE_SORTING_KEY "id"\n${engine === 'ReplacingMergeTree' && columns.length > 0 ? 'ENGINE_VER "v"\n' : ''}`,
  })
  const both = async (sql: string) => {
    // With columns moved to PREWHERE it loses rows whose defaults are made of others' defaults.
    const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0, optimize_move_to_prewhere = 0`, 'JSONCompact')
    if (!answer.ok) throw new Error(answer.error)
    expect(await ours.rows(sql), sql).toEqual((JSON.parse(answer.text) as { data: unknown[] }).data)
  }
  const send = async (name: string, rows: readonly object[]) => {
    await ours.insert(name, rows)
    await oracle.query(`INSERT INTO ${name} FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
  }
  const old = (from: number) => Array.from({ length: 300 }, (_, i) => ({ id: from + i, a: `x${i % 7}` }))
  const fresh = [{ id: 5, a: 'new', b: 'own', c: 1, n: 1, v: 5, l: [] }, { id: 305, a: 'new', b: 'X1', c: 2, n: 4, v: 5, l: ['q'] }]
  try {
    for (const engine of ['MergeTree', 'ReplacingMergeTree', 'SummingMergeTree']) {
      await ours.apply(source([], engine))
      await oracle.query(`CREATE TABLE ${engine} (id UInt32, a String) ENGINE = ${engine === 'ReplacingMergeTree' ? 'MergeTree' : engine} ORDER BY id`)
      await send(engine, old(0))
      await ours.engine.store.flush()
      await send(engine, old(300))
      await ours.apply(source(more, engine))
      for (const column of more) await oracle.query(`ALTER TABLE ${engine} ADD COLUMN ${column}`)
      const looks = async (final: string) => {
        const from = `FROM ${engine}${final}`
        await both(`SELECT count(), sum(c), uniqExact(b), sum(n), countIf(n IS NULL), sum(v) ${from}`)
        await both(`SELECT * ${from} WHERE b = 'X1' ORDER BY id, a, c LIMIT 20`)
        await both(`SELECT id, l, c ${from} WHERE a = 'x3' AND c > 200 AND b != '' ORDER BY id LIMIT 20`)
        await both(`SELECT b, count(), max(c) ${from} GROUP BY b ORDER BY b`)
      }
      await looks('')
      await send(engine, fresh)
      if (engine === 'ReplacingMergeTree') {
        expect(await ours.rows(`SELECT id, b, v FROM ${engine} FINAL WHERE id IN (5, 305) ORDER BY id`)).toEqual([[5, 'X5', 9], [305, 'X1', 5]])
      } else await looks(engine === 'SummingMergeTree' ? ' FINAL' : '')
      await ours.engine.store.flush()
      if (engine === 'ReplacingMergeTree') {
        expect(await ours.rows(`SELECT id, b, v FROM ${engine} FINAL WHERE id IN (5, 305) ORDER BY id`)).toEqual([[5, 'X5', 9], [305, 'X1', 5]])
      } else await looks(engine === 'SummingMergeTree' ? ' FINAL' : '')
      if (engine !== 'MergeTree') continue
      await ours.engine.delete(engine, "b = 'X2' AND c > 10", false)
      await oracle.query(`ALTER TABLE ${engine} DELETE WHERE b = 'X2' AND c > 10 SETTINGS mutations_sync = 2`)
      await looks('')
    }
  } finally {
    await oracle.close()
  }
}, 60_000)

it('gives now() as it is when rows are merged, and takes a null for the DEFAULT of a Nullable column', async () => {
  await ours.apply({ 'datasources/m.datasource': 'SCHEMA >\n  id UInt32\n' })
  await ours.insert('m', [{ id: 1 }])
  const columns = 'id UInt32, at DateTime DEFAULT now(), n Nullable(Int32) DEFAULT 7'
  await ours.apply({ 'datasources/m.datasource': `SCHEMA >\n  ${columns}\n` })
  for (let id = 2; id < 12; id++) await ours.insert('m', [{ id, n: null }])
  const parts = () => ours.engine.store.snapshot('m').rows.length
  for (let turn = 0; turn < 100 && parts() > 8; turn++) await new Promise((resolve) => { setTimeout(resolve, 50) })
  expect(parts()).toBeLessThan(9)
  expect(await ours.rows('SELECT count(), countIf(at > now() - 600), sum(n) FROM m')).toEqual([[11, 11, 77]])
}, 30_000)
