// The Data Sources API: files in, from the body, a form or a URL; all of a file or nothing of it.

import { execFile } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const root = mkdtempSync(join(tmpdir(), 'pipit-imports-'))
const FILES: Readonly<Record<string, string>> = {
  'people.datasource': 'TOKEN tracker APPEND\n\nSCHEMA >\n  `id` UInt64 `json:$.id`,\n  `name` String `json:$.profile.name`,\n'
    + '  `tags` Array(String) `json:$.tags[:]`,\n  `age` Nullable(UInt8) `json:$.age`,\n  `since` Date DEFAULT toDate(\'2020-01-01\') `json:$.since`\n',
  'counts.datasource': 'SCHEMA >\n  `first` String,\n  `people` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "first"\n',
  'count.pipe': 'NODE n\nSQL >\n  SELECT substring(name, 1, 1) AS first, count() AS people FROM people GROUP BY first\n\nTYPE materialized\nDATASOURCE counts\n',
}
let server: TestServer
let files: Server
let filesUrl = ''
beforeAll(async () => {
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text)
  server = await new TestServer(root).start()
  files = createServer((request, response) => {
    response.statusCode = request.url === '/people.csv.gz' ? 200 : 404
    response.end(gzipSync('id,name\n70,Zoe\n71,Zac\n'))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => { files.once('listening', resolve) })
  filesUrl = `http://127.0.0.1:${(files.address() as { port: number }).port}`
})
afterAll(async () => {
  files.close()
  await server.remove()
  rmSync(root, { recursive: true, force: true })
})

const post = async (query: string, body: string | Buffer, headers: Record<string, string> = {}) => {
  const answer = await server.call('POST', `/v0/datasources?name=people${query}`, body, headers)
  return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> }
}
const names = async () => (await server.rows('SELECT name FROM people ORDER BY id')).map(({ name }) => name)

it('appends CSV with a heading in any order, and runs views over it', async () => {
  const csv = 'name,tags,id,age,extra\n"Ann ""A""","[\'x\',\'y\']",1,30,?\nBob,[],18446744073709551615,,?\n'
  const { status, body } = await post('&mode=append&format=csv', csv)
  expect(status).toBe(200)
  expect(body).toMatchObject({ successful_rows: 2, quarantined_rows: 0, error: false, job: { kind: 'import', status: 'done' } })
  const { text } = await server.call('POST', '/v0/sql', 'SELECT * FROM people ORDER BY id FORMAT JSONEachRow')
  expect(text).toBe('{"id":1,"name":"Ann \\"A\\"","tags":["x","y"],"age":30,"since":"2020-01-01"}\n'
    + '{"id":18446744073709551615,"name":"Bob","tags":[],"age":null,"since":"2020-01-01"}\n')
  expect(await server.rows('SELECT first, sum(people) AS n FROM counts GROUP BY first ORDER BY first'))
    .toEqual([{ first: 'A', n: 1 }, { first: 'B', n: 1 }])
})

it('replaces all rows at once, from a form with NDJSON and gzip', async () => {
  const lines = gzipSync('{"id":5,"profile":{"name":"Cy"},"tags":["t"]}\n{"id":6,"profile":{"name":"Di"},"tags":[]}\n')
  const body = Buffer.concat([
    Buffer.from('--b1\r\nContent-Disposition: form-data; name="csv"; filename="people.ndjson.gz"\r\n\r\n'), lines, Buffer.from('\r\n--b1--\r\n'),
  ])
  const answer = await post('&mode=replace', body, { 'content-type': 'multipart/form-data; boundary=b1' })
  expect(answer.body).toMatchObject({ successful_rows: 2, error: false })
  expect(await names()).toEqual(['Cy', 'Di'])
})

it('sets rows aside that do not fit, and stores nothing of a file that breaks off', async () => {
  const answer = await post('&format=csv&dialect_delimiter=%3B', 'id;name;age\n7;Ed;200\nx;Flo;3\n8;Gus;301\n')
  expect(answer.body).toMatchObject({ successful_rows: 1, quarantined_rows: 2, quarantine_rows: 2 })
  expect(await server.rows('SELECT id, name FROM people_quarantine ORDER BY name')).toEqual([{ id: 'x', name: 'Flo' }, { id: '8', name: 'Gus' }])
  const broken = gzipSync(`id,name\n${Array.from({ length: 5000 }, (_, id) => `${1000 + id},Hal${id}`).join('\n')}\n`)
  expect((await post('&format=csv', broken.subarray(0, broken.length - 20))).status).toBeGreaterThanOrEqual(400)
  expect(await names()).toEqual(['Cy', 'Di', 'Ed'])
})

it('reads a URL as a job', async () => {
  const { body } = await post(`&url=${encodeURIComponent(`${filesUrl}/people.csv.gz`)}`, '')
  const id = String(body.job_id)
  let job = JSON.parse((await server.call('GET', `/v0/jobs/${id}`)).text) as { status: string; rows?: number }
  while (job.status === 'waiting' || job.status === 'working') job = JSON.parse((await server.call('GET', `/v0/jobs/${id}`)).text)
  expect(job).toMatchObject({ status: 'done', rows: 2 })
  expect((await names()).slice(-2)).toEqual(['Zoe', 'Zac'])
  const missing = await post(`&url=${encodeURIComponent(`${filesUrl}/nothing.csv`)}`, '')
  let failed = { status: 'working', error: '' }
  while (failed.status === 'waiting' || failed.status === 'working') failed = JSON.parse((await server.call('GET', `/v0/jobs/${String(missing.body.job_id)}`)).text)
  expect(failed).toMatchObject({ status: 'error', error: expect.stringMatching(/answers 404/) as string })
})

it('serves the command line: datasource append and replace', async () => {
  const file = join(root, 'people-more.csv')
  writeFileSync(file, 'id,name\n80,Kim\n')
  const pipit = (...args: readonly string[]) => new Promise<string>((resolve) => {
    execFile(process.execPath, [cli, ...args, '--url', server.url], (_error, out, err) => resolve(out + err))
  })
  expect(await pipit('datasource', 'append', 'people', file)).toMatch(/done.*1 rows in people, 0 in/)
  expect((await names()).at(-1)).toBe('Kim')
  expect(await pipit('datasource', 'replace', 'people', file, '--token', server.token)).toMatch(/done.*1 rows/)
  expect(await names()).toEqual(['Kim'])
  expect(await pipit('datasource', 'replace', 'people', join(root, 'nothing.csv'))).toMatch(/nothing\.csv can't be read/)
  const empty = join(root, 'empty.csv')
  writeFileSync(empty, '')
  expect(await pipit('datasource', 'append', 'people', empty)).toMatch(/empty\.csv is empty: nothing was sent/)
  expect(await pipit('datasource', 'append', 'nobody', file)).toMatch(/'nobody' does not exist/)
  expect(await pipit('datasource', 'append', 'people', `${filesUrl}/people.csv.gz`)).toMatch(/done.*2 rows in people/)
  expect(await pipit('datasource', 'replace', 'people', file, '--where', 'id = 70')).toMatch(/done.*0 rows in people/)
  expect(await names()).toEqual(['Zac', 'Kim'])
  const analyzed = await pipit('datasource', 'analyze', file)
  expect(analyzed).toMatch(/id\s+Int32\s+id\s+100\nname\s+String/)
  expect(analyzed).toMatch(/SCHEMA >\n {4}`id` Int32,\n {4}`name` String/)
})

it('keeps what is there when a file that replaces it has no row that fits', async () => {
  const before = await names()
  expect(await post('&mode=replace', 'garbage\nx\ny\n')).toMatchObject({ status: 400, body: { successful_rows: 0 } })
  expect(await names()).toEqual(before)
  expect(await post('&mode=replace&replace_condition=id%20%3E%200&format=ndjson', '{"id":"x"}\n')).toMatchObject({ status: 400 })
  expect(await names()).toEqual(before)
})

it('takes parameters of a plain form, and makes what is not there', async () => {
  const form = async (text: string) => {
    const answer = await server.call('POST', '/v0/datasources', text, { 'content-type': 'application/x-www-form-urlencoded' })
    return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> }
  }
  expect(await form('name=stocks&mode=create&schema=symbol String, date Date, close Float32')).toMatchObject({ status: 200 })
  expect(await server.rows('SELECT * FROM stocks')).toEqual([])
  expect(await form(`name=zoo&url=${encodeURIComponent(`${filesUrl}/people.csv.gz`)}`)).toMatchObject({ status: 200, body: { job: { kind: 'import' } } })
  await expect.poll(() => server.rows('SELECT count() AS n FROM zoo').catch(() => []), { timeout: 5000 }).toEqual([{ n: 2 }])
  expect(await server.call('POST', '/v0/datasources?name=stocks&mode=append&format=csv', 'symbol,date,close\nA,2024-01-02,1.5\n',
    { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 200 })
  expect(await server.rows('SELECT symbol, date, close FROM stocks')).toEqual([{ symbol: 'A', date: '2024-01-02', close: 1.5 }])
  expect(await server.call('POST', '/v0/datasources?name=fresh&mode=append&format=csv', 'a,b\n1,x\n')).toMatchObject({ status: 200 })
  expect(await server.rows('SELECT a, b FROM fresh')).toEqual([{ a: 1, b: 'x' }])
})

it('refuses what it cannot do, saying what to do instead', async () => {
  expect(await post('&mode=create', 'id\n1\n')).toMatchObject({ status: 409, body: { error: expect.stringMatching(/exists/) as string } })
  expect((await post('&format=xml', 'x')).body.error).toMatch(/csv, ndjson or parquet/)
  expect((await post('&mode=append&replace_condition=1', 'x')).body.error).toMatch(/mode=replace/)
  expect((await post('', '')).body.error).toMatch(/no file/)
  expect(await server.call('POST', '/v0/datasources?name=nobody&mode=replace', 'a\n')).toMatchObject({ status: 404 })
  const tracker = (JSON.parse((await server.call('GET', '/v0/tokens')).text) as { tokens: { name: string; token: string }[] }).tokens
    .find(({ name }) => name === 'tracker')?.token ?? ''
  expect((await post('&mode=append', 'id,name\n90,Ida\n', { authorization: `Bearer ${tracker}` })).status).toBe(200)
  expect((await post('&mode=replace', 'id,name\n91,Jo\n', { authorization: `Bearer ${tracker}` })).status).toBe(403)
})
