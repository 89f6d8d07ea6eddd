// Bit-packed numbers, low bit first: number i occupies bits [i * width, (i + 1) * width) of the
// packed bytes. The references of bits.as.ts.
//
// Invariant: unpacking may read 32 bytes, and packing may write 8, past the packed bytes; the slack of
// a cell of work memory covers that.

import type { KernelMemory } from './kernel-memory.ts'

export type BitsKernels = {
  /** Unpacks `count` numbers of `width` bits (1..32) at `source` into u32 at `target`. */
  readonly unpackBits: (source: number, width: number, count: number, target: number) => void
  /** As unpackBits, each number replaced by the u32 at map + 4 * number. */
  readonly unpackBitsMapped: (
    source: number, width: number, count: number, map: number, target: number) => void
  /** Numbers of two or three bytes each (unpackBits of 16 or 24 bits), plus `base`, modulo 2^32. */
  readonly spreadNumbers: (source: number, bytes: number, count: number, base: number, target: number) => void
  /** Unpacks differences (of `width` bits, 1..32, less `deltaMin`) and sums them up: number 0 is
   * `first`, its packed slot is passed over. All modulo 2^32. */
  readonly unpackDeltas: (
    source: number, width: number, count: number, first: number, deltaMin: number, target: number,
  ) => void
  /** Unpacks `runs` numbers of `width` bits (0..32) at `values`, each into u32 at `target` from where the one before
   * ends to its own end, which is a number of `endWidth` bits (0..32) at `ends`; none beyond `count`. */
  readonly unpackRuns: (
    ends: number, endWidth: number, values: number, width: number, runs: number, count: number, target: number,
  ) => void
  /** words[i] += add, modulo 2^32. */
  readonly addToWords: (words: number, count: number, add: number) => void
  /** high[i] = high[i] · 2^bits + low[i], of which low[i] is below 2^bits and the sum below 2^32. */
  readonly pairWords: (high: number, low: number, count: number, bits: number) => void
  /** Packs `count` u32 at `source`, each less `base`, into `width` bits (1..32). */
  readonly packBits: (
    source: number, count: number, base: number, width: number, target: number) => void
  /** Packs the differences of neighbours, each less `deltaMin`; slot 0 is 0. Modulo 2^32. */
  readonly packDeltas: (
    source: number, count: number, deltaMin: number, width: number, target: number) => void
  /** Writes five f64 at `target` about `count` (at least 1) u32: smallest, largest, smallest and
   * largest difference of neighbours (0 for one number), number of runs of equal neighbours. */
  readonly surveyNumbers: (source: number, count: number, target: number) => void
  /** Writes two f64 at `target`: the smallest and the largest of `count` (at least 1) u32. */
  readonly wordEnds: (source: number, count: number, target: number) => void
  /** target[i] = i * step, modulo 2^32. */
  readonly stepWords: (step: number, count: number, target: number) => void
}

/** Reads number `index` of `width` bits (0..32) of the packed bytes at `start`. Reads up to 3 bytes
 * past the number: beyond the array they count as 0. */
export function bitsAt(bytes: Uint8Array, start: number, width: number, index: number): number {
  return width === 0 ? 0 : bitsFrom(bytes, start * 8 + index * width, width)
}

/** Reads the `width` bits (1..32) from bit `bit` on. */
export function bitsFrom(bytes: Uint8Array, bit: number, width: number): number {
  const at = Math.floor(bit / 8)
  const shift = bit & 7
  const low = (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> shift
  if (shift + width <= 32) return width === 32 ? low >>> 0 : low & ((1 << width) - 1)
  const value = low + (bytes[at + 4] & ((1 << shift + width - 32) - 1)) * (1 << 32 - shift >>> 0)
  return value
}

/** Adds number `index` of `width` bits (0..32) to packed bytes that hold zeros there. */
export function putBits(
  bytes: Uint8Array, start: number, width: number, index: number, value: number,
): void {
  const bit = index * width
  let at = start + Math.floor(bit / 8)
  let shifted = value * 2 ** (bit & 7)
  while (shifted > 0) {
    bytes[at++] |= shifted % 256
    shifted = Math.floor(shifted / 256)
  }
}

/** Bits that hold every number up to `max` (below 2^53). */
export const bitsFor = (max: number): number => max < 4294967296
  ? 32 - Math.clz32(max) : 32 + bitsFor(Math.floor(max / 4294967296))

/** Bytes of `count` packed numbers. */
export const packedBytes = (count: number, width: number): number => Math.ceil(count * width / 8)

export function bitsReference(work: KernelMemory): BitsKernels {
  const { u8, u32 } = work
  return {
    unpackBits(source, width, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = bitsAt(u8, source, width, i)
    },
    unpackBitsMapped(source, width, count, map, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = u32[map / 4 + bitsAt(u8, source, width, i)]
    },
    addToWords(words, count, add) {
      for (let i = 0; i < count; i++) u32[words / 4 + i] += add
    },
    pairWords(high, low, count, bits) {
      for (let i = 0; i < count; i++) u32[high / 4 + i] = u32[high / 4 + i] * 2 ** bits + u32[low / 4 + i]
    },
    spreadNumbers(source, bytes, count, base, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = bitsAt(u8, source, bytes * 8, i) + base
    },
    unpackDeltas(source, width, count, first, deltaMin, target) {
      let value = first
      for (let i = 0; i < count; i++) {
        if (i > 0) value += deltaMin + bitsAt(u8, source, width, i)
        u32[target / 4 + i] = value % 4294967296
      }
    },
    unpackRuns(ends, endWidth, values, width, runs, count, target) {
      let from = 0
      for (let run = 0; run < runs; run++) {
        const end = Math.min(bitsAt(u8, ends, endWidth, run), count)
        u32.fill(bitsAt(u8, values, width, run), target / 4 + from, target / 4 + end)
        from = Math.max(from, end)
      }
    },
    packBits(source, count, base, width, target) {
      u8.fill(0, target, target + packedBytes(count, width))
      for (let i = 0; i < count; i++) {
        putBits(u8, target, width, i, (u32[source / 4 + i] - base) >>> 0)
      }
    },
    packDeltas(source, count, deltaMin, width, target) {
      u8.fill(0, target, target + packedBytes(count, width))
      for (let i = 1; i < count; i++) {
        const at = source / 4 + i
        putBits(u8, target, width, i, (u32[at] - u32[at - 1] - deltaMin) >>> 0)
      }
    },
    surveyNumbers(source, count, target) {
      const numbers = u32.subarray(source / 4, source / 4 + count)
      new Float64Array(work.buffer, target, 5).set(surveyOf(numbers))
    },
    stepWords(step, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = Math.imul(i, step)
    },
    wordEnds(source, count, target) {
      const numbers = u32.subarray(source / 4, source / 4 + count)
      new Float64Array(work.buffer, target, 2).set(surveyOf(numbers).slice(0, 2))
    },
  }
}

function surveyOf(numbers: Uint32Array): [number, number, number, number, number] {
  let [min] = numbers
  let max = min
  let deltaMin = Number.POSITIVE_INFINITY
  let deltaMax = Number.NEGATIVE_INFINITY
  let runs = 1
  for (let i = 1; i < numbers.length; i++) {
    const delta = numbers[i] - numbers[i - 1]
    if (delta !== 0) runs++
    if (numbers[i] < min) min = numbers[i]
    if (numbers[i] > max) max = numbers[i]
    if (delta < deltaMin) deltaMin = delta
    if (delta > deltaMax) deltaMax = delta
  }
  return numbers.length < 2 ? [min, max, 0, 0, 1] : [min, max, deltaMin, deltaMax, runs]
}
