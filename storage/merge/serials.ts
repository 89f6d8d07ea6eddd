// A String column whose every block is a number between two shared texts (`evt_123`) goes through a
// merge as those numbers: no text is made and read again.

import { ByteReader } from '../bytes/byte-reader.ts'
import { readBlock } from '../codec/block.ts'
import {
  serialNumbers, writeSerialNumbers, type SerialBlock, type SerialShape,
} from '../codec/serial-block.ts'
import { CODEC_SERIAL } from '../codec/codecs.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import type { ColumnReader, RowSet } from '../part/row-set.ts'
import { serialEnds } from '../part/zones.ts'

/** All rows of a column: `values` in the account's memory. */
export type SerialRows = { readonly shape: SerialShape; readonly values: Float64Array }

/** The numbers of all rows end to end; null: some block is of another kind, or has NULLs. */
export function readSerials(
  sets: readonly RowSet[], readers: readonly ColumnReader[], space: EncodeSpace,
): SerialRows | null {
  const { account, kernels } = space
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  const values = account.f64(rowCount)
  let shape: SerialShape | null = null
  let row = 0
  for (let index = 0; index < sets.length; index++) {
    const reader = readers[index]
    for (let block = 0; block < sets[index].blockCount; block++) {
      const rows = sets[index].blockRows(block)
      const numbers = reader.withBlock(block, (bytes) => {
        const found = serialBlockOf(bytes, reader, rows, account)
        if (found === null || (shape !== null && !isSameShape(shape, found.body))) {
          if (found !== null) account.freeCopy(found.copy)
          return false
        }
        const { prefix, suffix, digits } = found.body
        shape ??= { prefix: prefix.slice(), suffix: suffix.slice(), digits }
        serialNumbers(found.body, found.copy, values.subarray(row, row + rows), account, kernels)
        account.freeCopy(found.copy)
        return true
      })
      if (!numbers) {
        account.free(values.byteOffset)
        return null
      }
      row += rows
    }
  }
  if (shape === null) account.free(values.byteOffset)
  return shape === null ? null : { shape, values }
}

/** The block, copied to work memory; null: it is no SERIAL without NULLs. */
function serialBlockOf(
  bytes: Uint8Array, reader: ColumnReader, rows: number, account: MemoryAccount,
): { body: SerialBlock; copy: Uint8Array } | null {
  if (reader.dictionary !== null || bytes[0] !== CODEC_SERIAL) return null
  const copy = account.copyOf(bytes)
  const block = readBlock(new ByteReader(copy), reader.type, rows)
  if (block.kind !== 'serial') throw new RangeError('a serial block is parsed as another')
  return { body: block.body, copy }
}

const isSameShape = (a: SerialShape, b: SerialShape): boolean => a.digits === b.digits
  && Buffer.compare(a.prefix, b.prefix) === 0 && Buffer.compare(a.suffix, b.suffix) === 0

/** Writes rows order[..] as the blocks of a column that was begun. */
export function writeSerialRows(
  space: EncodeSpace, writer: ImageWriter, { shape, values }: SerialRows, order: Uint32Array,
): void {
  const picked = space.account.f64(BLOCK_ROWS_MAX)
  for (let from = 0; from < order.length; from += BLOCK_ROWS_MAX) {
    const count = Math.min(order.length - from, BLOCK_ROWS_MAX)
    for (let i = 0; i < count; i++) picked[i] = values[order[from + i]]
    space.out.u8(CODEC_SERIAL)
    writeSerialNumbers(space, shape, picked, count)
    writer.endBlock(serialEnds(shape, picked, count), 0)
  }
  space.account.free(picked.byteOffset)
}
