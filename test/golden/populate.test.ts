// A store whose build was killed in the midst of a populate, behind another that was over: this one finds how far it
// was, goes on, and each row counts once. As those of `golden.test.ts` it is never written again; another version of
// the format gets one of its own by `PIPIT_GOLDEN=make`.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { IMAGE_VERSION } from '../../storage/part/footer.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { readStore } from '../format/store.ts'
import { TestServer, writeProject } from '../http/server.ts'
import { frozen, openFolder, packed, unpack } from './folder.ts'

const storeOf = (version: number): string => fileURLToPath(new URL(`version-${version}-populate.json.gz`, import.meta.url))
/** By version, from the first on that has one. */
const FROZEN: readonly (readonly [version: number, sha256: string])[] = [[1, 'a839588bc168ecaa6b806892b925f8062cb0960d0b46ec5246d2c11162c02dcd']]
const ROWS = 12_000
const MONTHS = 12
/** Rows of them that were read, and written, when their build was killed. */
const DONE = 2000
/** Takes its time, so that a kill comes in its midst. */
const SLOW = 'sum(length(arrayFilter(x -> sipHash64(id, x) >= 0, range(4))))'
const SOURCE = { 'visits.datasource': 'SCHEMA >\n    id UInt32,\n    site String,\n    at DateTime\nENGINE MergeTree\nENGINE_PARTITION_KEY toYYYYMM(at)\nENGINE_SORTING_KEY site\n' }
const VIEWS = {
  'counts.datasource': 'SCHEMA >\n    site String,\n    hits UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY site\n',
  'count.pipe': `NODE n\nSQL >\n    SELECT site, ${SLOW} AS hits FROM visits GROUP BY site\nTYPE materialized\nDATASOURCE counts\n`,
  // Of a table whose rows are told apart by a key and then summed up, the keys go with the work.
  'sums.datasource': 'SCHEMA >\n    site String,\n    id UInt32,\n    hits UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY site\nDEDUPLICATE_BY "id" 24h\n',
  'sum.pipe': `NODE n\nSQL >\n    SELECT site, id, ${SLOW} AS hits FROM visits GROUP BY site, id\nTYPE materialized\nDATASOURCE sums\n`,
}

const data = mkdtempSync(join(tmpdir(), 'pipit-golden-populate-'))
const project = writeProject(SOURCE)
const server = new TestServer(project, data)
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true, force: true })
})

type Job = { readonly status: string; readonly rows_read?: number; readonly datasource: { readonly name: string } }
const jobs = async (): Promise<Job[]> => {
  const answer: { jobs: Job[] } = JSON.parse((await server.call('GET', '/v0/jobs?kind=populateview')).text)
  return answer.jobs
}

async function make(): Promise<void> {
  await server.start()
  const rows = Array.from({ length: ROWS }, (_, id) => (
    JSON.stringify({ id, site: `s${id % 50}`, at: `2024-${String(1 + id % MONTHS).padStart(2, '0')}-05 00:00:00` })))
  expect((await server.call('POST', '/v0/events?name=visits&wait=true', rows.join('\n'))).status).toBe(200)
  await server.stop()
  for (const [name, text] of Object.entries(VIEWS)) writeFileSync(join(project, name), text)
  await server.start(undefined, { PIPIT_POPULATE_SAVE_SECONDS: '0' })
  const readOf = async (name: string) => (await jobs()).find(({ datasource }) => datasource.name === name)?.rows_read ?? 0
  while (await readOf('sums') < ROWS / MONTHS * 3);
  await server.stop('SIGKILL')
  writeFileSync(storeOf(IMAGE_VERSION), packed(data))
}

if (process.env.PIPIT_GOLDEN === 'make' && !existsSync(storeOf(IMAGE_VERSION))) it('writes the store of a new version', make, 60_000)

it.each(FROZEN)('goes on with what a build of version %s was killed in', async (version, sum) => {
  rmSync(data, { recursive: true })
  unpack(frozen(storeOf(version), sum), data)
  expect(verifyStore(nodeDisk(), data, () => {}, undefined, keyCompiler).problems).toEqual([])
  const { tables, met } = readStore(data)
  expect(met).toContain('edit work')
  expect(tables.get('counts')?.works).toEqual([])
  const works = tables.get('sums')?.works ?? []
  expect(works).toEqual([{ key: works[0].key, read: DONE, written: 50, keys: DONE }])
  const store = await openFolder(data)
  expect(store.savedWork('sums', works[0].key)).toMatchObject({ key: works[0].key, rowsRead: DONE })
  await store.close()
  for (const [name, text] of Object.entries(VIEWS)) writeFileSync(join(project, name), text)
  await server.start()
  for (let status = ''; status !== 'done';) {
    status = (await jobs())[0].status
    expect(['waiting', 'working', 'done']).toContain(status)
  }
  expect(await server.rows('SELECT (SELECT sum(hits) FROM counts) AS counts, (SELECT sum(hits) FROM sums) AS sums')).toEqual([{ counts: 4 * ROWS, sums: 4 * ROWS }])
  expect(readStore(data).tables.get('sums')?.works).toEqual([])
}, 60_000)

it('has a store of the version that this build writes', () => {
  expect(FROZEN.at(-1)?.[0]).toBe(IMAGE_VERSION)
})
