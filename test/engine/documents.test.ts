// Documents that are stored: in segments, in the log, after a restart. What their type leaves out is not kept.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const SCHEMA = `SCHEMA >
    \`id\` UInt32 \`json:$.id\`, \`doc\` JSON(price Float64, SKIP secret, SKIP REGEXP 'tmp.*') \`json:$.doc\`
ENGINE MergeTree
ENGINE_SORTING_KEY id
`

const TYPED = `SCHEMA >
    \`id\` UInt32 \`json:$.id\`, \`doc\` JSON(n UInt8, who.name String, at Nullable(DateTime), SKIP secret) \`json:$.doc\`
ENGINE MergeTree
ENGINE_SORTING_KEY id
`

let test: TestEngine
beforeAll(async () => {
  test = await openTestEngine({ 'docs.datasource': SCHEMA, 'typed.datasource': TYPED })
  const row = (id: number) => ({
    id, doc: { kind: `k${id % 3}`, price: id % 2 === 0 ? 1.5 : 2, tags: ['a', `t${id % 2}`], items: [{ n: id }, { n: 1 }], secret: id, tmp1: 'x' },
  })
  await test.insert('docs', Array.from({ length: 500 }, (_, id) => row(id)))
  await test.engine.store.flush()
  await test.restart()
  await test.insert('docs', Array.from({ length: 100 }, (_, id) => row(500 + id)))
})
afterAll(() => test.close())

it('answers from paths, items and whole documents', async () => {
  expect(await test.rows('SELECT doc FROM docs WHERE id = 3'))
    .toEqual([[{ items: [{ n: 3 }, { n: 1 }], kind: 'k0', price: 2, tags: ['a', 't1'] }]])
  expect(await test.rows('SELECT count(), countIf(doc.secret IS NULL), sum(doc.price), countIf(doc.price * 2 > 3) FROM docs'))
    .toEqual([[600, 600, 1050, 300]])
  expect(await test.rows("SELECT doc.tags[2]::String AS t, count() AS c, sum(arraySum(x -> x.n::Int64, doc.items.:`Array(JSON)`)) FROM docs GROUP BY t ORDER BY t"))
    .toEqual([['t0', 300, 90000], ['t1', 300, 90300]])
  expect(await test.rows('SELECT count(), uniqExact(doc) FROM (SELECT DISTINCT doc FROM docs)')).toEqual([[600, 600]])
  expect(await test.rows("SELECT d, count() AS c FROM (SELECT CAST(map('k', doc.kind::String), 'JSON') AS d FROM docs) GROUP BY d ORDER BY d.k::String"))
    .toEqual([[{ k: 'k0' }, 200], [{ k: 'k1' }, 200], [{ k: 'k2' }, 200]])
})

it('holds values of typed paths as their types are written, and what is none of them as it came', async () => {
  const docs = [
    { n: '5', who: { name: 7, age: 3 }, at: '2024-01-02T03:04:05Z', secret: 1 }, {}, { n: 300, who: { name: { a: 1 } }, z: null }, { n: 'x', who: 1 },
  ]
  await test.insert('typed', docs.map((doc, id) => ({ id, doc })))
  const wanted = [
    { n: 5, who: { name: '7', age: 3 }, at: '2024-01-02 03:04:05' }, { n: 0, who: { name: '' }, at: null },
    { n: 300, who: { name: '{"a":1}' }, at: null }, { n: 'x', who: { name: '' }, at: null },
  ].map((doc) => [doc])
  expect(await test.rows('SELECT doc FROM typed ORDER BY id')).toEqual(wanted)
  await test.engine.store.flush()
  await test.restart()
  expect(await test.rows('SELECT doc FROM typed ORDER BY id')).toEqual(wanted)
  expect(await test.rows('SELECT doc.n, doc.who.name, doc.at FROM typed WHERE id < 2 ORDER BY id'))
    .toEqual([[5, '7', '2024-01-02 03:04:05'], [0, '', null]])
})

it('answers with JSON whatever numbers came', async () => {
  const body = Buffer.from('{"id":9001,"doc":{"a":1e25,"b":[-1e400,2.50],"c":1e400}}')
  expect((await test.engine.insert({ datasource: 'docs', body, format: 'ndjson', gzip: false })).quarantinedRows).toBe(0)
  expect(await test.rows('SELECT toString(doc), doc FROM docs WHERE id = 9001'))
    .toEqual([['{"a":1e25,"b":[null,2.5],"c":null,"price":0}', { a: 1e25, b: [null, 2.5], c: null, price: 0 }]])
})
