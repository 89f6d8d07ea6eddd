// Row sets without postings, looked through for few strings of a column in what is stored: what is found goes with the
// rows that the postings of other row sets name. A block that goes its own way through the operators, for a row or two,
// costs more than the look at its strings.
// Invariant: the rows found are those of the blocks asked for that hold one of the strings.

import { BLOCK_ROWS_MAX } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import type { StringBound } from '../expressions/text-bounds.ts'

/** Row sets of so few rows are looked through whatever their column is like. */
export const SMALL_ROWS_MAX = 2048
/** More rows would be more than a morsel. */
const LOOKED_ROWS_MAX = 2 ** 20
const LOOKED_VALUES_MAX = 16
/** Blocks of more bytes (32 a row) are more work than their rows tell, and go into morsels of a few. */
const LOOKED_BLOCK_BYTES_MAX = 2 ** 18
/** A column of fewer strings has most of them in too many rows. */
const DISTINCT_MIN = 64
/** More rows than this share are read by the block. */
const FOUND_SHARE = 1 / 64
/** A row that is looked at costs as much as this share of one that is gathered, and a row set as much as so many. */
const LOOK_SHARE = 1 / 32
const LOOK_ROWS = 256

/** How many rows could be gathered in the time of a look at `rows` of a row set. */
export const lookedWork = (rows: number): number => LOOK_ROWS + rows * LOOK_SHARE

/** Whether a row set is to be looked through for the strings of a bound, as far as it tells by itself. */
export function canLookThrough({ rowCount }: RowSet, reader: ColumnReader, { values }: StringBound): boolean {
  if (values.length > LOOKED_VALUES_MAX) return false
  if (rowCount <= SMALL_ROWS_MAX) return true
  const { distinctCount } = reader
  return rowCount <= LOOKED_ROWS_MAX && (distinctCount < 0 || distinctCount > DISTINCT_MIN)
    && reader.blockBytes(0) <= LOOKED_BLOCK_BYTES_MAX
}

/** Whether few rows of a block hold one of the strings; false, too, where only decoding it would tell. */
export function isRareIn({ values }: StringBound, reader: ColumnReader, block: number, scratch: MemoryAccount): boolean {
  const rows = reader.equalRows(block, values, scratch)
  if (rows === null) return false
  scratch.free(rows.byteOffset)
  return rows.length <= BLOCK_ROWS_MAX * FOUND_SHARE
}

/** The rows that hold one of the strings, ascending and in ordinary memory; null: blocks must be decoded to tell, or
 * the rows are too many to be gathered. */
export function lookedRows(
  rowSet: RowSet, reader: ColumnReader, { values }: StringBound, blocks: readonly number[], scratch: MemoryAccount,
): Uint32Array | null {
  const most = Math.max(SMALL_ROWS_MAX, rowSet.rowCount * FOUND_SHARE)
  const all: number[] = []
  for (const block of blocks) {
    const rows = reader.equalRows(block, values, scratch)
    if (rows === null) return null
    const first = block * BLOCK_ROWS_MAX
    for (let i = 0; i < rows.length; i++) all.push(first + rows[i])
    scratch.free(rows.byteOffset)
    if (all.length > most) return null
  }
  return Uint32Array.from(all)
}
