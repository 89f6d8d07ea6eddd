// The store's face on the main thread: open, create tables, commit, snapshot, truncate, close. Heavy
// work leaves through the task runner that was handed in.
//
// Invariants: a transaction is visible exactly when it is durable; a file named by the manifest exists
// and was synced; nothing that a snapshot holds is freed.

import { join } from 'node:path'
import type { Arena } from './arena/arena.ts'
import type { Disk } from './disk/disk.ts'
import { lockFolder } from './disk/owner-lock.ts'
import type {
  ColumnSpec, PartRef, SegmentRef, Snapshot, StoreLimits, TableMeta, TableSpec, TableStats, TaskRunner,
  Transaction,
} from './face.ts'
import { Upkeep } from './manifest/upkeep.ts'
import { ManifestLog, type Edit } from './manifest/log.ts'
import { TableState, type RowRef } from './manifest/table-state.ts'
import { recover } from './wal/recover.ts'
import { Wal } from './wal/wal.ts'

const MiB = 2 ** 20

export const DEFAULT_LIMITS: StoreLimits = {
  flushBytes: 64 * MiB, walFileBytes: 64 * MiB, partBytesMax: 512 * MiB,
}

export type StoreOptions = {
  readonly disk: Disk
  readonly arena: Arena
  readonly tasks: TaskRunner
  readonly limits?: Partial<StoreLimits>
}

/** Cannot take rows now: memory for new rows is full until a flush is done. */
export class StoreBusy extends Error {
  constructor() {
    super('The store cannot take more rows until some are written to disk; try again in a second')
    this.name = 'StoreBusy'
  }
}

type WantedTable = Omit<TableSpec, 'columns'> & { readonly columns: readonly Omit<ColumnSpec, 'id'>[] }

export class Store {
  private readonly folder: string
  private readonly options: StoreOptions
  private readonly limits: StoreLimits
  private readonly states = new Map<number, TableState>()
  private readonly byName = new Map<string, TableState>()
  private readonly manifest: ManifestLog
  private readonly upkeep: Upkeep
  private readonly unlock: () => void
  private wal: Wal | null = null
  private nextTableId = 1
  private nextSegmentId = 1
  private nextPartId = 1
  private nextColumnId = 1
  private sequenceFloor = 0

  constructor(folder: string, options: StoreOptions, manifest: ManifestLog, unlock: () => void) {
    this.folder = folder
    this.options = options
    this.limits = { ...DEFAULT_LIMITS, ...options.limits }
    this.manifest = manifest
    this.unlock = unlock
    this.upkeep = new Upkeep({
      tasks: options.tasks, segmentFolder: join(folder, 'segments'), limits: this.limits,
      takeSegmentIds: (count) => (this.nextSegmentId += count) - count,
      takePartId: () => this.nextPartId++,
      edit: (edits) => this.edit(edits),
      afterFlush: () => this.recycle(),
      freePart: (address, bytes) => options.arena.free(address, bytes),
    })
  }

  /** Applies the manifest's edits; call once, before replay. */
  load(edits: readonly Edit[]): void {
    for (const edit of edits) this.apply(edit)
  }

  /** Loads the log's transactions and starts a new log file; call once, after load(). */
  async replay(): Promise<void> {
    const { disk, arena } = this.options
    const found = recover(disk, this.folder, (tableId, sequence) => {
      const state = this.states.get(tableId)
      return state !== undefined && sequence > state.flushed && sequence > state.truncatedUpTo
    }, arena)
    for (const { part, image } of found.parts) {
      const state = this.states.get(part.tableId) as TableState
      state.change([this.partRef(image, part.rowCount, part.sequence)], new Set())
      state.version = Math.max(state.version, part.sequence)
    }
    this.wal = new Wal({
      disk, folder: this.folder, fileBytesMax: this.limits.walFileBytes,
      nextSequence: Math.max(found.lastSequence, this.sequenceFloor) + 1, nextFile: found.lastFile + 1,
    })
    for (const [number, last] of found.files) this.wal.remember(number, last)
    this.removeLeftovers()
    this.recycle()
  }

  /** Creates a table; resolves when it is durable. Throws when the name is taken. */
  async createTable(wanted: WantedTable): Promise<TableMeta> {
    if (this.byName.has(wanted.name)) throw new Error(`Table ${wanted.name} exists`)
    const columns = wanted.columns.map((column) => ({ ...column, id: this.nextColumnId++ }))
    const meta = { ...wanted, columns, id: this.nextTableId++, schemaVersion: 1 }
    await this.edit([{ kind: 'table', meta }])
    return meta
  }

  /** Columns by name keep their ids; new ones get new ids. */
  async alterTable(wanted: WantedTable): Promise<TableMeta> {
    const { meta } = this.stateNamed(wanted.name)
    const ids = new Map(meta.columns.map((column) => [column.name, column.id]))
    const columns = wanted.columns.map((column) => (
      { ...column, id: ids.get(column.name) ?? this.nextColumnId++ }))
    const changed = { ...wanted, columns, id: meta.id, schemaVersion: meta.schemaVersion + 1 }
    await this.edit([{ kind: 'table', meta: changed }])
    return changed
  }

  tables(): TableMeta[] { return [...this.states.values()].map(({ meta }) => meta) }
  table(name: string): TableMeta | null { return this.byName.get(name)?.meta ?? null }

  /** Makes a transaction durable, then visible. The parts' memory is the store's from the call on:
   * freed when the transaction is refused. */
  async commit(transaction: Transaction): Promise<{ readonly sequence: number }> {
    const { arena } = this.options
    const { parts } = transaction
    const free = () => { for (const part of parts) arena.free(part.address, part.bytes) }
    const states = parts.map((part) => this.states.get(part.tableId))
    const full = states.some((state) => state === undefined
      || state.parts.reduce((sum, part) => sum + part.bytes, 0) > this.limits.partBytesMax)
    if (this.wal === null || full) {
      free()
      throw new StoreBusy()
    }
    let sequence: number
    try {
      sequence = await this.wal.append({
        parts, images: parts.map((part) => arena.bytes(part.address, part.bytes)),
      })
    } catch (error) {
      free()
      throw error
    }
    parts.forEach((part, index) => {
      const state = states[index] as TableState
      state.change([this.partRef(part, part.rowCount, sequence)], new Set())
      state.version = sequence
      this.upkeep.look(state)
    })
    return { sequence }
  }

  /** What a query sees of a table; release() exactly once. */
  snapshot(name: string): Snapshot { return this.stateNamed(name).snapshot() }

  /** Removes all rows; durable when it resolves. */
  async truncate(name: string): Promise<void> {
    const state = this.stateNamed(name)
    await this.edit([{ kind: 'truncate', tableId: state.meta.id, upTo: state.version }])
    this.recycle()
  }

  /** Writes all memory parts of a table (or of all) to segments. */
  async flush(name?: string): Promise<void> {
    const states = name === undefined ? [...this.states.values()] : [this.stateNamed(name)]
    for (const state of states) await this.upkeep.flush(state)
  }

  stats(): TableStats[] {
    return [...this.states.values()].map(({ meta, rows, parts, segments }) => ({
      name: meta.name, parts: parts.length, segments: segments.length,
      rowCount: rows.reduce((sum, ref) => sum + ref.rowCount, 0),
      bytes: rows.reduce((sum, ref) => sum + ref.bytes, 0),
    }))
  }

  /** Waits for what is under way; unflushed rows stay in the log. */
  async close(): Promise<void> {
    await this.upkeep.settle()
    await this.wal?.close()
    await this.manifest.close()
    this.unlock()
  }

  private stateNamed(name: string): TableState {
    const state = this.byName.get(name)
    if (state === undefined) throw new Error(`Table ${name} does not exist`)
    return state
  }

  private partRef(
    image: { readonly address: number; readonly bytes: number }, rowCount: number, sequence: number,
  ): PartRef {
    return {
      kind: 'part', id: this.nextPartId++, address: image.address, bytes: image.bytes, rowCount,
      firstSequence: sequence, lastSequence: sequence,
    }
  }

  /** Durable first, then true. */
  private async edit(edits: readonly Edit[]): Promise<void> {
    const ids: Edit = {
      kind: 'ids', table: this.nextTableId, segment: this.nextSegmentId, sequence: this.lastVersion(),
    }
    await this.manifest.append([...edits, ids], () => this.currentEdits())
    for (const edit of edits) this.apply(edit)
  }

  private lastVersion(): number {
    return Math.max(this.sequenceFloor, ...[...this.states.values()].map((state) => state.version))
  }

  private apply(edit: Edit): void {
    if (edit.kind === 'ids') {
      this.nextTableId = Math.max(this.nextTableId, edit.table)
      this.nextSegmentId = Math.max(this.nextSegmentId, edit.segment)
      this.sequenceFloor = Math.max(this.sequenceFloor, edit.sequence)
    } else if (edit.kind === 'table') this.applyTable(edit.meta)
    else {
      const state = this.states.get(edit.tableId)
      if (state !== undefined) this.applyRows(state, edit)
    }
  }

  private applyTable(meta: TableMeta): void {
    let state = this.states.get(meta.id)
    if (state === undefined) {
      state = new TableState(meta, (ref) => this.discard(ref))
      this.states.set(meta.id, state)
    }
    state.meta = meta
    this.byName.set(meta.name, state)
    this.nextTableId = Math.max(this.nextTableId, meta.id + 1)
    for (const { id } of meta.columns) this.nextColumnId = Math.max(this.nextColumnId, id + 1)
  }

  private applyRows(state: TableState, edit: Exclude<Edit, { kind: 'ids' | 'table' }>): void {
    if (edit.kind === 'segments') {
      const removedIds = new Set(edit.removed)
      const removed = new Set<RowRef>(state.rows.filter((ref) => ref.kind === 'segment'
        ? removedIds.has(ref.id) : ref.lastSequence <= edit.flushed))
      state.flushed = Math.max(state.flushed, edit.flushed)
      // A truncate may have come while the flush ran: what it removed must not come back.
      const added = edit.added.filter((segment) => segment.lastSequence > state.truncatedUpTo)
      state.change(added, removed)
      state.version = Math.max(state.version, ...edit.added.map((segment) => segment.lastSequence))
    } else if (edit.kind === 'truncate') {
      state.truncatedUpTo = Math.max(state.truncatedUpTo, edit.upTo)
      state.flushed = Math.max(state.flushed, edit.upTo)
      state.change([], new Set(state.rows.filter((ref) => ref.lastSequence <= edit.upTo)))
    } else {
      state.change([], new Set(state.rows))
      this.states.delete(edit.tableId)
      this.byName.delete(state.meta.name)
    }
  }

  /** All that is true now, as edits of a new manifest. */
  private currentEdits(): Edit[] {
    return [...this.states.values()].flatMap((state): Edit[] => [
      { kind: 'table', meta: state.meta },
      { kind: 'truncate', tableId: state.meta.id, upTo: state.truncatedUpTo },
      {
        kind: 'segments', tableId: state.meta.id, added: state.segments, removed: [],
        flushed: state.flushed,
      },
    ])
  }

  private discard(ref: RowRef): void {
    if (ref.kind === 'part') this.options.arena.free(ref.address, ref.bytes)
    else this.options.disk.remove(join(this.folder, 'segments', ref.file))
  }

  /** Files that a crash left between their writing and the edit that names them. */
  private removeLeftovers(): void {
    const named = new Set([...this.states.values()].flatMap((state) => state.segments.map(({ file }) => file)))
    const folder = join(this.folder, 'segments')
    for (const name of this.options.disk.list(folder)) {
      if (!named.has(name)) this.options.disk.remove(join(folder, name))
    }
  }

  /** Log files that hold nothing unflushed go. */
  private recycle(): void {
    let oldest = Number.POSITIVE_INFINITY
    for (const state of this.states.values()) {
      for (const part of state.parts) oldest = Math.min(oldest, part.firstSequence)
    }
    this.wal?.recycle(oldest - 1)
  }
}

/** Opens the store in a folder (made when it is not there). Throws StoreLocked, NewerFormat,
 * CorruptWal, or what the folder refuses. */
export async function openStore(folder: string, options: StoreOptions): Promise<Store> {
  options.disk.makeFolder(join(folder, 'segments'))
  const unlock = lockFolder(folder)
  try {
    const { log, edits } = await ManifestLog.open(options.disk, folder)
    const store = new Store(folder, options, log, unlock)
    store.load(edits)
    await store.replay()
    return store
  } catch (error) {
    unlock()
    throw error
  }
}

export type { SegmentRef }
