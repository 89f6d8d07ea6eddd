// What views make of rows that are there already: of a new view, of a target that is rebuilt, of all
// that follows from a table whose rows are replaced. Everything of it appears by one edit.
//
//   each segment of a trigger -> the view -> what further views make of that -> one stage; at the end,
//   with commits kept outside, what came meanwhile; by the same edit a new view runs from then on
//
// Invariant: a table is made anew together with all that views make of it, so that no row counts twice.

import type { SavedWork, SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import { fedBy } from '../../storage/index.ts'
import type { Stage, StageEffects, WorkName } from '../../storage/manifest/stage.ts'
import { projectChanged, type Bulk, type BulkTargets, type BulkWorld, type Lost, type StagedCommit } from './bulk.ts'
import type { KeyedPart } from './duplicates.ts'
import type { FeedControl } from './engine.ts'
import { EngineError } from './engine-error.ts'
import type { View } from './views.ts'

/** A feed that comes this near to the present lets commits wait for the rest. */
const SEGMENTS_BEHIND_MAX = 2
const ROUNDS = 3

/** Told how far a feed is: rows of the sources that were read. */
export type Progress = (rowsRead: number) => void

/** Where what views make goes, instead of to their targets and to further views. */
export type Aside = (stage: Stage, view: View, segment: SegmentRef) => Promise<void>

/** How segments are read (catchingUp). */
type Reading = {
  readonly onProgress: Progress
  /** Views that run from then on. */
  readonly fresh?: readonly View[]
  readonly add?: Aside
  /** Work of before a stop that this goes on with. */
  readonly done?: SavedWork | null
  /** Called between two segments, while commits go on. */
  readonly between?: (done: Pick<SavedWork, 'read' | 'rowsRead'>) => Promise<void>
  /** Called when all is read and nothing else commits; what it throws ends the write. */
  readonly check?: () => void
  /** No bulk write may be under way at the end. */
  readonly isAlone?: boolean
}

/** Rows that a feed has read were replaced meanwhile: it begins anew. */
class SourceReplaced extends Error {}

export class Feeds {
  readonly bulk: Bulk
  private readonly world: BulkWorld
  private readonly saveMs: number
  /** Ends what runs. */
  private readonly running = new Set<(reason: 'cancel' | 'stop') => void>()
  private isStopping = false

  /** `saveMs`: after this time of work a feed notes how far it is. */
  constructor(bulk: Bulk, saveMs: number) {
    this.bulk = bulk
    this.world = bulk.world
    this.saveMs = saveMs
  }

  /** Feeds end, and go on after the next start. */
  stop(): void {
    this.isStopping = true
    for (const end of this.running) end('stop')
  }

  /** Gives a new view all rows of its trigger that are there, and lets it run from then on. Goes on with
   * what an earlier call had done before the process ended. */
  async feed(view: View, control: FeedControl = {}): Promise<void> {
    let ended = (this.isStopping ? 'stop' : null) as 'cancel' | 'stop' | null
    let cancelQuery = () => {}
    const end = (reason: 'cancel' | 'stop') => {
      ended ??= reason
      cancelQuery()
    }
    this.running.add(end)
    control.onCancel?.(() => end('cancel'))
    const onQuery = (cancel: () => void) => {
      cancelQuery = cancel
      if (ended !== null) cancel()
    }
    try {
      while (!await this.attempt(view, control.onProgress ?? (() => {}), () => ended, onQuery));
    } catch (error) {
      if (ended === null) throw error
      if (ended === 'cancel') await this.world.store.forgetWork(({ key }) => key === this.world.views.workKey(view))
      throw new EngineError('cancelled', ended === 'stop' ? 'The server stopped; it goes on after the next start'
        : `It was cancelled, so the view does not run; \`pipit mv rebuild ${view.pipe}\` or the next start gives it its rows`, 'CANCELLED')
    } finally {
      this.running.delete(end)
    }
  }

  /** False: it has to begin anew. */
  private async attempt(
    view: View, onProgress: Progress, ended: () => unknown, onQuery: (cancel: () => void) => void,
  ): Promise<boolean> {
    const { store, views } = this.world
    const name: WorkName = { table: view.target, key: views.workKey(view) }
    const replaced = this.bulk.timesReplaced(view.trigger)
    const isWanted = () => views.has(view)
    const check = () => {
      if (this.bulk.timesReplaced(view.trigger) !== replaced) throw new SourceReplaced()
      if (!isWanted()) throw projectChanged()
    }
    try {
      await this.bulk.feeding({ into: [view.target] }, async (stage, commit) => {
        const done = store.savedWork(view.target, name.key)
        if (!await stage.lasting(done)) {
          await store.forgetWork(({ key }) => key === name.key)
          throw new SourceReplaced()
        }
        let savedAt = performance.now()
        /** What was read is in the stage, and nothing of what comes next. */
        let isWhole = true
        let now: Pick<SavedWork, 'read' | 'rowsRead'> | null = null
        const save = async () => {
          if (now === null || !isWhole) return
          if (!await stage.save(name, now, isWanted)) {
            check()
            throw new SourceReplaced()
          }
          savedAt = performance.now()
        }
        const reading: Reading = {
          onProgress, fresh: [view], done,
          add: async (to, _view, segment) => {
            await this.addFrom(view, segment, async (made) => {
              isWhole = false
              await this.bulk.add(to, made)
            }, onQuery)
            isWhole = true
          },
          between: async (read) => {
            now = read
            check()
            if (ended() !== null) throw new EngineError('cancelled', 'ended', 'CANCELLED')
            if (performance.now() - savedAt >= this.saveMs) await save()
          },
          check,
        }
        try {
          await commit({ ended: name, changed: () => {
            const target = store.table(view.target)
            return target === null ? [] : [fedBy(target, view.key)]
          } }, this.catchingUp(stage, [view], reading))
        } catch (error) {
          if (ended() === 'stop') await save().catch(() => {}) // it goes on from the last one that was
          throw error
        }
      })
      return true
    } catch (error) {
      if (error instanceof SourceReplaced) return false
      throw error
    }
  }

  /** Puts what a query makes of all rows of a table into a hidden one, which is there as `changed` says from
   * then on, and the table itself is gone by the same edit. Throws TableGone where rows were deleted
   * meanwhile. */
  async forward(view: View, hidden: TableMeta, changed: TableMeta): Promise<void> {
    const { views, store } = this.world
    await this.bulk.feeding({ into: [hidden.name] }, async (stage, commit) => {
      const segments: SegmentRef[] = []
      const add: Aside = async (to, { trigger, plan, planId }, segment) => {
        segments.push(segment)
        await views.overSegment(segment, store.table(trigger) as TableMeta, { plan, planId }, hidden,
          (made) => this.bulk.addAlone(to, made))
      }
      // The views that have fed it are those of now: a populate may have ended beside this.
      const heir = (): TableMeta => {
        const feeders = store.table(view.trigger)?.fedBy
        return feeders === undefined ? changed : { ...changed, fedBy: feeders }
      }
      await commit({ left: { table: view.trigger, segments, heirId: hidden.id }, changed: () => [heir()] },
        this.catchingUp(stage, [view], { onProgress: () => {}, add, isAlone: true }))
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
      }, this.catchingUp(stage, all, { onProgress, fresh }))
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
    answered: Pick<StageEffects, 'answered'> = {},
  ): Promise<Lost> {
    const { views } = this.world
    const { tables, feeders } = views.downstreamOf([name])
    const kept = condition === null ? [] : views.of(name).map((view) => views.without(view, condition))
    const sources = [...kept, ...feeders]
    const effects = condition === null ? { ...answered, replaced: [name, ...tables] }
      : { ...answered, replaced: tables, deleted: { table: name, condition } }
    return await commit(effects, sources.length === 0 ? null : this.catchingUp(stage, sources, { onProgress: () => {} }))
  }

  /** For StagedCommit: reads all segments of the views' triggers, those that come meanwhile too. */
  catchingUp(stage: Stage, views: readonly View[], reading: Reading): (show: () => Promise<void>) => Promise<void> {
    const { store, gate, writers } = this.world
    const { onProgress, fresh = [], add = (to, view, segment) => this.addFrom(view, segment, async (made) => void await this.bulk.add(to, made)), done, between, check, isAlone = fresh.length > 0 } = reading
    const triggers = [...new Set(views.map(({ trigger }) => trigger))]
    const seen = new Set((done?.read ?? []).flatMap(({ segmentIds }) => [...segmentIds]))
    let rowsRead = done?.rowsRead ?? 0
    const standing = () => ({ rowsRead, read: triggers.flatMap((name) => {
      const table = store.table(name)
      return table === null ? [] : [{ tableId: table.id, segmentIds: [...seen] }]
    }) })
    const readFrom = async (trigger: string, most: number, isLast: boolean): Promise<boolean> => {
      // Held while it is read: a truncate, a delete or a TTL may take the files away.
      const snapshot = await this.flushed(trigger)
      try {
        const fresh = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment' && !seen.has(ref.id))
        if (fresh.length > most) return false
        for (const segment of fresh) {
          if (!isLast) await between?.(standing())
          for (const view of views) if (view.trigger === trigger) await add(stage, view, segment)
          seen.add(segment.id)
          onProgress(rowsRead += segment.rowCount)
        }
        if (!isLast && fresh.length > 0) await between?.(standing())
        return true
      } finally {
        snapshot.release()
      }
    }
    const read = async (most: number, isLast = false): Promise<boolean> => {
      let isNear = true
      for (const trigger of triggers) isNear = await readFrom(trigger, most, isLast) && isNear
      return isNear
    }
    return async (show) => {
      const releases: (() => void)[] = []
      try {
        for (const trigger of triggers) releases.push(await store.holdSegments(trigger))
        if (rowsRead > 0) onProgress(rowsRead)
        await read(Number.POSITIVE_INFINITY)
        for (let round = 0; round < ROUNDS; round++) if (await read(SEGMENTS_BEHIND_MAX)) break
        const last = () => gate.alone(async () => {
          await read(Number.POSITIVE_INFINITY, true)
          check?.()
          await show()
          for (const view of fresh) this.world.views.activate(view)
        })
        await (isAlone ? writers.alone(last) : last())
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

  private async addFrom(
    view: View, segment: SegmentRef, use: (made: KeyedPart) => Promise<void>, onQuery?: (cancel: () => void) => void,
  ): Promise<void> {
    const { store, views } = this.world
    const trigger = store.table(view.trigger) as TableMeta
    const target = store.table(view.target) as TableMeta
    await views.overSegment(segment, trigger, view, target, use, onQuery)
  }
}

/** Throws where a source keeps no rows that something could be made of. */
export function requireRows(table: TableMeta | null): void {
  if (table?.engine !== 'Null') return
  throw new EngineError('query', `${table.name} keeps no rows (its engine is Null): what was made of them `
    + 'cannot be made again', 'NOT_IMPLEMENTED')
}
