// Bits of many large bitmaps: codes wait in a buffer of their group, and go into its bitmap when it is full. The
// references of group-bits.as.ts.
//
//   buffers: `capacity` codes a group, of which fills[g] wait

import type { KernelMemory } from './kernel-memory.ts'

export type GroupBitKernels = {
  /** Puts the code of each row into the buffer of its group (all u32); one that is full is set in the group's bitmap
   * of `wordsPerGroup` words, and empty again. */
  readonly pushGroupBits: (
    bits: number, wordsPerGroup: number, groups: number, codes: number, count: number, buffers: number, capacity: number,
    fills: number) => void
  /** Sets what waits in all buffers, which are empty then. */
  readonly flushGroupBits: (
    bits: number, wordsPerGroup: number, groupCount: number, buffers: number, capacity: number, fills: number) => void
}

export function groupBitsReference({ u32 }: KernelMemory): GroupBitKernels {
  const flush = (bits: number, wordsPerGroup: number, group: number, buffers: number, capacity: number, fills: number): void => {
    const first = buffers / 4 + group * capacity
    for (const code of u32.subarray(first, first + u32[fills / 4 + group])) {
      u32[bits / 4 + group * wordsPerGroup + (code >>> 5)] |= 1 << (code & 31)
    }
    u32[fills / 4 + group] = 0
  }
  return {
    pushGroupBits(bits, wordsPerGroup, groups, codes, count, buffers, capacity, fills) {
      for (let row = 0; row < count; row++) {
        const group = u32[groups / 4 + row]
        u32[buffers / 4 + group * capacity + u32[fills / 4 + group]++] = u32[codes / 4 + row]
        if (u32[fills / 4 + group] === capacity) flush(bits, wordsPerGroup, group, buffers, capacity, fills)
      }
    },
    flushGroupBits(bits, wordsPerGroup, groupCount, buffers, capacity, fills) {
      for (let group = 0; group < groupCount; group++) flush(bits, wordsPerGroup, group, buffers, capacity, fills)
    },
  }
}
