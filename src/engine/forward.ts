// A data source whose definition has changed beyond what can be done in place, or whose FORWARD_QUERY says how:
// its rows go by a query into a table of the new form, which takes its place by one edit of the manifest.
//
//   each segment of the old table -> FORWARD_QUERY, or the columns as they are -> hidden table; at the end,
//   with commits kept outside, what came meanwhile; then the hidden one has the name, and the old one is gone
//
// Invariant: a crash, or a row that the query fails over, leaves the table as it was.

import { shownTypeName } from '../../storage/column/type-names.ts'
import type { TableMeta } from '../../storage/face.ts'
import { TableGone, type Store } from '../../storage/index.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { planInto, triggeredBy } from '../plan/into-table.ts'
import type { PlanNode, TypedPlan } from '../plan/plan.ts'
import { parseQuery } from '../sql/parse.ts'
import { EngineError } from './engine.ts'
import { engineErrorOf } from './errors.ts'
import type { Feeds } from './feeds.ts'
import type { WantedTable } from './tables.ts'
import { VERIFIED_SUFFIX } from './verify.ts'
import { quotedName } from './views.ts'

/** Tables that are being filled; one that a crash has left is removed at the next start. */
export const FORWARDED_SUFFIX = '__forwarded'
/** Rows that are deleted meanwhile let it begin anew. */
const ATTEMPTS_MAX = 5
/** Kinds of errors that the query, or its rows, are to blame for. */
const OF_THE_QUERY: ReadonlySet<string> = new Set(['query', 'limit', 'deadline'])

/** What a crash has left of moves and of comparisons. */
export async function dropHidden(store: Store): Promise<void> {
  for (const { name } of store.tables()) {
    if (name.endsWith(FORWARDED_SUFFIX) || name.endsWith(VERIFIED_SUFFIX)) await store.dropTable(name)
  }
}

export type ForwardWorld = {
  readonly feeds: Feeds
  readonly catalog: () => Catalog
  readonly newPlanId: () => number
}

/** Makes a table the wanted one, with all its rows. `query`: a SELECT without FROM; null: every column as it
 * is, in its new type. Throws EngineError INCOMPATIBLE_SCHEMA: then nothing has changed. */
export async function forward(
  { feeds, catalog, newPlanId }: ForwardWorld, stored: TableMeta, wanted: WantedTable, query: string | null,
): Promise<void> {
  const { store } = feeds.bulk.world
  const { name, fedBy } = stored
  const refuse = (why: string) => new EngineError('query', `Data source ${name} keeps its form and its rows: ${why}`, 'INCOMPATIBLE_SCHEMA')
  if (stored.deduplicateBy !== undefined || wanted.deduplicateBy !== undefined) {
    throw refuse('rows told apart by DEDUPLICATE_BY can\'t be moved, as the keys that it remembers are of the table as it is')
  }
  const aside = `${name}${FORWARDED_SUFFIX}`
  for (let left = ATTEMPTS_MAX; ; left--) {
    // Of a move that the disk would not let go of.
    if (store.table(aside) !== null) await store.dropTable(aside)
    const hidden = await store.createTable({ ...wanted, name: aside, ...fedBy === undefined ? {} : { fedBy } })
    try {
      const plan = planOf(query, name, hidden, catalog(), refuse)
      await feeds.forward({ pipe: name, key: '', label: name, trigger: name, target: hidden.name, sql: '', plan, planId: newPlanId() },
        hidden, { ...hidden, name, schemaVersion: stored.schemaVersion + 1 })
      return
    } catch (error) {
      await store.dropTable(aside).catch(() => {}) // the next move does, or the next start
      if (error instanceof TableGone && left > 1) continue
      const failure = engineErrorOf(error)
      const { kind, code, message } = failure
      if (code === 'INCOMPATIBLE_SCHEMA' || !OF_THE_QUERY.has(kind)) throw failure
      throw refuse(query === null ? message : `its FORWARD_QUERY fails: ${message}`)
    }
  }
}

function planOf(
  query: string | null, name: string, hidden: TableMeta, catalog: Catalog, refuse: (why: string) => EngineError,
): TypedPlan {
  const text = (query ?? 'SELECT *').trim().replace(/;\s*$/, '')
  const plan = analyze(parseQuery(`${text}\nFROM ${quotedName(name)}`), catalog)
  if (!isByRow(plan.root)) throw refuse('its FORWARD_QUERY has to give one row for each row: a list of columns behind SELECT, and nothing else')
  const given = new Map(plan.root.columns.map((column) => [column.name, column.type]))
  for (const column of hidden.columns) {
    const type = given.get(column.name)
    if (type?.startsWith('AggregateFunction') === true && shownTypeName(type) !== shownTypeName(column.type)) {
      throw refuse(`column ${column.name} was ${shownTypeName(type)} and is now ${shownTypeName(column.type)}`)
    }
  }
  return planInto({ ...plan, root: triggeredBy(plan.root, name) }, hidden)
}

/** Whether a plan gives one row for each row of the table, in whatever pieces it is read. */
const isByRow = (node: PlanNode): boolean => node.op === 'scan' || (node.op === 'project' && isByRow(node.input))
