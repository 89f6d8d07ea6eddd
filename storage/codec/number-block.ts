// Blocks of numbers. Drawings of the bodies:
//
//   NUMBERS, BIG | stream of numbers (numbers.ts) |
//   SCALED       | k u8 | stream: each float is a whole number / 10^k, exactly |
//   FLOATS       | 4 or 8 bytes a value |
//
// The slot of a NULL repeats its neighbour while encoded, so that NULLs do not widen a block; decoded
// it holds 0 again.

import type { ByteReader } from '../bytes/byte-reader.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import type { BigVector, NumberVector } from '../column/vector.ts'
import type { BigArray, NumberArray } from '../column/number-array.ts'
import { nearest } from '../kernels/doubles.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { numberArray, storageOf } from './arrays.ts'
import { CODEC_BIG, CODEC_FLOATS, CODEC_NUMBERS, CODEC_SCALED } from './codecs.ts'
import {
  differenceAt, fillDifferences, fillHalves, highHalfAt, isWide, lowHalfAt, readNumbers,
  writeNumbers, writeWideNumbers, type Base, type Numbers,
} from './numbers.ts'
import { pickDifferences } from './pick-numbers.ts'
import { isReachable, type EncodeSpace } from './space.ts'

const TWO32 = 4294967296

/** Which codec a number block will have. */
export type NumberCodec = { readonly codec: number; readonly exponent: number }

const WHOLE: NumberCodec = { codec: CODEC_NUMBERS, exponent: 0 }
const AS_IS: NumberCodec = { codec: CODEC_FLOATS, exponent: 0 }

/** Chooses among NUMBERS, SCALED and FLOATS for rows [from, to). */
export function numberCodecOf(space: EncodeSpace, values: NumberArray, from: number, to: number): NumberCodec {
  if (!(values instanceof Float64Array || values instanceof Float32Array)) return WHOLE
  const prefix = prefixOf(space, values)
  if (prefix(from, to, 0, WHOLE_MAX) === to) return WHOLE
  const exponent = exponentOf(prefix, from, to)
  return exponent === 0 ? AS_IS : { codec: CODEC_SCALED, exponent }
}

/** The first row of [from, to) that is not exactly a whole number below `limit` / 10^exponent; `to`: all are. */
type Prefix = (from: number, to: number, exponent: number, limit: number) => number

function prefixOf(space: EncodeSpace, values: Float64Array | Float32Array): Prefix {
  const { kernels } = space
  if (isNear(values, space)) {
    return (from, to, exponent, limit) => (
      from + kernels.scaledPrefix(values.byteOffset + from * values.BYTES_PER_ELEMENT, to - from, 10 ** exponent, limit))
  }
  const rounded = values instanceof Float32Array ? Math.fround : (value: number) => value
  return (from, to, exponent, limit) => {
    const scale = 10 ** exponent
    for (let row = from; row < to; row++) {
      const value = values[row]
      const whole = nearest(value * scale)
      if (rounded(whole / scale) !== value || Math.abs(whole) >= limit || Object.is(value, -0)) return row
    }
    return to
  }
}

/** Doubles where kernels can reach them. */
const isNear = (values: NumberArray, space: EncodeSpace): values is Float64Array =>
  values instanceof Float64Array && isReachable(values, space)

/** Digits after the point that are tried: prices and measures rarely have more. */
const EXPONENT_MAX = 6
/** Whole numbers stay below this, so that their differences are exact too. */
const SCALED_MAX = 2 ** 52
const WHOLE_MAX = 2 ** 53

/** The least k for which every value is exactly a whole number / 10^k; 0: there is none. */
function exponentOf(prefix: Prefix, from: number, to: number): number {
  let exponent = 1
  let raisedAt = from
  for (let row = from; ;) {
    row = prefix(row, to, exponent, SCALED_MAX)
    if (row === to) break
    if (++exponent > EXPONENT_MAX) return 0
    raisedAt = row
  }
  // What was exact with fewer digits need not be with more.
  return prefix(from, raisedAt, exponent, SCALED_MAX) === raisedAt ? exponent : 0
}

/** Appends the body. */
export function writeNumberBody(
  space: EncodeSpace, vector: NumberVector, from: number, to: number, choice: NumberCodec,
): void {
  const { values, nulls } = vector
  const count = to - from
  if (choice.codec === CODEC_FLOATS) {
    const width = values.BYTES_PER_ELEMENT
    space.out.copy(new Uint8Array(values.buffer, values.byteOffset + from * width, count * width))
    return
  }
  const scale = 10 ** choice.exponent
  if (choice.codec === CODEC_SCALED) space.out.u8(choice.exponent)
  if (scale === 1 && nulls === null && values instanceof Uint32Array) {
    const stage = space.stage(count)
    stage.set(values.subarray(from, to))
    writeNumbers(space, stage, count, 0)
    return
  }
  stageNumbers(space, values, nulls, from, to, scale)
}

/** Smallest and largest of the values that are not NULL. */
function endsOf(
  values: NumberArray, nulls: Uint8Array | null, from: number, to: number,
): readonly [number, number] {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    const value = values[row]
    if (value < min) min = value
    if (value > max) max = value
  }
  return min > max ? [0, 0] : [min, max]
}

/** The same of doubles without NULLs, by a kernel. */
function nearEnds({ kernels, survey }: EncodeSpace, values: Float64Array, from: number, count: number): readonly [number, number] {
  kernels.doubleEnds(values.byteOffset + from * values.BYTES_PER_ELEMENT, count, survey.byteOffset)
  return count === 0 ? [0, 0] : [survey[0], survey[1]]
}

function stageNumbers(
  space: EncodeSpace, values: NumberArray, nulls: Uint8Array | null, from: number, to: number,
  scale: number,
): void {
  const count = to - from
  const isPlain = nulls === null && isNear(values, space)
  const ends = isPlain ? nearEnds(space, values, from, count) : endsOf(values, nulls, from, to)
  const base = nearest(ends[0] * scale)
  const range = nearest(ends[1] * scale) - base
  if (range > Number.MAX_SAFE_INTEGER) {
    const big = BigInt64Array.from({ length: count }, (_, i) => BigInt(values[from + i]))
    writeBig(space, big, nulls === null ? null : nulls.subarray(from, to), 0, count)
    return
  }
  const low = space.stage(count)
  const high = range < TWO32 ? null : space.stage(count, 1)
  if (isPlain) {
    space.kernels.scaledHalves(values.byteOffset + from * values.BYTES_PER_ELEMENT, count, scale, base, low.byteOffset,
      high?.byteOffset ?? 0)
  }
  let before = 0
  for (let i = 0; i < count && !isPlain; i++) {
    const row = from + i
    if (nulls === null || nulls[row] === 0) {
      before = (scale === 1 ? values[row] : nearest(values[row] * scale)) - base
    }
    low[i] = before
    if (high !== null) high[i] = before / TWO32
  }
  if (high === null) writeNumbers(space, low, count, base)
  else writeWideNumbers(space, low, high, count, base)
}

/** The ends of rows [from, to), the least at `survey`, too, by a kernel; null: it reaches none, or there are NULLs. */
export function nearBigEnds(
  space: EncodeSpace, values: BigArray, nulls: Uint8Array | null, from: number, to: number,
): { readonly min: bigint; readonly max: bigint } | null {
  if (nulls !== null || to === from || !isReachable(values, space)) return null
  const { survey, kernels } = space
  const isSigned = values instanceof BigInt64Array
  kernels.bigEnds(values.byteOffset + from * 8, to - from, Number(isSigned), survey.byteOffset)
  const [min, max] = new (isSigned ? BigInt64Array : BigUint64Array)(space.account.work.buffer, survey.byteOffset, 2)
  return { min, max }
}

/** True where a block of big integers holds only safe ones, and is stored as NUMBERS. */
export function bigCodecOf(space: EncodeSpace, vector: BigVector, from: number, to: number): number {
  const ends = nearBigEnds(space, vector.values, vector.nulls, from, to)
  if (ends !== null) return Number.isSafeInteger(Number(ends.min)) && Number.isSafeInteger(Number(ends.max)) ? CODEC_NUMBERS : CODEC_BIG
  for (let row = from; row < to; row++) {
    if (vector.nulls !== null && vector.nulls[row] !== 0) continue
    if (!Number.isSafeInteger(Number(vector.values[row]))) return CODEC_BIG
  }
  return CODEC_NUMBERS
}

/** Appends the body of a block of 64-bit integers. */
export function writeBig(
  space: EncodeSpace, values: BigArray, nulls: Uint8Array | null, from: number, to: number,
): void {
  const count = to - from
  const ends = nearBigEnds(space, values, nulls, from, to)
  if (ends !== null) {
    const low = space.stage(count)
    const high = space.stage(count, 1)
    space.kernels.bigHalves(values.byteOffset + from * 8, count, space.survey.byteOffset, low.byteOffset, high.byteOffset)
    writeWideNumbers(space, low, high, count, safely(ends.min))
    return
  }
  let base: bigint | null = null
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    if (base === null || values[row] < base) base = values[row]
  }
  const low = space.stage(count)
  const high = space.stage(count, 1)
  let before = 0n
  for (let i = 0; i < count; i++) {
    const row = from + i
    if (nulls === null || nulls[row] === 0) before = values[row] - (base ?? 0n)
    low[i] = Number(before & 0xffffffffn)
    high[i] = Number(before >> 32n)
  }
  writeWideNumbers(space, low, high, count, safely(base ?? 0n))
}

const safely = (value: bigint): Base => {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : value
}

/** A number block found in bytes. */
export type NumberBlock = {
  readonly codec: number
  readonly exponent: number
  /** FLOATS: where the values begin. */
  readonly at: number
  /** null for FLOATS. */
  readonly numbers: Numbers | null
}

export function readNumberBlock(
  reader: ByteReader, codec: number, count: number, type: DataType,
): NumberBlock {
  if (codec === CODEC_FLOATS) {
    const { at } = reader
    reader.take(count * (storageOf(type) === 'f32' ? 4 : 8))
    return { codec, exponent: 0, at, numbers: null }
  }
  const exponent = codec === CODEC_SCALED ? reader.u8() : 0
  return { codec, exponent, at: 0, numbers: readNumbers(reader, count) }
}

/** All values, 0 where NULL. `bytes` lies in work memory. */
export function decodeNumbers(
  block: NumberBlock, bytes: Uint8Array, type: DataType, count: number, nulls: Uint8Array | null,
  account: MemoryAccount, kernels: Kernels,
): { kind: 'number'; values: NumberArray } | { kind: 'big'; values: BigArray } {
  const { numbers } = block
  if (block.codec === CODEC_BIG && numbers !== null) {
    const values = bigArray(type, count, account)
    decodeBig(numbers, bytes, values, nulls, account, kernels)
    return { kind: 'big', values }
  }
  const values = numberArray(storageOf(type), count, account)
  if (numbers === null) {
    const width = values.BYTES_PER_ELEMENT
    new Uint8Array(values.buffer, values.byteOffset, count * width)
      .set(bytes.subarray(block.at, block.at + count * width))
  } else if (isWide(numbers)) {
    decodeWide(numbers, bytes, values, 10 ** block.exponent, account, kernels)
  } else {
    decodeNarrow(numbers, bytes, values, 10 ** block.exponent, account, kernels)
  }
  if (nulls !== null) for (let row = 0; row < count; row++) if (nulls[row] !== 0) values[row] = 0
  return { kind: 'number', values }
}

function decodeNarrow(
  numbers: Numbers, bytes: Uint8Array, values: NumberArray, scale: number, account: MemoryAccount,
  kernels: Kernels,
): void {
  const base = Number(numbers.base)
  if (values instanceof Uint32Array || values instanceof Int32Array) {
    const target = new Uint32Array(values.buffer, values.byteOffset, values.length)
    fillDifferences(numbers, bytes, target, kernels)
    if (base !== 0) kernels.addToWords(target.byteOffset, target.length, base)
    return
  }
  const differences = account.u32(numbers.count)
  fillDifferences(numbers, bytes, differences, kernels)
  if (values instanceof Float64Array) {
    kernels.wordsToDoubles(differences.byteOffset, numbers.count, base, scale, values.byteOffset)
  } else for (let i = 0; i < numbers.count; i++) values[i] = (base + differences[i]) / scale
  account.free(differences.byteOffset)
}

function decodeWide(
  numbers: Numbers, bytes: Uint8Array, values: NumberArray, scale: number, account: MemoryAccount,
  kernels: Kernels,
): void {
  const { count } = numbers
  const low = account.u32(count)
  const high = account.u32(count)
  fillHalves(numbers, bytes, low, high, kernels)
  const base = Number(numbers.base)
  if (values instanceof Float64Array) {
    kernels.halvesToDoubles(low.byteOffset, high.byteOffset, count, base, scale, values.byteOffset)
  } else {
    // In this order no sum is beyond 2^53.
    for (let i = 0; i < count; i++) values[i] = (base + high[i] * TWO32 + low[i]) / scale
  }
  account.free(low.byteOffset)
  account.free(high.byteOffset)
}

const isUnsigned = (type: DataType): boolean => bareType(type).id === 'UInt64'

function bigArray(type: DataType, count: number, account: MemoryAccount): BigArray {
  const values = account.i64(count)
  return isUnsigned(type) ? new BigUint64Array(values.buffer, values.byteOffset, count) : values
}

function decodeBig(
  numbers: Numbers, bytes: Uint8Array, values: BigArray, nulls: Uint8Array | null,
  account: MemoryAccount, kernels: Kernels,
): void {
  const { count } = numbers
  const low = account.u32(count)
  const high = isWide(numbers) ? account.u32(count) : null
  if (high !== null) fillHalves(numbers, bytes, low, high, kernels)
  else fillDifferences(numbers, bytes, low, kernels)
  kernels.halvesToWholes(low.byteOffset, high?.byteOffset ?? 0, count, BigInt(numbers.base), values.byteOffset)
  if (nulls !== null) for (let i = 0; i < count; i++) if (nulls[i] !== 0) values[i] = 0n
  account.free(low.byteOffset)
  if (high !== null) account.free(high.byteOffset)
}

/** Value `index` of a block whose codec is not BIG, as if it were not NULL. */
export function numberAt(block: NumberBlock, bytes: Uint8Array, index: number, isFloat32: boolean): number {
  const { numbers } = block
  if (numbers === null) {
    const width = isFloat32 ? 4 : 8
    const view = new DataView(bytes.buffer, bytes.byteOffset + block.at + index * width, width)
    return isFloat32 ? view.getFloat32(0, true) : view.getFloat64(0, true)
  }
  const base = Number(numbers.base)
  const whole = isWide(numbers)
    ? base + highHalfAt(numbers, bytes, index) * TWO32 + lowHalfAt(numbers, bytes, index)
    : base + differenceAt(numbers, bytes, index)
  return block.exponent === 0 ? whole : whole / 10 ** block.exponent
}

/** Values of rows[start..end) of one block, whose first row is `first`, to out[at..). False: they are of
 * a kind that is read one by one (numberAt), and nothing was done. */
export function pickNumbers(
  { numbers, exponent }: NumberBlock, bytes: Uint8Array, rows: Uint32Array, start: number, end: number,
  first: number, out: NumberArray, at: number,
): boolean {
  if (numbers === null || isWide(numbers)) return false
  if (!(out instanceof Uint32Array || out instanceof Float64Array)) return false
  pickDifferences(numbers, bytes, rows, start, end, first, out, at)
  const base = Number(numbers.base)
  const behind = at + end - start
  if (exponent === 0) for (let i = at; i < behind; i++) out[i] = base + out[i]
  else for (let i = at; i < behind; i++) out[i] = (base + out[i]) / 10 ** exponent
  return true
}

/** Value `index` of a BIG block. */
export function bigAt(block: NumberBlock, bytes: Uint8Array, index: number): bigint {
  const { numbers } = block
  if (numbers === null) throw new RangeError('a block of floats holds no big integers')
  const base = BigInt(numbers.base)
  if (!isWide(numbers)) return base + BigInt(differenceAt(numbers, bytes, index))
  return base + (BigInt(highHalfAt(numbers, bytes, index)) << 32n
    | BigInt(lowHalfAt(numbers, bytes, index)))
}
