// States of aggregates, one slot a group, met by the values of rows: row i belongs to groups[i]. The
// references of states.as.ts.

import type { NumberArray } from '../column/number-array.ts'
import type { KernelMemory } from './kernel-memory.ts'

export type StateKernels = {
  /** counts[groups[i]] += 1; counts are f64. */
  readonly countGroups: (groups: number, count: number, counts: number) => void
  /** Adds the rows of each code to one of its four u32 at counts + 16 * code: neighbours in four
   * places, so that none waits for the one before where a code repeats. */
  readonly tallyCodes: (codes: number, count: number, counts: number) => void
  /** sums[groups[i]] += values[i]; `kind` of the values by kindOf(), sums are f64. */
  readonly addGroups: (
    kind: number, groups: number, values: number, count: number, sums: number) => void
  /** The least value of each group in an f64; NaN: none yet, and NaN never stays beside a number. */
  readonly leastOfGroups: (
    kind: number, groups: number, values: number, count: number, best: number) => void
  readonly mostOfGroups: (
    kind: number, groups: number, values: number, count: number, best: number) => void
  /** Least, most and number of each group's values in a record of four f64 (the last is nobody's); the
   * first two as above. */
  readonly spanGroups: (
    kind: number, groups: number, values: number, count: number, records: number) => void
  /** target[g] = the f64 at `slot` of record g. */
  readonly takeSlots: (records: number, slot: number, count: number, target: number) => void
  /** As spanGroups(), of unsigned values: records of four u32, the complement of the least, the most, the number
   * and one that is nobody's; zeros: no value yet. */
  readonly spanWords: (
    kind: number, groups: number, values: number, count: number, records: number) => void
  /** As takeSlots(), of such records: least (0), most (1) or number (2) of each as f64, NaN for an end of none. */
  readonly takeSpans: (records: number, place: number, count: number, target: number) => void
  /** Adds values to the sums of their groups, and their number, in records | sum f64 | rows u32 | nobody's u32 |. */
  readonly sumGroups: (kind: number, groups: number, values: number, count: number, records: number) => void
  /** Moves the records that have values (or rows) to the front, in their order; answers how many there are, their numbers
   * in `numbers`, which has room for `count`. */
  readonly packSpans: (records: number, count: number, numbers: number) => number
  /** Adds records of other rows to those of the same groups. */
  readonly mergeSpans: (from: number, count: number, records: number) => void
  /** Sets bit codes[i] of bitmap groups[i] (each `wordsPerGroup` words long). */
  readonly setGroupBits: (
    bits: number, wordsPerGroup: number, groups: number, codes: number, count: number) => void
  /** Adds the bits of other bitmaps (`fromWords` long, at most `wordsPerGroup`): theirs of group g to
   * ours of toGroup[g]. */
  readonly mergeBits: (
    from: number, fromWords: number, bits: number, wordsPerGroup: number, toGroup: number,
    groupCount: number) => void
  /** counts[g] (u32) = bits set in bitmap g. */
  readonly countBits: (bits: number, wordsPerGroup: number, groupCount: number, counts: number) => void
  /** How many bits are set in both of two bitmaps of `words` words. */
  readonly countShared: (one: number, other: number, words: number) => number
  /** Lists the bits of bitmaps as pairs of group and code; answers how many. */
  readonly listBits: (
    bits: number, words: number, groupCount: number, groups: number, codes: number) => number
  /** Adds (groups[i], codes[i]) to a set with slots | group + 1 | code | by open addressing, more than
   * `count` of them free; counts[group] counts the new ones. Answers how many are new. */
  readonly addPairs: (
    slots: number, mask: number, groups: number, codes: number, count: number, counts: number) => number
}

const KINDS = [
  Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array,
] as const

/** The number by which kernels know a kind of values. */
export const kindOf = (values: NumberArray): number =>
  KINDS.findIndex((Kind) => values instanceof Kind)

/** Where a pair is looked for first: words of one key beside their group + 1. */
export function pairHash(owner: number, a: number, b: number): number {
  let h = Math.imul(owner, 0x9e3779b1) ^ a ^ Math.imul(b, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

function bitCount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555)
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

export function statesReference(work: KernelMemory): StateKernels {
  const { u32, buffer } = work
  const f64 = new Float64Array(buffer)
  const valuesOf = (kind: number, values: number, count: number): NumberArray =>
    new KINDS[kind](buffer, values, count)
  return {
    countGroups(groups, count, counts) {
      for (let i = 0; i < count; i++) f64[counts / 8 + u32[groups / 4 + i]]++
    },
    tallyCodes(codes, count, counts) {
      const paired = count - count % 4
      for (let i = 0; i < count; i++) {
        u32[counts / 4 + u32[codes / 4 + i] * 4 + (i < paired ? i % 4 : 0)]++
      }
    },
    addGroups(kind, groups, values, count, sums) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) f64[sums / 8 + u32[groups / 4 + i]] += from[i]
    },
    leastOfGroups(kind, groups, values, count, best) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) {
        const at = best / 8 + u32[groups / 4 + i]
        if (from[i] < f64[at] || f64[at] !== f64[at]) f64[at] = from[i]
      }
    },
    mostOfGroups(kind, groups, values, count, best) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) {
        const at = best / 8 + u32[groups / 4 + i]
        if (from[i] > f64[at] || f64[at] !== f64[at]) f64[at] = from[i]
      }
    },
    spanGroups(kind, groups, values, count, records) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) {
        const at = records / 8 + u32[groups / 4 + i] * 4
        if (from[i] < f64[at] || f64[at] !== f64[at]) f64[at] = from[i]
        if (from[i] > f64[at + 1] || f64[at + 1] !== f64[at + 1]) f64[at + 1] = from[i]
        f64[at + 2]++
      }
    },
    takeSlots(records, slot, count, target) {
      for (let g = 0; g < count; g++) f64[target / 8 + g] = f64[records / 8 + g * 4 + slot]
    },
    spanWords(kind, groups, values, count, records) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) {
        const at = records / 4 + u32[groups / 4 + i] * 4
        u32[at] = Math.max(u32[at], ~from[i] >>> 0)
        u32[at + 1] = Math.max(u32[at + 1], from[i])
        u32[at + 2]++
      }
    },
    sumGroups(kind, groups, values, count, records) {
      const from = valuesOf(kind, values, count)
      for (let i = 0; i < count; i++) {
        const at = records / 8 + u32[groups / 4 + i] * 2
        f64[at] += from[i]
        u32[2 * at + 2]++
      }
    },
    takeSpans(records, place, count, target) {
      for (let g = 0; g < count; g++) {
        const at = records / 4 + g * 4
        const value = place === 0 ? ~u32[at] >>> 0 : u32[at + place]
        f64[target / 8 + g] = u32[at + 2] === 0 && place !== 2 ? Number.NaN : value
      }
    },
    packSpans(records, count, numbers) {
      let found = 0
      for (let i = 0; i < count; i++) {
        const at = records / 4 + i * 4
        if (u32[at + 2] === 0) continue
        u32.copyWithin(records / 4 + found * 4, at, at + 4)
        u32[numbers / 4 + found++] = i
      }
      return found
    },
    mergeSpans(from, count, records) {
      for (let at = 0; at < count * 4; at += 4) {
        const [theirs, ours] = [from / 4 + at, records / 4 + at]
        u32[ours] = Math.max(u32[ours], u32[theirs])
        u32[ours + 1] = Math.max(u32[ours + 1], u32[theirs + 1])
        u32[ours + 2] += u32[theirs + 2]
      }
    },
    setGroupBits(bits, wordsPerGroup, groups, codes, count) {
      for (let i = 0; i < count; i++) {
        const code = u32[codes / 4 + i]
        u32[bits / 4 + u32[groups / 4 + i] * wordsPerGroup + (code >>> 5)] |= 1 << (code & 31)
      }
    },
    mergeBits(from, fromWords, bits, wordsPerGroup, toGroup, groupCount) {
      for (let group = 0; group < groupCount; group++) {
        const to = bits / 4 + u32[toGroup / 4 + group] * wordsPerGroup
        for (let w = 0; w < fromWords; w++) u32[to + w] |= u32[from / 4 + group * fromWords + w]
      }
    },
    countBits(bits, wordsPerGroup, groupCount, counts) {
      for (let group = 0; group < groupCount; group++) {
        const first = bits / 4 + group * wordsPerGroup
        let count = 0
        for (let w = 0; w < wordsPerGroup; w++) count += bitCount(u32[first + w])
        u32[counts / 4 + group] = count
      }
    },
    countShared(one, other, words) {
      let count = 0
      for (let w = 0; w < words; w++) count += bitCount(u32[one / 4 + w] & u32[other / 4 + w])
      return count
    },
    listBits(bits, words, groupCount, groups, codes) {
      let found = 0
      for (let at = 0; at < groupCount * words; at++) {
        for (let rest = u32[bits / 4 + at]; rest !== 0; rest &= rest - 1) {
          u32[groups / 4 + found] = Math.floor(at / words)
          u32[codes / 4 + found++] = (at % words) * 32 + 31 - Math.clz32(rest & -rest)
        }
      }
      return found
    },
    addPairs(slots, mask, groups, codes, count, counts) {
      let added = 0
      for (let i = 0; i < count; i++) {
        const group = u32[groups / 4 + i]
        const code = u32[codes / 4 + i]
        let slot = pairHash(group + 1, code, 0) & mask
        for (;;) {
          const at = slots / 4 + slot * 2
          if (u32[at] === 0) {
            u32[at] = group + 1
            u32[at + 1] = code
            u32[counts / 4 + group]++
            added++
            break
          }
          if (u32[at] === group + 1 && u32[at + 1] === code) break
          slot = (slot + 1) & mask
        }
      }
      return added
    },
  }
}
