// Kernels for sets of strings: see strings.ts for what each promises.

import { countsToStarts } from './rows.as'

@inline
function startOf(offsets: usize, i: u32): u32 { return load<u32>(offsets + (<usize>i << 2)) }

@inline
function lengthOf(offsets: usize, i: u32): u32 {
  return load<u32>(offsets + (<usize>i << 2), 4) - load<u32>(offsets + (<usize>i << 2))
}

/** The eight bytes from `depth` on as a number that orders as they do; zeros past the end. */
@inline
function keyAt(offsets: usize, bytes: usize, i: u32, depth: u32): u64 {
  const length = lengthOf(offsets, i)
  if (length <= depth) return 0
  const rest = length - depth
  const word = bswap<u64>(load<u64>(bytes + startOf(offsets, i) + depth))
  return rest >= 8 ? word : word & (<u64>-1 << <u64>((8 - rest) << 3))
}

/** Negative, 0 or positive as string a stands before, equals or stands behind string b, when their
 * first `depth` bytes are equal. */
function compareFrom(offsets: usize, bytes: usize, a: u32, b: u32, depth: u32): i32 {
  const lengthA = lengthOf(offsets, a)
  const lengthB = lengthOf(offsets, b)
  const shorter = lengthA < lengthB ? lengthA : lengthB
  const atA = bytes + startOf(offsets, a)
  const atB = bytes + startOf(offsets, b)
  let at = depth
  for (; at + 8 <= shorter; at += 8) {
    const wordA = load<u64>(atA + at)
    const wordB = load<u64>(atB + at)
    if (wordA != wordB) return bswap<u64>(wordA) < bswap<u64>(wordB) ? -1 : 1
  }
  for (; at < shorter; at++) {
    const difference = <i32>load<u8>(atA + at) - <i32>load<u8>(atB + at)
    if (difference != 0) return difference
  }
  return lengthA < lengthB ? -1 : lengthA > lengthB ? 1 : 0
}

/** Bytes that all strings of `order` begin with (0: the strings by number). */
function commonPrefix(offsets: usize, bytes: usize, order: usize, count: u32): u32 {
  const leader = order == 0 ? 0 : load<u32>(order)
  let prefix = lengthOf(offsets, leader)
  const first = bytes + startOf(offsets, leader)
  for (let i: u32 = 1; i < count && prefix > 0; i++) {
    const index = order == 0 ? i : load<u32>(order + (<usize>i << 2))
    const length = lengthOf(offsets, index)
    if (length < prefix) prefix = length
    const other = bytes + startOf(offsets, index)
    for (let at: u32 = 0; at < prefix; at += 8) {
      const difference = load<u64>(first + at) ^ load<u64>(other + at)
      if (difference == 0) continue
      const same = at + (<u32>ctz(difference) >> 3)
      if (same < prefix) prefix = same
      break
    }
  }
  return prefix
}

const RUN_MIN: u32 = 8

/** Finds ascending runs, lengthens short ones by insertion; writes their starts and the end. */
function makeRuns(
  offsets: usize, bytes: usize, count: u32, depth: u32, order: usize, keys: usize, runs: usize,
): u32 {
  let runCount: u32 = 0
  let from: u32 = 0
  while (from < count) {
    store<u32>(runs + (<usize>runCount << 2), from)
    runCount++
    let to = from + 1
    while (to < count && isAscending(offsets, bytes, depth, order, keys, to - 1, to)) to++
    const end = from + RUN_MIN < count ? from + RUN_MIN : count
    for (; to < end; to++) {
      const key = load<u64>(keys + (<usize>to << 3))
      const index = load<u32>(order + (<usize>to << 2))
      let at = to
      while (at > from) {
        const before = load<u64>(keys + (<usize>(at - 1) << 3))
        if (before < key) break
        const other = load<u32>(order + (<usize>(at - 1) << 2))
        if (before == key && compareFrom(offsets, bytes, other, index, depth) <= 0) break
        store<u64>(keys + (<usize>at << 3), before)
        store<u32>(order + (<usize>at << 2), other)
        at--
      }
      store<u64>(keys + (<usize>at << 3), key)
      store<u32>(order + (<usize>at << 2), index)
    }
    from = to
  }
  store<u32>(runs + (<usize>runCount << 2), count)
  return runCount
}

@inline
function isAscending(
  offsets: usize, bytes: usize, depth: u32, order: usize, keys: usize, a: u32, b: u32,
): bool {
  const keyA = load<u64>(keys + (<usize>a << 3))
  const keyB = load<u64>(keys + (<usize>b << 3))
  if (keyA != keyB) return keyA < keyB
  return compareFrom(offsets, bytes, load<u32>(order + (<usize>a << 2)),
    load<u32>(order + (<usize>b << 2)), depth) <= 0
}

/** Merges rows [a, middle) and [middle, end) of order and keys into toOrder and toKeys. */
function mergeRuns(
  offsets: usize, bytes: usize, depth: u32, order: usize, keys: usize, toOrder: usize,
  toKeys: usize, start: u32, middle: u32, end: u32,
): void {
  let a = start
  let b = middle
  let to = start
  while (a < middle && b < end) {
    const keyA = load<u64>(keys + (<usize>a << 3))
    const keyB = load<u64>(keys + (<usize>b << 3))
    const takesA = keyA < keyB || (keyA == keyB && isAscending(offsets, bytes, depth, order, keys, a, b))
    const from = takesA ? a : b
    store<u64>(toKeys + (<usize>to << 3), takesA ? keyA : keyB)
    store<u32>(toOrder + (<usize>to << 2), load<u32>(order + (<usize>from << 2)))
    to++
    if (takesA) a++
    else b++
  }
  const rest = a < middle ? a : b
  const restCount = <usize>(a < middle ? middle - a : end - b)
  memory.copy(toKeys + (<usize>to << 3), keys + (<usize>rest << 3), restCount << 3)
  memory.copy(toOrder + (<usize>to << 2), order + (<usize>rest << 2), restCount << 2)
}

/** Sorts order and keys, the strings' bytes from `depth` on, by merging. */
function sortByMerging(
  offsets: usize, bytes: usize, count: u32, depth: u32, order: usize, spareOrder: usize, keys: usize, spareKeys: usize,
  runs: usize,
): void {
  let runCount = makeRuns(offsets, bytes, count, depth, order, keys, runs)
  let fromOrder = order
  let fromKeys = keys
  let toOrder = spareOrder
  let toKeys = spareKeys
  while (runCount > 1) {
    let merged: u32 = 0
    for (let run: u32 = 0; run < runCount; run += 2) {
      const start = load<u32>(runs + (<usize>run << 2))
      const middle = load<u32>(runs + (<usize>(run + 1) << 2))
      const end = run + 2 <= runCount ? load<u32>(runs + (<usize>(run + 2) << 2)) : middle
      mergeRuns(offsets, bytes, depth, fromOrder, fromKeys, toOrder, toKeys, start, middle, end)
      store<u32>(runs + (<usize>merged << 2), start)
      merged++
    }
    store<u32>(runs + (<usize>merged << 2), count)
    runCount = merged
    let swap = fromOrder
    fromOrder = toOrder
    toOrder = swap
    swap = fromKeys
    fromKeys = toKeys
    toKeys = swap
  }
  if (fromOrder != order) memory.copy(order, fromOrder, <usize>count << 2)
}

/** Below so many strings merging is as fast; the runs' memory holds a count for each value of a byte. */
const DIGITS_MIN: u32 = 256
/** Ascending runs that are merged in as many passes as digits take: dictionaries that are put together. */
const RUNS_FEW: u32 = 8
/** Strings that differ only behind so many places where others of theirs do are merged. */
const LEVELS_MAX: u32 = 8

/** Sorts order and keys by the keys alone, byte by byte, those left out that all keys share. */
function sortByDigits(count: u32, order: usize, spareOrder: usize, keys: usize, spareKeys: usize, counts: usize): void {
  const first = load<u64>(keys)
  let varying: u64 = 0
  for (let i: u32 = 1; i < count; i++) varying |= load<u64>(keys + (<usize>i << 3)) ^ first
  let fromOrder = order
  let fromKeys = keys
  let toOrder = spareOrder
  let toKeys = spareKeys
  for (let shift: u64 = 0; shift < 64; shift += 8) {
    if (((varying >> shift) & 255) == 0) continue
    memory.fill(counts, 0, 1024)
    for (let i: u32 = 0; i < count; i++) {
      const at = counts + (<usize>((load<u64>(fromKeys + (<usize>i << 3)) >> shift) & 255) << 2)
      store<u32>(at, load<u32>(at) + 1)
    }
    countsToStarts(counts, 256)
    for (let i: u32 = 0; i < count; i++) {
      const key = load<u64>(fromKeys + (<usize>i << 3))
      const at = counts + (<usize>((key >> shift) & 255) << 2)
      const to = load<u32>(at)
      store<u32>(at, to + 1)
      store<u64>(toKeys + (<usize>to << 3), key)
      store<u32>(toOrder + (<usize>to << 2), load<u32>(fromOrder + (<usize>i << 2)))
    }
    let swap = fromOrder
    fromOrder = toOrder
    toOrder = swap
    swap = fromKeys
    fromKeys = toKeys
    toKeys = swap
  }
  if (fromOrder == order) return
  memory.copy(order, fromOrder, <usize>count << 2)
  memory.copy(keys, fromKeys, <usize>count << 3)
}

/** True where so few keys stand before smaller ones that the runs between them are merged sooner. */
function areFewRuns(keys: usize, count: u32): bool {
  let ends: u32 = 0
  for (let i: u32 = 1; i < count; i++) {
    ends += <u32>(load<u64>(keys + (<usize>i << 3)) < load<u64>(keys + (<usize>i << 3) - 8))
  }
  return ends < RUNS_FEW
}

/** Sorts the `count` strings of `order`, equal ones as they stand there. */
function sortRange(
  offsets: usize, bytes: usize, count: u32, order: usize, spareOrder: usize, keys: usize, spareKeys: usize, runs: usize,
  level: u32,
): void {
  const depth = commonPrefix(offsets, bytes, order, count)
  for (let i: u32 = 0; i < count; i++) {
    store<u64>(keys + (<usize>i << 3), keyAt(offsets, bytes, load<u32>(order + (<usize>i << 2)), depth))
  }
  if (count < DIGITS_MIN || level == LEVELS_MAX || areFewRuns(keys, count)) {
    sortByMerging(offsets, bytes, count, depth, order, spareOrder, keys, spareKeys, runs)
    return
  }
  sortByDigits(count, order, spareOrder, keys, spareKeys, runs)
  for (let from: u32 = 0; from < count;) {
    const key = load<u64>(keys + (<usize>from << 3))
    let to = from + 1
    while (to < count && load<u64>(keys + (<usize>to << 3)) == key) to++
    if (to - from > 1) {
      const words = <usize>from << 2
      const wide = <usize>from << 3
      sortRange(offsets, bytes, to - from, order + words, spareOrder + words, keys + wide, spareKeys + wide, runs, level + 1)
    }
    from = to
  }
}

export function sortStrings(
  offsets: usize, bytes: usize, count: u32, order: usize, spareOrder: usize, keys: usize,
  spareKeys: usize, runs: usize,
): void {
  if (count == 0) return
  for (let i: u32 = 0; i < count; i++) store<u32>(order + (<usize>i << 2), i)
  sortRange(offsets, bytes, count, order, spareOrder, keys, spareKeys, runs, 0)
}

export function sharedPrefix(offsets: usize, bytes: usize, count: u32): u32 {
  return count == 0 ? 0 : commonPrefix(offsets, bytes, 0, count)
}

export function leadingWords(offsets: usize, bytes: usize, count: u32, depth: u32, words: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(words + (<usize>i << 2), <u32>(keyAt(offsets, bytes, i, depth) >> 32))
  }
}

export function rankStrings(
  offsets: usize, bytes: usize, count: u32, order: usize, ranks: usize, firsts: usize,
): u32 {
  let distinct: u32 = 0
  let before: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const index = load<u32>(order + (<usize>i << 2))
    if (i == 0 || compareFrom(offsets, bytes, before, index, 0) != 0) {
      store<u32>(firsts + (<usize>distinct << 2), index)
      distinct++
    }
    store<u32>(ranks + (<usize>index << 2), distinct - 1)
    before = index
  }
  return distinct
}

export function frontCode(
  offsets: usize, bytes: usize, order: usize, count: u32, shared: usize, rest: usize, target: usize,
): u32 {
  let before: usize = 0
  let beforeLength: u32 = 0
  let written: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const index = load<u32>(order + (<usize>i << 2))
    const length = lengthOf(offsets, index)
    const start = bytes + startOf(offsets, index)
    const limit = length < beforeLength ? length : beforeLength
    let same: u32 = 0
    while (same + 8 <= limit && load<u64>(before + same) == load<u64>(start + same)) same += 8
    while (same < limit && load<u8>(before + same) == load<u8>(start + same)) same++
    store<u32>(shared + (<usize>i << 2), same)
    store<u32>(rest + (<usize>i << 2), length - same)
    memory.copy(target + written, start + same, length - same)
    written += length - same
    before = start
    beforeLength = length
  }
  return written
}

/** The 16 hexadecimal digits (lower case) of a vector as the low nibbles of its lanes. */
@inline
function nibbles(chars: v128): v128 {
  const isDigit = i8x16.lt_u(i8x16.sub(chars, i8x16.splat(48)), i8x16.splat(10))
  return i8x16.sub(chars, v128.bitselect(i8x16.splat(48), i8x16.splat(87), isDigit))
}

@inline
function areHex(chars: v128): bool {
  const isDigit = i8x16.lt_u(i8x16.sub(chars, i8x16.splat(48)), i8x16.splat(10))
  const isLetter = i8x16.lt_u(i8x16.sub(chars, i8x16.splat(97)), i8x16.splat(6))
  return i8x16.all_true(v128.or(isDigit, isLetter))
}

/** Pairs of nibbles as one byte in each 16-bit lane. */
@inline
function joined(pairs: v128): v128 {
  return v128.or(i16x8.shl(v128.and(pairs, i16x8.splat(255)), 4), i16x8.shr_u(pairs, 8))
}

/** By 16 bytes: what exceeds is written over by the next string, or lies in the slack of the cell. */
@inline
function copyAhead(to: usize, from: usize, length: u32): void {
  for (let at: u32 = 0; at < length; at += 16) v128.store(to + at, v128.load(from + at))
}

export function joinFronts(
  shared: usize, rest: usize, count: u32, rests: usize, restBytes: u32, offsets: usize, bytes: usize, room: u32,
): u32 {
  let from: u32 = 0
  let before: u32 = 0
  let at: u32 = 0
  store<u32>(offsets, 0)
  for (let i: u32 = 0; i < count; i++) {
    const place = <usize>i << 2
    const same = load<u32>(shared + place)
    const own = load<u32>(rest + place)
    if (same > at - before || own > restBytes - from || <u64>at + <u64>same + <u64>own > <u64>room) return 0
    copyAhead(bytes + at, bytes + before, same)
    copyAhead(bytes + at + same, rests + from, own)
    before = at
    from += own
    at += same + own
    store<u32>(offsets + place, at, 4)
  }
  return 1
}

export function packUuids(offsets: usize, bytes: usize, count: u32, target: usize): u32 {
  for (let i: u32 = 0; i < count; i++) {
    if (lengthOf(offsets, i) != 36) return 0
    const text = bytes + startOf(offsets, i)
    if (load<u8>(text, 8) != 45 || load<u8>(text, 13) != 45 || load<u8>(text, 18) != 45
      || load<u8>(text, 23) != 45) return 0
    const middle = v128.load(text, 16)
    const first = i8x16.shuffle(v128.load(text), middle,
      0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17)
    const second = i8x16.shuffle(middle, v128.load(text, 20),
      3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 28, 29, 30, 31)
    if (!areHex(first) || !areHex(second)) return 0
    v128.store(target + (<usize>i << 4),
      i8x16.narrow_i16x8_u(joined(nibbles(first)), joined(nibbles(second))))
  }
  return 1
}

/** Low nibbles as hexadecimal digits. */
@inline
function digitsOf(nibbles: v128): v128 {
  const letters = v128.and(i8x16.gt_u(nibbles, i8x16.splat(9)), i8x16.splat(39))
  return i8x16.add(i8x16.add(nibbles, i8x16.splat(48)), letters)
}

export function formatUuids(source: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const packed = v128.load(source + (<usize>i << 4))
    const high = i8x16.shr_u(packed, 4)
    const low = v128.and(packed, i8x16.splat(15))
    const first = digitsOf(i8x16.shuffle(high, low,
      0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23))
    const second = digitsOf(i8x16.shuffle(high, low,
      8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31))
    const text = target + <usize>i * 36
    v128.store(text, i8x16.shuffle(first, i8x16.splat(45),
      0, 1, 2, 3, 4, 5, 6, 7, 16, 8, 9, 10, 11, 16, 12, 13))
    const middle = i8x16.shuffle(first, second,
      14, 15, 0, 16, 17, 18, 19, 0, 20, 21, 22, 23, 24, 25, 26, 27)
    v128.store(text, i8x16.replace_lane(i8x16.replace_lane(middle, 2, 45), 7, 45), 16)
    store<u32>(text, i32x4.extract_lane(second, 3), 32)
  }
}

export function stringEnds(offsets: usize, bytes: usize, from: u32, to: u32, target: usize): void {
  let min = from
  let max = from
  // What all begin with tells none apart.
  const depth = commonPrefix(offsets + (<usize>from << 2), bytes, 0, to - from)
  let minKey = keyAt(offsets, bytes, from, depth)
  let maxKey = minKey
  for (let i = from + 1; i < to; i++) {
    const key = keyAt(offsets, bytes, i, depth)
    if (key < minKey || (key == minKey && compareFrom(offsets, bytes, i, min, depth) < 0)) {
      min = i
      minKey = key
    } else if (key > maxKey || (key == maxKey && compareFrom(offsets, bytes, i, max, depth) > 0)) {
      max = i
      maxKey = key
    }
  }
  store<u32>(target, min)
  store<u32>(target, max, 4)
}
