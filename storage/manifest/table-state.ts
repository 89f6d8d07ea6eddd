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
  /** Every row up to this sequence lies in segments, or was truncated. */
  flushed = 0
  truncatedUpTo = 0
  /** A merge of parts, a flush or a merge of segments is under way. */
  isMergingParts = false
  isFlushing = false
  readonly mergingPartitions = new Set<string>()
  private list: List = { rows: [], pins: 0, isRetired: false }
  private readonly holders = new Map<RowRef, number>()
  private readonly discard: (ref: RowRef) => void

  constructor(meta: TableMeta, discard: (ref: RowRef) => void) {
    this.meta = meta
    this.discard = discard
  }

  get rows(): readonly RowRef[] { return this.list.rows }
  get parts(): PartRef[] { return this.rows.filter((ref): ref is PartRef => ref.kind === 'part') }
  get segments(): SegmentRef[] { return this.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment') }

  /** The list without `removed` and with `added`, segments first, each kind by sequence. */
  change(added: readonly RowRef[], removed: ReadonlySet<RowRef>): void {
    const kept = this.list.rows.filter((ref) => !removed.has(ref))
    const rows = [...kept, ...added].sort((a, b) => a.kind === b.kind
      ? a.firstSequence - b.firstSequence || a.id - b.id : a.kind === 'segment' ? -1 : 1)
    for (const ref of rows) this.holders.set(ref, (this.holders.get(ref) ?? 0) + 1)
    const before = this.list
    this.list = { rows, pins: 0, isRetired: false }
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
        if (!isHeld) throw new Error('store: a snapshot was released twice')
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
