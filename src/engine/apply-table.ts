// A data source of the project as a table of the store: made, changed in place, or made anew where it
// has no rows yet.
//
// Invariant: no row is lost by a change of a file. What can't be changed in place is refused.

import type { Store } from '../../storage/index.ts'
import type { CommitGate } from './commit-gate.ts'
import { EngineError } from './engine.ts'
import { incompatibility, isSame, type WantedTable } from './tables.ts'

type TableWorld = {
  readonly store: Store
  readonly gate: CommitGate
  /** A table is gone: nothing is kept of it. */
  readonly forget: (tableId: number) => void
}

/** Throws EngineError INCOMPATIBLE_SCHEMA. */
export async function applyTable({ store, gate, forget }: TableWorld, wanted: WantedTable): Promise<void> {
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
  await gate.alone(async () => { // a row that comes between the look and the drop would be lost
    if (store.stats().some(({ name, rowCount }) => name === wanted.name && rowCount > 0)) throw incompatible(wanted, why)
    await store.dropTable(wanted.name)
    forget(stored.id)
    await store.createTable(wanted)
  })
}

const incompatible = ({ name }: WantedTable, why: string): EngineError => new EngineError('query',
  `Data source ${name} cannot be changed in place, as it has rows: ${why}. `
  + 'Give the changed data source another name; or serve once without its file, drop its rows '
  + `(pipit datasource rm ${name}), and bring the file back`, 'INCOMPATIBLE_SCHEMA')
