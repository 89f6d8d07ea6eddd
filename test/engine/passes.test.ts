// A GROUP BY whose groups have no room is answered in passes over its rows, by all workers, and leaves nothing behind.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { openLocalEngine, type LocalEngine } from '../../src/engine/local.ts'
import { loadProject } from '../../src/project/load.ts'

const MiB = 2 ** 20
/** Of a query in each worker: a part of its groups. */
const LITTLE = 24 * MiB
const ROWS = 400_000
const CALLS = 2
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pipit-passes-'))

let engine: LocalEngine
beforeAll(async () => {
  // Shared memory for less than what the calls need together.
  engine = await openLocalEngine({ folder, limits: { queryWorkers: 3, dataBytes: 128 * MiB, queryMs: 120_000 } })
  await engine.applyProject(loadProject(example).project)
  const generator = new EventGenerator('app_events', ROWS)
  for (let sent = 0; sent < ROWS; sent += 25_000) {
    await engine.insert({ datasource: 'app_events', body: Buffer.from(generator.next(25_000)), format: 'ndjson', gzip: false })
  }
  await engine.store.flush()
}, 120_000)
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const ask = async (sql: string, memoryBytes?: number, explain = false): Promise<{ text: string; peakBytes: number; rowsRead: number }> => {
  const { body, peakBytes, rowsRead } = await engine.query({ sql, slots: [], key: null, format: 'JSONCompact', memoryBytes, explain })
  const text = Buffer.from(body).toString()
  if (explain) return { peakBytes, rowsRead, text }
  const { data }: { readonly data: unknown } = JSON.parse(text)
  return { peakBytes, rowsRead, text: JSON.stringify(data) }
}

const SESSIONS = 'SELECT concat(session_id, event_id) AS s, user_id, min(timestamp) AS a, max(timestamp) AS b, count() AS n, device_type, browser, os, location '
  + 'FROM app_events GROUP BY s, user_id, device_type, browser, os, location HAVING b >= a ORDER BY a DESC, s LIMIT 100'

it.each([
  SESSIONS,
  'SELECT count(), sum(n), uniqExact(u) FROM (SELECT concat(session_id, event_id) AS s, user_id AS u, count() AS n FROM app_events GROUP BY s, u)',
  "SELECT s, count() FROM (SELECT concat(session_id, event_id) AS s FROM app_events WHERE user_id IN (SELECT user_id FROM app_events WHERE event_type = 'error') "
  + "UNION ALL SELECT concat(session_id, '!', event_id) FROM app_events) GROUP BY s ORDER BY count() DESC, s LIMIT 10",
])('answers as with much memory, call after call: %s', async (sql) => {
  const wanted = await ask(sql)
  for (let call = 0; call < CALLS; call++) {
    const { text, peakBytes, rowsRead } = await ask(sql, LITTLE)
    expect(text).toBe(wanted.text)
    expect(peakBytes).toBeLessThanOrEqual(LITTLE)
    expect(rowsRead).toBe(wanted.rowsRead)
  }
  expect((await ask(sql, LITTLE, true)).text).toMatch(/ [2-9]\d* passes| 1\d passes/)
}, 120_000)

it('answers several at a time', async () => {
  const wanted = await ask(SESSIONS)
  const answers = await Promise.all(Array.from({ length: 4 }, () => ask(SESSIONS, LITTLE)))
  for (const { text } of answers) expect(text).toBe(wanted.text)
}, 120_000)

it('says what was tried where that does not help', async () => {
  const all = "SELECT groupArray(concat(s, '!', u)) FROM (SELECT concat(session_id, event_id) AS s, user_id AS u FROM app_events GROUP BY s, u)"
  await expect(ask(all, LITTLE)).rejects.toThrow(/Memory limit exceeded.*--memory/)
}, 120_000)
