// Rows in bulk: all of them appear at once, with all that views make of them, or nothing does
// (storage/manifest/stage.ts): imports (imports.ts), copies (copy.ts), feeds of views (feeds.ts).

import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart, Snapshot, TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { Stage, StageEffects } from '../../storage/manifest/stage.ts'
import type { BulkKind } from '../../storage/wal/bulk-keys.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { BulkGate } from './bulk-gate.ts'
import type { CommitGate } from './commit-gate.ts'
import { countOf, fresh, type DuplicatesWorld, type KeyedPart, type Look } from './duplicates.ts'
import { EngineError } from './engine-error.ts'
import type { Views } from './views.ts'

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
) => Promise<Lost>

/** How many rows of a table were stored by others while the write had them. */
export type Lost = (table: string) => number

/** Where rows go, and which of those tables lose all that they hold to them (or, of a replacement by a
 * condition, are not compared with it). */
export type BulkTargets = { readonly into: readonly string[]; readonly replaced?: readonly string[] }

/** Tables whose keys of rows a write may look at, and the stage that does. */
type Claimed = { readonly ids: readonly number[]; readonly stage: () => Stage }

export const projectChanged = (): EngineError => new EngineError('busy',
  'The project changed while rows were on their way; nothing was stored, run it again', 'BUSY')

export class Bulk {
  readonly world: BulkWorld
  private readonly replacements = new Map<string, number>()

  constructor(world: BulkWorld) { this.world = world }

  /** How often rows of a table were replaced by others. */
  timesReplaced(name: string): number { return this.replacements.get(name) ?? 0 }

  private async show(stage: Stage, effects: StageEffects): Promise<ReadonlyMap<number, number>> {
    const { lost } = await stage.commit(effects)
    const { replaced = [], deleted } = effects
    for (const name of deleted === undefined ? replaced : [...replaced, deleted.table]) {
      this.replacements.set(name, this.timesReplaced(name) + 1)
    }
    return lost
  }

  /** A part without rows that were there before, and what views make of it. Answers how many those
   * are. */
  async add(stage: Stage, given: KeyedPart): Promise<number> {
    const { views, arena, store } = this.world
    const look: Look = (tableId, keys) => stage.look(tableId, keys)
    let part: NewPart | null = given
    const left: NewPart[] = []
    let duplicates = 0
    try {
      const { part: own, marks } = await fresh(given, look, this.duplicates)
      part = own
      duplicates = countOf(marks)
      if (part === null) return duplicates
      left.push(part, ...await views.derive([part], look))
    } catch (error) {
      if (part !== null) arena.free(part.address, part.bytes)
      throw error
    }
    try {
      for (let one = left.shift(); one !== undefined; one = left.shift()) {
        if (store.tableById(one.tableId)?.engine === 'Null') arena.free(one.address, one.bytes)
        else await stage.add(one)
      }
    } finally {
      for (const { address, bytes } of left) arena.free(address, bytes) // the stage took no more
    }
    return duplicates
  }

  /** A part that goes to its table alone. */
  async addAlone(stage: Stage, given: KeyedPart): Promise<void> {
    let part: NewPart | null = given
    try {
      part = (await fresh(given, (tableId, keys) => stage.look(tableId, keys), this.duplicates)).part
    } catch (error) {
      this.world.arena.free(given.address, given.bytes)
      throw error
    }
    if (part !== null) await stage.add(part)
  }

  private get duplicates(): DuplicatesWorld {
    const { arena, pool, store } = this.world
    return { arena, pool, tableById: (id) => store.tableById(id) }
  }

  /** Parts, and what views make of them; those that it does not come to are freed. Answers as add(). */
  async addAll(stage: Stage, parts: readonly KeyedPart[]): Promise<number> {
    const left = [...parts]
    let duplicates = 0
    try {
      for (let part = left.shift(); part !== undefined; part = left.shift()) duplicates += await this.add(stage, part)
      return duplicates
    } finally {
      for (const { address, bytes } of left) this.world.arena.free(address, bytes)
    }
  }

  /** Work whose rows appear when it calls `commit`, or never; new views begin to run before it or after. */
  async staged<T>(
    targets: BulkTargets, work: (stage: Stage, commit: StagedCommit) => Promise<T>,
  ): Promise<T> {
    return await this.claiming(targets, async (claimed) => {
      const leave = await this.world.writers.enter()
      try {
        return await this.stagedHere(targets, claimed, work)
      } finally {
        leave()
      }
    })
  }

  /** The same for work that lets a view begin: its last step is to be run within `writers.alone`. */
  async feeding<T>(
    targets: BulkTargets, work: (stage: Stage, commit: StagedCommit) => Promise<T>,
  ): Promise<T> {
    return await this.claiming(targets, (claimed) =>
      this.world.writers.feeding(() => this.stagedHere(targets, claimed, work)))
  }

  /** Keys of rows come before the writers' gate: who is inside must not wait for who is not. */
  private async claiming<T>({ into, replaced = [] }: BulkTargets, use: (claimed: Claimed) => Promise<T>): Promise<T> {
    const { store } = this.world
    const ids = this.keyedBelow(into)
    const claims = await store.claimBulk(new Map(ids.map((id) => [id, this.kindOf(id, replaced)])))
    try {
      return await use({ ids, stage: () => store.stage(claims) })
    } finally {
      for (const claim of claims) claim.release()
    }
  }

  /** Rows that views have seen, or that an engine combines as they are written, can't be taken out again. */
  private kindOf(tableId: number, replaced: readonly string[]): BulkKind {
    const { store, views } = this.world
    const { name, engine } = store.tableById(tableId) as TableMeta
    return { isReplacing: replaced.includes(name), isFirm: engine !== 'MergeTree' || views.of(name).length > 0 }
  }

  private keyedBelow(names: readonly string[]): number[] {
    return [...new Set(names.flatMap((name) => this.world.views.keyedFrom(name)))].sort((a, b) => a - b)
  }

  /** Views of a changed project would have missed rows: then nothing is stored. */
  private async stagedHere<T>(
    { into }: BulkTargets, claimed: Claimed, work: (stage: Stage, commit: StagedCommit) => Promise<T>,
  ): Promise<T> {
    const { gate, views } = this.world
    // A view that began while this waited for others may write where no keys are claimed.
    if (this.keyedBelow(into).join() !== claimed.ids.join()) throw projectChanged()
    const stage = claimed.stage()
    const { generation } = views
    const check = () => {
      if (views.generation !== generation) throw projectChanged()
    }
    const commit: StagedCommit = async (effects = {}, catchUp = null) => {
      let lost: ReadonlyMap<number, number> = new Map()
      const show = async () => {
        check()
        lost = await this.show(stage, effects)
      }
      const leave = catchUp !== null ? () => {} : await gate.enter()
      try {
        await (catchUp === null ? show() : catchUp(show))
      } finally {
        leave()
      }
      return (table) => lost.get(this.world.store.table(table)?.id ?? 0) ?? 0
    }
    try {
      return await work(stage, commit)
    } catch (error) {
      await stage.abort()
      throw error
    }
  }
}
