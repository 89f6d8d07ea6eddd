// The distinct strings of a set, found by their hashes.

import type { TakeSpace } from './take.ts'

/** Strings in the order in which they first came, and of each given string which of them it is. In the
 * account's memory. */
export type DistinctStrings = {
  readonly size: number
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
  readonly numbers: Uint32Array
}

/** Of the first `count` strings, which lie in work memory; offsets begin at 0. */
export function distinctStrings(
  strings: { readonly offsets: Uint32Array; readonly bytes: Uint8Array }, count: number, { account, kernels }: TakeSpace,
): DistinctStrings {
  const slotsLog2 = 33 - Math.clz32(count)
  const table = account.u32(2 << slotsLog2).fill(0)
  const offsets = account.u32(count + 1)
  const bytes = account.u8(strings.offsets[count])
  const numbers = account.u32(count)
  offsets[0] = 0
  const size = kernels.internStrings(strings.offsets.byteOffset, strings.bytes.byteOffset, count,
    table.byteOffset, (1 << slotsLog2) - 1, offsets.byteOffset, bytes.byteOffset, 0, numbers.byteOffset)
  account.free(table.byteOffset)
  return { size, offsets, bytes, numbers }
}
