// Kernels for bit-packed numbers: see bits.ts for what each promises.

export function unpackBits(source: usize, width: u32, count: u32, target: usize): void {
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let bit: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    store<u32>(target + (<usize>i << 2), <u32>(word & mask))
    bit += width
  }
}

export function unpackBitsMapped(
  source: usize, width: u32, count: u32, map: usize, target: usize,
): void {
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let bit: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    store<u32>(target + (<usize>i << 2), load<u32>(map + (<usize>(word & mask) << 2)))
    bit += width
  }
}

export function unpackDeltas(
  source: usize, width: u32, count: u32, first: u32, deltaMin: u32, target: usize,
): void {
  if (count == 0) return
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let value = first
  store<u32>(target, value)
  let bit: u64 = width
  for (let i: u32 = 1; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    value += deltaMin + <u32>(word & mask)
    store<u32>(target + (<usize>i << 2), value)
    bit += width
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

export function surveyNumbers(source: usize, count: u32, target: usize): void {
  let before = load<u32>(source)
  let min = before
  let max = before
  let deltaMin: i64 = i64.MAX_VALUE
  let deltaMax: i64 = i64.MIN_VALUE
  let runs: u32 = 1
  for (let i: u32 = 1; i < count; i++) {
    const value = load<u32>(source + (<usize>i << 2))
    if (value != before) runs++
    if (value < min) min = value
    if (value > max) max = value
    const delta = <i64>value - <i64>before
    if (delta < deltaMin) deltaMin = delta
    if (delta > deltaMax) deltaMax = delta
    before = value
  }
  store<f64>(target, <f64>min)
  store<f64>(target, <f64>max, 8)
  store<f64>(target, count < 2 ? 0 : <f64>deltaMin, 16)
  store<f64>(target, count < 2 ? 0 : <f64>deltaMax, 24)
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
