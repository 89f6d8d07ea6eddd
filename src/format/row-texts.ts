// Rows of an answer written as their format wants them before they are put in order, by whichever worker
// has read them: what is left for one thread is to copy bytes. Only for formats whose rows stand by
// themselves.
// Invariant: the bytes are those that formatResult() writes of the same rows.

import { STRING } from '../../storage/column/data-type.ts'
import type { Block, BytesVector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { RowTexts } from '../exec/order/row-texts.ts'
import { ByteBuilder } from '../functions/values/byte-builder.ts'
import { newRowWriter, rowFormOf, type Means, type RowForm, type RowWriter } from './json.ts'
import { ResultTooLarge, type QueryResult } from './result.ts'
import { styled } from './styled.ts'

/** Room for what a first block makes known. */
const ROWS_MIN = 1024
/** Rows that a writer has room for, for each written so far: what it knows is lost when it is made anew. */
const ROOM_A_ROW = 8
/** Of a row, as long as none was written. */
const ROW_BYTES = 128
/** Room taken for a block before it is known: rows so far may have been longer ones. */
const ROOM_BYTES_MAX = 4 * 2 ** 20
/** ... beyond what rows so far have taken: a writer counts before it writes, and too much. More room is a copy. */
const ROOM_SHARE = 1.125
const ROOM_SPARE_MAX = 2 ** 20

type Shape = Pick<QueryResult, 'columns' | 'settings'>

/** Limits of a query that count rows or their bytes as they were before they were written. */
const countsRows = ({ max_bytes_to_sort: sorted, result_overflow_mode: mode }: NonNullable<Shape['settings']> = {}): boolean =>
  Number(sorted ?? 0) > 0 || /^break$/i.test(String(mode ?? ''))

/** null: rows of this format, or for these settings, are not written apart. Throws ResultTooLarge beyond `bytesMax`. */
export function rowTextsOf(format: string, shape: Shape, bytesMax: number, means: Means): RowTexts | null {
  const form = rowFormOf(format, shape.columns)
  return form === null || countsRows(shape.settings) ? null : new Writer(shape, form, bytesMax, means)
}

class Writer implements RowTexts {
  private readonly shape: Shape
  private readonly form: RowForm
  private readonly bytesMax: number
  private readonly means: Means
  private writer: RowWriter | null = null
  /** Rows that the writer was made for. */
  private room = 0
  private rows = 0
  private bytes = 0

  constructor(shape: Shape, form: RowForm, bytesMax: number, means: Means) {
    this.shape = shape
    this.form = form
    this.bytesMax = bytesMax
    this.means = means
  }

  textsOf(block: Block, account: MemoryAccount): BytesVector {
    const { rowCount } = block
    const written = this.bytes
    const expected = this.rows === 0 ? ROW_BYTES : Math.ceil(written / this.rows)
    const room = rowCount * expected
    const out = new ByteBuilder(0, account, Math.min(Math.ceil(room * ROOM_SHARE) + Math.min(room, ROOM_SPARE_MAX), ROOM_BYTES_MAX))
    const ends = account.u32(rowCount + 1)
    ends[0] = 0
    const shown = styled({ ...this.shape, blocks: [block], rowsBeforeLimit: null }, true, account)
    this.writerFor(rowCount).write(out, shown.blocks[0], ({ length }) => {
      if (written + length > this.bytesMax) throw new ResultTooLarge(this.bytesMax)
    }, ends.subarray(1))
    this.rows += rowCount
    this.bytes += out.length
    return {
      kind: 'bytes', type: STRING, length: rowCount, isConst: false, nulls: null, offsets: ends,
      bytes: out.bytes.subarray(0, out.length),
    }
  }

  /** What a writer knows of strings has room for the rows it is made for: it is made anew for more. */
  private writerFor(rowCount: number): RowWriter {
    if (this.writer === null || this.rows + rowCount > this.room) {
      this.writer?.end()
      this.room = Math.max(ROWS_MIN, ROOM_A_ROW * (this.rows + rowCount))
      this.writer = newRowWriter(this.shape.columns, this.form, this.room, this.means)
    }
    return this.writer
  }
}
