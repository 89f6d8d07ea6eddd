// A query's rows to a table: copy pipes. All of them appear with all that views make of them, or none.
//
//   plan over snapshots -> part -> views -> one stage; replacing makes anew what follows from the table

import type { Snapshot, TableMeta } from '../../storage/face.ts'
import type { TypedPlan, Value } from '../plan/plan.ts'
import { keyedPart, type KeyedPart } from './duplicates.ts'
import type { Feeds } from './feeds.ts'
import { BULK_MS } from './limits.ts'

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
export async function runCopy(
  feeds: Feeds, { plan, planId, slots, target, isReplacing, onStart }: CopyWork,
): Promise<number> {
  const { bulk } = feeds
  const { store, pool, arena, listOf, queryBytes } = bulk.world
  return await bulk.staged(isReplacing ? feeds.replacing(target.name) : { into: [target.name] }, async (stage, commit) => {
    let made: KeyedPart | null = null
    const snapshots: Snapshot[] = []
    const nowMs = Date.now()
    try {
      // Not before: who waits for others holds nothing, and sees what they have written.
      for (const name of new Set(plan.tables)) snapshots.push(store.snapshot(name))
      const { part, keys } = await pool.query({
        planId, plan, slots, format: 'JSON', explain: false, nowMs, into: target,
        tables: snapshots.map(listOf), deadlineMs: nowMs + BULK_MS, memoryBytes: queryBytes,
        resultBytesMax: Number.MAX_SAFE_INTEGER,
      }, onStart)
      made = keyedPart(part, keys, target, arena)
    } finally {
      for (const snapshot of snapshots) snapshot.release()
    }
    const rows = made === null ? 0 : made.rowCount - await bulk.add(stage, made)
    const lost = await (isReplacing ? feeds.replace(stage, commit, target.name) : commit())
    return rows - lost(target.name)
  })
}
