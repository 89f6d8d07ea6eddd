// The rows of a block that can be among the best of an ORDER BY … LIMIT, told by the first key alone
// where that is a number: so that most rows are neither copied nor compared by the other keys.

import type { NumberArray, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { SortKey } from '../plan/plan.ts'

/** Blocks with fewer rows for each one wanted are not worth a selection. */
const ROWS_FOR_ONE = 2

/** Rows (ascending) of which every one of the `limit` best is one. `worst`: of the best so far, one
 * row, or null. null: all rows, or the key does not tell. */
export function candidates(
  key: SortKey, column: Vector, worst: Vector | null, limit: number, account: MemoryAccount,
): Uint32Array | null {
  if (column.kind !== 'number' || column.isConst || column.nulls !== null) return null
  const count = column.length
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
