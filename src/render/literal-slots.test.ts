import { expect, it } from 'vitest'
import { literalSlots, sharedSlots } from './literal-slots.ts'

const found = (sql: string) => literalSlots(sql).map(({ start, end, value }) => {
  expect(sql.slice(start, end).replaceAll("'", '')).toBe(String(value))
  return value
})

it('finds the moments of a statement', () => {
  expect(found("SELECT count() FROM e WHERE at BETWEEN '2024-01-01' AND '2024-01-31 23:59:59' AND x = '2024-01-01T00:00:00.5'"))
    .toEqual(['2024-01-01', '2024-01-31 23:59:59', '2024-01-01T00:00:00.5'])
  expect(found("SELECT toDateTime('2024-01-01 00:00:00'), ['2024-01-02']")).toEqual(['2024-01-01 00:00:00', '2024-01-02'])
})

it('leaves alone what stands in other quotes, in comments or behind a type', () => {
  expect(found(`SELECT '''2024-01-01''', "a '2024-01-01'", \`b '2024-01-01'\`, '\\'2024-01-01'`)).toEqual([])
  expect(found("SELECT 1 -- '2024-01-01'\n /* '2024-01-01' */ # '2024-01-01'\n, DATE '2024-01-01', INTERVAL '2024-01-01' DAY")).toEqual([])
  expect(found("SELECT '2024-01-01 more', '2024-1-1', 'x2024-01-01'")).toEqual([])
  expect(found("SELECT $a$ '2024-01-01' $a$")).toEqual([])
  expect(found("SELECT /* a /* b */ '2024-01-01' */ 1")).toEqual([])
})

it('finds what values are compared with, and how many rows are asked for', () => {
  expect(found("SELECT x FROM e WHERE a = 'one' AND b.c != 2 AND lower(d) LIKE '%x%' AND `e`>=1.5 LIMIT 10 OFFSET 20"))
    .toEqual(['one', 2, '%x%', 1.5, 10, 20])
  expect(found("SELECT x FROM e WHERE a IN ('p', 'q', 'r') AND b IN (1, 2) AND c BETWEEN 3 AND 4 AND d NOT BETWEEN 'e' AND 'f'"))
    .toEqual(['p', 'q', 'r', 1, 2, 3, 4, 'e', 'f'])
  expect(literalSlots('SELECT 1 FROM e WHERE a = 1 AND b = 1.0').map(({ type }) => type)).toEqual(['Int', 'Float'])
})

it('leaves alone what is known when the plan is made, or written in a way of its own', () => {
  expect(found("SELECT 'a', 1, f('b', 2), quantile(0.5)(x), toDecimal32(x, 2) FROM e WHERE 1 = 1 AND 'x' = 'x'")).toEqual([])
  expect(found("SELECT x FROM e WHERE a = 'it''s' AND b = 'c\\d' AND c = -1 AND d = 0x1f AND e = 1e3 AND f = 1::Int8 AND g = 1234567890123456")).toEqual([])
  expect(found('SELECT arrayMap(y -> 5, a), x[1], t.2, toStartOfInterval(at, INTERVAL 1 day) FROM e GROUP BY 1 ORDER BY 2')).toEqual([])
  expect(found("SELECT x FROM e WHERE (a, b) IN (('p', 1), ('q', 2)) AND f(a, 'x', 3)")).toEqual([])
})

it('knows no more values of a statement than a call may have', () => {
  const list = (count: number) => `SELECT x FROM e WHERE a IN (${Array.from({ length: count }, (_, i) => i).join()})`
  expect(found(list(64)).length).toBe(64)
  expect(found(list(65))).toEqual([])
})

it('takes equal values for one', () => {
  const slots = sharedSlots(literalSlots("SELECT countIf(a = 'x') FROM e WHERE a = 'x' AND b = 'y' LIMIT 5"))
  expect(slots.map(({ sameAs }) => sameAs)).toEqual([undefined, 0, undefined, undefined])
})
