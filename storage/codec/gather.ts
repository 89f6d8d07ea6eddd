// Chosen rows of blocks, read by row number where they lie: packed numbers and strings without their
// blocks being unpacked; nested values from their block, decoded whole.

import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { numberArray, storageOf } from './arrays.ts'
import { readBlock, type Block } from './block.ts'
import { CODEC_BIG } from './codecs.ts'
import { decodeBlock } from './decode.ts'
import { DistinctPicker } from './distinct-block.ts'
import { isNullAt } from './nulls.ts'
import { bigAt, numberAt, pickNumbers } from './number-block.ts'
import { pickDifferences } from './pick-numbers.ts'
import { pickTexts } from './pick-texts.ts'
import { serialAt } from './serial-block.ts'
import { StringPicker } from './string-block.ts'
import { concatVectors, takeRows } from './take.ts'
import { TemplatePicker } from './template-block.ts'

/** The blocks of a column. */
export type BlocksFrom = {
  readonly type: DataType
  readonly blockAt: (block: number) => Uint8Array
  /** Heads of this column's blocks that were parsed before, by number: a point query looks at one row
   * of many blocks, and parsing a head costs as much as reading ten rows. */
  readonly heads: Block[]
  readonly rowsOf: (block: number) => number
}

/** Where gathered rows come from. `rows` ascend and are numbered over all blocks. */
export type GatherFrom = BlocksFrom & {
  readonly rows: Uint32Array
  readonly count: number
  readonly account: MemoryAccount
  readonly kernels: Kernels
}

/** The rows as a vector; dictionary columns are gatherCodes()'s. */
export function gatherRows(from: GatherFrom): Vector {
  const storage = storageOf(from.type)
  if (storage === 'array' || storage === 'tuple') return gatherNested(from)
  return storage === 'bytes' ? gatherStrings(from) : gatherNumbers(from)
}

/** The head of a block whose bytes are at hand. */
export const headOf = ({ heads, type, rowsOf }: BlocksFrom, block: number, bytes: Uint8Array): Block =>
  heads[block] ??= readBlock(new ByteReader(bytes), type, rowsOf(block))

/** Calls `each` with the range [start, end) of rows that lie in one block. */
function overBlocks(
  { rows, count }: GatherFrom, each: (block: number, start: number, end: number) => void,
): void {
  for (let start = 0; start < count;) {
    const block = Math.floor(rows[start] / BLOCK_ROWS_MAX)
    const firstBehind = (block + 1) * BLOCK_ROWS_MAX
    let end = start + 1
    while (end < count && rows[end] < firstBehind) end++
    each(block, start, end)
    start = end
  }
}

/** Local codes of the rows; where `map` is given, map[code] for each. */
export function gatherCodes(
  from: GatherFrom, map: Uint32Array | null,
): { codes: Uint32Array; nulls: Uint8Array | null } {
  const { rows, account } = from
  const codes = account.u32(from.count)
  let nulls: Uint8Array | null = null
  overBlocks(from, (number, start, end) => {
    const bytes = from.blockAt(number)
    const block = headOf(from, number, bytes)
    const first = number * BLOCK_ROWS_MAX
    pickCodes(block, bytes, rows, start, end, first, map, codes, start)
    nulls = markNulls(from, block, bytes, first, start, end, nulls)
  })
  return { codes, nulls }
}

/** Local codes of the rows, or map[code], to out[at..]. False: a block has NULLs. */
export function gatherCodesInto(
  from: BlocksFrom, rows: Uint32Array, map: Uint32Array | null, out: Uint32Array, at: number,
): boolean {
  for (let start = 0; start < rows.length;) {
    const number = Math.floor(rows[start] / BLOCK_ROWS_MAX)
    const firstBehind = (number + 1) * BLOCK_ROWS_MAX
    let end = start + 1
    while (end < rows.length && rows[end] < firstBehind) end++
    const bytes = from.blockAt(number)
    const block = headOf(from, number, bytes)
    if (block.nullsAt >= 0) return false
    pickCodes(block, bytes, rows, start, end, number * BLOCK_ROWS_MAX, map, out, at + start)
    start = end
  }
  return true
}

/** Numbers of the rows to out[at..]. False: a block has NULLs or other numbers than `out` holds. */
export function gatherNumbersInto(
  from: BlocksFrom, rows: Uint32Array, out: Uint32Array | Float64Array, at: number,
): boolean {
  for (let start = 0; start < rows.length;) {
    const number = Math.floor(rows[start] / BLOCK_ROWS_MAX)
    const firstBehind = (number + 1) * BLOCK_ROWS_MAX
    let end = start + 1
    while (end < rows.length && rows[end] < firstBehind) end++
    const bytes = from.blockAt(number)
    const block = headOf(from, number, bytes)
    if (block.kind !== 'number' || block.nullsAt >= 0 || block.body.codec === CODEC_BIG) return false
    const first = number * BLOCK_ROWS_MAX
    if (!pickNumbers(block.body, bytes, rows, start, end, first, out, at + start)) return false
    start = end
  }
  return true
}

/** Codes of rows[start..end) of one block, whose first row is `first`, to out[at..]. */
function pickCodes(
  block: Block, bytes: Uint8Array, rows: Uint32Array, start: number, end: number, first: number,
  map: Uint32Array | null, out: Uint32Array, at: number,
): void {
  if (block.kind !== 'number' || block.body.numbers === null) {
    throw new RangeError('a block of codes holds other values')
  }
  const { numbers } = block.body
  pickDifferences(numbers, bytes, rows, start, end, first, out, at)
  const base = Number(numbers.base)
  const behind = at + end - start
  if (map === null) for (let i = at; i < behind; i++) out[i] += base
  else for (let i = at; i < behind; i++) out[i] = map[base + out[i]]
}

/** Adds the NULLs of a range of rows; made when the first block has some. */
function markNulls(
  { rows, count, account }: GatherFrom, block: Block, bytes: Uint8Array, first: number,
  start: number, end: number, nulls: Uint8Array | null,
): Uint8Array | null {
  if (block.nullsAt < 0) return nulls
  const marked = nulls ?? account.u8(count).fill(0)
  for (let index = start; index < end; index++) {
    if (isNullAt(bytes, block.nullsAt, rows[index] - first)) marked[index] = 1
  }
  return marked
}

function gatherNumbers(from: GatherFrom): Vector {
  const { rows, count, type, account } = from
  const isFloat32 = bareType(type).id === 'Float32'
  const values = numberArray(storageOf(type), count, account)
  let big: BigInt64Array | BigUint64Array | null = null
  let nulls: Uint8Array | null = null
  overBlocks(from, (number, start, end) => {
    const bytes = from.blockAt(number)
    const block = headOf(from, number, bytes)
    if (block.kind !== 'number') throw new RangeError('a block of numbers holds other values')
    const first = number * BLOCK_ROWS_MAX
    nulls = markNulls(from, block, bytes, first, start, end, nulls)
    if (block.body.codec === CODEC_BIG) big ??= bigOf(values, start, from)
    if (big === null && nulls === null && pickNumbers(block.body, bytes, rows, start, end, first, values, start)) return
    for (let index = start; index < end; index++) {
      if (nulls !== null && nulls[index] !== 0) values[index] = 0
      else if (block.body.codec !== CODEC_BIG) {
        values[index] = numberAt(block.body, bytes, rows[index] - first, isFloat32)
      }
      if (big === null) continue
      const isNull = nulls !== null && nulls[index] !== 0
      big[index] = isNull || block.body.codec !== CODEC_BIG ? BigInt(values[index])
        : bigAt(block.body, bytes, rows[index] - first)
    }
  })
  if (big === null) return { kind: 'number', type, length: count, isConst: false, nulls, values }
  account.free(values.byteOffset)
  return { kind: 'big', type, length: count, isConst: false, nulls, values: big }
}

/** The first `done` numbers as big integers, with room for all. */
function bigOf(
  values: ArrayLike<number>, done: number, { type, count, account }: GatherFrom,
): BigInt64Array | BigUint64Array {
  const signed = account.i64(count)
  const big = bareType(type).id === 'UInt64'
    ? new BigUint64Array(signed.buffer, signed.byteOffset, count) : signed
  for (let index = 0; index < done; index++) big[index] = BigInt(values[index])
  return big
}

/** What reads one string after the other from a block. */
function pickerOf(block: Block, bytes: Uint8Array): { at(row: number): Uint8Array } {
  if (block.kind === 'strings') return new StringPicker(block.body, bytes)
  if (block.kind === 'distinct') return new DistinctPicker(block.body, bytes)
  if (block.kind === 'template') return new TemplatePicker(block.body, bytes)
  if (block.kind !== 'serial') throw new RangeError('a block of strings holds other values')
  const { body } = block
  return { at: (row) => serialAt(body, bytes, row) }
}

function gatherStrings(from: GatherFrom): Vector {
  const { rows, count, type, account } = from
  const alone = count === 0 ? null : stringsOfOneBlock(from)
  if (alone !== null) return alone
  const out = new ByteWriter(64 + count * 16)
  const offsets = account.u32(count + 1)
  offsets[0] = 0
  let nulls: Uint8Array | null = null
  overBlocks(from, (number, start, end) => {
    const view = from.blockAt(number)
    const block = readBlock(new ByteReader(view), type, from.rowsOf(number))
    const first = number * BLOCK_ROWS_MAX
    nulls = markNulls(from, block, view, first, start, end, nulls)
    const texts = pickTexts(block, view, { rows: rows.subarray(start, end), first, account, kernels: from.kernels })
    if (texts !== null) {
      const before = out.length
      out.copy(texts.bytes)
      for (let index = start; index < end; index++) offsets[index + 1] = before + texts.offsets[index - start + 1]
      for (const array of [texts.offsets, texts.bytes]) account.free(array.byteOffset)
      return
    }
    const picker = pickerOf(block, view)
    for (let index = start; index < end; index++) {
      out.copy(picker.at(rows[index] - first))
      offsets[index + 1] = out.length
    }
  })
  const bytes = account.u8(out.length)
  bytes.set(out.bytes())
  return { kind: 'bytes', type, length: count, isConst: false, nulls, offsets, bytes }
}

/** The rows where all lie in one block that kernels read; null: read them one by one. */
function stringsOfOneBlock(from: GatherFrom): Vector | null {
  const { rows, count, type, account, kernels } = from
  const number = Math.floor(rows[0] / BLOCK_ROWS_MAX)
  if (Math.floor(rows[count - 1] / BLOCK_ROWS_MAX) !== number) return null
  const view = from.blockAt(number)
  const block = readBlock(new ByteReader(view), type, from.rowsOf(number))
  const first = number * BLOCK_ROWS_MAX
  const texts = pickTexts(block, view, { rows: rows.subarray(0, count), first, account, kernels })
  if (texts === null) return null
  const nulls = markNulls(from, block, view, first, 0, count, null)
  return { kind: 'bytes', type, length: count, isConst: false, nulls, ...texts }
}

function gatherNested(from: GatherFrom): Vector {
  const { rows, type, account, kernels } = from
  const pieces: Vector[] = []
  overBlocks(from, (number, start, end) => {
    const local = account.u32(end - start)
    for (let index = start; index < end; index++) {
      local[index - start] = rows[index] - number * BLOCK_ROWS_MAX
    }
    const whole = decodeBlock(from.blockAt(number), type, from.rowsOf(number), account, kernels)
    pieces.push(takeRows(whole, local, local.length, from))
  })
  return concatVectors(pieces, type, account)
}
