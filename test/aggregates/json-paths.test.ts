// JSON values and their paths answer as ClickHouse does, cast from text and in every clause.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { aggregateAnswer, theirAnswer } from './table.ts'

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await oracle.query('SET allow_experimental_json_type = 1')
}, 60_000)
afterAll(() => oracle.close())

const FROM = "FROM (SELECT CAST('{\"a\":{\"b\":1,\"f\":2.5},\"s\":\"q\",\"arr\":[1,2],\"t\":true,\"n\":null,\"x\":\"12\"}', 'JSON') AS j)"

it.each([
  `SELECT j.a.b, j.a.f, j.s, j.arr, j.t, j.n, j.missing ${FROM}`,
  `SELECT j, toString(j), toTypeName(j), toTypeName(j.a.b), toTypeName(j.a.b.:Int64) AS n, toTypeName(j.^a) AS o ${FROM}`,
  `SELECT j.a.b::Int64, j.a.b::String, j.x::Int64, j.missing::Nullable(Int64), j.missing::Int64, j.s::LowCardinality(String) ${FROM}`,
  `SELECT j.a.b.:Int64 AS c, j.a.b.:String AS d, j.s.:String AS e, j.^a AS f, dynamicType(j.a.b), dynamicType(j.s), dynamicType(j.n) ${FROM}`,
  `SELECT upper(j.s), concat(j.s, 'x'), length(j.s), j.s = 'q', j.s = 'r', j.a.b = 1, j.a.f > 2, j.missing = 1, j.s IS NULL, j.n IS NULL ${FROM}`,
  `SELECT j.s::String AS k, sum(j.a.b::Int64), count() ${FROM} GROUP BY k ORDER BY k`,
  `SELECT count() ${FROM} WHERE j.s = 'q' AND j.a.b > 0`,
  `SELECT JSONExtractString(toString(j), 's') ${FROM}`,
  "SELECT j.a.b, toTypeName(j.a.b), j FROM (SELECT CAST('{\"a\":{\"b\":1},\"s\":\"q\"}', 'JSON(a.b UInt8)') AS j)",
  "SELECT CAST('{\"b\":1.0,\"a\":[{\"y\":1,\"x\":null}],\"e\":{},\"c\":{\"d\":null}}', 'JSON') AS j",
])('%s', async (sql) => {
  expect(aggregateAnswer(sql, 1)).toEqual(await theirAnswer(oracle, sql))
})

it('refuses text that is no object', () => {
  expect(() => aggregateAnswer("SELECT CAST('[1]', 'JSON')", 1)).toThrow(/Cannot parse JSON object/)
})
