import { expect, it } from 'vitest'
import { momentSlots } from './moments.ts'

const found = (sql: string) => momentSlots(sql).map(({ start, end, value }) => {
  expect(sql.slice(start, end)).toBe(`'${String(value)}'`)
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
