// Chosen rows of blocks that are not dictionary-coded, read by row number. Packed numbers are read in
// place; strings and nested values from their block, which is decoded once.

import { bareType, type DataType } from '../column/data-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../column/vector.ts'
import { bitsAt } from '../kernels/bits.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { numberArray, storageOf } from './arrays.ts'
import { CODEC_PACKED, isNullAt, readBlockHead } from './block.ts'
import { decodeBlock } from './decode.ts'
import { concatVectors, takeRows } from './take.ts'

/** Rows ascend and are numbered within the row set; blockAt(b) is the encoded block. */
export function gatherRows(
  rows: Uint32Array, count: number, type: DataType, account: MemoryAccount, kernels: Kernels,
  blockAt: (block: number) => Uint8Array,
): Vector {
  const pieces: Vector[] = []
  for (let from = 0; from < count;) {
    const block = Math.floor(rows[from] / BLOCK_ROWS_MAX)
    let to = from + 1
    while (to < count && rows[to] < (block + 1) * BLOCK_ROWS_MAX) to++
    pieces.push(gatherBlock(rows, from, to, block * BLOCK_ROWS_MAX, type, account, kernels, blockAt(block)))
    from = to
  }
  return concatVectors(pieces, type, account)
}

function gatherBlock(
  rows: Uint32Array, from: number, to: number, firstRow: number, type: DataType,
  account: MemoryAccount, kernels: Kernels, bytes: Uint8Array,
): Vector {
  const head = readBlockHead(bytes)
  const length = to - from
  if (head.codec !== CODEC_PACKED) {
    const local = account.u32(length)
    for (let index = 0; index < length; index++) local[index] = rows[from + index] - firstRow
    return takeRows(decodeBlock(bytes, type, account, kernels), local, length, account)
  }
  const values = numberArray(storageOf(bareType(type)), length, account)
  const nulls = head.nullsAt < 0 ? null : account.u8(length)
  for (let index = 0; index < length; index++) {
    const row = rows[from + index] - firstRow
    values[index] = head.width === 0 ? head.base : head.base + bitsAt(bytes, head.valuesAt, head.width, row)
    if (nulls !== null) nulls[index] = isNullAt(bytes, head.nullsAt, row) ? 1 : 0
  }
  return { kind: 'number', type, length, isConst: false, nulls, values }
}
