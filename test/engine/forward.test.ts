// A data source whose definition changes while it has rows: by its FORWARD_QUERY, or as it is where types are
// only wider; with rows coming in, once each; or not at all.

import { afterEach, expect, it } from 'vitest'
import { isWidened } from '../../src/engine/widening.ts'
import { FORWARDED_SUFFIX } from '../../src/engine/hidden.ts'
import type { TableMeta } from '../../storage/face.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

let ours: TestEngine
afterEach(() => ours.close())

const source = (columns: string, key: string, more = '') => 'SCHEMA >\n'
  + columns.split('; ').map((column) => `  ${column}`).join(',\n') + `\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "${key}"\n${more}`
const forwarded = (query: string) => `\nFORWARD_QUERY >\n  ${query}\n`
const OLD = source('`id` UInt32; `session` String; `n` UInt16', 'id')
const NEW = '`session` UUID; `id` UInt32; `n` UInt16; `half` Float64'
const uuid = (id: number) => `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => ({ id: from + i, session: uuid((from + i) % 7), n: i, half: i / 2 }))
const FILES = {
  'datasources/ev.datasource': OLD,
  'datasources/sums.datasource': source('`session` String; `hits` UInt64', 'session').replace('MergeTree', 'SummingMergeTree'),
  'pipes/sum.pipe': 'NODE n\nSQL >\n  SELECT toString(session) AS session, count() AS hits FROM ev GROUP BY session\n\nTYPE materialized\nDATASOURCE sums\n',
}
const hits = () => ours.rows('SELECT sum(hits), uniqExact(session) FROM sums')

it('moves all rows by the FORWARD_QUERY, those that come meanwhile too, and views go on', async () => {
  ours = await openTestEngine(FILES)
  await ours.insert('ev', rows(0, 1000))
  await ours.engine.store.flush()
  await ours.insert('ev', rows(1000, 500))
  await ours.engine.delete('ev', 'id < 10', false)
  let sent = 1500
  let isOver = false
  const writers = [0, 1, 2].map(async () => {
    while (!isOver) {
      const from = sent
      sent += 5
      await ours.insert('ev', rows(from, 5))
    }
  })
  await ours.apply({ 'datasources/ev.datasource': source(NEW, 'session, id', forwarded('SELECT *, n / 2 AS half')) })
  isOver = true
  await Promise.all(writers)
  const expectRight = async () => {
    expect(await ours.rows('SELECT count(), uniqExact(id), min(id), max(id), toTypeName(any(session)), sum(half = n / 2) > 1400 FROM ev'))
      .toEqual([[sent - 10, sent - 10, 10, sent - 1, 'UUID', 1]])
    expect(await ours.rows(`SELECT count() FROM ev WHERE session = '${uuid(3)}' AND id < 1500`)).toEqual([[213]])
    expect(await hits()).toEqual([[sent, 7]])
  }
  await expectRight()
  await ours.restart()
  await expectRight()
  await ours.insert('ev', [{ id: sent++, session: uuid(1), n: 1, half: 0.5 }])
  await expectRight()
  expect(await ours.engine.verifyView('sum')).toMatchObject({ onlyFound: 7 }) // the deleted rows were counted
  expect(ours.engine.store.tables().filter(({ name }) => name.includes('__'))).toEqual([])
})

it('changes nothing where the query fails, is none, or cannot be done', async () => {
  ours = await openTestEngine(FILES)
  await ours.insert('ev', [...rows(0, 20), { id: 20, session: 'none', n: 1 }])
  const change = (text: string) => ours.apply({ 'datasources/ev.datasource': text })
  await expect(change(source(NEW, 'id', forwarded('SELECT id, toUUID(session) AS session, n'))))
    .rejects.toThrow(/ev keeps its form and its rows: its FORWARD_QUERY fails: .*UUID/)
  await expect(change(source(NEW, 'id', forwarded('SELECT id, session')))).rejects.toThrow(/FORWARD_QUERY fails: .*UUID/)
  await expect(change(source(NEW, 'id', forwarded('SELECT max(id) AS id')))).rejects.toThrow(/one row for each row/)
  for (const more of ['(SELECT max(n) FROM ev) AS n', 'n IN (SELECT n FROM ev WHERE id > 3) AS half']) {
    await expect(change(source(NEW, 'id', forwarded(`SELECT id, toUUIDOrZero(session) AS session, ${more}`)))).rejects.toThrow(/reads ev once more in a subquery/)
  }
  await expect(change(source(NEW, 'id', forwarded('SELECT id FROM ev WHERE id = 1')))).rejects.toThrow(/without FROM and WHERE/)
  await expect(change(source(NEW, 'id'))).rejects.toThrow(/column session was String and is now UUID.*FORWARD_QUERY can say/)
  await expect(change(source('`id` UInt32; `session` String; `n` UInt8', 'id'))).rejects.toThrow(/n was UInt16 and is now UInt8/)
  expect(await ours.rows('SELECT count(), toTypeName(any(session)) FROM ev')).toEqual([[21, 'String']])
  await change(OLD)
  await ours.insert('ev', rows(21, 1))
  // What a crash leaves of a move is gone after the next start.
  const { columns, ...meta } = ours.engine.store.table('ev') as TableMeta
  await ours.engine.store.createTable({ ...meta, columns, name: `ev${FORWARDED_SUFFIX}` })
  await ours.restart()
  expect(ours.engine.store.tables().filter(({ name }) => name.includes('__'))).toEqual([])
  expect(await ours.rows('SELECT count() FROM ev')).toEqual([[22]])
  expect(await hits()).toEqual([[22, 8]])
  // ... and is in no later one's way, where the disk would not let it be dropped.
  await ours.engine.store.createTable({ ...meta, columns, name: `ev${FORWARDED_SUFFIX}` })
  await change(source(NEW, 'id', forwarded("SELECT id, toUUIDOrZero(session) AS session, n, 1 AS half;")))
  expect(await ours.rows('SELECT count(), countIf(session = toUUIDOrZero(\'\')), sum(half) FROM ev')).toEqual([[22, 5, 22]])
})

it('moves nothing where another file is refused, and goes on with what has moved where another query fails', async () => {
  const other = (type: string, more = '') => source(`\`id\` UInt32; \`v\` ${type}`, 'id', more)
  ours = await openTestEngine({ ...FILES, 'datasources/other.datasource': other('String') })
  await ours.insert('ev', rows(0, 30))
  await ours.insert('other', [{ id: 1, v: 'x' }])
  const moved = source(NEW, 'id', forwarded('SELECT *, n / 2 AS half'))
  const change = (text: string) => ours.apply({ 'datasources/ev.datasource': moved, 'datasources/other.datasource': text })
  await expect(change(other('UUID'))).rejects.toThrow(/^datasources\/other.datasource:3:\d+: Data source other cannot be changed in place.*column v/)
  expect(await ours.rows('SELECT toTypeName(any(session)) FROM ev')).toEqual([['String']])
  await expect(change(other('UUID', forwarded('SELECT id, toUUID(v) AS v'))))
    .rejects.toThrow(/^datasources\/other.datasource:\d+:\d+: Data source other keeps its form and its rows: its FORWARD_QUERY fails: .*UUID/)
  await ours.insert('ev', rows(30, 10))
  expect(await ours.rows('SELECT count(), toTypeName(any(session)), sum(half) FROM ev')).toEqual([[40, 'UUID', 240]])
  expect(await hits()).toEqual([[40, 7]])
})

it('does not run the query of an earlier change again for what can be done in place', async () => {
  ours = await openTestEngine(FILES)
  await ours.insert('ev', rows(0, 10))
  const query = forwarded("SELECT id, session, n, '' AS note")
  const change = (columns: string) => ours.apply({ 'datasources/ev.datasource': source(`\`id\` UInt32; \`session\` String; ${columns}`, 'id', query) })
  await change('`n` UInt16; `note` String')
  await ours.insert('ev', rows(10, 1).map((row) => ({ ...row, note: 'kept' })))
  await change('`n` UInt16; `note` String; `more` UInt8')
  await change('`n` UInt64; `note` String; `more` UInt8')
  expect(await ours.rows("SELECT count(), countIf(note = 'kept'), sum(more), toTypeName(any(n)) FROM ev")).toEqual([[11, 1, 0, 'UInt64']])
})

it('widens types by itself', async () => {
  ours = await openTestEngine(FILES)
  await ours.insert('ev', rows(0, 30))
  await ours.apply({ 'datasources/ev.datasource': source('`id` UInt64; `session` LowCardinality(Nullable(String)); `n` Nullable(Int32)', 'id') })
  await ours.insert('ev', [{ id: 2 ** 40, session: null, n: null } as never]) // rows of the kit have no NULL
  expect(await ours.rows('SELECT count(), countIf(isNull(n)), max(id), sum(n), uniqExact(session) FROM ev')).toEqual([[31, 1, 2 ** 40, 435, 7]])
  const wide = [['UInt8', 'Int16'], ['UInt32', 'UInt32'], ['String', 'Nullable(String)'], ['Enum8(\'a\' = 1)', 'Enum16(\'a\' = 1, \'b\' = 300)'],
    ['Decimal(9, 2)', 'Decimal(18, 2)'], ['Float32', 'Nullable(Float64)'], ['FixedString(3)', 'String'], ['LowCardinality(String)', 'String']]
  const narrow = [['UInt8', 'Int8'], ['Int8', 'UInt64'], ['Nullable(String)', 'String'], ['UInt32', 'Float64'], ['Int64', 'Decimal(38, 2)'],
    ['Enum8(\'a\' = 1)', 'Enum8(\'a\' = 2)'], ['Decimal(9, 2)', 'Decimal(18, 3)'], ['String', 'FixedString(3)'], ['DateTime', 'Date']]
  expect(wide.filter(([from, to]) => !isWidened(from, to))).toEqual([])
  expect(narrow.filter(([from, to]) => isWidened(from, to))).toEqual([])
})

it('goes on knowing rows that come again by DEDUPLICATE_BY, after moves and restarts', async () => {
  const once = (columns: string, key: string, query = '', window = '24h') => source(columns, key, `DEDUPLICATE_BY "key" ${window}\n${query === '' ? '' : forwarded(query)}`)
  ours = await openTestEngine({ 'datasources/once.datasource': once('`key` String; `n` UInt32; `left` UInt8', 'key') })
  const send = async (from: number, count: number) => {
    const lines = Array.from({ length: count }, (_, i) => JSON.stringify({ key: `k${from + i}`, n: from + i, left: 1, half: 0, more: 1 })).join('\n')
    const { successfulRows, duplicateRows } = await ours.engine.insert({ datasource: 'once', body: Buffer.from(lines), format: 'ndjson', gzip: false })
    return [successfulRows, duplicateRows]
  }
  expect(await send(0, 100)).toEqual([100, 0])
  await ours.engine.store.flush()
  expect(await send(90, 30)).toEqual([20, 10])
  // Keys of a bulk write count by the manifest's word for them.
  const copied = "SELECT concat('k', toString(number)) AS key, toUInt32(number) AS n, 1 AS left FROM numbers(115, 25)"
  expect(await ours.engine.copyInto({ sql: copied, slots: [], key: null, format: 'JSON' }, 'once', 'append')).toBe(20)
  await ours.engine.delete('once', 'n < 50', false) // their keys stay known
  const change = (text: string) => ours.apply({ 'datasources/once.datasource': text })
  await expect(change(once('`key` String; `n` UInt32; `left` UInt8', 'n', "SELECT concat(key, '!') AS key, n, left"))).rejects.toThrow(/values of key become others/)
  await change(once('`n` UInt64; `key` LowCardinality(String); `half` Float64', 'n, key', 'SELECT key, n, n / 2 AS half'))
  const expectRight = async (upTo: number) => {
    expect(await ours.rows('SELECT count(), uniqExact(key), min(n), max(n) FROM once')).toEqual([[upTo - 50, upTo - 50, 50, upTo - 1]])
  }
  expect(await send(0, 150)).toEqual([10, 140])
  await expectRight(150)
  await ours.restart()
  expect(await send(0, 160)).toEqual([10, 150])
  await change(once('`n` Int32; `key` Nullable(String); `half` Float64', 'n', 'SELECT key, n, half'))
  expect(await send(100, 70)).toEqual([10, 60])
  await ours.engine.store.flush()
  await ours.restart()
  let next = 170
  let isOver = false
  const writers = [0, 1].map(async () => { while (!isOver) await send(150, ++next - 150) })
  await change(once('`n` Int64; `key` String; `half` Float64', 'key', "SELECT ifNull(key, '') AS key, n, half")).catch(async (error: Error) => {
    expect(error.message).toMatch(/values of key become others/)
    await change(once('`n` Int64; `key` Nullable(String); `half` Float64; `more` UInt8', 'key', 'SELECT *, 1 AS more'))
  })
  isOver = true
  await Promise.all(writers)
  expect(await ours.rows('SELECT count() - uniqExact(key), min(n), max(n) - min(n) + 1 - count() FROM once')).toEqual([[0, 50, 0]])
  expect((await send(0, 170))[0]).toBe(0)
})

it('knows no rows again that were truncated before a move', async () => {
  const once = (columns: string) => source(columns, 'key', 'DEDUPLICATE_BY "key" 24h')
  ours = await openTestEngine({ 'datasources/once.datasource': once('`key` String; `n` UInt32') })
  const send = async (key: string) => {
    const { successfulRows } = await ours.engine.insert({ datasource: 'once', body: Buffer.from(JSON.stringify({ key, n: 1 })), format: 'ndjson', gzip: false })
    return successfulRows
  }
  expect(await send('gone')).toBe(1)
  await ours.engine.truncate('once')
  expect(await send('there')).toBe(1)
  await ours.apply({ 'datasources/once.datasource': once('`key` String; `n` UInt64') })
  await ours.restart()
  expect([await send('there'), await send('gone')]).toEqual([0, 1])
})
