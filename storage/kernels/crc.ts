// Most of a CRC-32C by exclusive ors alone, after Russell's Chorba (2024). The reference of crc.as.ts.
//
// Modulo the polynomial, a byte is the same as copies of it 558, 600, 661, 677 and 680 bytes behind it:
// x^(8 · 680) = x^(8 · 122) + x^(8 · 80) + x^(8 · 19) + x^(8 · 3) + 1. So byte after byte is left out and its copies are
// added to what follows, 16 at a time, until a rest of some 680 bytes has the checksum of all. (Of all such
// relations up to this length it is one whose copies are so far away that the stores of them have ended: 12 GB/s, where
// sixteen tables take 1.4 in JavaScript and 2 in a kernel.)

import { CRC_DISTANCE } from './crc-layout.ts'
import type { KernelMemory } from './kernel-memory.ts'

export { CRC_SCRATCH_BYTES } from './crc-layout.ts'

/** So many bytes at least are folded: of less the rest is too large a share. */
export const CRC_BYTES_MIN = 3 * CRC_DISTANCE

const COPIES = [558, 600, 661, 677, CRC_DISTANCE]

export type CrcKernels = {
  /** Folds CRC_BYTES_MIN or more bytes at `from`, whose checksum begins with this register, to the rest of them at
   * `scratch` (CRC_SCRATCH_BYTES), whose checksum begins with 0; its bytes. */
  readonly foldCrc: (from: number, bytes: number, register: number, scratch: number) => number
}

export function crcReference({ u8 }: KernelMemory): CrcKernels {
  return {
    foldCrc(from, bytes, register, scratch) {
      const folded = (bytes - CRC_DISTANCE) & ~15
      const all = u8.slice(from, from + bytes)
      for (let i = 0; i < 4; i++) all[i] ^= register >>> (8 * i)
      for (let at = 0; at < folded; at++) for (const copy of COPIES) all[at + copy] ^= all[at]
      u8.set(all.subarray(folded), scratch)
      return bytes - folded
    },
  }
}
