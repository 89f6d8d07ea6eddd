// Packed keys to group numbers. A table is a hash table of chains: heads[bucket] names a group (+ 1; 0:
// none), each group's record the next one of its bucket. The references of groups.as.ts.
//
//   record of group g, binCount + 1 words: | next group + 1 | key bin 0 | key bin 1 | ...
//   bucket: the low bits of bin 0, or of a hash of all bins
//
// Buckets of low bits keep neighbours together: where bin 0 begins with a code that rises with the
// rows (a session's), a whole block of rows stays within few cache lines, and nothing is hashed.

import type { KernelMemory } from './kernel-memory.ts'

export type GroupKernels = {
  /** target[i] = source[i] << shift, for `count` u32. */
  readonly shiftWords: (source: number, shift: number, count: number, target: number) => void
  /** target[i] |= source[i] << shift. */
  readonly addShiftedWords: (source: number, shift: number, count: number, target: number) => void
  /** All words or-ed together (as a signed number). */
  readonly orWords: (source: number, count: number) => number
  /** target[i] = source[i] ^ mask; answers all of them or-ed (as a signed number). */
  readonly xorWords: (source: number, mask: number, count: number, target: number) => number
  /** words[i] = map[words[i]], in place. */
  readonly mapWords: (words: number, count: number, map: number) => void
  /** Groups of keys that are their own bucket (one bin, heads for every key): 0xffffffff where there is
   * none and none is entered (`isNew` 0). Answers the number of groups. */
  readonly denseGroups: (
    heads: number, records: number, keys: number, count: number, groupCount: number, isNew: number,
    out: number) => number
  /** As denseGroups, of any number of bins; `bins`: a pointer to each bin's column of keys. `mask`:
   * heads less one. Records have room for `count` more. At `steps`: groups that were passed over. */
  readonly findGroups: (
    heads: number, mask: number, isHashed: number, records: number, bins: number, binCount: number,
    count: number, groupCount: number, isNew: number, out: number, steps: number) => number
  /** Rows of a join with the first built row of their group (`firsts`, a u32 a group; 0xffffffff has
   * `missing`): of those with a first one where bit 0 of `keeps` is set, without one where bit 1 is.
   * `rows` and `built` have room for all; answers how many. */
  readonly matchRows: (
    groups: number, count: number, firsts: number, missing: number, keeps: number, rows: number,
    built: number) => number
  /** target[i] = (records[i * stride + word] >>> shift) & mask, of record rows[i] where `rows` is not 0.
   * All in words; target lies elsewhere. */
  readonly unpackRecords: (
    records: number, stride: number, word: number, shift: number, mask: number, rows: number,
    count: number, target: number) => void
  /** Puts known groups into empty heads, newest first in their chains. */
  readonly relinkGroups: (
    heads: number, mask: number, isHashed: number, records: number, binCount: number,
    groupCount: number) => void
}

const fold = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

/** The hash of a key, its low bits for a bucket. */
function hashOf(bins: number, binOf: (bin: number) => number): number {
  let hash = 0
  for (let b = 0; b < bins; b++) hash = fold(hash, binOf(b))
  hash = Math.imul(hash, 0x2c1b3c6d)
  return hash ^ (hash >>> 13)
}

export function groupsReference({ u32 }: KernelMemory): GroupKernels {
  const findGroups: GroupKernels['findGroups'] = (
    heads, mask, isHashed, records, bins, binCount, count, groupCount, isNew, out, steps,
  ) => {
    const columns = Array.from({ length: binCount }, (_, b) => u32[bins / 4 + b] / 4)
    const stride = binCount + 1
    const first = records / 4
    let known = groupCount
    let walked = 0
    const isSame = (record: number, row: number): boolean => {
      for (let b = 0; b < binCount; b++) if (u32[record + 1 + b] !== u32[columns[b] + row]) return false
      return true
    }
    for (let row = 0; row < count; row++) {
      const hash = isHashed === 0 ? u32[columns[0] + row]
        : hashOf(binCount, (b) => u32[columns[b] + row])
      const head = heads / 4 + (hash & mask)
      let group = u32[head]
      for (; group !== 0; walked++) {
        const record = first + (group - 1) * stride
        if (isSame(record, row)) break
        group = u32[record]
      }
      if (group === 0 && isNew !== 0) {
        const record = first + known * stride
        u32[record] = u32[head]
        for (let b = 0; b < binCount; b++) u32[record + 1 + b] = u32[columns[b] + row]
        group = ++known
        u32[head] = group
      }
      u32[out / 4 + row] = group - 1
    }
    u32[steps / 4] = walked
    return known
  }
  return {
    shiftWords(source, shift, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = u32[source / 4 + i] << shift
    },
    addShiftedWords(source, shift, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] |= u32[source / 4 + i] << shift
    },
    orWords(source, count) {
      let all = 0
      for (let i = 0; i < count; i++) all |= u32[source / 4 + i]
      return all
    },
    xorWords(source, mask, count, target) {
      let all = 0
      for (let i = 0; i < count; i++) all |= u32[target / 4 + i] = u32[source / 4 + i] ^ mask
      return all
    },
    mapWords(words, count, map) {
      for (let i = 0; i < count; i++) u32[words / 4 + i] = u32[map / 4 + u32[words / 4 + i]]
    },
    denseGroups(heads, records, keys, count, groupCount, isNew, out) {
      let known = groupCount
      for (let row = 0; row < count; row++) {
        const key = u32[keys / 4 + row]
        let group = u32[heads / 4 + key]
        if (group === 0 && isNew !== 0) {
          u32[records / 4 + known * 2] = 0
          u32[records / 4 + known * 2 + 1] = key
          group = ++known
          u32[heads / 4 + key] = group
        }
        u32[out / 4 + row] = group - 1
      }
      return known
    },
    findGroups,
    matchRows(groups, count, firsts, missing, keeps, rows, built) {
      let found = 0
      for (let row = 0; row < count; row++) {
        const group = u32[groups / 4 + row]
        const first = group === 0xffffffff ? missing : u32[firsts / 4 + group]
        u32[rows / 4 + found] = row
        u32[built / 4 + found] = first
        found += (keeps >> (first === missing ? 1 : 0)) & 1
      }
      return found
    },
    unpackRecords(records, stride, word, shift, mask, rows, count, target) {
      for (let i = 0; i < count; i++) {
        const record = rows === 0 ? i : u32[rows / 4 + i]
        u32[target / 4 + i] = (u32[records / 4 + record * stride + word] >>> shift) & mask
      }
    },
    relinkGroups(heads, mask, isHashed, records, binCount, groupCount) {
      for (let group = 0; group < groupCount; group++) {
        const record = records / 4 + group * (binCount + 1)
        const hash = isHashed === 0 ? u32[record + 1] : hashOf(binCount, (b) => u32[record + 1 + b])
        const head = heads / 4 + (hash & mask)
        u32[record] = u32[head]
        u32[head] = group + 1
      }
    },
  }
}
