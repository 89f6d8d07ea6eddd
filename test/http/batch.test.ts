// Batch in, beyond what imports.test.ts says: Parquet, replacement by a condition, data sources made of
// files, analysis, and files that are not what they should be: each a clear error, and nothing stored.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { TestServer } from './server.ts'
import { TestWeb } from './web.ts'

const root = mkdtempSync(join(tmpdir(), 'pipit-batch-'))
const FILES: Readonly<Record<string, string>> = {
  'events.datasource': 'SCHEMA >\n  `id` UInt64,\n  `day` Date,\n  `at` DateTime64(3),\n  `name` LowCardinality(String),\n  `note` Nullable(String),\n'
    + '  `score` Float64,\n  `tags` Array(String),\n  `ok` Bool\n\nENGINE "MergeTree"\nENGINE_PARTITION_KEY "toYYYYMM(day)"\nENGINE_SORTING_KEY "day, id"\n',
  'exact.datasource': 'SCHEMA >\n  `k` UInt32,\n  `wide` Decimal(38, 10),\n  `money` Decimal(18, 4),\n  `small` Nullable(Decimal(9, 2)),\n  `longs` Array(Int64),\n'
    + '  `sums` Array(Decimal(18, 2)),\n  `floats` Array(Float64),\n  `totals` Map(String, UInt64)\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "k"\n',
  'per_day.datasource': 'SCHEMA >\n  `day` Date,\n  `events` UInt64\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "day"\n',
  'count.pipe': 'NODE n\nSQL >\n  SELECT day, count() AS events FROM events GROUP BY day\n\nTYPE materialized\nDATASOURCE per_day\n',
  'slow.pipe': 'NODE n\nSQL >\n  SELECT number + throwIf(number = 4000000) AS id, today() AS day, now64(3) AS at, \'x\' AS name, NULL AS note, 1 / 3 AS score, [] AS tags, true AS ok\n'
    + '  FROM numbers(5000000)\n\nTYPE copy\nTARGET_DATASOURCE events\nCOPY_SCHEDULE @on-demand\n',
}
let server: TestServer
let oracle: Oracle
const web = new TestWeb()
const { answers } = web
beforeAll(async () => {
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(root, file), text)
  server = await new TestServer(root).start(undefined, { PIPIT_IMPORT_BYTES_MAX: '16MB', PIPIT_IMPORT_IDLE_SECONDS: '1' })
  oracle = await startOracle()
  await web.start()
})
afterAll(async () => {
  web.stop()
  await server.remove()
  await oracle.close()
  rmSync(root, { recursive: true, force: true })
})

const post = async (query: string, body?: string | Buffer) => {
  const answer = await server.call('POST', `/v0/datasources?${query}`, body)
  return { status: answer.status, body: JSON.parse(answer.text) as Record<string, unknown> & { error?: string } }
}
type Job = { id: string; status: string; error?: string; rows?: number }
const jobOf = async (id: unknown): Promise<Job> => {
  for (;;) {
    const job = JSON.parse((await server.call('GET', `/v0/jobs/${String(id)}`)).text) as Job
    if (job.status !== 'waiting' && job.status !== 'working') return job
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
}
const count = async (what = 'count()') => Object.values((await server.rows(`SELECT ${what} AS n FROM events`))[0])[0]
const perDay = () => server.rows('SELECT day, sum(events) AS n FROM per_day GROUP BY day HAVING n > 0 ORDER BY day')
const isRight = async () => expect(await perDay())
  .toEqual(await server.rows('SELECT day, count() AS n FROM events GROUP BY day ORDER BY day'))

const ROWS = 3000
const parquet = (codec: 'SNAPPY' | 'UNCOMPRESSED' = 'SNAPPY') => Buffer.from(parquetWriteBuffer({
  codec, rowGroupSize: 1000, columnData: [
    { name: 'id', data: Array.from({ length: ROWS }, (_, i) => BigInt(i)), type: 'INT64' },
    { name: 'day', data: Array.from({ length: ROWS }, (_, i) => new Date(Date.UTC(2024, i % 3, 1 + i % 5))), type: 'TIMESTAMP' },
    { name: 'at', data: Array.from({ length: ROWS }, (_, i) => new Date(Date.UTC(2024, 0, 1, 0, 0, i, i % 1000))), type: 'TIMESTAMP' },
    { name: 'name', data: Array.from({ length: ROWS }, (_, i) => `name "${i % 7}"`), type: 'STRING' },
    { name: 'note', data: Array.from({ length: ROWS }, (_, i) => (i % 2 === 0 ? null : `n${i}`)), type: 'STRING' },
    { name: 'score', data: Array.from({ length: ROWS }, (_, i) => i / 8), type: 'DOUBLE' },
    { name: 'ok', data: Array.from({ length: ROWS }, (_, i) => i % 3 === 0), type: 'BOOLEAN' },
    { name: 'extra', data: Array.from({ length: ROWS }, (_, i) => i), type: 'INT32' },
  ],
}))

describe('Parquet', () => {
  it('reads row group after row group, as ClickHouse reads the same file', async () => {
    const file = join(root, 'events.parquet')
    writeFileSync(file, parquet())
    expect(await post('name=events&mode=append&format=parquet', parquet())).toMatchObject({ status: 200, body: { successful_rows: ROWS, quarantined_rows: 0 } })
    const columns = 'id, day, at, name, note, score, tags, ok'
    await oracle.query('CREATE TABLE events (id UInt64, day Date, at DateTime64(3), name LowCardinality(String), note Nullable(String), '
      + 'score Float64, tags Array(String), ok Bool) ENGINE = MergeTree ORDER BY id')
    const loaded = await oracle.query(`INSERT INTO events (id, day, at, name, note, score, ok) SELECT id, toDate(day), at, name, note, score, ok FROM file('${file}', Parquet)`)
    expect(loaded).toMatchObject({ ok: true })
    const theirs = await oracle.query(`SELECT ${columns} FROM events ORDER BY id SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONEachRow')
    const ours = await server.call('POST', '/v0/sql', `SELECT ${columns} FROM events ORDER BY id FORMAT JSONEachRow`)
    expect(ours.text.trim()).toBe(theirs.ok ? theirs.text.trim() : theirs.error)
    await isRight()
    expect(readdirSync(join(server.data, 'incoming'))).toEqual([])
  })

  it('reads what ClickHouse writes: LZ4, ZSTD, lists, decimals, times', async () => {
    const file = join(root, 'theirs.parquet')
    for (const method of ['lz4', 'zstd', 'snappy', 'gzip']) {
      await oracle.query(`INSERT INTO FUNCTION file('${file}', Parquet) SELECT number + 10000 AS id, toDate('2025-01-01') + number % 3 AS day, `
        + 'toDateTime64(\'2025-01-01 00:00:00.125\', 3) + number AS at, toLowCardinality(toString(number % 5)) AS name, if(number % 2 = 0, NULL, \'x\') AS note, '
        + 'number / 3 AS score, arrayMap(x -> toString(x), range(number % 4)) AS tags, number % 2 = 0 AS ok FROM numbers(2000) '
        + `SETTINGS output_format_parquet_compression_method = '${method}', engine_file_truncate_on_insert = 1`)
      expect(await post('name=events&mode=replace', readFileSync(file)), method).toMatchObject({ status: 200, body: { successful_rows: 2000 } })
      const theirs = await oracle.query(`SELECT sum(id), min(day), max(at), sum(score), sum(length(tags)), countIf(ok), count(note) FROM file('${file}', Parquet)`)
      const ours = await server.call('POST', '/v0/sql', 'SELECT sum(id), min(day), max(at), sum(score), sum(length(tags)), countIf(ok), count(note) FROM events FORMAT JSONCompact')
      const rowOf = (text: string) => (JSON.parse(text) as { data: unknown[][] }).data[0].map((value) => (Number.isNaN(Number(value)) ? value : Number(Number(value).toPrecision(12))))
      expect(rowOf(ours.text), method).toEqual(rowOf(theirs.ok ? theirs.text : ''))
    }
    await isRight()
  })

  it('keeps every digit of decimals, and of numbers within lists and maps', async () => {
    const file = join(root, 'exact.parquet')
    const rows = "SELECT toUInt32(number) AS k, toDecimal128('-1234567890123456789012345678.0123456789', 10) + number AS wide, "
      + "toDecimal64('99999999999999.1234', 4) - number AS money, if(number = 1, NULL, toDecimal32('-0.05', 2)) AS small, "
      + "[9007199254740993, -9007199254740995 - toInt64(number)] AS longs, [toDecimal64('9999999999999999.12', 2)] AS sums, "
      + "[nan, inf, -inf, 1.5] AS floats, map('a\"', toUInt64(18446744073709551615)) AS totals FROM numbers(3)"
    const written = await oracle.query(`INSERT INTO FUNCTION file('${file}', Parquet) ${rows}`)
    expect(written).toMatchObject({ ok: true })
    expect(await post('name=exact&mode=append', readFileSync(file))).toMatchObject({ status: 200, body: { successful_rows: 3 } })
    const texts = 'SELECT k, toString(wide) AS a, toString(money) AS b, toString(small) AS c, toString(longs) AS d, '
      + 'toString(sums) AS e, toString(floats) AS f, toString(totals) AS g'
    const theirs = await oracle.query(`${texts} FROM (${rows}) ORDER BY k`, 'JSONEachRow')
    expect(await server.rows(`${texts} FROM exact ORDER BY k`))
      .toEqual((theirs.ok ? theirs.text : '').trim().split('\n').map((line) => JSON.parse(line) as unknown))
  })

  it('sets rows aside that do not fit, among columns that need no JSON', async () => {
    const before = Number(await count())
    const file = Buffer.from(parquetWriteBuffer({
      rowGroupSize: 500, columnData: [
        { name: 'id', data: Array.from({ length: 1000 }, (_, i) => (i === 700 ? -1n : BigInt(50_000 + i))), type: 'INT64' },
        { name: 'day', data: Array.from({ length: 1000 }, () => new Date(Date.UTC(2026, 0, 2))), type: 'TIMESTAMP' },
        { name: 'at', data: Array.from({ length: 1000 }, (_, i) => new Date(Date.UTC(2026, 0, 2, 0, 0, i))), type: 'TIMESTAMP' },
        { name: 'name', data: Array.from({ length: 1000 }, (_, i) => `set ${i % 5}`), type: 'STRING' },
        { name: 'score', data: Array.from({ length: 1000 }, (_, i) => (i === 3 ? 'none' : String(i))), type: 'STRING' },
      ],
    }))
    expect(await post('name=events&mode=append&format=parquet', file))
      .toMatchObject({ body: { successful_rows: 998, quarantined_rows: 2, error: expect.stringMatching(/score/) as string } })
    expect(Number(await count())).toBe(before + 998)
    expect(await server.rows("SELECT sum(id) AS i, sum(score) AS s, max(at) AS m FROM events WHERE day = '2026-01-02'"))
      .toEqual([{ i: 50_000 * 998 + 499_500 - 703, s: 499_500 - 703, m: '2026-01-02 00:16:39.000' }])
    await isRight()
    expect(await post("name=events&mode=replace&replace_condition=day%3D'2026-01-02'&format=csv", 'id,day\n')).toMatchObject({ status: 200 })
  })

  it('refuses a file that is cut off, damaged or something else, and stores nothing of it', async () => {
    const before = await count()
    const whole = parquet('UNCOMPRESSED')
    expect(await post('name=events&mode=append&format=parquet', whole.subarray(0, whole.length - 100)))
      .toMatchObject({ status: 400, body: { error: expect.stringMatching(/no whole Parquet file/) as string } })
    const damaged = Buffer.from(parquet())
    damaged.fill(0xff, damaged.length >> 1, (damaged.length >> 1) + 600)
    const answer = await post('name=events&mode=append&format=parquet', damaged)
    expect(answer.status, JSON.stringify(answer.body)).toBe(400)
    expect(await post('name=events&mode=append&format=parquet', 'id,day\n1,2024-01-01\n'))
      .toMatchObject({ status: 400, body: { error: expect.stringMatching(/no whole Parquet file/) as string } })
    const others = Buffer.from(parquetWriteBuffer({ columnData: [{ name: 'other', data: ['a'], type: 'STRING' }] }))
    expect((await post('name=events&mode=append', others)).body.error).toMatch(/none of the columns of events: it has other/)
    expect(await count()).toBe(before)
    await isRight()
    expect(readdirSync(join(server.data, 'incoming'))).toEqual([])
  })
})

const csv = (from: number, rows: number, day: string) => `id,day,name\n${Array.from({ length: rows }, (_, i) => `${from + i},${day},c`).join('\n')}\n`

describe('replacement by a condition', () => {
  it('replaces the rows that fulfil it, with all that follows from them, at once', async () => {
    await post('name=events&mode=replace&format=csv', `${csv(1, 10, '2024-01-01')}${csv(11, 10, '2024-02-01').slice(12)}`)
    await server.call('POST', '/v0/events?name=events&wait=true', '{"id":21,"day":"2024-02-01","at":"2024-02-01 00:00:00.000","name":"e","score":1,"tags":[],"ok":true}')
    const condition = encodeURIComponent("day = '2024-02-01'")
    expect((await post(`name=events&mode=replace&format=csv&replace_condition=${condition}`, `${csv(100, 3, '2024-02-01')}200,2024-03-01,c\n`)).body)
      .toMatchObject({ successful_rows: 3, quarantined_rows: 0 })
    expect(await server.rows('SELECT day, count() AS n, min(id) AS first FROM events GROUP BY day ORDER BY day')).toEqual([
      { day: '2024-01-01', n: 10, first: 1 }, { day: '2024-02-01', n: 3, first: 100 },
    ])
    await isRight()
    await server.stop()
    await server.start(undefined, { PIPIT_IMPORT_BYTES_MAX: '16MB', PIPIT_IMPORT_IDLE_SECONDS: '1' })
    await isRight()
    expect(await count()).toBe(13)
    expect((await post('name=events&mode=replace&format=csv&replace_condition=nothing%20%3D%201', csv(1, 1, '2024-01-01'))).body.error).toMatch(/nothing/)
    expect(await count()).toBe(13)
  })
})

describe('files that are not what they should be', () => {
  it('stores nothing of a CSV whose quote is never closed, and names the line of rows that do not fit', async () => {
    const broken = `${csv(1, 100_000, '2024-05-01')}5,"2024-05-01,never closed\n`
    const far = `${csv(1000, 50_000, '2024-05-01')}x,2024-05-01,bad\n${'60000,2024-05-02,c\n'.repeat(3)}`
    const before = await count()
    const answer = await post('name=events&mode=append&format=csv', far)
    expect(answer.body).toMatchObject({ successful_rows: 50_003, quarantined_rows: 1 })
    expect(String(answer.body.error)).toMatch(/1 row\(s\) in quarantine.*'x' on column 'id'/)
    expect(await count()).toBe(Number(before) + 50_003)
    expect((await post('name=events&mode=append&format=csv', broken)).body).toMatchObject({ quarantined_rows: 1 })
    await isRight()
  })

  it('ends an import from a URL that stalls, that never ends, and one that is cancelled', async () => {
    await post('name=events&mode=replace&format=csv', csv(1, 5, '2024-01-01'))
    const line = 'id,day,name\n'
    const rows = Buffer.from('7,2024-01-01,c\n'.repeat(20_000))
    answers.set('/stalls.csv', (response) => { response.write(`${line}1,2024-01-01,c\n`) })
    answers.set('/endless.csv', (response) => {
      response.write(line)
      const more = () => { while (response.writable && response.write(rows)) continue }
      response.on('drain', more)
      more()
    })
    answers.set('/trickles.csv', (response) => {
      response.write(line)
      const timer = setInterval(() => response.write(`8,2024-01-01,c\n`), 50)
      response.on('close', () => clearInterval(timer))
    })
    answers.set('/breaks.csv', (response) => {
      response.writeHead(200, { 'content-length': '1000000' })
      response.write(`${line}1,2024-01-01,c\n`, () => response.destroy())
    })
    const ofUrl = async (path: string) => (await post(`name=events&mode=append&url=${encodeURIComponent(web.url + path)}`)).body.job_id
    expect(await jobOf(await ofUrl('/stalls.csv'))).toMatchObject({ status: 'error', error: expect.stringMatching(/stalls\.csv stopped in the middle/) as string })
    expect(await jobOf(await ofUrl('/endless.csv'))).toMatchObject({ status: 'error', error: expect.stringMatching(/larger than 16777216 bytes/) as string })
    expect(await jobOf(await ofUrl('/breaks.csv'))).toMatchObject({ status: 'error', error: expect.stringMatching(/breaks\.csv stopped in the middle/) as string })
    const id = await ofUrl('/trickles.csv')
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    expect(JSON.parse((await server.call('GET', `/v0/jobs/${String(id)}`)).text)).toMatchObject({ status: 'working' })
    expect((await server.call('POST', `/v0/jobs/${String(id)}/cancel`)).status).toBe(200)
    expect(await jobOf(id)).toMatchObject({ status: 'cancelled' })
    expect(await count()).toBe(5)
    await isRight()
  })

  it('stores nothing of a copy that fails half-way', async () => {
    const { job } = JSON.parse((await server.call('POST', '/v0/pipes/slow/copy')).text) as { job: Job }
    expect(await jobOf(job.id)).toMatchObject({ status: 'error', error: expect.stringMatching(/throwIf/) as string })
    expect(await count()).toBe(5)
    await isRight()
  })
})

describe('data sources of files', () => {
  it('are made by mode=create, from what the file holds or from a schema, and stay', async () => {
    const text = 'city;people;since;share\nBern;133000;2020-01-02;0.5\nBasel;;2021-03-04;1\n'
    expect((await post('name=cities&mode=create', text)).body).toMatchObject({ successful_rows: 2, quarantined_rows: 0 })
    expect((await post('name=typed&mode=create&engine_sorting_key=k&schema=' + encodeURIComponent('`k` UInt8 `json:$.k`'))).status).toBe(200)
    await server.call('POST', '/v0/events?name=typed&wait=true', '{"k":4}')
    await server.stop()
    await server.start(undefined, { PIPIT_IMPORT_BYTES_MAX: '16MB', PIPIT_IMPORT_IDLE_SECONDS: '1' })
    expect(await server.rows('SELECT * FROM cities ORDER BY city')).toEqual([
      { city: 'Basel', people: null, since: '2021-03-04', share: 1 }, { city: 'Bern', people: 133_000, since: '2020-01-02', share: 0.5 },
    ])
    expect(await server.rows('SELECT * FROM typed')).toEqual([{ k: 4 }])
    expect((await post('name=bad&mode=create&schema=' + encodeURIComponent('`k` Nothingness'))).status).toBe(400)
    expect((await post('name=cities&mode=create', text)).status).toBe(409)
  })

  it('are dropped with their rows, and no other is', async () => {
    const drop = async (name: string) => {
      const { status, text } = await server.call('DELETE', `/v0/datasources/${name}`)
      return { status, error: text === '' ? '' : (JSON.parse(text) as { error: string }).error }
    }
    await server.call('POST', '/v0/events?name=cities', '{"city":1}\n{"city":"Bern","people":"many"}')
    expect(await drop('cities')).toEqual({ status: 204, error: '' })
    for (const gone of ['cities', 'cities_quarantine']) {
      expect((await server.call('POST', '/v0/sql', `SELECT * FROM ${gone}`)).text).toMatch(/cities/)
    }
    expect(await drop('cities')).toEqual({ status: 404, error: "Data Source 'cities' does not exist" })
    expect((await server.call('POST', '/v0/events?name=cities', '{"city":"Bern"}')).status).toBe(404)
    expect((await post('name=cities&mode=create', 'city\nBasel\n')).body).toMatchObject({ successful_rows: 1 })
    // Inserts that are under way go in before it, or find nothing.
    const beside = Array.from({ length: 20 }, () => server.call('POST', '/v0/events?name=typed&wait=true', '{"k":4}'))
    expect(await drop('typed')).toMatchObject({ status: 204 })
    const statuses = (await Promise.all(beside)).map(({ status }) => status)
    expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([])
    expect(await server.rows('SELECT * FROM cities')).toEqual([{ city: 'Basel' }])
    expect(await drop('events')).toMatchObject({ status: 409, error: expect.stringMatching(/described by a file of the project/) as string })
    expect(await drop('events_quarantine')).toMatchObject({ status: 409, error: expect.stringMatching(/belongs to 'events'/) as string })
    expect(await drop('nothing')).toMatchObject({ status: 404 })
    const reader = JSON.parse((await server.call('POST', '/v0/tokens?name=reader&scope=DATASOURCES:READ:cities')).text) as { token: string }
    expect((await fetch(`${server.url}/v0/datasources/cities?token=${reader.token}`, { method: 'DELETE' })).status).toBe(403)
    expect(await server.rows('SELECT * FROM cities')).toEqual([{ city: 'Basel' }])
  })

  it('are described by /v0/analyze', async () => {
    const lines = '{"id":1,"user":{"name":"a","tags":["x"]},"items":[{"price":1.5}],"at":"2024-01-01 00:00:00","none":null}\n{"id":3000000,"user":{"name":"b","tags":[]},"items":[],"at":"2024-01-02 00:00:00"}\n'
    const analyzed = JSON.parse((await server.call('POST', '/v0/analyze', lines)).text) as { analysis: { schema: string }; preview: { rows: number }; format: string }
    expect(analyzed.analysis.schema).toBe('`id` Int64 `json:$.id`, `user_name` String `json:$.user.name`, `user_tags` Array(String) `json:$.user.tags[:]`, '
      + '`items_price` Array(Float64) `json:$.items[:].price`, `at` DateTime `json:$.at`, `none` Nullable(String) `json:$.none`, `items` Array(String) `json:$.items[:]`')
    expect(analyzed).toMatchObject({ format: 'ndjson', preview: { rows: 2 } })
    const ofParquet = JSON.parse((await server.call('POST', '/v0/analyze', parquet())).text) as { analysis: { schema: string } }
    expect(ofParquet.analysis.schema).toMatch(/`id` Nullable\(Int64\), `day` Nullable\(DateTime64\(3\)\), .*`name` Nullable\(String\), .*`score` Nullable\(Float64\), `ok` Nullable\(Bool\)/)
  })
})
