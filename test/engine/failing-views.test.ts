// Views that fail over some rows: those rows alone are set aside, each with its reason, everything else
// of the group goes where it belongs; in every view of a source and along chains.

import { afterEach, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const source = (columns: string, engine = 'MergeTree', key = 'id') =>
  `SCHEMA >\n  ${columns}\n\nENGINE "${engine}"\nENGINE_SORTING_KEY "${key}"\n`
const view = (sql: string, target: string) => `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`

let ours: TestEngine
afterEach(() => ours.close())
const open = async (files: Readonly<Record<string, string>>) => { ours = await openTestEngine(files) }
const aside = (name: string) => ours.rows(
  `SELECT id, c__error_column[1] AS of, c__error[1] AS why FROM ${name}_quarantine ORDER BY toInt32(id), of`)

it('sets aside the rows that make a view fail, each with its reason, and no other', async () => {
  await open({
    'datasources/texts.datasource': source('`id` UInt32, `text` String'),
    'datasources/numbers.datasource': source('`id` UInt32, `number` Int32'),
    'datasources/sums.datasource': source('`even` UInt8, `total` Int64', 'SummingMergeTree', 'even'),
    'pipes/numbers_v.pipe': view('SELECT id, toInt32(text) AS number FROM texts', 'numbers'),
    'pipes/sums_v.pipe': view("SELECT id % 2 AS even, sum(toInt64(throwIf(text = 'odd', 'odd row')) + id) AS total FROM texts GROUP BY even", 'sums'),
  })
  const texts = Array.from({ length: 9_000 }, (_, id) => ({ id, text: [17, 4000, 8999].includes(id) ? `bad ${id}` : id === 5 ? 'odd' : String(id) }))
  await ours.insert('texts', texts)
  expect(await ours.rows('SELECT count() FROM texts')).toEqual([[9_000]])
  expect(await ours.rows('SELECT count(), sum(number) FROM numbers')).toEqual([[8_996, 40_495_500 - 17 - 4000 - 8999 - 5]])
  expect(await ours.rows('SELECT sum(total) FROM sums')).toEqual([[40_495_500 - 5]])
  const found = await aside('texts')
  expect(found.map(([id, of]) => [id, of])).toEqual([
    ['5', 'view numbers_v'], ['5', 'view sums_v'], ['17', 'view numbers_v'], ['4000', 'view numbers_v'], ['8999', 'view numbers_v']])
  for (const [id, of, why] of found) expect(why).toMatch(of === 'view sums_v' ? /odd row/ : id === '5' ? /odd/ : new RegExp(`bad ${id}`))
  await ours.apply({ 'pipes/numbers_v.pipe': view('SELECT id, toInt32OrZero(text) AS number FROM texts', 'numbers') })
  expect(await ours.engine.replay('texts')).toEqual({ replayed: 4, left: 1, duplicates: 0 })
  expect(await ours.rows('SELECT count() FROM numbers')).toEqual([[9_000]])
})

it('sets them aside along a chain, also of a target that the pipe makes itself and of states', async () => {
  await open({
    'datasources/a.datasource': source('`id` UInt32, `text` String'),
    'datasources/states.datasource': source('`id` UInt32, `text` String, `n` AggregateFunction(uniq, String)', 'AggregatingMergeTree'),
    'datasources/last.datasource': source('`id` UInt32, `number` Int32'),
    'pipes/own_v.pipe': 'NODE n\nSQL >\n  SELECT id, text FROM a\n\nTYPE materialized\nDATASOURCE b\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
    'pipes/states_v.pipe': view('SELECT id, text, uniqState(text) AS n FROM a GROUP BY id, text', 'states'),
    'pipes/c_v.pipe': view('SELECT id, toInt32(text) AS number FROM b', 'last'),
    'pipes/d_v.pipe': view('SELECT id, toInt32(text) AS number FROM states', 'last'),
  })
  expect(ours.engine.badViews).toEqual([])
  await ours.insert('a', [{ id: 1, text: '10' }, { id: 2, text: 'x' }, { id: 3, text: '30' }])
  expect(await ours.rows('SELECT id FROM b ORDER BY id')).toEqual([[1], [2], [3]])
  expect(await ours.rows('SELECT id, number FROM last ORDER BY id')).toEqual([[1, 10], [1, 10], [3, 30], [3, 30]])
  expect((await aside('b')).map(([id, of]) => [id, of])).toEqual([['2', 'view c_v']])
  expect((await aside('states')).map(([id, of]) => [id, of])).toEqual([['2', 'view d_v']])
  await ours.apply({ 'pipes/c_v.pipe': view('SELECT id, toInt32OrZero(text) AS number FROM b', 'last') })
  expect(await ours.engine.replay('b')).toEqual({ replayed: 1, left: 0, duplicates: 0 })
  expect(await ours.rows('SELECT id, number FROM last WHERE id = 2')).toEqual([[2, 0]])
})

it('keeps columns of a source that are called like those of a quarantine', async () => {
  await open({
    'datasources/a.datasource': 'SCHEMA >\n  `id` UInt32 `json:$.id`, `insertion_date` DateTime `json:$.insertion_date`, `c__error` String `json:$.e`\n',
    'datasources/b.datasource': source('`id` UInt32, `number` Int32'),
    'pipes/b_v.pipe': view('SELECT id, toInt32(c__error) AS number FROM a', 'b'),
  })
  const { engine } = ours
  const send = (rows: readonly object[]) => engine.insert({
    datasource: 'a', format: 'ndjson', gzip: false, body: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')) })
  await send([{ id: 1, insertion_date: 'never', e: '4' }, { id: 2, insertion_date: '2024-01-02 03:04:05', e: 'x' }, { id: 3, e: '6' }])
  const found = await ours.rows('SELECT id, insertion_date__value, c__error__value, c__error_column, insertion_date > now() - 60 FROM a_quarantine ORDER BY id')
  expect(found).toEqual([
    ['1', 'never', '4', ['insertion_date'], 1], ['2', '2024-01-02 03:04:05', 'x', ['view b_v'], 1], ['3', null, '6', ['insertion_date'], 1]])
  await ours.apply({ 'pipes/b_v.pipe': view('SELECT id, toInt32OrZero(c__error) AS number FROM a', 'b') })
  expect(await engine.replay('a')).toEqual({ replayed: 1, left: 2, duplicates: 0 })
  expect(await ours.rows('SELECT id, number FROM b')).toEqual([[2, 0]])
})
