// The rows of a block that can be among the best of an ORDER BY … LIMIT, told by the first key alone
// where that is a number: so that most rows are neither copied nor compared by the other keys.

import type { Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { SortKey } from '../../plan/plan.ts'

/** Blocks with fewer rows for each one wanted are not worth a selection. */
const ROWS_FOR_ONE = 2
/** Of so many rows kernels find those that may be among the best, by buckets of this number. */
const BUCKETS_ROWS_MIN = 1024
const BUCKET_BITS = 12

/** Rows (ascending) of which every one of the `limit` best is one. `worst`: of the best so far, one
 * row, or null. null: all rows, or the key does not tell. */
export function candidates(
  key: SortKey, column: Vector, worst: Vector | null, limit: number, account: MemoryAccount,
): Uint32Array | null {
  if (column.kind !== 'number' || column.isConst || column.nulls !== null) return null
  const count = column.length
  if (worst === null && count <= limit * ROWS_FOR_ONE) return null
  if (count >= BUCKETS_ROWS_MIN && worst === null) {
    const words = wordsOf(column.values, count, account)
    if (words !== null) return bestBuckets(words, count, key.descending, limit, account)
  }
  const ranks = ranksOf(column.values, key.descending ? -1 : 1, count, account)
  if (ranks === null) return null
  let bound = worst === null ? Number.POSITIVE_INFINITY : boundOf(worst, key)
  if (Number.isNaN(bound)) return null
  if (count > limit * ROWS_FOR_ONE) {
    const copy = account.f64(count)
    copy.set(ranks)
    bound = Math.min(bound, nthLeast(copy, count, limit - 1))
  }
  if (bound === Number.POSITIVE_INFINITY) return null
  const rows = account.u32(count)
  let found = 0
  for (let row = 0; row < count; row++) {
    rows[found] = row
    if (ranks[row] <= bound) found++
  }
  return found === count ? null : rows.subarray(0, found)
}

/** Words in the order of the values, as far as they tell them apart; null: kernels can't reach these, or
 * some is no number. */
function wordsOf(values: NumberArray, count: number, account: MemoryAccount): Uint32Array | null {
  const { buffer, kernels } = account.work
  if (kernels === null || values.buffer !== buffer) return null
  if (values instanceof Uint32Array) return values
  if (!(values instanceof Float64Array)) return null
  const ends = account.f64(2)
  kernels.doubleEnds(values.byteOffset, count, ends.byteOffset)
  const [least, most] = ends
  // A sum tells of NaN, which has no end.
  if (!Number.isFinite(most - least) || Number.isNaN(kernels.sumDoubles(values.byteOffset, count))) return null
  const words = account.u32(count)
  const scale = most > least ? 0xffffffff / (most - least) : 0
  kernels.doublesToWords(values.byteOffset, count, least, scale, words.byteOffset)
  return words
}

/** Rows of the buckets in which the `limit` best lie; null: all. */
function bestBuckets(
  words: Uint32Array, count: number, isDescending: boolean, limit: number, account: MemoryAccount,
): Uint32Array | null {
  const { kernels } = account.work
  const range = account.u32(2)
  kernels?.rangeOfWords(words.byteOffset, count, range.byteOffset)
  const [least, most] = range
  const shift = Math.max(0, 32 - Math.clz32(most - least) - BUCKET_BITS)
  const buckets = account.u32(2 ** BUCKET_BITS).fill(0)
  kernels?.countBuckets(words.byteOffset, count, least, shift, buckets.byteOffset)
  const step = isDescending ? -1 : 1
  let bucket = isDescending ? most - least >>> shift : 0
  for (let found = buckets[bucket]; found < limit; found += buckets[bucket]) bucket += step
  const first = isDescending ? least + bucket * 2 ** shift : least
  const last = isDescending ? most : Math.min(most, least + (bucket + 1) * 2 ** shift - 1)
  if (first <= least && last >= most) return null
  const rows = account.u32(count)
  return rows.subarray(0, kernels?.rangeRows(words.byteOffset, count, first, last, rows.byteOffset))
}

/** Values so signed that better ones are less; null: some is NaN. */
function ranksOf(
  values: NumberArray, sign: number, count: number, account: MemoryAccount): Float64Array | null {
  const ranks = account.f64(count)
  let sum = 0
  for (let row = 0; row < count; row++) {
    const rank = sign * values[row]
    ranks[row] = rank
    sum += rank - rank // NaN from NaN, and from infinities, whose order is left to the sort
  }
  return Number.isNaN(sum) ? null : ranks
}

function boundOf(worst: Vector, key: SortKey): number {
  if (worst.kind !== 'number' || worst.nulls !== null) return Number.NaN
  return key.descending ? -worst.values[0] : worst.values[0]
}

/** The value that would stand at `index` if values[0..count) were sorted; they are moved. */
export function nthLeast(values: Float64Array, count: number, index: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = medianOf(values[low], values[(low + high) >> 1], values[high])
    let left = low
    let right = high
    while (left <= right) {
      while (values[left] < pivot) left++
      while (values[right] > pivot) right--
      if (left <= right) {
        const value = values[left]
        values[left++] = values[right]
        values[right--] = value
      }
    }
    if (index <= right) high = right
    else if (index >= left) low = left
    else break
  }
  return values[index]
}

const medianOf = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
