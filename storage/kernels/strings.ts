// Sets of strings: string i of a set is bytes[offsets[i] .. offsets[i + 1]); offsets are u32, one more
// than there are strings. The references of strings.as.ts. All pointers lie in work memory.
//
// Invariant: kernels read up to 8 bytes past a string, which the slack of a cell covers.

import type { KernelMemory } from './kernel-memory.ts'

export type StringKernels = {
  /** Sorts `count` strings by bytes, stable: `order` (u32) gets their numbers. Few strings
   * or runs are merged, many sorted by the digits of the eight bytes behind what all share. `keys` and `spareKeys` have 8 bytes a string,
   * `spareOrder` and `runs` 4, `runs` 4 more. */
  readonly sortStrings: (
    offsets: number, bytes: number, count: number, order: number, spareOrder: number, keys: number,
    spareKeys: number, runs: number) => void
  /** Bytes that all strings begin with; 0 of none. */
  readonly sharedPrefix: (offsets: number, bytes: number, count: number) => number
  /** The four bytes behind the first `depth`, which all strings share, as a number (u32 at `words`) that
   * orders as they do; zeros past the end. */
  readonly leadingWords: (offsets: number, bytes: number, count: number, depth: number, words: number) => void
  /** Numbers sorted strings: equal ones get one rank. `ranks` (u32) by string, `firsts` (u32) the
   * first string of each rank. Answers how many ranks there are. */
  readonly rankStrings: (
    offsets: number, bytes: number, count: number, order: number, ranks: number, firsts: number,
  ) => number
  /** For the strings in `order`: bytes shared with the one before (u32 at `shared`), number of the
   * rest (u32 at `rest`), and the rests end to end at `target`. Answers the bytes there. */
  readonly frontCode: (
    offsets: number, bytes: number, order: number, count: number, shared: number, rest: number,
    target: number) => number
  /** The way back: `count` strings, of which each shares bytes with the one before, to `offsets` (u32, one more than
   * strings) and end to end to `bytes`, of which there are `room`; `restBytes`: those at `rests`. 0 where the numbers
   * do not fit these, or a string shares more than there is; what was written is then undefined. */
  readonly joinFronts: (
    shared: number, rest: number, count: number, rests: number, restBytes: number, offsets: number, bytes: number, room: number,
  ) => number
  /** Lower-case UUID texts to 16 bytes each. 0 when one is no such text; target is then undefined. */
  readonly packUuids: (offsets: number, bytes: number, count: number, target: number) => number
  /** The way back: 36 bytes of text each. */
  readonly formatUuids: (source: number, count: number, target: number) => void
  /** The numbers (two u32 at `target`) of the first least and the first greatest of strings [from, to),
   * of which there is one at least. */
  readonly stringEnds: (
    offsets: number, bytes: number, from: number, to: number, target: number) => void
}

/** -1, 0, 1 as memcmp, the shorter first. */
export function compareBytes(
  a: Uint8Array, aFrom: number, aTo: number, b: Uint8Array, bFrom: number, bTo: number,
): number {
  const length = Math.min(aTo - aFrom, bTo - bFrom)
  for (let at = 0; at < length; at++) {
    const difference = a[aFrom + at] - b[bFrom + at]
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return Math.sign((aTo - aFrom) - (bTo - bFrom))
}

const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export function stringsReference(work: KernelMemory): StringKernels {
  const { u8, u32 } = work
  const startOf = (offsets: number, i: number) => u32[offsets / 4 + i]
  const compare = (offsets: number, bytes: number, a: number, b: number) => compareBytes(
    u8, bytes + startOf(offsets, a), bytes + startOf(offsets, a + 1),
    u8, bytes + startOf(offsets, b), bytes + startOf(offsets, b + 1))
  const textOf = (offsets: number, bytes: number, i: number) => Buffer.from(
    work.buffer, bytes + startOf(offsets, i), startOf(offsets, i + 1) - startOf(offsets, i))
  return {
    sortStrings(offsets, bytes, count, order) {
      const numbers = u32.subarray(order / 4, order / 4 + count)
      for (let i = 0; i < count; i++) numbers[i] = i
      numbers.sort((a, b) => compare(offsets, bytes, a, b) || a - b)
    },
    sharedPrefix(offsets, bytes, count) {
      const texts = Array.from({ length: count }, (_, i) => textOf(offsets, bytes, i))
      return texts.reduce((most, text) => {
        let same = 0
        while (same < Math.min(most, text.length) && text[same] === texts[0][same]) same++
        return same
      }, texts[0]?.length ?? 0)
    },
    leadingWords(offsets, bytes, count, depth, words) {
      Array.from({ length: count }, (_, i) => textOf(offsets, bytes, i)).forEach((text, i) => {
        const padded = Buffer.concat([text.subarray(depth, depth + 4), Buffer.alloc(4)])
        u32[words / 4 + i] = padded.readUInt32BE(0)
      })
    },
    rankStrings(offsets, bytes, count, order, ranks, firsts) {
      let distinct = 0
      for (let i = 0; i < count; i++) {
        const index = u32[order / 4 + i]
        if (i === 0 || compare(offsets, bytes, u32[order / 4 + i - 1], index) !== 0) {
          u32[firsts / 4 + distinct++] = index
        }
        u32[ranks / 4 + index] = distinct - 1
      }
      return distinct
    },
    frontCode(offsets, bytes, order, count, shared, rest, target) {
      let written = 0
      let before = Buffer.alloc(0)
      for (let i = 0; i < count; i++) {
        const text = textOf(offsets, bytes, u32[order / 4 + i])
        let same = 0
        while (same < Math.min(text.length, before.length) && text[same] === before[same]) same++
        u32[shared / 4 + i] = same
        u32[rest / 4 + i] = text.length - same
        u8.set(text.subarray(same), target + written)
        written += text.length - same
        before = text
      }
      return written
    },
    joinFronts(shared, rest, count, rests, restBytes, offsets, bytes, room) {
      let [from, before, at] = [0, 0, 0]
      u32[offsets / 4] = 0
      for (let i = 0; i < count; i++) {
        const [same, own] = [u32[shared / 4 + i], u32[rest / 4 + i]]
        if (same > at - before || from + own > restBytes || at + same + own > room) return 0
        u8.copyWithin(bytes + at, bytes + before, bytes + before + same)
        u8.copyWithin(bytes + at + same, rests + from, rests + from + own)
        before = at
        from += own
        u32[offsets / 4 + i + 1] = at += same + own
      }
      return 1
    },
    packUuids(offsets, bytes, count, target) {
      for (let i = 0; i < count; i++) {
        const text = textOf(offsets, bytes, i).toString('latin1')
        if (!UUID_TEXT.test(text)) return 0
        u8.set(Buffer.from(text.replaceAll('-', ''), 'hex'), target + i * 16)
      }
      return 1
    },
    formatUuids(source, count, target) {
      for (let i = 0; i < count; i++) {
        const hex = Buffer.from(work.buffer, source + i * 16, 16).toString('hex')
        const text = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20),
          hex.slice(20)].join('-')
        u8.set(Buffer.from(text, 'latin1'), target + i * 36)
      }
    },
    stringEnds(offsets, bytes, from, to, target) {
      let min = from
      let max = from
      for (let i = from + 1; i < to; i++) {
        if (compare(offsets, bytes, i, min) < 0) min = i
        else if (compare(offsets, bytes, i, max) > 0) max = i
      }
      u32[target / 4] = min
      u32[target / 4 + 1] = max
    },
  }
}
