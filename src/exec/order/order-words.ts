// Sort keys as words: for each key one to five columns of u32 that order rows as the key does, whatever
// its type, direction and NULLs, so that rows are sorted by the digits of numbers (radix sort, least
// significant word first) and nothing is compared.
//
//   whole numbers, little apart   value - least                 (or most - value)
//   doubles, 64-bit integers      their bits, in two words, so turned that they order as unsigned ones
//   UUIDs                         their bytes, the last one first, in four words
//   texts that are numbers        these, with their digits from the left (serial-order.ts)
//   texts that are UUIDs          their bytes, the first one first, in four words (uuid-text-order.ts)
//   strings                       the rank of each distinct one (kernels sortStrings, rankStrings)
//   NULLs                         one bit before these
//
// Invariant: rows whose words are all equal are equal under the key.

import { serialsOf } from '../../../storage/column/serial-texts.ts'
import { uuidsOf } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, CodesVector, NumberVector, Vector } from '../../../storage/column/vector.ts'
import { SORT_COUNTS_BYTES } from '../../../storage/kernels/rows.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { isUuid } from '../../functions/values/uuid-order.ts'
import { asBytes, inWorkMemory } from '../../functions/values/vectors.ts'
import type { SortKey } from '../../plan/plan.ts'
import { isStrings } from '../dictionaries/query-strings.ts'
import { serialWords } from './serial-order.ts'
import { uuidTextWords } from './uuid-text-order.ts'
import type { Space, Words } from './sort-words.ts'

const TWO32 = 4294967296
const SIGN = 0x80000000
const bitsOf = (most: number): number => 32 - Math.clz32(most)

/** The words of a key, most significant first, in memory of `space`. Null: values of this type have no
 * such words (arrays, tuples, the order of a language). */
export function wordsOf(key: SortKey, vector: Vector, count: number, space: Space): Words[] | null {
  if (vector.isConst) return []
  const values = key.collate === undefined ? valueWords(key, vector, count, space) : null
  if (values === null || vector.nulls === null) return values
  const { nulls } = vector
  const isNull = space.account.u32(count)
  const nullWord = key.nullsFirst ? 0 : 1
  for (let row = 0; row < count; row++) {
    isNull[row] = nulls[row] === 1 ? nullWord : 1 - nullWord
    if (nulls[row] === 1) for (const { words } of values) words[row] = 0
  }
  return [{ words: isNull, bits: 1 }, ...values]
}

function valueWords(key: SortKey, vector: Vector, count: number, space: Space): Words[] | null {
  if (vector.kind === 'number') {
    const near = /Float/.test(vector.type.name) ? null : nearWords(key, vector, count, space)
    return near ?? doubleWords(key, vector, count, space)
  }
  if (vector.kind === 'big') return bigWords(key, vector.values, count, space)
  if (isStrings(vector) && isUuid(vector.type)) return uuidWords(key, vector, count, space)
  return isStrings(vector) ? stringWords(key, vector, count, space) : null
}

/** Whole numbers less than 2^32 apart, as their distance from the first in order; null: others. */
function nearWords({ descending }: SortKey, { values, nulls }: NumberVector, count: number, { account }: Space): Words[] | null {
  let [least, most] = [Infinity, -Infinity]
  for (let row = 0; row < count; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    const value = values[row]
    if (value < least) least = value
    if (value > most) most = value
  }
  if (most < least) return []
  if (most - least >= TWO32) return null
  const words = account.u32(count)
  if (descending) for (let row = 0; row < count; row++) words[row] = most - values[row]
  else for (let row = 0; row < count; row++) words[row] = values[row] - least
  return [{ words, bits: bitsOf(most - least) }]
}

/** The bits of doubles, turned so that they order as unsigned numbers; NaN stands where NULLs do. */
function doubleWords({ descending, nullsFirst }: SortKey, { values }: NumberVector, count: number, { account }: Space): Words[] {
  const high = account.u32(count)
  const low = account.u32(count)
  const double = new Float64Array(1)
  const bits = new Uint32Array(double.buffer)
  const turn = descending ? 0xffffffff : 0
  const edge = nullsFirst ? 0 : 0xffffffff
  for (let row = 0; row < count; row++) {
    const value = values[row]
    if (value !== value) {
      high[row] = edge
      low[row] = edge
      continue
    }
    double[0] = value + 0 // no -0
    const isNegative = bits[1] >= SIGN
    high[row] = (isNegative ? ~bits[1] : bits[1] | SIGN) ^ turn
    low[row] = (isNegative ? ~bits[0] : bits[0]) ^ turn
  }
  return [{ words: high, bits: 32 }, { words: low, bits: 32 }]
}

function bigWords({ descending }: SortKey, values: BigInt64Array | BigUint64Array, count: number, { account }: Space): Words[] {
  const halves = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const high = account.u32(count)
  const low = account.u32(count)
  const turn = descending ? 0xffffffff : 0
  const sign = values instanceof BigInt64Array ? SIGN : 0
  for (let row = 0; row < count; row++) {
    low[row] = halves[2 * row] ^ turn
    high[row] = halves[2 * row + 1] ^ sign ^ turn
  }
  return [{ words: high, bits: 32 }, { words: low, bits: 32 }]
}

/** The 16 bytes of UUIDs as they are read from behind. */
function uuidWords(
  { descending }: SortKey, vector: Vector & { kind: 'bytes' | 'codes' }, count: number, { account }: Space): Words[] {
  const { bytes, offsets } = asBytes(vector, account)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const turn = descending ? 0xffffffff : 0
  return [12, 8, 4, 0].map((byte) => {
    const words = account.u32(count)
    for (let row = 0; row < count; row++) {
      // The place of a NULL may have no bytes.
      words[row] = offsets[row + 1] === offsets[row] ? 0 : view.getUint32(offsets[row] + byte, true) ^ turn
    }
    return { words, bits: 32 }
  })
}

function stringWords(
  { descending }: SortKey, vector: Vector & { kind: 'bytes' | 'codes' }, count: number, space: Space): Words[] {
  const serials = serialsOf(vector)
  const ofNumbers = serials === null ? null : serialWords(serials, descending, count, space)
  if (ofNumbers !== null) return ofNumbers
  const uuids = uuidsOf(vector)
  if (uuids !== null) return uuidTextWords(uuids, descending, count, space.account)
  const { account } = space
  const words = account.u32(count)
  let most = 0
  if (vector.kind === 'codes') {
    const { ids, distinct } = distinctOf(vector, count, account)
    const ranks = account.u32(distinct.length)
    most = rank(distinct, distinct.length, ranks, space)
    for (let row = 0; row < count; row++) words[row] = ranks[ids[row]]
    for (const array of [ids, ranks, distinct.offsets, distinct.bytes]) account.free(array.byteOffset)
  } else most = rank(vector, count, words, space)
  if (descending) for (let row = 0; row < count; row++) words[row] = most - words[row]
  return [{ words, bits: bitsOf(most) }]
}

/** Ranks of strings from 0 on into `ranks`; answers the highest. */
function rank(vector: BytesVector, count: number, ranks: Uint32Array, { account, kernels }: Space): number {
  const { offsets, bytes } = inWorkMemory(vector, account)
  const order = account.u32(count)
  const spareOrder = account.u32(count)
  const keys = account.f64(count)
  const spareKeys = account.f64(count)
  const runs = account.u32(count + 1)
  kernels.sortStrings(offsets.byteOffset, bytes.byteOffset, count, order.byteOffset, spareOrder.byteOffset,
    keys.byteOffset, spareKeys.byteOffset, runs.byteOffset)
  const distinct = kernels.rankStrings(offsets.byteOffset, bytes.byteOffset, count, order.byteOffset, ranks.byteOffset,
    runs.byteOffset)
  for (const array of [order, spareOrder, keys, spareKeys, runs]) account.free(array.byteOffset)
  return distinct - 1
}

/** The distinct codes of rows in the order they come, and which of them each row has. */
function distinctOf({ codes, dictionary, type }: CodesVector, count: number, account: MemoryAccount) {
  const slots = 1 << 33 - Math.clz32(count)
  /** By hash of the code: which distinct one, and one more; 0: free. */
  const table = account.u32(slots).fill(0)
  const found = account.u32(count)
  const ids = account.u32(count)
  let size = 0
  for (let row = 0; row < count; row++) {
    const code = codes[row]
    let slot = Math.imul(code, 0x9e3779b1) >>> 0 & slots - 1
    while (table[slot] !== 0 && found[table[slot] - 1] !== code) slot = slot + 1 & slots - 1
    if (table[slot] === 0) {
      found[size] = code
      table[slot] = ++size
    }
    ids[row] = table[slot] - 1
  }
  account.free(table.byteOffset)
  const distinct = asBytes(
    { kind: 'codes', type, length: size, isConst: false, nulls: null, codes: found.subarray(0, size), dictionary }, account)
  account.free(found.byteOffset)
  return { ids, distinct }
}

/** Sorts `rows` by words, most significant first; equal rows keep their order. Words that are in order
 * already cost a look. */
export function sortByWords(rows: Uint32Array, columns: readonly Words[], { account, kernels }: Space): void {
  const count = rows.length
  const pairs = account.f64(count)
  const spare = account.f64(count)
  const counts = account.u8(SORT_COUNTS_BYTES)
  for (const { words, bits } of [...columns].reverse()) {
    if (isInOrder(rows, words)) continue
    kernels.sortRows(words.byteOffset, bits, rows.byteOffset, count, pairs.byteOffset, spare.byteOffset, counts.byteOffset)
  }
  for (const array of [pairs, spare, counts]) account.free(array.byteOffset)
}

function isInOrder(rows: Uint32Array, words: Uint32Array): boolean {
  for (let i = 1; i < rows.length; i++) if (words[rows[i - 1]] > words[rows[i]]) return false
  return true
}
