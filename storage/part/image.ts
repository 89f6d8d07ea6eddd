// An image as a RowSet: opened once a worker, columns read on demand.

import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { ByteSource } from './byte-source.ts'
import { ImageColumn } from './column-reader.ts'
import { readFooter } from './footer.ts'
import type { ColumnReader, RowSet } from './row-set.ts'

/** What the image itself does not know: sequences are given when the commit is made, after it. */
export type ImagePlace = {
  readonly label: string
  readonly firstSequence: number
  readonly lastSequence: number
  /** Rows of a segment that its delete mask takes out. */
  readonly deleted?: Uint8Array | null
  readonly maskVersion?: number
}

/** Reads the footer; throws when the image is damaged or newer. */
export function openImage(source: ByteSource, place: ImagePlace, kernels: Kernels): RowSet {
  const { label, firstSequence, lastSequence } = place
  const footer = readFooter(label, source.byteLength, (at, bytes) => source.read(at, bytes))
  const { rowCount, schemaVersion, isSorted, partition } = footer
  const readers = new Map<number, ColumnReader | null>()
  const column = (columnId: number): ColumnReader | null => {
    const known = readers.get(columnId)
    if (known !== undefined) return known
    const entry = footer.entry(columnId)
    const reader = entry === null ? null : new ImageColumn(source, label, entry, rowCount, kernels)
    readers.set(columnId, reader)
    return reader
  }
  return {
    label, rowCount, schemaVersion, isSorted, partition, firstSequence, lastSequence, column,
    deleted: place.deleted ?? null, maskVersion: place.maskVersion ?? 0,
    blockCount: Math.ceil(rowCount / BLOCK_ROWS_MAX),
    blockRows: (block) => Math.min(BLOCK_ROWS_MAX, rowCount - block * BLOCK_ROWS_MAX),
  }
}
