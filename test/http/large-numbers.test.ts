// Integers of 128 and 256 bits and long decimals from JSON and CSV to disk and back: every digit stays,
// what does not fit goes to quarantine, and keys of these types sort and combine.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'datasources/big.datasource': `SCHEMA >
    \`a\` Int128 \`json:$.a\`,
    \`b\` UInt256 \`json:$.b\` DEFAULT 7,
    \`e\` Decimal(38, 10) \`json:$.e\`,
    \`n\` Nullable(Int256) \`json:$.n\`,
    \`l\` Array(UInt128) \`json:$.l[:]\`,
    \`f\` Decimal(76, 20) \`json:$.f\` DEFAULT 1.5

ENGINE "MergeTree"
ENGINE_SORTING_KEY "a"
`,
  'datasources/sums.datasource': `SCHEMA >
    \`k\` Int128 \`json:$.k\`,
    \`v\` UInt128 \`json:$.v\`,
    \`d\` Decimal(38, 2) \`json:$.d\`

ENGINE "SummingMergeTree"
ENGINE_SORTING_KEY "k"
`,
})

let server: TestServer
beforeAll(async () => { server = await new TestServer(project).start() })
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true })
})

const LEAST = '-170141183460469231731687303715884105728'
const MOST = (2n ** 256n - 1n).toString()
/** A delete flushes. */
const flush = (name: string) =>
  server.call('POST', `/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent('1 = 0')}`)

it('keeps every digit of JSON numbers and texts, and sets aside what does not fit', async () => {
  const lines = [
    `{"a":"${LEAST}","b":${MOST},"e":"1234567890123456789012345678.0123456789","n":null,"l":[1,"340282366920938463463374607431768211455"]}`,
    '{"a":12345678901234567890123,"e":-3.75,"n":"-5","l":[],"f":"0.00000000000000000001"}',
    '{"a":"170141183460469231731687303715884105728","e":1,"l":[]}', // one too many
    '{"a":1.5,"e":1,"l":[]}', '{"a":1,"b":-1,"e":1,"l":[]}', '{"a":1,"e":"x","l":[]}', '{"a":1,"e":1,"l":[-1]}',
  ]
  const answer = await server.call('POST', '/v0/events?name=big&wait=true', lines.join('\n'))
  expect(JSON.parse(answer.text)).toEqual({ successful_rows: 2, quarantined_rows: 5 })
})

const ALL = 'SELECT toString(a) AS a, toString(b) AS b, toString(e) AS e, toString(n) AS n, toString(l) AS l, toString(f) AS f FROM big ORDER BY big.a'
const ROWS = [
  { a: LEAST, b: MOST, e: '1234567890123456789012345678.0123456789', n: null, l: '[1,340282366920938463463374607431768211455]', f: '1.5' },
  { a: '12345678901234567890123', b: '7', e: '-3.75', n: '-5', l: '[]', f: '0.00000000000000000001' },
]

it('shows them unquoted and exact, from memory, from a segment and after a restart', async () => {
  expect(await server.rows(ALL)).toEqual(ROWS)
  const { text } = await server.call('POST', '/v0/sql', 'SELECT a, b FROM big ORDER BY a FORMAT JSONEachRow')
  expect(text.split('\n')[0]).toBe(`{"a":${LEAST},"b":${MOST}}`)
  await flush('big')
  expect(await server.rows(ALL)).toEqual(ROWS)
  await server.stop()
  await server.start()
  expect(await server.rows(ALL)).toEqual(ROWS)
  expect(await server.rows(`SELECT toString(b) AS b FROM big WHERE a = '${LEAST}'`)).toEqual([{ b: MOST }])
  expect(await server.rows('SELECT toString(sum(e)) AS s, toString(max(f)) AS m FROM big WHERE e < 0'))
    .toEqual([{ s: '-3.75', m: '0.00000000000000000001' }])
})

it('reads them from CSV', async () => {
  const csv = `a,b,e,n,l,f\n5,${MOST},2.5,,"[3,4]",7\n`
  const answer = await server.call('POST', '/v0/datasources?name=big&mode=append&format=csv&dialect_new_line=%0A', csv)
  expect(answer.status).toBe(200)
  expect(await server.rows("SELECT toString(b) AS b, toString(l) AS l, n FROM big WHERE a = 5"))
    .toEqual([{ b: MOST, l: '[3,4]', n: null }])
})

it('sums rows of one large key, and drops what sums to nothing', async () => {
  const post = (rows: readonly string[]) => server.call('POST', '/v0/events?name=sums&wait=true', rows.join('\n'))
  await post(['{"k":"-5","v":"18446744073709551616","d":"0.25"}', '{"k":7,"v":1,"d":-2}'])
  await flush('sums')
  await post(['{"k":"-5","v":"18446744073709551616","d":"0.50"}', `{"k":7,"v":"${2n ** 128n - 1n}","d":2}`])
  expect(await server.rows('SELECT toString(k) AS k, toString(v) AS v, toString(d) AS d FROM sums FINAL ORDER BY sums.k'))
    .toEqual([{ k: '-5', v: '36893488147419103232', d: '0.75' }])
})
