// The best rows of an ORDER BY without sorting all of them. A word a row, the beginning of its first key,
// puts rows into buckets that order as the key does; those of the buckets at the two ends of the ranks
// wanted are sorted, all other rows only counted.
//
//   rank      0 ........ from ............. to .......... count
//   buckets   | before   |  among: sorted    |  left out
//
// Invariant: rows that are equal under the first key share a bucket, and keep their order.

import { concatVectors } from '../../../storage/codec/take.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import { alikeSerials } from '../../../storage/column/serial-texts.ts'
import { allUuids } from '../../../storage/column/uuid-texts.ts'
import type { Block, BytesVector, Vector } from '../../../storage/column/vector.ts'
import { isUuid } from '../../functions/values/uuid-order.ts'
import { inWorkMemory, take } from '../../functions/values/vectors.ts'
import type { SortKey } from '../../plan/plan.ts'
import { isJoinable, pickRows } from '../blocks/kept-rows.ts'
import { orderedRows } from './order.ts'
import { wordsOf } from './order-words.ts'
import type { Space } from './sort-words.ts'
import { leadingSerialWords } from './serial-order.ts'
import { ScratchAccount } from '../blocks/scratch.ts'
import { leadingUuidWords } from './uuid-text-order.ts'

/** Fewer rows are sorted at once. */
const SELECT_ROWS_MIN = 1024
const BUCKET_BITS = 16
/** Above this share of rows in the buckets to sort, all are sorted. */
const SORTED_SHARE = 3 / 4

/** The numbers of the rows that `keys` put at [0, to), in memory of `space`: from rank `from` on in order,
 * before it in any. `vectors[i]` is ordered by key i; 0 <= from < to <= count. */
export function bestRows(
  count: number, keys: readonly SortKey[], vectors: readonly Vector[], from: number, to: number, space: Space,
): Uint32Array {
  const temporary = new ScratchAccount(space.account)
  try {
    const inner = { account: temporary, kernels: space.kernels }
    const words = count < SELECT_ROWS_MIN || to - from > count * SORTED_SHARE ? null
      : leadingWords(keys[0], vectors[0], count, inner)
    const split = words === null ? null : splitRows(words, from, to, inner)
    if (split === null || split.among.length > count * SORTED_SHARE) {
      return orderedRows(count, keys, vectors, space, temporary).subarray(0, to)
    }
    const { before, among } = split
    const rows = space.account.u32(to)
    rows.set(before)
    const taken = vectors.map((vector) => (vector.isConst ? vector : take(vector, among, among.length, temporary)))
    const skipped = before.length
    const sorted = bestRows(among.length, keys, taken, from - skipped, to - skipped, inner)
    for (let i = skipped; i < to; i++) rows[i] = among[sorted[i - skipped]]
    return rows
  } finally {
    temporary.releaseAll()
  }
}

/** As bestRows, of the rows of several blocks, numbered over all of them; `types` of their columns. Only the
 * first key is looked at in all rows, and the keys of those that it leaves are put together. null: one block,
 * few rows, or the first key leaves most of them. */
export function bestOfBlocks(
  blocks: readonly Block[], types: readonly DataType[], keys: readonly SortKey[], from: number, to: number, space: Space,
): Uint32Array | null {
  const count = blocks.reduce((sum, { rowCount }) => sum + rowCount, 0)
  if (blocks.length < 2 || count < SELECT_ROWS_MIN || to - from > count * SORTED_SHARE) return null
  const temporary = new ScratchAccount(space.account)
  try {
    const inner = { account: temporary, kernels: space.kernels }
    const [key] = keys
    const words = wordsOfPieces(key, blocks.map(({ columns }) => columns[key.index]), types[key.index], count, inner)
    const split = words === null ? null : splitRows(words, from, to, inner)
    if (split === null || split.among.length > count * SORTED_SHARE) return null
    const { before, among } = split
    const vectors = pickRows(blocks, keys.map(({ index }) => index), types, among, temporary)
    const skipped = before.length
    const sorted = bestRows(among.length, keys, vectors, from - skipped, to - skipped, inner)
    const rows = space.account.u32(to)
    rows.set(before)
    for (let i = skipped; i < to; i++) rows[i] = among[sorted[i - skipped]]
    return rows
  } finally {
    temporary.releaseAll()
  }
}

/** The leading words of a key whose values lie in several vectors; null: it has none. */
function wordsOfPieces(
  key: SortKey, pieces: readonly Vector[], type: DataType, count: number, space: Space,
): Uint32Array | null {
  if (key.collate === undefined && pieces.every(isPlainText)) return textWords(key, pieces, count, space)
  return isJoinable(pieces) ? leadingWords(key, concatVectors(pieces, type, space.account), count, space) : null
}

const isPlainText = (vector: Vector): vector is BytesVector => (
  vector.kind === 'bytes' && vector.nulls === null && !vector.isConst && !isUuid(vector.type))

/** A word a row that never orders two texts otherwise than the key. */
function textWords({ descending }: SortKey, pieces: readonly BytesVector[], count: number, space: Space): Uint32Array {
  const words = leadingPacked(pieces, count, space) ?? leadingBytes(pieces, count, space)
  if (descending) for (let row = 0; row < count; row++) words[row] = ~words[row]
  return words
}

/** The same of texts that are known in fewer bytes; null: they are not. */
function leadingPacked(pieces: readonly BytesVector[], count: number, space: Space): Uint32Array | null {
  const serials = alikeSerials(pieces)
  if (serials !== null) return leadingSerialWords(serials, count, space)
  const uuids = allUuids(pieces)
  return uuids === null ? null : leadingUuidWords(uuids, count, space.account)
}

/** The four bytes behind what all texts of `pieces` begin with, row by row. */
function leadingBytes(pieces: readonly BytesVector[], count: number, { account, kernels }: Space): Uint32Array {
  const words = account.u32(count)
  const texts = pieces.filter(({ length }) => length > 0).map((piece) => inWorkMemory(piece, account))
  const [first] = texts
  let depth = Infinity
  for (const { offsets, bytes, length } of texts) {
    depth = Math.min(depth, kernels.sharedPrefix(offsets.byteOffset, bytes.byteOffset, length))
    let same = 0
    while (same < depth && bytes[offsets[0] + same] === first.bytes[first.offsets[0] + same]) same++
    depth = same
  }
  let at = words.byteOffset
  for (const { offsets, bytes, length } of texts) {
    kernels.leadingWords(offsets.byteOffset, bytes.byteOffset, length, depth, at)
    at += length * words.BYTES_PER_ELEMENT
  }
  return words
}

/** A word a row that never orders two rows otherwise than the key; null: this key has none. */
function leadingWords(key: SortKey, vector: Vector, count: number, space: Space): Uint32Array | null {
  if (isPlainText(vector) && key.collate === undefined) return textWords(key, [vector], count, space)
  const [first, second] = wordsOf(key, vector, count, space) ?? []
  if (first === undefined) return null
  if (first.bits > BUCKET_BITS || second === undefined) return first.words
  // A bit for NULL leads little: the next word follows it.
  const { words, bits } = first
  const drop = Math.max(0, bits + second.bits - 32)
  for (let row = 0; row < count; row++) {
    words[row] = words[row] * 2 ** (second.bits - drop) + (second.words[row] >>> drop)
  }
  return words
}

/** Row numbers, ascending, of the buckets before the one of rank `from`, and of those up to the one of
 * rank `to - 1`; null: all words are equal. */
function splitRows(words: Uint32Array, from: number, to: number, { account, kernels }: Space) {
  const count = words.length
  const range = account.u32(2)
  kernels.rangeOfWords(words.byteOffset, count, range.byteOffset)
  const [least, most] = range
  if (least === most) return null
  const shift = Math.max(0, 32 - Math.clz32(most - least) - BUCKET_BITS)
  const buckets = account.u32(2 ** BUCKET_BITS).fill(0)
  kernels.countBuckets(words.byteOffset, count, least, shift, buckets.byteOffset)
  const first = bucketOf(buckets, from)
  const last = bucketOf(buckets, to - 1)
  const before = account.u32(first.rowsBefore + 1)
  const among = account.u32(last.rowsBefore + buckets[last.bucket] - first.rowsBefore + 1)
  kernels.splitBuckets(words.byteOffset, count, least, shift, first.bucket, last.bucket, before.byteOffset,
    among.byteOffset)
  return { before: before.subarray(0, first.rowsBefore), among: among.subarray(0, among.length - 1) }
}

/** The bucket of the row at `rank`, and how many rows lie in those before it. */
function bucketOf(buckets: Uint32Array, rank: number) {
  let bucket = 0
  let rowsBefore = 0
  while (rowsBefore + buckets[bucket] <= rank) rowsBefore += buckets[bucket++]
  return { bucket, rowsBefore }
}
