// A query keeps to what it was sent: rows that are committed while it runs, and the newer lists of row
// sets that other queries bring to its worker, are not its own.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { openLocalEngine, type LocalEngine } from '../../src/engine/local.ts'
import { loadProject } from '../../src/project/load.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pipit-lists-'))
const events = new EventGenerator('app_events', 100)

let engine: LocalEngine
beforeAll(async () => {
  engine = await openLocalEngine({ folder, limits: { queryWorkers: 1 } })
  await engine.applyProject(loadProject(example).project)
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

const insert = () =>
  engine.insert({ datasource: 'app_events', body: Buffer.from(events.next(10)), format: 'ndjson', gzip: false })

async function rows(sql: string): Promise<unknown[][]> {
  const { body } = await engine.query({ sql, slots: [], key: null, format: 'JSONCompact' })
  return (JSON.parse(Buffer.from(body).toString()) as { data: unknown[][] }).data
}

const COUNT = 'SELECT count() FROM app_events'

it('ends a query of several stages with the rows that it began with', async () => {
  await insert()
  await rows(COUNT)
  // Its first stage is long; the table is read by the second. The worker has its list already.
  const long = rows(`${COUNT} WHERE 7 IN (SELECT cityHash64(number) % 1000 FROM numbers(3000000))`)
  await insert()
  expect(await rows(COUNT)).toEqual([[20]])
  expect(await long).toEqual([[10]])
})
