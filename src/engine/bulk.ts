// Rows in bulk: all of them appear at once, with all that views make of them, or nothing does
// (storage/manifest/stage.ts). Copies are made here; imports (imports.ts), feeds of views (feeds.ts)
// and replays of a quarantine (replay.ts) use the same stages.
//
//   copy:  the query's rows -> parts -> what views make of them -> one stage

import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart, Snapshot, TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { Stage, StageEffects } from '../../storage/manifest/stage.ts'
import type { TypedPlan, Value } from '../plan/plan.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { CommitGate } from './commit-gate.ts'
import { EngineError } from './engine.ts'
import { Feeds } from './feeds.ts'
import type { Views } from './views.ts'

/** Time that a copy, or a view over one segment, may take: it ends by itself, or is cancelled. */
export const BULK_MS = 6 * 3_600_000

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

/** Shows what a stage holds. `catchUp`: brings it up to the present and calls back while nothing else
 * commits. */
export type StagedCommit = (
  effects?: StageEffects, catchUp?: ((show: () => Promise<void>) => Promise<void>) | null,
) => Promise<void>

export class Bulk {
  readonly world: BulkWorld
  readonly feeds: Feeds

  constructor(world: BulkWorld) {
    this.world = world
    this.feeds = new Feeds(this)
  }

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
      await (isReplacing ? this.feeds.replace(stage, commit, target.name) : commit())
      return rows
    })
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
  async staged<T>(work: (stage: Stage, commit: StagedCommit) => Promise<T>): Promise<T> {
    const { store, gate, views } = this.world
    const { generation } = views
    const check = () => {
      if (views.generation === generation) return
      throw new EngineError('busy', 'The project changed while rows were on their way; nothing was stored, '
        + 'run it again', 'BUSY')
    }
    const stage = store.stage()
    const commit: StagedCommit = async (effects = {}, catchUp = null) => {
      if (catchUp !== null) {
        await catchUp(async () => {
          check()
          await stage.commit(effects)
        })
        return
      }
      const leave = await gate.enter()
      try {
        check()
        await stage.commit(effects)
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
