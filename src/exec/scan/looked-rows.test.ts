import { expect, it } from 'vitest'
import { stringBound } from '../expressions/text-bounds.ts'
import { TestTable, TestWorld, workBytesUsed, type Row } from '../test-table.ts'
import { planPieces } from './scan-prune.ts'

const SMALL = 500
const LARGE = 20_000
const DELETED_EVERY = 3

const hex = (seed: number): string => (Math.imul(seed, 2654435761) >>> 0).toString(16).padStart(8, '0')
/** Columns: numbers between two texts, texts of their own, one text in a third of the rows, some NULL, UUIDs, and
 * what repeats too often for postings. */
const rowOf = (i: number): Row => [
  i, `user_${i * 7919 % 15_013}`, `${hex(i * 3 % 40_000)}-${'x'.repeat(i % 5)}`, i % 3 === 0 ? '' : `own ${hex(i)} `,
  i % 7 === 0 ? null : `some_${i * 31 % 30_000}`, `${hex(i)}-0000-4000-8000-${hex(i % 9).slice(0, 4)}${hex(i * 5)}`, `few ${i % 90}`,
  Array.from({ length: 9 }, (_, k) => hex(i * 9 + k)).join('~'),
]

function tableOf(): { table: TestTable; rows: readonly Row[] } {
  const table = new TestTable('looked', 1, [
    ['id', 'UInt32'], ['number', 'String'], ['text', 'String'], ['often', 'String'], ['some', 'Nullable(String)'], ['uuid', 'String'],
    ['few', 'String'], ['long', 'String'],
  ])
  const rows: Row[] = []
  for (const [count, isSegment, hasDeletes] of [
    [LARGE, true, false], [SMALL, false, false], [LARGE, false, false], [LARGE, true, true], [SMALL, true, false],
  ] as const) {
    const isGone = (row: number): boolean => hasDeletes && row % DELETED_EVERY === 0
    const added = Array.from({ length: count }, (_, i) => rowOf(table.rowSets.length * LARGE + i))
    table.add(added, isSegment)
    if (hasDeletes) {
      const deleted = new Uint8Array(Math.ceil(count / 8))
      for (let row = 0; row < count; row++) if (isGone(row)) deleted[row >> 3] |= 1 << (row & 7)
      Object.defineProperty(table.rowSets[table.rowSets.length - 1], 'deleted', { value: deleted })
    }
    rows.push(...added.filter((_, row) => !isGone(row)))
  }
  return { table, rows }
}

const { table, rows } = tableOf()
const world = new TestWorld([table])
const COLUMNS = ['id', 'number', 'text', 'often', 'some', 'uuid', 'few', 'long']

const sampleOf = (column: number, at: number): string => String(rows[at][column])
type Case = readonly [column: number, values: readonly string[], from: number, to: number]
const cases: readonly Case[] = [
  ...[1, 2, 4, 5, 6, 7].flatMap((column) => [1, 20_100, 45_678, rows.length - 1].map((at): Case => (
    [column, [sampleOf(column, at)], 0, 1e9]))),
  [1, ['user_77', 'user_15012', 'user_99999', 'user_007', 'none'], 0, 1e9],
  [1, Array.from({ length: 40 }, (_, i) => `user_${i * 11}`), 0, 1e9],
  [1, ['user_5'], 40_000, 51_000],
  [2, [sampleOf(2, 100), sampleOf(2, 45_000)], 0, 1e9],
  // Too many rows to be gathered, in all blocks or beside others.
  [3, [''], 0, 1e9],
  [3, ['', sampleOf(3, 100)], 0, 45_000],
  [3, [sampleOf(3, 100)], 0, 1e9],
]

it.each(cases)('finds the rows of column %i that hold %j, ids %i to %i', (column, values, from, to) => {
  const list = values.map((value) => `'${value}'`).join(', ')
  const name = COLUMNS[column]
  const wanted = rows.filter((row) => row[column] !== null && values.includes(String(row[column]))
    && Number(row[0]) >= from && Number(row[0]) <= to).map(([id]) => Number(id))
  for (const workers of [1, 3]) {
    const where = `WHERE ${name} ${values.length === 1 ? `= ${list}` : `IN (${list})`} AND id BETWEEN ${from} AND ${to}`
    const found = world.run(`SELECT id, ${name} FROM looked ${where} ORDER BY id`, workers).rows
    expect(found.map(([id]) => id)).toEqual(wanted)
    for (const [, value] of found) expect(values).toContain(value)
  }
  expect(workBytesUsed()).toBe(0)
})

it('reads large blocks in morsels of a few', () => {
  const { pieces } = planPieces(table.rowSets, [stringBound(0, [Buffer.from(sampleOf(7, 5))])], [8])
  expect(pieces.filter(({ via }) => via < 0).map(({ rowSet }) => rowSet)).toEqual([0, 2, 3])
  expect(pieces.filter(({ via }) => via === 0).map(({ from }) => from)).toEqual([1, 4])
})

it('plans a look through row sets without postings, unless a block has too many of the rows', () => {
  const bound = stringBound(0, [Buffer.from('user_77')])
  const { pieces, counts } = planPieces(table.rowSets, [bound], [2])
  expect(pieces).toEqual([{ rowSet: -1, from: 0, to: 5, via: 0 }])
  expect(counts.rowSetsByPostings).toBe(0)
  const asked: number[] = []
  const often = planPieces(table.rowSets, [bound], [2], [], () => null, (_bound, _reader, block) => {
    asked.push(block)
    return false
  })
  expect(asked).toEqual([1])
  expect(often.pieces.filter(({ via }) => via < 0).map(({ rowSet }) => rowSet)).toEqual([0, 2, 3])
  expect(often.pieces.filter(({ via }) => via === 0).map(({ from }) => from)).toEqual([1, 4])
})
