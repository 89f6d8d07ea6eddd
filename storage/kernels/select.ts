// Row numbers that a condition selects, ascending (u32 at `target`, which has room for all rows). The
// references of select.as.ts.

import type { KernelMemory } from './kernel-memory.ts'

/** Some code has no answer yet. */
export const UNANSWERED = -1

export type SelectKernels = {
  /** Rows whose word is `wanted`. */
  readonly equalRows: (words: number, count: number, wanted: number, target: number) => number
  /** Rows whose word lies in [min, max]; min <= max. */
  readonly rangeRows: (words: number, count: number, min: number, max: number, target: number) => number
  /** Rows whose byte is not 0. */
  readonly trueRows: (flags: number, count: number, target: number) => number
  /** Rows of whose code the answer (a byte a code: 0 unknown, 1 no, 2 yes) is yes; UNANSWERED where one
   * is unknown. */
  readonly answeredRows: (codes: number, count: number, answers: number, target: number) => number
  /** The codes whose place (a u32 a code) is 0, each once; their places become 0xffffffff. */
  readonly unplacedCodes: (codes: number, count: number, places: number, target: number) => number
  /** The least and the greatest word (u32 at `range` and behind it). */
  readonly rangeOfWords: (words: number, count: number, range: number) => void
  /** Adds words to buckets (u32): bucket (word - least) >>> shift. */
  readonly countBuckets: (words: number, count: number, least: number, shift: number, buckets: number) => void
  /** Rows whose bucket lies before `first`, at `before`, and those of [first, last], at `among`; each has
   * room for one more than there are. Answers how many rows lie before. */
  readonly splitBuckets: (
    words: number, count: number, least: number, shift: number, first: number, last: number, before: number,
    among: number) => number
  /** target[i] = places[codes[i]] - 1; all u32. */
  readonly placesOf: (codes: number, count: number, places: number, target: number) => void
}

export function selectReference({ u8, u32 }: KernelMemory): SelectKernels {
  const select = (count: number, target: number, isWanted: (row: number) => boolean): number => {
    let found = 0
    for (let row = 0; row < count; row++) if (isWanted(row)) u32[target / 4 + found++] = row
    return found
  }
  return {
    equalRows: (words, count, wanted, target) =>
      select(count, target, (row) => u32[words / 4 + row] === wanted),
    rangeRows: (words, count, min, max, target) =>
      select(count, target, (row) => u32[words / 4 + row] >= min && u32[words / 4 + row] <= max),
    trueRows: (flags, count, target) => select(count, target, (row) => u8[flags + row] !== 0),
    answeredRows(codes, count, answers, target) {
      const answerOf = (row: number) => u8[answers + u32[codes / 4 + row]]
      for (let row = 0; row < count; row++) if (answerOf(row) === 0) return UNANSWERED
      return select(count, target, (row) => answerOf(row) === 2)
    },
    unplacedCodes(codes, count, places, target) {
      let found = 0
      for (let row = 0; row < count; row++) {
        const code = u32[codes / 4 + row]
        if (u32[places / 4 + code] !== 0) continue
        u32[places / 4 + code] = 0xffffffff
        u32[target / 4 + found++] = code
      }
      return found
    },
    rangeOfWords(words, count, range) {
      const all = u32.subarray(words / 4, words / 4 + count)
      u32[range / 4] = all.reduce((least, word) => Math.min(least, word), 0xffffffff)
      u32[range / 4 + 1] = all.reduce((most, word) => Math.max(most, word), 0)
    },
    countBuckets(words, count, least, shift, buckets) {
      for (let row = 0; row < count; row++) u32[buckets / 4 + (u32[words / 4 + row] - least >>> shift)]++
    },
    splitBuckets(words, count, least, shift, first, last, before, among) {
      let [atBefore, atAmong] = [0, 0]
      for (let row = 0; row < count; row++) {
        const bucket = u32[words / 4 + row] - least >>> shift
        if (bucket < first) u32[before / 4 + atBefore++] = row
        else if (bucket <= last) u32[among / 4 + atAmong++] = row
      }
      return atBefore
    },
    placesOf(codes, count, places, target) {
      for (let row = 0; row < count; row++) {
        u32[target / 4 + row] = u32[places / 4 + u32[codes / 4 + row]] - 1
      }
    },
  }
}
