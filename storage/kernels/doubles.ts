// Arrays of doubles (and of 64-bit numbers): made of stored numbers, added up, met by an operation. The references of
// doubles.as.ts.
//
// Invariant: results are those of doubles one by one; only the order of a sum is its own.

import type { KernelMemory } from './kernel-memory.ts'

export type DoubleKernels = {
  /** target[i] = (base + words[i]) / divisor, words being u32. */
  readonly wordsToDoubles: (words: number, count: number, base: number, divisor: number, target: number) => void
  /** target[i] = offsets[i + 1] - offsets[i], offsets being u32. */
  readonly lengthsToDoubles: (offsets: number, count: number, target: number) => void
  /** target[i] = (values[i] - least) * scale as u32, cut at its ends; 0 for NaN. */
  readonly doublesToWords: (values: number, count: number, least: number, scale: number, target: number) => void
  /** How many of the values, from the first on, are each exactly a whole number below `limit` (at most 2^53)
   * over `scale`: no NaN, no infinity, no -0. */
  readonly scaledPrefix: (values: number, count: number, scale: number, limit: number) => number
  /** values[i] * scale - base, all of them whole and not below 0, as low and high halves (u32); `high` 0: all
   * are below 2^32 and have low ones alone. */
  readonly scaledHalves: (
    values: number, count: number, scale: number, base: number, low: number, high: number) => void
  /** target[i] = (base + high[i] * 2^32 + low[i]) / divisor; halves are u32. */
  readonly halvesToDoubles: (
    low: number, high: number, count: number, base: number, divisor: number, target: number) => void
  /** target[i] = base + high[i] * 2^32 + low[i] as 64-bit numbers, modulo 2^64; `high` 0: all are 0. */
  readonly halvesToWholes: (low: number, high: number, count: number, base: bigint, target: number) => void
  /** Writes the least and the most of the values (two f64 at `target`), passing over NaN and the
   * sign of 0; without values Infinity and -Infinity. */
  readonly doubleEnds: (values: number, count: number, target: number) => void
  /** The sum, of eight lanes added up in the end. */
  readonly sumDoubles: (values: number, count: number) => number
  /** target[i] = x[i] operation y[i] (one of OPERATIONS; `step` 16), or of y[i % 2] (`step` 0: a constant
   * stands there twice). Writes what doubleEnds() says of the results to `ends`. */
  readonly combineDoubles: (
    operation: number, x: number, y: number, step: number, count: number, target: number, ends: number) => void
}

/** By the numbers that combineDoubles() knows them by. */
export const OPERATIONS: readonly ((x: number, y: number) => number)[] = [
  (x, y) => x + y, (x, y) => x - y, (x, y) => x * y, (x, y) => x / y, (x, y) => y - x, (x, y) => y / x,
]
const LANES = 8

/** The nearest whole number, of two the even one, as kernels round. */
export function nearest(value: number): number {
  const up = Math.round(value)
  return up - value === 0.5 && up % 2 !== 0 ? up - 1 : up
}

export function doublesReference(work: KernelMemory): DoubleKernels {
  const { u32, buffer } = work
  const f64 = new Float64Array(buffer)
  const endsInto = (values: number, count: number, target: number): void => {
    let [least, most] = [Infinity, -Infinity]
    for (let i = 0; i < count; i++) {
      const value = f64[values / 8 + i]
      if (value < least) least = value
      if (value > most) most = value
    }
    f64[target / 8] = least + 0
    f64[target / 8 + 1] = most + 0
  }
  return {
    wordsToDoubles(words, count, base, divisor, target) {
      for (let i = 0; i < count; i++) f64[target / 8 + i] = (base + u32[words / 4 + i]) / divisor
    },
    lengthsToDoubles(offsets, count, target) {
      for (let i = 0; i < count; i++) f64[target / 8 + i] = u32[offsets / 4 + i + 1] - u32[offsets / 4 + i]
    },
    doublesToWords(values, count, least, scale, target) {
      for (let i = 0; i < count; i++) {
        const word = Math.trunc((f64[values / 8 + i] - least) * scale)
        u32[target / 4 + i] = word >= 0xffffffff ? 0xffffffff : word > 0 ? word : 0
      }
    },
    scaledPrefix(values, count, scale, limit) {
      for (let i = 0; i < count; i++) {
        const value = f64[values / 8 + i]
        const whole = nearest(value * scale)
        if (whole / scale !== value || Math.abs(whole) >= limit || Object.is(value, -0)) return i
      }
      return count
    },
    scaledHalves(values, count, scale, base, low, high) {
      for (let i = 0; i < count; i++) {
        const whole = nearest(f64[values / 8 + i] * scale) - base
        u32[low / 4 + i] = whole
        if (high !== 0) u32[high / 4 + i] = whole / 4294967296
      }
    },
    halvesToDoubles(low, high, count, base, divisor, target) {
      for (let i = 0; i < count; i++) {
        f64[target / 8 + i] = (base + u32[high / 4 + i] * 4294967296 + u32[low / 4 + i]) / divisor
      }
    },
    halvesToWholes(low, high, count, base, target) {
      const wholes = new BigUint64Array(buffer, target, count)
      for (let i = 0; i < count; i++) {
        const above = high === 0 ? 0n : BigInt(u32[high / 4 + i]) << 32n
        wholes[i] = base + (above | BigInt(u32[low / 4 + i])) // stores wrap at 64 bits
      }
    },
    doubleEnds: endsInto,
    sumDoubles(values, count) {
      const lanes = new Float64Array(LANES)
      const whole = count - count % LANES
      for (let i = 0; i < whole; i++) lanes[i % LANES] += f64[values / 8 + i]
      let sum = lanes[0] + lanes[2] + (lanes[4] + lanes[6]) + (lanes[1] + lanes[3] + (lanes[5] + lanes[7]))
      for (let i = whole; i < count; i++) sum += f64[values / 8 + i]
      return sum
    },
    combineDoubles(operation, x, y, step, count, target, ends) {
      for (let i = 0; i < count; i++) {
        f64[target / 8 + i] = OPERATIONS[operation](f64[x / 8 + i], f64[y / 8 + (step === 0 ? i % 2 : i)])
      }
      endsInto(target, count, ends)
    },
  }
}
