// The order of rows under ORDER BY: for each key a comparison of two rows by number, built once over
// full columns; and a stable merge sort of row numbers in the account's memory.
// Invariant: NULL and NaN stand where `nullsFirst` says, whatever the direction.

import type { NumberArray, Vector } from '../../storage/column/vector.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import { SORT_COUNTS_BYTES } from '../../storage/kernels/rows.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { valueAt } from '../functions/values.ts'
import type { SortKey, Value } from '../plan/plan.ts'
import { compareBytes, isStrings, stringAt } from './query-strings.ts'

/** Below 0: row a stands before row b. */
export type CompareRows = (a: number, b: number) => number

/** Compares rows of `vectors` (key i orders vectors[i]); ties are 0. */
export function rowOrder(
  keys: readonly SortKey[], vectors: readonly Vector[], account: MemoryAccount): CompareRows {
  const parts = keys.flatMap((key, i) =>
    (vectors[i].isConst ? [] : [keyOrder(key, vectors[i], account)]))
  if (parts.length === 0) return () => 0
  if (parts.length === 1) return parts[0]
  const [first, ...rest] = parts
  return (a, b) => {
    let order = first(a, b)
    for (let i = 0; order === 0 && i < rest.length; i++) order = rest[i](a, b)
    return order
  }
}

function keyOrder(key: SortKey, vector: Vector, account: MemoryAccount): CompareRows {
  const sign = key.descending ? -1 : 1
  const edge = key.nullsFirst ? -1 : 1
  const values = key.collate === undefined ? valueOrder(vector, sign, edge, account)
    : languageOrder(vector, sign, key.collate)
  const { nulls } = vector
  if (nulls === null) return values
  return (a, b) => {
    if (nulls[a] === 1) return nulls[b] === 1 ? 0 : edge
    return nulls[b] === 1 ? -edge : values(a, b)
  }
}

function valueOrder(
  vector: Vector, sign: number, edge: number, account: MemoryAccount): CompareRows {
  if (vector.kind === 'number') {
    const { values } = vector
    const isFloat = values instanceof Float64Array || values instanceof Float32Array
    return isFloat ? floatOrder(values, sign, edge) : integerOrder(values, sign)
  }
  if (vector.kind === 'big') {
    const { values } = vector
    return (a, b) => (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : 0)
  }
  if (isStrings(vector)) return stringOrder(vector, sign, account)
  return (a, b) => sign * compareValues(valueAt(vector, a), valueAt(vector, b))
}

const integerOrder = (values: NumberArray, sign: number): CompareRows =>
  (sign > 0 ? (a, b) => values[a] - values[b] : (a, b) => values[b] - values[a])

const floatOrder = (values: NumberArray, sign: number, edge: number): CompareRows => (a, b) => {
  const x = values[a]
  const y = values[b]
  if (x < y) return -sign
  if (x > y) return sign
  if (x === y) return 0
  // One is NaN, or both.
  return x !== x ? (y !== y ? 0 : edge) : -edge
}

/** By ICU's rules of a language. */
function languageOrder(vector: Vector, sign: number, language: string): CompareRows {
  const collator = new Intl.Collator(language)
  return (a, b) => sign * collator.compare(String(valueAt(vector, a)), String(valueAt(vector, b)))
}

const PREFIX_BYTES = 6

/** By the first six bytes as a number, then by all bytes. */
function stringOrder(
  vector: Vector & { kind: 'bytes' | 'codes' }, sign: number, account: MemoryAccount): CompareRows {
  const prefixes = account.f64(Math.max(1, vector.length))
  for (let row = 0; row < vector.length; row++) {
    const bytes = stringAt(vector, row)
    let prefix = 0
    for (let i = 0; i < PREFIX_BYTES; i++) prefix = prefix * 256 + (i < bytes.length ? bytes[i] : 0)
    prefixes[row] = prefix
  }
  return (a, b) => {
    const difference = prefixes[a] - prefixes[b]
    if (difference !== 0) return sign * difference
    if (vector.kind === 'codes' && vector.codes[a] === vector.codes[b]) return 0
    return sign * compareBytes(stringAt(vector, a), stringAt(vector, b))
  }
}

/** Arrays and tuples element by element; NULL and NaN last. */
function compareValues(a: Value, b: Value): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compareValues(a[i], b[i])
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  if (a < b) return -1
  if (a > b) return 1
  return a === b ? 0 : a !== a ? (b !== b ? 0 : 1) : -1
}

type Space = { readonly account: MemoryAccount; readonly kernels: Kernels }

/** Rows by `keys`, `vectors[i]` ordered by key i; equal rows keep their order. One column of whole
 * numbers is left as it is where it is in order, else sorted by its digits. The result lies in
 * `space`. */
export function orderedRows(
  count: number, keys: readonly SortKey[], vectors: readonly Vector[], space: Space,
  scratch: MemoryAccount,
): Uint32Array {
  const [vector] = vectors
  const packed = keys.length === 1 && count >= PACKED_ROWS_MIN ? packedRows(count, keys[0], vector, space) : null
  return packed ?? sortedRows(count, rowOrder(keys, vectors, scratch), space.account)
}

/** Below, packing costs as much as it saves. */
const PACKED_ROWS_MIN = 64
const TWO32 = 4294967296

/** Null: the values are no whole numbers, or too far apart. */
function packedRows(count: number, { descending }: SortKey, vector: Vector, space: Space): Uint32Array | null {
  if (vector.kind !== 'number' || vector.isConst || vector.nulls !== null) return null
  if (/Float/.test(vector.type.name)) return null
  const { values } = vector
  let [least, most, isInOrder] = [values[0], values[0], true]
  for (let row = 1; row < count; row++) {
    const value = values[row]
    if (value < least) least = value
    if (value > most) most = value
    if (descending ? value > values[row - 1] : value < values[row - 1]) isInOrder = false
  }
  if (isInOrder) return numbered(count, space.account)
  const origin = descending ? most : least
  const sign = descending ? -1 : 1
  return most - least < TWO32 ? sortedByDigits(count, values, origin, sign, most - least, space)
    : sortedAsDoubles(count, values, origin, sign, most - least, space.account)
}

function numbered(count: number, account: MemoryAccount): Uint32Array {
  const rows = account.u32(Math.max(1, count))
  for (let i = 0; i < count; i++) rows[i] = i
  return rows
}

/** By sign * (value - origin), which has 32 bits. */
function sortedByDigits(
  count: number, values: NumberArray, origin: number, sign: number, range: number, { account, kernels }: Space,
): Uint32Array {
  const rows = numbered(count, account)
  const words = account.u32(count)
  for (let row = 0; row < count; row++) words[row] = sign * (values[row] - origin)
  const pairs = account.u32(count * 2)
  const spare = account.u32(count * 2)
  const counts = account.u8(SORT_COUNTS_BYTES)
  kernels.sortRows(words.byteOffset, 32 - Math.clz32(range), rows.byteOffset, count, pairs.byteOffset,
    spare.byteOffset, counts.byteOffset)
  for (const array of [words, pairs, spare, counts]) account.free(array.byteOffset)
  return rows
}

/** Value and row number in one double each: (value - least) * count + row. Null: they do not fit. */
function sortedAsDoubles(
  count: number, values: NumberArray, origin: number, sign: number, range: number, account: MemoryAccount,
): Uint32Array | null {
  if ((range + 1) * count > Number.MAX_SAFE_INTEGER) return null
  const packed = account.f64(count)
  for (let row = 0; row < count; row++) packed[row] = sign * (values[row] - origin) * count + row
  packed.sort()
  const rows = account.u32(Math.max(1, count))
  for (let i = 0; i < count; i++) rows[i] = packed[i] - Math.floor(packed[i] / count) * count
  account.free(packed.byteOffset)
  return rows
}

const RUN = 8

/** Row numbers 0 … count - 1 in order; equal rows keep theirs. The result lies in `account`. */
export function sortedRows(count: number, compare: CompareRows, account: MemoryAccount): Uint32Array {
  let from = account.u32(Math.max(1, count))
  for (let i = 0; i < count; i++) from[i] = i
  for (let start = 0; start < count; start += RUN) insertionSort(from, start, Math.min(count, start + RUN), compare)
  let to = account.u32(Math.max(1, count))
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      merge(from, to, start, Math.min(count, start + width), Math.min(count, start + 2 * width), compare)
    }
    [from, to] = [to, from]
  }
  account.free(to.byteOffset)
  return from
}

function insertionSort(rows: Uint32Array, from: number, to: number, compare: CompareRows): void {
  for (let i = from + 1; i < to; i++) {
    const row = rows[i]
    let at = i
    while (at > from && compare(rows[at - 1], row) > 0) {
      rows[at] = rows[at - 1]
      at--
    }
    rows[at] = row
  }
}

function merge(
  from: Uint32Array, to: Uint32Array, start: number, middle: number, end: number,
  compare: CompareRows,
): void {
  if (middle >= end || compare(from[middle - 1], from[middle]) <= 0) {
    to.set(from.subarray(start, end), start)
    return
  }
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const isLeft = right >= end || (left < middle && compare(from[left], from[right]) <= 0)
    to[at] = isLeft ? from[left++] : from[right++]
  }
}
