// Rows that are of the group of their key's code: groups are those of a table, in one worker and in several.

import { expect, it, vi } from 'vitest'
import { CodedGroups } from './coded-groups.ts'
import { SumRuns } from './sum-runs.ts'
import { TestTable, TestWorld, type Row } from '../test-table.ts'

const KEYS = 17_000
const ROWS = 72_000
const PARTS = 6

type Line = readonly [key: string, other: string, n: number, at: number, wide: bigint, large: number]

const lines = Array.from({ length: ROWS }, (_, i): Line => {
  const key = (Math.imul(i, 7919) >>> 7) % KEYS
  return [`key ${key * 31 % KEYS}`, `other ${key % 20_000}`, i % 100 - 3, 1_700_000_000 + (Math.imul(i, 31) >>> 11), 2n ** 62n - BigInt(i), 2 ** 38 - i]
})
// Strings that hardly repeat in a part are no codes.
const unique = Array.from({ length: 9000 }, (_, i): Line => [`key ${i * 3}`, 'other', 5, 1_600_000_000 + i, 1n, i])

const columns = [['k', 'String'], ['o', 'LowCardinality(String)'], ['n', 'Int32'], ['at', 'DateTime'], ['w', 'Int64'], ['u', 'UInt64']] as const
const tables = ['coded', 'mixed'].map((name, t) => {
  const table = new TestTable(name, t + 1, columns)
  for (let part = 0; part < PARTS; part++) {
    table.add(lines.slice(part * ROWS / PARTS, (part + 1) * ROWS / PARTS), part % 2 === 0)
    if (name === 'mixed' && part === 3) table.add(unique, true)
  }
  return table
})
const parts = new TestTable('parts', tables.length + 1, columns)
for (const [from, to] of [[0, 9000], [9000, 9005], [9005, 30_000]]) parts.add(lines.slice(from, to), true)
const world = new TestWorld([...tables, parts])

type Group = [rows: number, sum: number, least: number, most: number, at: number, wide: bigint, large: number]

/** Of some lines by key: | key | rows | sum of n | least n | most n | least moment | sum of wide ones, as Int64 wraps | of large ones |. */
function groupsOf(some: readonly Line[], keyAt: 0 | 1): Map<string, Group> {
  const groups = new Map<string, Group>()
  for (const line of some) {
    const [, , n, at, wide, large] = line
    const known = groups.get(line[keyAt])
    if (known === undefined) groups.set(line[keyAt], [1, n, n, n, at, wide, large])
    else {
      known[0]++
      known[1] += n
      known[2] = Math.min(known[2], n)
      known[3] = Math.max(known[3], n)
      known[4] = Math.min(known[4], at)
      known[5] = BigInt.asIntN(64, known[5] + wide)
      known[6] += large
    }
  }
  return groups
}

const byText = ([a]: Row, [b]: Row): number => (String(a) < String(b) ? -1 : 1)

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : value)

it.each([['coded', lines], ['mixed', [...lines, ...unique]]] as const)('of %s', (table, some) => {
  const codesOf = vi.spyOn(CodedGroups.prototype, 'codesOf')
  const all = [...groupsOf(some, 0)]
  const others = [...groupsOf(some, 1).values()]
  const cases: readonly (readonly [string, readonly Row[]])[] = [
    [`SELECT k, count() AS c, sum(n) AS s FROM ${table} GROUP BY k ORDER BY c DESC, k LIMIT 40`,
      all.map(([k, [c, s]]): Row => [k, c, s]).sort((a, b) => Number(b[1]) - Number(a[1]) || byText(a, b)).slice(0, 40)],
    [`SELECT k, count(), sum(n), min(n), max(n), sum(w) FROM ${table} GROUP BY k ORDER BY k LIMIT 9000`,
      all.map(([k, [c, s, least, most, , wide]]): Row => [k, c, s, least, most, wide]).sort(byText).slice(0, 9000)],
    // Sums whose bound leaves 2^53 on the way.
    [`SELECT k, sum(u), count() FROM ${table} GROUP BY k ORDER BY k LIMIT 500`,
      all.map(([k, [c, , , , , , large]]): Row => [k, large, c]).sort(byText).slice(0, 500)],
    [`SELECT k, sum(n) FROM ${table} GROUP BY k HAVING sum(n) > 300 ORDER BY k`,
      all.map(([k, [, s]]): Row => [k, s]).filter(([, s]) => Number(s) > 300).sort(byText)],
    [`SELECT k, min(at) AS m, count(), sum(n) FROM ${table} GROUP BY k ORDER BY m, k LIMIT 30`,
      all.map(([k, [c, s, , , at]]): Row => [k, at, c, s]).sort((a, b) => Number(a[1]) - Number(b[1]) || byText(a, b)).slice(0, 30)],
    [`SELECT count(), sum(c), max(s) FROM (SELECT o, count() AS c, sum(n) AS s FROM ${table} GROUP BY o)`,
      [[others.length, some.length, Math.max(...others.map(([, s]) => s))]]],
  ]
  for (const [sql, wanted] of cases) {
    for (const workers of table === 'coded' ? [1, 3] : [2]) {
      const { rows } = world.run(sql, workers)
      // All of them beside each other are no help.
      const at = wanted.findIndex((row, i) => JSON.stringify(row, plain) !== JSON.stringify(rows[i], plain))
      expect([sql, rows.length, rows[at]]).toEqual([sql, wanted.length, wanted[at]])
    }
  }
  expect(codesOf.mock.results.some(({ value }) => value !== null)).toBe(true)
  vi.restoreAllMocks()
})

it('few rows of a filter look their groups up', () => {
  const of = vi.spyOn(CodedGroups, 'of')
  const sql = 'SELECT k, count(), sum(n) FROM coded WHERE n = 7 GROUP BY k ORDER BY k'
  const wanted = [...groupsOf(lines.filter(([, , n]) => n === 7), 0)].map(([k, [c, s]]): Row => [k, c, s]).sort(byText)
  for (const workers of [1, 3]) expect(world.run(sql, workers).rows).toEqual(wanted)
  expect(of.mock.results.length).toBeGreaterThan(0)
  expect(of.mock.results.every(({ value }) => value === null)).toBe(true)
  vi.restoreAllMocks()
})

it.each([
  ['sum(u)', 1n, true],
  ['sum(u * 2)', 2n, false],
])('%s and the number of rows share records through blocks of few rows, up to sums of 2^53', (sum, times, stay) => {
  const update = vi.spyOn(SumRuns.prototype, 'update')
  const groups = new Map<number, [number, bigint]>()
  for (const [, , n, , , large] of lines.slice(0, 30_000)) {
    const [rows, all] = groups.get(Number(n > 40)) ?? [0, 0n]
    groups.set(Number(n > 40), [rows + 1, all + BigInt(large) * times])
  }
  const { rows } = world.run(`SELECT n > 40 AS g, count(), ${sum} FROM parts GROUP BY g ORDER BY g`, 1)
  expect(rows.map((row) => row.map(String))).toEqual([...groups].sort(([a], [b]) => a - b).map(([g, [count, all]]) => [g, count, all].map(String)))
  expect(update.mock.calls.some(([, { rowCount }]) => rowCount < 10)).toBe(true)
  expect(update.mock.results.every(({ value }) => value)).toBe(stay)
  vi.restoreAllMocks()
})
