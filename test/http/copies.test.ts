// Copy pipes over HTTP, from the command line and by their clock; rebuilds; jobs.

import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'pipit-copies-'))
const FILES: Readonly<Record<string, string>> = {
  'visits.datasource': 'SCHEMA >\n  `id` UInt32 `json:$.id`,\n  `site` String `json:$.site`\n',
  'totals.datasource': 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n',
  'ticks.datasource': 'SCHEMA >\n  `at` DateTime,\n  `hits` UInt64\n',
  'summed.datasource': 'SCHEMA >\n  `site` String,\n  `hits` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "site"\n',
  'total.pipe': 'NODE n\nSQL >\n  %\n  SELECT site, count() AS hits FROM visits WHERE id >= {{UInt32(from_id, 0)}} GROUP BY site\n\n'
    + 'TYPE copy\nTARGET_DATASOURCE totals\nCOPY_MODE replace\nCOPY_SCHEDULE @on-demand\n',
  'tick.pipe': 'NODE n\nSQL >\n  SELECT now() AS at, count() AS hits FROM visits\n\n'
    + 'TYPE copy\nTARGET_DATASOURCE ticks\nCOPY_SCHEDULE * * * * * *\n',
  'sum.pipe': 'NODE n\nSQL >\n  SELECT site, count() AS hits FROM visits GROUP BY site\n\nTYPE materialized\nDATASOURCE summed\n',
  'plain.pipe': 'NODE n\nSQL >\n  SELECT 1 AS one\n\nTYPE endpoint\n',
}
let server: TestServer
beforeAll(async () => {
  mkdirSync(root, { recursive: true })
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text)
  server = await new TestServer(root).start()
  await server.call('POST', '/v0/events?name=visits&wait=true',
    Array.from({ length: 10 }, (_, id) => JSON.stringify({ id, site: `s${id % 2}` })).join('\n'))
})
afterAll(async () => {
  await server.remove()
  rmSync(root, { recursive: true, force: true })
})

type Job = { id: string; status: string; rows?: number; error?: string; datasource: { name: string } }
async function jobOf(path: string): Promise<Job> {
  const answer = await server.call('POST', path)
  expect(answer.status, answer.text).toBe(200)
  let { job } = JSON.parse(answer.text) as { job: Job }
  while (job.status === 'waiting' || job.status === 'working') {
    job = JSON.parse((await server.call('GET', `/v0/jobs/${job.id}`)).text) as Job
  }
  return job
}

const pipit = (...args: readonly string[]): Promise<{ code: number; text: string }> => new Promise((resolve) => {
  execFile(process.execPath, [cli, ...args, '--url', server.url], (error, out, err) => {
    resolve({ code: error === null ? 0 : Number(error.code), text: out + err })
  })
})

it('runs a copy with parameters, as all of its target or in addition', async () => {
  expect(await jobOf('/v0/pipes/total/copy?from_id=4')).toMatchObject({ status: 'done', rows: 2, datasource: { name: 'totals' } })
  expect(await jobOf('/v0/pipes/total/copy')).toMatchObject({ status: 'done', rows: 2 })
  expect(await server.rows('SELECT site, hits FROM totals ORDER BY site')).toEqual([{ site: 's0', hits: 5 }, { site: 's1', hits: 5 }])
  await jobOf('/v0/pipes/total/copy?_mode=append')
  expect(await server.rows('SELECT count() AS n FROM totals')).toEqual([{ n: 4 }])
})

it('refuses what is no copy, what cannot be typed, and who may not', async () => {
  expect(await server.call('POST', '/v0/pipes/plain/copy')).toMatchObject({ status: 400 })
  expect((await server.call('POST', '/v0/pipes/total/copy?from_id=x')).text).toMatch(/from_id/)
  expect(await server.call('POST', '/v0/pipes/nothing/copy')).toMatchObject({ status: 404 })
  expect(await server.call('POST', '/v0/pipes/total/copy', undefined, { authorization: 'Bearer wrong' })).toMatchObject({ status: 403 })
})

it('runs by its clock', async () => {
  const began = Date.now()
  for (;;) {
    const [{ hits }] = await server.rows('SELECT max(hits) AS hits FROM ticks')
    if (hits === 10) break
    expect(Date.now() - began).toBeLessThan(30_000)
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
})

it('serves the command line: copy run, mv rebuild, job ls', async () => {
  const copied = await pipit('copy', 'run', 'total', '--param', 'from_id=9')
  expect(copied.text).toMatch(/done.*totals, 1 rows/)
  await server.call('POST', '/v0/datasources/summed/truncate')
  expect((await pipit('mv', 'rebuild', 'sum')).text).toMatch(/done.*summed, made of 10 rows/)
  expect(await server.rows('SELECT sum(hits) AS n FROM summed')).toEqual([{ n: 10 }])
  expect(await pipit('mv', 'verify', 'sum')).toMatchObject({ code: 0, text: expect.stringMatching(/equal.*summed, 2 rows/) as string })
  await server.call('POST', '/v0/events?name=summed&wait=true', '{"site":"s1","hits":2}')
  const verified = await pipit('mv', 'verify', 'summed')
  expect(verified.code).toBe(1)
  expect(verified.text).toMatch(/missing\s+\{"site":"s1","hits":5\}\nextra\s+\{"site":"s1","hits":7\}\n[^]*1 rows are missing and 1 are extra/)
  expect((await pipit('mv', 'verify', 'plain')).text).toMatch(/no materialized pipe 'plain'/)
  const listed = (await pipit('job', 'ls')).text
  expect(listed).toMatch(/populateview\s+done/)
  const [id] = /[\da-f-]{36}/.exec(listed) as RegExpExecArray
  expect(JSON.parse((await pipit('job', 'details', id)).text)).toMatchObject({ id, status: 'done' })
  const failed = await pipit('copy', 'run', 'total', '--param', 'from_id=x')
  expect(failed.code).toBe(1)
  expect(failed.text).toMatch(/from_id/)
})

it('lists copies and views, stops the clock of one until it is resumed, also after a start, and cancels', async () => {
  expect((await pipit('copy', 'ls')).text).toMatch(/tick\s+ticks\s+append\s+\* \* \* \* \* \*\s*\n[^]*total\s+totals\s+replace\s+on demand/)
  expect((await pipit('mv', 'ls')).text).toMatch(/sum\s+n\s+summed\s+running/)
  expect(await pipit('copy', 'pause', 'tick')).toMatchObject({ code: 0, text: expect.stringMatching(/\(paused\)/) as string })
  await server.stop()
  await server.start()
  const count = async () => (await server.rows('SELECT count() AS n FROM ticks'))[0].n
  const before = await count()
  await new Promise((resolve) => { setTimeout(resolve, 1500) })
  expect(await count()).toBe(before)
  await pipit('copy', 'resume', 'tick')
  for (const began = Date.now(); await count() === before;) expect(Date.now() - began).toBeLessThan(30_000)
  expect((await pipit('copy', 'pause', 'plain')).text).toMatch(/copies nothing/)
  expect(await pipit('copy', 'cancel', 'total')).toMatchObject({ code: 0, text: expect.stringMatching(/No run of total/) as string })
})

it('gives a new view what is there as a job, while it serves', async () => {
  writeFileSync(join(root, 'late.datasource'), FILES['summed.datasource'])
  writeFileSync(join(root, 'late_view.pipe'), FILES['sum.pipe'].replace('DATASOURCE summed', 'DATASOURCE late'))
  const began = Date.now()
  for (;;) {
    const { text } = await server.call('POST', '/v0/sql', 'SELECT sum(hits) AS n FROM late FORMAT JSONCompact')
    if (/"data":\s*\[\s*\[10\]/.test(text)) break
    expect(Date.now() - began, text).toBeLessThan(30_000)
    await new Promise((resolve) => { setTimeout(resolve, 50) })
  }
  await server.call('POST', '/v0/events?name=visits&wait=true', '{"id":77,"site":"s0"}')
  expect(await server.rows('SELECT sum(hits) AS n FROM late')).toEqual([{ n: 11 }])
  const { jobs } = JSON.parse((await server.call('GET', '/v0/jobs?kind=populateview')).text) as { jobs: Job[] }
  expect(jobs.filter(({ datasource }) => datasource.name === 'late')).toMatchObject([{ status: 'done', rows_read: 10 }])
  expect((await server.call('POST', '/v0/datasources?name=totals&mode=append&format=csv', 'site,hits\ns9,1\n')).status).toBe(200)
  const listed = (await pipit('job', 'ls')).text
  expect(listed).toMatch(/import\s+done\s+totals/)
  expect(listed).not.toMatch(/false/)
})
