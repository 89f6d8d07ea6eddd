// Keys of several columns as one code: the same groups whether rows come by their keys, are given codes,
// or had them kept; one key may decide the others, nearly, or not at all.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expectedDistinct } from './joint-keys.ts'
import { TestTable, TestWorld, workBytesUsed, type Row } from '../test-table.ts'

const COLUMNS = [
  ['s', 'String'], ['u', 'LowCardinality(String)'], ['b', 'Nullable(String)'], ['n', 'Nullable(Int32)'], ['t', 'UInt32'],
] as const

/** Rows of sessions whose user, browser and number follow from it, but in one of `loose` rows. */
function rowsOf(count: number, sessions: number, loose: number, seed: number): Row[] {
  return Array.from({ length: count }, (_, i): Row => {
    const s = Math.imul(i + seed, 0x9e3779b1) >>> 8
    const session = s % sessions
    const other = loose > 0 && s % loose === 0 ? i % 3 : 0
    return [`s${session}`, `u${(session * 7 + other) % 40}`, session % 5 === other ? null : `b${session % 3}`,
      session % 7 === 0 ? null : session % 11 - 5, s % 100_000]
  })
}

function tableOf(rowSets: readonly (readonly Row[])[]): TestTable {
  const table = new TestTable('events', 1, COLUMNS)
  rowSets.forEach((rows, i) => table.add(rows, i % 2 === 0))
  return table
}

const worldOf = (table: TestTable, dictionaryBytes?: number): TestWorld =>
  new TestWorld([table], dictionaryBytes, undefined, true)

const GROUPED = 'SELECT s, u, b, n, count() AS c, min(t) AS first, max(t) AS last, any(b) AS some, sum(length(s)) AS l FROM events '
  + 'WHERE t >= {from} GROUP BY s, u, b, n ORDER BY s, u, b, n'

function expected(rows: readonly Row[], from: number): Row[] {
  const groups = new Map<string, [string, string, string | null, number | null, number, number, number]>()
  for (const [s, u, b, n, t] of rows as readonly [string, string, string | null, number | null, number][]) {
    if (t < from) continue
    const key = JSON.stringify([s, u, b, n])
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [s, u, b, n, 1, t, t])
    else groups.set(key, [s, u, b, n, known[4] + 1, Math.min(known[5], t), Math.max(known[6], t)])
  }
  return [...groups].map(([, [s, u, b, n, c, first, last]]) => [s, u, b, n, c, first, last, b, c * s.length])
}

it('tells how many distinct values rows will have from those that the first of them had', () => {
  const random = (seed: number) => Math.imul(seed ^ seed >>> 15, 0x9e3779b1) >>> 4
  for (const [values, rows, all] of [[1000, 500, 4000], [50_000, 20_000, 100_000], [50_000, 20_000, 1_000_000], [10, 900, 1000]]) {
    const seen = (count: number) => new Set(Array.from({ length: count }, (_, i) => random(random(i + 1)) % values)).size
    expect(Math.abs(expectedDistinct(seen(rows), rows, all) / seen(all) - 1)).toBeLessThan(0.06)
  }
  expect(expectedDistinct(900, 900, 5000)).toBe(5000)
  expect(expectedDistinct(899, 900, 5000)).toBeGreaterThan(4900)
})

const SPANS = 'SELECT s, u, b, n, max(t) - min(t) AS span, min(t) AS first, count() AS c FROM events WHERE t >= {from} GROUP BY s, u, b, n'

const spans = (rows: readonly Row[], from: number): Row[] =>
  expected(rows, from).map(([s, u, b, n, c, first, last]) => [s, u, b, n, Number(last) - Number(first), first, c])

const sorted = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row)).sort()

describe('joint keys', () => {
  it('give the groups that the keys have, in any run, with any number of workers', () => {
    const shapes = fc.record({
      counts: fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 4 }),
      sessions: fc.integer({ min: 1, max: 900 }), loose: fc.constantFrom(0, 1, 2, 50), from: fc.constantFrom(0, 0, 40_000, 99_000),
      budget: fc.constantFrom(undefined, undefined, 60_000),
    })
    fc.assert(fc.property(shapes, ({ counts, sessions, loose, from, budget }) => {
      const before = workBytesUsed()
      const rowSets = counts.map((count, i) => rowsOf(count, sessions, loose, i * 31))
      const table = tableOf(rowSets)
      const world = worldOf(table, budget)
      for (const [start, workers] of [[from, 1], [0, 3], [from, 3], [from, 2], [0, 1]] as const) {
        const { rows } = world.run(GROUPED.replace('{from}', String(start)), workers)
        expect(sorted(rows)).toEqual(sorted(expected(rowSets.flat(), start)))
        const spanned = world.run(SPANS.replace('{from}', String(start)), workers)
        expect(sorted(spanned.rows)).toEqual(sorted(spans(rowSets.flat(), start)))
      }
      // Rows that come later have no code yet.
      const late = rowsOf(500, sessions + 20, 2, 7)
      Object.assign(table, { rowSets: [...table.rowSets] }) // a list never changes
      table.add(late, false)
      const { rows } = world.run(GROUPED.replace('{from}', '0'), 2)
      expect(sorted(rows)).toEqual(sorted(expected([...rowSets.flat(), ...late], 0)))
      expect(workBytesUsed()).toBe(before)
    }), { numRuns: 14 })
  })

  it('are read instead of the keys once they are kept, also where a condition leaves some rows', () => {
    const world = worldOf(tableOf([rowsOf(16_384, 700, 0, 1), rowsOf(8192, 700, 0, 5)]))
    const sql = 'SELECT s, u, b, n, count() AS c FROM events GROUP BY s, u, b, n'
    const bytes = () => world.run(sql).result.stats.bytesRead
    const first = bytes()
    expect(bytes()).toBeGreaterThan(first / 2)
    expect(bytes()).toBe(24_576 * 4)
    const some = "SELECT s, u, b, n, count() AS c FROM events WHERE u = 'u7' GROUP BY s, u, b, n"
    const fresh = worldOf(tableOf([rowsOf(16_384, 700, 0, 1), rowsOf(8192, 700, 0, 5)]))
    expect(sorted(world.run(some).rows)).toEqual(sorted(fresh.run(some).rows))
  })

  it('choose among groups by HAVING, a key first in the order, and a limit', () => {
    const rows = rowsOf(20_000, 800, 30, 3)
    const world = worldOf(tableOf([rows]))
    const sql = 'SELECT s, u, n, max(t) - min(t) AS span FROM events GROUP BY s, u, n HAVING span > 70000 AND u != \'u3\' '
      + 'ORDER BY s DESC, u, n LIMIT 20'
    const [plain, built, kept] = [1, 2, 3].map((workers) => world.run(sql, workers).rows)
    expect(plain).toHaveLength(20)
    expect(built).toEqual(plain)
    expect(kept).toEqual(plain)
  })

  it('leave a query its memory: what has no room is grouped by its keys', () => {
    const rows = rowsOf(40_000, 20_000, 0, 3)
    const world = worldOf(tableOf([rows]))
    const sql = 'SELECT count() AS c FROM (SELECT s, u, b, n FROM events GROUP BY s, u, b, n)'
    const limit = 6 * 2 ** 20
    const [plain] = world.run(sql, 1, limit).rows
    for (const workers of [1, 2, 1]) expect(world.run(sql, workers, limit).rows).toEqual([plain])
  })

  it('are not kept from others by a query that has no memory for them', () => {
    const world = worldOf(tableOf([rowsOf(16_384, 200, 0, 3)]))
    const sql = 'SELECT count() AS c FROM (SELECT s, u, b, n FROM events GROUP BY s, u, b, n)'
    const groups = expected(rowsOf(16_384, 200, 0, 3), 0).length
    for (let run = 0; run < 3; run++) expect(world.run(sql, 1, 2 ** 20).rows).toEqual([[groups]])
    expect(world.run(sql).rows).toEqual([[groups]])
    expect(world.run(sql).result.stats.bytesRead).toBe(16_384 * 4)
  })
})
