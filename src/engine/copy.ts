// A query's rows to a table: copy pipes. All of them appear with all that views make of them, or none.
//
//   plan over snapshots, or over each piece of a segment -> part -> views -> one stage; replacing makes anew what follows from the table

import type { SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import { hasNode, isVolatile, subplansOf } from '../plan/nodes.ts'
import type { PlanNode, TypedPlan } from '../plan/plan.ts'
import type { Value } from '../functions/values/value.ts'
import { PASSING_LIST, type TableRows } from '../workers/messages.ts'
import type { BulkWorld } from './bulk.ts'
import { keyedPart, type KeyedPart } from './duplicates.ts'
import type { Feeds } from './feeds.ts'
import { BULK_MS } from './limits.ts'
import { inPieces, isByRow } from './pieces.ts'

export type CopyWork = {
  /** Its columns are the target's (planInto). */
  readonly plan: TypedPlan
  readonly planId: number
  readonly slots: readonly Value[]
  readonly target: TableMeta
  readonly isReplacing: boolean
  readonly onStart?: (cancel: () => void) => void
}

/** Writes a query's rows to a table, as all of it or in addition. Resolves with how many were new. */
export async function runCopy(feeds: Feeds, work: CopyWork): Promise<number> {
  const { bulk } = feeds
  const { plan, target, isReplacing } = work
  const { store } = bulk.world
  return await bulk.staged(isReplacing ? feeds.replacing(target.name) : { into: [target.name] }, async (stage, commit) => {
    let rows = 0
    const take = async (made: KeyedPart) => { rows += made.rowCount - await bulk.add(stage, made) }
    const snapshots: Snapshot[] = []
    try {
      // Not before: who waits for others holds nothing, and sees what they have written.
      for (const name of new Set(plan.tables)) snapshots.push(store.snapshot(name))
      await copyRows(bulk.world, work, snapshots, take)
    } finally {
      for (const snapshot of snapshots) snapshot.release()
    }
    const lost = await (isReplacing ? feeds.replace(stage, commit, target.name) : commit())
    return rows - lost(target.name)
  })
}

/** Calls `take` with the rows of the query: of one that makes rows of single rows piece by piece, so that no
 * query holds more than it has room for. */
async function copyRows(
  { pool, arena, listOf, queryBytes }: BulkWorld, { plan, planId, slots, target, onStart }: CopyWork,
  snapshots: readonly Snapshot[], take: (made: KeyedPart) => Promise<void>,
): Promise<void> {
  const nowMs = Date.now()
  const made = async (tables: readonly TableRows[]): Promise<KeyedPart | null> => {
    const { part, keys } = await pool.query({
      planId, plan, slots, format: 'JSON', explain: false, nowMs, into: target, tables, deadlineMs: nowMs + BULK_MS,
      memoryBytes: queryBytes, resultBytesMax: Number.MAX_SAFE_INTEGER,
    }, onStart)
    return keyedPart(part, keys, target, arena)
  }
  const takeAll = async (tables: readonly TableRows[]) => {
    const all = await made(tables)
    if (all !== null) await take(all)
  }
  const table = snapshots[0]?.table ?? target
  const rows = snapshots[0]?.rows ?? []
  const segments = rows.filter((ref): ref is SegmentRef => ref.kind === 'segment')
  if (segments.length === 0 || !isOfRowsAlone(plan)) return await takeAll(snapshots.map(listOf))
  const overRows = (refs: Snapshot['rows']): readonly TableRows[] => [{ table, listId: PASSING_LIST, rows: refs }]
  for (const segment of segments) await inPieces(segment, { plan, queryBytes }, (piece) => made(overRows([piece])), take)
  const parts = rows.filter((ref) => ref.kind === 'part')
  if (parts.length > 0) await takeAll(overRows(parts))
}

/** Whether a query is a list of expressions over rows of one table, each of which sees its own row alone. */
const isOfRowsAlone = (plan: TypedPlan): boolean =>
  plan.totals === null && subplansOf(plan).length === 0 && isByRow(plan.root) && !hasNode(plan.root, seesMore)

function seesMore(node: PlanNode): boolean {
  switch (node.op) {
    case 'join': case 'union': return true
    case 'project': return node.exprs.some(isVolatile)
    case 'filter': return isVolatile(node.condition)
    default: return false
  }
}
