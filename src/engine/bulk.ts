// Rows in bulk: all of them appear at once, with all that views make of them, or nothing does
// (storage/manifest/stage.ts): imports (imports.ts), copies (copy.ts), feeds of views (feeds.ts).

import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart, Snapshot, TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { Stage, StageEffects } from '../../storage/manifest/stage.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { BulkGate } from './bulk-gate.ts'
import type { CommitGate } from './commit-gate.ts'
import { EngineError } from './engine.ts'
import type { Views } from './views.ts'

/** Time that a copy, or a view over one segment, may take: it ends by itself, or is cancelled. */
export const BULK_MS = 6 * 3_600_000

export type BulkWorld = {
  readonly store: Store
  readonly arena: Arena
  readonly pool: WorkerPool
  readonly views: Views
  readonly gate: CommitGate
  readonly writers: BulkGate
  readonly listOf: (snapshot: Snapshot) => { table: TableMeta; rows: Snapshot['rows']; listId: number }
  readonly queryBytes: number
}

/** Shows what a stage holds. `catchUp`: brings it up to the present and calls back while nothing else
 * commits. */
export type StagedCommit = (
  effects?: StageEffects, catchUp?: ((show: () => Promise<void>) => Promise<void>) | null,
) => Promise<void>

export class Bulk {
  readonly world: BulkWorld

  constructor(world: BulkWorld) { this.world = world }

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

  /** Parts, and what views make of them; those that it does not come to are freed. */
  async addAll(stage: Stage, parts: readonly NewPart[]): Promise<void> {
    const left = [...parts]
    try {
      for (let part = left.shift(); part !== undefined; part = left.shift()) await this.add(stage, part)
    } finally {
      for (const { address, bytes } of left) this.world.arena.free(address, bytes)
    }
  }

  /** Work whose rows appear when it calls `commit`, or never; new views begin to run before it or after. */
  async staged<T>(work: (stage: Stage, commit: StagedCommit) => Promise<T>): Promise<T> {
    const leave = await this.world.writers.shared()
    try {
      return await this.stagedHere(work)
    } finally {
      leave()
    }
  }

  /** The same for work that lets a view begin: its last step is to be run within `writers.alone`. */
  async feeding<T>(work: (stage: Stage, commit: StagedCommit) => Promise<T>): Promise<T> {
    return await this.world.writers.feeding(() => this.stagedHere(work))
  }

  /** Views of a changed project would have missed rows: then nothing is stored. */
  private async stagedHere<T>(work: (stage: Stage, commit: StagedCommit) => Promise<T>): Promise<T> {
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
