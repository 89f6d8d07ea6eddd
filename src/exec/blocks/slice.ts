// Rows [from, to) of vectors and blocks, as views: no byte is copied.

import { packedSlice } from '../../../storage/column/packed-texts.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import { asConst } from '../../functions/values/vectors.ts'

/** A view of the rows; a constant stays one. */
export function sliceVector(vector: Vector, from: number, to: number): Vector {
  const length = to - from
  if (vector.isConst) return asConst(vector, length)
  const { type, isConst } = vector
  const nulls = vector.nulls === null ? null : vector.nulls.subarray(from, to)
  switch (vector.kind) {
    case 'number': return { kind: 'number', type, length, isConst, nulls, values: vector.values.subarray(from, to) }
    case 'big': return { kind: 'big', type, length, isConst, nulls, values: vector.values.subarray(from, to) }
    case 'codes': {
      const codes = vector.codes.subarray(from, to)
      return { kind: 'codes', type, length, isConst, nulls, codes, dictionary: vector.dictionary }
    }
    case 'bytes': {
      const packed = packedSlice(vector, nulls, from, to)
      if (packed !== null) return packed
      const offsets = vector.offsets.subarray(from, to + 1)
      return { kind: 'bytes', type, length, isConst, nulls, offsets, bytes: vector.bytes }
    }
    case 'array': {
      const offsets = vector.offsets.subarray(from, to + 1)
      return { kind: 'array', type, length, isConst, nulls, offsets, values: vector.values }
    }
    case 'tuple':
      return { kind: 'tuple', type, length, isConst, nulls, fields: vector.fields.map((f) => sliceVector(f, from, to)) }
  }
}

export const sliceBlock = (block: Block, from: number, to: number): Block => ({
  rowCount: to - from, columns: block.columns.map((column) => sliceVector(column, from, to)),
})

/** Hands on a block of any length in pieces that operators may rely on. */
export function inPieces(block: Block, push: (piece: Block) => void): void {
  if (block.rowCount <= BLOCK_ROWS_MAX) {
    if (block.rowCount > 0) push(block)
    return
  }
  for (let from = 0; from < block.rowCount; from += BLOCK_ROWS_MAX) {
    push(sliceBlock(block, from, Math.min(block.rowCount, from + BLOCK_ROWS_MAX)))
  }
}
