// Bit-packed numbers, low bit first: number i occupies bits [i * width, (i + 1) * width) of the
// packed bytes. The references of bits.as.ts.

import type { WorkMemory } from './work-memory.ts'

export type BitsKernels = {
  /** Unpacks `count` numbers of `width` bits (1..32) at `source` into u32 at `target`. May read 8
   * bytes past the packed bytes, which the slack of a cell covers. */
  readonly unpackBits: (source: number, width: number, count: number, target: number) => void
  /** As unpackBits, each number replaced by the u32 at map + 4 * number. */
  readonly unpackBitsMapped: (
    source: number, width: number, count: number, map: number, target: number) => void
}

/** Reads number `index` of `width` bits (1..32) from packed bytes. */
export function bitsAt(bytes: Uint8Array, start: number, width: number, index: number): number {
  const bit = index * width
  let at = start + Math.floor(bit / 8)
  let have = 8 - (bit & 7)
  let value = bytes[at] >>> (bit & 7)
  while (have < width) {
    value += bytes[++at] * 2 ** have
    have += 8
  }
  return width === 32 ? value % 4294967296 : value % 2 ** width
}

export function bitsReference(work: WorkMemory): BitsKernels {
  const { u8, u32 } = work
  return {
    unpackBits(source, width, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = bitsAt(u8, source, width, i)
    },
    unpackBitsMapped(source, width, count, map, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = u32[map / 4 + bitsAt(u8, source, width, i)]
    },
  }
}
