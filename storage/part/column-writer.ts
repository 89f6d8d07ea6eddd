// One column of an image: blocks with their zones, then its dictionary and postings where it has them.

import { encodeBlock, encodeCodes } from '../codec/encode.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { takeStrings, takeWords } from '../codec/take.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import { BLOCK_ROWS_MAX, type BytesVector, type CodesVector, type Vector } from '../column/vector.ts'
import { rankStrings, writeDictionary, type Strings } from './dictionary.ts'
import type { ImageWriter } from './image-writer.ts'
import { writePostings } from './postings.ts'
import { endsOf, numberEnds } from './zones.ts'

/** Row postings pay while the mean list is shorter than this share of the rows. */
const POSTINGS_SHARE = 1 / 64
/** Fewer rows are found as fast without them. */
const POSTINGS_ROWS_MIN = 1024
/** Distinct strings a row above which a dictionary costs more than the strings. */
const DISTINCT_SHARE_MAX = 0.5
/** Rows up to which a dictionary is kept whatever it holds: codes make queries simple. */
const FEW_ROWS = 64

type ColumnHead = { readonly id: number; readonly name: string; readonly type: DataType }

/** Codes by rank in work memory over the distinct strings order[0..size). */
export type RankedColumn = {
  readonly codes: Uint32Array
  readonly nulls: Uint8Array | null
  readonly rowCount: number
  readonly strings: Strings
  readonly order: Uint32Array
  readonly size: number
}

/** Writes all rows of a vector as a column. */
export function writeColumn(
  space: EncodeSpace, writer: ImageWriter, column: ColumnHead & { readonly vector: Vector },
  withPostings: boolean,
): void {
  const { vector } = column
  if (vector.kind !== 'codes') writePlainColumn(space, writer, column)
  else if (isWorthADictionary(vector.type, vector.dictionary.size, vector.length)) {
    writeCodes(space, writer, { ...column, vector }, withPostings)
  } else {
    const asBytes = bytesOfCodes(space, vector)
    writePlainColumn(space, writer, { ...column, vector: asBytes })
    space.account.free(asBytes.offsets.byteOffset)
    space.account.free(asBytes.bytes.byteOffset)
  }
}

/** Codes over strings that hardly repeat cost more than the strings. */
export function isWorthADictionary(type: DataType, distinct: number, rows: number): boolean {
  if (type.id === 'LowCardinality') return true
  return bareType(type).id === 'String'
    && (distinct <= rows * DISTINCT_SHARE_MAX || rows < FEW_ROWS)
}

/** A vector whose dictionary has its strings at hand, as Strings. */
export function stringsOf({ dictionary }: CodesVector): Strings {
  if ('bytes' in dictionary && 'offsets' in dictionary) {
    const { size, bytes, offsets } = dictionary as unknown as Strings // LocalStrings and its like
    return { size, bytes, offsets }
  }
  throw new Error('build: a dictionary without its strings at hand')
}

function writePlainColumn(
  space: EncodeSpace, writer: ImageWriter, { id, name, type, vector }: ColumnHead & { vector: Vector },
): void {
  writer.beginColumn(id, name, type.name)
  for (let from = 0; from < vector.length; from += BLOCK_ROWS_MAX) {
    writePlainBlock(space, writer, vector, from, Math.min(vector.length, from + BLOCK_ROWS_MAX))
  }
}

/** Writes rows [from, to) of a vector as the next block of the begun column. */
export function writePlainBlock(
  space: EncodeSpace, writer: ImageWriter, vector: Vector, from: number, to: number,
): void {
  encodeBlock(space, vector, from, to)
  writer.endBlock(endsOf(vector, from, to, space), nullCountOf(vector.nulls, from, to))
}

function nullCountOf(nulls: Uint8Array | null, from: number, to: number): number {
  let count = 0
  if (nulls !== null) for (let row = from; row < to; row++) count += nulls[row]
  return count
}

function writeCodes(
  space: EncodeSpace, writer: ImageWriter, column: ColumnHead & { readonly vector: CodesVector },
  withPostings: boolean,
): void {
  const { vector } = column
  const { account } = space
  const ranked = rankStrings(stringsOf(vector), space)
  const codes = account.u32(vector.length)
  const { ranks } = ranked
  takeWords(ranks, vector.codes, vector.length, codes, space)
  writeRankedColumn(space, writer, column, {
    codes, nulls: vector.nulls, rowCount: vector.length, strings: ranked.strings,
    order: ranked.order, size: ranked.distinct,
  }, withPostings)
  account.free(codes.byteOffset)
  ranked.release()
}

/** Writes a dictionary column. */
export function writeRankedColumn(
  space: EncodeSpace, writer: ImageWriter, { id, name, type }: ColumnHead, column: RankedColumn,
  withPostings: boolean,
): void {
  const { codes, nulls, rowCount, strings, order, size } = column
  writer.beginColumn(id, name, type.name)
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    encodeCodes(space, codes, nulls, from, to)
    writer.endBlock(numberEnds(codes, nulls, from, to, space), nullCountOf(nulls, from, to))
  }
  const textBytes = writeDictionary(space, strings, order, size)
  writer.endDictionary(size, textBytes)
  if (!withPostings || size <= 1 / POSTINGS_SHARE || rowCount < POSTINGS_ROWS_MIN) return
  writePostings(space, codes, reachableNulls(space, nulls), size, rowCount, () => writer.endPages())
  writer.endDirectory()
}

/** NULLs where kernels can reach them. */
function reachableNulls(space: EncodeSpace, nulls: Uint8Array | null): Uint8Array | null {
  if (nulls === null || nulls.buffer === space.account.work.buffer) return nulls
  const copy = space.account.u8(nulls.length)
  copy.set(nulls)
  return copy
}

/** The strings of the rows one by one, in the account's memory. */
export function bytesOfCodes(space: EncodeSpace, vector: CodesVector): BytesVector {
  const { bytes, offsets } = stringsOf(vector)
  const { codes, length, type, isConst, nulls } = vector
  const own = takeStrings({ bytes, offsets }, codes, length, space)
  return { type, length, isConst, nulls, kind: 'bytes', ...own }
}
