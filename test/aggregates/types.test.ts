// Values of every type answer as ClickHouse does: their type, text, as keys of groups, in aggregates, in
// arrays and tuples, and compared.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { aggregateAnswer, theirAnswer } from './table.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() }, 60_000)
afterAll(() => oracle.close())

const VALUES: readonly string[] = [
  "CAST('5', 'Int8')",
  "CAST(5, 'Int128')",
  "CAST('7', 'UInt256')",
  "toFloat32(0.1)",
  "CAST('true','Bool')",
  "CAST('ab', 'FixedString(4)')",
  "toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')",
  "toDate('2024-05-01')",
  "toDate32('1925-01-01')",
  "toDateTime('2024-05-01 10:00:00')",
  "toDateTime('2024-05-01 10:00:00', 'Europe/Berlin')",
  "toDateTime64('2024-05-01 10:00:00.123456789', 9)",
  "toDateTime64('2024-05-01 10:00:00.123', 3, 'America/New_York')",
  "CAST('a', 'Enum8(\\'a\\' = 1, \\'b\\' = 2)')",
  "CAST('b', 'Enum16(\\'a\\' = 1, \\'b\\' = 2000)')",
  "CAST(NULL, 'Nullable(Int32)')",
  "[1, 2, 3]",
  "[[1], [2, NULL]]",
  "tuple(1, 'a')",
  "map('a', 1, 'b', 2)",
  "toDecimal32('1.5', 3)",
  "toDecimal64('-123.456', 3)",
  "INTERVAL 3 DAY",
  "toIPv4('1.2.3.4')",
  "toIPv6('2001:db8::1')",
  "toUInt64(18446744073709551615)",
  "toInt64(-9223372036854775808)",
  "CAST('[1,2]', 'Array(UInt8)')",
  "CAST('(1,\\'x\\')', 'Tuple(UInt8, String)')",
  "toDate('2024-05-01') + INTERVAL 1 DAY",
  "CAST([(1,'a')], 'Nested(x UInt8, y String)')",
  "CAST('2024-05-01', 'Date32')",
  "CAST(1.5, 'Decimal(10, 4)')",
  "CAST('1.2.3.4', 'IPv4')",
  "CAST('::1', 'IPv6')",
  "toNullable(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))",
]

/** Of two errors the words may differ. */
async function answers(sql: string): Promise<readonly [unknown, unknown]> {
  const theirs = await theirAnswer(oracle, sql).catch(() => 'error')
  try {
    return [aggregateAnswer(sql, 1), theirs]
  } catch (error) {
    if (theirs === 'error') return ['error', 'error']
    throw error
  }
}

it.each(VALUES)('%s', async (value) => {
  for (const sql of [
    `SELECT toTypeName(${value}), ${value} AS x`, `SELECT toString(${value})`,
    `SELECT ${value} AS k, count() FROM numbers(3) GROUP BY k ORDER BY k`,
    `SELECT max(x), min(x), any(x), uniqExact(x), groupArray(x) FROM (SELECT ${value} AS x FROM numbers(2))`,
    `SELECT [${value}], tuple(${value}), if(1, ${value}, ${value})`, `SELECT ${value} = ${value}, ${value} < ${value}`,
  ]) {
    const [ours, theirs] = await answers(sql)
    expect(ours, sql).toEqual(theirs)
  }
})
