import { expect, it } from 'vitest'
import type { PartRef, TableMeta } from '../../storage/face.ts'
import type { ColumnReader, RowSet } from '../../storage/part/row-set.ts'
import { newDictionaries, type Row, TestTable } from '../exec/test-table.ts'
import { enterStrings } from './task-strings.ts'

const [ASKED, OTHER] = [1, 2]
const META: TableMeta = {
  id: 7, name: 'events', schemaVersion: 1, columns: [ASKED, OTHER].map((id) => ({ id, name: `c${id}`, type: 'String', defaultExpr: null })),
  partitionBy: '', sortBy: [], ttl: null, engine: 'MergeTree', settings: {},
}

it('enters strings of a merged part, of columns that queries have entered of one of its sources', () => {
  const dictionaries = newDictionaries()
  const table = new TestTable('events', META.id, [['c1', 'String'], ['c2', 'String']])
  const rowsFrom = (first: number) => Array.from({ length: 3000 }, (_, i): Row => [`u${(first + i) % 50}`, `d${i % 5}`])
  for (const first of [0, 20, 40]) table.add(rowsFrom(first), false)
  const refs = table.rowSets.map((_, id): PartRef => ({ kind: 'part', id, address: 8, bytes: 8, rowCount: 3000, firstSequence: id, lastSequence: id }))
  const [one, two, three] = table.rowSets
  const rowSets = { aside: <T>(some: readonly { readonly id: number }[], _name: string, use: (sets: readonly RowSet[]) => T): T => use(some.map(({ id }) => table.rowSets[id])) }
  const enter = () => { enterStrings(
    { kind: 'merge-parts', table: META, parts: refs.slice(0, 2), partId: 2, nowMs: 0, isAwaited: false, textBytesMax: 1e9 },
    { address: 8, bytes: 8, rowCount: 6000 }, { dictionaries, rowSets }) }
  const reader = (set: RowSet, id: number): ColumnReader => set.column(id) ?? expect.fail('no such column')

  enter()
  expect(dictionaries.existing(META.id, ASKED)).toBeNull()
  const [asked, other] = [ASKED, OTHER].map((id) => dictionaries.of(META.id, id) ?? expect.fail('no room'))
  enter()
  expect(dictionaries.known(asked, three.label, reader(three, ASKED))).toBeNull()
  dictionaries.mapLocal(asked, two.label, reader(two, ASKED))
  enter()
  const map = dictionaries.known(asked, three.label, reader(three, ASKED))
  expect(map).not.toBeNull()
  expect(dictionaries.mapLocal(asked, one.label, reader(one, ASKED))).not.toBeNull()
  expect(dictionaries.known(other, three.label, reader(three, OTHER))).toBeNull()
  const texts = reader(three, ASKED).dictionary ?? expect.fail('no local codes')
  const shared = Array.from(map?.toShared ?? [], (code) => asked.bytesOf(code))
  expect(shared).toEqual(Array.from(shared, (_, code) => texts.bytes.slice(texts.offsets[code], texts.offsets[code + 1])))
  expect(shared.length).toBe(50)
})
