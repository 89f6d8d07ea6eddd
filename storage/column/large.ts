// Integers of 128 and 256 bits and decimals of more than 18 digits: 16 or 32 bytes a value, the highest
// byte first and the sign bit of signed ones turned around, in a vector of bytes.
// Invariant: the order of the bytes is the order of the values, and equal values have equal bytes. So
// sorting, grouping, joins, zones and codecs treat them as any other bytes of fixed length.

import { bareType, type DataType } from './data-type.ts'
import type { Vector } from './vector.ts'

/** Bytes of a value; 0 for types that are stored as numbers or in another way. */
export function largeWidth(type: DataType): number {
  switch (type.id) {
    case 'Int128': case 'UInt128': return 16
    case 'Int256': case 'UInt256': return 32
    case 'Decimal': return type.precision <= 18 ? 0 : type.precision <= 38 ? 16 : 32
    default: return 0
  }
}

export const isLarge = (type: DataType): boolean => largeWidth(type) !== 0

const isUnsigned = (type: DataType): boolean => type.id.startsWith('U')

const SIGN = 1n << 63n

/** Writes `value` (its low bits, where it is too wide) at `at`. */
export function writeLarge(out: Uint8Array, at: number, type: DataType, value: bigint): void {
  const view = new DataView(out.buffer, out.byteOffset + at, largeWidth(type))
  let rest = value
  for (let word = view.byteLength - 8; word >= 0; word -= 8) {
    view.setBigUint64(word, BigInt.asUintN(64, rest))
    rest >>= 64n
  }
  if (!isUnsigned(type)) view.setUint8(0, view.getUint8(0) ^ 128)
}

/** The value at `at`; no bytes (the place of a NULL) are 0. */
export function readLarge(bytes: Uint8Array, at: number, end: number, type: DataType): bigint {
  if (end === at) return 0n
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at)
  const high = view.getBigUint64(0)
  let value = isUnsigned(type) ? high : BigInt.asIntN(64, high ^ SIGN)
  for (let word = 8; word < view.byteLength; word += 8) value = (value << 64n) | view.getBigUint64(word)
  return value
}

/** A value in bytes of its own. */
export function largeBytes(type: DataType, value: bigint): Uint8Array {
  const bytes = new Uint8Array(largeWidth(type))
  writeLarge(bytes, 0, type, value)
  return bytes
}

/** Reads rows of a vector whose bare type is large. */
export function largeReader(vector: Vector): (row: number) => bigint {
  const type = bareType(vector.type)
  const { isConst } = vector
  if (vector.kind === 'codes') {
    const { codes, dictionary } = vector
    return (row) => {
      const bytes = dictionary.bytesOf(codes[isConst ? 0 : row])
      return readLarge(bytes, 0, bytes.length, type)
    }
  }
  if (vector.kind !== 'bytes') throw new Error(`${type.name} lies in a vector of ${vector.kind}`)
  const { bytes, offsets } = vector
  return (row) => {
    const slot = isConst ? 0 : row
    return readLarge(bytes, offsets[slot], offsets[slot + 1], type)
  }
}
