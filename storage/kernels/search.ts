// A text looked for in many strings at once: the strings lie end to end, so they are searched as one,
// and a hit is then given to its string. The reference of search.as.ts.

import type { WorkMemory } from './work-memory.ts'

export type SearchKernels = {
  /** For each of `count` strings (bytes[offsets[i] .. offsets[i + 1])) where in it the needle of
   * `length` ≥ 1 bytes first stands, from 1; 0: nowhere (u32 at `target`). Answers how many have it. */
  readonly findInStrings: (
    offsets: number, bytes: number, count: number, needle: number, length: number, target: number,
  ) => number
}

export function searchReference(work: WorkMemory): SearchKernels {
  const { u32 } = work
  return {
    findInStrings(offsets, bytes, count, needle, length, target) {
      const wanted = Buffer.from(work.buffer, needle, length)
      let found = 0
      for (let row = 0; row < count; row++) {
        const start = u32[offsets / 4 + row]
        const text = Buffer.from(work.buffer, bytes + start, u32[offsets / 4 + row + 1] - start)
        const place = text.indexOf(wanted) + 1
        u32[target / 4 + row] = place
        if (place > 0) found++
      }
      return found
    },
  }
}
