// Deletes and TTL over HTTP: out of sight at once, across a kill, and their bytes gone at the end.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const project = mkdtempSync(join(tmpdir(), 'pipit-delete-'))
mkdirSync(join(project, 'datasources'))
const datasource = (name: string, engine: string) => writeFileSync(join(project, 'datasources', `${name}.datasource`), `SCHEMA >
    id UInt32 \`json:$.id\`,
    user String \`json:$.user\`,
    at DateTime \`json:$.at\`

${engine}
`)
datasource('visits', 'ENGINE "MergeTree"\nENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "user, at"')
datasource('latest', 'ENGINE "ReplacingMergeTree"\nENGINE_SORTING_KEY "user"')
datasource('short', 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "at"\nENGINE_TTL "at + toIntervalDay(30)"')
datasource('dated', 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "at"\nENGINE_TTL "toDate(at) + toIntervalMonth(2)"')

const server = new TestServer(project, mkdtempSync(join(tmpdir(), 'pipit-delete-data-')))
beforeAll(async () => { await server.start() })
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true })
}, 180_000)

const DAY = 86_400_000
const stamp = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY).toISOString().slice(0, 19).replace('T', ' ')
async function post(name: string, rows: readonly { id: number; user: string; daysAgo: number }[]): Promise<void> {
  const body = rows.map(({ id, user, daysAgo }) => JSON.stringify({ id, user, at: stamp(daysAgo) })).join('\n')
  expect((await server.call('POST', `/v0/events?name=${name}&wait=true`, body)).status).toBe(200)
}
const ids = async (sql: string) => (await server.rows(sql)).map(({ id }) => id)
const remove = (name: string, condition: string, more = '') =>
  server.call('POST', `/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent(condition)}${more}`)

const filesWith = (text: string): string[] => {
  const folder = join(server.data, 'segments')
  return readdirSync(folder).filter((name) => {
    try {
      return readFileSync(join(folder, name)).includes(text)
    } catch {
      return false // merged away meanwhile
    }
  })
}

it('counts, deletes and rewrites the rows of a condition', async () => {
  await post('visits', Array.from({ length: 400 }, (_, id) => ({ id, user: `user_${id % 40}`, daysAgo: id % 60 })))
  const dry = await remove('visits', "user = 'user_7' OR id < 3", '&dry_run=true')
  expect(JSON.parse(dry.text)).toEqual({ rows_to_be_deleted: 13 })
  expect(await ids('SELECT count() AS id FROM visits')).toEqual([400])
  const done = await remove('visits', "user = 'user_7' OR id < 3")
  expect(done.status).toBe(201)
  const { job } = JSON.parse(done.text) as { job: { id: string; rows_affected: number } }
  expect(job.rows_affected).toBe(13)
  const afterwards = async () => JSON.parse((await server.call('GET', `/v0/jobs/${job.id}`)).text) as { id: string; status: string }
  expect(await ids('SELECT count() AS id FROM visits')).toEqual([387])
  expect(await ids("SELECT id FROM visits WHERE user = 'user_7'")).toEqual([])
  expect(await server.rows('SELECT uniqExact(user) AS u, min(id) AS id FROM visits')).toEqual([{ u: 39, id: 3 }])
  await server.stop('SIGKILL')
  await server.start()
  expect(await ids('SELECT count() AS id FROM visits')).toEqual([387])
  for (let turn = 0; turn < 200 && filesWith('user_7\0').length + filesWith('user_7').length > 0; turn++) {
    await new Promise((resolve) => { setTimeout(resolve, 25) })
  }
  expect(await ids('SELECT count() AS id FROM visits')).toEqual([387])
  await expect.poll(afterwards, { timeout: 20_000 }).toMatchObject({ id: job.id, status: 'done' })
  await post('visits', [{ id: 1, user: 'user_7', daysAgo: 1 }])
  expect(await ids("SELECT id FROM visits WHERE user = 'user_7'")).toEqual([1])
}, 180_000)

it('says how a delete stands, and when its last byte is gone', async () => {
  await post('visits', [{ id: 9001, user: 'gone', daysAgo: 1 }, { id: 9002, user: 'stays', daysAgo: 1 }])
  const { id } = JSON.parse((await remove('visits', "user = 'gone'")).text) as { id: string }
  let status = ''
  for (let turn = 0; turn < 400 && status !== 'done'; turn++) {
    status = (JSON.parse((await server.call('GET', `/v0/jobs/${id}`)).text) as { status: string }).status
    await new Promise((resolve) => { setTimeout(resolve, 25) })
  }
  expect(status).toBe('done')
  expect(filesWith('gone')).toEqual([])
  expect((JSON.parse((await server.call('GET', '/v0/jobs')).text) as { jobs: unknown[] }).jobs.length).toBeGreaterThan(0)
}, 180_000)

it('shows with FINAL the row before the one that was deleted', async () => {
  await post('latest', [{ id: 1, user: 'ann', daysAgo: 1 }])
  await post('latest', [{ id: 2, user: 'ann', daysAgo: 1 }])
  expect(await ids('SELECT id FROM latest FINAL')).toEqual([2])
  await remove('latest', 'id = 2')
  expect((await ids('SELECT id FROM latest FINAL')).length).toBeLessThanOrEqual(1)
  expect(await ids('SELECT id FROM latest FINAL WHERE id = 2')).toEqual([])
}, 180_000)

it('refuses a condition that is missing, misspelt or of no table', async () => {
  expect((await server.call('POST', '/v0/datasources/visits/delete')).status).toBe(400)
  const misspelt = await remove('visits', 'usr = 1')
  expect(misspelt.status).toBe(400)
  expect(misspelt.text).toMatch(/usr.*user/)
  expect((await remove('nothing', 'id = 1')).status).toBe(404)
  expect(await server.rows('SELECT count() AS n FROM visits WHERE id > 380 AND id < 400')).toEqual([{ n: 19 }])
}, 180_000)

it('hides rows past their TTL at once, old ones in new batches too, and drops them from the disk', async () => {
  for (const name of ['short', 'dated']) {
    await post(name, [{ id: 1, user: 'old_one', daysAgo: 70 }, { id: 2, user: 'new_one', daysAgo: 2 }])
    expect(await ids(`SELECT id FROM ${name}`)).toEqual([2])
    expect(await ids(`SELECT count() AS id FROM ${name} WHERE user LIKE '%one'`)).toEqual([1])
    // A delete writes what is in memory to segments; rows that are over stay behind.
    await remove(name, 'id = 77')
    expect(await ids(`SELECT id FROM ${name}`)).toEqual([2])
  }
  expect(filesWith('old_one')).toEqual([])
  expect(filesWith('new_one').length).toBe(2)
}, 180_000)
