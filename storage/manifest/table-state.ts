// What one table consists of now, as lists: a list of row sets is immutable, a change makes the next
// one. A snapshot holds a list; a part's memory and a segment's file go when no list holds them.

import type { PartRef, SavedWork, SegmentRef, Snapshot, TableMeta } from '../face.ts'
import { maskFile } from '../segment/delete-mask.ts'
import type { KeyRange } from './edit.ts'

export type RowRef = PartRef | SegmentRef

/** What nobody reads any more: a part's memory, a file in the folder of the segments. */
export type Discarded = PartRef | { readonly kind: 'file'; readonly file: string }

/** Rows of a row set that no mask takes out. */
export const livingRows = (ref: RowRef): number => ref.rowCount - (ref.kind === 'segment' ? ref.maskedRows : 0)

/** The table as one more view has fed it. */
export const fedBy = (meta: TableMeta, key: string): TableMeta =>
  ({ ...meta, fedBy: [...new Set([...meta.fedBy ?? [], key])] })

type List = { readonly rows: readonly RowRef[]; pins: number; isRetired: boolean }

/** One table of an open store. */
export class TableState {
  meta: TableMeta
  /** Sequence of the last commit that touched it. */
  version = 0
  /** Every row up to this sequence lies in segments, or is gone. */
  flushed = 0
  truncatedUpTo = 0
  /** Where in the log the keys of rows of bulk writes are, as far as they are in no key file. */
  keyRanges: readonly KeyRange[] = []
  /** Work that goes on after a stop, by its key. */
  saved: readonly SavedWork[] = []
  /** A flush or a merge of parts that is under way, or a truncate: none of them starts beside another. */
  partWork: Promise<unknown> | null = null
  segments: readonly SegmentRef[] = []
  /** In sequence order. */
  parts: readonly PartRef[] = []
  /** Encoded bytes of the parts. */
  partBytes = 0
  partRows = 0
  /** Commits whose rows the parts hold, about: what takes out some of them leaves it alone. */
  commits = 0
  /** A query has come since the last merge of parts. */
  isRead = false
  private list: List = { rows: [], pins: 0, isRetired: false }
  /** How many lists hold a part, a segment's file, a mask's file. */
  private readonly holders = new Map<string, number>()
  private readonly discard: (thing: Discarded) => void

  constructor(meta: TableMeta, discard: (thing: Discarded) => void) {
    this.meta = meta
    this.discard = discard
  }

  /** Segments first, each kind by sequence. */
  get rows(): readonly RowRef[] { return this.list.rows }

  has(ref: RowRef): boolean { return this.list.rows.includes(ref) }

  /** The next list: without `removed`, with `added`. What both lists hold is touched only where a snapshot
   * keeps the list before: there may be thousands of parts. */
  change(added: readonly RowRef[], removed: (ref: RowRef) => boolean): void {
    const before = this.list
    const gone = before.rows.filter(removed)
    const kept = gone.length === 0 ? before.rows : before.rows.filter((ref) => !removed(ref))
    const rows = [...kept, ...added]
    // What a start finds, and most of what comes later, comes in order.
    if (added.some((ref, index) => inOrder(index > 0 ? added[index - 1] : kept[kept.length - 1] ?? ref, ref) > 0)) rows.sort(inOrder)
    const isPinned = before.pins > 0
    this.hold(isPinned ? rows : added)
    this.list = { rows, pins: 0, isRetired: false }
    const partsAt = rows.findIndex((ref) => ref.kind === 'part')
    this.segments = (partsAt < 0 ? rows : rows.slice(0, partsAt)) as SegmentRef[]
    this.parts = (partsAt < 0 ? [] : rows.slice(partsAt)) as PartRef[]
    this.partBytes = this.parts.reduce((sum, part) => sum + part.bytes, 0)
    this.partRows = this.parts.reduce((sum, part) => sum + part.rowCount, 0)
    if (this.parts.length === 0) this.commits = 0
    before.isRetired = true
    if (!isPinned) this.drop(gone)
  }

  /** Pins the current list. */
  snapshot(): Snapshot {
    const { list } = this
    list.pins++
    let isHeld = true
    return {
      table: this.meta, version: this.version, rows: list.rows,
      release: () => {
        if (!isHeld) throw new Error(`store: a snapshot of ${this.meta.name} was released twice`)
        isHeld = false
        list.pins--
        if (list.isRetired && list.pins === 0) this.drop(list.rows)
      },
    }
  }

  private hold(rows: readonly RowRef[]): void {
    for (const { key } of rows.flatMap(heldBy)) this.holders.set(key, (this.holders.get(key) ?? 0) + 1)
  }

  private drop(rows: readonly RowRef[]): void {
    for (const { key, thing } of rows.flatMap(heldBy)) {
      const count = (this.holders.get(key) as number) - 1
      if (count > 0) this.holders.set(key, count)
      else {
        this.holders.delete(key)
        this.discard(thing)
      }
    }
  }
}

/** What lives as long as a list names it. A segment's file may be named with several masks. */
function heldBy(ref: RowRef): { key: string; thing: Discarded }[] {
  if (ref.kind === 'part') return [{ key: `part ${ref.id}`, thing: ref }]
  const segment = { key: ref.file, thing: { kind: 'file', file: ref.file } } as const
  if (ref.maskedRows === 0) return [segment]
  const file = maskFile(ref.id, ref.maskVersion)
  return [segment, { key: file, thing: { kind: 'file', file } }]
}

function inOrder(a: RowRef, b: RowRef): number {
  if (a.kind !== b.kind) return a.kind === 'segment' ? -1 : 1
  return a.firstSequence - b.firstSequence || orderOf(a) - orderOf(b)
}

/** A merged segment stands where the first of those that it was made of stood. */
export const orderOf = (ref: RowRef): number => (ref.kind === 'segment' ? ref.order : undefined) ?? ref.id
