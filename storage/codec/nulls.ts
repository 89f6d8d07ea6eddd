// NULLs of a block: one bit a row in bytes, one byte a row in memory.

import type { ByteReader } from '../bytes/byte-reader.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { EncodeSpace } from './space.ts'

/** The NULLs of rows [from, to), null where there are none. */
export function nullsOf(nulls: Uint8Array | null, from: number, to: number): Uint8Array | null {
  if (nulls === null) return null
  const range = nulls.subarray(from, to)
  return range.includes(1) ? range : null
}

export function writeNulls(space: EncodeSpace, nulls: Uint8Array): void {
  const bits = space.out.room(Math.ceil(nulls.length / 8))
  for (let row = 0; row < nulls.length; row++) if (nulls[row] !== 0) bits[row >> 3] |= 1 << (row & 7)
}

/** Passes over the NULLs of `rows` rows; answers where they begin. */
export function skipNulls(reader: ByteReader, rows: number): number {
  const { at } = reader
  reader.take(Math.ceil(rows / 8))
  return at
}

export function decodeNulls(
  bytes: Uint8Array, at: number, rows: number, account: MemoryAccount,
): Uint8Array {
  const nulls = account.u8(rows)
  for (let row = 0; row < rows; row++) nulls[row] = bytes[at + (row >> 3)] >> (row & 7) & 1
  return nulls
}

export const isNullAt = (bytes: Uint8Array, at: number, row: number): boolean =>
  (bytes[at + (row >> 3)] & (1 << (row & 7))) !== 0
