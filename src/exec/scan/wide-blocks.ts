// How many rows of a block a scan reads together: all of them, unless their texts are long beside the query's
// memory. So it is enough however long texts are.

import type { ScanRowSet } from './scan-row-set.ts'

/** Texts of a block, of all columns that a scan reads, up to this share of the query's memory are read at
 * once. */
const TEXTS_SHARE = 1 / 16
/** ... others in no more pieces than so many: each looks at what the block has in common. */
const PIECES_MAX = 32

/** `texts`: the string columns that are read. */
export function rowsAtATime(
  { rowSet, readers, maps }: ScanRowSet, texts: readonly number[], block: number, limitBytes: number,
): number {
  const rows = rowSet.blockRows(block)
  let bytes = 0
  for (const column of texts) if (maps[column] === null) bytes += readers[column]?.textBytes(block) ?? 0
  const bytesMax = limitBytes * TEXTS_SHARE
  return bytes <= bytesMax ? rows : Math.ceil(rows / Math.min(PIECES_MAX, rows, Math.ceil(bytes / bytesMax)))
}
