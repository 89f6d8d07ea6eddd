// The groups of a few rows, as a point query has them: keys are hashed and compared where they lie, and least,
// greatest and number of rows are found in one loop. A table of packed keys, its states and what reads them again
// cost some hundred calls, whatever the rows are.
// Invariant: groups are numbered in the order in which their keys first came, as a GroupTable numbers them.

import { bareType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Slot } from '../../functions/values/function.ts'

/** Rows up to which a table does not pay: group numbers below it fit a byte, too. */
export const FEW_ROWS_MAX = 128

/** The group of each row, in memory of the account that was given, and the first row of each group. */
export type FewGroups = { readonly groups: Uint32Array; readonly firsts: Uint32Array }

/** Places of hashes: at most half of them are taken. */
const PLACES = 2 * FEW_ROWS_MAX
/** Of the call in work: of each row its hash, and of each place a group's number and one, 0: none. */
const hashes = new Int32Array(FEW_ROWS_MAX)
const places = new Uint8Array(PLACES)
const PRIME = 0x9e3779b1
const FNV = 0x01000193

type IntegerArray = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array

/** A key of which equal values have equal bits: codes, 32-bit integers, bytes. */
type Key = { readonly words: IntegerArray; readonly text: null } | { readonly words: null; readonly text: BytesVector }

const isInteger = (values: ArrayBufferView): values is IntegerArray =>
  values instanceof Uint32Array || values instanceof Uint8Array || values instanceof Uint16Array
  || values instanceof Int32Array || values instanceof Int16Array || values instanceof Int8Array

/** Types whose bytes say what they are equal to. */
const isText = (vector: BytesVector): boolean => {
  const bare = bareType(vector.type)
  return isLarge(bare) || bare.id === 'String' || bare.id === 'FixedString' || bare.id === 'UUID' || bare.id === 'IPv6'
}

/** How a key is compared; null: some other way, or it may be NULL. */
function keyOf(vector: Vector): Key | null {
  if (vector.nulls !== null) return null
  if (vector.kind === 'codes') return { words: vector.codes, text: null }
  if (vector.kind === 'number') return isInteger(vector.values) ? { words: vector.values, text: null } : null
  return vector.kind === 'bytes' && isText(vector) ? { words: null, text: vector } : null
}

/** `rowCount` from 1 to FEW_ROWS_MAX. null: some key has no bits to compare. */
export function fewGroups(vectors: readonly Vector[], rowCount: number, account: MemoryAccount): FewGroups | null {
  const keys: Key[] = []
  for (const vector of vectors) {
    // A constant tells no rows apart.
    if (vector.isConst) continue
    const key = keyOf(vector)
    if (key === null) return null
    keys.push(key)
  }
  hashes.fill(0, 0, rowCount)
  for (const { words, text } of keys) {
    if (text === null) mixWords(words, rowCount)
    else mixTexts(text, rowCount)
  }
  places.fill(0)
  const groups = account.u32(rowCount)
  const firsts = account.u32(rowCount)
  let count = 0
  for (let row = 0; row < rowCount; row++) {
    const hash = hashes[row]
    let place = (hash ^ hash >>> 15) & PLACES - 1
    let entry = places[place]
    while (entry !== 0 && !(hashes[firsts[entry - 1]] === hash && areEqual(keys, firsts[entry - 1], row))) {
      place = place + 1 & PLACES - 1
      entry = places[place]
    }
    if (entry === 0) {
      firsts[count++] = row
      places[place] = entry = count
    }
    groups[row] = entry - 1
  }
  return { groups, firsts: firsts.subarray(0, count) }
}

function mixWords(words: IntegerArray, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const mixed = Math.imul(hashes[row] ^ words[row], PRIME)
    hashes[row] = mixed ^ mixed >>> 16
  }
}

function mixTexts({ offsets, bytes }: BytesVector, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    const end = offsets[row + 1]
    let mixed = hashes[row] ^ end - offsets[row]
    for (let at = offsets[row]; at < end; at++) mixed = Math.imul(mixed ^ bytes[at], FNV)
    mixed = Math.imul(mixed, PRIME)
    hashes[row] = mixed ^ mixed >>> 16
  }
}

function areEqual(keys: readonly Key[], a: number, b: number): boolean {
  for (let k = 0; k < keys.length; k++) {
    const { words, text } = keys[k]
    if (text === null ? words[a] !== words[b] : !areTextsEqual(text, a, b)) return false
  }
  return true
}

function areTextsEqual({ offsets, bytes }: BytesVector, a: number, b: number): boolean {
  const length = offsets[a + 1] - offsets[a]
  if (offsets[b + 1] - offsets[b] !== length) return false
  for (let i = 0, [x, y] = [offsets[a], offsets[b]]; i < length; i++) if (bytes[x + i] !== bytes[y + i]) return false
  return true
}

/** What rows make of a group's double (AggregateStates.slot), for each of `groupCount` groups, in memory of `account`.
 * null: the column is not of numbers that are all there, each below 2^32. */
export function fewDoubles(
  slot: Slot, column: Vector | null, groups: Uint32Array, groupCount: number, account: MemoryAccount,
): Float64Array | null {
  if (column === null) {
    const counts = account.f64(groupCount).fill(0)
    for (let row = 0; row < groups.length; row++) counts[groups[row]]++
    return counts
  }
  if (slot === 'count' || slot === 'sum' || column.kind !== 'number' || column.isConst || column.nulls !== null || !isInteger(column.values)) return null
  const { values } = column
  const isLeast = slot === 'least'
  const best = account.f64(groupCount).fill(isLeast ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY)
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row]
    const value = values[row]
    if (isLeast ? value < best[group] : value > best[group]) best[group] = value
  }
  return best
}
