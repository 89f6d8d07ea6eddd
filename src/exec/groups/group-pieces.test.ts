// Rows of very many groups, made some groups at a time: they are those of all columns at once.

import { expect, it } from 'vitest'
import { GROUPS_A_PIECE } from './group-pieces.ts'
import { TestTable, TestWorld, type Row } from '../test-table.ts'

const GROUPS = 2 * GROUPS_A_PIECE + 20_000
const ROWS = GROUPS + 60_000

const rows = Array.from({ length: ROWS }, (_, i): [number, number, number, number] => {
  const group = Math.imul(i, 7919) >>> 0
  return [group % GROUPS, group % GROUPS % 7, (group * 31) % 1_000_003, i % 5 - 2]
})
const events = new TestTable('events', 1, [['g', 'UInt32'], ['h', 'UInt8'], ['n', 'UInt32'], ['s', 'Int32']])
for (let from = 0; from < ROWS; from += 40_000) events.add(rows.slice(from, from + 40_000), from % 80_000 === 0)
const world = new TestWorld([events])

type Group = { g: number; h: number; least: number; most: number; low: number; count: number }

const groups = new Map<number, Group>()
for (const [g, h, n, s] of rows) {
  const known = groups.get(g)
  if (known === undefined) groups.set(g, { g, h, least: n, most: n, low: s, count: 1 })
  else {
    known.least = Math.min(known.least, n)
    known.most = Math.max(known.most, n)
    known.low = Math.min(known.low, s)
    known.count++
  }
}
const all = [...groups.values()]
const byKey = (a: Group, b: Group): number => a.g - b.g

it.each<[string, (group: Group) => boolean, (a: Group, b: Group) => number, (group: Group) => Row, number]>([
  ['SELECT g, h, min(n) AS least, max(n) AS most, count() AS c FROM events GROUP BY g, h HAVING most > least ORDER BY least DESC, g LIMIT 100',
    ({ least, most }) => most > least, (a, b) => b.least - a.least || byKey(a, b), ({ g, h, least, most, count }) => [g, h, least, most, count], 100],
  ['SELECT g, min(n), max(n) AS most, count() FROM events GROUP BY g HAVING g % 3 = 1 ORDER BY most, g LIMIT 7, 50',
    ({ g }) => g % 3 === 1, (a, b) => a.most - b.most || byKey(a, b), ({ g, least, most, count }) => [g, least, most, count], 57],
  ['SELECT g, count() AS c, min(s) AS low, min(n) FROM events GROUP BY g HAVING c > 1 ORDER BY g', ({ count }) => count > 1, byKey,
    ({ g, count, low, least }) => [g, count, low, least], ROWS],
  ['SELECT g, max(n) AS most FROM events GROUP BY g ORDER BY g DESC LIMIT 3', () => true, (a, b) => byKey(b, a), ({ g, most }) => [g, most], 3],
  ['SELECT count(), sum(c), max(m), min(g) FROM (SELECT g, count() AS c, max(n) AS m FROM events GROUP BY g)', () => false, byKey, ({ g }) => [g], 0],
])('%s', (sql, isLeft, order, rowOf, limit) => {
  const offset = sql.includes('LIMIT 7,') ? 7 : 0
  const wanted = limit === 0 ? [[GROUPS, ROWS, all.reduce((max, { most }) => Math.max(max, most), 0), 0]]
    : all.filter(isLeft).sort(order).slice(offset, limit).map(rowOf)
  // Joint keys are kept from the second run on.
  for (const workers of [1, 2, 2, 1]) {
    const { rows: found } = world.run(sql, workers)
    expect(found.length).toBe(wanted.length)
    expect(found).toEqual(wanted)
  }
})
