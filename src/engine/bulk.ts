// Rows in bulk from queries: copies, and what a new view makes of the rows that were there before it.
// All of it appears at once, or nothing does (storage/manifest/stage.ts).
//
//   copy:  the query's rows -> parts -> what views make of them -> one stage
//   feed:  each segment of the source -> the view -> one stage; at the end, with commits kept outside,
//          what came meanwhile; by the same edit the view runs from then on

import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart, SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { Stage } from '../../storage/manifest/stage.ts'
import type { TypedPlan, Value } from '../plan/plan.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { CommitGate } from './commit-gate.ts'
import { EngineError } from './engine.ts'
import type { View, Views } from './views.ts'

/** Time that a copy, or a view over one segment, may take. Less than a shared dictionary outlives its
 * table's rows (KEEP_SECONDS in exec/shared-dictionary.ts): a query must never see one freed. */
const BULK_MS = 280_000
/** A feed that comes this near to the present lets commits wait for the rest. */
const SEGMENTS_BEHIND_MAX = 2

export type BulkWorld = {
  readonly store: Store
  readonly arena: Arena
  readonly pool: WorkerPool
  readonly views: Views
  readonly gate: CommitGate
  readonly listOf: (snapshot: Snapshot) => { table: TableMeta; rows: Snapshot['rows']; listId: number }
  readonly queryBytes: number
}

export type CopyWork = {
  /** Its columns are the target's (planInto). */
  readonly plan: TypedPlan
  readonly planId: number
  readonly slots: readonly Value[]
  readonly target: TableMeta
  readonly isReplacing: boolean
  readonly onStart?: (cancel: () => void) => void
}

/** Told how far a feed is: rows of the source that were read. */
export type Progress = (rowsRead: number) => void

export class Bulk {
  private readonly world: BulkWorld

  constructor(world: BulkWorld) { this.world = world }

  /** Writes a query's rows to a table, as all of it or in addition. Resolves with how many. */
  async copy({ plan, planId, slots, target, isReplacing, onStart }: CopyWork): Promise<number> {
    const { store, pool, listOf, queryBytes } = this.world
    const snapshots = [...new Set(plan.tables)].map((name) => store.snapshot(name))
    const nowMs = Date.now()
    return await this.staged(async (stage, commit) => {
      let made: NewPart | null = null
      try {
        const { part } = await pool.query({
          planId, plan, slots, format: 'JSON', explain: false, nowMs, into: target,
          tables: snapshots.map(listOf), deadlineMs: nowMs + BULK_MS, memoryBytes: queryBytes,
          resultBytesMax: Number.MAX_SAFE_INTEGER,
        }, onStart)
        made = part === null ? null : { ...part, tableId: target.id, schemaVersion: target.schemaVersion }
      } finally {
        for (const snapshot of snapshots) snapshot.release()
      }
      const rows = made?.rowCount ?? 0
      if (made !== null) await this.add(stage, made)
      await commit(isReplacing ? [target.name] : [])
      return rows
    })
  }

  /** Gives a view all rows of its trigger that are there, and lets it run from then on. With
   * `isRebuilt`, the target's rows go and it may have run before. */
  async feed(view: View, isRebuilt: boolean, onProgress: Progress = () => {}): Promise<void> {
    const { store, gate, views } = this.world
    const release = await store.holdSegments(view.trigger)
    try {
      await this.staged(async (stage) => {
        const seen = new Set<number>()
        let rowsRead = 0
        const read = async (most: number): Promise<boolean> => {
          // Held while it is read: a truncate, a delete or a TTL may take the files away.
          const snapshot = await this.flushed(view.trigger)
          try {
            const fresh = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment' && !seen.has(ref.id))
            if (fresh.length > most) return false
            for (const segment of fresh) {
              await this.addFrom(stage, view, segment)
              seen.add(segment.id)
              onProgress(rowsRead += segment.rowCount)
            }
            return true
          } finally {
            snapshot.release()
          }
        }
        await read(Number.POSITIVE_INFINITY)
        for (let round = 0; round < 3; round++) if (await read(SEGMENTS_BEHIND_MAX)) break
        await gate.alone(async () => {
          await read(Number.POSITIVE_INFINITY)
          await stage.commit(isRebuilt ? [view.target] : [], () => {
            const target = store.table(view.target)
            return target === null ? [] : [{ ...target, fedBy: [...new Set([...target.fedBy ?? [], view.key])] }]
          })
          views.activate(view)
        })
      })
    } finally {
      release()
    }
  }

  /** A table whose rows of now are all in segments. */
  private async flushed(table: string): Promise<Snapshot> {
    await this.world.store.flush(table)
    return this.world.store.snapshot(table)
  }

  private async addFrom(stage: Stage, view: View, segment: SegmentRef): Promise<void> {
    const { store, views } = this.world
    const trigger = store.table(view.trigger) as TableMeta
    const target = store.table(view.target) as TableMeta
    const made = await views.over(segment, trigger, view.plan, view.planId, target, BULK_MS)
    if (made !== null) await this.add(stage, made)
  }

  /** A part, and what views make of it. */
  async add(stage: Stage, part: NewPart): Promise<void> {
    const { views, arena, store } = this.world
    let derived: readonly NewPart[]
    try {
      derived = await views.derive([part])
    } catch (error) {
      arena.free(part.address, part.bytes)
      throw error
    }
    const left = [part, ...derived]
    try {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        if (store.tableById(one.tableId)?.engine === 'Null') arena.free(one.address, one.bytes)
        else await stage.add(one)
      }
    } finally {
      for (const { address, bytes } of left) arena.free(address, bytes) // the stage took no more
    }
  }

  /** Work whose rows appear when it calls `commit`, or never. Views that came meanwhile would have
   * missed rows: then nothing is stored. */
  async staged<T>(
    work: (stage: Stage, commit: (replaced: readonly string[]) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const { store, gate, views } = this.world
    const { generation } = views
    const stage = store.stage()
    const commit = async (replaced: readonly string[]) => {
      const leave = await gate.enter()
      try {
        if (views.generation !== generation) {
          throw new EngineError('busy', 'The project changed while rows were on their way; nothing was stored, '
            + 'run it again', 'BUSY')
        }
        await stage.commit(replaced)
      } finally {
        leave()
      }
    }
    try {
      return await work(stage, commit)
    } catch (error) {
      await stage.abort()
      throw error
    }
  }
}
