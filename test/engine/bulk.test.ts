// Rows in bulk: new views are given what was there before them while inserts run, each row once;
// copies replace and append; rebuilds put right what was wrong.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const SOURCE = 'SCHEMA >\n  `id` UInt32,\n  `site` String,\n  `at` DateTime\n\nENGINE "MergeTree"\n'
  + 'ENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "site"\n'
const COUNTS = 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n'

let ours: TestEngine
beforeAll(async () => { ours = await openTestEngine({ 'datasources/visits.datasource': SOURCE }) })
afterAll(() => ours.close())

let nextId = 0
const batch = (rows: number) => Array.from({ length: rows }, () => {
  const id = nextId++
  return { id, site: `s${id % 13}`, at: `2024-0${1 + id % 4}-05 00:00:00` }
})
const insert = (rows: number) => ours.insert('visits', batch(rows))

const bySite = 'SELECT site, count() AS hits FROM visits GROUP BY site ORDER BY site'
const fed = (table: string) => `SELECT site, sum(hits) AS hits FROM ${table} GROUP BY site ORDER BY site`

it('gives a new view every row once, those from before it and those that come meanwhile', async () => {
  await insert(2000)
  await ours.engine.store.flush()
  await insert(500)
  let isOver = false
  let inserted = 0
  const writers = Array.from({ length: 3 }, async () => {
    while (!isOver) {
      await insert(20)
      inserted++
    }
  })
  await ours.apply({
    'datasources/counts.datasource': COUNTS,
    'datasources/doubled.datasource': COUNTS,
    'pipes/count.pipe': 'NODE n\nSQL >\n  SELECT site, count() AS hits FROM visits GROUP BY site\n\nTYPE materialized\nDATASOURCE counts\n',
    'pipes/double.pipe': 'NODE n\nSQL >\n  SELECT site, hits * 2 AS hits FROM counts\n\nTYPE materialized\nDATASOURCE doubled\n',
  })
  const before = inserted
  while (inserted < before + 5) await new Promise((resolve) => { setTimeout(resolve, 5) })
  isOver = true
  await Promise.all(writers)
  const wanted = await ours.rows(bySite)
  expect(await ours.rows(fed('counts'))).toEqual(wanted)
  expect(await ours.rows(fed('doubled'))).toEqual(wanted.map(([site, hits]) => [site, 2 * Number(hits)]))
})

it('does not feed a view again, after changes of the project or a restart', async () => {
  await ours.apply({})
  await ours.restart()
  await insert(30)
  expect(await ours.rows(fed('counts'))).toEqual(await ours.rows(bySite))
})

it('lets a file that is on its way end before a new view begins, and the view has its rows once', async () => {
  let send = () => {}
  const held = new Promise<void>((resolve) => { send = resolve })
  const lines = (rows: number) => Buffer.from(batch(rows).map((row) => `${JSON.stringify(row)}\n`).join(''))
  let isRead = false
  const file = async function* () {
    yield lines(100)
    isRead = true
    await held
    yield lines(50)
  }
  const importing = ours.engine.import({ datasource: 'visits', chunks: file(), format: 'ndjson', isReplacing: false })
  while (!isRead) await new Promise((resolve) => { setTimeout(resolve, 5) })
  let isFed = false
  const feeding = ours.apply({
    'datasources/tripled.datasource': COUNTS,
    'pipes/triple.pipe': 'NODE n\nSQL >\n  SELECT site, count() * 3 AS hits FROM visits GROUP BY site\n\nTYPE materialized\nDATASOURCE tripled\n',
  }).then(() => { isFed = true })
  await insert(20)
  expect(isFed).toBe(false)
  send()
  expect((await importing).successful).toBe(150)
  await feeding
  await insert(7)
  const wanted = await ours.rows(bySite)
  expect(await ours.rows(fed('tripled'))).toEqual(wanted.map(([site, hits]) => [site, 3 * Number(hits)]))
  expect(await ours.rows(fed('counts'))).toEqual(wanted)
})

it('rebuilds a target that was damaged', async () => {
  await ours.engine.truncate('counts')
  await insert(10)
  expect(await ours.rows(fed('counts'))).not.toEqual(await ours.rows(bySite))
  let rowsRead = 0
  await ours.engine.rebuildView('count', (rows) => { rowsRead = rows })
  expect(await ours.rows(fed('counts'))).toEqual(await ours.rows(bySite))
  expect([[rowsRead]]).toEqual(await ours.rows('SELECT count() FROM visits'))
})

it('leaves out rows from before a view where the source says BACKFILL skip', async () => {
  await ours.apply({
    'datasources/visits.datasource': `${SOURCE}BACKFILL skip\n`,
    'datasources/later.datasource': COUNTS,
    'pipes/late.pipe': 'NODE n\nSQL >\n  SELECT site, count() AS hits FROM visits GROUP BY site\n\nTYPE materialized\nDATASOURCE later\n',
  })
  expect(await ours.rows('SELECT count() FROM later')).toEqual([[0]])
  await insert(26)
  expect(await ours.rows('SELECT sum(hits) FROM later')).toEqual([[26]])
})

it('copies a query\'s rows, as all of a data source or in addition, or nothing', async () => {
  await ours.apply({ 'datasources/kept.datasource': COUNTS })
  const copy = (sql: string, mode: 'append' | 'replace') =>
    ours.engine.copyInto({ sql, slots: [], key: null, format: 'JSON' }, 'kept', mode)
  expect(await copy(bySite, 'append')).toBe(13)
  expect(await ours.rows(fed('kept'))).toEqual(await ours.rows(bySite))
  expect(await copy('SELECT \'x\' AS site, 5 AS hits', 'append')).toBe(1)
  expect(await ours.rows('SELECT sum(hits) FROM kept WHERE site = \'x\'')).toEqual([[5]])
  expect(await copy('SELECT \'y\' AS site, 7 AS hits', 'replace')).toBe(1)
  await expect(copy('SELECT site, toUInt64(\'z\') AS hits FROM visits', 'replace')).rejects.toThrow(/z/)
  await expect(copy('SELECT 1 AS other', 'append')).rejects.toThrow(/none of the columns of kept/)
  await ours.restart()
  expect(await ours.rows('SELECT site, hits FROM kept')).toEqual([['y', 7]])
  // The table without rows is another version than the one with them: no client is told that it knows it.
  const version = () => ours.engine.versionsOf({ sql: 'SELECT count() FROM kept', slots: [], key: null, format: 'JSON' })?.text
  expect(await copy('SELECT \'z\' AS site, 8 AS hits', 'append')).toBe(1)
  const before = version()
  expect(await copy('SELECT site, hits FROM kept WHERE 0', 'replace')).toBe(0)
  expect(version()).not.toBe(before)
  expect(await ours.rows('SELECT count() FROM kept')).toEqual([[0]])
})

it('reads rows to their end that are emptied out while a rebuild reads them', async () => {
  await insert(4000)
  await ours.restart()
  const wanted = await ours.rows('SELECT count() FROM visits')
  await ours.restart() // so that no worker has the files open
  let emptied: Promise<unknown> = Promise.resolve()
  let isFirst = true
  await ours.engine.rebuildView('count', () => {
    if (isFirst) emptied = ours.engine.truncate('visits')
    isFirst = false
  })
  await emptied
  expect(await ours.rows('SELECT sum(hits) FROM counts')).toEqual(wanted)
  expect(await ours.rows('SELECT count() FROM visits')).toEqual([[0]])
})

it('leaves a view out that cannot digest the rows from before it, and says so', async () => {
  await insert(13)
  await ours.apply({
    'datasources/visits.datasource': SOURCE,
    'datasources/odd.datasource': COUNTS,
    'pipes/strange.pipe': 'NODE n\nSQL >\n  SELECT site, toUInt64(site) AS hits FROM visits\n\nTYPE materialized\nDATASOURCE odd\n',
  })
  expect(ours.engine.badViews).toMatchObject([{ pipe: 'strange', target: 'odd' }])
  const before = Number((await ours.rows('SELECT sum(hits) FROM counts'))[0][0])
  await insert(13)
  expect(await ours.rows('SELECT sum(hits) FROM counts')).toEqual([[before + 13]])
})

it('keeps no memory of an import that fails half-way', async () => {
  const { dataArena } = ours.engine as unknown as { dataArena: { usedBytes: number } } // looked at, not changed
  await ours.engine.store.flush()
  const before = dataArena.usedBytes
  const lines = `${batch(50).map((row) => JSON.stringify(row)).join('\n')}\n{"id":"no number","site":"x","at":"2024-01-05 00:00:00"}\n`
  async function* file() { yield Buffer.from(lines) }
  await expect(ours.engine.import({
    datasource: 'visits', chunks: file(), format: 'ndjson', isReplacing: true, replaceCondition: "throwIf(site = 's1') = 0",
  })).rejects.toThrow()
  expect(dataArena.usedBytes).toBe(before)
})
