// Kernels for sets of strings: see strings.ts for what each promises.

// @ts-ignore: decorator
@inline
function startOf(offsets: usize, i: u32): u32 { return load<u32>(offsets + (<usize>i << 2)) }

// @ts-ignore: decorator
@inline
function lengthOf(offsets: usize, i: u32): u32 {
  return load<u32>(offsets + (<usize>i << 2), 4) - load<u32>(offsets + (<usize>i << 2))
}

/** The eight bytes from `depth` on as a number that orders as they do; zeros past the end. */
// @ts-ignore: decorator
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

/** Bytes that all strings begin with. */
function commonPrefix(offsets: usize, bytes: usize, count: u32): u32 {
  let prefix = lengthOf(offsets, 0)
  const first = bytes + startOf(offsets, 0)
  for (let i: u32 = 1; i < count && prefix > 0; i++) {
    const length = lengthOf(offsets, i)
    if (length < prefix) prefix = length
    const other = bytes + startOf(offsets, i)
    let at: u32 = 0
    while (at + 8 <= prefix && load<u64>(first + at) == load<u64>(other + at)) at += 8
    while (at < prefix && load<u8>(first + at) == load<u8>(other + at)) at++
    prefix = at
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

// @ts-ignore: decorator
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

export function sortStrings(
  offsets: usize, bytes: usize, count: u32, order: usize, spareOrder: usize, keys: usize,
  spareKeys: usize, runs: usize,
): void {
  if (count == 0) return
  const depth = commonPrefix(offsets, bytes, count)
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(order + (<usize>i << 2), i)
    store<u64>(keys + (<usize>i << 3), keyAt(offsets, bytes, i, depth))
  }
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

// @ts-ignore: decorator
@inline
function nibble(char: u8): u32 {
  if (char >= 48 && char <= 57) return char - 48
  if (char >= 97 && char <= 102) return char - 87
  return 16
}

/** True where a UUID's text has a dash: 8, 13, 18, 23. */
// @ts-ignore: decorator
@inline
function isDash(at: u32): bool { return at == 8 || at == 13 || at == 18 || at == 23 }

export function packUuids(offsets: usize, bytes: usize, count: u32, target: usize): u32 {
  let to = target
  for (let i: u32 = 0; i < count; i++) {
    if (lengthOf(offsets, i) != 36) return 0
    const start = bytes + startOf(offsets, i)
    for (let at: u32 = 0; at < 36; at += 2) {
      if (isDash(at)) {
        if (load<u8>(start + at) != 45) return 0
        at++
      }
      const high = nibble(load<u8>(start + at))
      const low = nibble(load<u8>(start + at, 1))
      if ((high | low) > 15) return 0
      store<u8>(to++, <u8>(high << 4 | low))
    }
  }
  return 1
}

export function formatUuids(source: usize, count: u32, target: usize): void {
  let from = source
  for (let i: u32 = 0; i < count; i++) {
    const start = target + <usize>i * 36
    for (let at: u32 = 0; at < 36; at += 2) {
      if (isDash(at)) {
        store<u8>(start + at, 45)
        at++
      }
      const byte = load<u8>(from++)
      const high = byte >> 4
      const low = byte & 15
      store<u8>(start + at, high < 10 ? high + 48 : high + 87)
      store<u8>(start + at, low < 10 ? low + 48 : low + 87, 1)
    }
  }
}
