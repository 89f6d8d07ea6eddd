// Names and types of result columns, against the oracle's DESCRIBE of the same statement.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../../test/oracle/oracle.ts'
import { CREATE_TABLES, metaOf } from './fixture.ts'

/** Lists of expressions over the table `typed`, each asked for on its own. */
const EXPRESSIONS: readonly string[] = [
  // literals
  '1', '-1', '255', '256', '-129', '65536', '4294967296', '9223372036854775808', '1.5', '1.0', '1e10',
  '0.1', '-0.5', '1e-7', '1e21', 'inf', '-inf', 'nan', '0x10', "'x'", "'it''s'", "'a\\nb'", 'NULL', 'true',
  '[1, 2]', '[1, NULL]', "(1, 'a')", "[1, 300]", '[]', '[[1], [2, 300]]', "(1, (2, 'x'))", '[1, -1]',
  '[1.5, 1]', "['a', NULL]", '[1, 1.5, NULL]', '[[1.5], [1]]', '[1.5, 300, -1]',
  // operators and their names
  'a + 1', 'a - b', 'a * 2', 'a / 2', 'a % 2', 'a DIV 2', '-a', '-f', 'a = 1', 'a == 1', 'a != 1', 'a <> 1',
  'a < 1', 'a >= 1', 'NOT a', 'a AND b', 'a AND b AND f', 'a OR b', 'a AND (b OR f)', 'a IS NULL',
  'n IS NOT NULL', 'b ? 1 : 2', 'a BETWEEN 1 AND 2', 'a NOT BETWEEN 1 AND 2', '(a)', '(a + 1) * 2',
  'typed.a', 'typed.a + 1', 'a AS z', 'a + (b AS q)', '-(-a)', '1 + 1', 'a + 1 + 2', "s || 'x' || 'y'",
  'a = 1 AND b = 2 OR f > 1', 'a + 1.5', 'b + b', 'u64 - 1', 'u64 + i64', 'f % 2', 'd + 1', 'd - d',
  'ts + 1', 'ts - ts', 'dec + 1', 'dec * 2', '5 - dec', 'dec + dec', 'i64 * dec', 'i64 + 1', 'b * b', 'b - b', 'b / b', 'a = NULL',
  'u64 = i64', 'bo AND a', 'NOT bo', 'bo + 1', 'n + 1', 'n = 1', 'n AND 1', 'NOT n', 'n * f', 'n / 2',
  // dates against texts
  "ts >= '2024-01-01'", "ts > '2024-01-01 00:00:00'", "d = '2024-01-01'", "d64 < '2024-01-01 00:00:00.5'",
  "ts BETWEEN '2024-01-01' AND '2024-02-01'", "en = 'x'", "a = '5'", 'ts > d', 'ts = d64',
  // intervals
  'ts + INTERVAL 1 DAY', "ts - INTERVAL '2 hour'", 'd + INTERVAL 1 MONTH', 'd + INTERVAL 1 HOUR',
  'INTERVAL 5 MINUTE', 'd64 + INTERVAL 1 SECOND', 'now() - INTERVAL 7 DAY', 'today() - 7',
  // casts
  'a::String', 'CAST(a AS String)', "CAST(a, 'Int64')", '5::Int64', "'5'::UInt8", 'n::Nullable(String)',
  'CAST(a AS Nullable(Int64))', "'2024-01-01'::Date", '1.10::Decimal(9, 2)', 'a::Float64', 'lc::String',
  "DATE '2024-01-01'", '-1::Int32', '[1, 2]::Array(UInt64)', 'toInt64(a)', 'toString(a)', 'toString(n)',
  'toFloat64(s)', 'toUInt8(a)', 'toDate(ts)', 'toDateTime(d)', 'toDateTime(ts, \'UTC\')', "toDate('2024-01-01')",
  "toDateTime('2024-01-01 00:00:00')", "toDateTime64('2024-01-01', 3)", 'toDateTime64(ts, 6)',
  'toInt32OrZero(s)', 'toInt32OrNull(s)', 'toFloat64OrNull(s)', 'toDecimal64(a, 2)', 'toUInt32(ns)',
  // conditions
  'if(a = 1, 2, 3)', 'if(b, a, f)', "if(b, 'x', NULL)", 'multiIf(a = 1, 1, a = 2, 300, -1)',
  'CASE WHEN a = 1 THEN 2 ELSE 3 END', 'CASE WHEN a = 1 THEN 2 END', "CASE a WHEN 1 THEN 'x' ELSE 'y' END",
  "CASE a WHEN 1 THEN 'x' WHEN 2 THEN 'y' END", 'coalesce(n, 1)', 'coalesce(n, a)', "ifNull(ns, 'x')",
  'ifNull(n, 0)', 'nullIf(a, 1)', 'isNull(n)', 'isNotNull(n)', 'assumeNotNull(n)', 'toNullable(a)',
  'COALESCE(n, 1)', 'IFNULL(n, 1)', 'if(n = 1, a, b)', 'coalesce(NULL, a)', 'ifNull(NULL, 1)',
  // IN
  'a IN (1, 2)', 'a NOT IN (1)', "s IN ('a', 'b')", "lc IN ('a')", 'n IN (1, 2)', 'n NOT IN (1)',
  'a IN (SELECT a FROM typed)', '(a, b) IN ((1, 2), (3, 4))', '(a, s) IN (SELECT a, s FROM typed)',
  'a IN [1, 2]', 'a IN (1.5, 2)', "ts IN ('2024-01-01 00:00:00')", "en IN ('x')", 'a IN tuple(1, 2)',
  // LowCardinality
  "lc = 'a'", 'lc = s', "lcn = 'a'", 'toString(lc)', 'lc = lc',
  'lower(lc)', "lc || 'a'", 'length(lc)', 'concat(lc, s)', 'upper(lcn)', "lc LIKE 'a%'", 'concat(lc, lc)',
  'substring(lc, 1, 2)', 'substring(lc, a, 2)', 'lcn LIKE s', "lower('x')",
  // strings, and names as written
  'lower(s)', 'Lower(s)', 'UPPER(s)', 'LCASE(s)', 'substr(s, 1)', 'SUBSTRING(s FROM 1 FOR 2)', 'length(ns)',
  "s LIKE 'x%'", "s ILIKE 'x'", "s NOT LIKE 'a'", "ns || 'a'", "position(s, 'x')", 'CHAR_LENGTH(s)',
  "startsWith(s, 'x')", "concat(s, 'a', ns)", 'empty(s)',
  // dates
  'toStartOfHour(ts)', 'toStartOfInterval(ts, INTERVAL 5 MINUTE)', "date_trunc('day', ts)", 'toYYYYMM(ts)',
  'toYear(d)', 'toHour(ts)', 'EXTRACT(DAY FROM ts)', 'DATE_ADD(DAY, 1, ts)', "dateDiff('day', ts, d)",
  'toStartOfDay(ts)', 'toStartOfMonth(d64)', 'toMonday(ts)', 'addDays(d, 1)', 'YEAR(ts)',
  "dateDiff('day', ts, now())", 'now()', 'NOW()', 'today()', 'toStartOfMinute(d64)',
  // stars
  '*', 'typed.*', '* EXCEPT (a, b)', "COLUMNS('^n')", 'COLUMNS(a, b)', '* EXCEPT a',
  "COLUMNS('^[ab]$') APPLY toString", "COLUMNS('^[ab]$') APPLY (x -> x + 1)",
  'COLUMNS(a, b) REPLACE (a + 1 AS a)', 'a, *',
  // aliases in other expressions
  'a + 1 AS x, x * 2', 'a AS b, b AS c', 'a + b AS s1, s1 + 1 AS s2, s2 / 2', 'toDate(ts) AS ts, ts',
]

const AGGREGATES: readonly string[] = [
  'count()', 'count(*)', 'COUNT(*)', 'count(a)', 'count(n)', 'sum(a)', 'sum(b)', 'sum(f)', 'sum(n)',
  'sum(u64)', 'sum(dec)', 'avg(a)', 'avg(n)', 'min(ts)', 'max(ts)', 'max(s)', 'max(lc)', 'min(lcn)', 'max(n)',
  'any(a)', 'any(lc)', 'any(n)', 'uniq(s)', 'uniq(n)', 'uniqExact(s, a)', 'count(DISTINCT a)',
  'COUNT(DISTINCT s)', 'countIf(a = 1)', 'sumIf(a, b = 1)', 'sumIf(n, b = 1)', 'uniqIf(s, b)', 'avgIf(f, b)',
  'sum(a) FILTER (WHERE b = 1)', 'count() FILTER (WHERE a > 1)', 'countDistinct(a)', 'Sum(a)',
  'max(d64)', 'min(d)', 'max(en)', 'sum(a + b)', 'sum(a) / count()', 'max(a) - min(a) AS spread, spread + 1',
  'maxIf(n, b)', 'sum(toInt64(a))', 'count() AS c, c + 1', 'sum(a) AS a',
]

const STATEMENTS: readonly string[] = [
  'SELECT 1', 'SELECT 1 AS x, x + 1', 'SELECT 1 WHERE 1',
  'SELECT a, count() FROM typed GROUP BY a', 'SELECT a + 1, count() FROM typed GROUP BY 1',
  'SELECT a + 1 AS k, count() AS c FROM typed GROUP BY k HAVING c > 1 ORDER BY c DESC LIMIT 3',
  'SELECT a, b, sum(f) FROM typed GROUP BY ALL', 'SELECT a FROM typed ORDER BY ALL',
  'SELECT DISTINCT a, b FROM typed', 'SELECT a FROM typed LIMIT 2 BY b', 'SELECT toDate(ts) AS ts, count() FROM typed GROUP BY ts',
  'SELECT toString(a) AS a FROM typed WHERE a = \'x\' GROUP BY a ORDER BY a',
  'SELECT * FROM (SELECT a + 1, count() AS c FROM typed GROUP BY 1)',
  'SELECT x.a, x.a + 1 FROM typed AS x', 'SELECT t.k FROM (SELECT a AS k FROM typed) AS t',
  'WITH 5 AS k SELECT a + k, k FROM typed', 'WITH t AS (SELECT a, b FROM typed) SELECT t.a, * FROM t',
  'WITH x AS (SELECT a FROM typed), y AS (SELECT a + 1 AS z FROM x) SELECT z FROM y',
  'WITH 5 AS k SELECT * FROM (SELECT a + k AS z FROM typed)',
  'SELECT (SELECT max(a) FROM typed) AS m, a > m FROM typed', 'SELECT (SELECT 1)',
  'SELECT a FROM typed UNION ALL SELECT b FROM typed', 'SELECT 1 UNION ALL SELECT -1',
  'SELECT a FROM typed UNION DISTINCT SELECT f FROM typed', 'SELECT 1 AS a UNION ALL SELECT NULL',
  "SELECT a, 'x' AS k FROM typed UNION ALL SELECT f, ns FROM typed",
  'SELECT number + 1 FROM numbers(10)', 'SELECT dummy FROM system.one',
  'SELECT y AS x, x AS y FROM (SELECT 1 AS x, 2 AS y)',
  'SELECT type, count() AS events, count(DISTINCT user_id) AS users FROM app_events '
  + "WHERE timestamp >= '2024-01-01' AND user_id = 'u' GROUP BY type ORDER BY events DESC",
  'SELECT tag, uniq(session_id) FROM app_events GROUP BY tag',
]

const CASES: readonly string[] = [
  ...EXPRESSIONS.map((list) => `SELECT ${list} FROM typed`),
  ...AGGREGATES.map((list) => `SELECT ${list} FROM typed`),
  ...STATEMENTS,
]

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  for (const create of CREATE_TABLES) await oracle.query(create)
})
afterAll(() => oracle.close())

/** `name Type, …`, or the error. */
async function described(sql: string): Promise<string> {
  const answer = await oracle.query(`DESCRIBE (${sql})`)
  if (!answer.ok) return answer.error
  const { data } = JSON.parse(answer.text) as { data: [name: string, type: string][] }
  return data.map(([name, type]) => `${name} ${type}`).join(', ')
}

it.each(CASES)('%s', async (sql) => {
  expect(metaOf(sql)).toBe(await described(sql))
})
