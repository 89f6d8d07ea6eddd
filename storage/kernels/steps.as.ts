// Kernels of steps: see steps.ts for what each promises.

export function spanOfWords(words: usize, count: u32, target: usize): void {
  let least = load<u32>(words)
  let most = least
  let i: u32 = 0
  if (count >= 4) {
    let low = v128.load(words)
    let high = low
    for (i = 4; i + 4 <= count; i += 4) {
      const lanes = v128.load(words + (<usize>i << 2))
      low = v128.min<u32>(low, lanes)
      high = v128.max<u32>(high, lanes)
    }
    least = min(min(i32x4.extract_lane(low, 0) as u32, i32x4.extract_lane(low, 1) as u32),
      min(i32x4.extract_lane(low, 2) as u32, i32x4.extract_lane(low, 3) as u32))
    most = max(max(i32x4.extract_lane(high, 0) as u32, i32x4.extract_lane(high, 1) as u32),
      max(i32x4.extract_lane(high, 2) as u32, i32x4.extract_lane(high, 3) as u32))
  }
  for (; i < count; i++) {
    const word = load<u32>(words + (<usize>i << 2))
    least = min(least, word)
    most = max(most, word)
  }
  store<u32>(target, least)
  store<u32>(target, most, 4)
}

/** Whether four words lie in [from, from + step). */
@inline
function areWithin(words: usize, from: u32, step: u32): bool {
  const lanes = v128.load(words)
  const base = v128.splat<u32>(from)
  return v128.all_true<i32>(v128.and(v128.lt<u32>(v128.sub<u32>(lanes, base), v128.splat<u32>(step)),
    v128.ge<u32>(lanes, base)))
}

export function floorWords(words: usize, count: u32, step: u32, target: usize): void {
  let from: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2
    if (i + 4 <= count && areWithin(words + at, from, step)) {
      v128.store(target + at, v128.splat<u32>(from))
      i += 3
      continue
    }
    const word = load<u32>(words + at)
    // Below `from` the difference wraps around, beyond every step.
    if (word - from >= step || word < from) from = word - word % step
    store<u32>(target + at, from)
  }
}

export function mapSteps(
  words: usize, count: u32, step: u32, first: u32, results: usize, target: usize,
): void {
  if (count == 0) return
  let from: u32 = load<u32>(words)
  from -= from % step
  let result = load<u32>(results + (<usize>(from / step - first) << 2))
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2
    if (i + 4 <= count && areWithin(words + at, from, step)) {
      v128.store(target + at, v128.splat<u32>(result))
      i += 3
      continue
    }
    const word = load<u32>(words + at)
    if (word - from >= step || word < from) {
      const place = word / step
      from = place * step
      result = load<u32>(results + (<usize>(place - first) << 2))
    }
    store<u32>(target + at, result)
  }
}

export function narrowWords(words: usize, count: u32, bytes: u32, target: usize): void {
  let i: u32 = 0
  if (bytes == 1) {
    for (; i < count; i++) store<u8>(target + i, load<u8>(words + (<usize>i << 2)))
    return
  }
  const low = v128.splat<u32>(0xffff)
  for (; i + 8 <= count; i += 8) {
    const at = words + (<usize>i << 2)
    v128.store(target + (<usize>i << 1),
      i16x8.narrow_i32x4_u(v128.and(v128.load(at), low), v128.and(v128.load(at, 16), low)))
  }
  for (; i < count; i++) store<u16>(target + (<usize>i << 1), load<u16>(words + (<usize>i << 2)))
}

export function widenWords(numbers: usize, count: u32, bytes: u32, target: usize): void {
  let i: u32 = 0
  if (bytes == 1) {
    for (; i < count; i++) store<u32>(target + (<usize>i << 2), load<u8>(numbers + i))
    return
  }
  for (; i + 4 <= count; i += 4) {
    v128.store(target + (<usize>i << 2), v128.load_ext<u16>(numbers + (<usize>i << 1)))
  }
  for (; i < count; i++) store<u32>(target + (<usize>i << 2), load<u16>(numbers + (<usize>i << 1)))
}
