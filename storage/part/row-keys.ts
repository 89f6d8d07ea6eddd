// Keys of rows by one column, for DEDUPLICATE_BY: 16 bytes a row, by which storage/wal/row-keys.ts knows
// rows again. All zeros: the row has no key (NULL, or an empty string) and is never a duplicate.
//
//   strings   their 128-bit key (storage/kernels/keys.ts)      numbers   the value in 64 bits, then 1
//
// Invariant: equal values have equal keys whatever vector they come in. Keys are on disk: what makes them
// never changes.

import { LocalStrings } from '../column/local-strings.ts'
import type { Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'

const KEY_WORDS = 4
const [HIGH, MARK, LAST] = [1, 2, 3]

/** Keys of all rows of a column that was just parsed; on the account. */
export function rowKeysOf(vector: Vector, account: MemoryAccount, kernels: Kernels): Uint32Array {
  const { length, nulls } = vector
  const keys = account.u32(length * KEY_WORDS)
  switch (vector.kind) {
    case 'bytes': stringKeys(vector.offsets, vector.bytes, length, keys, kernels); break
    case 'codes': {
      const { dictionary } = vector
      if (!(dictionary instanceof LocalStrings)) throw new Error('row keys: these are no fresh rows')
      const { bytes, offsets } = dictionary
      const own = account.u32(dictionary.size * KEY_WORDS)
      stringKeys(offsets, bytes, dictionary.size, own, kernels)
      for (let row = 0; row < length; row++) {
        for (let word = 0; word < KEY_WORDS; word++) keys[row * KEY_WORDS + word] = own[vector.codes[row] * KEY_WORDS + word]
      }
      break
    }
    case 'number':
      for (let row = 0; row < length; row++) {
        const value = vector.values[row]
        setNumber(keys, row, value >>> 0, Math.floor(value / 2 ** 32) >>> 0)
      }
      break
    case 'big':
      for (let row = 0; row < length; row++) {
        const value = vector.values[row]
        setNumber(keys, row, Number(value & 0xffffffffn), Number(value >> 32n & 0xffffffffn))
      }
      break
    default: throw new Error(`row keys: no keys of ${vector.type.name}`)
  }
  for (let row = 0; nulls !== null && row < length; row++) {
    if (nulls[row] === 1) keys.fill(0, row * KEY_WORDS, (row + 1) * KEY_WORDS)
  }
  return keys
}

function setNumber(keys: Uint32Array, row: number, low: number, high: number): void {
  const at = row * KEY_WORDS
  keys[at] = low
  keys[at + HIGH] = high
  keys[at + MARK] = 1
  keys[at + LAST] = 0
}

/** Keys of strings in work memory. Only the empty one has zeros. */
function stringKeys(
  offsets: Uint32Array, bytes: Uint8Array, count: number, keys: Uint32Array, kernels: Kernels,
): void {
  kernels.stringKeys(offsets.byteOffset, bytes.byteOffset, count, keys.byteOffset)
  for (let index = 0; index < count; index++) {
    const at = index * KEY_WORDS
    if (offsets[index + 1] === offsets[index]) keys.fill(0, at, at + KEY_WORDS)
    else if ((keys[at] | keys[at + HIGH] | keys[at + MARK] | keys[at + LAST]) === 0) keys[at + LAST] = 1
  }
}
