// Codes on their way into the bitmaps of groups (group-codes.ts), where all bitmaps are larger than the processor's
// cache: each row would wait for memory, and for its address, as it is another group's. A buffer a group takes its
// codes, and goes into the bitmap when it is full, which then has several codes for each line that comes.

import type { EvalContext } from '../values/function.ts'
import { hasSpare } from '../values/state-array.ts'

/** Words of all bitmaps and of each, from which on codes wait: below, their bits are set as soon. */
const ALL_WORDS_MIN = 2 ** 19
const WORDS_MIN = 2 ** 12
/** Codes of a buffer, at most: a buffer is as large as its bitmap, or less. */
const CAPACITY_MAX = 2 ** 14
/** Words of all bitmaps between the least and the largest code of some rows, up to which no code waits: they stay in
 * the cache. */
const NEAR_WORDS_MAX = 2 ** 18

/** Rows that tell whether neighbours are of one group, and how many of them are, so that its bitmap is at hand. */
const TELLING_ROWS = 64
const NEIGHBOURS_ALIKE = 48

/** Whether rows lie by group, so that none should wait; of few rows nothing is told. */
export function areRuns(groups: Uint32Array, rowCount: number): boolean {
  let alike = 0
  for (let row = 1; row < Math.min(TELLING_ROWS, rowCount); row++) if (groups[row] === groups[row - 1]) alike++
  return alike >= NEIGHBOURS_ALIKE
}

/** Whether bitmaps of so many words are so large that codes should wait. */
export const areLarge = (groupCount: number, wordsPerGroup: number): boolean =>
  wordsPerGroup >= WORDS_MIN && wordsPerGroup * groupCount >= ALL_WORDS_MIN

/** Whether rows' codes, from the least to the largest, are so near each other that none should wait. */
export const areNear = ([least, largest]: Uint32Array, groupCount: number): boolean =>
  ((largest - least >>> 5) + 1) * groupCount <= NEAR_WORDS_MAX

/** Bitmaps: where code 0 of the first group would be, and the words of each. */
type Bitmaps = { readonly address: number; readonly wordsPerGroup: number }

export class BitBuffers {
  private readonly context: EvalContext
  private readonly groupCount: number
  private readonly capacity: number
  private readonly buffers: Uint32Array
  private readonly ends: Uint32Array

  private constructor(groupCount: number, capacity: number, context: EvalContext) {
    this.context = context
    this.groupCount = groupCount
    this.capacity = capacity
    this.buffers = context.account.u32(groupCount * capacity)
    this.ends = context.account.u32(groupCount)
    for (let group = 0; group < groupCount; group++) this.ends[group] = this.buffers.byteOffset + group * capacity * 4
  }

  /** null: bitmaps of so many words do without, or there is no room to spare. */
  static of(groupCount: number, wordsPerGroup: number, context: EvalContext): BitBuffers | null {
    if (!areLarge(groupCount, wordsPerGroup)) return null
    let capacity = CAPACITY_MAX
    while (capacity > wordsPerGroup) capacity /= 2
    return hasSpare(context.account, groupCount * capacity * 4) ? new BitBuffers(groupCount, capacity, context) : null
  }

  /** Row r saw codes[r]; all lie in work memory. */
  add({ address, wordsPerGroup }: Bitmaps, groups: Uint32Array, codes: Uint32Array, rowCount: number): void {
    const { buffers, capacity, ends, groupCount, context: { kernels } } = this
    kernels.pushGroupBits(address, wordsPerGroup, groupCount, groups.byteOffset, codes.byteOffset, rowCount,
      buffers.byteOffset, capacity, ends.byteOffset)
  }

  /** All that waits goes into the bitmaps, and the buffers' memory back. */
  end({ address, wordsPerGroup }: Bitmaps): void {
    const { buffers, capacity, ends, groupCount, context: { kernels, account } } = this
    kernels.flushGroupBits(address, wordsPerGroup, groupCount, buffers.byteOffset, capacity, ends.byteOffset)
    for (const array of [buffers, ends]) account.free(array.byteOffset)
  }
}
