// The order of rows by the sorting key, stable: equal keys keep the order in which they came.
//
// Each key becomes one or two words: u32 arrays that order as it does, by row. Small neighbours are
// packed into one word. Rows that come in few ascending runs (segments, parts in time order) are
// merged run by run; others are sorted by radix, least significant digit first.

import { bareType } from '../column/data-type.ts'
import { LocalStrings } from '../column/local-strings.ts'
import type { ArrayVector, BytesVector, CodesVector, NumberVector, Vector } from '../column/vector.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bitsFor } from '../kernels/bits.ts'
import { SORT_COUNTS_BYTES } from '../kernels/rows.ts'
import { stringsOf } from '../part/column-writer.ts'
import { rankStrings } from '../part/dictionary.ts'

const TWO32 = 4294967296
/** Merging n rows of r runs costs log2(r) passes of a plain loop, radix some five of a kernel. */
const RUNS_MAX = 16

/** Numbers below 2^bits, by row. */
export type Word = { readonly values: Uint32Array; readonly bits: number }

/** The words of one key vector, most significant first. NULLs go last, as ClickHouse sorts them. */
export function wordsOf(vector: Vector, space: EncodeSpace): Word[] {
  if (vector.isConst) return []
  const words = valueWords(vector, space)
  const { nulls, length } = vector
  if (nulls === null) return words
  const marks = space.account.u32(length)
  for (let row = 0; row < length; row++) marks[row] = nulls[row] === 0 ? 0 : 1
  for (const { values } of words) {
    for (let row = 0; row < length; row++) if (marks[row] === 1) values[row] = 0
  }
  return [{ values: marks, bits: 1 }, ...words]
}

function valueWords(vector: Vector, space: EncodeSpace): Word[] {
  switch (vector.kind) {
    case 'number': return numberWords(vector, space)
    case 'big': {
      const isSigned = vector.values instanceof BigInt64Array
      return halves(vector.length, space, (row, low, high) => {
        low[row] = Number(BigInt.asUintN(32, vector.values[row]))
        high[row] = Number(BigInt.asUintN(32, vector.values[row] >> 32n)) ^ (isSigned ? 0x80000000 : 0)
      })
    }
    case 'codes': return codeWords(vector, space)
    case 'bytes': return stringWords(vector, space)
    case 'tuple': return vector.fields.flatMap((field) => wordsOf(field, space))
    case 'array': return arrayWords(vector, space)
  }
}

function halves(
  length: number, space: EncodeSpace,
  put: (row: number, low: Uint32Array, high: Uint32Array) => void,
): Word[] {
  const low = space.account.u32(length)
  const high = space.account.u32(length)
  for (let row = 0; row < length; row++) put(row, low, high)
  return [{ values: high, bits: 32 }, { values: low, bits: 32 }]
}

function numberWords({ values, length, type }: NumberVector, space: EncodeSpace): Word[] {
  if (length > 0 && values instanceof Uint32Array) return unsignedWords(values, length, space)
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let isWhole = !bareType(type).id.startsWith('Float')
  for (let row = 0; row < length; row++) {
    const value = values[row]
    if (value < min) min = value
    if (value > max) max = value
  }
  if (!Number.isSafeInteger(max - min)) isWhole = false
  if (!isWhole) return floatWords(values, length, space)
  if (max - min >= TWO32) {
    return halves(length, space, (row, low, high) => {
      low[row] = values[row] - min
      high[row] = (values[row] - min) / TWO32
    })
  }
  const words = space.account.u32(length)
  for (let row = 0; row < length; row++) words[row] = values[row] - min
  return [{ values: words, bits: length === 0 ? 0 : bitsFor(max - min) }]
}

function unsignedWords(values: Uint32Array, length: number, { account, kernels, survey }: EncodeSpace): Word[] {
  const words = account.u32(length)
  words.set(values.length === length ? values : values.subarray(0, length))
  kernels.wordEnds(words.byteOffset, length, survey.byteOffset)
  const [min, max] = survey
  kernels.addToWords(words.byteOffset, length, -min)
  return [{ values: words, bits: bitsFor(max - min) }]
}

/** The bits of a double order as it does once negative ones are turned over; NaN comes last, whatever its
 * bits. */
function floatWords(values: ArrayLike<number>, length: number, space: EncodeSpace): Word[] {
  const float = new Float64Array(1)
  const bits = new Uint32Array(float.buffer)
  return halves(length, space, (row, low, high) => {
    const value = values[row]
    float[0] = value === 0 ? 0 : value // -0 equals 0
    const isNegative = value < 0
    const isNaN = value !== value
    low[row] = isNaN ? 0 : isNegative ? ~bits[0] : bits[0]
    high[row] = isNaN ? 0xffffffff : isNegative ? ~bits[1] : bits[1] ^ 0x80000000
  })
}

function codeWords(vector: CodesVector, space: EncodeSpace): Word[] {
  const { dictionary } = vector
  if (dictionary instanceof LocalStrings && dictionary.isSorted) {
    const values = space.account.u32(vector.length)
    values.set(vector.codes)
    return [{ values, bits: bitsFor(Math.max(0, dictionary.size - 1)) }]
  }
  const ranked = rankStrings(stringsOf(vector), space)
  const values = space.account.u32(vector.length)
  for (let row = 0; row < vector.length; row++) values[row] = ranked.ranks[vector.codes[row]]
  const bits = bitsFor(Math.max(0, ranked.distinct - 1))
  ranked.release()
  return [{ values, bits }]
}

function stringWords({ bytes, offsets, length }: BytesVector, space: EncodeSpace): Word[] {
  const ranked = rankStrings({ size: length, bytes, offsets }, space)
  const values = space.account.u32(length)
  values.set(ranked.ranks.subarray(0, length))
  const bits = bitsFor(Math.max(0, ranked.distinct - 1))
  ranked.release()
  return [{ values, bits }]
}

/** The places of arrays among all in order: element by element, and one that ends first goes first. */
function arrayWords({ values, offsets, length }: ArrayVector, space: EncodeSpace): Word[] {
  const keys = wordsOf(values, space).map((word) => word.values)
  const compare = (a: number, b: number): number => {
    const [endOfA, endOfB] = [offsets[a + 1], offsets[b + 1]]
    for (let i = offsets[a], j = offsets[b]; i < endOfA && j < endOfB; i++, j++) {
      const difference = compareRows(keys, i, j)
      if (difference !== 0) return difference
    }
    return (endOfA - offsets[a]) - (endOfB - offsets[b])
  }
  const rows = Uint32Array.from({ length }, (_, row) => row).sort(compare)
  const places = space.account.u32(length)
  let place = 0
  for (let i = 0; i < length; i++) {
    if (i > 0 && compare(rows[i - 1], rows[i]) !== 0) place++
    places[rows[i]] = place
  }
  return [{ values: places, bits: bitsFor(place) }]
}

/** Neighbours that fit 32 bits together become one word; the arrays of `words`, which lie in work memory, are used
 * up. */
function packWords(words: readonly Word[], length: number, { kernels }: EncodeSpace): Word[] {
  const packed: Word[] = []
  for (const { values, bits } of words) {
    if (bits === 0) continue
    const last = packed[packed.length - 1]
    if (last === undefined || last.bits + bits > 32) {
      packed.push({ values, bits })
      continue
    }
    kernels.pairWords(last.values.byteOffset, values.byteOffset, length, bits)
    packed[packed.length - 1] = { values: last.values, bits: last.bits + bits }
  }
  return packed
}

/** Puts `rows` in the order of the words, in place. */
export function sortRows(words: readonly Word[], rows: Uint32Array, space: EncodeSpace): void {
  const { account } = space
  if (words.length === 0 || rows.length < 2) return
  const keys = words.map(({ values }) => values)
  const starts = runsOf(keys, rows)
  if (starts !== null && starts.length === 1) return
  if (starts === null) {
    radixSort(words, rows, space)
    return
  }
  const spare = account.u32(rows.length)
  mergeAll(keys, rows, spare, starts)
  account.free(spare.byteOffset)
}

/** Words of all keys together, ready for sortRows. */
export const keyWords = (keys: readonly Vector[], length: number, space: EncodeSpace): Word[] =>
  packWords(keys.flatMap((key) => wordsOf(key, space)), length, space)

/** Negative, 0, positive as row a stands before, with or behind row b. */
export function compareRows(keys: readonly Uint32Array[], a: number, b: number): number {
  for (let word = 0; word < keys.length; word++) {
    const difference = keys[word][a] - keys[word][b]
    if (difference !== 0) return difference
  }
  return 0
}

/** Where ascending runs start; null: there are more than RUNS_MAX. */
function runsOf(keys: readonly Uint32Array[], rows: Uint32Array): number[] | null {
  const starts = [0]
  for (let i = 1; i < rows.length; i++) {
    if (compareRows(keys, rows[i - 1], rows[i]) <= 0) continue
    if (starts.length === RUNS_MAX) return null
    starts.push(i)
  }
  return starts
}

/** Merges neighbouring runs until one is left. */
function mergeAll(
  keys: readonly Uint32Array[], rows: Uint32Array, spare: Uint32Array, runs: readonly number[],
): void {
  let starts = runs
  let from = rows
  let to = spare
  while (starts.length > 1) {
    const merged: number[] = []
    for (let run = 0; run < starts.length; run += 2) {
      const middle = starts[run + 1] ?? rows.length
      const end = starts[run + 2] ?? rows.length
      mergeTwo(keys, from, to, starts[run], middle, end)
      merged.push(starts[run])
    }
    starts = merged
    const swap = from
    from = to
    to = swap
  }
  if (from !== rows) rows.set(from)
}

function mergeTwo(
  keys: readonly Uint32Array[], from: Uint32Array, to: Uint32Array, start: number, middle: number,
  end: number,
): void {
  if (middle === end || compareRows(keys, from[middle - 1], from[middle]) <= 0) {
    to.set(from.subarray(start, end), start)
    return
  }
  const [first] = keys
  let a = start
  let b = middle
  for (let at = start; at < end; at++) {
    if (a === middle) to[at] = from[b++]
    else if (b === end) to[at] = from[a++]
    else {
      const difference = first[from[a]] - first[from[b]]
      const takesA = difference < 0
        || (difference === 0 && compareRows(keys, from[a], from[b]) <= 0)
      to[at] = takesA ? from[a++] : from[b++]
    }
  }
}

/** Least significant word first. */
function radixSort(words: readonly Word[], rows: Uint32Array, space: EncodeSpace): void {
  const scratch = space.scratch()
  const pairs = scratch.f64(rows.length)
  const spare = scratch.f64(rows.length)
  const counts = scratch.u8(SORT_COUNTS_BYTES)
  for (let word = words.length - 1; word >= 0; word--) {
    const { values, bits } = words[word]
    space.kernels.sortRows(values.byteOffset, bits, rows.byteOffset, rows.length, pairs.byteOffset,
      spare.byteOffset, counts.byteOffset)
  }
  scratch.releaseAll()
}
