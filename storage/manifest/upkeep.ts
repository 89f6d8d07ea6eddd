// What goes on behind the inserts: memory parts beyond a few are merged, enough of them are flushed to
// segments, segments of one partition are merged. Parts of a table are worked on by one task at a time,
// segments of the store by one merge at a time, and not while a flush runs: it comes first.
// Invariants: the manifest edit comes after the files are synced and before the parts are let go; a
// file that no durable record can name is removed at once, one that may be named stays.

import { join } from 'node:path'
import type { Disk } from '../disk/disk.ts'
import type { Expiry, PartRef, SegmentRef, StoreLimits, TableMeta, TaskRunner } from '../face.ts'
import { maskFile } from '../segment/delete-mask.ts'
import type { Catalog } from './catalog.ts'
import type { Edit } from './edit.ts'
import { segmentsOf } from './flush.ts'
import { ManifestError } from './log.ts'
import { partsToMerge, piecesToFlush, runsAtStart, segmentsToMerge } from './policy.ts'
import { Retries } from './retries.ts'
import type { TableState } from './table-state.ts'
import { turn } from '../turn.ts'

/** Rows of a table that are worth segments when no more come: parts are neither sorted nor indexed, their
 * dictionaries are one a part, and a start reads them from the log. Fewer cost little of that, and a flush
 * leaves the process some 12 MiB larger, which a server at rest is not to be. */
const IDLE_FLUSH_ROWS = 262_144
/** The log is flushed behind rows that keep so many times their bytes of it, from this share of what it may have: a
 * start reads all of it, and a few rows of one table had it read 512 MiB that others had long flushed. */
const LOOSE_LOG_TIMES = 4
const LOOSE_LOG_SHARE = 1 / 8
/** What rows of a table that can't be flushed may take of the memory for rows. */
const STUCK_SHARE = 3 / 4
/** Longest pause after failures of a flush, or of a merge of parts. */
const RETRY_MS_MAX = 30_000
/** ... and of a merge of segments: nobody waits for it, and one that fails for a damaged segment reads much. */
const MERGE_RETRY_MS_MAX = 600_000

export type UpkeepWorld = {
  readonly tasks: TaskRunner
  readonly disk: Disk
  readonly segmentFolder: string
  readonly limits: StoreLimits
  readonly catalog: Catalog
  readonly clock: { nowMs(): number }
  readonly random: () => number
  readonly takePartId: () => number
  /** Makes edits durable and true; `prepare` is asked when it is their turn, null: nothing any more.
   * Resolves with whether they were made. */
  readonly edit: (prepare: () => readonly Edit[] | null) => Promise<boolean>
  readonly walBytes: () => number
  readonly freePart: (address: number, bytes: number) => void
  /** Nothing begins by itself before tend(). */
  readonly isQuiet: boolean
  /** Whose small parts gather() leaves to the background. */
  readonly isLeftAtOpen: (table: TableMeta) => boolean
}

/** Neighbours that a start merges. `part`: what has come of them; null: nothing yet, or it has failed. */
type GatheredRun = { readonly run: readonly PartRef[]; part: PartRef | null; readonly ended: Promise<void> }

/** A segment is rewritten for its expired rows when this share of its span of time is over. */
const EXPIRED_SHARE = 1 / 4

/** Ends of a segment's rows in seconds, by the table's TTL of now; null: they are not known. */
function expiryOf(state: TableState, { expiry }: SegmentRef): Expiry | null {
  return expiry !== null && expiry.ttl === state.meta.ttl ? expiry : null
}

const isOver = (state: TableState, segment: SegmentRef, nowMs: number): boolean =>
  (expiryOf(state, segment)?.last ?? Number.POSITIVE_INFINITY) <= nowMs / 1000

/** Enough rows that nobody sees any more are still in its file. */
function isToRewrite(state: TableState, segment: SegmentRef, nowMs: number): boolean {
  if (segment.maskedRows > 0) return true
  const expiry = expiryOf(state, segment)
  if (expiry === null || !Number.isFinite(expiry.last)) return false
  return expiry.last > nowMs / 1000
    && nowMs / 1000 - expiry.first > (expiry.last - expiry.first) * EXPIRED_SHARE
}

export class Upkeep {
  private readonly world: UpkeepWorld
  private readonly underWay = new Set<Promise<void>>()
  private readonly flushes = new Set<Promise<void>>()
  private readonly failedFlushes: Retries<TableState>
  private readonly failedParts: Retries<TableState>
  /** By the first segment of the run. */
  private readonly failedMerges: Retries<SegmentRef>
  /** First segments of runs that are too much together. */
  private readonly wideRuns = new WeakSet<SegmentRef>()
  private merging: Promise<void> | null = null
  /** Parts that are too much together with their neighbours. */
  private readonly wide = new WeakSet<PartRef>()
  /** Tables whose segments stay as they are for now, and how many want it so. */
  private readonly unmerged = new Map<TableState, number>()
  /** Of each table the version at the last look for idle ones. */
  private readonly versions = new WeakMap<TableState, number>()
  /** Before the store is open: of each table the parts whose runs have begun to be merged, and those runs that have not
   * taken the place of their parts. */
  private readonly gathering = new Map<TableState, { next: number; runs: GatheredRun[] }>()
  private isStopped = false
  private isQuiet: boolean

  constructor(world: UpkeepWorld) {
    this.world = world
    this.isQuiet = world.isQuiet
    const { clock, random, catalog: { states } } = world
    const retries = { nowMs: () => clock.nowMs(), random, delayMsMax: RETRY_MS_MAX, isThere: (state: TableState) => states.get(state.meta.id) === state }
    this.failedFlushes = new Retries(retries)
    this.failedParts = new Retries(retries)
    this.failedMerges = new Retries({
      ...retries, delayMsMax: MERGE_RETRY_MS_MAX, isThere: (segment) => [...states.values()].some((state) => state.segments.includes(segment)),
    })
  }

  /** The last failure of background work that has not been done since. */
  get lastError(): Error | null {
    const failures = [this.failedFlushes.last, this.failedParts.last, this.failedMerges.last]
    return failures.reduce((last, one) => (one?.number ?? 0) > (last?.number ?? 0) ? one : last)?.error ?? null
  }

  /** Whether a table whose rows could not be written to segments has so many in memory that it can take no more: other
   * tables' have room beside them. */
  isStuck(tableId: number): boolean {
    const { catalog, limits } = this.world
    const state = catalog.states.get(tableId)
    return state !== undefined && this.failedFlushes.hasFailed(state) && state.partBytes > limits.partBytesSoft * STUCK_SHARE
  }

  /** Has a stuck table tried again; resolves false where its pause is not over, or that has failed. */
  async unstick(tableId: number): Promise<boolean> {
    while (this.isStuck(tableId)) {
      const state = this.world.catalog.states.get(tableId) as TableState
      if (this.isStopped || this.isQuiet || !this.failedFlushes.mayTry(state)) return false
      if (this.flushes.size > 0) await Promise.race(this.flushes)
      else await this.flush(state).catch(() => {}) // noted by start()
    }
    return true
  }

  /** Of tables whose last flush has failed. */
  private get stuckBytes(): number {
    if (this.failedFlushes.isEmpty) return 0
    let sum = 0
    for (const state of this.world.catalog.states.values()) if (this.failedFlushes.hasFailed(state)) sum += state.partBytes
    return sum
  }

  /** Encoded bytes of all memory parts. */
  get partBytes(): number {
    let sum = 0
    for (const state of this.world.catalog.states.values()) sum += state.partBytes
    return sum
  }

  /** Starts what a table, or the store, needs. */
  look(state: TableState): void {
    if (this.isStopped || this.isQuiet) return
    const flushed = this.tableToFlush(state)
    if (flushed !== null) {
      this.flush(flushed).catch(() => {}) // noted by start()
      if (flushed === state) return
    }
    if (state.partWork !== null || !this.failedParts.mayTry(state)) return
    const parts = partsToMerge(state.parts.slice(state.parts.findLastIndex((part) => this.wide.has(part)) + 1), state.isRead)
    if (parts.length > 0) {
      const work = this.exclusive(state, () => this.mergeParts(state, parts))
      void this.start(this.failedParts, state, work).then(() => this.look(state))
    }
  }

  /** Starts what is needed now, and from now on by itself. */
  tend(): void {
    this.isQuiet = false
    for (const state of this.world.catalog.states.values()) this.look(state)
    this.lookAtSegments()
  }

  /** Starts the next merge of segments, where one is worth it. */
  lookAtSegments(): void {
    if (this.isStopped || this.isQuiet || this.merging !== null || this.flushes.size > 0) return
    const next = this.segmentsToMerge()
    if (next === null) return
    this.merging = this.start(this.failedMerges, next.run[0], this.mergeSegments(next.state, next.run)).then(() => {
      this.merging = null
      this.lookAtSegments()
    })
  }

  /** While the log is read: the many small parts that a log of small inserts leaves begin to become few, by all
   * workers. Each would cost the first queries as much as thousands of rows. Until gather() has ended nothing
   * changes a table but to add parts. Answers whether some began. `areAll`: no more come. */
  beginGather(areAll = false): boolean {
    const { catalog, limits, isLeftAtOpen } = this.world
    let hasBegun = false
    for (const state of catalog.states.values()) {
      if (isLeftAtOpen(state.meta)) continue
      this.takeGathered(state)
      const { next: from, runs } = this.gathering.get(state) ?? { next: 0, runs: [] }
      const found = runsAtStart(state.parts, limits.startPartsMax, from, areAll)
      for (const run of found.runs) {
        const own: GatheredRun = { run, part: null, ended: this.merged(state, run, true).then((part) => { own.part = part }, () => {}) }
        runs.push(own)
      }
      this.gathering.set(state, { next: found.next, runs })
      hasBegun ||= found.runs.length > 0
    }
    return hasBegun
  }

  /** Before the store is open: its small parts become few. What can't be merged now stays, for the background to
   * try. */
  async gather(): Promise<void> {
    this.beginGather(true)
    await this.gathered()
  }

  /** Ends what beginGather() has begun. */
  async gathered(): Promise<void> {
    for (const [state, { runs }] of this.gathering) {
      await Promise.all(runs.map(({ ended }) => ended))
      this.takeGathered(state)
    }
    this.gathering.clear()
  }

  /** Waits until few bytes of parts wait for the merges that have begun (startAheadBytes). */
  async keepUp(): Promise<void> {
    await turn() // what workers are asked for leaves at the end of a turn
    for (const [state, { runs }] of this.gathering) {
      let bytes = 0
      for (let at = runs.length - 1; at >= 0; at--) {
        bytes += runs[at].run.reduce((sum, part) => sum + part.bytes, 0)
        if (bytes <= this.world.limits.startAheadBytes) continue
        await runs[at].ended
        break
      }
      this.takeGathered(state)
    }
  }

  /** Puts merged parts in the place of those that they were made of, whose memory goes to the next files of the log: it is
   * in use already, and new pages cost a start as much as reading. */
  private takeGathered(state: TableState): void {
    const own = this.gathering.get(state)
    const done = own?.runs.flatMap(({ run, part }) => (part === null ? [] : [{ run, part }])) ?? []
    if (own === undefined || done.length === 0) return
    const gone = new Set<unknown>(done.flatMap(({ run }) => run))
    state.change(done.map(({ part }) => part), (ref) => gone.has(ref))
    own.next -= gone.size - done.length
    own.runs = own.runs.filter(({ part }) => part === null)
  }

  /** While the log is read: writes what was read of it to segments. What can't be written stays. */
  async flushRead(): Promise<void> {
    await this.gathered()
    for (const state of this.world.catalog.states.values()) {
      if (state.parts.length > 0) await this.exclusive(state, () => this.flushParts(state)).catch(() => {})
    }
  }

  /** Makes room: resolves true when a flush has ended; false: none runs and none may start now. */
  async makeRoom(): Promise<boolean> {
    const largest = this.largest()
    if (this.flushes.size === 0 && largest !== null) this.flush(largest).catch(() => {})
    if (this.flushes.size === 0) return false
    await Promise.race(this.flushes)
    return true
  }

  /** Writes the parts of a table that are there now to segments. Throws what stood in the way. */
  async flush(state: TableState): Promise<void> {
    const work = this.exclusive(state, () => this.flushParts(state))
    const flush = this.start(this.failedFlushes, state, work).then(() => {
      this.flushes.delete(flush)
      this.look(state)
      this.lookAtSegments()
    })
    this.flushes.add(flush)
    await work
  }

  /** Begins to flush a table, where that may be tried now. */
  flushSoon(state: TableState): void {
    if (!this.isStopped && !this.isQuiet && this.failedFlushes.mayTry(state)) this.flush(state).catch(() => {}) // noted by start()
  }

  /** Runs `work` when no flush, merge of parts or truncate works on the table, and keeps them off. */
  async exclusive(state: TableState, work: () => Promise<void>): Promise<void> {
    while (state.partWork !== null) await state.partWork.catch(() => {})
    const running = work()
    state.partWork = running
    try {
      await running
    } finally {
      state.partWork = null
    }
  }

  /** Runs `work` when nothing else works on the table's parts or segments, and keeps it off. */
  async alone(state: TableState, work: () => Promise<void>): Promise<void> {
    await this.exclusive(state, async () => {
      const release = this.hold(state)
      try {
        await this.merging
        await work()
      } finally {
        release()
      }
    }).finally(() => this.lookAtSegments())
  }

  /** Keeps a table's segments from being merged until the answer is called, once. A merge that runs
   * already goes on. */
  hold(state: TableState): () => void {
    this.unmerged.set(state, (this.unmerged.get(state) ?? 0) + 1)
    return () => {
      const left = (this.unmerged.get(state) as number) - 1
      if (left === 0) this.unmerged.delete(state)
      else this.unmerged.set(state, left)
    }
  }

  /** Writes a table's parts of now to segments; inside alone(). */
  async flushAlone(state: TableState): Promise<void> { await this.flushParts(state) }

  /** Finds the rows of a table's segments that fulfil a condition and takes them out; inside alone().
   * Resolves with how many. */
  async mask(state: TableState, condition: string, version: number, isDry: boolean): Promise<number> {
    const { tasks, segmentFolder, clock, catalog } = this.world
    const { segments } = state
    const { masks, matchedRows } = await tasks.run({
      kind: 'mask', table: state.meta, segments, folder: segmentFolder, condition, version, isDry,
      nowMs: clock.nowMs(),
    })
    if (isDry || masks.length === 0) return matchedRows
    const rowsOf = new Map(segments.map((segment) => [segment.id, segment.rowCount]))
    const partial = masks.filter((mask) => mask.maskedRows < (rowsOf.get(mask.segmentId) as number))
    const removed = masks.filter((mask) => !partial.includes(mask)).map(({ segmentId }) => segmentId)
    await this.withFiles(partial.map(({ segmentId }) => maskFile(segmentId, version)), () =>
      catalog.states.get(state.meta.id) !== state ? null
        : { kind: 'mask', tableId: state.meta.id, version, masks: partial, removed })
    return matchedRows
  }

  /** Flushes tables of which no rows have come since the last call, where they are worth it. */
  flushIdle(): void {
    const { states } = this.world.catalog
    const keeper = this.isLogLoose ? this.oldest() : null
    for (const state of states.values()) {
      const isIdle = this.versions.get(state) === state.version
      this.versions.set(state, state.version)
      const isWorthIt = state.partRows >= IDLE_FLUSH_ROWS || state === keeper
      if (isIdle && isWorthIt && state.partWork === null && this.flushes.size === 0) this.flushSoon(state)
    }
  }

  /** Drops segments whose every row is over: a whole partition by one edit. What works on a table, as a delete
   * that reads them, ends before, and keeps no other table waiting. */
  async expire(): Promise<void> {
    await Promise.all([...this.world.catalog.states.values()].map((state) => this.expireTable(state)))
  }

  private async expireTable(state: TableState): Promise<void> {
    const { catalog, clock, edit } = this.world
    const over = () => (this.isStopped ? [] : state.segments.filter((segment) => isOver(state, segment, clock.nowMs())))
    if (over().length === 0) return
    await this.exclusive(state, async () => {
      const gone = over()
      if (gone.length === 0) return
      await edit(() => catalog.states.get(state.meta.id) !== state || !gone.every((segment) => state.has(segment)) ? null : [{
        kind: 'segments', tableId: state.meta.id, added: [], removed: gone.map(({ id }) => id), flushed: state.flushed,
      }])
    })
  }

  /** Starts nothing any more; resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.isStopped = true
    await this.world.tasks.stop?.()
    while (this.underWay.size > 0) await Promise.all(this.underWay)
  }

  /** The table itself when it has much in memory; the largest or the oldest when all have. null too where it may
   * not be tried now. */
  private tableToFlush(state: TableState): TableState | null {
    const { limits, walBytes } = this.world
    if (this.flushes.size > 0) return null
    const isFull = state.partBytes >= limits.flushBytes || state.partRows >= limits.flushRows || state.commits >= limits.flushCommits
    if (isFull && this.failedFlushes.mayTry(state)) return state
    const stuckBytes = this.stuckBytes
    if (this.partBytes - stuckBytes >= (limits.partBytesSoft - stuckBytes) / 2) return this.largest()
    return walBytes() >= limits.walBytesMax || this.isLogLoose ? this.oldest() : null
  }

  /** Most of the log is of rows that have been flushed. */
  private get isLogLoose(): boolean {
    const { limits, walBytes } = this.world
    return walBytes() >= Math.max(limits.walBytesMax * LOOSE_LOG_SHARE, this.partBytes * LOOSE_LOG_TIMES)
  }

  /** Of the tables that may be flushed now. */
  private largest(): TableState | null {
    let largest: TableState | null = null
    for (const state of this.world.catalog.states.values()) {
      if (state.partBytes > (largest?.partBytes ?? 0) && this.failedFlushes.mayTry(state)) largest = state
    }
    return largest
  }

  /** The table that keeps the log's oldest file. Where it can't be flushed, flushes of others free nothing. */
  private oldest(): TableState | null {
    let oldest: TableState | null = null
    for (const state of this.world.catalog.states.values()) {
      if (state.parts.length === 0) continue
      if (oldest === null || state.parts[0].firstSequence < oldest.parts[0].firstSequence) oldest = state
    }
    return oldest !== null && this.failedFlushes.mayTry(oldest) ? oldest : null
  }

  /** Never rejects. */
  private start<Key>(retries: Retries<Key>, key: Key, work: Promise<void>): Promise<void> {
    const guarded = work.then(() => retries.succeeded(key), (error) => retries.failed(key, error as Error))
      .finally(() => this.underWay.delete(guarded))
    this.underWay.add(guarded)
    return guarded
  }

  /** Piece by piece: while the disk was slow, more has come than one task has memory for. */
  private async flushParts(state: TableState): Promise<void> {
    const { parts, commits } = state
    for (const piece of piecesToFlush(parts, this.world.limits)) await this.flushPiece(state, piece)
    if (parts.length > 0) state.commits = Math.max(0, state.commits - commits)
  }

  private async flushPiece(state: TableState, parts: readonly PartRef[]): Promise<void> {
    const segments = await segmentsOf(this.world, state.meta, parts, this.world.clock.nowMs())
    const flushed = parts[parts.length - 1].lastSequence
    await this.install(state, segments, () => state.truncatedUpTo >= flushed ? null
      : { kind: 'segments', tableId: state.meta.id, added: segments, removed: [], flushed })
  }

  private async mergeParts(state: TableState, parts: readonly PartRef[]): Promise<void> {
    state.isRead = false
    const merged = await this.merged(state, parts, false)
    if (merged === null) {
      await this.mergeHalves(state, parts)
      return
    }
    if (!parts.every((part) => state.has(part))) { // truncated meanwhile
      this.world.freePart(merged.address, merged.bytes)
      return
    }
    const gone = new Set<unknown>(parts)
    state.change([merged], (ref) => gone.has(ref))
  }

  /** What is too much together is merged in halves; two of which one is too much for the other stay. */
  private async mergeHalves(state: TableState, parts: readonly PartRef[]): Promise<void> {
    if (parts.length === 2) for (const part of parts) this.wide.add(part)
    else {
      const half = (parts.length + 1) >> 1
      await this.mergeParts(state, parts.slice(0, half))
      if (half < parts.length - 1) await this.mergeParts(state, parts.slice(half))
    }
  }

  /** Neighbours as one part, in its own memory; null: they are too much together. */
  private async merged(state: TableState, parts: readonly PartRef[], isAwaited: boolean): Promise<PartRef | null> {
    const { tasks, clock, takePartId, limits: { textBytesMax } } = this.world
    const id = takePartId()
    const found = await tasks.run({ kind: 'merge-parts', table: state.meta, parts, partId: id, nowMs: clock.nowMs(), isAwaited, textBytesMax })
    if (found === null) return null
    const { address, bytes, rowCount } = found
    return {
      kind: 'part', id, address, bytes, rowCount, firstSequence: parts[0].firstSequence,
      lastSequence: parts[parts.length - 1].lastSequence,
    }
  }

  private segmentsToMerge(): { state: TableState; run: readonly SegmentRef[] } | null {
    const { catalog, clock } = this.world
    const read = catalog.readBySaved()
    const states = [...catalog.states.values()].filter((state) => !this.unmerged.has(state) && !read.has(state.meta.id))
    for (const state of states) {
      const byPartition = new Map<string, SegmentRef[]>()
      for (const segment of state.segments) {
        const others = byPartition.get(segment.partition)
        if (others === undefined) byPartition.set(segment.partition, [segment])
        else others.push(segment)
      }
      for (const segments of byPartition.values()) {
        const run = segmentsToMerge(segments, this.world.limits.mergeBytesMax)
        if (run.length > 0 && !this.wideRuns.has(run[0]) && this.failedMerges.mayTry(run[0])) return { state, run }
      }
    }
    for (const state of states) {
      const stale = state.segments.find((segment) => isToRewrite(state, segment, clock.nowMs()) && this.failedMerges.mayTry(segment))
      if (stale !== undefined) return { state, run: [stale] }
    }
    return null
  }

  private async mergeSegments(state: TableState, run: readonly SegmentRef[]): Promise<void> {
    const { tasks, segmentFolder, catalog, limits: { textBytesMax } } = this.world
    const { segments, isTooLarge = false } = await tasks.run({
      kind: 'merge', table: state.meta, segments: run, folder: segmentFolder,
      segmentId: catalog.takeSegmentIds(1), nowMs: this.world.clock.nowMs(), textBytesMax,
    })
    if (isTooLarge) {
      this.wideRuns.add(run[0])
      return
    }
    await this.install(state, segments, () => !run.every((segment) => state.has(segment)) ? null : {
      kind: 'segments', tableId: state.meta.id, added: segments, removed: run.map(({ id }) => id),
      flushed: state.flushed,
    })
  }

  /** Makes new segments visible. Files that were made for nothing go. */
  private async install(
    state: TableState, segments: readonly SegmentRef[], prepare: () => Edit | null,
  ): Promise<void> {
    await this.withFiles(segments.map(({ file }) => file), () =>
      this.world.catalog.states.get(state.meta.id) === state ? prepare() : null)
  }

  /** Makes an edit that names new files; when it is surely not made, they go. */
  private async withFiles(files: readonly string[], prepare: () => Edit | null): Promise<void> {
    const { disk, segmentFolder, edit } = this.world
    let isNamed = false
    try {
      isNamed = await edit(() => {
        const prepared = prepare()
        return prepared === null ? null : [prepared]
      })
    } catch (error) {
      isNamed = !(error instanceof ManifestError) || error.isInDoubt
      throw error
    } finally {
      for (const file of isNamed ? [] : files) await disk.removeAsync(join(segmentFolder, file)).catch(() => {})
    }
  }
}
