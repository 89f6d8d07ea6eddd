// Kernels that pick rows by number: see rows.ts for what each promises.

/** Of a sort by counting: how many there are of each becomes where its first goes. */
export function countsToStarts(counts: usize, count: u32): void {
  let start: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const place = counts + (<usize>i << 2)
    const own = load<u32>(place)
    store<u32>(place, start)
    start += own
  }
}

/** The words of four rows. */
@inline
function wordsOf(values: usize, rows: v128): v128 {
  const a = v128.load32_zero(values + (<usize>i32x4.extract_lane(rows, 0) << 2))
  const b = v128.load32_lane(values + (<usize>i32x4.extract_lane(rows, 1) << 2), a, 1)
  const c = v128.load32_lane(values + (<usize>i32x4.extract_lane(rows, 2) << 2), b, 2)
  return v128.load32_lane(values + (<usize>i32x4.extract_lane(rows, 3) << 2), c, 3)
}

export function takeWords(values: usize, rows: usize, count: u32, target: usize): void {
  let i: u32 = 0
  // Eight rows a turn, in few steps: the processor then waits for more of them at a time where they lie far apart.
  for (; i + 8 <= count; i += 8) {
    const a = v128.load(rows + (<usize>i << 2))
    const b = v128.load(rows + (<usize>i << 2), 16)
    const low = wordsOf(values, a)
    const high = wordsOf(values, b)
    v128.store(target + (<usize>i << 2), low)
    v128.store(target + (<usize>i << 2), high, 16)
  }
  for (; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    store<u32>(target + (<usize>i << 2), load<u32>(values + (<usize>row << 2)))
  }
}

export function takeDoubles(values: usize, rows: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    store<u64>(target + (<usize>i << 3), load<u64>(values + (<usize>row << 3)))
  }
}

export function takeUuids(values: usize, rows: usize, count: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    v128.store(target + (<usize>i << 4), v128.load(values + (<usize>row << 4)))
  }
}

export function takeLengths(offsets: usize, rows: usize, count: u32, target: usize): u32 {
  let end: u32 = 0
  store<u32>(target, 0)
  for (let i: u32 = 0; i < count; i++) {
    const at = offsets + (<usize>load<u32>(rows + (<usize>i << 2)) << 2)
    end += load<u32>(at, 4) - load<u32>(at)
    store<u32>(target + (<usize>i << 2), end, 4)
  }
  return end
}

export function takeStrings(
  offsets: usize, bytes: usize, rows: usize, count: u32, targetOffsets: usize, target: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = offsets + (<usize>load<u32>(rows + (<usize>i << 2)) << 2)
    const start = load<u32>(at)
    const length = load<u32>(at, 4) - start
    const from = bytes + start
    const to = target + load<u32>(targetOffsets + (<usize>i << 2))
    // Stores of 16 bytes: what exceeds is written over by the next string, or lies in the slack.
    if (length <= 256) for (let k: u32 = 0; k < length; k += 16) v128.store(to + k, v128.load(from + k))
    else memory.copy(to, from, length)
  }
}

export function keepUsed(codes: usize, count: u32, size: u32, kept: usize, scratch: usize): u32 {
  memory.fill(scratch, 0, <usize>size << 2)
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(scratch + (<usize>load<u32>(codes + (<usize>i << 2)) << 2), 1)
  }
  let used: u32 = 0
  for (let code: u32 = 0; code < size; code++) {
    const place = scratch + (<usize>code << 2)
    if (load<u32>(place) == 0) continue
    store<u32>(kept + (<usize>used << 2), code)
    store<u32>(place, used)
    used++
  }
  if (used < size) takeWords(scratch, codes, count, codes)
  return used
}

const DIGIT_BITS: u32 = 11
const DIGITS: u32 = 1 << DIGIT_BITS

export function sortRows(
  values: usize, bits: u32, rows: usize, count: u32, pairs: usize, sparePairs: usize, counts: usize,
): void {
  for (let i: u32 = 0; i < count; i++) {
    const row = load<u32>(rows + (<usize>i << 2))
    const value = load<u32>(values + (<usize>row << 2))
    store<u64>(pairs + (<usize>i << 3), (<u64>value << 32) | row)
  }
  let from = pairs
  let to = sparePairs
  for (let shift: u32 = 0; shift < bits; shift += DIGIT_BITS) {
    memory.fill(counts, 0, DIGITS << 2)
    for (let i: u32 = 0; i < count; i++) {
      const digit = (load<u32>(from + (<usize>i << 3), 4) >> shift) & (DIGITS - 1)
      const place = counts + (<usize>digit << 2)
      store<u32>(place, load<u32>(place) + 1)
    }
    countsToStarts(counts, DIGITS)
    for (let i: u32 = 0; i < count; i++) {
      const pair = load<u64>(from + (<usize>i << 3))
      const place = counts + (<usize>((<u32>(pair >> 32) >> shift) & (DIGITS - 1)) << 2)
      const at = load<u32>(place)
      store<u32>(place, at + 1)
      store<u64>(to + (<usize>at << 3), pair)
    }
    const swap = from
    from = to
    to = swap
  }
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(rows + (<usize>i << 2), load<u32>(from + (<usize>i << 3)))
  }
}
