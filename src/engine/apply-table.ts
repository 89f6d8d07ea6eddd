// A data source of the project as a table of the store: made, changed in place, moved by its FORWARD_QUERY (or as
// it is, where types are only wider), or, at a start, made anew where it has no rows yet.
//
// Invariant: what can't be changed in place is refused where there are rows, or somebody may be writing some.

import type { Store } from '../../storage/index.ts'
import type { TableMeta } from '../../storage/face.ts'
import { parseQuery } from '../sql/parse.ts'
import { EngineError } from './engine.ts'
import { incompatibility, isSame, type WantedTable } from './tables.ts'
import { withoutWidening } from './widening.ts'

type TableWorld = {
  readonly store: Store
  /** Nothing is inserted yet, and no view runs: a table may be made anew. */
  readonly isStart: boolean
  /** A table is gone: nothing is kept of it. */
  readonly forget: (tableId: number) => void
  /** Moves the rows of a table into its new form (forward.ts). */
  readonly forward: (stored: TableMeta, wanted: WantedTable, query: string | null) => Promise<void>
}

/** `query`: the FORWARD_QUERY of the data source. Throws EngineError INCOMPATIBLE_SCHEMA. */
export async function applyTable(
  { store, isStart, forget, forward }: TableWorld, wanted: WantedTable, query: string | null = null,
): Promise<void> {
  const stored = store.table(wanted.name)
  if (stored === null) {
    await store.createTable(wanted)
    return
  }
  const why = incompatibility(stored, wanted)
  const hasRows = store.stats().some(({ name, rowCount }) => name === wanted.name && rowCount > 0)
  const isWider = why !== null && incompatibility(stored, withoutWidening(stored, wanted)) === null
  const isAsked = query !== null && ((why !== null && !isWider) || givesNewColumns(query, stored, wanted))
  if (hasRows && (isWider || isAsked)) {
    await forward(stored, wanted, isAsked ? query : null)
    forget(stored.id)
    return
  }
  if (why === null) {
    if (!isSame(stored, wanted)) await store.alterTable(wanted)
    return
  }
  if (hasRows || !isStart) throw incompatible(wanted, why, hasRows)
  await store.dropTable(wanted.name)
  forget(stored.id)
  await store.createTable(wanted)
}

/** Whether there are new columns and the query names each. One that does not is of an earlier change: run again, it
 * could overwrite what rows have had since, where nothing calls for it. */
function givesNewColumns(query: string, stored: TableMeta, wanted: WantedTable): boolean {
  const added = wanted.columns.filter(({ name }) => !stored.columns.some((column) => column.name === name))
  if (added.length === 0) return false
  const tree = parseQuery(query)
  const given = new Set(tree.kind !== 'select' ? []
    : tree.select.map((expr) => expr.alias ?? (expr.kind === 'identifier' ? expr.parts.at(-1) : undefined)))
  return added.every(({ name }) => given.has(name))
}

const incompatible = ({ name }: WantedTable, why: string, hasRows: boolean): EngineError => new EngineError('query',
  `Data source ${name} cannot be changed in place${hasRows ? ', as it has rows' : ''}: ${why}. ${hasRows
    ? `A FORWARD_QUERY can say what becomes of its rows (SELECT … without FROM). Or give the changed data source another name; or serve once without its file, drop its rows (pipit datasource rm ${name}), and bring the file back`
    : 'It has no rows: start the server anew'}`, 'INCOMPATIBLE_SCHEMA')
