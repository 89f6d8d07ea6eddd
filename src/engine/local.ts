// The embedded engine: store, workers and plans behind the Engine face, on the main thread, which
// itself never parses a body, reads a block or formats a row.
//
//   query:  plan cache -> (sql/parse -> plan/analyze) -> bind slots -> snapshot -> pool -> bytes
//   insert: insert-queue -> pool -> store.commit -> answer

import { randomUUID } from 'node:crypto'
import type { Arena } from '../../storage/arena/arena.ts'
import { createArenas } from '../../storage/arena/create.ts'
import { writeBackup, type BackupReport } from '../../storage/backup/backup.ts'
import { createBlockCache } from '../../storage/segment/block-cache.ts'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import type { IdempotencyKey, KeyTurn, NewPart, Snapshot, TableMeta } from '../../storage/face.ts'
import { openStore, TableGone, type Store } from '../../storage/index.ts'
import { mayCombine } from '../../storage/merge/combine-part.ts'
import { compileKernels, kernelsWanted, loadKernels } from '../../storage/kernels/load.ts'
import { WorkMemory } from '../../storage/kernels/work-memory.ts'
import { SplitterRoom } from '../ingest/record-splitter.ts'
import { createSharedDictionaries } from '../exec/dictionaries/shared-dictionary.ts'
import { analyze, type Catalog } from '../plan/analyze.ts'
import { planInto } from '../plan/into-table.ts'
import { checkSetting } from '../plan/settings.ts'
import { bindSlots, fitSlots } from '../plan/slots.ts'
import type { DatasourceDef, Project } from '../project/definitions.ts'
import { SERVICE_PREFIX } from '../project/service-tables.ts'
import { render } from '../render/render.ts'
import { parseQuery } from '../sql/parse.ts'
import { giveBackAnswer } from '../workers/answer-memory.ts'
import type { IngestSpec, TableRows } from '../workers/messages.ts'
import { WorkerPool, WORK_MEMORY_BYTES } from '../workers/pool.ts'
import {
  type ImportAnswer, type ImportRequest, type DatasourceInfo, type Engine, type FeedWork, type EngineLoad, type InsertAnswer, type InsertRequest, type StatementAnswer, type StatementRequest, type ReplayAnswer, type VerifyReport,
} from './engine.ts'
import { EngineError } from './engine-error.ts'
import { engineErrorOf } from './errors.ts'
import { Idempotency, type FileKey } from './idempotency.ts'
import { csvColumn, runImport } from './imports.ts'
import { InsertQueue } from './insert-queue.ts'
import { movedSpan, PlanCache, type BoundPlan } from './plan-cache.ts'
import { applyInline, applySources, type TableWorld } from './apply-table.ts'
import { besideOf } from './beside.ts'
import { Bulk, projectChanged } from './bulk.ts'
import { runCopy } from './copy.ts'
import { Feeds, type Progress } from './feeds.ts'
import { BodyRoom } from './body-room.ts'
import { BulkGate } from './bulk-gate.ts'
import { CommitGate } from './commit-gate.ts'
import { Backlog, TOO_MANY } from './backlog.ts'
import { NewViews } from './new-views.ts'
import { Views, type BadView } from './views.ts'
import { BULK_MS, defaultLimits, limitOf, type EngineLimits } from './limits.ts'
import type { GuessedColumn } from './guess.ts'
import { incomingFolder, parquetColumns } from './parquet-pieces.ts'
import { Replay } from './replay.ts'
import { sightOf } from './sight.ts'
import { forward } from './forward.ts'
import { dropHidden } from './hidden.ts'
import { ingestSpecOf, madeColumns } from './ingest-spec.ts'
import { verify } from './verify.ts'
import { areCurrent, versionsOf, type Versions } from './versions.ts'
import { WARM_ENDPOINT_BYTES, WARM_QUERY_MS, warmUp } from './warm-up.ts'
import { QUARANTINE_SUFFIX } from './tables.ts'

export type LocalEngineOptions = {
  readonly folder: string
  readonly limits?: Partial<EngineLimits>
  /** Counts the bytes posted between threads for each query (StatementAnswer.postedBytes). */
  readonly countsPosted?: boolean
}

/** Opens the store in a folder and starts the workers. Throws when the folder belongs to another
 * process, cannot be written, or was written by a newer version. */
export async function openLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  const limits = { ...defaultLimits(), ...options.limits }
  const [dataArena, cacheArena] = createArenas([limits.dataBytes, limits.cacheBytes])
  const pool = new WorkerPool({
    queryWorkers: limits.queryWorkers,
    workMemoryBytes: WORK_MEMORY_BYTES, queriesBytes: limits.queriesBytes, youngBytes: limits.youngBytes,
    backgroundRestMs: limits.backgroundRestMs,
    kernels: kernelsWanted() ? compileKernels() : null,
    dataArena: dataArena.handle, cacheArena: cacheArena.handle,
    dictionaries: createSharedDictionaries(cacheArena),
    storeFolder: options.folder,
    blocks: createBlockCache(cacheArena), countsPosted: options.countsPosted ?? false,
  })
  const ready = pool.ready()
  try {
    const store = await openStore(options.folder, {
      disk: nodeDisk(), arena: dataArena, limits: {
        freeBytesMin: limits.freeBytesMin, keyMs: limits.keyMs, rowKeyBytesMax: limits.rowKeyBytes,
      },
      tasks: { run: (task) => pool.runTask(task) as never }, isQuietAtOpen: true, // each kind of task has its own result (face.ts)
      isLeftAtOpen: ({ name }) => name.endsWith(QUARANTINE_SUFFIX),
    })
    await ready
    // What a crash left of an import or a comparison.
    if (!store.isReadOnly) nodeDisk().removeFolder(incomingFolder(options.folder))
    if (!store.isReadOnly) await dropHidden(store)
    return new LocalEngine(store, pool, dataArena, limits)
  } catch (error) {
    await pool.close()
    throw error
  }
}

/** Where no keys are remembered all rows are new. */
const NO_MARKS = Promise.resolve(null)

/** Merges of what a start found wait so long: the first answers need the cores. */
const QUIET_MS = 2000

/** How often rows past their TTL are looked for. */
const EXPIRE_MS = 60_000

export class LocalEngine implements Engine {
  readonly pool: WorkerPool
  readonly store: Store
  readonly bodies: BodyRoom
  private readonly dataArena: Arena
  private readonly limits: EngineLimits
  private readonly plans = new PlanCache()
  private readonly backlog = new Backlog(performance.now())
  private readonly idempotency: Idempotency
  private readonly inserts = new Map<string, InsertQueue>()
  private readonly views: Views
  private readonly gate = new CommitGate()
  private readonly feeds: Feeds
  private readonly newViews: NewViews
  private readonly lists = new Map<number, TableRows>()
  private project: Project | null = null
  /** When the project that is being applied is, whether or not that succeeds. */
  private applied: Promise<unknown> = Promise.resolve()
  private nextListId = 1
  private nextIngestPlan = 1_000_000_000
  /** Made by the first import. */
  private splitterRoom: SplitterRoom | null = null

  /** Rows whose time is over go now and then; out of sight they are at once (sight.ts). */
  private readonly expiry = setInterval(() => {
    this.store.expire().catch(() => {}) // tried again at the next time
  }, EXPIRE_MS).unref()

  private readonly quiet = setTimeout(() => this.store.tend(), QUIET_MS).unref()
  private readonly idle = setInterval(() => this.store.flushIdle(), QUIET_MS).unref()

  constructor(store: Store, pool: WorkerPool, dataArena: Arena, limits: EngineLimits) {
    this.store = store
    this.pool = pool
    this.dataArena = dataArena
    this.bodies = new BodyRoom(dataArena)
    this.idempotency = new Idempotency(store)
    this.limits = limits
    this.views = new Views({
      pool, arena: dataArena, limits, table: (name) => store.table(name),
      tableById: (id) => store.tableById(id),
      snapshot: (name) => store.snapshot(name), catalog: () => this.catalog(),
      newPlanId: () => this.plans.takePlanId(), listOf: (snapshot) => this.listOf(snapshot),
    })
    this.feeds = new Feeds(new Bulk({
      store, arena: dataArena, pool, views: this.views, gate: this.gate, writers: new BulkGate(),
      listOf: (snapshot) => this.listOf(snapshot), queryBytes: limits.queryBytes,
    }), limits.saveMs)
    this.newViews = new NewViews(store, this.views, this.feeds)
  }

  get badViews(): readonly BadView[] { return this.newViews.bad }

  applyProject(project: Project, onFeed?: (feed: FeedWork) => void): Promise<void> {
    const done = this.applyNow(project, onFeed)
    this.applied = done.catch(() => {})
    return done
  }

  private async applyNow(project: Project, onFeed?: (feed: FeedWork) => void): Promise<void> {
    const before = this.project
    const { tableWorld: world } = this
    const moved = new Map<string, DatasourceDef>()
    try {
      await applySources(world, [...project.datasources.values()], moved)
      await applyInline(world, () => this.views.inlineTables(project))
    } catch (error) {
      // The project stays as it was, but for the data sources that have their new form by now.
      if (before !== null && moved.size > 0) this.follow({ ...before, datasources: new Map([...before.datasources, ...moved]) })
      throw error
    }
    this.follow(project)
    await this.newViews.feed(project, onFeed)
  }

  private follow(project: Project): void {
    this.project = project
    this.plans.clear()
    this.inserts.clear()
    this.newViews.bad = this.views.apply(project)
  }

  /** Replaces what a materialized pipe has made, and all that follows from it, by what its sources hold
   * now. */
  async rebuildView(pipe: string, onProgress?: Progress): Promise<void> {
    const views = this.views.ofPipe(pipe)
    if (views.length === 0) throw new EngineError('not-found', `There is no materialized pipe ${pipe}`, 'UNKNOWN_TABLE')
    await this.feeds.rebuild(views, onProgress)
    this.newViews.hasRun(pipe)
  }

  stopFeeds(): void { this.feeds.stop() }

  /** Compares what materialized pipes have made, by the name of one of them or of their target, with
   * what their sources give now. */
  async verifyView(name: string, onProgress: Progress = () => {}): Promise<VerifyReport> {
    const [view] = this.views.ofPipe(name)
    const views = this.views.feeding(view?.target ?? name)
    if (views.length === 0) {
      throw new EngineError('not-found', `There is no materialized pipe ${name}, nor one that fills a data source `
        + 'of that name', 'UNKNOWN_TABLE')
    }
    try {
      return await verify(this.feeds, views, (sql, snapshots) => this.askSnapshots(sql, snapshots), onProgress)
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  private async askSnapshots(sql: string, snapshots: readonly Snapshot[]): Promise<Record<string, unknown>[]> {
    const plan = analyze(parseQuery(sql), { ...this.catalog(), sight: sightOf })
    const now = Date.now()
    const { body } = await this.pool.query({
      planId: this.plans.takePlanId(), plan, slots: [], format: 'JSON', explain: false, nowMs: now,
      tables: snapshots.map((snapshot) => this.listOf(snapshot)), deadlineMs: now + BULK_MS,
      memoryBytes: this.limits.queryBytes, resultBytesMax: this.limits.resultBytes,
    })
    return (JSON.parse(Buffer.from(body).toString('utf8')) as { data: Record<string, unknown>[] }).data
  }

  /** Writes the rows of a statement to a data source, as all of it or in addition; all or nothing.
   * Resolves with how many. */
  async copyInto(
    request: StatementRequest, target: string, mode: 'append' | 'replace',
  ): Promise<number> {
    try {
      const table = this.tableNamed(target)
      const tree = parseQuery(request.sql, { slots: request.slots })
      const plan = planInto(analyze(tree, { ...this.catalog(), sight: sightOf }, request.slots), table)
      const rows = await runCopy(this.feeds, {
        plan, planId: this.plans.takePlanId(), target: table, isReplacing: mode === 'replace',
        slots: bindSlots(plan, request.slots.map((slot) => slot.value)), onStart: request.onStart,
      })
      if (mode === 'replace') this.pool.forgetTable(table.id)
      return rows
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  private get sources(): Project['datasources'] { return this.project?.datasources ?? new Map() }

  private get tableWorld(): TableWorld {
    return {
      store: this.store, isStart: this.sources.size === 0, forget: (id) => {
        this.pool.forgetTable(id)
        this.plans.clear()
      },
      forward: async (stored, to, by) => {
        // Until the project is applied, rows are read as the table was, and wait where it is another one.
        if (this.sources.has(to.name)) this.insertQueue(to.name)
        await forward({ feeds: this.feeds, catalog: () => this.catalog(), newPlanId: () => this.plans.takePlanId() }, stored, to, by)
      },
    }
  }

  requireRoom(): void {
    if (this.backlog.isFull(this.pool.queriesRunning, performance.now())) throw TOO_MANY
  }

  async query(request: StatementRequest): Promise<StatementAnswer> {
    this.requireRoom()
    let bound: BoundPlan | null = null
    try {
      bound = this.planOf(request)
      this.plans.forget(request)
      return await this.run(bound, request)
    } catch (error) {
      const found = engineErrorOf(error)
      if (bound === null || found.at === null) throw found
      const span = { at: found.at, end: found.end ?? found.at }
      throw new EngineError(found.kind, found.message, found.code, movedSpan(span, bound.places, request.slots))
    } finally {
      this.backlog.note(this.pool.queriesRunning)
    }
  }

  /** The plan of a statement, known or new, with the values of this call. */
  private planOf(request: StatementRequest): BoundPlan {
    const again = this.plans.keptOf(request)
    if (again !== null) return again
    const values = request.slots.map((slot) => slot.value)
    const { settings } = request
    const key = settings === undefined ? request.key ?? request.sql : `${JSON.stringify(settings)}\n${request.key ?? request.sql}`
    const known = this.plans.find(key, values)
    const slots = known === null ? null : fitSlots(known.plan, values)
    if (known !== null && slots !== null) return this.plans.keep(request, { plan: known.plan, planId: known.planId, places: known.places, slots })
    for (const name in settings) checkSetting(name, settings[name], null)
    const tree = parseQuery(request.sql, { slots: request.slots })
    const own = analyze(tree, { ...this.catalog(), sight: sightOf }, request.slots)
    const plan = settings === undefined ? own : { ...own, settings: { ...settings, ...own.settings } }
    const made = known === null ? this.plans.add(key, values, plan, request.slots) : this.plans.once(plan, request.slots)
    return { ...made, slots: bindSlots(plan, values) }
  }

  private catalog(): Catalog {
    return {
      table: (name) => this.store.table(name),
      tableNames: () => this.store.tables().map((table) => table.name),
      pipeNames: () => [...this.project?.pipes.keys() ?? []],
    }
  }

  private async run({ plan, planId, slots }: BoundPlan, request: StatementRequest): Promise<StatementAnswer> {
    const snapshots: Snapshot[] = []
    const format = plan.format ?? request.format
    try {
      for (const name of new Set(plan.tables)) snapshots.push(this.store.snapshot(name))
      const now = Date.now()
      const timeoutMs = request.timeoutMs || limitOf(plan, 'max_execution_time', 1000, this.limits.queryMs)
      const { body, stats } = await this.pool.query({
        planId, plan, slots, format, explain: request.explain ?? false, nowMs: now,
        tables: snapshots.map((snapshot) => this.listOf(snapshot)), deadlineMs: now + timeoutMs,
        memoryBytes: limitOf(plan, 'max_memory_usage', 1, request.memoryBytes ?? this.limits.queryBytes),
        resultBytesMax: limitOf(plan, 'max_result_bytes', 1, this.limits.resultBytes),
      }, request.onStart)
      return {
        body, isOut: () => giveBackAnswer(body), format, rows: stats.rows, rowsRead: stats.rowsRead, bytesRead: stats.bytesRead,
        elapsedMs: stats.elapsedMs, postedBytes: stats.postedBytes, peakBytes: stats.peakBytes, isDeterministic: plan.isDeterministic,
      }
    } finally {
      for (const snapshot of snapshots) snapshot.release()
    }
  }

  /** Names the list of a snapshot, so that a worker that has it is not sent it again. */
  private listOf({ table, rows }: Snapshot): TableRows {
    let list = this.lists.get(table.id)
    if (list === undefined || list.rows !== rows || list.table !== table) {
      list = { table, rows, listId: this.nextListId++ }
      this.lists.set(table.id, list)
    }
    return list
  }

  async insert(request: InsertRequest): Promise<InsertAnswer> {
    try {
      return await this.insertOnce(request).catch(async (error: unknown) => {
        // Its table has another form by now: it is parsed again when all of the project is applied.
        if (!(error instanceof TableGone) || !this.hasTable(request.datasource)) throw error
        await this.applied
        return await this.insertOnce(request)
      })
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  private async insertOnce(request: InsertRequest): Promise<InsertAnswer> {
    const queue = this.insertQueue(request.datasource)
    const key = request.idempotencyKey ?? null
    if (key === null) return await queue.insert(request, null)
    return await this.idempotency.run(request, key, (inUse) => queue.insert(request, inUse))
  }

  private ingestSpec(name: string): IngestSpec {
    const table = this.store.table(name)
    const quarantine = this.store.table(`${name}${QUARANTINE_SUFFIX}`)
    const isMade = table !== null && this.views.feeding(name).length > 0
    const columns = this.sources.get(name)?.columns ?? (isMade ? madeColumns(table.columns) : null)
    if (columns === null || table === null || quarantine === null) {
      throw new EngineError('not-found', `Data Source ${name} does not exist`, 'UNKNOWN_TABLE')
    }
    // It has its new form, and the project that describes it is not applied yet.
    if ((this.inserts.get(name)?.spec.table.id ?? table.id) !== table.id) throw projectChanged()
    return ingestSpecOf(table, quarantine, columns)
  }

  private insertQueue(name: string): InsertQueue {
    const known = this.inserts.get(name)
    if (known !== undefined) return known
    const queue = new InsertQueue({
      arena: this.dataArena, pool: this.pool, nowMs: () => Date.now(), newImportId: randomUUID, keysWaitMs: this.limits.keysWaitMs,
      transaction: (table, work) => this.transaction(table, work),
      commit: (parts, keys, turn) => this.deriveAndCommit(parts, keys, turn),
      tableById: (id) => this.store.tableById(id),
    }, this.nextIngestPlan++, this.ingestSpec(name))
    this.inserts.set(name, queue)
    return queue
  }

  async import(request: ImportRequest): Promise<ImportAnswer> {
    try {
      const spec = this.ingestSpec(request.datasource)
      const columns = request.format === 'ndjson' ? spec.columns : spec.columns.map(csvColumn)
      const condition = request.replaceCondition ?? null
      if (condition !== null) this.checkCondition(request.datasource, condition)
      const key = request.idempotencyKey ?? null
      const run = async (fileKey: FileKey | null) => await runImport({
        store: this.store, arena: this.dataArena, pool: this.pool, newImportId: randomUUID,
        newPlanId: () => this.nextIngestPlan++, feeds: this.feeds, bytesMax: this.limits.importBytes,
        splitterRoom: this.splitterRoom ??= newSplitterRoom(),
      }, { ...spec, columns }, request, fileKey)
      const answer = key === null ? await run(null) : await this.idempotency.runFile(request, key, run)
      if (request.isReplacing) this.pool.forgetTable(spec.table.id)
      return answer
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  async parquetColumns(chunks: AsyncIterable<Uint8Array>): Promise<readonly GuessedColumn[]> {
    try {
      return await parquetColumns(this.store, chunks)
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  async replay(datasource: string, onProgress: Progress = () => {}): Promise<ReplayAnswer> {
    try {
      const plan = { spec: this.ingestSpec(datasource), newPlanId: () => this.nextIngestPlan++ }
      return await new Replay(this.feeds.bulk, plan).run(onProgress)
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  /** Runs work that commits rows of a table, inside the gate, in its turn at the keys of rows of the table
   * and of what views make of it. The gate comes first: who is inside must not wait for who is not. */
  private async transaction<T>(table: string, work: (turn: KeyTurn | null) => Promise<T>): Promise<T> {
    const leave = await this.gate.enter()
    try {
      const keyed = this.views.keyedFrom(table)
      return await (keyed.length === 0 ? work(null) : this.store.deduplicate(keyed, work))
    } finally {
      leave()
    }
  }

  /** Rows and what views make of them: all of it or nothing. Inside transaction(). */
  private async deriveAndCommit(
    parts: readonly NewPart[], keys: readonly IdempotencyKey[], turn: KeyTurn | null,
  ): Promise<void> {
    const all: NewPart[] = [...parts]
    const kept: NewPart[] = []
    try {
      all.push(...await this.views.derive(parts, (tableId, rowKeys) => turn?.look(tableId, rowKeys) ?? NO_MARKS))
      for (let part = all.shift(); part !== undefined; part = all.shift()) {
        const left = await this.combined(part)
        if (left !== null) kept.push(left)
      }
    } catch (error) {
      for (const { address, bytes } of [...all, ...kept]) this.dataArena.free(address, bytes)
      throw error
    }
    const rowKeys = turn?.claims() ?? []
    if (kept.length > 0 || keys.length > 0 || rowKeys.length > 0) await this.store.commit({ parts: kept, keys, rowKeys })
  }

  /** What of new rows is stored; null: nothing. The part is freed where it is not what is left, also by
   * an error. */
  private async combined(part: NewPart): Promise<NewPart | null> {
    const table = this.store.tableById(part.tableId)
    // A table of engine Null keeps nothing: its rows have done their work in its views.
    let left: NewPart | null = table?.engine === 'Null' ? null : part
    try {
      if (table !== null && left !== null && mayCombine(table, part)) {
        left = null
        left = await this.pool.combine(table, part)
      }
      return left
    } finally {
      if (left !== part) this.dataArena.free(part.address, part.bytes)
    }
  }

  async truncate(datasource: string): Promise<void> {
    const { id } = this.tableNamed(datasource)
    await this.store.truncate(datasource).catch((error: unknown) => { throw engineErrorOf(error) })
    this.pool.forgetTable(id)
  }

  tableNames(): string[] { return this.store.tables().map(({ name }) => name) }

  async drop(name: string): Promise<void> {
    for (const table of [name, `${name}${QUARANTINE_SUFFIX}`].filter((each) => this.hasTable(each))) {
      const { id } = this.tableNamed(table)
      await this.store.dropTable(table).catch((error: unknown) => { throw engineErrorOf(error) })
      this.pool.forgetTable(id)
    }
    this.plans.clear()
    this.inserts.clear()
  }

  async delete(datasource: string, condition: string, isDry: boolean): Promise<{ readonly rows: number }> {
    this.tableNamed(datasource)
    try {
      this.checkCondition(datasource, condition)
      return await this.store.delete(datasource, condition, isDry)
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  /** Says what is wrong with a condition before anything is written. */
  private checkCondition(datasource: string, condition: string): void {
    analyze(parseQuery(`SELECT 1 FROM \`${datasource}\` WHERE (${condition}\n)`), this.catalog())
  }

  isErased(datasource: string): boolean {
    return !this.hasTable(datasource) || this.store.isErased(datasource)
  }

  /** One at a time: two would take each other's files for left over. */
  private backups: Promise<unknown> = Promise.resolve()

  backup(folder: string, isCopy: boolean): Promise<BackupReport> {
    const done = this.backups.then(() => writeBackup(this.store.cut(), {
      disk: nodeDisk(), arena: this.dataArena, random: Math.random, from: this.store.folder, to: folder, isCopy, beside: besideOf(this.store.folder),
    }))
    this.backups = done.catch(() => {})
    return done.catch((error) => { throw engineErrorOf(error) })
  }

  tableBytes(name: string): number { return this.store.stats().find((table) => table.name === name)?.bytes ?? 0 }

  hasTable(name: string): boolean { return this.store.table(name) !== null }

  private tableNamed(name: string): TableMeta {
    const table = this.store.table(name)
    if (table === null) {
      throw new EngineError('not-found', `Data Source ${name} does not exist`, 'UNKNOWN_TABLE')
    }
    return table
  }

  datasources(): DatasourceInfo[] {
    const stats = new Map(this.store.stats().map((entry) => [entry.name, entry]))
    return [...this.sources.values()].filter(({ name }) => !name.startsWith(SERVICE_PREFIX)).map((source) => {
      const table = this.tableNamed(source.name)
      const { bytes = 0, rowCount = 0 } = stats.get(`${source.name}${QUARANTINE_SUFFIX}`) ?? {}
      return {
        id: table.id, quarantine: { bytes, rowCount }, name: source.name, engine: table.engine, partitionKey: table.partitionBy,
        sortingKey: table.sortBy.join(', '),
        columns: source.columns.map(({ name, type, jsonPath }) => ({ name, type, jsonPath })),
        rowCount: stats.get(source.name)?.rowCount ?? 0, bytes: stats.get(source.name)?.bytes ?? 0,
      }
    })
  }

  versionsOf(request: StatementRequest): Versions | null {
    try {
      return versionsOf(this.store, this.planOf(request).plan, this.plans.epoch)
    } catch (error) {
      throw engineErrorOf(error)
    }
  }

  areCurrent(versions: Versions): boolean { return areCurrent(this.store, versions, this.plans.epoch) }

  /** Bytes of the memory that rows, bodies and partial states share, as they are in use. */
  get heldBytes(): number { return this.dataArena.usedBytes }

  load(): EngineLoad {
    const { walBytes, walSyncs, partBytes, backgroundError } = this.store.health()
    return { queries: this.pool.queriesRunning, walBytes, walSyncs, partBytes, isBackgroundFailing: backgroundError !== null }
  }

  /** Runs code before somebody waits for it. */
  async warmUp(project: Project, signal: AbortSignal): Promise<string[]> {
    const endpoints = [...project.pipes.values()].filter(({ type }) => type === 'endpoint')
    return await warmUp({
      pool: this.pool, arena: this.dataArena, queryWorkers: this.pool.queryWorkers, isBusy: () => this.pool.isBusy,
      hasRows: this.datasources().some(({ rowCount }) => rowCount > 0),
      newPlanId: () => this.plans.takePlanId(), newListId: () => this.nextListId++,
      calls: endpoints.map(({ name }) => async () => {
        const { sql, slots, key } = render({ project, pipe: name, params: {}, principal: undefined, secrets: undefined })
        await this.query({ sql, slots, key, format: 'JSON', timeoutMs: WARM_QUERY_MS, memoryBytes: WARM_ENDPOINT_BYTES })
      }),
    }, signal)
  }

  async close(): Promise<void> {
    clearInterval(this.expiry)
    clearInterval(this.idle)
    clearTimeout(this.quiet)
    await this.store.close()
    await this.pool.close()
  }
}

function newSplitterRoom(): SplitterRoom {
  const work = new WorkMemory(SplitterRoom.BYTES)
  return new SplitterRoom(work, loadKernels(work))
}
