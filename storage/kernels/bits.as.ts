// Kernels for bit-packed numbers: see bits.ts for what each promises.

/** Widest numbers of which four, from any bit of a byte on, can be spread to lanes from 16 bytes. */
const LANES_WIDTH_MAX: u32 = 25

@inline
function lanes(a: u32, b: u32, c: u32, d: u32): v128 {
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(a), 1, b), 2, c), 3, d)
}

/** Byte numbers of the four bytes that begin where the number at bit `bit` does. */
@inline
function bytesOf(bit: u32): u32 { return (bit >> 3) * 0x01010101 + 0x03020100 }

/** Brings the top bit of the number at bit `bit` (of a byte) to bit 31 when multiplied. */
@inline
function lift(bit: u32, width: u32): u32 { return <u32>1 << (32 - width - (bit & 7)) }

export function unpackBits(source: usize, width: u32, count: u32, target: usize): void {
  let i: u32 = 0
  if (width <= LANES_WIDTH_MAX && count >= 8) {
    // Eight numbers take `width` whole bytes; the second four begin at bit `half` of byte `middle`.
    const middle = <usize>((width * 4) >> 3)
    const half = (width * 4) & 7
    const w = width
    const firstBytes = lanes(bytesOf(0), bytesOf(w), bytesOf(2 * w), bytesOf(3 * w))
    const firstLift = lanes(lift(0, w), lift(w, w), lift(2 * w, w), lift(3 * w, w))
    const lastBytes = lanes(bytesOf(half), bytesOf(half + w), bytesOf(half + 2 * w), bytesOf(half + 3 * w))
    const lastLift = lanes(lift(half, w), lift(half + w, w), lift(half + 2 * w, w), lift(half + 3 * w, w))
    let at = source
    let to = target
    // V8 keeps what is the same for all rounds in registers only where the loop asks behind its body: else it is
    // computed anew in each of them, which takes three times as long as all else here.
    do {
      const first = i32x4.mul(i8x16.swizzle(v128.load(at), firstBytes), firstLift)
      const last = i32x4.mul(i8x16.swizzle(v128.load(at + middle), lastBytes), lastLift)
      v128.store(to, i32x4.shr_u(first, 32 - w))
      v128.store(to, i32x4.shr_u(last, 32 - w), 16)
      at += width
      to += 32
      i += 8
    } while (i + 8 <= count)
  }
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let bit: u64 = <u64>i * <u64>width
  for (; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    store<u32>(target + (<usize>i << 2), <u32>(word & mask))
    bit += width
  }
}

export function unpackBitsMapped(
  source: usize, width: u32, count: u32, map: usize, target: usize,
): void {
  unpackBits(source, width, count, target)
  let at = target
  const end = target + (<usize>count << 2)
  for (; at + 16 <= end; at += 16) {
    const a = load<u32>(map + (<usize>load<u32>(at) << 2))
    const b = load<u32>(map + (<usize>load<u32>(at, 4) << 2))
    const c = load<u32>(map + (<usize>load<u32>(at, 8) << 2))
    const d = load<u32>(map + (<usize>load<u32>(at, 12) << 2))
    store<u32>(at, a)
    store<u32>(at, b, 4)
    store<u32>(at, c, 8)
    store<u32>(at, d, 12)
  }
  for (; at < end; at += 4) store<u32>(at, load<u32>(map + (<usize>load<u32>(at) << 2)))
}

export function spreadNumbers(source: usize, bytes: u32, count: u32, base: u32, target: usize): void {
  const lane = i32x4.splat(base)
  let i: u32 = 0
  if (bytes == 2) {
    for (; i + 4 <= count; i += 4) {
      v128.store(target + (<usize>i << 2), i32x4.add(v128.load_ext<u16>(source + (<usize>i << 1)), lane))
    }
    for (; i < count; i++) store<u32>(target + (<usize>i << 2), load<u16>(source + (<usize>i << 1)) + base)
    return
  }
  let at = source
  let to = target
  // Bytes beyond the last that a lane names are 0.
  const places = i8x16(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1)
  for (; i + 8 <= count; i += 8) {
    v128.store(to, i32x4.add(i8x16.swizzle(v128.load(at), places), lane))
    v128.store(to, i32x4.add(i8x16.swizzle(v128.load(at, 12), places), lane), 16)
    at += 24
    to += 32
  }
  for (; i < count; i++) {
    store<u32>(to, (load<u32>(at) & 0xffffff) + base)
    at += 3
    to += 4
  }
}

export function unpackDeltas(
  source: usize, width: u32, count: u32, first: u32, deltaMin: u32, target: usize,
): void {
  if (count == 0) return
  unpackBits(source, width, count, target)
  store<u32>(target, first - deltaMin)
  // Sums within four numbers, then of all before them.
  const step = v128.splat<u32>(deltaMin)
  const zero = v128.splat<u32>(0)
  let sum = zero
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = target + (<usize>i << 2)
    let four = i32x4.add(v128.load(at), step)
    four = i32x4.add(four, i8x16.shuffle(zero, four, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27))
    four = i32x4.add(four, i8x16.shuffle(zero, four, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23))
    sum = i32x4.add(four, sum)
    v128.store(at, sum)
    sum = i32x4.shuffle(sum, sum, 3, 3, 3, 3)
  }
  let value = i32x4.extract_lane(sum, 0)
  for (; i < count; i++) {
    const at = target + (<usize>i << 2)
    value += load<u32>(at) + deltaMin
    store<u32>(at, value)
  }
}

export function unpackRuns(
  ends: usize, endWidth: u32, values: usize, width: u32, runs: u32, count: u32, target: usize,
): void {
  const endMask: u64 = (<u64>1 << <u64>endWidth) - 1
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let endBit: u64 = 0
  let bit: u64 = 0
  let at = target
  for (let run: u32 = 0; run < runs; run++) {
    const end = <u32>((load<u64>(ends + <usize>(endBit >> 3)) >> (endBit & 7)) & endMask)
    const value = <u32>((load<u64>(values + <usize>(bit >> 3)) >> (bit & 7)) & mask)
    endBit += endWidth
    bit += width
    const to = target + (<usize>min(end, count) << 2)
    const four = i32x4.splat(value)
    for (; at + 16 <= to; at += 16) v128.store(at, four)
    for (; at < to; at += 4) store<u32>(at, value)
  }
}

export function addToWords(words: usize, count: u32, add: u32): void {
  const lane = i32x4.splat(add)
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = words + (<usize>i << 2)
    v128.store(at, i32x4.add(v128.load(at), lane))
  }
  for (; i < count; i++) {
    const at = words + (<usize>i << 2)
    store<u32>(at, load<u32>(at) + add)
  }
}

export function pairWords(high: usize, low: usize, count: u32, bits: u32): void {
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const at = high + (<usize>i << 2)
    v128.store(at, v128.or(i32x4.shl(v128.load(at), bits), v128.load(low + (<usize>i << 2))))
  }
  for (; i < count; i++) {
    const at = high + (<usize>i << 2)
    store<u32>(at, load<u32>(at) << bits | load<u32>(low + (<usize>i << 2)))
  }
}

export function packBits(source: usize, count: u32, base: u32, width: u32, target: usize): void {
  let word: u64 = 0
  let have: u32 = 0
  let at = target
  for (let i: u32 = 0; i < count; i++) {
    word |= <u64>(load<u32>(source + (<usize>i << 2)) - base) << have
    have += width
    if (have >= 32) {
      store<u32>(at, <u32>word)
      at += 4
      word >>= 32
      have -= 32
    }
  }
  store<u64>(at, word)
}

export function packDeltas(
  source: usize, count: u32, deltaMin: u32, width: u32, target: usize,
): void {
  let word: u64 = 0
  let have: u32 = width
  let at = target
  if (have == 32) {
    store<u32>(at, 0)
    at += 4
    have = 0
  }
  let before = count > 0 ? load<u32>(source) : 0
  for (let i: u32 = 1; i < count; i++) {
    const value = load<u32>(source + (<usize>i << 2))
    word |= <u64>(value - before - deltaMin) << have
    before = value
    have += width
    if (have >= 32) {
      store<u32>(at, <u32>word)
      at += 4
      word >>= 32
      have -= 32
    }
  }
  store<u64>(at, word)
}

/** The numbers of four lanes together. */
@inline
function leastOf(v: v128): i32 {
  const half = i32x4.min_s(v, i32x4.shuffle(v, v, 2, 3, 0, 1))
  return i32x4.extract_lane(i32x4.min_s(half, i32x4.shuffle(half, half, 1, 0, 3, 2)), 0)
}

export function surveyNumbers(source: usize, count: u32, target: usize): void {
  wordEnds(source, count, target)
  // Differences that wrap are not used: then numbers lie further apart than 2^31.
  let leasts = i32x4.splat(i32.MAX_VALUE)
  let mosts = leasts // of differences turned round: the least is of the greatest
  let changes = i32x4.splat(0)
  let i: u32 = 1
  for (; i + 4 <= count; i += 4) {
    const at = source + (<usize>i << 2)
    const delta = i32x4.sub(v128.load(at), v128.load(at - 4))
    leasts = i32x4.min_s(leasts, delta)
    mosts = i32x4.min_s(mosts, v128.not(delta))
    changes = i32x4.sub(changes, i32x4.ne(delta, i32x4.splat(0)))
  }
  let runs: u32 = 1 + i32x4.extract_lane(changes, 0) + i32x4.extract_lane(changes, 1)
    + i32x4.extract_lane(changes, 2) + i32x4.extract_lane(changes, 3)
  let least = <i64>leastOf(leasts)
  let most = <i64>~leastOf(mosts)
  const isWide = load<f64>(target, 8) - load<f64>(target) > <f64>i32.MAX_VALUE
  if (isWide) {
    runs = 1
    least = i64.MAX_VALUE
    most = i64.MIN_VALUE
    i = 1
  }
  for (; i < count; i++) {
    const at = source + (<usize>i << 2)
    const delta = <i64>load<u32>(at) - <i64>load<u32>(at - 4)
    if (delta != 0) runs++
    if (delta < least) least = delta
    if (delta > most) most = delta
  }
  store<f64>(target, count < 2 ? 0 : <f64>least, 16)
  store<f64>(target, count < 2 ? 0 : <f64>most, 24)
  store<f64>(target, <f64>runs, 32)
}

export function wordEnds(source: usize, count: u32, target: usize): void {
  let mins = i32x4.splat(load<u32>(source))
  let maxs = mins
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    const v = v128.load(source + (<usize>i << 2))
    mins = i32x4.min_u(mins, v)
    maxs = i32x4.max_u(maxs, v)
  }
  for (; i < count; i++) {
    const v = i32x4.splat(load<u32>(source + (<usize>i << 2)))
    mins = i32x4.min_u(mins, v)
    maxs = i32x4.max_u(maxs, v)
  }
  // Halves, then quarters.
  mins = i32x4.min_u(mins, i32x4.shuffle(mins, mins, 2, 3, 0, 1))
  mins = i32x4.min_u(mins, i32x4.shuffle(mins, mins, 1, 0, 3, 2))
  maxs = i32x4.max_u(maxs, i32x4.shuffle(maxs, maxs, 2, 3, 0, 1))
  maxs = i32x4.max_u(maxs, i32x4.shuffle(maxs, maxs, 1, 0, 3, 2))
  store<f64>(target, <f64><u32>i32x4.extract_lane(mins, 0))
  store<f64>(target, <f64><u32>i32x4.extract_lane(maxs, 0), 8)
}

export function stepWords(step: u32, count: u32, target: usize): void {
  let v = i32x4.mul(i32x4.splat(step), i32x4(0, 1, 2, 3))
  const four = i32x4.splat(step << 2)
  let i: u32 = 0
  for (; i + 4 <= count; i += 4) {
    v128.store(target + (<usize>i << 2), v)
    v = i32x4.add(v, four)
  }
  for (; i < count; i++) store<u32>(target + (<usize>i << 2), i * step)
}
