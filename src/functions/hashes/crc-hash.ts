// The hash by which ClickHouse's hash tables of numbers and texts place their keys, for what depends on it: the
// instruction CRC32 of SSE 4.2 word by word; texts of less than eight bytes by CityHash.

import { crc32c } from '../../../storage/bytes/crc32c.ts'
import { bareType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { cityHash64 } from '../../../storage/kernels/city-hash.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { writeStateValue } from '../values/state-bytes.ts'

const WORD = 8
/** Digits of decimals that are 4 bytes there; they are 8 here. */
const DIGITS_OF_4 = 9
/** Numbers that such tables keep as their bytes. */
const AS_BYTES: ReadonlySet<string> = new Set(['DateTime64', 'Date32', 'Time', 'Time64', 'Interval', 'Decimal'])

/** The lower 32 bits of the hash of a row's value; values that are neither numbers nor texts hash as the bytes that a
 * state keeps of them. `space` is overwritten. */
export function crcHash(vector: Vector, row: number, space: ByteBuilder): number {
  if (vector.kind === 'bytes') return textHash(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1]))
  space.length = 0
  writeStateValue(space, vector, row)
  const { id, precision } = bareType(vector.type)
  const bytes = space.bytes.subarray(0, id === 'Decimal' && precision <= DIGITS_OF_4 ? 4 : space.length)
  if ((vector.kind !== 'number' && vector.kind !== 'big') || AS_BYTES.has(id)) return textHash(bytes)
  const word = new Uint8Array(WORD)
  word.set(bytes)
  return ~crc32c(word) >>> 0
}

/** Whole words but the last, then the last eight bytes. */
function textHash(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0
  if (bytes.length < WORD) return Number(cityHash64(bytes, 0, bytes.length) & 0xffffffffn)
  const words = Math.max(WORD, Math.ceil(bytes.length / WORD - 1) * WORD)
  return ~crc32c(bytes.subarray(bytes.length - WORD), crc32c(bytes.subarray(0, words))) >>> 0
}
