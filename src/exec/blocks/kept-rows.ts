// Blocks that outlive their morsel: kept in the query's account, joined into one when they are
// needed together.

import { concatVectors } from '../../../storage/codec/take.ts'
import { freePacked, packedOf } from '../../../storage/column/packed-texts.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, pick, retype } from '../../functions/values/vectors.ts'
import { flattenBlock, keepBlock, keepVector, type FlatBlock } from './block-codec.ts'

/** Returns the arrays of a vector that keepVector or pick made in `account`. */
export function freeVector(vector: Vector, account: MemoryAccount): void {
  if (vector.nulls !== null) account.free(vector.nulls.byteOffset)
  switch (vector.kind) {
    case 'number': case 'big': account.free(vector.values.byteOffset); break
    case 'codes': account.free(vector.codes.byteOffset); break
    case 'bytes': {
      const packed = packedOf(vector)
      if (packed !== null) freePacked(packed, account)
      else for (const array of [vector.offsets, vector.bytes]) account.free(array.byteOffset)
      break
    }
    case 'array':
      account.free(vector.offsets.byteOffset)
      freeVector(vector.values, account)
      break
    case 'tuple': for (const field of vector.fields) freeVector(field, account)
  }
}

/** Bytes of the values of a kept vector. */
function bytesOf(vector: Vector): number {
  switch (vector.kind) {
    case 'number': case 'big': return vector.values.byteLength
    case 'codes': return vector.codes.byteLength
    case 'bytes': return packedOf(vector)?.values.byteLength ?? vector.offsets.byteLength + vector.bytes.byteLength
    case 'array': return vector.offsets.byteLength + bytesOf(vector.values)
    case 'tuple': return vector.fields.reduce((sum, field) => sum + bytesOf(field), 0)
  }
}

export const freeBlock = (block: Block, account: MemoryAccount): void => {
  for (const column of block.columns) freeVector(column, account)
}

/** Whether columns of several blocks can be copied one behind the other: values are laid out alike, and codes
 * are of one dictionary. */
export function isJoinable(pieces: readonly Vector[]): boolean {
  const [first] = pieces
  return pieces.length > 1 && pieces.every((piece) => {
    if (piece.isConst) return false
    if (piece.kind === 'codes') return first.kind === 'codes' && piece.dictionary === first.dictionary
    if (piece.kind === 'bytes') return first.kind === 'bytes'
    return piece.kind === 'number' && first.kind === 'number'
  })
}

/** Whether all pieces are the same constant: a column that nobody reads is one. */
function areConstant(pieces: readonly Vector[]): boolean {
  const [first] = pieces
  return pieces.every((piece) => piece.isConst && (piece.nulls?.[0] ?? 0) === (first.nulls?.[0] ?? 0) && isSameFirst(piece, first))
}

/** Whether the first values of two vectors are the same; false also where that is not looked at. */
function isSameFirst(a: Vector, b: Vector): boolean {
  if (a.kind === 'codes') return b.kind === 'codes' && a.dictionary === b.dictionary && a.codes[0] === b.codes[0]
  if (a.kind === 'bytes' && b.kind === 'bytes') {
    return Buffer.compare(a.bytes.subarray(a.offsets[0], a.offsets[1]), b.bytes.subarray(b.offsets[0], b.offsets[1])) === 0
  }
  return (a.kind === 'number' || a.kind === 'big') && a.kind === b.kind && Object.is(a.values[0], b.values[0])
}

/** Columns `wanted` of the rows `numbers`, which count over all blocks, in memory of `account`. */
export function pickRows(
  blocks: readonly Block[], wanted: readonly number[], types: readonly DataType[], numbers: Uint32Array,
  account: MemoryAccount,
): Vector[] {
  const count = numbers.length
  const starts: number[] = []
  let rowCount = 0
  for (const block of blocks) {
    starts.push(rowCount)
    rowCount += block.rowCount
  }
  const which = account.u32(count)
  const rows = account.u32(count)
  for (let i = 0; i < count; i++) {
    const number = numbers[i]
    let low = 0
    for (let high = blocks.length; high - low > 1;) {
      const middle = low + high >> 1
      if (starts[middle] <= number) low = middle
      else high = middle
    }
    which[i] = low
    rows[i] = number - starts[low]
  }
  const columns = wanted.map((c) => {
    const pieces = blocks.map((block) => block.columns[c])
    if (areConstant(pieces)) return retype(asConst(keepVector(pieces[0], account), count), types[c])
    return pick(pieces, which, rows, count, types[c], account)
  })
  for (const array of [which, rows]) account.free(array.byteOffset)
  return columns
}

/** Blocks that are packed into one: of 8,192 rows, so many lie just within a cell of a power of two. */
const PACKED_BLOCKS = 60

/** A growing list of kept blocks. */
export class KeptRows {
  rowCount = 0
  blocks: Block[] = []
  /** Bytes of what was added since the last join() or clear(). */
  byteLength = 0
  private readonly account: MemoryAccount
  /** So many blocks at the front were packed. */
  private packedBlocks = 0

  constructor(account: MemoryAccount) {
    this.account = account
  }

  /** Copies a block. */
  add(block: Block): void {
    if (block.rowCount > 0) this.adopt(keepBlock(block, this.account))
  }

  /** Takes a block whose arrays lie in the account already. */
  adopt(block: Block): void {
    this.blocks.push(block)
    this.rowCount += block.rowCount
    for (const column of block.columns) this.byteLength += bytesOf(column)
  }

  /** Joins the blocks that came last, so many at a time: the cells of small arrays are powers of two, so that blocks
   * of 8,192 rows take up to twice their bytes of the account. Blocks of several dictionaries stay. */
  pack(): void {
    while (this.blocks.length - this.packedBlocks >= PACKED_BLOCKS) {
      const some = this.blocks.slice(this.packedBlocks, this.packedBlocks + PACKED_BLOCKS)
      const pieces = some[0].columns.map((_, c) => some.map(({ columns }) => columns[c]))
      const isAlike = (column: readonly Vector[]) => column.every(({ type }) => type === column[0].type)
        && (isJoinable(column) || areConstant(column))
      if (!pieces.every(isAlike)) {
        this.packedBlocks += PACKED_BLOCKS
        continue
      }
      const rowCount = some.reduce((sum, block) => sum + block.rowCount, 0)
      const columns = pieces.map((column) => (column[0].isConst ? asConst(keepVector(column[0], this.account), rowCount)
        : concatVectors(column, column[0].type, this.account)))
      for (const block of some) freeBlock(block, this.account)
      this.blocks.splice(this.packedBlocks++, PACKED_BLOCKS, { rowCount, columns })
    }
  }

  /** What is kept so far stays where it lies until it is joined: somebody has views of it. */
  hold(): void { this.packedBlocks = this.blocks.length }

  /** All rows as one block of constants and full columns; what was kept is freed. */
  join(types: readonly DataType[]): Block {
    // A small query keeps one block, which is all rows as it is.
    if (this.blocks.length === 1 && this.blocks[0].columns.every(({ isConst }) => !isConst)) {
      const [{ rowCount, columns }] = this.blocks
      this.forget()
      return { rowCount, columns: columns.map((column, c) => (column.type === types[c] ? column : retype(column, types[c]))) }
    }
    const numbers: ReturnType<KeptRows['rowNumbers']>[] = []
    const columns = types.map((type, c) => {
      const pieces = this.blocks.map((block) => block.columns[c])
      if (isJoinable(pieces)) return concatVectors(pieces, type, this.account) // whole arrays at once
      if (pieces.length > 0 && areConstant(pieces)) {
        return retype(asConst(keepVector(pieces[0], this.account), this.rowCount), type)
      }
      if (numbers.length === 0) numbers.push(this.rowNumbers())
      return this.column(c, type, numbers[0].which, numbers[0].rows, this.rowCount)
    })
    for (const { which, rows } of numbers) for (const array of [which, rows]) this.account.free(array.byteOffset)
    const { rowCount } = this
    this.clear()
    return { rowCount, columns }
  }

  /** Row i is row rows[i] of block which[i]. */
  private column(c: number, type: DataType, which: Uint32Array, rows: Uint32Array, count: number): Vector {
    const sources = this.blocks.map((block) => block.columns[c])
    if (count === 0 || sources.length === 0) return asConst(defaultVector(type, 1, this.account), count)
    return pick(sources, which, rows, count, type, this.account)
  }

  /** Block and row of every row, in order; the caller frees both. */
  private rowNumbers(): { which: Uint32Array; rows: Uint32Array } {
    const which = this.account.u32(this.rowCount)
    const rows = this.account.u32(this.rowCount)
    let at = 0
    this.blocks.forEach((block, b) => {
      for (let row = 0; row < block.rowCount; row++, at++) {
        which[at] = b
        rows[at] = row
      }
    })
    return { which, rows }
  }

  /** The blocks, to be handed to the same operator of another worker: restoreBlocks(). */
  flat(): FlatBlock[] { return this.blocks.map((block) => flattenBlock(block, this.account)) }

  clear(): void {
    for (const block of this.blocks) freeBlock(block, this.account)
    this.forget()
  }

  private forget(): void {
    this.blocks = []
    this.packedBlocks = 0
    this.rowCount = 0
    this.byteLength = 0
  }
}
