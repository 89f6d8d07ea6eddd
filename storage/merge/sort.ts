// The order of rows by the sorting key, stable: equal keys keep the order in which they came.
//
// The first key is sorted by radix when it is whole numbers within 2^32 (least significant digit first,
// 11 bits a pass); runs of equal values are then sorted by the other keys, by comparison.

import type { Vector } from '../column/vector.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { compareBytes, sortStrings } from '../part/dictionary.ts'
import type { LocalStrings } from '../column/local-strings.ts'

const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS

/** -1, 0, 1 for two rows. NULLs go last, as ClickHouse sorts them. */
type Compare = (a: number, b: number) => number

function comparatorOf(vector: Vector): Compare {
  const { nulls } = vector
  const values = valueComparator(vector)
  if (nulls === null) return values
  return (a, b) => nulls[a] !== nulls[b] ? nulls[a] - nulls[b] : nulls[a] !== 0 ? 0 : values(a, b)
}

function valueComparator(vector: Vector): Compare {
  if (vector.kind === 'number' || vector.kind === 'big') {
    const { values } = vector
    return (a, b) => values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0
  }
  if (vector.kind === 'codes') {
    const { codes } = vector
    const { rankOf } = sortStrings(vector.dictionary as LocalStrings)
    return (a, b) => rankOf[codes[a]] - rankOf[codes[b]]
  }
  if (vector.kind === 'bytes') {
    const { bytes, offsets } = vector
    return (a, b) => compareBytes(bytes, offsets[a], offsets[a + 1], bytes, offsets[b], offsets[b + 1])
  }
  throw new Error(`A sorting key cannot be of type ${vector.type.name}`)
}

/** rows[0..count) put in the order of the keys. Changes `rows` in place and answers it. */
export function sortRows(keys: readonly Vector[], rows: Uint32Array, account: MemoryAccount): Uint32Array {
  if (keys.length === 0) return rows
  const compares = keys.map(comparatorOf)
  if (isSorted(compares, rows)) return rows
  const [first] = keys
  if (first.kind !== 'number' || first.nulls !== null || !radixSort(first.values, rows, account)) {
    return rows.sort(lexicographic(compares))
  }
  sortTies(compares[0], lexicographic(compares.slice(1)), rows)
  return rows
}

/** By all keys, then by where the row was. */
function lexicographic(compares: readonly Compare[]): Compare {
  return (a, b) => {
    for (const compare of compares) {
      const order = compare(a, b)
      if (order !== 0) return order
    }
    return a - b
  }
}

function isSorted(compares: readonly Compare[], rows: Uint32Array): boolean {
  const compare = lexicographic(compares)
  for (let index = 1; index < rows.length; index++) if (compare(rows[index - 1], rows[index]) > 0) return false
  return true
}

function sortTies(first: Compare, rest: Compare, rows: Uint32Array): void {
  for (let from = 0; from < rows.length;) {
    let to = from + 1
    while (to < rows.length && first(rows[from], rows[to]) === 0) to++
    if (to - from > 1) rows.subarray(from, to).sort(rest)
    from = to
  }
}

/** False where the values are not whole numbers within 2^32 of each other. */
function radixSort(values: ArrayLike<number>, rows: Uint32Array, account: MemoryAccount): boolean {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let index = 0; index < rows.length; index++) {
    const value = values[rows[index]]
    if (!Number.isSafeInteger(value)) return false
    if (value < min) min = value
    if (value > max) max = value
  }
  if (max - min > 0xffffffff) return false
  let from = rows
  let to = account.u32(rows.length)
  const spare = to
  const counts = new Uint32Array(DIGITS + 1)
  for (let shift = 0; shift < 32 && (max - min) / 2 ** shift >= 1; shift += DIGIT_BITS) {
    counts.fill(0)
    for (let index = 0; index < rows.length; index++) counts[((values[from[index]] - min) >>> shift & (DIGITS - 1)) + 1]++
    for (let digit = 0; digit < DIGITS; digit++) counts[digit + 1] += counts[digit]
    for (let index = 0; index < rows.length; index++) {
      to[counts[(values[from[index]] - min) >>> shift & (DIGITS - 1)]++] = from[index]
    }
    [from, to] = [to, from]
  }
  if (from !== rows) rows.set(from)
  account.free(spare.byteOffset)
  return true
}
