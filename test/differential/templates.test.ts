// Templates answer as ClickHouse answers what Tinybird renders of them: numbers of a type with a width are
// calls (`toInt32('5')`), and so have that type wherever they stand. Every statement runs by a plan made of its
// own values and by one made of others, in one worker and in three.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STATEMENT_TABLES } from '../cases/statement-tables.ts'
import { sharedSlots } from '../../src/render/literal-slots.ts'
import type { NodeText } from '../../src/render/slots.ts'
import { compileTemplate } from '../../src/render/template.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { createTables, isEqual, oursBySlots, theirs, worldOf } from './oracle-cases.ts'

const PARAMS: Readonly<Record<string, unknown>> = {
  n: '5', low: '-3', big: '18446744073709551615', wide: '-170141183460469231731687303715884105728', f: '0.1', whole: '2',
  s: "it's", d: '2023-11-20', t: '2023-11-15 10:00:00', b: 'true', l: '1,2,300', fl: '0.5,1',
}
/** What makes the plan that the others are called by. */
const OTHERS: Readonly<Record<string, unknown>> = {
  n: '4', low: '-7', big: '3', wide: '12', f: '2.75', whole: '3', s: 'other', d: '2023-11-18', t: '2023-11-16 12:30:00', b: 'false',
  l: '7,8,90000', fl: '4.25,7',
}

const STATEMENTS: readonly string[] = [
  // Types and names of what is selected.
  ...['Int8', 'Int16', 'Int32', 'Int64', 'Int128', 'Int256', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'UInt128', 'UInt256', 'Float32', 'Float64'].flatMap((type) => [
    `SELECT {{${type}(n)}}, {{${type}(n)}} AS x, toTypeName({{${type}(n)}})`,
    `SELECT id + {{${type}(n)}} AS a, {{${type}(n)}} - i AS b, id * {{${type}(n)}} AS c${/\d\d\d/.test(type) ? '' : `, f + {{${type}(n)}} AS d`} FROM ev ORDER BY id LIMIT 5`,
    `SELECT count() FROM ev WHERE id < {{${type}(n)}} OR i = {{${type}(n)}} OR f >= {{${type}(n)}} OR n != {{${type}(n)}}`,
  ]),
  'SELECT {{Int32(n)}} + 1, {{Int32(n)}} * {{Int8(low)}}, {{UInt8(n)}} - {{UInt8(whole)}}, -{{Int32(n)}} AS minus, -{{UInt8(n)}} AS less',
  'SELECT {{Int(n)}} AS a, {{Integer(low)}} AS b, {{n}} AS c, {{Boolean(b)}} AS d, {{String(s)}} AS e, {{Date(d)}} AS f, {{DateTime(t)}} AS g',
  "SELECT {{Array(l, 'Int32')}} AS a, {{Array(fl, 'Float64')}} AS b, {{Array(l)}} AS c, toTypeName({{Array(l, 'UInt64')}}) AS d",
  'SELECT [{{Int8(n)}}, 1] AS a, ({{Int64(n)}}, 1.5) AS b, [{{Float64(f)}}, 1] AS c',
  'SELECT {{Float32(f)}} AS a, {{Float32(f)}} = 0.1 AS b, {{Float64(f)}} = 0.1 AS c, {{Float32(f)}} + 1 AS d, toTypeName({{Float32(f)}} * 2)',
  'SELECT {{UInt64(big)}} AS a, {{UInt64(big)}} - 1 AS b, {{Int128(wide)}} AS c, {{Int256(wide)}} - 1 AS d, toString({{UInt64(big)}})',
  'SELECT {{Int32(n)}} / 2 AS a, intDiv({{Int32(n)}}, 2) AS b, {{Int32(n)}} % 3 AS c, {{UInt8(n)}} % 3 AS d, bitShiftLeft({{UInt8(n)}}, 7) AS e',
  'SELECT if(id % 2 = 0, {{Int32(n)}}, 300) AS a, multiIf(id = 1, {{Int8(n)}}, id = 2, {{UInt8(n)}}, 3) AS b, coalesce(n, {{Int64(n)}}) AS c FROM ev ORDER BY id LIMIT 4',
  'SELECT CASE WHEN id < {{Int32(n)}} THEN {{UInt16(n)}} ELSE {{Int8(low)}} END AS a, nullIf({{Int32(n)}}, 5) AS b, greatest(id, {{Int8(low)}}) AS c FROM ev ORDER BY id LIMIT 4',
  'SELECT {{Int32(n)}}::String AS a, {{Int32(n)}}::UInt8 AS b, CAST({{Int32(n)}} AS Float32) AS c, toString({{Int8(low)}}) AS d, {{Float64(f)}}::Decimal(9, 2) AS e',
  'SELECT {{Int32(n)}} = NULL AS a, {{Int32(n)}} IS NULL AS b, {{Int32(n)}} IN (1, 5) AS c, NULL IN ({{Int32(n)}}) AS d, {{Int32(n)}} IN (NULL, 5) AS e',
  // Conditions.
  'SELECT count() FROM ev WHERE i = {{Int32(n)}} OR i IN ({{Int32(n)}}, {{Int32(low)}})',
  "SELECT count() FROM ev WHERE i IN {{Array(l, 'Int32')}}",
  'SELECT count() FROM ev WHERE n > {{Int8(low)}} AND n <= {{Int64(n)}}',
  'SELECT count() FROM ev WHERE i BETWEEN {{Int32(low)}} AND {{Int32(n)}} * 100',
  'SELECT count() FROM ev WHERE f < {{Float32(f)}} OR f = {{Float64(f)}}',
  'SELECT count() FROM large WHERE a = {{Int128(wide)}} OR b > {{UInt64(big)}} OR c < {{Int256(wide)}}',
  'SELECT count() FROM ev WHERE t >= {{DateTime(t)}} AND d > {{Date(d)}} AND t < toDateTime({{DateTime(t)}}) + {{Int32(n)}} * 86400',
  'SELECT count() FROM ev WHERE id = {{UInt64(big)}} OR id = {{Int8(low)}}',
  'SELECT count() FROM ev WHERE (id, i) IN (({{Int32(n)}}, {{Int32(low)}}), (1, 17))',
  // Where a number decides.
  'SELECT id FROM ev ORDER BY id LIMIT {{Int32(n)}} OFFSET {{Int32(whole)}}',
  'SELECT id FROM ev ORDER BY id LIMIT {{UInt8(whole)}}, {{Int64(n)}}',
  'SELECT k, id FROM ev ORDER BY k, id LIMIT {{Int32(whole)}} BY k',
  'SELECT number FROM numbers({{Int32(n)}})',
  'SELECT toStartOfInterval(t, INTERVAL {{Int32(n)}} MINUTE) AS b, count() FROM ev GROUP BY b ORDER BY b LIMIT 3',
  'SELECT t + INTERVAL {{Int32(n)}} DAY AS a, t - INTERVAL {{Int8(low)}} HOUR AS b, d + {{Int32(n)}} AS c, t + {{Int32(n)}} AS e FROM ev ORDER BY id LIMIT 2',
  'SELECT addDays(d, {{Int32(n)}}) AS a, dateAdd(MONTH, {{Int32(whole)}}, d) AS b, date_trunc(\'hour\', t) AS c FROM ev ORDER BY id LIMIT 2',
  'SELECT quantile({{Float64(f)}})(f) AS a, quantiles({{Float64(f)}}, 0.5)(f) AS b, topK({{Int32(whole)}})(1) AS c FROM ev',
  'SELECT quantile({{Float64(f)}})(id) FROM ev',
  'SELECT round(f, {{Int32(whole)}}) AS a, substring(s, {{Int32(whole)}}) AS b, arrayElement([1, 2], {{Int32(whole)}}) AS c, splitByChar(\'1\', s)[{{Int8(whole)}}] AS e FROM ev ORDER BY id LIMIT 3',
  'SELECT tupleElement((1, \'a\'), {{Int32(whole)}}) AS a, leftPad(\'x\', {{UInt8(n)}}, \'-\') AS b, repeat(\'ab\', {{Int32(whole)}}) AS c, range({{UInt32(n)}}) AS e',
  'SELECT k, count() FROM ev GROUP BY k HAVING count() > {{Int32(n)}} ORDER BY k',
  'SELECT k, count() AS c FROM ev GROUP BY {{Int32(whole)}}, k ORDER BY {{Int32(whole)}}, k',
  'SELECT intDiv(id, {{Int32(n)}}) AS b, sum(i) FROM ev GROUP BY b ORDER BY b LIMIT 3',
  'SELECT id % {{UInt8(n)}} AS b, max(i + {{Int32(n)}}) AS m, countIf(i > {{Int32(n)}}) FROM ev GROUP BY b ORDER BY b',
  'SELECT sum({{Int8(n)}}), avg({{Int32(n)}}), uniq({{Int32(n)}}), max({{UInt8(n)}}), groupArray({{Int16(low)}}) FROM ev WHERE id < 3',
  'SELECT sum(i * {{Int32(n)}}) AS a, sum({{Float32(f)}}) AS b, any({{UInt64(big)}}) AS c FROM ev',
  'SELECT arrayMap(x -> x + {{Int8(n)}}, [1, 2]) AS a, arrayFilter(x -> x > {{Int32(whole)}}, [1, 2, 3]) AS b, has([1, 5], {{Int32(n)}}) AS c',
  'SELECT * FROM (SELECT id FROM ev WHERE id > {{Int32(n)}} UNION ALL SELECT {{Int64(low)}}) ORDER BY 1 LIMIT 3',
  'SELECT number FROM numbers(4) ORDER BY number WITH FILL TO {{Int32(n)}} + 3 STEP {{Int32(whole)}}',
  'SELECT row_number() OVER (ORDER BY id) + {{Int32(n)}} AS a, lagInFrame(i, {{Int32(whole)}}, {{Int64(low)}}) OVER (ORDER BY id) AS b FROM ev ORDER BY id LIMIT 4',
  'WITH {{Int32(n)}} AS x SELECT x, x + 1, toTypeName(x) FROM ev LIMIT 1',
  'SELECT id, {{Int32(n)}} AS x FROM ev LEFT JOIN (SELECT toUInt32({{Int32(n)}}) AS id, {{UInt8(n)}} AS y) AS r USING id ORDER BY id LIMIT 3',
  '{% set x = Int32(n) %}SELECT {{x}} AS a, {{x + 1}} AS b, {{max_of}} AS c',
]

const run = (sql: string, params: Readonly<Record<string, unknown>>): NodeText => {
  const text = compileTemplate(`%\n${sql}`).run({
    params: { max_of: 7, ...params }, fixedParams: {}, secrets: {}, claims: {}, forcedBranch: null,
    hints: { maxThreads: null, cacheSeconds: null }, warnings: [],
  })
  return { ...text, sql: text.sql, slots: sharedSlots(text.slots) }
}

describe('templates answer as ClickHouse answers what Tinybird renders', () => {
  const world = worldOf(STATEMENT_TABLES)
  let oracle: Oracle
  beforeAll(async () => {
    oracle = await startOracle()
    await createTables(oracle, STATEMENT_TABLES)
  }, 60_000)
  afterAll(() => oracle.close())

  it('by a plan of the same values and by one of others', async () => {
    const differing: string[] = []
    for (const sql of STATEMENTS) {
      const called = run(sql, PARAMS)
      const values = called.slots.map(({ value }) => value)
      const wanted = await theirs(oracle, called.sql)
      for (const [planned, workers] of [[called, 1], [called, 3], [run(sql, OTHERS), 1]] as const) {
        const got = oursBySlots(world, planned, values, workers)
        const isOwn = planned === called
        if (got === null ? isOwn : !isEqual(got, wanted)) {
          differing.push(`${sql}\n  ${called.sql}\n  ${workers} workers, ${isOwn ? 'own' : 'other'} plan: ${JSON.stringify(got).slice(0, 500)}\n  wanted: ${JSON.stringify(wanted).slice(0, 500)}`)
        }
      }
    }
    expect(differing.join('\n')).toBe('')
  }, 120_000)
})
