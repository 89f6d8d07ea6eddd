// The store's face on the main thread: open, create tables, commit, snapshot, truncate, close. Heavy
// work leaves through the task runner that was handed in.
//
// Invariants: a transaction is visible exactly when it is durable; a file named by the manifest exists
// and was synced; nothing that a snapshot holds is freed.

import { join } from 'node:path'
import type { Arena } from './arena/arena.ts'
import type { Disk } from './disk/disk.ts'
import type {
  ColumnSpec, IdempotencyKey, KeyTurn, NewPart, PartRef, SavedWork, SegmentRef, Snapshot, StoreHealth, StoreLimits, TableMeta, TableSpec, TableStats,
  TaskRunner, Transaction,
} from './face.ts'
import type { Cut } from './backup/backup.ts'
import { cutOf } from './backup/cut.ts'
import { defaultStoreLimits } from './limits.ts'
import { Catalog, stagedBy } from './manifest/catalog.ts'
import type { Edit } from './manifest/edit.ts'
import { ManifestLog, readManifest } from './manifest/log.ts'
import { fedBy, livingRows, type Discarded, type TableState } from './manifest/table-state.ts'
import { Stage } from './manifest/stage.ts'
import { Upkeep } from './manifest/upkeep.ts'
import { ReadOnlyStore, StoreBusy, TableGone } from './errors.ts'
import { removeLeftovers, SEGMENT_FOLDER, takeFolder } from './folder.ts'
import { bothEnded } from './turn.ts'
import { recover, type Recovered } from './wal/recover.ts'
import { FileMemory } from './wal/file-memory.ts'
import { INSERT_KEYS, KeyFiles, ROW_KEYS } from './wal/key-file.ts'
import { encodeKeys, KeyTable } from './wal/key-table.ts'
import type { BulkKeys, BulkKind } from './wal/bulk-keys.ts'
import type { Content } from './wal/record.ts'
import { RowKeyTables } from './wal/row-key-tables.ts'
import { NOTHING, StorageFull, Wal } from './wal/wal.ts'

export { ReadOnlyStore, StoreBusy, TableGone, UnusableFolder } from './errors.ts'
export { fedBy }

export type StoreOptions = {
  readonly disk: Disk
  readonly arena: Arena
  readonly tasks: TaskRunner
  /** Default: the system's. */
  readonly clock?: { nowMs(): number }
  /** Numbers from 0 to 1. Default: Math.random. */
  readonly random?: () => number
  readonly limits?: Partial<StoreLimits>
  /** What goes on behind the inserts begins with tend(); what a caller waits for is done all the same. */
  readonly isQuietAtOpen?: boolean
  /** Tables that nobody asks first: their many small parts are merged when the store is open. Default: none. */
  readonly isLeftAtOpen?: (table: TableMeta) => boolean
}

type WantedTable = Omit<TableSpec, 'columns'> & { readonly columns: readonly Omit<ColumnSpec, 'id'>[] }

/** An open store; made by openStore. */
export class Store {
  readonly folder: string
  private readonly options: Required<StoreOptions>
  private readonly limits: StoreLimits
  private readonly catalog: Catalog
  private readonly upkeep: Upkeep
  private readonly unlock: () => void
  /** Queries are served, and nothing else. */
  readonly isReadOnly: boolean
  private readonly keys: KeyTable
  private readonly fileMemory: FileMemory
  private readonly rowKeys: RowKeyTables
  private readonly keyFiles: readonly KeyFiles[]
  private manifest!: ManifestLog
  private wal!: Wal
  private nextPartId = 1
  /** Image bytes of transactions that wait for room or for the log. */
  private inFlightBytes = 0
  private readonly logHolds = new Set<{ readonly from: number }>()
  private state: 'opening' | 'open' | 'closed' = 'opening'

  /** `unlock` null: the disk takes no writes, so nobody owns the folder. */
  constructor(folder: string, options: StoreOptions, unlock: (() => void) | null) {
    this.folder = folder
    this.limits = { ...defaultStoreLimits(options.arena.budgetBytes), ...options.limits }
    const defaults = { clock: { nowMs: Date.now }, random: Math.random, isQuietAtOpen: false, isLeftAtOpen: () => false }
    this.options = { ...defaults, ...options, limits: this.limits }
    this.unlock = unlock ?? (() => {})
    this.isReadOnly = unlock === null
    this.catalog = new Catalog((ref) => this.discard(ref))
    const { tasks, disk, clock, random, arena } = this.options
    this.fileMemory = new FileMemory(arena)
    this.keys = new KeyTable(this.limits.keyMs)
    this.rowKeys = new RowKeyTables({
      nowMs: () => clock.nowMs(), bytesMax: this.limits.rowKeyBytesMax,
      tableOf: (tableId) => this.catalog.keyedTable(tableId), heirOf: (of) => this.catalog.heirOf(of),
    })
    this.keyFiles = [new KeyFiles(disk, folder, INSERT_KEYS, this.keys), new KeyFiles(disk, folder, ROW_KEYS, this.rowKeys)]
    this.upkeep = new Upkeep({
      tasks, disk, clock, random, limits: this.limits, catalog: this.catalog,
      segmentFolder: join(folder, SEGMENT_FOLDER), isQuiet: this.options.isQuietAtOpen,
      isLeftAtOpen: (table) => !this.isReadOnly && this.options.isLeftAtOpen(table), // there nothing is merged later
      takePartId: () => this.nextPartId++, edit: (prepare) => this.edit(prepare), walBytes: () => this.wal.bytes,
      freePart: (address, bytes) => arena.free(address, bytes),
    })
  }

  /** Reads manifest and log; call once. Where it fails, only abandon() is left to call. */
  async load(): Promise<void> {
    const { options: { disk, random }, catalog, folder } = this
    if (this.isReadOnly) {
      readManifest(disk, folder)?.records.forEach((record) => catalog.load(record))
      for (const files of this.keyFiles) files.load()
      await this.recover()
      await this.upkeep.gather()
      this.state = 'open'
      await this.upkeep.stop()
      return
    }
    this.manifest = ManifestLog.begin({ disk, folder, random },
      (record) => catalog.load(record), () => catalog.current())
    // Their names are durable once the log has begun its file in the same folder.
    for (const files of this.keyFiles) {
      files.removeTemporary()
      files.load()
    }
    // The log is read while the disk syncs the manifest; where that fails, its flushes end before the folder is given back.
    const [found] = await bothEnded(this.recover(), this.manifest.begun)
    this.wal = new Wal({
      disk, folder, random, fileBytesMax: this.limits.walFileBytes, roomBytes: this.limits.walRoomBytes, freeBytesMin: this.limits.freeBytesMin,
      nowMs: () => this.options.clock.nowMs(),
      nextSequence: found.lastSequence + 1, nextFile: found.lastFile + 1,
    })
    for (const [number, file] of found.files) this.wal.remember(number, file)
    await this.wal.start(found.unsure)
    await this.upkeep.gather()
    removeLeftovers(disk, folder, catalog.segmentFiles())
    this.state = 'open'
    await this.recycle().catch(() => {}) // after the next edit
    if (!this.options.isQuietAtOpen) this.tend()
  }

  /** Begins to merge and flush what lies there, and from now on what comes (isQuietAtOpen). */
  tend(): void {
    if (this.state === 'open' && !this.isReadOnly) this.upkeep.tend()
  }

  /** Sorts into segments what has come in where no more has come since the last call; for now and then. */
  flushIdle(): void { if (this.state === 'open') this.upkeep.flushIdle() }

  /** Rows that lie in the log alone become parts again; where these and merged ones have room beside each other, merges
   * of small ones begin meanwhile. */
  private async recover(): Promise<Recovered> {
    const { options: { disk, arena }, catalog, folder } = this
    const files = recover(disk, folder, {
      takeKeys: ({ bytes, count }, sequence, keysOf) => {
        if (keysOf === undefined || catalog.showsKeys(keysOf, sequence)) this.keys.add(bytes, count)
      },
      takeRowKeys: ({ bytes, isStaged, ...of }, sequence) => {
        const isShown = () => [of, catalog.heirOf(of)].some(({ tableId }) => catalog.showsKeys(tableId, sequence))
        if (sequence <= this.keyFiles[1].persisted || (isStaged && !isShown())) return
        this.rowKeys.note({ ...of, sequence, pieces: [Uint8Array.from(bytes)] })
      },
      needed: catalog.needed, reached: catalog.applied, hasLog: catalog.states.size > 0,
      isWanted: (tableId, sequence) => {
        const state = catalog.states.get(tableId)
        return state !== undefined && sequence > Math.max(state.flushed, state.truncatedUpTo)
      },
    }, { allocate: (bytes) => arena.allocate(bytes), bytes: (address, bytes) => arena.bytes(address, bytes), files: this.fileMemory })
    let file = files.next()
    for (; file.done !== true; file = files.next()) {
      const { parts, logBytes, nextBytes } = file.value
      catalog.addRecovered(parts.map((part) => ({ tableId: part.tableId, ref: this.partRef(part, part.sequence) })))
      if (logBytes * 3 <= arena.budgetBytes && this.upkeep.beginGather()) await this.upkeep.keepUp()
      if (nextBytes > 0 && !this.isReadOnly && this.upkeep.partBytes + nextBytes > this.limits.startBytesMax) await this.upkeep.flushRead()
    }
    const found = file.value
    this.rowKeys.load()
    catalog.applied = found.lastSequence
    catalog.isRecovered = true
    return found
  }

  private requireWritable(): void {
    if (this.state !== 'open') throw new Error('The store is closed')
    if (this.isReadOnly) throw new ReadOnlyStore(this.folder)
  }

  /** Creates a table; resolves when it is durable. Throws when the name is taken. */
  async createTable(wanted: WantedTable): Promise<TableMeta> {
    return await this.defineTable(() => {
      if (this.catalog.named(wanted.name) !== undefined) throw new Error(`Table ${wanted.name} exists`)
      const columns = wanted.columns.map((column) => ({ ...column, id: this.catalog.takeColumnId() }))
      return { ...wanted, columns, id: this.catalog.takeTableId(), schemaVersion: 1 }
    })
  }

  /** Columns by name keep their ids; new ones get new ids. What feeds the table stays, unless it is
   * given. */
  async alterTable(wanted: WantedTable): Promise<TableMeta> {
    return await this.defineTable(() => {
      const { meta } = this.stateNamed(wanted.name)
      const ids = new Map(meta.columns.map((column) => [column.name, column.id]))
      const columns = wanted.columns.map((column) => (
        { ...column, id: ids.get(column.name) ?? this.catalog.takeColumnId() }))
      const fedBy = wanted.fedBy ?? meta.fedBy
      const { keysOf } = meta
      return {
        ...wanted, ...fedBy === undefined ? {} : { fedBy }, ...keysOf === undefined ? {} : { keysOf }, columns, id: meta.id,
        schemaVersion: meta.schemaVersion + 1,
      }
    })
  }

  /** Notes that a view has given a table all that follows from its source's rows. */
  async addFeed(name: string, key: string): Promise<void> {
    await this.defineTable(() => fedBy(this.stateNamed(name).meta, key))
  }

  /** Removes a table with all its rows; durable when it resolves. */
  async dropTable(name: string): Promise<void> {
    const state = this.stateNamed(name)
    await this.upkeep.exclusive(state, async () => {
      await this.edit(() => [{ kind: 'drop', tableId: this.stateNamed(name).meta.id }])
    })
  }

  tables(): TableMeta[] { return [...this.catalog.states.values()].map(({ meta }) => meta) }
  table(name: string): TableMeta | null { return this.catalog.named(name)?.meta ?? null }
  tableById(id: number): TableMeta | null { return this.catalog.states.get(id)?.meta ?? null }

  /** Makes a transaction durable, then visible. The parts' memory is the store's from the call on:
   * freed when the transaction is refused. Waits while much is unflushed. Throws StoreBusy,
   * StorageFull, DiskError (see isInDoubt). */
  async commit(transaction: Transaction): Promise<{ readonly sequence: number }> {
    const { arena } = this.options
    const { parts, rowKeys = [] } = transaction
    const keys = encodeKeys(transaction.keys ?? [])
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    this.inFlightBytes += bytes
    try {
      this.checkTables(parts)
      await this.room(parts)
      // A bulk write whose record is in doubt may still show up, with keys that nobody remembers until then.
      if (keys !== null || rowKeys.length > 0) await this.manifest.settle()
      const sections = parts.map((part) => ({ ...part, image: arena.bytes(part.address, part.bytes) }))
      const content: Content = { parts: sections, keys, rowKeys: rowKeys.map((claim) => ({ ...claim, isStaged: false })) }
      return { sequence: await this.wal.append(content, (sequence) => {
        this.apply(parts, sequence)
        if (keys !== null) this.keys.add(keys.bytes, keys.count)
        for (const claim of rowKeys) claim.confirm(sequence)
      }) }
    } catch (error) {
      for (const part of parts) arena.free(part.address, part.bytes)
      throw error
    } finally {
      this.inFlightBytes -= bytes
    }
  }

  /** Runs `work`, which looks for keys of rows of these tables (DEDUPLICATE_BY) and commits those that are
   * new with their claims. One at a time for a table. */
  async deduplicate<T>(tableIds: readonly number[], work: (turn: KeyTurn) => Promise<T>): Promise<T> {
    this.requireWritable()
    return await this.rowKeys.exclusive(tableIds, work)
  }

  /** Begins to gather keys of rows of a bulk write, one for a table at a time; for stage(), and to be
   * released. */
  async claimBulk(tables: ReadonlyMap<number, BulkKind>): Promise<readonly BulkKeys[]> {
    this.requireWritable()
    return await this.rowKeys.claimBulk(tables)
  }

  /** What a query sees of a table; release() exactly once. */
  snapshot(name: string): Snapshot {
    const state = this.stateNamed(name)
    if (!state.isRead) {
      state.isRead = true
      this.upkeep.look(state)
    }
    return state.snapshot()
  }

  /** Removes all rows of commits up to the answered sequence, and no others; durable when it
   * resolves. */
  async truncate(name: string): Promise<{ readonly sequence: number }> {
    this.requireWritable()
    const state = this.stateNamed(name)
    let sequence = 0
    await this.upkeep.exclusive(state, async () => {
      // An empty transaction: its place in the log divides the rows that go from those that stay.
      sequence = await this.wal.append(NOTHING, (own) => this.apply([], own))
      await this.edit(() => [{ kind: 'truncate', tableId: state.meta.id, upTo: sequence }])
    })
    return { sequence }
  }

  /** Throws StorageFull where the disk has too little room for new rows. */
  requireRoom(): void {
    const { freeBytesMin } = this.limits
    const freeBytes = this.options.disk.freeBytes(this.folder)
    if (freeBytes < freeBytesMin) throw new StorageFull(this.folder, freeBytes, freeBytesMin)
  }

  /** Keeps the segments of a table apart, so that a reader in steps can tell what it has read from what
   * came since; resolves with the way to end it. */
  async holdSegments(name: string): Promise<() => void> {
    const state = this.stateNamed(name)
    let release = () => {}
    await this.upkeep.alone(state, async () => { release = this.upkeep.hold(state) })
    return () => {
      release()
      this.upkeep.lookAtSegments()
    }
  }

  /** A bulk write: any number of parts, shown at once. */
  stage(claims: readonly BulkKeys[] = []): Stage {
    if (this.state !== 'open') throw new Error('The store is closed')
    const { tasks, disk, clock, arena } = this.options
    return new Stage({
      tasks, disk, catalog: this.catalog, segmentFolder: join(this.folder, SEGMENT_FOLDER),
      pieceBytes: this.limits.pieceBytes, limits: this.limits, nowMs: () => clock.nowMs(), takePartId: () => this.nextPartId++,
      freePart: (address, bytes) => arena.free(address, bytes),
      commit: async (transaction) => (await this.commit(transaction)).sequence, flushSoon: (state) => this.upkeep.flushSoon(state),
      hasRoomFor: (bytes) => this.upkeep.partBytes + this.inFlightBytes + bytes <= this.limits.partBytesSoft,
      append: () => this.wal.append(NOTHING, (own) => this.apply([], own)),
      appendKeys: (keys) => this.wal.append({ ...NOTHING, rowKeys: [keys] }, (own) => this.apply([], own)),
      appendAnswer: (keys, keysOf) => this.wal.append({ ...NOTHING, keys, keysOf }, (own) => this.apply([], own)),
      remember: ({ bytes, count }) => this.keys.add(bytes, count), settle: () => this.manifest.settle(),
      holdLog: () => this.holdLog(), inTurn: (tableIds, work) => this.rowKeys.inTurn(tableIds, work),
      edit: (prepare) => this.edit(prepare), alone: (state, work) => this.upkeep.alone(state, async () => {
        await this.upkeep.flushAlone(state)
        await work()
      }),
    }, claims)
  }

  /** Work on a table that was under way when the store stopped (Stage.save); null: none of this key. */
  savedWork(name: string, key: string): SavedWork | null {
    return this.stateNamed(name).saved.find((work) => work.key === key) ?? null
  }

  /** Gives up work that was to go on; resolves with whether there was some. */
  async forgetWork(isGivenUp: (work: SavedWork) => boolean): Promise<boolean> {
    const find = () => this.catalog.withoutWork(isGivenUp)
    if (find().length === 0) return false
    await this.edit(find)
    this.upkeep.lookAtSegments()
    return true
  }

  /** Log files stay from here on until the answer is called. */
  private holdLog(): () => void {
    const hold = { from: this.wal.lastSequence + 1 }
    this.logHolds.add(hold)
    return () => { this.logHolds.delete(hold) }
  }

  /** Takes out all rows that were committed before and fulfil a condition: out of sight and durable when
   * it resolves; their bytes go later, see isErased(). `isDry`: only counts them. */
  async delete(
    name: string, condition: string, isDry: boolean,
  ): Promise<{ readonly version: number; readonly rows: number }> {
    this.requireWritable()
    const state = this.stateNamed(name)
    let rows = 0
    let version = state.version
    await this.upkeep.alone(state, async () => {
      await this.upkeep.flushAlone(state)
      // An empty transaction: its sequence is the version of the masks, and of the table without the rows.
      if (!isDry) version = await this.wal.append(NOTHING, (own) => this.apply([], own))
      rows = await this.upkeep.mask(state, condition, version, isDry)
    })
    return { version, rows }
  }

  /** True when no file holds rows that a delete took out. */
  isErased(name: string): boolean {
    return this.stateNamed(name).segments.every(({ maskedRows }) => maskedRows === 0)
  }

  /** Lets go of rows whose TTL is over; for now and then. Throws ManifestError. */
  async expire(): Promise<void> {
    await this.upkeep.expire()
    this.upkeep.lookAtSegments()
  }

  /** Writes all memory parts of a table (or of all) to segments. */
  async flush(name?: string): Promise<void> {
    const states = name === undefined ? [...this.catalog.states.values()] : [this.stateNamed(name)]
    for (const state of states) await this.upkeep.flush(state)
  }

  /** What the store is now: a consistent cut, for a backup. release() it. */
  cut(): Cut { return cutOf(this.catalog, this.keys, this.rowKeys) }

  /** Takes a damaged segment out, for repair: its file goes to the folder `damaged` first. What `remake`
   * makes of it under a new id (null: nothing) takes its place. Durable when it resolves. */
  async setAside(
    name: string, segmentId: number, remake: (folder: string, segment: SegmentRef, id: number) => SegmentRef | null,
  ): Promise<void> {
    const { disk } = this.options
    const state = this.stateNamed(name)
    if (await this.forgetWork((work) => stagedBy(work).some(({ id }) => id === segmentId))) return
    const segment = state.segments.find(({ id }) => id === segmentId)
    if (segment === undefined) throw new Error(`${name} has no segment ${segmentId}`)
    const [folder, segments] = [join(this.folder, 'damaged'), join(this.folder, SEGMENT_FOLDER)]
    disk.makeFolder(folder)
    if (disk.exists(join(segments, segment.file))) {
      await disk.duplicate(join(segments, segment.file), join(folder, segment.file), true)
    }
    disk.syncFolder(folder)
    await this.upkeep.alone(state, async () => {
      const made = remake(segments, segment, this.catalog.takeSegmentIds(1))
      await this.edit(() => [{
        kind: 'segments', tableId: state.meta.id, added: made === null ? [] : [made], removed: [segmentId],
        flushed: state.flushed,
      }, ...this.catalog.withoutWork(({ read }) => read.some(({ tableId }) => tableId === state.meta.id))])
    })
  }

  stats(): TableStats[] {
    return [...this.catalog.states.values()].map(({ meta, rows, parts, segments }) => ({
      name: meta.name, parts: parts.length, segments: segments.length,
      rowCount: rows.reduce((sum, ref) => sum + livingRows(ref), 0),
      bytes: rows.reduce((sum, ref) => sum + ref.bytes, 0),
    }))
  }

  health(): StoreHealth {
    return {
      lastSequence: this.catalog.applied, walBytes: this.wal.bytes, walSyncs: this.wal.syncs,
      partBytes: this.upkeep.partBytes, backgroundError: this.upkeep.lastError,
    }
  }

  /** Ends what is under way; unflushed rows stay in the log. */
  async close(): Promise<void> {
    if (this.state === 'closed') return
    this.state = 'closed'
    try {
      await this.upkeep.stop()
      if (this.isReadOnly) return
      await this.seal()
      await this.wal.close()
      for (const files of this.keyFiles) await files.close()
      await this.manifest.close()
    } finally {
      this.unlock()
    }
  }

  /** After a load() that has failed: ends what it has begun, closes its files and gives the folder back. */
  async abandon(): Promise<void> {
    this.state = 'closed'
    await this.upkeep.gathered()
    // Either is there once it has been opened. Nothing of them waits to be written.
    await this.wal?.close().catch(() => {})
    await this.manifest?.close().catch(() => {})
    this.unlock()
  }

  /** Whatever comes last in a log could be a torn tail to the next start. So nothing that counts comes
   * last: the manifest becomes one record, and an empty transaction says that those before it are
   * durable. Where the disk refuses, the next start does without. */
  private async seal(): Promise<void> {
    await this.manifest.compact().catch(() => {})
    if (this.wal.isSealed) return
    await this.wal.append(NOTHING, (sequence) => this.apply([], sequence)).catch(() => {})
  }

  private checkTables(parts: readonly NewPart[]): void {
    this.requireWritable()
    if (parts.some((part) => !this.catalog.states.has(part.tableId))) throw new TableGone()
  }

  /** Waits while more than the soft limit is unflushed. Throws StoreBusy above the hard one, and when no flush can
   * make room now, or none of these tables. */
  private async room(parts: readonly NewPart[]): Promise<void> {
    const { partBytesSoft, partBytesMax } = this.limits
    for (;;) {
      const stuck = parts.find(({ tableId }) => this.upkeep.isStuck(tableId))
      if (stuck !== undefined && !await this.upkeep.unstick(stuck.tableId)) throw new StoreBusy()
      const bytes = this.upkeep.partBytes + this.inFlightBytes
      if (bytes <= partBytesSoft) return
      if (bytes > partBytesMax) {
        void this.upkeep.makeRoom() // for those who come later
        throw new StoreBusy()
      }
      if (!await this.upkeep.makeRoom()) throw new StoreBusy()
    }
  }

  /** Shows a durable transaction: all of it, before anybody looks what there is to do. A flush takes what a
   * table has up to a sequence, and what comes to it later with the same one would be taken for flushed. */
  private apply(parts: readonly NewPart[], sequence: number): void {
    this.catalog.applied = sequence
    const changed = new Set<TableState>()
    for (const part of parts) {
      const state = this.catalog.states.get(part.tableId)
      if (state === undefined) { // dropped while the transaction was on its way
        this.options.arena.free(part.address, part.bytes)
        continue
      }
      state.change([this.partRef(part, sequence)], () => false)
      state.commits++
      state.version = sequence
      changed.add(state)
    }
    for (const state of changed) this.upkeep.look(state)
  }

  private stateNamed(name: string): TableState {
    const state = this.catalog.named(name)
    if (state === undefined) throw new Error(`Table ${name} does not exist`)
    return state
  }

  private partRef(
    { address, bytes, rowCount }: Pick<NewPart, 'address' | 'bytes' | 'rowCount'>, sequence: number,
  ): PartRef {
    return {
      kind: 'part', id: this.nextPartId++, address, bytes, rowCount,
      firstSequence: sequence, lastSequence: sequence,
    }
  }

  private async defineTable(define: () => TableMeta): Promise<TableMeta> {
    let meta: TableMeta | null = null
    await this.edit(() => [{ kind: 'table', meta: meta = define() }])
    return meta as unknown as TableMeta // set: an edit of a table is never dropped
  }

  /** Durable first, then true. */
  private async edit(prepare: () => readonly Edit[] | null): Promise<boolean> {
    if (this.isReadOnly) throw new ReadOnlyStore(this.folder)
    let needed = 0
    const isMade = await this.manifest.change(() => {
      const edits = prepare()
      if (edits === null) return null
      const record = this.catalog.record(edits)
      needed = record.standing.needed
      return record
    }, (edits) => {
      for (const { meta: { id, keysOf = [] } } of edits.filter((edit) => edit.kind === 'table')) {
        for (const { ownColumnId, ...from } of keysOf) this.rowKeys.move(from, { tableId: id, columnId: ownColumnId })
      }
      for (const edit of edits) {
        this.catalog.apply(edit)
        if (edit.kind === 'truncate') this.rowKeys.truncate(edit.tableId, edit.upTo)
        else if (edit.kind === 'drop') this.rowKeys.drop(edit.tableId)
        else if (edit.kind === 'segments' && edit.keys !== undefined) this.rowKeys.show(edit.tableId)
      }
      this.catalog.needed = Math.max(this.catalog.needed, needed)
    })
    // A log file that cannot be removed now is removed after a later edit, or at the next start.
    if (isMade && this.catalog.isRecovered) await this.recycle().catch(() => {})
    return isMade
  }

  /** Removes log files whose every row lies in segments; keys that are still remembered stay. */
  private async recycle(): Promise<void> {
    const upTo = Math.min(this.catalog.needed, ...[...this.logHolds].map(({ from }) => from)) - 1
    const last = Math.max(0, ...this.wal.recyclable(upTo).map(([, file]) => file.last))
    if (last === 0) return
    for (const files of this.keyFiles) await files.persist(last, this.options.clock.nowMs())
    this.catalog.keysPersisted = this.keyFiles[1].persisted
    await this.wal.recycle(last)
  }

  /** What an idempotency key got that was used within the time that keys are remembered; null: it was not. */
  findKey(id: Uint8Array): IdempotencyKey | null {
    const found = this.keys.find(id)
    return found !== null && found.atMs >= this.options.clock.nowMs() - this.limits.keyMs ? found : null
  }

  /** Idempotency keys in memory. */
  get keyCount(): number { return this.keys.size }

  private discard(thing: Discarded): void {
    if (thing.kind === 'part') this.fileMemory.free(thing.address, thing.bytes)
    // While opening, the manifest's history names files that went long ago: removeLeftovers() looks.
    else if (this.state === 'open') {
      const path = join(this.folder, SEGMENT_FOLDER, thing.file)
      this.options.disk.removeAsync(path).catch(() => {}) // else at the next start
    }
  }
}

/** Opens the store in a folder (made when it is not there). Throws UnusableFolder, StoreLocked,
 * NewerFormat, CorruptWal, CorruptManifest, or what the folder refuses. */
export async function openStore(folder: string, options: StoreOptions): Promise<Store> {
  const unlock = await takeFolder(folder, options.disk)
  const store = new Store(folder, options, unlock)
  try {
    await store.load()
    return store
  } catch (error) {
    await store.abandon()
    throw error
  }
}
