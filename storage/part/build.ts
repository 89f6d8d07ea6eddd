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

/** An image in the making, a column at a time: whoever has other work does it between two. Scratch is taken
 * from the account and returned at the end. */
export class ImageBuild {
  private readonly input: BuildInput
  private readonly rowCount: number
  private readonly space: EncodeSpace
  private readonly writer: ImageWriter
  private written = 0

  /** In `place`: ordinary memory where none is given. */
  constructor(input: BuildInput, account: MemoryAccount, kernels: Kernels, place?: ByteRoom) {
    this.input = input
    this.rowCount = input.columns[0]?.vector.length ?? 0
    this.space = new EncodeSpace(account, kernels)
    this.writer = new ImageWriter(this.space, null, place, 512 + this.rowCount * input.columns.length)
  }

  /** Writes the next column; false: none is left. */
  writeNext(): boolean {
    const { input: { columns, withPostings }, rowCount } = this
    if (this.written === columns.length) return false
    const column = columns[this.written++]
    if (column.vector.length !== rowCount) {
      throw new Error(`build: column ${column.name} has ${column.vector.length} rows, not ${rowCount}`)
    }
    writeColumn(this.space, this.writer, column, withPostings)
    return true
  }

  /** The image, once all columns are written. */
  finish(): Uint8Array {
    const { input: { tableId, schemaVersion, isSorted, partition }, rowCount } = this
    const image = this.writer.finish({ tableId, schemaVersion, rowCount, isSorted, partition })
    this.space.release()
    return image
  }
}

/** All of an image at once. */
export function buildImage(
  input: BuildInput, account: MemoryAccount, kernels: Kernels, place?: ByteRoom,
): Uint8Array {
  const build = new ImageBuild(input, account, kernels, place)
  while (build.writeNext());
  return build.finish()
}
