// Bits of many large bitmaps: codes wait in a buffer of their group, and go into its bitmap when it is full. The
// references of group-bits.as.ts.
//
//   buffers: `capacity` codes a group (8 or more), ends[g]: the address behind the last that waits

import type { KernelMemory } from './kernel-memory.ts'

export type GroupBitKernels = {
  /** Puts the code of each row into the buffer of its group (all u32). One without room for an eighth of what it holds
   * is set in the group's bitmap of `wordsPerGroup` words, and empty again: before so many rows are looked at. */
  readonly pushGroupBits: (
    bits: number, wordsPerGroup: number, groupCount: number, groups: number, codes: number, count: number,
    buffers: number, capacity: number, ends: number) => void
  /** Sets what waits in all buffers, which are empty then. */
  readonly flushGroupBits: (
    bits: number, wordsPerGroup: number, groupCount: number, buffers: number, capacity: number, ends: number) => void
}

export function groupBitsReference({ u32 }: KernelMemory): GroupBitKernels {
  /** Empties buffers without room for `some` codes. */
  const makeRoom = (
    bits: number, wordsPerGroup: number, groupCount: number, buffers: number, capacity: number, ends: number, some: number,
  ): void => {
    for (let group = 0; group < groupCount; group++) {
      const first = buffers + group * capacity * 4
      const waiting = u32.subarray(first / 4, u32[ends / 4 + group] / 4)
      if (waiting.length + some <= capacity) continue
      for (const code of waiting) u32[bits / 4 + group * wordsPerGroup + (code >>> 5)] |= 1 << (code & 31)
      u32[ends / 4 + group] = first
    }
  }
  return {
    pushGroupBits(bits, wordsPerGroup, groupCount, groups, codes, count, buffers, capacity, ends) {
      const aTurn = capacity >>> 3
      for (let from = 0; from < count; from += aTurn) {
        const to = Math.min(count, from + aTurn)
        makeRoom(bits, wordsPerGroup, groupCount, buffers, capacity, ends, to - from)
        for (let row = from; row < to; row++) {
          const place = ends / 4 + u32[groups / 4 + row]
          u32[u32[place] / 4] = u32[codes / 4 + row]
          u32[place] += 4
        }
      }
    },
    flushGroupBits(bits, wordsPerGroup, groupCount, buffers, capacity, ends) {
      makeRoom(bits, wordsPerGroup, groupCount, buffers, capacity, ends, capacity + 1)
    },
  }
}
