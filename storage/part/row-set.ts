// What a scan sees of stored rows: the same for a memory part and for a segment file, because both
// are one image (part/image.ts) over different bytes. Everything here is immutable.
//
//   query: exec/scan/scan.ts -> RowSet -> ColumnReader -> zone maps, dictionary, postings, blocks

import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DataType } from '../column/data-type.ts'
import type { Dictionary, Vector } from '../column/vector.ts'
import type { CodePlaces } from './packed-codes.ts'

/** Smallest and largest value of a block or a whole column, NULLs aside; a number for everything
 * that orders as a number (exact up to 2^53, else bigint), bytes for strings (may be cut: `min` is
 * then a lower and `max` an upper bound). */
export type Zone = {
  readonly min: number | bigint | Uint8Array
  readonly max: number | bigint | Uint8Array
  readonly nullCount: number
}

/** The distinct strings of one column of one row set, sorted by bytes: local code = rank. */
export interface LocalDictionary {
  readonly size: number
  /** All strings end to end, and size + 1 offsets into them. Views on shared memory. */
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
  /** The local code of a string by binary search; -1: no row has it. */
  find(bytes: Uint8Array): number
}

/** How to turn a row set's local codes into the table's: toShared[local] = code in `dictionary`. */
export type CodeMap = { readonly dictionary: Dictionary; readonly toShared: Uint32Array }

export interface ColumnReader {
  readonly columnId: number
  readonly type: DataType
  /** Zone over all rows; null where the column keeps none (arrays, maps). */
  readonly zone: Zone | null
  blockZone(block: number): Zone | null
  /** Non-null: rows are local codes of it, and decode/gather may be given a CodeMap. */
  readonly dictionary: LocalDictionary | null
  /** Distinct values where known (dictionary size), else -1. */
  readonly distinctCount: number
  /** Bytes of all strings of the dictionary; 0 without one. */
  readonly dictionaryTextBytes: number
  /** As `dictionary`, for who reads it once: distinctCount + 1 offsets (u32) and the strings, to where
   * `target` begins, which is a multiple of 4. */
  expandDictionary(target: Uint8Array, account?: MemoryAccount): void
  /** Encoded bytes of a block, for `bytes_read`. */
  blockBytes(block: number): number
  /** Bytes of a string column's texts in a block, about; 0 for those of a small block, unless they are wanted. */
  textBytes(block: number, isSmallWanted?: boolean): number
  /** All rows of a block as a vector in the account's memory. With `map` (dictionary columns): a
   * CodesVector; without: bytes. Throws CorruptBlock when the checksum differs. */
  decode(block: number, account: MemoryAccount, map: CodeMap | null, isLazy?: boolean): Vector
  /** How a block is encoded, as it stands: only who reads all of it learns whether it is damaged. */
  codecOf(block: number): number
  /** Calls `use` with the encoded bytes of a block, which are valid until it returns: for merges that
   * rewrite a block without decoding it. */
  withBlock<T>(block: number, use: (bytes: Uint8Array) => T): T
  /** Chosen rows (ascending, numbered within the row set), without unpacking their blocks. */
  gather(rows: Uint32Array, count: number, account: MemoryAccount, map: CodeMap | null): Vector
  /** Local codes of chosen rows (ascending), or what `map` makes of them, to out[at..]. False: the
   * column has no dictionary or NULLs in a block of these rows, and `out` holds nothing of use. */
  gatherCodes(rows: Uint32Array, map: CodeMap | null, out: Uint32Array, at: number): boolean
  /** Where the local codes of chosen rows (ascending) lie, to `places` from number `at` on; to be read before
   * anything else is. False: they are of another kind or not known yet: gatherCodes() learns them. */
  locateCodes(rows: Uint32Array, places: CodePlaces, at: number): boolean
  /** Numbers of chosen rows (ascending) to out[at..]. False: they are of another kind or some is NULL,
   * and `out` holds nothing of use. */
  gatherNumbers(rows: Uint32Array, out: Uint32Array | Float64Array, at: number): boolean
  /** Rows of a block (ascending, numbered within it, in the account) that hold one of these strings;
   * null: such a block must be decoded to tell. */
  equalRows(block: number, wanted: readonly Uint8Array[], account: MemoryAccount): Uint32Array | null
  readonly hasPostings: boolean
  /** Row numbers (ascending) of a local code; a fresh array in ordinary memory. */
  postings(localCode: number): Uint32Array
  /** How many rows have the code, without reading them; -1 where unknown. */
  postingsCount(localCode: number): number
}

export interface RowSet {
  /** Names it in errors: `segment 17 of app_events`. */
  readonly label: string
  readonly rowCount: number
  readonly blockCount: number
  readonly firstSequence: number
  readonly lastSequence: number
  readonly schemaVersion: number
  /** True for segments: rows ascend by the table's sorting key. */
  readonly isSorted: boolean
  /** A bit a row, low first, of rows that are deleted; null: none is. */
  readonly deleted: Uint8Array | null
  /** Which deletes that takes in; 0: none. */
  readonly maskVersion: number
  /** Of a segment: the partition of all its rows. Of a memory part: empty. */
  readonly partition: string
  /** null: the rows were written before the column existed (the scan takes the default). */
  column(columnId: number): ColumnReader | null
  blockRows(block: number): number
}

/** Stored bytes are not what was written. Named so far that a person can find them. */
export class CorruptBlock extends Error {
  constructor(place: string, column: string, block: number, why: string) {
    super(`Corrupt data in ${place}, column ${column}, block ${block}: ${why}`)
    this.name = 'CorruptBlock'
  }
}
