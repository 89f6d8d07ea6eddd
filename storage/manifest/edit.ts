// What can happen to the tables of a store, as the manifest keeps it. FORMAT.md, "Manifest".

import type { SavedWork, SegmentRef, TableMeta } from '../face.ts'

export type Edit =
  /** A table is made or changed. */
  | { readonly kind: 'table'; readonly meta: TableMeta }
  | { readonly kind: 'drop'; readonly tableId: number }
  /** Segments appear and go. `flushed`: every row of the table up to this sequence lies in segments
   * now, or is gone. `keys`: keys of rows that the log holds at these sequences count from now on. */
  | {
    readonly kind: 'segments'; readonly tableId: number; readonly added: readonly SegmentRef[]
    readonly removed: readonly number[]; readonly flushed: number; readonly keys?: readonly KeyRange[]
  }
  /** Rows of segments are deleted: new masks, each with how many rows of its segment are gone in all;
   * segments without any row left go. */
  | {
    readonly kind: 'mask'; readonly tableId: number; readonly version: number
    readonly masks: readonly { readonly segmentId: number; readonly maskedRows: number }[]
    readonly removed: readonly number[]
  }
  /** How far work on a table is that goes on after a stop; null: it is over, or given up. */
  | { readonly kind: 'work'; readonly tableId: number; readonly key: string; readonly work: SavedWork | null }
  /** Rows up to and with this sequence are gone. */
  | { readonly kind: 'truncate'; readonly tableId: number; readonly upTo: number }

/** Sequences, both in it. `of`: the table under whose id the log has the keys, which is gone; absent: the one that has
 * the range. */
export type KeyRange = { readonly from: number; readonly to: number; readonly of?: number }

/** Where the store stands; part of every record, so that nothing is given twice after a crash. */
export type Standing = {
  readonly nextTableId: number
  readonly nextColumnId: number
  readonly nextSegmentId: number
  /** The log has reached this sequence. */
  readonly reached: number
  /** Rows of this sequence and later may lie in the log alone. */
  readonly needed: number
}

export const FRESH: Standing = {
  nextTableId: 1, nextColumnId: 1, nextSegmentId: 1, reached: 0, needed: 1,
}

/** Edits that happen together or not at all, and where the store stands with them. */
export type ManifestRecord = { readonly edits: readonly Edit[]; readonly standing: Standing }
