// A data source of the project as a table of the store: made, changed in place, or, at a start, made anew
// where it has no rows yet.
//
// Invariant: what can't be changed in place is refused where there are rows, or somebody may be writing some.

import type { Store } from '../../storage/index.ts'
import { EngineError } from './engine.ts'
import { incompatibility, isSame, type WantedTable } from './tables.ts'

type TableWorld = {
  readonly store: Store
  /** Nothing is inserted yet, and no view runs: a table may be made anew. */
  readonly isStart: boolean
  /** A table is gone: nothing is kept of it. */
  readonly forget: (tableId: number) => void
}

/** Throws EngineError INCOMPATIBLE_SCHEMA. */
export async function applyTable({ store, isStart, forget }: TableWorld, wanted: WantedTable): Promise<void> {
  const stored = store.table(wanted.name)
  if (stored === null) {
    await store.createTable(wanted)
    return
  }
  const why = incompatibility(stored, wanted)
  if (why === null) {
    if (!isSame(stored, wanted)) await store.alterTable(wanted)
    return
  }
  const hasRows = store.stats().some(({ name, rowCount }) => name === wanted.name && rowCount > 0)
  if (hasRows || !isStart) throw incompatible(wanted, why, hasRows)
  await store.dropTable(wanted.name)
  forget(stored.id)
  await store.createTable(wanted)
}

const incompatible = ({ name }: WantedTable, why: string, hasRows: boolean): EngineError => new EngineError('query',
  `Data source ${name} cannot be changed in place${hasRows ? ', as it has rows' : ''}: ${why}. ${hasRows
    ? `Give the changed data source another name; or serve once without its file, drop its rows (pipit datasource rm ${name}), and bring the file back`
    : 'It has no rows: start the server anew'}`, 'INCOMPATIBLE_SCHEMA')
