// The order of rows under ORDER BY: by words where the keys' types have them (order-words.ts), else for
// each key a comparison of two rows by number, built once over full columns, and a stable merge sort of
// row numbers in the account's memory.
// Invariant: NULL and NaN stand where `nullsFirst` says, whatever the direction.

import { uuidsOf } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { compareAt } from '../../functions/base/comparison.ts'
import { isUuid } from '../../functions/values/uuid-order.ts'
import { valueAt } from '../../functions/values/values.ts'
import type { SortKey } from '../../plan/plan.ts'
import { sortByWords, wordsOf } from './order-words.ts'
import type { Space, Words } from './sort-words.ts'
import { compareBytes, isStrings, stringAt } from '../dictionaries/query-strings.ts'
import { ScratchAccount } from '../blocks/scratch.ts'
import { uuidTextOrder } from './uuid-text-order.ts'

/** Below 0: row a stands before row b. */
export type CompareRows = (a: number, b: number) => number

/** Compares rows of `vectors` (key i orders vectors[i]); ties are 0. `account` is for what makes comparing
 * strings quicker; null: few rows will be compared. */
export function rowOrder(
  keys: readonly SortKey[], vectors: readonly Vector[], account: MemoryAccount | null): CompareRows {
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

function keyOrder(key: SortKey, vector: Vector, account: MemoryAccount | null): CompareRows {
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
  vector: Vector, sign: number, edge: number, account: MemoryAccount | null): CompareRows {
  if (vector.kind === 'number') {
    const { values } = vector
    const isFloat = values instanceof Float64Array || values instanceof Float32Array
    return isFloat ? floatOrder(values, sign, edge) : integerOrder(values, sign)
  }
  if (vector.kind === 'big') {
    const { values } = vector
    return (a, b) => (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : 0)
  }
  const uuids = uuidsOf(vector)
  if (uuids !== null) return uuidTextOrder(uuids, sign)
  if (isStrings(vector) && !isUuid(vector.type)) {
    if (account !== null) return stringOrder(vector, sign, account)
    return vector.kind === 'bytes' && !vector.isConst ? textOrder(vector, sign) : wholeOrder(vector, sign)
  }
  // NULLs within arrays and tuples stand where those of the key itself do.
  return (a, b) => sign * compareAt(vector, a, vector, b, edge * sign)
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

const wholeOrder = (vector: Vector & { kind: 'bytes' | 'codes' }, sign: number): CompareRows => (a, b) => (
  vector.kind === 'codes' && vector.codes[a] === vector.codes[b] ? 0
    // A dictionary's bytes are there until it is asked again.
    : sign * compareBytes(vector.kind === 'codes' ? stringAt(vector, a).slice() : stringAt(vector, a), stringAt(vector, b)))

/** By bytes where they lie: views of two texts cost more than most of them are long. */
function textOrder({ offsets, bytes }: BytesVector, sign: number): CompareRows {
  return (a, b) => {
    const [first, second] = [offsets[a], offsets[b]]
    const [firstLength, secondLength] = [offsets[a + 1] - first, offsets[b + 1] - second]
    const shared = Math.min(firstLength, secondLength)
    for (let i = 0; i < shared; i++) {
      const difference = bytes[first + i] - bytes[second + i]
      if (difference !== 0) return sign * difference
    }
    return sign * (firstLength - secondLength)
  }
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

/** Below, making words costs more than comparing. */
const WORDS_ROWS_MIN = 64
/** Above this share of rows that share the first key with another, all keys are made words. */
const TIED_SHARE = 1 / 8
/** Up to this share, nothing is made of all rows to compare those, nor where their texts are at hand. */
const RARE_SHARE = 1 / 64

/** Rows by `keys`, `vectors[i]` ordered by key i; equal rows keep their order. By words where the types
 * have them, else by comparing. The result lies in `space`. */
export function orderedRows(
  count: number, keys: readonly SortKey[], vectors: readonly Vector[], space: Space,
  scratch: MemoryAccount,
): Uint32Array {
  if (count < WORDS_ROWS_MIN) {
    return sortedRows(numbered(count, space.account), rowOrder(keys, vectors, scratch), space.account)
  }
  const temporary = new ScratchAccount(space.account)
  try {
    return rowsByWords(count, keys, vectors, { account: temporary, kernels: space.kernels }, space.account)
      ?? sortedRows(numbered(count, space.account), rowOrder(keys, vectors, scratch), space.account)
  } finally {
    temporary.releaseAll()
  }
}

/** Null: a key has no words. `space` is for what is needed meanwhile. */
function rowsByWords(
  count: number, keys: readonly SortKey[], vectors: readonly Vector[], space: Space, account: MemoryAccount,
): Uint32Array | null {
  const first = wordsOf(keys[0], vectors[0], count, space)
  if (first === null) return null
  const rows = numbered(count, account)
  sortByWords(rows, first, space)
  if (keys.length === 1) return rows
  const starts = runsOf(rows, first, space)
  // Rows that are equal to the one before them.
  const tied = count - (starts.length - 1)
  if (tied === 0) return rows
  const restKeys = keys.slice(1)
  const restVectors = vectors.slice(1)
  if (tied <= count * TIED_SHARE) {
    const areFew = tied <= count * RARE_SHARE || restVectors.every(({ kind }) => kind !== 'codes')
    sortTies(rows, starts, rowOrder(restKeys, restVectors, areFew ? null : space.account), space.account)
    return rows
  }
  const rest = restKeys.map((key, i) => wordsOf(key, restVectors[i], count, space))
  if (rest.includes(null)) {
    account.free(rows.byteOffset)
    return null
  }
  for (let i = 0; i < count; i++) rows[i] = i
  sortByWords(rows, [...first, ...rest.flatMap((words) => words ?? [])], space)
  return rows
}

/** 0, 1, 2 … */
export function numbered(count: number, account: MemoryAccount): Uint32Array {
  const rows = account.u32(Math.max(1, count)).subarray(0, count)
  for (let i = 0; i < count; i++) rows[i] = i
  return rows
}

/** Where runs of rows with equal words begin, and the end; in memory of `space`. */
function runsOf(rows: Uint32Array, columns: readonly Words[], { account, kernels }: Space): Uint32Array {
  const marks = account.u8(rows.length).fill(0)
  marks[0] = 1
  for (const { words } of columns) kernels.markChanges(words.byteOffset, rows.byteOffset, rows.length, marks.byteOffset)
  const starts = account.u32(rows.length + 1)
  const runs = kernels.markedRows(marks.byteOffset, rows.length, starts.byteOffset)
  account.free(marks.byteOffset)
  return starts.subarray(0, runs + 1)
}

/** Sorts each run of rows with equal words by `compare`. */
function sortTies(rows: Uint32Array, starts: Uint32Array, compare: CompareRows, account: MemoryAccount): void {
  for (let at = 0; at + 1 < starts.length; at++) {
    const [from, to] = [starts[at], starts[at + 1]]
    if (to - from <= SHORT_RUN) insertionSort(rows, from, to, compare)
    else {
      const run = account.u32(to - from)
      run.set(rows.subarray(from, to))
      const sorted = sortedRows(run, compare, account)
      rows.set(sorted, from)
      account.free(sorted.byteOffset)
    }
  }
}

const RUN = 8
/** Rows that are sorted where they stand: memory for two costs more. */
const SHORT_RUN = 16

/** `rows`, which lie in `account`, in order by merging; equal rows keep theirs. The result takes their
 * place in it. */
export function sortedRows(rows: Uint32Array, compare: CompareRows, account: MemoryAccount): Uint32Array {
  const count = rows.length
  let from = rows
  for (let start = 0; start < count; start += RUN) insertionSort(from, start, Math.min(count, start + RUN), compare)
  let to = account.u32(Math.max(1, count)).subarray(0, count)
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
