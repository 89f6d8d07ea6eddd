// DEDUPLICATE_BY: a row is stored once within its window, whoever sends it again, in whatever batches,
// and what follows from it happens once.

import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'events.datasource': 'SCHEMA >\n    id String `json:$.id`,\n    n UInt32 `json:$.n`,\n    at DateTime `json:$.at` DEFAULT now()\n'
    + 'ENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY "id" 1h\n',
  'numbers.datasource': 'SCHEMA >\n    k Nullable(Int64) `json:$.k`,\n    v String `json:$.v`\nENGINE MergeTree\nENGINE_SORTING_KEY v\nDEDUPLICATE_BY k 2s\n',
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

it('refuses to append a file, which would double rows, and lets one replace them', async () => {
  const file = (query: string) => server.call('POST', `/v0/datasources?name=numbers&format=ndjson&${query}`, lines([{ k: 0, v: 'c' }, { k: 7, v: 'e' }]))
  const refused = await file('mode=append')
  expect([refused.status, refused.text]).toEqual([400, expect.stringMatching(/numbers has DEDUPLICATE_BY k.*mode=replace/)])
  expect(await server.rows('SELECT count() AS n FROM numbers')).toEqual([{ n: 3 }])
  expect((await file('mode=replace')).status).toBe(200)
  expect(await server.rows('SELECT count() AS n FROM numbers')).toEqual([{ n: 2 }])
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
  for (const name of ['events', 'events_quarantine', 'totals', 'numbers']) {
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
