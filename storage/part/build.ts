// Columns to one image: strings sorted into dictionaries, rows cut into blocks, zone maps, postings.
// The same bytes serve in the log, in memory and as a segment file.

import type { ByteRoom } from '../bytes/byte-writer.ts'
import type { DataType } from '../column/data-type.ts'
import type { Vector } from '../column/vector.ts'
import { EncodeSpace } from '../codec/space.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { writeColumn } from './column-writer.ts'
import { ImageWriter } from './image-writer.ts'

export type BuildColumn = {
  readonly id: number
  readonly name: string
  readonly type: DataType
  readonly vector: Vector
}

export type BuildInput = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly isSorted: boolean
  readonly partition: string
  /** Segments keep postings, parts do not: they are small and short-lived. */
  readonly withPostings: boolean
  /** Vectors of any length, all the same, none constant; codes over dictionaries that have `bytes`
   * and `offsets` (LocalStrings, in any order). Vectors in the account's work memory are read in
   * place, others are copied there piece by piece. */
  readonly columns: readonly BuildColumn[]
}

/** The image, in `place`: ordinary memory where none is given. Scratch is taken from the account and
 * returned. */
export function buildImage(
  input: BuildInput, account: MemoryAccount, kernels: Kernels, place?: ByteRoom,
): Uint8Array {
  const rowCount = input.columns[0]?.vector.length ?? 0
  const space = new EncodeSpace(account, kernels)
  const writer = new ImageWriter(space, null, place, 512 + rowCount * input.columns.length)
  for (const column of input.columns) {
    if (column.vector.length !== rowCount) {
      throw new Error(`build: column ${column.name} has ${column.vector.length} rows, not ${rowCount}`)
    }
    writeColumn(space, writer, column, input.withPostings)
  }
  const { tableId, schemaVersion, isSorted, partition } = input
  const image = writer.finish({ tableId, schemaVersion, rowCount, isSorted, partition })
  space.release()
  return image
}
