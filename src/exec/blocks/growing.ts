// Arrays of the account that grow with rows: doubled in place of the old one, which is returned.

import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'

/** `array` with room for `needed` words, of which `used` are kept; the old array is gone when it was
 * too small. New words are undefined. */
export function growWords(
  account: MemoryAccount, array: Uint32Array, used: number, needed: number): Uint32Array {
  if (needed <= array.length) return array
  const larger = account.u32(Math.max(needed, array.length * 2))
  larger.set(used === array.length ? array : array.subarray(0, used))
  account.free(array.byteOffset)
  return larger
}

/** As growWords, of bytes. */
export function growBytes(
  account: MemoryAccount, array: Uint8Array, used: number, needed: number): Uint8Array {
  if (needed <= array.length) return array
  const larger = account.u8(Math.max(needed, array.length * 2))
  larger.set(used === array.length ? array : array.subarray(0, used))
  account.free(array.byteOffset)
  return larger
}
