// Sets of 32-bit samples (hashes) by group, for approximate distinct counts. Pairs are logged a block
// at a time and folded into the sets when the log is full: the log is written in order and a group's
// table fits the processor's cache, where one table of all pairs would miss it with every row. The
// reference of samples.as.ts.
//
//   pair of the log (u64): | sample u32 | group u32 |
//   sets: samples of group g are at [ends[g - 1], ends[g]) of one array, each once
//
// Invariant: group g keeps the samples whose low skips[g] bits are 0. A skip degree only rises, and
// only when more than keptMax samples would be kept: so what is kept depends on the set of samples
// alone, not on their order.

import type { KernelMemory } from './kernel-memory.ts'

export type SampleKernels = {
  /** Samples of 64-bit numbers given in halves (u32 each): murmur3's finalizer, its low half. */
  readonly wordSamples: (low: number, high: number, count: number, target: number) => void
  /** The codes (u32) whose byte of `known` is 0, each once; their bytes become 1. */
  readonly unknownCodes: (codes: number, count: number, known: number, target: number) => number
  /** Appends a pair a row to the log, but for samples that their group's skip degree drops and pairs
   * that `filter` (filterMask + 1 pairs, a cache of late ones) remembers. Answers the pairs in the
   * log, which has room for `count` more. */
  readonly logSamples: (
    groups: number, samples: number, count: number, skips: number, filter: number,
    filterMask: number, log: number, logCount: number) => number
  /** Folds the log into the sets: `old` by `oldEnds` and the log give `target` by `newEnds`. Groups of
   * the log are below groupCount; `ends` has groupCount + 1 words, `sorted` one a pair, `table`
   * tableSlots words, at least 2 * (keptMax + 1) and a power of two. Answers the samples kept. */
  readonly foldSamples: (
    log: number, logCount: number, groupCount: number, ends: number, sorted: number,
    oldEnds: number, old: number, skips: number, keptMax: number, table: number,
    tableSlots: number, newEnds: number, target: number) => number
}

/** Murmur3's finalizer over 64 bits, the low half of it. */
export function sampleOfWord(word: bigint): number {
  let mixed = BigInt.asUintN(64, (word ^ (word >> 33n)) * 0xff51afd7ed558ccdn)
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return Number((mixed ^ (mixed >> 33n)) & 0xffffffffn)
}

const isDropped = (sample: number, skip: number): boolean => (sample & ((1 << skip) - 1)) !== 0

/** What a group keeps of `samples` when it starts at a skip degree. */
function foldGroup(samples: Uint32Array[], skip: number, keptMax: number): { kept: Set<number>; skip: number } {
  let kept = new Set<number>()
  let degree = skip
  for (const list of samples) {
    for (const sample of list) {
      if (isDropped(sample, degree)) continue
      kept.add(sample)
      while (kept.size > keptMax) {
        degree++
        kept = new Set([...kept].filter((one) => !isDropped(one, degree)))
      }
    }
  }
  return { kept, skip: degree }
}

export function samplesReference(work: KernelMemory): SampleKernels {
  const { u8, u32 } = work
  const words = (at: number, from: number, to: number) => u32.subarray(at / 4 + from, at / 4 + to)
  return {
    wordSamples(low, high, count, target) {
      for (let row = 0; row < count; row++) {
        const word = BigInt(u32[low / 4 + row]) | (BigInt(u32[high / 4 + row]) << 32n)
        u32[target / 4 + row] = sampleOfWord(word)
      }
    },
    unknownCodes(codes, count, known, target) {
      let found = 0
      for (const code of words(codes, 0, count)) {
        if (u8[known + code] !== 0) continue
        u8[known + code] = 1
        u32[target / 4 + found++] = code
      }
      return found
    },
    logSamples(groups, samples, count, skips, _filter, _filterMask, log, logCount) {
      let at = log / 4 + logCount * 2
      for (let row = 0; row < count; row++) {
        const group = u32[groups / 4 + row]
        const sample = u32[samples / 4 + row]
        if (isDropped(sample, u32[skips / 4 + group])) continue
        u32[at++] = sample
        u32[at++] = group
      }
      return (at - log / 4) / 2
    },
    foldSamples(log, logCount, groupCount, ends, sorted, oldEnds, old, skips, keptMax, _table,
      _tableSlots, newEnds, target) {
      const pairs = words(log, 0, logCount * 2)
      const starts = words(ends, 0, groupCount + 1).fill(0)
      for (let i = 1; i < pairs.length; i += 2) starts[pairs[i] + 1]++
      for (let g = 0; g < groupCount; g++) starts[g + 1] += starts[g]
      for (let i = 0; i < pairs.length; i += 2) u32[sorted / 4 + starts[pairs[i + 1]]++] = pairs[i]
      let written = 0
      for (let g = 0; g < groupCount; g++) {
        const fresh = words(sorted, g === 0 ? 0 : starts[g - 1], starts[g])
        const before = words(old, g === 0 ? 0 : u32[oldEnds / 4 + g - 1], u32[oldEnds / 4 + g])
        const { kept, skip } = foldGroup([before, fresh], u32[skips / 4 + g], keptMax)
        u32[skips / 4 + g] = skip
        for (const sample of kept) u32[target / 4 + written++] = sample
        u32[newEnds / 4 + g] = written
      }
      return written
    },
  }
}
