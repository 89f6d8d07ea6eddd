// A data source of the project as a table of the store: made, changed in place, moved by its FORWARD_QUERY (or as
// it is, where types are only wider), or, at a start, made anew where it has no rows yet.
//
// Invariant: what can't be changed in place is refused where there are rows, or somebody may be writing some.

import type { Store } from '../../storage/index.ts'
import type { TableMeta } from '../../storage/face.ts'
import type { DatasourceDef, Place } from '../project/definitions.ts'
import { parseQuery } from '../sql/parse.ts'
import { EngineError } from './engine-error.ts'
import { incompatibility, isSame, quarantineOf, tableOf, type Incompatibility, type WantedTable } from './tables.ts'
import { withoutWidening } from './widening.ts'

export type TableWorld = {
  readonly store: Store
  /** No project was applied before. */
  readonly isStart: boolean
  /** A table is gone: nothing is kept of it. */
  readonly forget: (tableId: number) => void
  /** Moves the rows of a table into its new form (forward.ts). */
  readonly forward: (stored: TableMeta, wanted: WantedTable, query: string | null) => Promise<void>
}

/** How a stored table becomes the wanted one; `query`: with all rows, by a FORWARD_QUERY or (null) as they are. */
type Change = 'none' | 'in place' | 'anew' | { readonly query: string | null }

/** The tables of all data sources; nothing changes where one of them can't become what its file says. `moved` gets those
 * that have another table by then, also where a later one fails over its FORWARD_QUERY. Throws EngineError
 * INCOMPATIBLE_SCHEMA, with the place in the file. */
export async function applySources(
  world: TableWorld, sources: readonly DatasourceDef[], moved: Map<string, DatasourceDef>,
): Promise<void> {
  const { store } = world
  for (const source of sources) {
    const wanted = tableOf(source)
    const stored = store.table(wanted.name)
    if (stored !== null) changeOf(world, stored, wanted, source)
  }
  for (const source of sources) {
    const before = store.table(source.name)?.id
    await applyTable(world, tableOf(source), source)
    if (before !== undefined && store.table(source.name)?.id !== before) moved.set(source.name, source)
    await applyTable(world, quarantineOf(source))
  }
}

/** Tables that pipes make themselves, in rounds: a pipe may read what another one makes. */
export async function applyInline(world: TableWorld, inline: () => readonly WantedTable[]): Promise<void> {
  const made = new Set<string>()
  for (;;) {
    const fresh = inline().filter(({ name }) => !made.has(name))
    if (fresh.length === 0) return
    for (const wanted of fresh) {
      await applyTable(world, wanted)
      await applyTable(world, quarantineOf(wanted))
      made.add(wanted.name)
    }
  }
}

/** `source`: the file that describes the table; null: none does. Throws EngineError INCOMPATIBLE_SCHEMA. */
async function applyTable(world: TableWorld, wanted: WantedTable, source: DatasourceDef | null = null): Promise<void> {
  const { store, forget, forward } = world
  const stored = store.table(wanted.name)
  if (stored === null) {
    await store.createTable(wanted)
    return
  }
  const change = changeOf(world, stored, wanted, source)
  if (change === 'none') return
  if (change === 'in place') {
    await store.alterTable(wanted)
    return
  }
  if (change === 'anew') await store.dropTable(wanted.name)
  else {
    await forward(stored, wanted, change.query).catch((error: unknown) => {
      throw error instanceof EngineError ? placed(error, source?.forwardQuery ?? source) : error
    })
  }
  forget(stored.id)
  if (change === 'anew') await store.createTable(wanted)
}

function changeOf({ store, isStart }: TableWorld, stored: TableMeta, wanted: WantedTable, source: DatasourceDef | null): Change {
  const query = source?.forwardQuery?.text ?? null
  const found = incompatibility(stored, wanted)
  const isWider = found !== null && incompatibility(stored, withoutWidening(stored, wanted)) === null
  const isAsked = query !== null && ((found !== null && !isWider) || givesNewColumns(query, stored, wanted))
  if (found === null && !isAsked) return isSame(stored, wanted) ? 'none' : 'in place'
  const hasRows = store.stats().some(({ name, rowCount }) => name === wanted.name && rowCount > 0)
  if (hasRows && (isWider || isAsked)) return { query: isAsked ? query : null }
  if (found === null) return 'in place'
  if (hasRows || !isStart) throw incompatible(wanted, found, hasRows, source)
  return 'anew'
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

function incompatible({ name }: WantedTable, { why, placeIn }: Incompatibility, hasRows: boolean, source: DatasourceDef | null): EngineError {
  const error = new EngineError('query',
    `Data source ${name} cannot be changed in place${hasRows ? ', as it has rows' : ''}: ${why}. ${hasRows
      ? `A FORWARD_QUERY can say what becomes of its rows (SELECT … without FROM). Or give the changed data source another name; or serve once without its file, drop its rows (pipit datasource rm ${name}), and bring the file back`
      : 'It has no rows: start the server anew'}`, 'INCOMPATIBLE_SCHEMA')
  return placed(error, source === null ? null : placeIn(source) ?? source)
}

const placed = (error: EngineError, place: Place | null): EngineError => (place === null ? error
  : new EngineError(error.kind, `${place.file}:${place.line}:${place.column}: ${error.message}`, error.code, undefined, place.file))
