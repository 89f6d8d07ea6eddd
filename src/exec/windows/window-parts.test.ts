import { expect, it } from 'vitest'
import { bindSlots } from '../../plan/slots.ts'
import { TestTable, TestWorld, workBytesUsed } from '../test-table.ts'
import { areAlike, morselsOf, WINDOW_PARTS } from './window-parts.ts'

const COUNT = 40_000
const table = (name: string, id: number, tagOf: (i: number) => string) => {
  const made = new TestTable(name, id, [['id', 'UInt32'], ['user', 'String'], ['tag', 'String']])
  const rows = Array.from({ length: COUNT }, (_, i) => [i, `user_${i * 7 % 3001}`, tagOf(i)])
  for (let at = 0; at < COUNT; at += COUNT / 4) made.add(rows.slice(at, at + COUNT / 4), true)
  return made
}
const tables = [table('events', 1, (i) => `t${i % 5}`), table('more', 2, (i) => `${i} by itself`)]
const SHARE_FROM = 1000
const [alone, sharing] = [0, SHARE_FROM].map((from) => new TestWorld(tables, undefined, undefined, false, from))

const GAPS = 'SELECT count(), sum(gap), max(r) FROM (SELECT id - lagInFrame(id, 1, id) OVER (PARTITION BY user ORDER BY id) AS gap, '
  + 'row_number() OVER (PARTITION BY user ORDER BY id) AS r FROM events)'

it.each([
  [GAPS, 1], [GAPS, 3],
  ['SELECT max(x), sum(y) FROM (SELECT count() OVER (PARTITION BY user) AS x, max(id) OVER (PARTITION BY tag, id % 100) AS y FROM events)', 3],
  ['SELECT id, user, row_number() OVER (PARTITION BY user ORDER BY id DESC) AS r FROM events QUALIFY r = 1 ORDER BY id, user LIMIT 50', 2],
])('windows are shared out by their partitions: %s in %i workers', (sql, workers) => {
  const before = workBytesUsed()
  const { rows, run } = sharing.run(sql, workers)
  expect(run.explain()).toMatch(/window .* in parts/)
  expect(rows).toEqual(alone.run(sql).rows)
  expect(workBytesUsed()).toBe(before)
})

it('stay together where keys are few rows, or cannot be hashed', () => {
  for (const sql of [`${GAPS.slice(0, -1)} WHERE id < 900)`, GAPS.replaceAll('BY user', 'BY [user]')]) {
    const { rows, run } = sharing.run(sql, 3)
    expect(run.explain()).not.toMatch(/in parts/)
    expect(rows).toEqual(alone.run(sql).rows)
  }
})

it('find a partition whose key came as codes to one worker and as text to another', () => {
  // Each worker reads one of both: texts that hardly repeat are no codes.
  const sql = "SELECT count(), max(c), sum(c) FROM (SELECT count() OVER (PARTITION BY k) AS c FROM (SELECT user AS k, id FROM events "
    + "UNION ALL SELECT if(id % 2 = 0, concat('user_', toString(id * 7 % 3001)), tag) AS k, id FROM more))"
  for (const workers of [1, 2, 3]) expect(sharing.run(sql, workers).rows).toEqual(alone.run(sql).rows)
})

it('are computed by one worker where shared memory has no room', () => {
  const plan = sharing.planOf(GAPS)
  const texts = sharing.withPlan(plan, bindSlots(plan, []), 3, (_, run) => run.explain(), undefined,
    ({ shared }) => ({ shared: shared === undefined || shared === null ? null : { ...shared, allocate: () => null } }))
  expect(texts).not.toMatch(/in parts/)
  // A peer has a chunk, the coordinator none.
  let chunks = 0
  const rows = sharing.withPlan(plan, bindSlots(plan, []), 2, (result) => result.blocks[0].rowCount, undefined, ({ shared }) => ({
    shared: shared === undefined || shared === null ? null
      : { ...shared, allocate: (bytes, isLast) => (chunks++ === 0 ? shared.allocate(bytes, isLast) : null) },
  }))
  expect(rows).toBe(1)
  expect(chunks).toBeGreaterThan(1)
})

it('refuse what the memory does not hold, and leave nothing behind', () => {
  const before = workBytesUsed()
  expect(() => sharing.run(GAPS, 2, 200_000)).toThrow(/[Mm]emory/)
  expect(workBytesUsed()).toBe(before)
})

it('make morsels of neighbouring parts', () => {
  const block = { r: 0, c: [] }
  const starts = Uint32Array.from({ length: WINDOW_PARTS + 1 }, (_, part) => Math.min(part, 40) * 1000)
  const morsels = morselsOf([{ by: [3], starts, block }, { by: [3], starts, block }])
  expect(morsels[0]).toEqual([0, 9])
  expect(morsels.at(-1)?.[1]).toBe(WINDOW_PARTS)
  morsels.forEach(([from], i) => { if (i > 0) expect(from).toBe(morsels[i - 1][1]) })
  expect(areAlike([{ by: [3], starts, block }, { by: [-1], starts, block }])).toBe(false)
})
