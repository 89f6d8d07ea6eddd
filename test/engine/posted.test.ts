// What crosses between threads besides results stays small, however large the table is; and what is
// read for one user, too.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { openLocalEngine, type LocalEngine } from '../../src/engine/local.ts'
import { loadProject } from '../../src/project/load.ts'

const POSTED_BYTES_MAX = 65_536
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pipit-posted-'))

let engine: LocalEngine
beforeAll(async () => {
  engine = await openLocalEngine({ folder, countsPosted: true, limits: { queryWorkers: 3 } })
  await engine.applyProject(loadProject(example).project)
  const lines = new EventGenerator('app_events', 40_000).next(40_000)
  await engine.insert({ datasource: 'app_events', body: Buffer.from(lines), format: 'ndjson', gzip: false })
  await engine.store.flush()
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

it.each([
  'SELECT session_id, user_id, min(timestamp) AS a, count() AS n FROM app_events GROUP BY session_id, user_id HAVING n > 1 ORDER BY a LIMIT 100',
  'SELECT feature, event_type, uniqExact(user_id) AS u, uniqExact(session_id) AS s FROM app_events GROUP BY feature, event_type ORDER BY u DESC, s',
  "SELECT count() AS n FROM app_events WHERE user_id IN (SELECT user_id FROM app_events WHERE event_type = 'error')",
  'SELECT * FROM app_events ORDER BY event_id LIMIT 5000',
])('posts at most 64 KB for %s', async (sql) => {
  for (const run of ['first', 'second']) {
    const answer = await engine.query({ sql, slots: [], key: null, format: 'JSON' })
    expect(answer.rows).toBeGreaterThan(0)
    // Less than that, and the query itself would not have been counted.
    expect(answer.postedBytes, run).toBeGreaterThan(100)
    expect(answer.postedBytes, run).toBeLessThan(POSTED_BYTES_MAX)
  }
})

// A user with more than a 64th of a segment's rows is read by blocks: these have less.
it('reads at most twice the rows of one user, and says what it skipped', async () => {
  const all = await engine.query({ sql: 'SELECT user_id, count() AS n FROM app_events GROUP BY user_id HAVING n < 100 ORDER BY user_id LIMIT 30', slots: [], key: null, format: 'JSON' })
  const users = (JSON.parse(Buffer.from(all.body).toString()) as { data: { user_id: string; n: number }[] }).data
  for (const { user_id: user, n } of users) {
    const sql = `SELECT session_id, count() FROM app_events WHERE user_id = '${user}' GROUP BY session_id`
    const answer = await engine.query({ sql, slots: [], key: null, format: 'JSON' })
    expect(answer.rowsRead, user).toBeLessThanOrEqual(2 * n)
    expect(answer.rowsRead, user).toBeGreaterThanOrEqual(n)
    const { body } = await engine.query({ sql, slots: [], key: null, format: 'JSON', explain: true })
    expect(Buffer.from(body).toString()).toMatch(/scan app_events: \d+ row sets \(\d+ skipped by zone map, \d+ by dictionary\).*postings: \d+ rows/)
  }
})
