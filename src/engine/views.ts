// Materialized views: what new rows of a table become in others. It happens before the commit, so
// that a source's rows and all that is derived from them are one transaction.
//
//   insert-queue: parts of a commit group -> derive() -> more parts -> one store.commit
//
// A view runs over the new rows of its trigger only (every mention of that table means them, as in
// ClickHouse); other tables are seen as they are. Of rows from before it the same INSERT SELECT is made as
// there: piece by piece, but every mention beside the leading one means all rows. A target may trigger views in turn.
// Invariant: parts that derive() made belong to its caller; when it throws, it has freed them.

import { shownTypeName } from '../../storage/column/type-names.ts'
import { createHash } from 'node:crypto'
import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart, PartRef, SegmentRef, Snapshot, TableMeta } from '../../storage/face.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { apartFromRest, planInto, triggeredBy, triggersOf } from '../plan/into-table.ts'
import type { TypedPlan } from '../plan/plan.ts'
import type { PipeDef, Project } from '../project/definitions.ts'
import { tablesOf } from '../project/tables.ts'
import { rendererOf } from '../render/render.ts'
import { quarantinedName } from '../ingest/plan-spec.ts'
import { parseQuery } from '../sql/parse.ts'
import { PASSING_LIST } from '../workers/messages.ts'
import type { WorkerPool } from '../workers/pool.ts'
import { keyedBy } from '../../storage/wal/row-key-tables.ts'
import { fresh, keyedPart, type KeyedPart, type Look } from './duplicates.ts'
import { EngineError } from './engine-error.ts'
import { hasDistinctKeys } from './distinct-keys.ts'
import { BULK_MS } from './limits.ts'
import { inPieces } from './pieces.ts'
import { allBut, allButReason, findFailing } from './failed-rows.ts'
import { QUARANTINE_SUFFIX, engineFor, tableFrom, type WantedTable } from './tables.ts'

/** A view as it runs for one of its triggers. */
export type View = {
  readonly pipe: string
  /** Names it among those that feed its target. */
  readonly key: string
  /** Names it in a quarantine: its pipe, with the node where the pipe has several views. */
  readonly label: string
  readonly trigger: string
  readonly target: string
  /** Its query, rendered. */
  readonly sql: string
  readonly plan: TypedPlan
  readonly planId: number
  /** For rows that were there before it, where it reads its trigger elsewhere, too (over()). */
  readonly apart?: { readonly plan: TypedPlan; readonly planId: number } | null
  /** Rows that it makes of a part don't combine with each other. */
  readonly hasDistinctKeys?: boolean
}

/** What has to be made anew with some tables: all that views make of them, and the views that make some
 * of it out of other tables. */
export type Downstream = { readonly tables: readonly string[]; readonly feeders: readonly View[] }

/** What a view makes of a part, and the rows of it that it fails over; all of it the receiver's. */
export type Made = { readonly made: KeyedPart | null; readonly aside: readonly KeyedPart[]; readonly rowsAside: number }

/** A view of the project that does not run. `isIdle`: there is nothing that it could run over. */
export type BadView = { readonly pipe: string; readonly target: string; readonly message: string; readonly isIdle?: boolean }

/** `v1_0_2.events`: a data source as it was in an earlier release of a Classic workspace. */
const EARLIER_RELEASE = /^v\d+_\d+_\d+\./

/** The first table of an earlier release that a statement reads; null: none. A data source is changed in
 * place here and keeps its rows, so there is no such table, and nothing comes from it. */
const earlierRelease = (sql: string): string | null =>
  tablesOf(sql).tables.find(({ name }) => EARLIER_RELEASE.test(name))?.name ?? null

/** A trigger's id where a query has some of its rows and, elsewhere, all: no table's. */
const APART = -1

export type ViewWorld = {
  readonly pool: WorkerPool
  readonly arena: Arena
  readonly table: (name: string) => TableMeta | null
  readonly tableById: (id: number) => TableMeta | null
  readonly snapshot: (name: string) => Snapshot
  readonly catalog: () => Catalog
  readonly newPlanId: () => number
  readonly listOf: (snapshot: Snapshot) => { table: TableMeta; rows: Snapshot['rows']; listId: number }
  readonly limits: { readonly queryMs: number; readonly queryBytes: number; readonly resultBytes: number; readonly refusesFailedViews: boolean }
}

export class Views {
  private readonly world: ViewWorld
  private byTrigger = new Map<string, View[]>()
  private all: readonly View[] = []
  /** Another number after every change of what runs. */
  generation = 0
  private running = ''
  private nextPassingId = -1
  /** A table and all that views make of it. */
  private readonly downstream = new Map<string, readonly string[]>()

  constructor(world: ViewWorld) { this.world = world }

  /** Takes the views of a project whose tables exist; answers which can't run, and why. */
  apply(project: Project): readonly BadView[] {
    const all: View[] = []
    const bad: BadView[] = []
    for (const pipe of project.pipes.values()) {
      for (const { node, target } of pipe.materialized) {
        try {
          const { sql } = rendererOf(project).render({ pipe: pipe.name, node })
          const earlier = earlierRelease(sql)
          if (earlier === null) all.push(...this.viewsOf(pipe, node, sql, target))
          else bad.push({ pipe: pipe.name, target, isIdle: true, message: `${earlier} is of an earlier release, which this store does not have` })
        } catch (error) {
          bad.push({ pipe: pipe.name, target, message: (error as Error).message })
        }
      }
    }
    const circular = all.filter((view) => isCircular(view, all))
    bad.push(...circular.map(({ pipe, trigger, target }) => ({
      pipe, target, message: `Its rows would make it run again without end: ${trigger} → ${target} → … → ${trigger}`,
    })))
    this.all = all.filter((view) => !circular.includes(view))
    this.byTrigger = new Map()
    for (const view of this.all) if (this.isFed(view)) this.begin(view)
    this.noteRunning()
    return bad
  }

  /** Another generation where what running views make of rows may have changed. */
  private noteRunning(): void {
    this.downstream.clear()
    const version = (name: string) => this.world.table(name)?.schemaVersion
    const running = JSON.stringify([...this.byTrigger.values()].flat().map((view) => [
      view.key, view.trigger, view.target, view.sql, version(view.trigger), version(view.target)]))
    if (running === this.running) return
    this.running = running
    this.generation++
  }

  /** Views that have not been given the rows from before them: they do not run yet. */
  unfed(): readonly View[] { return this.all.filter((view) => !this.isFed(view)) }

  /** True while the project has it. */
  has(view: View): boolean { return this.all.includes(view) }

  /** Those of a trigger that a quarantine calls so. */
  labelled(label: string, trigger: string): readonly View[] {
    return this.all.filter((view) => view.label === label && view.trigger === trigger)
  }

  /** All views of a pipe. */
  ofPipe(pipe: string): readonly View[] { return this.all.filter((view) => view.pipe === pipe) }

  /** All views that fill a table. */
  feeding(target: string): readonly View[] { return this.all.filter((view) => view.target === target) }

  /** `given`: their rows are about to be others; `made`: tables among those to be made anew as well. */
  downstreamOf(given: readonly string[], made: readonly string[] = []): Downstream {
    const tables = new Set(made)
    const sources = [...given, ...made]
    for (let name = sources.shift(); name !== undefined; name = sources.shift()) {
      for (const { target } of this.of(name)) {
        if (tables.has(target) || given.includes(target)) continue
        tables.add(target)
        sources.push(target)
      }
    }
    const isOutside = (name: string) => !tables.has(name) && !given.includes(name)
    return {
      tables: [...tables],
      feeders: this.all.filter((view) => tables.has(view.target) && isOutside(view.trigger) && this.isFed(view)),
    }
  }

  /** The view over those rows of its trigger that do not fulfil a condition. */
  without(view: View, condition: string): View {
    const { world } = this
    const sight = (table: TableMeta) => (table.name === view.trigger ? `NOT ifNull((${condition}), 0)` : null)
    const plan = analyze(parseQuery(view.sql), { ...world.catalog(), sight })
    const target = world.table(view.target)
    if (target === null) throw new Error(`Its target ${view.target} does not exist`)
    const own = planInto({ ...plan, root: triggeredBy(plan.root, view.trigger) }, target)
    return { ...view, planId: world.newPlanId(), plan: own, apart: this.apartOf(own, view.trigger) }
  }

  private apartOf(plan: TypedPlan, trigger: string): View['apart'] {
    const apart = apartFromRest(plan, trigger, APART)
    return apart === null ? null : { plan: apart, planId: this.world.newPlanId() }
  }

  /** Names a view with all that rows become by it: equal while work that was done for it still counts. */
  workKey(view: View): string {
    const tables = [view.target, ...this.downstreamOf([view.target]).tables]
    const views = [view, ...tables.flatMap((name) => this.of(name))]
    const names = [...new Set([...tables, ...views.flatMap(({ trigger, plan }) => [trigger, ...plan.tables])])].sort()
    const all = [views.map(({ key, sql }) => [key, sql]), names.map((name) => {
      const table = this.world.table(name)
      return [name, table?.id, table?.schemaVersion]
    })]
    return `${view.key} ${createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 32)}`
  }

  isFed({ target, key }: View): boolean {
    return this.world.table(target)?.fedBy?.includes(key) ?? false
  }

  /** From now on new rows of its trigger make the view run. */
  activate(view: View): void {
    this.begin(view)
    this.noteRunning()
  }

  private begin(view: View): void {
    const others = this.byTrigger.get(view.trigger) ?? []
    if (!others.includes(view)) this.byTrigger.set(view.trigger, [...others, view])
  }

  /** Tables that materialized pipes make themselves (Classic): the columns of their query, under the
   * ENGINE settings of the pipe, or what follows from the columns. Those that can't be made yet are left out: a later call may find the
   * tables that they read. */
  inlineTables(project: Project): WantedTable[] {
    const wanted: WantedTable[] = []
    for (const pipe of project.pipes.values()) {
      for (const { node, target, engine } of pipe.materialized) {
        if (project.datasources.has(target)) continue
        try {
          const { sql } = rendererOf(project).render({ pipe: pipe.name, node })
          const { root } = analyze(parseQuery(sql), this.world.catalog())
          const columns = root.columns.map(({ name, type }) => ({ name, type: shownTypeName(type), defaultExpr: null }))
          wanted.push(tableFrom(target, columns, engine ?? engineFor(columns)))
        } catch {
          continue // apply() says what is wrong with the view
        }
      }
    }
    return wanted
  }

  private viewsOf(pipe: PipeDef, node: string, sql: string, target: string): View[] {
    const { world } = this
    const table = world.table(target)
    if (table === null) throw new Error(`Its target ${target} does not exist`)
    const plan = analyze(parseQuery(sql), world.catalog())
    return [...triggersOf(plan.root)].map((trigger) => {
      const own = planInto({ ...plan, root: triggeredBy(plan.root, trigger) }, table)
      return {
        pipe: pipe.name, key: `${pipe.name}.${node} ${trigger}`, trigger, target, sql,
        label: pipe.materialized.length > 1 ? `${pipe.name}.${node}` : pipe.name, planId: world.newPlanId(),
        plan: own, apart: this.apartOf(own, trigger), hasDistinctKeys: hasDistinctKeys(own.root, table),
      }
    })
  }

  /** Views that new rows of a table make run. */
  of(table: string): readonly View[] { return this.byTrigger.get(table) ?? [] }

  /** Tables that a transaction into this one may write and that tell their rows apart by a key. */
  keyedFrom(name: string): readonly number[] {
    let tables = this.downstream.get(name)
    if (tables === undefined) this.downstream.set(name, tables = [name, ...this.downstreamOf([name]).tables])
    return tables.flatMap((one) => {
      const table = this.world.table(one)
      return table === null || keyedBy(table) === null ? [] : [table.id]
    })
  }

  /** Parts of other tables that follow from these, without rows that `look` knows. Throws when a worker
   * or memory is lost. */
  async derive(parts: readonly NewPart[], look: Look): Promise<readonly NewPart[]> {
    const refuses = this.world.limits.refusesFailedViews
    const derived: NewPart[] = []
    let level = parts
    try {
      while (level.length > 0) {
        const next: NewPart[] = []
        for (const part of level) {
          const table = this.world.tableById(part.tableId)
          for (const view of table === null ? [] : this.of(table.name)) {
            const { made, aside } = await this.run(view, table as TableMeta, part, { refuses })
            derived.push(...aside)
            const left = made === null ? null : await this.fresh(made, look)
            if (left === null) continue
            const own = view.hasDistinctKeys === true ? { ...left, hasDistinctKeys: true } : left
            next.push(own)
            derived.push(own)
          }
        }
        level = next
      }
    } catch (error) {
      for (const { address, bytes } of derived) this.world.arena.free(address, bytes)
      throw error
    }
    return derived
  }

  /** What is new of a part, which is freed where this throws. */
  private async fresh(made: KeyedPart, look: Look): Promise<NewPart | null> {
    try {
      return (await fresh(made, look, this.world)).part
    } catch (error) {
      this.world.arena.free(made.address, made.bytes)
      throw error
    }
  }

  /** What a view makes of a part. Rows that make it fail are left in the quarantine of their data source,
   * each with its reason; where it fails for another cause than its rows, all are. `refuses`: a failure
   * is thrown instead. */
  async run(
    view: View, trigger: TableMeta, part: NewPart,
    { timeMs, refuses = false }: { readonly timeMs?: number; readonly refuses?: boolean } = {},
  ): Promise<Made> {
    const target = this.world.table(view.target)
    if (target === null) return { made: null, aside: [], rowsAside: 0 }
    const over = (hidden: Uint8Array | null) =>
      this.over(this.passing(part, hidden), trigger, view.plan, view.planId, target, timeMs)
    try {
      return { made: await over(null), aside: [], rowsAside: 0 }
    } catch (error) {
      if (!isOfTheView(error)) throw error
      if (refuses) {
        throw new EngineError('query', `The rows were refused: the view ${view.label} fails over them: `
          + reasonOf(error), 'VIEW_FAILED')
      }
      return await this.withoutFailing(view, trigger, part, error, over)
    }
  }

  private async withoutFailing(
    view: View, trigger: TableMeta, part: NewPart, error: unknown,
    over: (hidden: Uint8Array) => Promise<KeyedPart | null>,
  ): Promise<Made> {
    const { rowCount } = part
    const kept: KeyedPart[] = []
    const free = ({ address, bytes }: NewPart) => this.world.arena.free(address, bytes)
    /** The part, or why there is none. */
    const attempt = async (hidden: Uint8Array): Promise<KeyedPart | null | string> => {
      try {
        return await over(hidden)
      } catch (failure) {
        if (!isOfTheView(failure)) throw failure
        return reasonOf(failure)
      }
    }
    const failing = isOfRows(error) ? await findFailing(rowCount, reasonOf(error), async (from, to) => {
      const made = await attempt(allBut(rowCount, from, to))
      if (made !== null && typeof made !== 'string') free(made)
      return typeof made === 'string' ? made : null
    }) : { reasonOf: new Uint16Array(rowCount).fill(1), reasons: [reasonOf(error)] }
    const rowsAside = failing.reasonOf.reduce((count, number) => count + (number > 0 ? 1 : 0), 0)
    const setAside = async (reason: string, hidden: Uint8Array) => {
      const aside = await this.setAside(view, trigger, this.passing(part, hidden), reason)
      if (aside !== null) kept.push(aside)
    }
    let made: KeyedPart | null = null
    try {
      const rest = rowsAside === rowCount ? null : await attempt(allButReason(failing, 0))
      if (typeof rest === 'string') await setAside(rest, allButReason(failing, 0))
      else made = rest
      for (const [index, reason] of failing.reasons.entries()) await setAside(reason, allButReason(failing, index + 1))
      return { made, aside: kept, rowsAside: typeof rest === 'string' ? rowCount : rowsAside }
    } catch (failure) {
      for (const one of [made, ...kept]) if (one !== null) free(one)
      throw failure
    }
  }

  /** The rows that a view could not digest, as a part of the quarantine of their data source. Throws
   * where there is none. */
  private async setAside(
    view: View, trigger: TableMeta, rows: PartRef, reason: string,
  ): Promise<KeyedPart | null> {
    const quarantine = this.world.table(`${trigger.name}${QUARANTINE_SUFFIX}`)
    if (quarantine === null) throw new Error(`The view ${view.label} fails: ${reason}`)
    const columns = trigger.columns.map(({ name }) => `toString(r.${quotedName(name)}) AS ${quotedName(quarantinedName(name))}`)
    const sql = `SELECT ${columns.join(', ')}, [${quotedText(`view ${view.label}`)}] AS c__error_column, `
      + `[${quotedText(reason)}] AS c__error, now() AS insertion_date FROM ${quotedName(trigger.name)} AS r`
    const { plan, planId } = this.planFor(sql, quarantine)
    return await this.over(rows, trigger, plan, planId, quarantine)
  }

  /** A statement whose rows go into a table. */
  planFor(sql: string, into: TableMeta): { readonly plan: TypedPlan; readonly planId: number } {
    return { plan: planInto(analyze(parseQuery(sql), this.world.catalog()), into), planId: this.world.newPlanId() }
  }

  /** The answer of a statement over one segment of a table. */
  async ask(sql: string, segment: SegmentRef, table: TableMeta, timeMs: number): Promise<string> {
    const plan = analyze(parseQuery(sql), this.world.catalog())
    const nowMs = Date.now()
    const { body } = await this.world.pool.query({
      planId: this.world.newPlanId(), plan, slots: [], format: plan.format ?? 'JSON', explain: false, nowMs,
      tables: [{ table, listId: PASSING_LIST, rows: [segment] }], deadlineMs: nowMs + timeMs,
      memoryBytes: this.world.limits.queryBytes, resultBytesMax: this.world.limits.resultBytes,
    })
    return Buffer.from(body).toString('utf8')
  }

  /** A part that no commit has dated yet; `hidden`: a bit for each row that is left out. */
  passing({ address, bytes, rowCount }: NewPart, hidden: Uint8Array | null = null): PartRef {
    return {
      kind: 'part', id: this.nextPassingId--, address, bytes, rowCount, firstSequence: 0, lastSequence: 0,
      ...hidden === null ? {} : { hidden },
    }
  }

  /** Calls `use` with the rows that a plan makes of a segment of the trigger, as parts of `target`. The segment is one
   * of all rows that one INSERT SELECT would read: where the plan reads the trigger elsewhere, too, it sees all there. */
  async overSegment(
    segment: SegmentRef, trigger: TableMeta, view: Pick<View, 'plan' | 'planId' | 'apart'>, target: TableMeta,
    use: (made: KeyedPart) => Promise<void>, onStart?: (cancel: () => void) => void,
  ): Promise<void> {
    const { plan, planId } = view.apart ?? view
    const lead = view.apart === undefined || view.apart === null ? trigger : { ...trigger, id: APART }
    await inPieces(segment, { plan, queryBytes: this.world.limits.queryBytes },
      (piece) => this.over(piece, lead, plan, planId, target, BULK_MS, onStart), use)
  }

  /** The rows that a plan makes of one part or segment of the trigger, as a part of `target`. Every mention of the
   * trigger means those rows, but under the id APART the leading ones alone. */
  async over(
    passing: PartRef | SegmentRef, trigger: TableMeta, plan: TypedPlan, planId: number,
    target: TableMeta, timeMs = this.world.limits.queryMs, onStart?: (cancel: () => void) => void,
  ): Promise<KeyedPart | null> {
    const { world } = this
    const snapshots: Snapshot[] = []
    const nowMs = Date.now()
    try {
      for (const name of new Set(plan.tables)) {
        if (name !== trigger.name || trigger.id === APART) snapshots.push(world.snapshot(name))
      }
      const { part, keys } = await world.pool.query({
        planId, plan, slots: [], format: 'JSON', explain: false, nowMs, into: target,
        tables: [
          { table: trigger, listId: PASSING_LIST, rows: [passing] },
          ...snapshots.map((snapshot) => world.listOf(snapshot)),
        ],
        deadlineMs: nowMs + timeMs, memoryBytes: world.limits.queryBytes,
        resultBytesMax: world.limits.resultBytes,
      }, onStart)
      return keyedPart(part, keys, target, world.arena)
    } finally {
      for (const snapshot of snapshots) snapshot.release()
    }
  }
}

/** True where a view's rows come back to its trigger. */
function isCircular(view: View, all: readonly View[]): boolean {
  const reached = new Set([view.target])
  for (const name of reached) {
    if (name === view.trigger) return true
    for (const { trigger, target } of all) if (trigger === name) reached.add(target)
  }
  return false
}

export const quotedName = (name: string): string => `\`${name.replace(/[\\`]/g, '\\$&')}\``
export const quotedText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** The first line of an error. */
const reasonOf = (error: unknown): string => (error as Error).message.split('\n')[0]

/** True where some rows may be to blame, and not their number. */
const isOfRows = (error: unknown): boolean => (error as { failure?: { kind: string } }).failure?.kind === 'query'

/** What the view's own query did wrong; everything else refuses the insert. */
export function isOfTheView(error: unknown): boolean {
  const kind = (error as { failure?: { kind: string } }).failure?.kind
  return kind === 'query' || kind === 'memory' || kind === 'deadline'
}
