// A row set as a scan reads it, and chosen rows of one.

import type { CodeMap, ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import type { EnteredColumn } from '../dictionaries/entered-column.ts'

/** A row set as a scan reads it: readers and code maps by column of the scan. */
export type ScanRowSet = {
  readonly rowSet: RowSet
  readonly readers: readonly (ColumnReader | null)[]
  /** null: the column is read as it is (bytes, where it has a dictionary). */
  readonly maps: readonly (CodeMap | null)[]
  /** Of columns that this row set has as plain bytes and the scan wants as shared codes. */
  readonly entered: readonly (EnteredColumn | null)[]
}

/** Chosen rows of one row set, ascending; `place`: where the first of them stands among the rows of their string
 * (string-rows.ts), the others behind it; -1: not known. */
export type RowList = { readonly from: ScanRowSet; readonly rows: Uint32Array; readonly place: number }

/** The rows of a string in a row set, and where they stand among all of its rows. */
export type KnownRows = { readonly rows: Uint32Array; readonly place: number }
