// DEDUPLICATE_BY: a row is stored once within its window, whoever sends it again, in whatever batches,
// and what follows from it happens once.

import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'events.datasource': 'SCHEMA >\n    id String `json:$.id`,\n    n UInt32 `json:$.n`,\n    at DateTime `json:$.at` DEFAULT now()\n'
    + 'ENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY "id" 1h\n',
  'numbers.datasource': 'SCHEMA >\n    k Nullable(Int64) `json:$.k`,\n    v String `json:$.v`\nENGINE MergeTree\nENGINE_SORTING_KEY v\nDEDUPLICATE_BY k 2s\n',
  'files.datasource': 'SCHEMA >\n    id String `json:$.id`,\n    n UInt32 `json:$.n`\nENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY id 1h\n',
  'file_totals.datasource': 'SCHEMA >\n    n UInt32,\n    c UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY n\n',
  'to_file_totals.pipe': 'NODE a\nSQL >\n    SELECT n, count() AS c FROM files GROUP BY n\nTYPE materialized\nDATASOURCE file_totals\n',
  'features.datasource': 'SCHEMA >\n    k String `json:$.k`,\n    n UInt32 `json:$.n`\nENGINE MergeTree\nENGINE_SORTING_KEY k\nDEDUPLICATE_BY k 1h\n',
  'to_features.pipe': "NODE a\nSQL >\n    SELECT concat('k', toString(n)) AS k, n FROM files\nTYPE materialized\nDATASOURCE features\n",
  'again.pipe': "NODE a\nSQL >\n    SELECT concat('k', toString(number)) AS k, toUInt32(number) AS n FROM numbers(10)\nTYPE copy\nTARGET_DATASOURCE features\nCOPY_MODE append\n",
  'totals.datasource': 'SCHEMA >\n    n UInt32,\n    c UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY n\n',
  'to_totals.pipe': 'NODE a\nSQL >\n    SELECT n, count() AS c FROM events GROUP BY n\nTYPE materialized\nDATASOURCE totals\n',
})
const server = new TestServer(project, mkdtempSync(join(tmpdir(), 'pipit-dedup-')))
beforeAll(async () => { await server.start() })
afterAll(() => server.remove())

const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
const post = async (name: string, rows: readonly object[], headers: Record<string, string> = {}) => {
  const { status, text } = await server.call('POST', `/v0/events?name=${name}&wait=true`, lines(rows), headers)
  return [status, JSON.parse(text)]
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => ({ id: `e${from + index}`, n: (from + index) % 7 }))
const counts = (successful: number, duplicate: number, quarantined = 0) =>
  [200, { successful_rows: successful, quarantined_rows: quarantined, duplicate_rows: duplicate }]

async function until<T>(look: () => Promise<T>, isDone: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await look()
    if (isDone(found)) return found
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}

/** Every id once, and the view has seen each once. */
async function expectOnce(rows: number): Promise<void> {
  expect(await server.rows('SELECT count() AS n, uniqExact(id) AS u, (SELECT sum(c) FROM totals) AS c FROM events'))
    .toEqual([{ n: rows, u: rows, c: rows }])
}

it('stores each row once and counts the others', async () => {
  expect(await post('events', range(0, 50))).toEqual(counts(50, 0))
  expect(await post('events', range(0, 50))).toEqual(counts(0, 50))
  expect(await post('events', [...range(40, 60), ...range(55, 60), { id: 'e0', n: 'none' }])).toEqual(counts(10, 15, 1))
  await expectOnce(60)
  expect(await server.rows('SELECT count() AS n FROM events_quarantine')).toEqual([{ n: 1 }])
}, 180_000)

it('stores rows without a key each time', async () => {
  expect(await post('events', [{ id: '', n: 1 }, { id: '', n: 1 }])).toEqual(counts(2, 0))
  expect(await post('numbers', [{ k: null, v: 'a' }, { v: 'b' }, { k: 0, v: 'c' }, { k: 0, v: 'd' }])).toEqual(counts(3, 1))
}, 180_000)

it('stores each row of a file once, whatever the format, beside those that were sent before', async () => {
  const file = async (query: string, body: string) => {
    const { status, text } = await server.call('POST', `/v0/datasources?name=files&mode=append&${query}`, body)
    const { successful_rows, duplicate_rows, quarantined_rows } = JSON.parse(text)
    return [status, successful_rows, duplicate_rows, quarantined_rows]
  }
  expect(await post('files', range(0, 20))).toEqual(counts(20, 0))
  expect(await file('format=ndjson', lines([...range(10, 30), ...range(25, 35)]))).toEqual([200, 15, 15, 0])
  expect(await file('format=csv', ['id,n', ...range(30, 40).map(({ id, n }) => `${id},${n}`), 'e1,none'].join('\n'))).toEqual([200, 5, 5, 1])
  expect(await post('files', range(0, 41))).toEqual(counts(1, 40))
  await server.stop('SIGKILL')
  await server.start()
  expect(await file('format=ndjson', lines(range(0, 42)))).toEqual([200, 1, 41, 0])
  expect(await post('files', range(41, 43))).toEqual(counts(1, 1))
  expect(await server.rows('SELECT count() AS n, uniqExact(id) AS u, (SELECT sum(c) FROM file_totals) AS c FROM files')).toEqual([{ n: 43, u: 43, c: 43 }])
}, 180_000)

it('compares a replacement with itself alone, and forgets what it replaces', async () => {
  const replace = async (rows: readonly object[], query = '') => {
    const { text } = await server.call('POST', `/v0/datasources?name=files&format=ndjson&mode=replace${query}`, lines(rows))
    const { successful_rows, duplicate_rows } = JSON.parse(text)
    return [successful_rows, duplicate_rows]
  }
  expect(await replace([...range(0, 10), ...range(5, 12)])).toEqual([12, 5])
  expect(await post('files', range(0, 14))).toEqual(counts(2, 12))
  expect(await replace([{ id: 'e1', n: 1 }, { id: 'e1', n: 1 }], `&replace_condition=${encodeURIComponent("id = 'e1'")}`)).toEqual([1, 1])
  expect(await server.rows('SELECT count() AS n, uniqExact(id) AS u, (SELECT sum(c) FROM file_totals) AS c FROM files')).toEqual([{ n: 14, u: 14, c: 14 }])
}, 180_000)

it('stores once what a view makes of many rows, and what a copy brings again', async () => {
  const feature = (n: number, times: number) => Array.from({ length: times }, (_, index) => ({ id: `f${n}-${index}`, n }))
  await post('files', [...feature(100, 3), ...feature(101, 2)])
  await post('files', [{ id: 'late', n: 100 }])
  const seen = 'SELECT count() AS c, uniqExact(k) AS u FROM features WHERE n >= 100'
  expect(await server.rows(seen)).toEqual([{ c: 2, u: 2 }])
  await server.stop('SIGKILL')
  await server.start()
  await post('files', [{ id: 'later', n: 101 }, { id: 'new', n: 102 }])
  expect(await server.rows(seen)).toEqual([{ c: 3, u: 3 }])
  const copied = await server.call('POST', '/v0/pipes/again/copy?_mode=append')
  expect([copied.status, copied.text]).toEqual([200, expect.stringContaining('job')])
  // Seven numbers that files has had, the three of above, and what the copy alone brings.
  const [{ c, u }] = await until(async () => await server.rows('SELECT count() AS c, uniqExact(k) AS u FROM features'),
    ([row]) => Number(row.c) >= 13)
  expect([c, u]).toEqual([13, 13])
}, 180_000)

it('counts rows of a quarantine that are there already', async () => {
  const before = await server.rows('SELECT count() AS n FROM files_quarantine')
  expect(before).toEqual([{ n: 1 }])
  const { text } = await server.call('POST', '/v0/datasources/files/quarantine/replay')
  const { job } = JSON.parse(text) as { job: { id: string } }
  const done = await until(async () => JSON.parse((await server.call('GET', `/v0/jobs/${job.id}`)).text), ({ status }) => status === 'done')
  expect([done.replayed, done.left, done.duplicates]).toEqual([0, 1, 0])
}, 180_000)

/** An import that has sent all but its last row; `end()` sends it and answers. Rows are long, so that few
 * of them are as many pieces of a file as are parsed ahead. */
async function importing(name: string, rows: readonly object[]): Promise<{ end: () => Promise<Record<string, unknown>> }> {
  let finish = () => {}
  const rest = new Promise<void>((resolve) => { finish = resolve })
  let sent = () => {}
  const isSent = new Promise<void>((resolve) => { sent = resolve })
  async function* body(): AsyncGenerator<string> {
    for (const row of rows.slice(0, -1)) yield `${JSON.stringify({ ...row, pad: 'x'.repeat(8000) })}\n`
    sent()
    await rest
    yield JSON.stringify(rows[rows.length - 1])
  }
  const answer = request(`${server.url}/v0/datasources?name=${name}&format=ndjson&mode=append`, {
    method: 'POST', body: Readable.from(body()), headers: { authorization: `Bearer ${server.token}` },
  })
  await isSent
  return { end: async () => {
    finish()
    return await (await answer).body.json() as Record<string, unknown>
  } }
}

it('takes rows at once that a file on its way has, too, and the file counts them', async () => {
  const rows = Array.from({ length: 2200 }, (_, n) => ({ k: `s${n}`, n: 1_000_000 }))
  const { end } = await importing('features', rows)
  for (let n = 0; n < 300; n += 10) {
    expect(await post('features', [{ k: `s${n}`, n: 2_000_000 }, { k: `s${n}`, n: 3_000_000 }])).toEqual(counts(1, 1))
  }
  const seen = async () => (await server.rows('SELECT count() AS c, uniqExact(k) AS u, countIf(n = 2000000) AS first FROM features WHERE n >= 1000000'))[0]
  expect(await seen()).toEqual({ c: 30, u: 30, first: 30 })
  expect(await end()).toMatchObject({ successful_rows: 2170, duplicate_rows: 30 })
  expect(await seen()).toEqual({ c: 2200, u: 2200, first: 30 })
  expect(await post('features', [{ k: 's0', n: 0 }, { k: 's1', n: 0 }, { k: 's2199', n: 0 }])).toEqual(counts(0, 3))
  await server.stop('SIGKILL')
  await server.start()
  expect(await seen()).toEqual({ c: 2200, u: 2200, first: 30 })
  expect(await post('features', [{ k: 's0', n: 0 }, { k: 's1', n: 0 }, { k: 's2199', n: 0 }])).toEqual(counts(0, 3))
}, 180_000)

it('answers a replayed Idempotency-Key as the first time', async () => {
  const first = await post('events', range(58, 62), { 'idempotency-key': 'x' })
  expect(first).toEqual(counts(2, 2))
  expect(await post('events', range(58, 62), { 'idempotency-key': 'x' })).toEqual(first)
}, 180_000)

it('stores each row once of many writers with overlapping batches', async () => {
  const sent = await Promise.all(Array.from({ length: 60 }, (_, writer) => {
    const from = 1000 + writer * 37 % 400
    return post('events', range(from, from + 20 + writer % 30))
  }))
  const stored = sent.reduce((sum, [, answer]) => sum + answer.successful_rows, 0)
  const [{ c, u }] = await server.rows('SELECT count() AS c, uniqExact(id) AS u FROM events WHERE toInt32OrZero(substring(id, 2)) >= 1000')
  expect(c).toBe(u)
  expect(stored).toBe(c)
}, 180_000)

it('remembers across kills, also when the log file of the rows is gone', async () => {
  const logs = () => readdirSync(server.data).filter((name) => name.startsWith('wal-'))
  await post('events', range(5000, 5100))
  const before = logs()
  await server.stop('SIGKILL')
  await server.start()
  expect(await post('events', range(5050, 5150))).toEqual(counts(50, 50))
  for (const name of ['events', 'events_quarantine', 'totals', 'numbers', 'files', 'files_quarantine', 'file_totals', 'features']) {
    await server.call('POST', `/v0/datasources/${name}/delete?delete_condition=0`)
  }
  expect(logs().filter((name) => before.includes(name))).toEqual([])
  await server.stop('SIGKILL')
  await server.start()
  expect(await post('events', range(5000, 5151))).toEqual(counts(1, 150))
}, 180_000)

it('takes rows again after a truncate, not after a delete, and after their time', async () => {
  await server.call('POST', '/v0/datasources/events/delete?delete_condition=n%3C7')
  expect(await post('events', range(0, 5))).toEqual(counts(0, 5))
  await server.call('POST', '/v0/datasources/events/truncate')
  expect(await post('events', range(0, 5))).toEqual(counts(5, 0))
  await server.stop('SIGKILL')
  await server.start()
  expect(await post('events', range(0, 6))).toEqual(counts(1, 5))
  expect(await post('numbers', [{ k: 7, v: 'a' }, { k: -7, v: 'a' }])).toEqual(counts(2, 0))
  expect(await post('numbers', [{ k: 7, v: 'a' }])).toEqual(counts(0, 1))
  await new Promise((resolve) => { setTimeout(resolve, 2100) })
  expect(await post('numbers', [{ k: 7, v: 'a' }])).toEqual(counts(1, 0))
}, 180_000)
