// What rows of JSON become: every type that projects use, DEFAULTs of every kind, bodies of every form.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const TYPES = `
    s String, low LowCardinality(String), ns Nullable(String), fx FixedString(4), id UUID, b Bool,
    i8 Int8, i16 Int16, i32 Int32, i64 Int64, u8 UInt8, u16 UInt16, u32 UInt32, u64 UInt64,
    f32 Float32, f64 Float64, nf Nullable(Float64), dec Decimal(18, 4), e Enum8('on' = 1, 'off' = 2),
    d Date, d32 Date32, t DateTime, tz DateTime('Europe/Madrid'), t3 DateTime64(3), t9 DateTime64(9),
    tags Array(String), lows Array(LowCardinality(String)), opts Array(Nullable(String)), nums Array(Float64),
    times Array(DateTime64(9)), maps Array(Map(String, String)), trips Array(Tuple(String, Float64, UInt64)),
    m Map(LowCardinality(String), String), j JSON, deep String, prices Array(Float64), raw String, ck Time, ck3 Time64(3), cks Array(Time),
    top SimpleAggregateFunction(max, DateTime)`
const PATHS: Readonly<Record<string, string>> = { tags: '$.tags[:]', deep: '$.o.p.q', prices: '$.items[:].price', raw: '$' }

const schemaOf = (text: string): string => text.split(/,\s+(?=\w+ [A-Z])/).map((column) => {
  const [name, ...type] = column.trim().split(' ')
  return `    \`${name}\` ${type.join(' ')} \`json:${PATHS[name] ?? `$.${name}`}\``
}).join(',\n')

const project = mkdtempSync(join(tmpdir(), 'pipit-ingest-'))
mkdirSync(join(project, 'datasources'))
writeFileSync(join(project, 'datasources', 'types.datasource'), `SCHEMA >\n${schemaOf(TYPES)}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "s, ck"\nENGINE_PARTITION_KEY "ck3"\n`)
writeFileSync(join(project, 'datasources', 'defaults.datasource'), `SCHEMA >
    \`id\` String \`json:$.id\`,
    \`at\` DateTime \`json:$.at\` DEFAULT now(),
    \`day\` Date \`json:$.day\` DEFAULT toDate(at),
    \`tag\` LowCardinality(String) \`json:$.tag\` DEFAULT lower(concat(id, '-', toString(n))),
    \`n\` UInt32 \`json:$.n\` DEFAULT length(id) * 2,
    \`ratio\` Float64 \`json:$.ratio\` DEFAULT n / 4,
    \`list\` Array(String) \`json:$.list[:]\` DEFAULT [id, 'x'],
    \`opt\` Nullable(String) \`json:$.opt\` DEFAULT if(n > 4, tag, NULL),
    \`whole\` Int32 \`json:$.whole\` DEFAULT toInt32(id),
    \`seven\` Int64 DEFAULT 3 + 4

ENGINE "MergeTree"
ENGINE_SORTING_KEY "id"
`)

let server: TestServer
beforeAll(async () => { server = await new TestServer(project).start() })
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true })
})

const post = (name: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  server.call('POST', `/v0/events?name=${name}&wait=true`, body, headers)

describe('values', () => {
  it('reads every type that projects use, and shows it as ClickHouse does', async () => {
    const row = {
      s: 'a "b"', low: 'pro', ns: null, fx: 'ab', id: '61f0c404-5cb3-11e7-907b-a6006ad3dba0', b: true,
      i8: -8, i16: -16, i32: -32, i64: '-9007199254740993', u8: 8, u16: 16, u32: 32, u64: '18446744073709551615',
      f32: 1.5, f64: 0.1, nf: null, dec: '12.3456', e: 'off', d: '2024-02-29', d32: '1925-01-01',
      t: '2024-02-29 10:11:12', tz: '2024-07-01 12:00:00', t3: '2024-02-29T10:11:12.345Z', t9: '2024-02-29T10:11:12.123456789+02:00',
      tags: ['x', 'y'], lows: ['a', 'a'], opts: ['a', null], nums: [1, 2.5], times: ['2024-01-01 00:00:00.5'],
      maps: [{ k: 'v' }, {}], trips: [['a', 1.5, 2]], m: { a: 'b' }, j: { a: { b: 1 } },
      o: { p: { q: 'in' } }, items: [{ price: 1 }, { price: 2.5 }], ck: '23:59:58', ck3: '-01:02:03.004', cks: ['00:00:05'], top: 1709201472,
    }
    expect(JSON.parse((await post('types', JSON.stringify(row))).text)).toEqual({ successful_rows: 1, quarantined_rows: 0 })
    const [stored] = await server.rows('SELECT * EXCEPT (id, i64, u64, raw, j, fx), toString(id) AS id, toString(i64) AS i64, '
      + 'toString(u64) AS u64, length(fx) AS fx, length(raw) > 100 AS raw, toString(j) AS j FROM types')
    const { o: _o, items: _items, ...same } = row
    expect(stored).toMatchObject({
      ...same, dec: 12.3456, t3: '2024-02-29 10:11:12.345', t9: '2024-02-29 08:11:12.123456789', times: ['2024-01-01 00:00:00.500000000'],
      j: '{"a":{"b":1}}', deep: 'in', prices: [1, 2.5], top: '2024-02-29 10:11:12', fx: 4, raw: 1,
    })
  })

  it('quarantines a row for each type that gets no value of it, and names column and value', async () => {
    const bad: Record<string, unknown> = { fx: 'abcde', id: 'x', b: 'maybe', i8: 128, u8: -1, u64: 1.5, f64: 'x', dec: 'x', e: 'maybe',
      d: '2024-02-30', ck: '2024-01-01', cks: ['x'], t: 'yesterday', t9: '12:00', tags: 'x', nums: ['x'], trips: [['a']], m: ['a'] }
    const good = { s: '', low: '', fx: '', id: '61f0c404-5cb3-11e7-907b-a6006ad3dba0', b: false, i8: 0, i16: 0, i32: 0, i64: 0, u8: 0, u16: 0,
      u32: 0, u64: 0, f32: 0, f64: 0, dec: 0, e: 'on', d: '2024-01-01', d32: '2024-01-01', t: 0, tz: 0, t3: 0, t9: 0, tags: [], lows: [], opts: [],
      nums: [], times: [], maps: [], trips: [], m: {}, j: {}, o: { p: { q: '' } }, items: [], ck: 0, ck3: 0, cks: [], top: 0 }
    const lines = Object.entries(bad).map(([name, value]) => JSON.stringify({ ...good, [name]: value }))
    const answer = await post('types', [...lines, JSON.stringify(good), '{"s":"only"}', 'no json', '{"s":'].join('\n'))
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: 1, quarantined_rows: lines.length + 3 })
    const rows = await server.rows("SELECT c__error_column AS names, c__error AS reasons FROM types_quarantine")
    const byName = new Map(rows.filter(({ names }) => (names as string[]).length === 1).map(({ names, reasons }) => [(names as string[])[0], (reasons as string[])[0]]))
    for (const name of Object.keys(bad)) expect(byName.get(name), name).toContain(`on column '${name}' is not `)
    expect(rows.length).toBe(lines.length + 3)
  })
})

describe('defaults', () => {
  it('computes any expression, also over other columns, for rows that lack a value', async () => {
    const before = Math.floor(Date.now() / 1000)
    const answer = await post('defaults', ['{"id":"10"}', '{"id":"200","n":null,"tag":"T"}', '{"id":"3","n":7,"at":"2024-01-02 03:04:05","list":["q"],"whole":5}',
      '{"id":"x"}'].join('\n'))
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: 3, quarantined_rows: 1 })
    const rows = await server.rows('SELECT * EXCEPT (at, day), toUnixTimestamp(at) AS at, day = toDate(at) AS sameDay FROM defaults ORDER BY length(id), id')
    expect(rows).toMatchObject([
      { id: '3', tag: '3-7', n: 7, ratio: 1.75, list: ['q'], opt: '3-7', whole: 5, seven: 7, at: 1704164645, sameDay: 1 },
      { id: '10', tag: '10-4', n: 4, ratio: 1, list: ['10', 'x'], opt: null, whole: 10, seven: 7, sameDay: 1 },
      { id: '200', tag: 'T', n: 6, ratio: 1.5, list: ['200', 'x'], opt: 'T', whole: 200, seven: 7, sameDay: 1 },
    ])
    expect(rows[1].at).toBeGreaterThanOrEqual(before)
    const [{ reasons }] = await server.rows('SELECT c__error AS reasons FROM defaults_quarantine')
    expect((reasons as string[])[0]).toMatch(/DEFAULT of column 'whole'/)
  })
})

describe('bodies', () => {
  it('unpacks large gzip beside the worker, while queries go on', async () => {
    const rows = 60_000
    const body = gzipSync(Array.from({ length: rows }, (_, i) => `{"id":"${i * 7919}","n":${i},"whole":1}`).join('\n'))
    expect(body.length).toBeGreaterThan(100_000)
    const sending = post('defaults', body, { 'content-encoding': 'gzip' })
    expect(await server.rows('SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(JSON.parse((await sending).text)).toEqual({ successful_rows: rows, quarantined_rows: 0 })
  })

  it('answers 413 to a gzip bomb and goes on', async () => {
    const bomb = gzipSync(Buffer.alloc(300 * 2 ** 20, 32), { level: 1 })
    const answer = await post('defaults', bomb, { 'content-encoding': 'gzip' })
    expect(answer.status, answer.text).toBe(413)
    expect(answer.text).toMatch(/unpacks to more than/)
    expect((await post('defaults', '{"id":"1"}')).status).toBe(200)
  })

  it('stores large ones that come beside each other, of any form and with any end', async () => {
    const [first] = await server.rows('SELECT count() AS rows, sum(n) AS sum FROM defaults')
    const bodies = Array.from({ length: 24 }, (_, body) => Array.from({ length: 1500 + body * 777 }, (_, i) => `{"id":"${body}","n":${i},"tag":"t","whole":${i === 9 ? '"no"' : 2}}`))
    const answers = await Promise.all(bodies.map(async (lines, body) => {
      const text = body % 5 === 1 ? `[${lines.join(',')}]` : lines.join('\n')
      const answer = await post('defaults', body % 5 === 2 ? gzipSync(text, { level: 0 }) : text,
        body % 5 === 2 ? { 'content-encoding': 'gzip' } : body % 5 === 3 ? { 'idempotency-key': `large ${body}` } : {})
      return answer.text
    }))
    answers.forEach((answer, body) => {
      expect(JSON.parse(answer)).toMatchObject({ successful_rows: bodies[body].length - 1, quarantined_rows: 1 })
    })
    // Of a broken one, and of one for a table that is not there, nothing is stored.
    expect((await post('defaults', 'x'.repeat(200_000))).status).toBe(400)
    expect((await post('nothing', 'x'.repeat(200_000))).status).toBe(404)
    const [last] = await server.rows('SELECT count() AS rows, sum(n) AS sum FROM defaults')
    const wanted = bodies.map(({ length }) => ({ rows: length - 1, sum: length * (length - 1) / 2 - 9 }))
    expect([last.rows, last.sum].map(Number)).toEqual([
      wanted.reduce((sum, { rows }) => sum + rows, Number(first.rows)), wanted.reduce((all, { sum }) => all + sum, Number(first.sum))])
  })

  it('counts every line of a body once', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => i % 7 === 3 ? `{"id":${i}` : i % 11 === 5 ? '[]' : `{"id":"${i}","whole":${i % 13 === 1 ? '"no"' : 2}}`)
    const { successful_rows, quarantined_rows } = JSON.parse((await post('defaults', `${lines.join('\r\n')}\n\n`)).text) as Record<string, number>
    expect(successful_rows + quarantined_rows).toBe(lines.length)
    expect(successful_rows).toBe(lines.filter((line) => { try { return JSON.parse(line).whole === 2 } catch { return false } }).length)
  })
})
