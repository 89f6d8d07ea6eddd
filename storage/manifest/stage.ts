// Rows that come in bulk (imports, copies, populates, replacements): written to segments piece by piece
// while nobody sees them, then shown all at once by one edit, with what they replace gone by the same
// edit. Memory holds one piece that is being written and one that is being gathered; the log holds nothing
// of them.
//
//   add(part) ... add(part) -> segment files without a name in the manifest
//   save()    -> how far it is, as one manifest record: a later stage goes on from there
//   commit()  -> a write whose parts are still all in memory, and that replaces nothing: one transaction of the
//                log, as inserts have; else an empty transaction (its sequence dates the rows) -> masks of rows that others have
//                stored meanwhile -> keys of the others, where their table remembers them -> one manifest
//                record
//
// Invariant: a crash before the record leaves files that the next start removes, unless they were saved, and
// no row of them.

import { join } from 'node:path'
import type { Disk } from '../disk/disk.ts'
import { TableGone } from '../errors.ts'
import type {
  IdempotencyKey, MaskResult, NewPart, PartRef, SavedWork, SegmentRef, StoreLimits, TableMeta, TaskRunner, Transaction,
} from '../face.ts'
import { maskFile } from '../segment/delete-mask.ts'
import type { BulkKeys } from '../wal/bulk-keys.ts'
import { encodeKeys, type EncodedKeys } from '../wal/key-table.ts'
import { keyColumnOf } from '../wal/row-key-tables.ts'
import type { RowKeySection } from '../wal/row-key-world.ts'
import type { Catalog } from './catalog.ts'
import type { Edit, KeyRange } from './edit.ts'
import { segmentsOf } from './flush.ts'
import { ManifestError } from './log.ts'
import type { TableState } from './table-state.ts'

/** Rows of a piece, where its bytes are few: sorting needs some hundred bytes a row. */
const PIECE_ROWS = 2 ** 19
/** Rows that are worth segments soon, where a write goes to the log: who sends a file reads all of it. */
const LOGGED_FLUSH_ROWS = 65_536

export type StageWorld = {
  readonly tasks: TaskRunner
  readonly disk: Disk
  readonly segmentFolder: string
  readonly catalog: Catalog
  readonly pieceBytes: number
  readonly limits: Pick<StoreLimits, 'textBytesMax'>
  readonly nowMs: () => number
  readonly takePartId: () => number
  readonly freePart: (address: number, bytes: number) => void
  /** Memory has room for more parts that are not sorted yet. */
  readonly hasRoomFor: (bytes: number) => boolean
  /** As Store.commit(); answers the sequence. */
  readonly commit: (transaction: Transaction) => Promise<number>
  /** Begins to flush a table. */
  readonly flushSoon: (state: TableState) => void
  /** Makes an empty transaction durable; answers its sequence. */
  readonly append: () => Promise<number>
  /** Makes keys of rows durable; answers the record's sequence. */
  readonly appendKeys: (keys: RowKeySection) => Promise<number>
  /** The same of an idempotency key, of a write into a table. */
  readonly appendAnswer: (key: EncodedKeys, tableId: number) => Promise<number>
  /** The key counts from now on. */
  readonly remember: (key: EncodedKeys) => void
  /** Keeps the log's files from here on until the answer is called. */
  readonly holdLog: () => () => void
  /** Runs work while nobody else looks for keys of these tables. */
  readonly inTurn: (tableIds: readonly number[], work: () => Promise<void>) => Promise<void>
  readonly edit: (prepare: () => readonly Edit[] | null) => Promise<boolean>
  /** Makes sure that no earlier write that was refused will show up. */
  readonly settle: () => Promise<void>
  /** Runs work while nothing else works on the table, its parts flushed first. */
  readonly alone: (state: TableState, work: () => Promise<void>) => Promise<void>
}

/** What happens together with the rows of a stage. Nothing else touches these tables meanwhile. */
export type StageEffects = {
  /** Tables that lose all rows that were committed before. */
  readonly replaced?: readonly string[]
  /** A table that loses the rows of before that fulfil a condition. */
  readonly deleted?: { readonly table: string; readonly condition: string }
  /** A table that loses these segments, whose rows stand elsewhere from then on. Where one of them is
   * gone already nothing is stored. */
  readonly moved?: { readonly table: string; readonly segmentIds: readonly number[] }
  /** A table that is gone then, as all its rows are in these segments, under these masks. Where they are not
   * any more nothing is stored. */
  readonly left?: {
    readonly table: string; readonly segments: readonly SegmentRef[]
    /** The table that has its name and rows from then on: what the log knows of bulk writes into the one is known
     * of the other, and of row keys as much as TableSpec.keysOf says. */
    readonly heirId: number
  }
  /** Saved work that is over. */
  readonly ended?: WorkName
  /** The client's key of the write into a table, asked for with how many rows of it others have stored. */
  readonly answered?: { readonly table: string; readonly keyOf: (lost: number) => IdempotencyKey }
  /** Tables that are as given from then on, asked when it is their turn. */
  readonly changed?: () => readonly TableMeta[]
}

/** Work on a table that goes on after a stop. */
export type WorkName = { readonly table: string; readonly key: string }

/** Masks that wait for their edit. */
type StagedMasks = {
  readonly tableId: number
  readonly partial: MaskResult['masks']
  readonly removed: readonly number[]
} | null

/** Rows of the stage that do not show, as others have stored them: how many of each table, and the masks
 * of its segments by their ids. */
type LostRows = {
  readonly counts: ReadonlyMap<number, number>
  readonly masks: ReadonlyMap<number, MaskResult['masks'][number]>
}
const NONE_LOST: LostRows = { counts: new Map(), masks: new Map() }

/** What a commit shows, by what. */
type Shown = { readonly sequence: number; readonly keys: ReadonlyMap<number, KeyRange>; readonly lost: LostRows }

const namesOf = ({ replaced = [], deleted, moved, left, answered }: StageEffects): string[] =>
  [...replaced, deleted?.table, moved?.table, left?.table, answered?.table].filter((name) => name !== undefined)

type Staged = {
  readonly state: TableState
  pending: NewPart[]
  pendingBytes: number
  pendingRows: number
  segments: SegmentRef[]
  /** Key columns of what the segments were made of (StagedSegments). */
  keys: SegmentRef[]
  /** A piece was, or is being, written. */
  isWritten: boolean
  /** The piece that is being written; what goes wrong with it is told by whatever waits for it. */
  writing: Promise<void>
}

/** One bulk write. Calls come one after the other; after commit() or abort() it is over. */
export class Stage {
  private readonly world: StageWorld
  private readonly tables = new Map<number, Staged>()

  private readonly claims: readonly BulkKeys[]
  /** Files that a record names, or may name. */
  private readonly kept = new Set<string>()
  private isSaved = false
  private willSave = false

  /** `claims`: keys of its rows; the caller releases them. */
  constructor(world: StageWorld, claims: readonly BulkKeys[]) {
    this.world = world
    this.claims = claims
  }

  /** Marks rows of a table (by their keys, 16 bytes a row) that are remembered or came before in this
   * write; null: none, or nothing is remembered of it. Throws KeysFull. */
  async look(tableId: number, keys: Uint32Array): Promise<Uint8Array | null> {
    return await this.claims.find((claim) => claim.tableId === tableId)?.look(keys) ?? null
  }

  /** Takes a part, whose memory is the stage's from the call on. Throws what the disk says; the stage
   * is then to be aborted. */
  async add(part: NewPart): Promise<void> {
    const state = this.world.catalog.states.get(part.tableId)
    if (state === undefined) {
      this.world.freePart(part.address, part.bytes)
      throw new TableGone()
    }
    const staged = this.of(state)
    staged.pending.push(part)
    staged.pendingBytes += part.bytes
    staged.pendingRows += part.rowCount
    if (staged.pendingBytes >= this.world.pieceBytes || staged.pendingRows >= PIECE_ROWS) await this.next(staged)
  }

  /** A write that save() is called of. Before anything else. `before`: goes on from where another stage was
   * saved; throws when a table is gone. False: it can't, as rows of it have come by another way since and can't be
   * taken out of it again; forget the work. */
  async lasting(before: SavedWork | null): Promise<boolean> {
    this.willSave = true
    if (before === null) return true
    for (const { tableId, segments, keys = [] } of before.staged) {
      const state = this.world.catalog.states.get(tableId)
      if (state === undefined) throw new TableGone()
      const staged = this.of(state)
      staged.segments.push(...segments)
      staged.keys.push(...keys)
      for (const { file } of [...segments, ...keys]) this.kept.add(file)
      for (const segment of this.keepsKeys(state.meta) ? keys : segments) if (!await this.resumeKeys(state, segment)) return false
    }
    this.isSaved = true
    return true
  }

  private async resumeKeys({ meta: table }: TableState, segment: SegmentRef): Promise<boolean> {
    const { tasks, segmentFolder: folder, nowMs } = this.world
    const claim = this.claims.find(({ tableId }) => tableId === table.id)
    return claim === undefined || await claim.resume(await tasks.run({
      kind: 'row-keys', table, segment, folder, columnId: claim.columnId, nowMs: nowMs(),
    }))
  }

  /** Whether the keys of a table's rows have to be kept beside its segments: in these some were combined. */
  private keepsKeys(meta: TableMeta): boolean {
    return this.willSave && meta.engine !== 'MergeTree' && this.claims.some(({ tableId }) => tableId === meta.id)
  }

  /** Makes durable how far the write is (lasting() was called of it); nothing of it is shown. `isWanted` is asked
   * last. False: the work was given up meanwhile, or is not wanted. */
  async save(
    name: WorkName, done: Pick<SavedWork, 'read' | 'rowsRead'>, isWanted: () => boolean,
  ): Promise<boolean> {
    await this.written()
    const state = this.named(name.table)
    const staged = [...this.tables].flatMap(([tableId, { segments, keys }]) => (segments.length + keys.length === 0 ? []
      : [{ tableId, segments: [...segments], ...keys.length === 0 ? {} : { keys: [...keys] } }]))
    const files = staged.flatMap(({ segments, keys = [] }) => [...segments, ...keys].map(({ file }) => file))
    const isUnchanged = () => this.isThere(state) && isWanted()
      && [...this.tables.values()].every((one) => this.isThere(one.state)) && this.isStillSaved(name)
    try {
      const isMade = await this.world.edit(() => !isUnchanged() ? null : [
        { kind: 'work', tableId: state.meta.id, key: name.key, work: { key: name.key, ...done, staged } }])
      this.isSaved ||= isMade
      for (const file of isMade ? files : []) this.kept.add(file)
      return isMade
    } catch (error) {
      if (error instanceof ManifestError && error.isInDoubt) for (const file of files) this.kept.add(file)
      throw error
    }
  }

  private isThere(state: TableState): boolean { return this.world.catalog.states.get(state.meta.id) === state }

  /** What was saved may have been given up meanwhile: its files are gone then. */
  private isStillSaved(name: WorkName | undefined): boolean {
    return !this.isSaved || name === undefined
      || (this.world.catalog.named(name.table)?.saved.some(({ key }) => key === name.key) ?? false)
  }

  private async written(): Promise<void> {
    for (const staged of this.tables.values()) {
      await this.next(staged)
      await staged.writing
    }
  }

  /** Shows all rows, with what else is to happen by the same edit; `lost`: of each table those that came
   * by another way since they were added, and do not show. Durable when it resolves. Throws ManifestError,
   * or what the disk says: then nothing has changed, unless the error says that it is in doubt. */
  async commit(
    effects: StageEffects = {},
  ): Promise<{ readonly sequence: number; readonly lost: ReadonlyMap<number, number> }> {
    for (const name of namesOf(effects)) {
      this.of(this.named(name))
    }
    const heir = this.world.catalog.states.get(effects.left?.heirId ?? 0)
    if (heir !== undefined) this.of(heir)
    const inLog = await this.commitInLog(effects)
    if (inLog !== null) return { sequence: inLog, lost: NONE_LOST.counts }
    await this.written()
    const all = [...this.tables.values()].sort((a, b) => a.state.meta.id - b.state.meta.id)
    let sequence = 0
    let lost: LostRows = NONE_LOST
    await this.keeping(() => this.holding(all, async () => {
      await this.world.settle()
      sequence = await this.world.append()
      let masks: StagedMasks = null
      try {
        lost = await this.loseRows(sequence)
        const keys = await this.logKeys()
        const answer = await this.logAnswer(effects.answered, lost, keys)
        masks = await this.mask(effects.deleted ?? null, sequence)
        await this.show(all, effects, masks, { sequence, keys, lost })
        if (answer !== null) this.world.remember(answer)
      } catch (error) {
        if (!(error instanceof ManifestError) || !error.isInDoubt) {
          await this.removeMasks([...masks?.partial ?? [], ...lost.masks.values()], sequence)
        }
        throw error
      }
    }))
    return { sequence, lost: lost.counts }
  }

  /** A small write goes the way of inserts: sorting it and writing its files can wait, and they cost several
   * times what the log does. Answers its sequence; null: it is none. */
  private async commitInLog({ answered, ...others }: StageEffects): Promise<number | null> {
    const all = [...this.tables.values()]
    const hasMore = Object.values(others).some((effect) => effect !== undefined && (!Array.isArray(effect) || effect.length > 0))
    if (hasMore || this.claims.length > 0 || this.isSaved) return null
    if (!all.every(({ isWritten, state }) => !isWritten && this.isThere(state) && mayWait(state.meta))) return null
    const parts = all.flatMap(({ pending }) => pending)
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    if (parts.length === 0 || bytes > this.world.pieceBytes || !this.world.hasRoomFor(bytes)) return null
    this.tables.clear() // the parts are the store's from here on
    const sequence = await this.world.commit({ parts, keys: answered === undefined ? [] : [answered.keyOf(0)] })
    for (const { state, pendingRows } of all) if (pendingRows >= LOGGED_FLUSH_ROWS) this.world.flushSoon(state)
    return sequence
  }

  /** Writes masks that take out rows of the stage that others have stored since. */
  private async loseRows(version: number): Promise<LostRows> {
    const { tasks, segmentFolder, nowMs } = this.world
    const counts = new Map<number, number>()
    const masks = new Map<number, MaskResult['masks'][number]>()
    for (const claim of this.claims) {
      const staged = this.tables.get(claim.tableId)
      const keys = claim.lost()
      if (keys === null || staged === undefined) continue
      const result = await tasks.run({
        kind: 'mask', table: staged.state.meta, segments: staged.segments, folder: segmentFolder,
        condition: { columnId: claim.columnId, keys }, version, isDry: false, nowMs: nowMs(),
      })
      counts.set(claim.tableId, result.matchedRows)
      for (const mask of result.masks) masks.set(mask.segmentId, mask)
    }
    return { counts, masks }
  }

  /** Runs what shows the rows and, when it has, remembers their keys. Their turn comes before the tables:
   * who has it may wait for a flush. */
  private async keeping(work: () => Promise<void>): Promise<void> {
    const { claims, world: { inTurn, holdLog } } = this
    await inTurn(claims.map(({ tableId }) => tableId), async () => {
      const release = holdLog()
      try {
        await work()
        for (const claim of claims) await claim.enter()
      } finally {
        release()
      }
    })
  }

  /** Keys come after the sequence of their rows: what goes by the same edit has earlier ones. */
  private async logKeys(): Promise<Map<number, KeyRange>> {
    const ranges = new Map<number, KeyRange>()
    for (const claim of this.claims) {
      claim.forgetRecords()
      for (const section of claim.sections()) {
        const to = await this.world.appendKeys(section)
        claim.noteRecord(section, to)
        ranges.set(claim.tableId, { from: ranges.get(claim.tableId)?.from ?? to, to })
      }
    }
    return ranges
  }

  /** The client's key is in the log before the edit, as those of rows are, and in the same range. */
  private async logAnswer(
    answered: StageEffects['answered'], { counts }: LostRows, ranges: Map<number, KeyRange>,
  ): Promise<EncodedKeys | null> {
    if (answered === undefined) return null
    const { id } = this.named(answered.table).meta
    const key = encodeKeys([answered.keyOf(counts.get(id) ?? 0)]) as EncodedKeys
    const to = await this.world.appendAnswer(key, id)
    ranges.set(id, { from: ranges.get(id)?.from ?? to, to })
    return key
  }

  private named(name: string): TableState {
    const state = this.world.catalog.named(name)
    if (state === undefined) throw new Error(`Table ${name} does not exist`)
    return state
  }

  /** Lets everything go. */
  async abort(): Promise<void> {
    const { freePart } = this.world
    for (const { pending, segments, keys, writing } of this.tables.values()) {
      await writing.catch(() => {})
      for (const { address, bytes } of pending) freePart(address, bytes)
      await this.removeFiles([...segments, ...keys].filter(({ file }) => !this.kept.has(file)))
    }
    this.tables.clear()
  }

  /** What stays is removed at the next start. */
  private async removeFiles(segments: readonly SegmentRef[]): Promise<void> {
    const { disk, segmentFolder } = this.world
    for (const { file } of segments) await disk.removeAsync(join(segmentFolder, file)).catch(() => {})
  }

  private of(state: TableState): Staged {
    let staged = this.tables.get(state.meta.id)
    if (staged === undefined) {
      this.tables.set(state.meta.id, staged = {
        state, pending: [], pendingBytes: 0, pendingRows: 0, segments: [], keys: [], isWritten: false, writing: Promise.resolve(),
      })
    }
    return staged
  }

  /** Begins to write what waits, when the piece before is written. */
  private async next(staged: Staged): Promise<void> {
    await staged.writing
    const { pending } = staged
    if (pending.length === 0) return
    staged.pending = []
    staged.pendingBytes = 0
    staged.pendingRows = 0
    staged.isWritten = true
    staged.writing = this.write(staged, pending)
    staged.writing.catch(() => {}) // told by the next to wait
  }

  private async write(staged: Staged, piece: readonly NewPart[]): Promise<void> {
    const { nowMs, takePartId, freePart } = this.world
    const parts = piece.map(({ address, bytes, rowCount }): PartRef => ({
      kind: 'part', id: takePartId(), address, bytes, rowCount, firstSequence: 0, lastSequence: 0,
    }))
    const { meta } = staged.state
    try {
      staged.segments.push(...await segmentsOf(this.world, meta, parts, nowMs()))
      if (this.keepsKeys(meta)) staged.keys.push(...await segmentsOf(this.world, keyColumnOf(meta), parts, nowMs()))
    } finally {
      for (const { address, bytes } of piece) freePart(address, bytes)
    }
  }

  /** Always in the order of the tables' ids, so that two stages never wait for each other. */
  private async holding(all: readonly Staged[], work: () => Promise<void>): Promise<void> {
    const [first, ...rest] = all
    if (first === undefined) await work()
    else await this.world.alone(first.state, () => this.holding(rest, work))
  }

  private async mask(deleted: StageEffects['deleted'] | null, version: number): Promise<StagedMasks> {
    if (deleted === null || deleted === undefined) return null
    const { tasks, segmentFolder, nowMs } = this.world
    const { meta, segments } = this.named(deleted.table)
    const { masks } = await tasks.run({
      kind: 'mask', table: meta, segments, folder: segmentFolder, condition: deleted.condition, version,
      isDry: false, nowMs: nowMs(),
    })
    const rowsOf = new Map(segments.map((segment) => [segment.id, segment.rowCount]))
    const partial = masks.filter((mask) => mask.maskedRows < (rowsOf.get(mask.segmentId) as number))
    const removed = masks.filter((mask) => !partial.includes(mask)).map(({ segmentId }) => segmentId)
    return { tableId: meta.id, partial, removed }
  }

  private async removeMasks(masks: MaskResult['masks'], version: number): Promise<void> {
    const { disk, segmentFolder } = this.world
    for (const { segmentId } of masks) {
      await disk.removeAsync(join(segmentFolder, maskFile(segmentId, version))).catch(() => {})
    }
  }

  private async show(
    all: readonly Staged[], { replaced = [], deleted, moved, left, ended, changed = () => [] }: StageEffects, masks: StagedMasks,
    { sequence, keys, lost }: Shown,
  ): Promise<void> {
    const { catalog, edit } = this.world
    const truncated = new Set(replaced.map((name) => this.named(name)))
    const from = moved === undefined ? null : this.named(moved.table)
    const leaving = left === undefined ? null : this.named(left.table)
    /** Where the log has keys that count from now on; those of a table that leaves go on counting for its heir. */
    const rangesOf = (tableId: number) => {
      const own = keys.get(tableId)
      const before = tableId === left?.heirId ? leaving?.keyRanges ?? [] : []
      const ranges = [...before.map((range) => ({ of: leaving?.meta.id, ...range })), ...own === undefined ? [] : [own]]
      return ranges.length === 0 ? {} : { keys: ranges }
    }
    const edits = all.flatMap((staged): Edit[] => {
      const { state } = staged
      const tableId = state.meta.id
      const added = staged.segments.flatMap((segment) => shownAs(segment, sequence, lost))
      // Without rows of its own the truncate itself is the table's new version.
      const upTo = truncated.has(state) ? (added.length === 0 ? sequence : sequence - 1)
        // Keys of rows that were truncated stay forgotten, also where the log still has them.
        : tableId === left?.heirId ? leaving?.truncatedUpTo ?? 0 : 0
      return [
        ...(upTo > 0 ? [{ kind: 'truncate' as const, tableId, upTo }] : []),
        ...(masks?.tableId === tableId
          ? [{ kind: 'mask' as const, tableId, version: sequence, masks: masks.partial, removed: masks.removed }] : []),
        {
          kind: 'segments', tableId, added, flushed: state.flushed,
          removed: state === from ? moved?.segmentIds ?? [] : [],
          ...rangesOf(tableId),
        },
      ]
    })
    // Work that has read rows which are others from now on would count both.
    const others = new Set([...truncated, ...deleted === undefined ? [] : [this.named(deleted.table)], ...leaving === null ? [] : [leaving]]
      .map(({ meta }) => meta.id))
    const drops = leaving === null ? [] : [{ kind: 'drop' as const, tableId: leaving.meta.id }]
    const over = () => [
      ...catalog.withoutWork(({ read }) => read.some(({ tableId }) => others.has(tableId))),
      ...ended === undefined ? [] : [{ kind: 'work' as const, tableId: this.named(ended.table).meta.id, key: ended.key, work: null }],
    ]
    const isUnchanged = () => this.isStillSaved(ended) && all.every(({ state }) => this.isThere(state))
      && (moved?.segmentIds ?? []).every((wanted) => from?.segments.some(({ id }) => id === wanted))
      && (leaving === null || holdsJust(leaving, left?.segments ?? []))
    try {
      const isMade = await edit(() => isUnchanged()
        ? [...edits, ...drops, ...changed().map((meta) => ({ kind: 'table' as const, meta })), ...over()] : null)
      if (!isMade) throw new TableGone('their table was removed or emptied meanwhile')
      await this.removeFiles(all.flatMap(({ segments, keys }) => [
        ...segments.filter((segment) => shownAs(segment, sequence, lost).length === 0),
        ...keys.filter(({ file }) => !this.kept.has(file)), // the others go with the work
      ]))
      this.tables.clear()
    } catch (error) {
      // A record in doubt may name the files: they stay until the next start looks.
      if (error instanceof ManifestError && error.isInDoubt) this.tables.clear()
      throw error
    }
  }
}

/** Whether rows of a table may lie in the log unsorted: those of other engines combine as they are written, and
 * by a finer key there may be more partitions than one flush can write, which the write is to be told. */
function mayWait({ engine, partitionBy, columns }: TableMeta): boolean {
  const [isCoarse, , call, name] = /^(|tuple\(\s*\)|(toYYYYMM|toYear|toStartOfMonth)\((\w+)\))$/i.exec(partitionBy.trim()) ?? []
  if (engine !== 'MergeTree' || isCoarse === undefined) return false
  if (call === undefined || call.toLowerCase() === 'toyear') return true
  // A Date32 or DateTime64 has more months than that.
  return /^Date(Time)?(\(|$)/.test(columns.find((column) => column.name === name)?.type ?? '')
}

/** Whether a table's rows are these segments, each as it was. */
const holdsJust = ({ parts, segments }: TableState, wanted: readonly SegmentRef[]): boolean =>
  parts.length === 0 && segments.length === wanted.length
  && wanted.every((one) => segments.some(({ id, maskVersion }) => id === one.id && maskVersion === one.maskVersion))

/** A segment of the stage under the commit's sequence; none where all of its rows are lost. */
function shownAs(segment: SegmentRef, sequence: number, { masks }: LostRows): SegmentRef[] {
  const maskedRows = masks.get(segment.id)?.maskedRows ?? 0
  if (maskedRows === segment.rowCount) return []
  const mask = maskedRows === 0 ? {} : { maskVersion: sequence, maskedRows }
  return [{ ...segment, ...mask, firstSequence: sequence, lastSequence: sequence }]
}
