// A text looked for in many strings at once: the strings lie end to end, so they are searched as one,
// and a hit is then given to its string. The reference of search.as.ts.

import type { KernelMemory } from './kernel-memory.ts'

export type SearchKernels = {
  /** For each of `count` strings (bytes[offsets[i] .. offsets[i + 1])) where in it the needle of
   * `length` ≥ 1 bytes first stands, from 1; 0: nowhere (u32 at `target`). Answers how many have it. */
  readonly findInStrings: (
    offsets: number, bytes: number, count: number, needle: number, length: number, target: number,
  ) => number
  /** Where the needle next stands in each string, `behind` bytes or more behind its place of before (as
   * findInStrings gives it, and in its place); strings without one keep 0. */
  readonly findBehind: (
    offsets: number, bytes: number, count: number, needle: number, length: number, behind: number,
    places: number) => void
  /** An answer (u8 at `target`) for each row of templates. A frame has four u32 at `frames`: 0 or 1, its
   * answer; or 2, where the numbers are that decide (a u32 a row), where ranges lie (two u32 each, both
   * ends in, ascending), and how many of them. */
  readonly answerFrames: (codes: number, count: number, frames: number, frameCount: number, target: number) => void
  /** An f64 a row by its frame's entry of 16 bytes: where numbers lie (a u32 a row), or 0 and, at 8, the
   * f64 of all its rows. */
  readonly numbersOfFrames: (codes: number, count: number, frames: number, target: number) => void
}

export function searchReference(work: KernelMemory): SearchKernels {
  const { u32 } = work
  return {
    findBehind(offsets, bytes, count, needle, length, behind, places) {
      const wanted = Buffer.from(work.buffer, needle, length)
      for (let row = 0; row < count; row++) {
        const place = u32[places / 4 + row]
        if (place === 0) continue
        const start = u32[offsets / 4 + row]
        const text = Buffer.from(work.buffer, bytes + start, u32[offsets / 4 + row + 1] - start)
        u32[places / 4 + row] = text.indexOf(wanted, place - 1 + behind) + 1
      }
    },
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
    answerFrames(codes, count, frames, _frameCount, target) {
      for (let row = 0; row < count; row++) {
        const at = frames / 4 + u32[codes / 4 + row] * 4
        const [kind, numbers, ranges, rangeCount] = u32.subarray(at, at + 4)
        const value = kind < 2 ? 0 : u32[numbers / 4 + row]
        let answer = kind === 1 ? 1 : 0
        for (let range = 0; kind === 2 && range < rangeCount; range++) {
          if (value >= u32[ranges / 4 + 2 * range] && value <= u32[ranges / 4 + 2 * range + 1]) answer = 1
        }
        work.u8[target + row] = answer
      }
    },
    numbersOfFrames(codes, count, frames, target) {
      const f64 = new Float64Array(work.buffer)
      for (let row = 0; row < count; row++) {
        const at = frames / 4 + u32[codes / 4 + row] * 4
        f64[target / 8 + row] = u32[at] === 0 ? f64[at / 2 + 1] : u32[u32[at] / 4 + row]
      }
    },
  }
}
