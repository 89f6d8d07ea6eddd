// All tables of an open store, and how an edit changes them: the same at the start, when the manifest's
// records are read back, and later, when a record has become durable.

import type { PartRef, SavedWork, SegmentRef, TableMeta } from '../face.ts'
import { maskFile } from '../segment/delete-mask.ts'
import { keyColumnOf, keyedBy } from '../wal/row-key-tables.ts'
import type { KeyedTable, KeysPlace } from '../wal/row-key-world.ts'
import { FRESH, type Edit, type KeyRange, type ManifestRecord, type Standing } from './edit.ts'
import { TableState, type Discarded } from './table-state.ts'

type SegmentsEdit = Extract<Edit, { kind: 'segments' }>

export class Catalog {
  readonly states = new Map<number, TableState>()
  private readonly byName = new Map<string, TableState>()
  private readonly discard: (thing: Discarded) => void
  private nextTableId = FRESH.nextTableId
  private nextColumnId = FRESH.nextColumnId
  private nextSegmentId = FRESH.nextSegmentId
  /** Every transaction up to this sequence has changed its tables. */
  applied = FRESH.reached
  /** Rows of this sequence and later may lie in the log alone, as the last durable record says. */
  needed = FRESH.needed

  /** Keys of rows up to this sequence are in key files. */
  keysPersisted = 0

  /** False while the log's parts are not in their tables yet: until then `needed` stays as it was read. */
  isRecovered = false

  /** `discard`: nothing reads a part or a segment any more. */
  constructor(discard: (thing: Discarded) => void) { this.discard = discard }

  named(name: string): TableState | undefined { return this.byName.get(name) }

  takeTableId(): number { return this.nextTableId++ }
  takeColumnId(): number { return this.nextColumnId++ }
  /** The first of `count` ids. */
  takeSegmentIds(count: number): number { return (this.nextSegmentId += count) - count }
  /** Ids [from, to) that no file has had: given again, unless others were taken since. */
  returnSegmentIds(from: number, to: number): void { if (this.nextSegmentId === to) this.nextSegmentId = from }

  /** Reads a record back. */
  load({ edits, standing }: ManifestRecord): void {
    for (const edit of edits) this.apply(edit)
    this.nextTableId = standing.nextTableId
    this.nextColumnId = standing.nextColumnId
    this.nextSegmentId = standing.nextSegmentId
    this.applied = standing.reached
    this.needed = standing.needed
  }

  /** Parts that were read back from the log join their tables. */
  addRecovered(parts: readonly { readonly tableId: number; readonly ref: PartRef }[]): void {
    const byTable = new Map<number, PartRef[]>(parts.map(({ tableId }) => [tableId, []]))
    for (const { tableId, ref } of parts) (byTable.get(tableId) as PartRef[]).push(ref)
    for (const [id, refs] of byTable) {
      const state = this.states.get(id) as TableState
      state.change(refs, () => false)
      state.commits += refs.length
      state.version = Math.max(state.version, refs[refs.length - 1].lastSequence)
    }
  }

  /** A record of edits that are about to be made. */
  record(edits: readonly Edit[]): ManifestRecord {
    return { edits, standing: this.standingAfter(edits) }
  }

  /** Everything that is true now as one record. */
  current(): ManifestRecord {
    return this.record([...this.states.values()].flatMap((state): Edit[] => [
      { kind: 'table', meta: state.meta },
      { kind: 'truncate', tableId: state.meta.id, upTo: state.truncatedUpTo },
      {
        kind: 'segments', tableId: state.meta.id, added: state.segments, removed: [], flushed: state.flushed,
        ...this.keysOf(state),
      },
      ...state.saved.map((work) => ({ kind: 'work' as const, tableId: state.meta.id, key: work.key, work })),
    ]))
  }

  /** Whether keys of a bulk write into a table that the log holds at a sequence count: of its rows, of its client. */
  showsKeys(tableId: number, sequence: number): boolean {
    return [...this.states.values()].some(({ meta: { id }, keyRanges }) => keyRanges.some(({ from, to, of = id }) =>
      of === tableId && from <= sequence && sequence <= to))
  }

  /** By what a table tells its rows apart; null: it does not, or is gone. */
  keyedTable(tableId: number): KeyedTable | null {
    const state = this.states.get(tableId)
    const key = state === undefined ? null : keyedBy(state.meta)
    return state === undefined || key === null ? null : { ...key, truncatedUpTo: state.truncatedUpTo }
  }

  /** The table that has taken over another one's rows, and the keys of them; else the same. */
  heirOf(of: KeysPlace): KeysPlace {
    if (this.states.has(of.tableId)) return of
    for (const { meta } of this.states.values()) {
      const own = meta.keysOf?.find(({ tableId, columnId }) => tableId === of.tableId && columnId === of.columnId)
      if (own !== undefined) return { tableId: meta.id, columnId: own.ownColumnId }
    }
    return of
  }

  private keysOf(state: TableState): { readonly keys?: readonly KeyRange[] } {
    const keys = state.keyRanges.filter(({ to }) => to > this.keysPersisted)
    return keys.length === 0 ? {} : { keys }
  }

  apply(edit: Edit): void {
    if (edit.kind === 'table') {
      this.applyTable(edit.meta)
      return
    }
    const state = this.states.get(edit.tableId)
    if (state === undefined) return
    if (edit.kind === 'segments') applySegments(state, edit)
    else if (edit.kind === 'truncate') applyTruncate(state, edit.upTo)
    else if (edit.kind === 'mask') applyMask(state, edit)
    else if (edit.kind === 'work') this.applyWork(state, edit.key, edit.work)
    else {
      this.states.delete(edit.tableId)
      this.byName.delete(state.meta.name)
      for (const { key } of state.saved) this.applyWork(state, key, null)
      state.change([], () => true)
    }
  }

  /** Files of work that is given up go; those of work that is over belong to their tables by now. */
  private applyWork(state: TableState, key: string, work: SavedWork | null): void {
    const before = state.saved.find((one) => one.key === key)
    state.saved = [...state.saved.filter((one) => one !== before), ...work === null ? [] : [work]]
    const left = new Set(work === null ? [] : stagedBy(work).map(({ file }) => file))
    for (const { tableId, segments, keys = [] } of before?.staged ?? []) {
      const shown = new Set(this.states.get(tableId)?.segments.map(({ id }) => id))
      for (const { id, file } of [...segments, ...keys]) {
        if (!left.has(file) && !shown.has(id)) this.discard({ kind: 'file', file })
      }
    }
  }

  /** Segments of work that goes on after a stop: nobody sees them yet. */
  stagedSegments(): { readonly meta: TableMeta; readonly segment: SegmentRef }[] {
    return [...this.states.values()].flatMap(({ saved }) => saved).flatMap(({ staged }) => staged)
      .flatMap(({ tableId, segments, keys = [] }) => {
        const meta = this.states.get(tableId)?.meta
        return meta === undefined ? [] : [
          ...segments.map((segment) => ({ meta, segment })), ...keys.map((segment) => ({ meta: keyColumnOf(meta), segment }))]
      })
  }

  /** Names of all files that belong to the store. */
  segmentFiles(): Set<string> {
    const segments = [...this.states.values()].flatMap((state) => state.segments)
    return new Set([
      ...segments.flatMap(({ id, file, maskVersion }) => [file, maskFile(id, maskVersion)]),
      ...this.stagedSegments().map(({ segment }) => segment.file),
    ])
  }

  /** Tables whose segments some work has read in part. */
  readBySaved(): Set<number> {
    return new Set([...this.states.values()].flatMap(({ saved }) => saved)
      .flatMap(({ read }) => read.map(({ tableId }) => tableId)))
  }

  /** Edits that give up the work that fulfils a condition. */
  withoutWork(isGivenUp: (work: SavedWork) => boolean): Edit[] {
    return [...this.states.values()].flatMap(({ meta, saved }) => saved.filter(isGivenUp)
      .map(({ key }) => ({ kind: 'work' as const, tableId: meta.id, key, work: null })))
  }

  private applyTable(meta: TableMeta): void {
    const known = this.states.get(meta.id)
    const state = known ?? new TableState(meta, this.discard)
    if (known !== undefined) this.byName.delete(known.meta.name)
    state.meta = meta
    this.states.set(meta.id, state)
    this.byName.set(meta.name, state)
  }

  /** The first sequence that the log alone may hold is that of the oldest part which the edits leave. */
  private standingAfter(edits: readonly Edit[]): Standing {
    const gone = new Map<number, number>()
    for (const edit of edits) {
      if (edit.kind === 'drop') gone.set(edit.tableId, Number.POSITIVE_INFINITY)
      else if (edit.kind === 'truncate') gone.set(edit.tableId, edit.upTo)
      else if (edit.kind === 'segments') gone.set(edit.tableId, edit.flushed)
    }
    let needed = this.isRecovered ? this.applied + 1 : this.needed
    for (const [id, { parts }] of this.states) {
      const upTo = gone.get(id) ?? 0
      const oldest = parts.find((part) => part.lastSequence > upTo)
      if (oldest !== undefined) needed = Math.min(needed, oldest.firstSequence)
    }
    const { nextTableId, nextColumnId, nextSegmentId, applied } = this
    return { nextTableId, nextColumnId, nextSegmentId, reached: applied, needed }
  }
}

export const stagedBy = ({ staged }: SavedWork): SegmentRef[] => staged.flatMap(({ segments, keys = [] }) => [...segments, ...keys])

function applySegments(state: TableState, { added, removed, flushed, keys = [] }: SegmentsEdit): void {
  if (keys.length > 0) state.keyRanges = [...state.keyRanges, ...keys]
  const removedIds = new Set(removed)
  state.flushed = Math.max(state.flushed, flushed)
  // A truncate may have come while the rows were on their way: what it removed must not come back.
  const living = added.filter((segment) => segment.lastSequence > state.truncatedUpTo)
  state.change(living, (ref) => ref.kind === 'segment' ? removedIds.has(ref.id)
    : ref.lastSequence <= flushed)
  for (const segment of living) state.version = Math.max(state.version, segment.lastSequence)
}

function applyMask(state: TableState, { version, masks, removed }: Extract<Edit, { kind: 'mask' }>): void {
  const masked = new Map(masks.map(({ segmentId, maskedRows }) => [segmentId, maskedRows]))
  const next = state.segments.flatMap((segment): SegmentRef[] => {
    const maskedRows = masked.get(segment.id)
    return maskedRows === undefined ? [] : [{ ...segment, maskVersion: version, maskedRows }]
  })
  state.change(next, (ref) => ref.kind === 'segment' && (masked.has(ref.id) || removed.includes(ref.id)))
  state.version = Math.max(state.version, version)
}

function applyTruncate(state: TableState, upTo: number): void {
  state.truncatedUpTo = Math.max(state.truncatedUpTo, upTo)
  state.version = Math.max(state.version, upTo)
  state.change([], (ref) => ref.lastSequence <= upTo)
}
