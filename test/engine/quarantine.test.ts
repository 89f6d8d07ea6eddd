// Rows that did not fit, of every way in, sent again once the schema or the view was mended: each goes
// where it belongs once, and what still does not fit stays.

import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const source = (level: string, kind = '') => 'SCHEMA >\n  `id` UInt64 `json:$.id`,\n  `name` String `json:$.who.name`,\n'
  + `  \`level\` UInt8${level} \`json:$.level\`,\n  \`kind\` String${kind} \`json:$.kind\`,\n  \`tags\` Array(String) \`json:$.tags[:]\`,\n`
  + '  `prices` Array(Float64) `json:$.items[:].price`,\n  `note` Nullable(String) `json:$.note`\n'
const view = (sql: string, target: string) => `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`
const BROKEN = view('SELECT id, toUInt32(name) AS number FROM people', 'numbers')

let ours: TestEngine
beforeAll(async () => {
  ours = await openTestEngine({
    'datasources/people.datasource': source(''),
    'datasources/levels.datasource': 'SCHEMA >\n  `level` UInt8,\n  `people` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "level"\n',
    'datasources/numbers.datasource': 'SCHEMA >\n  `id` UInt64,\n  `number` UInt32\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
    'pipes/level.pipe': view('SELECT level, count() AS people FROM people GROUP BY level', 'levels'),
  })
})
afterAll(() => ours.close())

const insert = (...rows: readonly (object | string)[]) => ours.engine.insert({
  datasource: 'people', format: 'ndjson', gzip: true,
  body: gzipSync(rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n')),
})
const file = async function* (text: string) { yield Buffer.from(text) }
const people = () => ours.rows('SELECT id, name, level, tags, prices, note FROM people ORDER BY id')
const aside = () => ours.rows('SELECT id, c__error_column, c__row FROM people_quarantine ORDER BY id, c__row')
const levels = () => ours.rows('SELECT level, sum(people) FROM levels GROUP BY level ORDER BY level')

it('keeps rows of events, CSV and NDJSON whole, and the whole row where it is no object', async () => {
  expect(await insert(
    { id: 1, who: { name: 'Ann' }, level: 3, kind: 'k', tags: ['x'], items: [], note: null },
    { id: 2, who: { name: 'B "ob"' }, kind: 'k', tags: ['y', '\'z\''], items: [{ price: 1.5 }, { price: 2 }], note: 'n' },
    '{"id": 3, "who"', '["no object"]',
  )).toMatchObject({ successfulRows: 1, quarantinedRows: 3 })
  await ours.engine.import({ datasource: 'people', chunks: file('id,name,level,note\n4,Dee,5,\n5,Eve,500,\n'), format: 'csv', isReplacing: false })
  await ours.engine.import({
    datasource: 'people', chunks: file('{"id":6,"who":{"name":"Flo"},"kind":"k","tags":[],"items":[],"level":null}\n'), format: 'ndjson', isReplacing: false,
  })
  expect(await aside()).toEqual([
    ['2', ['level'], null], ['5', ['level'], null], ['6', ['level'], null], [null, [], '["no object"]'], [null, [], '{"id": 3, "who"'],
  ])
  expect(await ours.rows('SELECT count() FROM people_quarantine WHERE c__import_id IS NULL OR insertion_date < now() - 3600')).toEqual([[0]])
  expect(ours.engine.store.table('people_quarantine')?.ttl).toBe('insertion_date + toIntervalDay(30)')
})

it('replays what fits by now, with its views, once, and leaves the rest', async () => {
  expect(await ours.engine.replay('people')).toEqual({ replayed: 0, left: 5, duplicates: 0 })
  await ours.apply({ 'datasources/people.datasource': source(' DEFAULT 9') })
  expect(await ours.engine.replay('people')).toEqual({ replayed: 2, left: 3, duplicates: 0 })
  const all = [
    [1, 'Ann', 3, ['x'], [], null], [2, 'B "ob"', 9, ['y', '\'z\''], [1.5, 2], 'n'], [4, 'Dee', 5, [], [], null], [6, 'Flo', 9, [], [], null],
  ]
  expect(await people()).toEqual(all)
  expect(await levels()).toEqual([[3, 1], [5, 1], [9, 2]])
  expect((await aside()).map(([id]) => id)).toEqual(['5', null, null])
  await ours.restart()
  expect(await people()).toEqual(all)
  expect(await ours.engine.replay('people')).toEqual({ replayed: 0, left: 3, duplicates: 0 })
  expect(await people()).toEqual(all)
})

it('gives a mended view the rows that it failed over, and the source none', async () => {
  await ours.engine.truncate('people')
  await ours.apply({ 'pipes/number.pipe': BROKEN })
  expect(ours.engine.badViews).toEqual([])
  await insert({ id: 20, who: { name: '20' }, kind: 'k', tags: [], items: [] })
  await insert({ id: 21, who: { name: 'one' }, kind: 'k', tags: ['a', 'b'], items: [{ price: 0.25 }] })
  expect(await ours.rows('SELECT * FROM numbers')).toEqual([[20, 20]])
  expect(await ours.rows('SELECT id, c__error_column FROM people_quarantine WHERE id = \'21\'')).toEqual([['21', ['view number']]])
  expect(await ours.engine.replay('people')).toEqual({ replayed: 0, left: 4, duplicates: 0 })
  await ours.apply({ 'pipes/number.pipe': BROKEN.replace('toUInt32(name)', 'toUInt32OrZero(name) + toUInt32(prices[1] * 4)') })
  expect(await ours.engine.replay('people')).toEqual({ replayed: 1, left: 3, duplicates: 0 })
  expect(await ours.rows('SELECT * FROM numbers ORDER BY id')).toEqual([[20, 20], [21, 1]])
  expect(await ours.rows('SELECT count() FROM people')).toEqual([[2]])
  expect(await levels()).toEqual([[3, 1], [5, 1], [9, 4]])
})

it('replays many rows in steps, each once', async () => {
  const rows = Array.from({ length: 50_000 }, (_, id) => JSON.stringify({ id: 1000 + id, who: { name: String(id) }, level: 1, tags: [], items: [] }))
  expect(await insert(...rows)).toMatchObject({ successfulRows: 0, quarantinedRows: 50_000 })
  await ours.apply({ 'datasources/people.datasource': source(' DEFAULT 9', ' DEFAULT \'some\'') })
  expect(await ours.engine.replay('people')).toEqual({ replayed: 50_000, left: 3, duplicates: 0 })
  expect(await ours.rows('SELECT count(), uniqExact(id), sum(id) FROM people WHERE id >= 1000')).toEqual([[50_000, 50_000, 1_299_975_000]])
})
