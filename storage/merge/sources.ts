// One column of several row sets, where each of them has it.

import type { ColumnReader, RowSet } from '../part/row-set.ts'

/** Rows of all sources in their new order; null: all, as they stand. */
export type Order = Uint32Array | null

/** `reader.withBlock` hands over blocks by number, `codecOf` says how they are encoded. */
export type Source = {
  readonly set: Pick<RowSet, 'rowCount' | 'blockCount' | 'blockRows'>
  readonly reader: Pick<ColumnReader, 'type' | 'distinctCount' | 'codecOf' | 'withBlock'>
}

/** The column's readers; null: some row set was written before the column existed. */
export function sourcesOf(sets: readonly RowSet[], columnId: number): Source[] | null {
  const sources: Source[] = []
  for (const set of sets) {
    const reader = set.column(columnId)
    if (reader === null) return null
    sources.push({ set, reader })
  }
  return sources
}

/** True where every block is of this codec, without NULLs, and none is codes of a dictionary. */
export const isEveryBlock = (sources: readonly Source[], codec: number): boolean =>
  sources.every(({ set, reader }) => {
    if (reader.distinctCount >= 0) return false
    for (let block = 0; block < set.blockCount; block++) {
      if (reader.codecOf(block) !== codec) return false
    }
    return true
  })
