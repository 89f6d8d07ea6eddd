// A stream of whole numbers: what codes, integers, offsets and lengths become. Each is `base` plus a
// difference; the way to store the differences is the one that takes fewest bytes.
//
//   CONST  | 0 | base signed |
//   PACKED | 1 | base | width u8 | differences of `width` bits |
//   STEPS  | 2 | base | step least signed | step width u8 | width u8 | checks | steps |
//            step i = number i - number i-1 - least; a check is the difference of every 128th number,
//            so that one number is read without summing up all before it. Step width 0: `base` is
//            the first number, and nothing follows the 0.
//   RUNS   | 3 | base | width u8 | runs varint | ends, of bits(count) bits | differences |
//   WIDE   | 4 | base | width u8 (33..64) | low halves u32 | high halves of width - 32 bits |
//
// Numbers are on disk: never renumber. Decoding reads up to 8 bytes past a stream.

import type { ByteReader } from '../bytes/byte-reader.ts'
import { bitsAt, bitsFor, packedBytes, putBits } from '../kernels/bits.ts'
import type { Kernels } from '../kernels/load.ts'
import type { EncodeSpace } from './space.ts'

export const CONST = 0
export const PACKED = 1
export const STEPS = 2
export const RUNS = 3
const WIDE = 4

export const CHECK_ROWS = 128
const TWO32 = 4294967296
/** Streams this short are looked at without a kernel: the calls cost more than the loop. */
const SHORT = 24
/** STEPS is slower to read than PACKED: it must save a seventh. */
const STEPS_GAIN = 0.86
/** RUNS is quick to read whole, slow to read at places: it must halve. */
const RUNS_GAIN = 0.5

export type Base = number | bigint

/** A stream found in bytes; positions count from the start of those bytes. */
export type Numbers = {
  readonly way: number
  readonly count: number
  readonly base: Base
  readonly width: number
  /** PACKED, RUNS: differences; STEPS: steps; WIDE: low halves. */
  readonly at: number
  readonly stepMin: number
  readonly stepWidth: number
  /** STEPS: checks; RUNS: ends; WIDE: high halves. */
  readonly sideAt: number
  readonly runs: number
}

/** Appends the stream of values[0..count), each plus `base`. `values` lies in work memory. */
export function writeNumbers(
  space: EncodeSpace, values: Uint32Array, count: number, base: Base,
): void {
  const { out } = space
  if (count === 0) {
    writeHead(space, CONST, base)
    return
  }
  const [min, max, stepMin, stepMax, runs] = surveyOf(space, values, count)
  const width = bitsFor(max - min)
  if (width === 0) {
    writeHead(space, CONST, plus(base, min))
    return
  }
  const stepWidth = stepWidthOf(stepMin, stepMax)
  const packedBits = count * width
  const stepBits = count * stepWidth + Math.ceil(count / CHECK_ROWS) * width
  const runBits = runs * (width + bitsFor(count))
  if (runBits < Math.min(packedBits, stepBits) * RUNS_GAIN) {
    writeRuns(space, values, count, plus(base, min), min, width, runs)
  } else if (stepWidth === 0) {
    writeHead(space, STEPS, plus(base, values[0]))
    out.signed(stepMin)
    out.u8(0)
  } else if (stepBits < packedBits * STEPS_GAIN) {
    writeSteps(space, values, count, { base: plus(base, min), min, width, stepMin, stepWidth })
  } else {
    writeHead(space, PACKED, plus(base, min))
    out.u8(width)
    pack(space, values, count, min, width)
  }
}

/** Appends numbers given as halves, each plus `base`: low and high u32 in work memory. */
export function writeWideNumbers(
  space: EncodeSpace, low: Uint32Array, high: Uint32Array, count: number, base: Base,
): void {
  let highMax = 0
  for (let i = 0; i < count; i++) if (high[i] > highMax) highMax = high[i]
  if (highMax === 0) {
    writeNumbers(space, low, count, base)
    return
  }
  writeHead(space, WIDE, base)
  const width = 32 + bitsFor(highMax)
  space.out.u8(width)
  space.out.copy(new Uint8Array(low.buffer, low.byteOffset, count * 4))
  pack(space, high, count, 0, width - 32)
}

/** 0 where all steps are one that is not negative, so that every difference is positive; 33: no way. */
function stepWidthOf(stepMin: number, stepMax: number): number {
  if (stepMax - stepMin >= TWO32) return 33
  return stepMax === stepMin && stepMin < 0 ? 1 : bitsFor(stepMax - stepMin)
}

const plus = (base: Base, add: number): Base => {
  if (typeof base === 'bigint') return base + BigInt(add)
  const sum = base + add
  return Number.isSafeInteger(sum) ? sum : BigInt(base) + BigInt(add)
}

function writeHead(space: EncodeSpace, way: number, base: Base): void {
  space.out.u8(way)
  space.out.signed(base)
}

function surveyOf(space: EncodeSpace, values: Uint32Array, count: number): ArrayLike<number> & Iterable<number> {
  const { survey } = space
  if (count >= SHORT) {
    space.kernels.surveyNumbers(values.byteOffset, count, survey.byteOffset)
    return survey
  }
  let min = values[0]
  let max = min
  let stepMin = count > 1 ? TWO32 : 0
  let stepMax = count > 1 ? -TWO32 : 0
  let runs = 1
  for (let i = 1; i < count; i++) {
    const step = values[i] - values[i - 1]
    if (step !== 0) runs++
    if (values[i] < min) min = values[i]
    if (values[i] > max) max = values[i]
    if (step < stepMin) stepMin = step
    if (step > stepMax) stepMax = step
  }
  return [min, max, stepMin, stepMax, runs]
}

/** Appends packed differences from `min`. */
function pack(
  space: EncodeSpace, values: Uint32Array, count: number, min: number, width: number,
): void {
  const bytes = packedBytes(count, width)
  if (count < SHORT) {
    const target = space.out.room(bytes)
    for (let i = 0; i < count; i++) putBits(target, 0, width, i, values[i] - min)
    return
  }
  const target = space.packing(bytes)
  space.kernels.packBits(values.byteOffset, count, min, width, target.byteOffset)
  space.out.copy(target.subarray(0, bytes))
}

type StepShape = {
  readonly base: Base; readonly min: number; readonly width: number
  readonly stepMin: number; readonly stepWidth: number
}

function writeSteps(
  space: EncodeSpace, values: Uint32Array, count: number, shape: StepShape,
): void {
  const { base, min, width, stepMin, stepWidth } = shape
  const { out } = space
  writeHead(space, STEPS, base)
  out.signed(stepMin)
  out.u8(stepWidth)
  out.u8(width)
  const checks = Math.ceil(count / CHECK_ROWS)
  const target = out.room(packedBytes(checks, width))
  for (let i = 0; i < checks; i++) putBits(target, 0, width, i, values[i * CHECK_ROWS] - min)
  const bytes = packedBytes(count, stepWidth)
  const steps = space.packing(bytes)
  space.kernels.packDeltas(values.byteOffset, count, stepMin, stepWidth, steps.byteOffset)
  out.copy(steps.subarray(0, bytes))
}

function writeRuns(
  space: EncodeSpace, values: Uint32Array, count: number, base: Base, min: number, width: number,
  runs: number,
): void {
  const { out } = space
  writeHead(space, RUNS, base)
  out.u8(width)
  out.varint(runs)
  const endWidth = bitsFor(count)
  const ends = new Uint8Array(packedBytes(runs, endWidth))
  const differences = new Uint8Array(packedBytes(runs, width))
  packRuns(values, count, { ends, endWidth, differences, min, width })
  out.copy(ends)
  out.copy(differences)
}

/** Apart from what stands around it: V8 compiles a loop with all that its function calls, in each thread. */
function packRuns(
  values: Uint32Array, count: number,
  { ends, endWidth, differences, min, width }: {
    readonly ends: Uint8Array; readonly endWidth: number; readonly differences: Uint8Array; readonly min: number; readonly width: number
  },
): void {
  let run = 0
  for (let i = 1; i <= count; i++) {
    if (i < count && values[i] === values[i - 1]) continue
    putBits(ends, 0, endWidth, run, i)
    putBits(differences, 0, width, run, values[i - 1] - min)
    run++
  }
}

/** Finds the stream of `count` numbers at the reader's place, and moves behind it. */
export function readNumbers(reader: ByteReader, count: number): Numbers {
  const way = reader.u8()
  const base = reader.signed()
  if (way === CONST) {
    return { way, count, base, width: 0, at: reader.at, stepMin: 0, stepWidth: 0, sideAt: 0, runs: 0 }
  }
  if (way === STEPS) return readSteps(reader, count, base)
  const width = reader.u8()
  if (way === PACKED) {
    const { at } = reader
    reader.take(packedBytes(count, width))
    return { way, count, base, width, at, stepMin: 0, stepWidth: 0, sideAt: 0, runs: 0 }
  }
  if (way === WIDE) {
    const { at } = reader
    reader.take(count * 4)
    const sideAt = reader.at
    reader.take(packedBytes(count, width - 32))
    return { way, count, base, width, at, stepMin: 0, stepWidth: 0, sideAt, runs: 0 }
  }
  if (way !== RUNS) throw new RangeError(`no way ${way} of numbers is known`)
  const runs = reader.varint()
  const sideAt = reader.at
  reader.take(packedBytes(runs, bitsFor(count)))
  const { at } = reader
  reader.take(packedBytes(runs, width))
  return { way, count, base, width, at, stepMin: 0, stepWidth: 0, sideAt, runs }
}

function readSteps(reader: ByteReader, count: number, base: Base): Numbers {
  const stepMin = Number(reader.signed())
  const stepWidth = reader.u8()
  if (stepWidth === 0) {
    return { way: STEPS, count, base, width: 0, at: reader.at, stepMin, stepWidth, sideAt: 0, runs: 0 }
  }
  const width = reader.u8()
  const sideAt = reader.at
  reader.take(packedBytes(Math.ceil(count / CHECK_ROWS), width))
  const { at } = reader
  reader.take(packedBytes(count, stepWidth))
  return { way: STEPS, count, base, width, at, stepMin, stepWidth, sideAt, runs: 0 }
}

/** True where differences may exceed 32 bits: read them with fillWide and wideAt. */
export const isWide = (numbers: Numbers): boolean => numbers.way === WIDE

/** Fills target[0..count) with the differences from `base`. `bytes` (those that the stream was found
 * in) and `target` lie in work memory. */
export function fillDifferences(
  numbers: Numbers, bytes: Uint8Array, target: Uint32Array, kernels: Kernels,
): void {
  const { way, count, width, at, sideAt } = numbers
  if (way === CONST) target.fill(0, 0, count)
  else if (way === PACKED) kernels.unpackBits(bytes.byteOffset + at, width, count, target.byteOffset)
  else if (way === STEPS && numbers.stepWidth === 0) {
    kernels.stepWords(numbers.stepMin, count, target.byteOffset)
  } else if (way === STEPS) {
    kernels.unpackDeltas(bytes.byteOffset + at, numbers.stepWidth, count,
      bitsAt(bytes, sideAt, width, 0), numbers.stepMin, target.byteOffset)
  } else if (way === RUNS) {
    kernels.unpackRuns(
      bytes.byteOffset + sideAt, bitsFor(count), bytes.byteOffset + at, width, numbers.runs, count, target.byteOffset)
  } else throw new RangeError('wide numbers do not fit 32 bits')
}

/** Fills target[0..count) with map[difference]; all lie in work memory. False: nothing was done, as
 * the map is too short for whatever such a stream could hold (kernels check no number). */
export function fillMapped(
  numbers: Numbers, bytes: Uint8Array, target: Uint32Array, map: Uint32Array, kernels: Kernels,
): boolean {
  const { way, count, width, at } = numbers
  if (way === STEPS || way === WIDE || map.length < 2 ** width) return false
  if (way === PACKED) {
    kernels.unpackBitsMapped(bytes.byteOffset + at, width, count, map.byteOffset, target.byteOffset)
    return true
  }
  fillDifferences(numbers, bytes, target, kernels)
  kernels.mapWords(target.byteOffset, count, map.byteOffset)
  return true
}

/** All numbers of a stream that is not WIDE, in ordinary memory, from bytes anywhere. */
export function allNumbers(numbers: Numbers, bytes: Uint8Array): Uint32Array {
  const { count, way } = numbers
  const base = Number(numbers.base)
  const all = new Uint32Array(count)
  if (way === STEPS && numbers.stepWidth > 0) {
    let value = base + bitsAt(bytes, numbers.sideAt, numbers.width, 0)
    for (let i = 0; i < count; i++) {
      if (i > 0) value += numbers.stepMin + bitsAt(bytes, numbers.at, numbers.stepWidth, i)
      all[i] = value
    }
  } else if (way === PACKED && numbers.width <= SERIAL_WIDTH_MAX) {
    unpackSerially(bytes, numbers.at, numbers.width, base, all)
  } else if (way === RUNS) {
    const endWidth = bitsFor(count)
    for (let run = 0, from = 0; run < numbers.runs; run++) {
      const end = bitsAt(bytes, numbers.sideAt, endWidth, run)
      all.fill(base + bitsAt(bytes, numbers.at, numbers.width, run), from, end)
      from = end
    }
  } else {
    for (let i = 0; i < count; i++) all[i] = base + differenceAt(numbers, bytes, i)
  }
  return all
}

/** With wider numbers the bits that wait do not fit 32. */
const SERIAL_WIDTH_MAX = 24

/** Bits in the order of the bytes: three times as fast as reading number by number. */
function unpackSerially(
  bytes: Uint8Array, start: number, width: number, base: number, out: Uint32Array,
): void {
  const mask = (1 << width) - 1
  let at = start
  let waiting = 0
  let have = 0
  for (let i = 0; i < out.length; i++) {
    for (; have < width; have += 8) waiting |= bytes[at++] << have
    out[i] = base + (waiting & mask)
    waiting >>>= width
    have -= width
  }
}

/** Fills low and high halves of the differences of a WIDE stream. */
export function fillHalves(
  numbers: Numbers, bytes: Uint8Array, low: Uint32Array, high: Uint32Array, kernels: Kernels,
): void {
  const { count, at, sideAt, width } = numbers
  const lowBytes = new Uint8Array(low.buffer, low.byteOffset, count * 4)
  lowBytes.set(bytes.subarray(at, at + count * 4))
  kernels.unpackBits(bytes.byteOffset + sideAt, width - 32, count, high.byteOffset)
}

/** The difference of number `index` from `base`, read where it lies. Not for WIDE. */
export function differenceAt(numbers: Numbers, bytes: Uint8Array, index: number): number {
  const { way, width, at } = numbers
  if (way === PACKED) return bitsAt(bytes, at, width, index)
  if (way === CONST) return 0
  if (way === STEPS) return stepsTo(numbers, bytes, index)
  return bitsAt(bytes, at, width, runOf(numbers, bytes, index))
}

function stepsTo(numbers: Numbers, bytes: Uint8Array, index: number): number {
  const { width, at, sideAt, stepMin, stepWidth } = numbers
  if (stepWidth === 0) return index * stepMin
  const check = index >>> 7
  let value = bitsAt(bytes, sideAt, width, check)
  for (let i = check * CHECK_ROWS + 1; i <= index; i++) {
    value += stepMin + bitsAt(bytes, at, stepWidth, i)
  }
  return value
}

/** The run that number `index` lies in, by binary search over the ends. */
function runOf(numbers: Numbers, bytes: Uint8Array, index: number): number {
  const endWidth = bitsFor(numbers.count)
  let low = 0
  let high = numbers.runs - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (bitsAt(bytes, numbers.sideAt, endWidth, middle) > index) high = middle
    else low = middle + 1
  }
  return low
}

/** Low and high half of difference `index` of a WIDE stream. */
export const lowHalfAt = (numbers: Numbers, bytes: Uint8Array, index: number): number =>
  bitsAt(bytes, numbers.at, 32, index)
export const highHalfAt = (numbers: Numbers, bytes: Uint8Array, index: number): number =>
  bitsAt(bytes, numbers.sideAt, numbers.width - 32, index)
