// A new view is given what its source holds by work that goes on after a stop, can be cancelled, and is
// begun anew where what it has read is not what there is any more. Each row counts once in every case.

import { afterEach, expect, it } from 'vitest'
import type { FeedWork } from '../../src/engine/engine.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const SOURCE = 'SCHEMA >\n  `id` UInt32,\n  `site` String,\n  `at` DateTime\n\nENGINE "MergeTree"\n'
  + 'ENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "site"\n'
const COUNTS = 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n'
const view = (sql: string, target: string) => `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`
const VIEWS = {
  'counts.datasource': COUNTS, 'doubled.datasource': COUNTS,
  'count.pipe': view('SELECT site, count() AS hits FROM visits GROUP BY site', 'counts'),
}
const DOUBLE = { 'double.pipe': view('SELECT site, hits * 2 AS hits FROM counts', 'doubled') }
const SEGMENTS = 6

let ours: TestEngine
afterEach(() => ours.close())

let nextId = 0
const rows = (count: number) => Array.from({ length: count }, () => {
  const id = nextId++
  return { id, site: `s${id % 13}`, at: `2024-0${1 + id % SEGMENTS}-05 00:00:00` }
})

/** A source of some segments, and a view on it that waits. */
async function waiting(views: Readonly<Record<string, string>> = VIEWS): Promise<FeedWork[]> {
  ours = await openTestEngine({ 'visits.datasource': SOURCE, 'doubled.datasource': COUNTS, ...DOUBLE, 'counts.datasource': COUNTS }, { saveMs: 0 })
  await ours.insert('visits', rows(600))
  await ours.engine.store.flush()
  const feeds: FeedWork[] = []
  await ours.apply(views, (feed) => { feeds.push(feed) })
  return feeds
}

const bySite = (table: string, hits: string) => ours.rows(`SELECT site, ${hits} FROM ${table} GROUP BY site ORDER BY site`)

async function expectRight(): Promise<void> {
  expect(await bySite('counts', 'sum(hits)')).toEqual(await bySite('visits', 'count()'))
  expect(await bySite('doubled', 'sum(hits)')).toEqual(await bySite('visits', 'count() * 2'))
}

it('goes on where it was after a stop, however often, and after the rest of its rows each is there once', async () => {
  let [feed] = await waiting()
  const began: number[] = []
  for (let stops = 0; stops < 2; stops++) {
    let looks = 0
    const ended = feed.run({ onProgress: (read) => {
      if (looks++ === 0) began.push(read)
      else ours.engine.stopFeeds()
    } })
    await expect(ended).rejects.toThrow(/goes on after the next start/)
    expect(await ours.rows('SELECT count() FROM counts')).toEqual([[0]])
    await ours.insert('visits', rows(50))
    const feeds: FeedWork[] = []
    await ours.restart((one) => { feeds.push(one) })
    feed = feeds[0]
  }
  expect(began[0]).toBe(100)
  expect(began[1]).toBe(200)
  await feed.run({})
  await expectRight()
  await ours.insert('visits', rows(5))
  await ours.restart()
  await expectRight()
})

it('keeps nothing where it is cancelled, and a rebuild gives the view its rows', async () => {
  const [feed] = await waiting()
  let cancel = () => {}
  await expect(feed.run({ onCancel: (own) => { cancel = own }, onProgress: (read) => { if (read > 0) cancel() } })).rejects.toThrow(/cancelled/)
  expect(ours.engine.badViews).toMatchObject([{ pipe: 'count', message: expect.stringMatching(/mv rebuild count/) as string }])
  await ours.insert('visits', rows(5))
  expect(await ours.rows('SELECT count() FROM counts')).toEqual([[0]])
  await ours.engine.rebuildView('count')
  expect(ours.engine.badViews).toEqual([])
  await expectRight()
})

it('begins anew where the view or what follows from it has changed, and leaves nothing of the old', async () => {
  const [feed] = await waiting()
  await expect(feed.run({ onProgress: (read) => { if (read > 0) ours.engine.stopFeeds() } })).rejects.toThrow()
  await ours.apply({ 'count.pipe': view('SELECT site, count() + 0 AS hits FROM visits GROUP BY site', 'counts') })
    .catch((error: Error) => expect(error.message).toMatch(/next start/))
  let began = -1
  const feeds: FeedWork[] = []
  await ours.restart((one) => { feeds.push(one) })
  await feeds[0].run({ onProgress: (read) => { began = began < 0 ? read : began } })
  expect(began).toBe(100)
  await expectRight()
})

it('feeds a view once where the project is applied again meanwhile', async () => {
  const [feed] = await waiting()
  let again: Promise<void> = Promise.resolve()
  const next: FeedWork[] = []
  let looks = 0
  const ended = feed.run({ onProgress: () => { if (looks++ === 1) again = ours.apply({}, (one) => { next.push(one) }) } })
  await ended.catch((error: Error) => expect(error.message).toMatch(/project changed/))
  await again
  await next[0].run({})
  await next[0].run({})
  await expectRight()
})

it('begins anew where the rows that it has read are replaced meanwhile', async () => {
  const [feed] = await waiting()
  let isReplaced = false
  let replacing: Promise<unknown> = Promise.resolve()
  const csv = `id,site,at\n${rows(40).map(({ id, site, at }) => `${id},${site},${at}`).join('\n')}\n`
  async function* file() { yield Buffer.from(csv) }
  await feed.run({ onProgress: (read) => {
    if (read > 0 && !isReplaced) replacing = ours.engine.import({ datasource: 'visits', chunks: file(), format: 'csv', isReplacing: true })
    isReplaced ||= read > 0
  } })
  await replacing
  expect(await ours.rows('SELECT count() FROM visits')).toEqual([[40]])
  await expectRight()
})

const KEYED = `SCHEMA >\n  \`id\` UInt32,\n  \`site\` String\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "site"\nDEDUPLICATE_BY "id" 24h\n`
const KEYED_VIEWS = { 'to_once.pipe': view('SELECT id, site FROM visits', 'once') }

const stored = () => verifyStore(nodeDisk(), ours.folder, () => {}, undefined, keyCompiler)

/** A populate of a data source that tells its rows apart, stopped half-way; answers the next start's. */
async function stoppedHalfway(files: Readonly<Record<string, string>>): Promise<FeedWork> {
  const [feed, ...others] = await waiting({ 'once.datasource': KEYED, ...KEYED_VIEWS, ...files })
  for (const other of others) await other.run({}) // they run beside it from here on
  await expect(feed.run({ onProgress: (read) => { if (read > 200) ours.engine.stopFeeds() } })).rejects.toThrow(/next start/)
  expect(stored().problems).toEqual([])
  const feeds: FeedWork[] = []
  await ours.restart((one) => { feeds.push(one) })
  return feeds.find(({ pipe }) => pipe === 'to_once') as FeedWork
}

const readFirst = async (feed: FeedWork): Promise<number> => {
  let first = -1
  await feed.run({ onProgress: (read) => { first = first < 0 ? read : first } })
  return first
}

it('goes on with rows that are told apart by a key, whoever has stored some of them meanwhile', async () => {
  const feed = await stoppedHalfway({})
  const [[id]] = await ours.rows("SELECT min(id) FROM visits WHERE toMonth(at) = 1") as [[number]]
  await ours.insert('once', [{ id, site: 'by another way' }])
  expect(await readFirst(feed)).toBe(300)
  expect(await ours.rows('SELECT count(), uniqExact(id), countIf(site = \'by another way\') FROM once')).toEqual([[600, 600, 1]])
  const known = await ours.engine.insert({
    datasource: 'once', body: Buffer.from(JSON.stringify({ id: id + 1, site: 'again' })), format: 'ndjson', gzip: false })
  expect([known.successfulRows, known.duplicateRows]).toEqual([0, 1])
})

it('begins anew where such a row can not be taken out again, as another view has seen it', async () => {
  const feed = await stoppedHalfway({
    'seen.datasource': COUNTS, 'see.pipe': view('SELECT site, count() AS hits FROM once GROUP BY site', 'seen') })
  const [[id]] = await ours.rows("SELECT min(id) FROM visits WHERE toMonth(at) = 1") as [[number]]
  await ours.insert('once', [{ id, site: 'by another way' }])
  expect(await readFirst(feed)).toBe(100)
  expect(await ours.rows('SELECT count(), uniqExact(id), (SELECT sum(hits) FROM seen) FROM once')).toEqual([[600, 600, 600]])
})

const combining = (engine: string) => KEYED.replace('MergeTree', engine)

it.each([['ReplacingMergeTree', 'count() = 13'], ['SummingMergeTree', 'sum(hits) = 600']])(
  'goes on with rows that are told apart by a key and combined (%s), of which it knows all keys', async (engine, isWhole) => {
    const feed = await stoppedHalfway({
      'once.datasource': combining(engine).replace('`site` String', '`site` String,\n  `hits` UInt64'),
      'to_once.pipe': view('SELECT id, site, 1 AS hits FROM visits', 'once') })
    expect(await readFirst(feed)).toBe(300)
    expect(await ours.rows(`SELECT ${isWhole} FROM once FINAL`)).toEqual([[1]])
    const again = await ours.rows('SELECT id, site, 1 FROM visits WHERE toMonth(at) IN (1, 6) ORDER BY id')
    const { successfulRows, duplicateRows } = await ours.engine.insert({ datasource: 'once', format: 'ndjson', gzip: false,
      body: Buffer.from(again.map(([id, site, hits]) => JSON.stringify({ id, site, hits })).join('\n')) })
    expect([successfulRows, duplicateRows]).toEqual([0, 200])
    // A merge that is under way has a file that nothing names yet.
    await expect.poll(() => { const { leftovers, problems } = stored(); return [leftovers, problems] }).toEqual([[], []])
  })

it('begins anew where a row that was combined has come by another way meanwhile', async () => {
  const feed = await stoppedHalfway({ 'once.datasource': combining('ReplacingMergeTree') })
  const [[id]] = await ours.rows('SELECT min(id) FROM visits WHERE toMonth(at) = 1') as [[number]]
  await ours.insert('once', [{ id, site: 'by another way' }])
  expect(await readFirst(feed)).toBe(100)
  expect(await ours.rows('SELECT count(), countIf(site = \'by another way\') FROM once FINAL')).toEqual([[14, 1]])
})

// chdb: an INSERT SELECT reads all rows in every mention of the table; rows that are inserted later see their own block.
it('shows a view all rows of its trigger where it reads that once more, and later rows those they come with', async () => {
  const [...feeds] = await waiting({
    'shares.datasource': 'SCHEMA >\n  `id` UInt32,\n  `of` UInt64\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
    'share.pipe': view('SELECT a.id AS id, b.of AS of FROM visits AS a JOIN (SELECT site, count() AS of FROM visits GROUP BY site) AS b USING site', 'shares'),
    'newest.datasource': 'SCHEMA >\n  `id` UInt32\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
    'new.pipe': view('SELECT id FROM visits WHERE id = (SELECT max(id) FROM visits) OR id IN (SELECT min(id) FROM visits)', 'newest'),
  })
  const sums = () => ours.rows('SELECT (SELECT count() FROM shares), (SELECT sum(of) FROM shares), (SELECT count() FROM newest)')
  const [[expected]] = await ours.rows('SELECT sum(n * n) FROM (SELECT count() AS n FROM visits GROUP BY site)')
  await expect(feeds[0].run({ onProgress: (read) => { if (read > 200) ours.engine.stopFeeds() } })).rejects.toThrow(/next start/)
  const left: FeedWork[] = []
  await ours.restart((one) => { left.push(one) })
  for (const feed of left) await feed.run({})
  expect(await sums()).toEqual([[600, expected, 2]])
  await ours.insert('visits', rows(26)) // twice each of 13
  expect(await sums()).toEqual([[626, Number(expected) + 52, 4]])
  await ours.engine.rebuildView('share')
  const [[now]] = await ours.rows('SELECT sum(n * n) FROM (SELECT count() AS n FROM visits GROUP BY site)')
  expect(await sums()).toEqual([[626, now, 4]])
})

it('gives rows of a segment that one query has no room for, piece by piece: to a view, to a table that is moved', async () => {
  const wide = (columns: string, more = '') => `SCHEMA >\n  ${columns}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n${more}`
  ours = await openTestEngine({ 'wide.datasource': wide('`id` UInt32, `text` String') }, { queryBytes: 6 * 2 ** 20 })
  const count = 40_000
  await ours.insert('wide', Array.from({ length: count }, (_, id) => ({ id, text: `${id}`.padStart(150, 'abc') })))
  await ours.engine.store.flush()
  await ours.engine.delete('wide', 'id BETWEEN 8000 AND 19999 OR id % 1000 = 7', false)
  const sums = (table: string, where = '1') => ours.rows(`SELECT count(), sum(toUInt64(id)), sum(cityHash64(toUInt32(id), text)) FROM ${table} WHERE ${where}`)
  const expected = await sums('wide')
  expect(expected[0][0]).toBe(count - 12_000 - 28)
  await ours.apply({
    'copied.datasource': wide('`id` UInt32, `text` String, `twice` UInt64'),
    'copy.pipe': view('SELECT id, text, id * 2 AS twice FROM wide WHERE text != \'\'', 'copied'),
    'grouped.datasource': wide('`id` UInt32, `text` String').replace('MergeTree', 'ReplacingMergeTree'),
    'group.pipe': view('SELECT id, any(text) AS text FROM wide GROUP BY id', 'grouped'),
  })
  expect(ours.engine.badViews).toEqual([])
  for (const table of ['copied', 'grouped']) expect(await sums(table)).toEqual(expected)
  // Rows in memory, too.
  await ours.insert('wide', [{ id: count, text: 'late' }])
  const copied = (sql: string) => ours.engine.copyInto({ sql, slots: [], key: null, format: 'JSON' }, 'copied', 'replace')
  expect(await copied('SELECT id, text, id * 3 AS twice FROM wide')).toBe(count - 12_027)
  expect(await sums('copied', `id < ${count} AND twice = id * 3`)).toEqual(expected)
  await ours.engine.delete('wide', `id = ${count}`, false)
  await ours.apply({ 'wide.datasource': wide('`id` UInt64, `text` String, `half` Float64', 'FORWARD_QUERY >\n  SELECT id, text, id / 2 AS half\n') })
  expect(await sums('wide', 'half * 2 = id')).toEqual(expected)
})
