// An LZ4 block into work memory, where the strings of a block are wanted: a native binding would make
// a buffer of its own, to be copied here. The reference of lz4.as.ts.
//
//   sequence: | token: literals u4, length − 4 u4 | more literals u8… | literals | offset u16 | more length u8… |
//   the last sequence ends behind its literals
//
// Invariant: whatever the bytes are, nothing outside of the source and its slack is read, nothing
// outside of the target and its slack written.

import type { KernelMemory } from './kernel-memory.ts'

export type Lz4Kernels = {
  /** Unpacks a block of `sourceBytes` to exactly `targetBytes`; 1 when it did, 0 when the bytes are
   * no such block (the target is then undefined). Up to 15 bytes behind both are touched. */
  readonly unpackLz4: (
    source: number, sourceBytes: number, target: number, targetBytes: number) => number
}

export function lz4Reference({ u8 }: KernelMemory): Lz4Kernels {
  /** A length with its further bytes, and where they end; -1: they do not. */
  const extended = (first: number, at: number, end: number): readonly [number, number] => {
    let length = first
    for (let i = at; i < end; i++) {
      length += u8[i]
      if (u8[i] !== 255) return [length, i + 1]
    }
    return [length, -1]
  }
  return {
    unpackLz4(source, sourceBytes, target, targetBytes) {
      const sourceEnd = source + sourceBytes
      const targetEnd = target + targetBytes
      let from = source
      let to = target
      while (from < sourceEnd) {
        const token = u8[from++]
        let literals = token >> 4
        if (literals === 15) [literals, from] = extended(15, from, sourceEnd)
        if (from < 0 || literals > sourceEnd - from || literals > targetEnd - to) return 0
        u8.copyWithin(to, from, from + literals)
        from += literals
        to += literals
        if (from === sourceEnd) return to === targetEnd ? 1 : 0
        if (sourceEnd - from < 2) return 0
        const offset = u8[from] | (u8[from + 1] << 8)
        from += 2
        if (offset === 0 || offset > to - target) return 0
        let length = token & 15
        if (length === 15) [length, from] = extended(15, from, sourceEnd)
        length += 4
        if (from < 0 || length > targetEnd - to) return 0
        for (let i = 0; i < length; i++) u8[to + i] = u8[to + i - offset]
        to += length
      }
      return 0
    },
  }
}
