// A data source whose definition has changed beyond what can be done in place, or whose FORWARD_QUERY says how:
// its rows go by a query into a table of the new form, which takes its place by one edit of the manifest.
//
//   each segment of the old table -> FORWARD_QUERY, or the columns as they are -> hidden table; at the end,
//   with commits kept outside, what came meanwhile; then the hidden one has the name, and the old one is gone
//
// Invariant: a crash, or a row that the query fails over, leaves the table as it was.

import { bareType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import type { TableMeta } from '../../storage/face.ts'
import { TableGone } from '../../storage/index.ts'
import { keyedBy } from '../../storage/wal/row-key-tables.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { planInto, triggeredBy } from '../plan/into-table.ts'
import { hasNode, subplansOf } from '../plan/nodes.ts'
import type { PlanNode, TypedPlan } from '../plan/plan.ts'
import { parseQuery } from '../sql/parse.ts'
import { EngineError } from './engine-error.ts'
import { engineErrorOf } from './errors.ts'
import type { Feeds } from './feeds.ts'
import { FORWARDED_SUFFIX, makeHidden, removeHidden } from './hidden.ts'
import type { WantedTable } from './tables.ts'
import { quotedName } from './views.ts'
import { isWidened } from './widening.ts'

/** Rows that are deleted meanwhile let it begin anew. */
const ATTEMPTS_MAX = 5
/** Kinds of errors that the query, or its rows, are to blame for. */
const OF_THE_QUERY: ReadonlySet<string> = new Set(['query', 'limit', 'deadline'])

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
  const { name } = stored
  const refuse = (why: string) => new EngineError('query', `Data source ${name} keeps its form and its rows: ${why}`, 'INCOMPATIBLE_SCHEMA')
  const aside = `${name}${FORWARDED_SUFFIX}`
  for (let left = ATTEMPTS_MAX; ; left--) {
    // Rows that are moved are no duplicates of each other, whatever keys they have.
    const { deduplicateBy, ...plain } = wanted
    const hidden = await makeHidden(store, { ...plain, name: aside })
    try {
      const plan = planOf(query, name, hidden, catalog(), refuse)
      await feeds.forward({ pipe: name, key: '', label: name, trigger: name, target: hidden.name, sql: '', plan, planId: newPlanId() },
        hidden, {
          ...hidden, name, schemaVersion: stored.schemaVersion + 1,
          ...deduplicateBy === undefined ? {} : { deduplicateBy, ...keysFor(plan, stored, { ...hidden, deduplicateBy }, refuse) },
        })
      return
    } catch (error) {
      await removeHidden(store, aside)
      if (error instanceof TableGone && left > 1) continue
      const failure = engineErrorOf(error)
      const { kind, code, message } = failure
      if (code === 'INCOMPATIBLE_SCHEMA' || !OF_THE_QUERY.has(kind)) throw failure
      throw refuse(query === null ? message : `its FORWARD_QUERY fails: ${message}`)
    }
  }
}

/** Which keys of the stored table's rows its heir goes on remembering: those of a column whose values it has as they
 * were. By another column than before it begins without any, as where that is changed in place. */
function keysFor(
  { root }: TypedPlan, stored: TableMeta, heir: TableMeta, refuse: (why: string) => EngineError,
): Pick<TableMeta, 'keysOf'> {
  const [before, now] = [keyedBy(stored), keyedBy(heir)]
  if (before === null || now === null) return {}
  if (storedColumn(root, heir.columns.findIndex(({ id }) => id === now.columnId)) === before.columnId) {
    const earlier = (stored.keysOf ?? []).filter(({ ownColumnId }) => ownColumnId === before.columnId)
    return { keysOf: [...earlier, { tableId: stored.id, columnId: before.columnId }].map((of) => ({ ...of, ownColumnId: now.columnId })) }
  }
  const column = stored.deduplicateBy?.column
  if (column !== heir.deduplicateBy?.column) return {}
  throw refuse(`the values of ${column} become others, and by those of now DEDUPLICATE_BY knows rows that come again; `
    + 'leave it as it is, or take DEDUPLICATE_BY out for this change')
}

/** The id of the stored column that a plan hands on with the same keys (storage/part/row-keys.ts); null: its values are made. */
function storedColumn(node: PlanNode, index: number): number | null {
  if (node.op === 'scan') return node.columnIds[index] ?? null
  const expr = node.op === 'project' ? node.exprs[index] : undefined
  const of = expr?.kind === 'call' && expr.name === 'CAST' && keepsKeys(expr.args[0].type, expr.type) ? expr.args[0] : expr
  return node.op === 'project' && of?.kind === 'column' ? storedColumn(node.input, of.index) : null
}

/** Texts are known by their bytes, integers by their values. */
function keepsKeys(from: string, to: string): boolean {
  const [a, b] = [from, to].map((type) => bareType(parseDataType(type)).name)
  return a === b || (/^(U?Int|Enum)\d+/.test(a) && /^(U?Int|Enum)\d+/.test(b) && isWidened(a, b))
}

function planOf(
  query: string | null, name: string, hidden: TableMeta, catalog: Catalog, refuse: (why: string) => EngineError,
): TypedPlan {
  const text = (query ?? 'SELECT *').trim().replace(/;\s*$/, '')
  const plan = analyze(parseQuery(`${text}\nFROM ${quotedName(name)}`), catalog)
  if (!isOneByOne(plan.root)) throw refuse('its FORWARD_QUERY has to give one row for each row: a list of columns behind SELECT, and nothing else')
  const readsIt = (node: PlanNode) => node.op === 'scan' && node.table === name
  if (subplansOf(plan).some((below) => hasNode(below, readsIt))) throw refuse(`its FORWARD_QUERY reads ${name} once more in a subquery: rows move a few at a time, so that it would not see all of them`)
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
const isOneByOne = (node: PlanNode): boolean => node.op === 'scan' || (node.op === 'project' && isOneByOne(node.input))
