// What makes two answers comparable: the clock, ties, the order of rows, tolerances.

import { expect, it } from 'vitest'
import { difference, readAnswer } from './answers.ts'
import { determined, finalized, pinned, totallyOrdered, volatileFunction } from './statement.ts'

const MOMENT = 1714566615 // 2024-05-01 12:30:15

it('makes the clock stand still', () => {
  expect(pinned("SELECT now(), NOW('UTC'), now64(6), today() - 1, yesterday(), 'now()', known()", MOMENT)).toBe(
    `SELECT toDateTime(${MOMENT}), toDateTime(${MOMENT}, 'UTC'), toDateTime64(${MOMENT}, 6), toDate('2024-05-01') - 1, `
    + "toDate('2024-04-30'), 'now()', known()")
})

it('names what answers differently each time', () => {
  expect(volatileFunction('SELECT rand() % 2')).toBe('rand')
  expect(volatileFunction("SELECT 'rand()', random_column")).toBe(null)
})

it('orders totally: by what the result has, and by keys that it does not have', () => {
  const columns = [{ name: 'a', type: 'UInt8' }, { name: 'n', type: 'UInt64' }]
  expect(totallyOrdered('SELECT a, count() AS n FROM t GROUP BY a ORDER BY n DESC LIMIT 2', columns)).toBe(
    'SELECT a, n FROM (SELECT a, count() AS n FROM t GROUP BY a) ORDER BY n DESC, a, n LIMIT 2')
  expect(totallyOrdered('SELECT a, n FROM t ORDER BY b NULLS FIRST, 1', columns)).toBe(
    'SELECT a, n FROM (SELECT a, n, b AS __key0 FROM t) ORDER BY __key0 NULLS FIRST, a, a, n')
  expect(totallyOrdered('SELECT a, n FROM t ORDER BY n LIMIT 1 BY a LIMIT 5', columns)).toBe(
    'SELECT a, n FROM (SELECT a, n FROM t) ORDER BY n, a, n LIMIT 1 BY a LIMIT 5')
  expect(totallyOrdered('SELECT a, n FROM t ORDER BY n LIMIT 1 BY b', columns)).toBe(null)
  expect(totallyOrdered('SELECT a, n FROM t', columns)).toBe(null)
  expect(totallyOrdered('SELECT DISTINCT a, n FROM t ORDER BY b', columns)).toBe(null)
})

it('puts functions that see rows in any order in place of those that depend on it', () => {
  expect(determined('SELECT any(x), argMaxIf(any(a), t, c > 1), groupArray(f(x, 2)), row_number() OVER (ORDER BY y)').text)
    .toBe('SELECT min(x), tupleElement(maxIf((t, min(a)), c > 1), 2), arraySort(groupArray(f(x, 2))), rank() OVER (ORDER BY y)')
  expect(determined('SELECT topK(3)(x), topKMerge(2)(s), topKState(2)(x) FROM t').text)
    .toBe('SELECT arraySort(topK(3)(x)), arraySort(topKMerge(2)(s)), topKState(2)(x) FROM t')
  expect(determined("SELECT 'any(x)', max(x) FROM t LIMIT 1").changes).toEqual([])
  expect(determined('WITH (SELECT a FROM t LIMIT 1) AS x, y AS (SELECT b FROM t ORDER BY b LIMIT 2) SELECT x FROM y LIMIT 3').text)
    .toBe('WITH (SELECT a FROM t ORDER BY ALL LIMIT 1) AS x, y AS (SELECT b FROM t ORDER BY b LIMIT 2) SELECT x FROM y LIMIT 3')
})

it('finalizes states, and nothing else', () => {
  expect(finalized('SELECT 1', [{ name: 'c d', type: 'AggregateFunction(count)' }, { name: 'x', type: 'UInt8' }]))
    .toBe('SELECT finalizeAggregation(`c d`) AS `c d`, x FROM (SELECT 1)')
})

const answer = (type: string, ...values: unknown[]) =>
  readAnswer(JSON.stringify({ meta: [{ name: 'v', type }], data: values.map((value) => [value]) }))

it('finds values, types and rows that differ, and allows for the last digits of floats', () => {
  expect(difference(answer('Float64', 0.1 + 0.2, [1.5]), answer('Float64', 0.3, [1.5]), true)).toBe(null)
  expect(difference(answer('Float64', 0.1001), answer('Float64', 0.1), true)).toBe('row 1, v: 0.1001 instead of 0.1')
  expect(difference(answer('Int8', 1), answer('UInt8', 1), true)).toBe('column v is Int8 instead of UInt8')
  expect(difference(answer('UInt8', 1), answer('UInt8'), true)).toBe('1 rows instead of 0')
  expect(difference(answer('UInt8', 1, 2), answer('UInt8', 2, 1), false)).toBe(null)
  expect(difference(answer('UInt8', 1, 2), answer('UInt8', 2, 1), true)).toBe('row 1, v: 1 instead of 2')
})

it('keeps integers beyond 2^53 exact', () => {
  const text = (value: string) => readAnswer(`{"meta":[{"name":"v","type":"UInt64"}],"data":[[${value}]]}`)
  expect(difference(text('18446744073709551615'), text('18446744073709551614'), true)).toMatch(/^row 1, v: /)
})
