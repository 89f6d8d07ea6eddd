// What views make of rows that are there already: of a new view, of a target that is rebuilt, of all
// that follows from a table whose rows are replaced. Everything of it appears by one edit.
//
//   each segment of a trigger -> the view -> what further views make of that -> one stage; at the end,
//   with commits kept outside, what came meanwhile; by the same edit a new view runs from then on
//
// Invariant: a table is made anew together with all that views make of it, so that no row counts twice.

import type { SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import { fedBy } from '../../storage/index.ts'
import type { Stage } from '../../storage/manifest/stage.ts'
import { BULK_MS, type Bulk, type BulkTargets, type BulkWorld, type StagedCommit } from './bulk.ts'
import { EngineError } from './engine.ts'
import type { View } from './views.ts'

/** A feed that comes this near to the present lets commits wait for the rest. */
const SEGMENTS_BEHIND_MAX = 2
const ROUNDS = 3

/** Told how far a feed is: rows of the sources that were read. */
export type Progress = (rowsRead: number) => void

/** Where what views make goes, instead of to their targets and to further views. */
export type Aside = (stage: Stage, view: View, segment: SegmentRef) => Promise<void>

export class Feeds {
  readonly bulk: Bulk
  private readonly world: BulkWorld

  constructor(bulk: Bulk) {
    this.bulk = bulk
    this.world = bulk.world
  }

  /** Gives a new view all rows of its trigger that are there, and lets it run from then on. */
  async feed(view: View, onProgress: Progress = () => {}): Promise<void> {
    const { store } = this.world
    await this.bulk.feeding({ into: [view.target] }, async (stage, commit) => {
      await commit({ changed: () => {
        const target = store.table(view.target)
        return target === null ? [] : [fedBy(target, view.key)]
      } }, this.catchingUp(stage, [view], onProgress, [view]))
    })
  }

  /** Replaces all rows of the targets of these views, and of all that views make of those, by what
   * their sources hold now. */
  async rebuild(own: readonly View[], onProgress: Progress = () => {}): Promise<void> {
    const { store, views } = this.world
    const { tables, feeders } = views.downstreamOf([], [...new Set(own.map(({ target }) => target))])
    const all = [...new Set([...own, ...feeders])]
    for (const view of all) requireRows(store.table(view.trigger))
    const fresh = own.filter((view) => !(store.table(view.target)?.fedBy ?? []).includes(view.key))
    const targets = { into: tables, replaced: tables }
    const run = fresh.length > 0 ? this.bulk.feeding.bind(this.bulk) : this.bulk.staged.bind(this.bulk)
    await run(targets, async (stage, commit) => {
      await commit({
        replaced: tables,
        changed: () => fresh.map((view) => fedBy(store.table(view.target) as TableMeta, view.key)),
      }, this.catchingUp(stage, all, onProgress, fresh))
    })
  }

  /** Where rows go that take the place of a table's: to all that follows from it, too. */
  replacing(name: string): BulkTargets {
    return { into: [name], replaced: [name, ...this.world.views.downstreamOf([name]).tables] }
  }

  /** Shows a stage as all rows of a table, or as all that fulfil a condition; what views make of the
   * table is made anew. */
  async replace(
    stage: Stage, commit: StagedCommit, name: string, condition: string | null = null,
  ): Promise<void> {
    const { views } = this.world
    const { tables, feeders } = views.downstreamOf([name])
    const kept = condition === null ? [] : views.of(name).map((view) => views.without(view, condition))
    const sources = [...kept, ...feeders]
    const effects = condition === null ? { replaced: [name, ...tables] }
      : { replaced: tables, deleted: { table: name, condition } }
    await commit(effects, sources.length === 0 ? null : this.catchingUp(stage, sources, () => {}))
  }

  /** For StagedCommit: reads all segments of the views' triggers, those that come meanwhile too.
   * `fresh`: views that run from then on. */
  catchingUp(
    stage: Stage, views: readonly View[], onProgress: Progress, fresh: readonly View[] = [],
    add: Aside = (to, view, segment) => this.addFrom(to, view, segment),
  ): (show: () => Promise<void>) => Promise<void> {
    const { store, gate, writers } = this.world
    const triggers = [...new Set(views.map(({ trigger }) => trigger))]
    const seen = new Set<number>()
    let rowsRead = 0
    const readFrom = async (trigger: string, most: number): Promise<boolean> => {
      // Held while it is read: a truncate, a delete or a TTL may take the files away.
      const snapshot = await this.flushed(trigger)
      try {
        const fresh = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment' && !seen.has(ref.id))
        if (fresh.length > most) return false
        for (const segment of fresh) {
          for (const view of views) if (view.trigger === trigger) await add(stage, view, segment)
          seen.add(segment.id)
          onProgress(rowsRead += segment.rowCount)
        }
        return true
      } finally {
        snapshot.release()
      }
    }
    const read = async (most: number): Promise<boolean> => {
      let isNear = true
      for (const trigger of triggers) isNear = await readFrom(trigger, most) && isNear
      return isNear
    }
    return async (show) => {
      const releases: (() => void)[] = []
      try {
        for (const trigger of triggers) releases.push(await store.holdSegments(trigger))
        await read(Number.POSITIVE_INFINITY)
        for (let round = 0; round < ROUNDS; round++) if (await read(SEGMENTS_BEHIND_MAX)) break
        const last = () => gate.alone(async () => {
          await read(Number.POSITIVE_INFINITY)
          await show()
          for (const view of fresh) this.world.views.activate(view)
        })
        await (fresh.length > 0 ? writers.alone(last) : last())
      } finally {
        for (const release of releases) release()
      }
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
    if (made !== null) await this.bulk.add(stage, made)
  }
}

/** Throws where a source keeps no rows that something could be made of. */
export function requireRows(table: TableMeta | null): void {
  if (table?.engine !== 'Null') return
  throw new EngineError('query', `${table.name} keeps no rows (its engine is Null): what was made of them `
    + 'cannot be made again', 'NOT_IMPLEMENTED')
}
