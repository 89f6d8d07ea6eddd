import { expect, it } from 'vitest'
import type { Snapshot, TableMeta } from '../../storage/face.ts'
import type { TypedPlan } from '../plan/plan.ts'
import { areCurrent, versionsOf } from './versions.ts'

const metaOf = (name: string, id: number): TableMeta => ({ id, name, schemaVersion: 1 }) as TableMeta // what is asked of it

it('tells when a table of a statement has changed, or is another one', () => {
  const tables = new Map([['a', { table: metaOf('a', 1), version: 5 }], ['b', { table: metaOf('b', 2), version: 7 }], ['c', { table: metaOf('c', 3), version: 9 }]])
  let pins = 0
  const store = {
    table: (name: string) => tables.get(name)?.table ?? null,
    snapshot: (name: string): Snapshot => {
      const found = tables.get(name)
      if (found === undefined) throw new Error('no table')
      pins++
      return { ...found, rows: [], release: () => { pins-- } }
    },
  }
  const planOf = (isDeterministic: boolean) => ({ isDeterministic, tables: ['a', 'b'] }) as unknown as TypedPlan // what is asked of it
  expect(versionsOf(store, planOf(false), 1)).toBeNull()
  const versions = versionsOf(store, planOf(true), 1)
  if (versions === null) throw new Error('no versions')
  expect(versions.text).toBe('1.1.5,2.1.7')
  const isCurrent = () => areCurrent(store, versions, 1)
  tables.set('c', { table: metaOf('c', 3), version: 10 })
  expect([isCurrent(), areCurrent(store, versions, 2)]).toEqual([true, false])
  const b = { table: versions.tables[1].table, version: 7 }
  for (const other of [{ ...b, version: 8 }, { ...b, table: { ...b.table } }]) {
    tables.set('b', other)
    expect(isCurrent()).toBe(false)
  }
  tables.delete('b')
  expect(isCurrent()).toBe(false)
  tables.set('b', b)
  expect(isCurrent()).toBe(true)
  expect(pins).toBe(0)
})
