// What one table consists of now, as lists: a list of row sets is immutable, a change makes the next
// one. A snapshot holds a list; a part's memory and a segment's file go when no list holds them.

import type { PartRef, SegmentRef, Snapshot, TableMeta } from '../face.ts'

export type RowRef = PartRef | SegmentRef

type List = { readonly rows: readonly RowRef[]; pins: number; isRetired: boolean }

/** One table of an open store. */
export class TableState {
  meta: TableMeta
  /** Sequence of the last commit that touched it. */
  version = 0
  /** Every row up to this sequence lies in segments, or is gone. */
  flushed = 0
  truncatedUpTo = 0
  /** A flush or a merge of parts that is under way, or a truncate: none of them starts beside another. */
  partWork: Promise<unknown> | null = null
  segments: readonly SegmentRef[] = []
  /** In sequence order. */
  parts: readonly PartRef[] = []
  /** Encoded bytes of the parts. */
  partBytes = 0
  partRows = 0
  /** A query has come since the last merge of parts. */
  isRead = false
  private list: List = { rows: [], pins: 0, isRetired: false }
  /** How many lists hold a row set. */
  private readonly holders = new Map<RowRef, number>()
  private readonly discard: (ref: RowRef) => void

  constructor(meta: TableMeta, discard: (ref: RowRef) => void) {
    this.meta = meta
    this.discard = discard
  }

  /** Segments first, each kind by sequence. */
  get rows(): readonly RowRef[] { return this.list.rows }

  has(ref: RowRef): boolean { return this.list.rows.includes(ref) }

  /** The next list: without `removed`, with `added`. */
  change(added: readonly RowRef[], removed: (ref: RowRef) => boolean): void {
    const rows = [...this.list.rows.filter((ref) => !removed(ref)), ...added].sort(inOrder)
    for (const ref of rows) this.holders.set(ref, (this.holders.get(ref) ?? 0) + 1)
    const before = this.list
    this.list = { rows, pins: 0, isRetired: false }
    const partsAt = rows.findIndex((ref) => ref.kind === 'part')
    this.segments = (partsAt < 0 ? rows : rows.slice(0, partsAt)) as SegmentRef[]
    this.parts = (partsAt < 0 ? [] : rows.slice(partsAt)) as PartRef[]
    this.partBytes = this.parts.reduce((sum, part) => sum + part.bytes, 0)
    this.partRows = this.parts.reduce((sum, part) => sum + part.rowCount, 0)
    before.isRetired = true
    if (before.pins === 0) this.dropList(before)
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
        if (list.isRetired && list.pins === 0) this.dropList(list)
      },
    }
  }

  private dropList(list: List): void {
    for (const ref of list.rows) {
      const count = (this.holders.get(ref) as number) - 1
      if (count > 0) this.holders.set(ref, count)
      else {
        this.holders.delete(ref)
        this.discard(ref)
      }
    }
  }
}

function inOrder(a: RowRef, b: RowRef): number {
  if (a.kind !== b.kind) return a.kind === 'segment' ? -1 : 1
  return a.firstSequence - b.firstSequence || a.id - b.id
}
