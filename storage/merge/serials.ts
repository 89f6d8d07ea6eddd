// A String column whose every block is a number between two shared texts (`evt_123`) goes through a
// merge as those numbers: no text is made and read again.

import { ByteReader } from '../bytes/byte-reader.ts'
import { readBlock } from '../codec/block.ts'
import { serialNumbers, writeSerialNumbers } from '../codec/serial-block.ts'
import { CODEC_SERIAL } from '../codec/codecs.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { isSameShape, type SerialShape } from '../column/serial-texts.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import { serialEnds } from '../part/zones.ts'
import { isEveryBlock, type Source } from './sources.ts'

/** All rows of a column: `values` in the account's memory. */
export type SerialRows = { readonly shape: SerialShape; readonly values: Float64Array }

/** The numbers of all rows end to end; null: some block is of another kind, has NULLs, or other texts
 * around its numbers. */
export function readSerials(sources: readonly Source[], rowCount: number, space: EncodeSpace): SerialRows | null {
  if (!isEveryBlock(sources, CODEC_SERIAL)) return null
  const { account, kernels } = space
  const values = account.f64(rowCount)
  let shape: SerialShape | null = null
  let row = 0
  for (const { set, reader } of sources) {
    for (let block = 0; block < set.blockCount; block++) {
      const rows = set.blockRows(block)
      const isAlike = reader.withBlock(block, (bytes) => {
        const copy = account.copyOf(bytes)
        const parsed = readBlock(new ByteReader(copy), reader.type, rows)
        if (parsed.kind !== 'serial') throw new RangeError('a serial block is parsed as another')
        const { prefix, suffix, digits } = parsed.body
        shape ??= { prefix: prefix.slice(), suffix: suffix.slice(), digits }
        if (!isSameShape(shape, parsed.body)) return false
        serialNumbers(parsed.body, copy, values.subarray(row, row + rows), account, kernels)
        account.freeCopy(copy)
        return true
      })
      if (!isAlike) return null
      row += rows
    }
  }
  return shape === null ? null : { shape, values }
}

function pick(values: Float64Array, order: Uint32Array, from: number, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = values[order[from + i]]
}

/** Writes rows order[..] as the blocks of a column that was begun. */
export function writeSerialRows(
  space: EncodeSpace, writer: ImageWriter, { shape, values }: SerialRows, order: Uint32Array,
): void {
  const picked = space.account.f64(BLOCK_ROWS_MAX)
  for (let from = 0; from < order.length; from += BLOCK_ROWS_MAX) {
    const count = Math.min(order.length - from, BLOCK_ROWS_MAX)
    pick(values, order, from, count, picked)
    space.out.u8(CODEC_SERIAL)
    writeSerialNumbers(space, shape, picked, count)
    writer.endBlock(serialEnds(shape, picked, count), 0)
  }
  space.account.free(picked.byteOffset)
}
