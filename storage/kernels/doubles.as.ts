// Kernels of doubles and 64-bit numbers: see doubles.ts for what each promises.

const PLUS: u32 = 0
const MINUS: u32 = 1
const MULTIPLY: u32 = 2
const DIVIDE: u32 = 3
const MINUS_FROM: u32 = 4
const DIVIDE_BY: u32 = 5

const TWO32: f64 = 4294967296

export function wordsToDoubles(words: usize, count: u32, base: f64, divisor: f64, target: usize): void {
  const bases = f64x2.splat(base)
  const divisors = f64x2.splat(divisor)
  let at = words
  let to = target
  const pairs = target + ((<usize>count >> 1) << 4)
  // Division is the slow part: most streams have none.
  if (divisor == 1) {
    for (; to < pairs; to += 16, at += 8) {
      v128.store(to, f64x2.add(bases, f64x2.convert_low_i32x4_u(v128.load64_zero(at))))
    }
  } else {
    for (; to < pairs; to += 16, at += 8) {
      v128.store(to, f64x2.div(f64x2.add(bases, f64x2.convert_low_i32x4_u(v128.load64_zero(at))), divisors))
    }
  }
  if (count & 1) store<f64>(to, (base + <f64>load<u32>(at)) / divisor)
}

export function lengthsToDoubles(offsets: usize, count: u32, target: usize): void {
  let at = offsets
  let to = target
  const pairs = target + ((<usize>count >> 1) << 4)
  for (; to < pairs; to += 16, at += 8) {
    v128.store(to, f64x2.convert_low_i32x4_u(i32x4.sub(v128.load64_zero(at, 4), v128.load64_zero(at))))
  }
  if (count & 1) store<f64>(to, <f64>(load<u32>(at, 4) - load<u32>(at)))
}

export function doublesToWords(values: usize, count: u32, least: f64, scale: f64, target: usize): void {
  const leasts = v128.splat<f64>(least)
  const scales = v128.splat<f64>(scale)
  let i: u32 = 0
  for (; i + 2 <= count; i += 2) {
    const pair = f64x2.mul(f64x2.sub(v128.load(values + (<usize>i << 3)), leasts), scales)
    v128.store64_lane(target + (<usize>i << 2), i32x4.trunc_sat_f64x2_u_zero(pair), 0)
  }
  if (i < count) {
    const value = (load<f64>(values + (<usize>i << 3)) - least) * scale
    store<u32>(target + (<usize>i << 2), i32x4.extract_lane(i32x4.trunc_sat_f64x2_u_zero(f64x2.splat(value)), 0))
  }
}

/** As scaledPrefix() of 1: nothing is to be divided. */
function wholePrefix(values: usize, count: u32, limit: f64): u32 {
  const limits = f64x2.splat(limit)
  const minusZero = i64x2.splat(<i64>1 << 63)
  let i: u32 = 0
  for (; i < count; i += 2) {
    const at = values + (<usize>i << 3)
    const pair = i + 1 < count ? v128.load(at) : v128.load64_splat(at)
    const isExact = v128.and(f64x2.eq(f64x2.nearest(pair), pair), f64x2.lt(f64x2.abs(pair), limits))
    const isFine = v128.andnot(isExact, i64x2.eq(pair, minusZero))
    if (!i64x2.all_true(isFine)) return i64x2.extract_lane(isFine, 0) == 0 ? i : i + 1
  }
  return count
}

export function scaledPrefix(values: usize, count: u32, scale: f64, limit: f64): u32 {
  if (scale == 1) return wholePrefix(values, count, limit)
  const scales = f64x2.splat(scale)
  const limits = f64x2.splat(limit)
  // -0 is the only number with these bits.
  const minusZero = i64x2.splat(<i64>1 << 63)
  let i: u32 = 0
  for (; i < count; i += 2) {
    const at = values + (<usize>i << 3)
    const pair = i + 1 < count ? v128.load(at) : v128.load64_splat(at)
    const whole = f64x2.nearest(f64x2.mul(pair, scales))
    const isExact = v128.and(f64x2.eq(f64x2.div(whole, scales), pair), f64x2.lt(f64x2.abs(whole), limits))
    const isFine = v128.andnot(isExact, i64x2.eq(pair, minusZero))
    if (!i64x2.all_true(isFine)) return i64x2.extract_lane(isFine, 0) == 0 ? i : i + 1
  }
  return count
}

export function scaledHalves(values: usize, count: u32, scale: f64, base: f64, low: usize, high: usize): void {
  let i: u32 = 0
  if (high == 0) {
    const scales = f64x2.splat(scale)
    const bases = f64x2.splat(base)
    for (; i + 2 <= count; i += 2) {
      const whole = f64x2.sub(f64x2.nearest(f64x2.mul(v128.load(values + (<usize>i << 3)), scales)), bases)
      v128.store64_lane(low + (<usize>i << 2), i32x4.trunc_sat_f64x2_u_zero(whole), 0)
    }
  }
  for (; i < count; i++) {
    const whole = <i64>(nearest(load<f64>(values + (<usize>i << 3)) * scale) - base)
    store<u32>(low + (<usize>i << 2), <u32>whole)
    if (high != 0) store<u32>(high + (<usize>i << 2), <u32>(whole >> 32))
  }
}

export function halvesToDoubles(
  low: usize, high: usize, count: u32, base: f64, divisor: f64, target: usize,
): void {
  const bases = f64x2.splat(base)
  const divisors = f64x2.splat(divisor)
  const widths = f64x2.splat(TWO32)
  let i: u32 = 0
  for (; i + 2 <= count; i += 2) {
    const lows = f64x2.convert_low_i32x4_u(v128.load64_zero(low + (<usize>i << 2)))
    const highs = f64x2.convert_low_i32x4_u(v128.load64_zero(high + (<usize>i << 2)))
    const wholes = f64x2.add(f64x2.add(bases, f64x2.mul(highs, widths)), lows)
    v128.store(target + (<usize>i << 3), divisor == 1 ? wholes : f64x2.div(wholes, divisors))
  }
  for (; i < count; i++) {
    const at = <usize>i << 2
    store<f64>(target + (at << 1), (base + <f64>load<u32>(high + at) * TWO32 + <f64>load<u32>(low + at)) / divisor)
  }
}

export function halvesToWholes(low: usize, high: usize, count: u32, base: u64, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = <usize>i << 2
    const above = high == 0 ? 0 : <u64>load<u32>(high + at) << 32
    store<u64>(target + (at << 1), base + (above | <u64>load<u32>(low + at)))
  }
}

@inline
function storeEnds(leasts: v128, mosts: v128, target: usize): void {
  const least = f64x2.pmin(leasts, f64x2.shuffle(leasts, leasts, 1, 0))
  const most = f64x2.pmax(mosts, f64x2.shuffle(mosts, mosts, 1, 0))
  store<f64>(target, f64x2.extract_lane(least, 0) + 0) // 0, not -0
  store<f64>(target, f64x2.extract_lane(most, 0) + 0, 8)
}

export function doubleEnds(values: usize, count: u32, target: usize): void {
  let leasts = f64x2.splat(Infinity)
  let mosts = f64x2.splat(-Infinity)
  let i: u32 = 0
  for (; i + 2 <= count; i += 2) {
    const pair = v128.load(values + (<usize>i << 3))
    leasts = f64x2.pmin(leasts, pair)
    mosts = f64x2.pmax(mosts, pair)
  }
  if (i < count) {
    const last = v128.load64_splat(values + (<usize>i << 3))
    leasts = f64x2.pmin(leasts, last)
    mosts = f64x2.pmax(mosts, last)
  }
  storeEnds(leasts, mosts, target)
}

export function sumDoubles(values: usize, count: u32): f64 {
  let a = f64x2.splat(0)
  let b = a
  let c = a
  let d = a
  let i: u32 = 0
  for (; i + 8 <= count; i += 8) {
    const at = values + (<usize>i << 3)
    a = f64x2.add(a, v128.load(at))
    b = f64x2.add(b, v128.load(at, 16))
    c = f64x2.add(c, v128.load(at, 32))
    d = f64x2.add(d, v128.load(at, 48))
  }
  const all = f64x2.add(f64x2.add(a, b), f64x2.add(c, d))
  let sum = f64x2.extract_lane(all, 0) + f64x2.extract_lane(all, 1)
  for (; i < count; i++) sum += load<f64>(values + (<usize>i << 3))
  return sum
}

@inline
function combined(operation: u32, x: v128, y: v128): v128 {
  if (operation == PLUS) return f64x2.add(x, y)
  if (operation == MINUS) return f64x2.sub(x, y)
  if (operation == MULTIPLY) return f64x2.mul(x, y)
  if (operation == DIVIDE) return f64x2.div(x, y)
  if (operation == MINUS_FROM) return f64x2.sub(y, x)
  return f64x2.div(y, x)
}

/** `step`: bytes from one pair of y to the next; 0: y is two times one number. */
@inline
function combineAll(operation: u32, x: usize, y: usize, step: usize, count: u32, target: usize, ends: usize): void {
  let leasts = f64x2.splat(Infinity)
  let mosts = f64x2.splat(-Infinity)
  let i: u32 = 0
  let other = y
  for (; i + 2 <= count; i += 2, other += step) {
    const at = <usize>i << 3
    const result = combined(operation, v128.load(x + at), v128.load(other))
    v128.store(target + at, result)
    leasts = f64x2.pmin(leasts, result)
    mosts = f64x2.pmax(mosts, result)
  }
  if (i < count) {
    const at = <usize>i << 3
    const result = combined(operation, v128.load64_splat(x + at), v128.load64_splat(other))
    store<f64>(target + at, f64x2.extract_lane(result, 0))
    leasts = f64x2.pmin(leasts, result)
    mosts = f64x2.pmax(mosts, result)
  }
  storeEnds(leasts, mosts, ends)
}

export function combineDoubles(operation: u32, x: usize, y: usize, step: u32, count: u32, target: usize, ends: usize): void {
  if (operation == PLUS) combineAll(PLUS, x, y, step, count, target, ends)
  else if (operation == MINUS) combineAll(MINUS, x, y, step, count, target, ends)
  else if (operation == MULTIPLY) combineAll(MULTIPLY, x, y, step, count, target, ends)
  else if (operation == DIVIDE) combineAll(DIVIDE, x, y, step, count, target, ends)
  else if (operation == MINUS_FROM) combineAll(MINUS_FROM, x, y, step, count, target, ends)
  else combineAll(DIVIDE_BY, x, y, step, count, target, ends)
}
