// Zone maps: smallest and largest value and NULLs of a block, as the footer keeps them.
//
//   NONE | 0 |   ONE | 1 | the value signed |   WHOLE | 2 | min signed | max - min varint |
//   FLOATS | 3 | min f64 | max f64 |   BYTES | 4 | min sized | max sized |   BIG | 5 | min | max signed |

import type { ByteReader } from '../bytes/byte-reader.ts'
import type { ByteWriter } from '../bytes/byte-writer.ts'
import { nearBigEnds } from '../codec/number-block.ts'
import { serialText } from '../codec/serial-block.ts'
import { isReachable, type EncodeSpace } from '../codec/space.ts'
import type { SerialNumbers, SerialShape } from '../column/serial-texts.ts'
import type { BytesVector, Vector } from '../column/vector.ts'
import type { NumberArray } from '../column/number-array.ts'
import { compareBytes } from '../kernels/strings.ts'

const NONE = 0
const ONE = 1
const WHOLE = 2
const FLOATS = 3
const BYTES = 4
const BIG = 5

/** Bytes of a string that a zone keeps: longer ends are cut, the upper one rounded up. */
const END_BYTES_MAX = 32
/** Blocks of fewer strings keep no zone: it would be as large as they are. */
const BYTES_ROWS_MIN = 32

type End = number | bigint | Uint8Array

/** Smallest and largest value; of dictionary columns the ranks. null: none is kept (arrays, tuples,
 * NaN among floats, nothing but NULLs). */
export type Ends = { readonly min: End; readonly max: End } | null

/** The ends of rows [from, to), NULLs aside. */
export function endsOf(vector: Vector, from: number, to: number, space: EncodeSpace): Ends {
  switch (vector.kind) {
    case 'number': return numberEnds(vector.values, vector.nulls, from, to, space)
    case 'codes': return numberEnds(vector.codes, vector.nulls, from, to, space)
    case 'big': return nearBigEnds(space, vector.values, vector.nulls, from, to) ?? bigEnds(vector.values, vector.nulls, from, to)
    case 'bytes':
      return to - from < BYTES_ROWS_MIN ? null
        : bytesEnds(vector, from, to, space)
    default: return null
  }
}

export function numberEnds(
  values: NumberArray, nulls: Uint8Array | null, from: number, to: number, space: EncodeSpace,
): Ends {
  if (nulls === null && to > from && values instanceof Uint32Array && isReachable(values, space)) {
    space.kernels.wordEnds(values.byteOffset + from * 4, to - from, space.survey.byteOffset)
    return { min: space.survey[0], max: space.survey[1] }
  }
  if (nulls === null && to > from && values instanceof Float64Array && isReachable(values, space)) {
    const [at, { kernels, survey }] = [values.byteOffset + from * 8, space]
    kernels.doubleEnds(at, to - from, survey.byteOffset)
    // A sum tells of NaN, which has no end; infinities of both signs have none, either.
    if (!Number.isNaN(kernels.sumDoubles(at, to - from))) return { min: survey[0], max: survey[1] }
  }
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    const value = values[row]
    if (value !== value) return null // NaN
    if (value < min) min = value
    if (value > max) max = value
  }
  return min > max ? null : { min, max }
}

function bigEnds(
  values: ArrayLike<bigint>, nulls: Uint8Array | null, from: number, to: number,
): Ends {
  let ends: { min: bigint; max: bigint } | null = null
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    const value = values[row]
    if (ends === null) ends = { min: value, max: value }
    else if (value < ends.min) ends.min = value
    else if (value > ends.max) ends.max = value
  }
  return ends
}

function bytesEnds(vector: BytesVector, from: number, to: number, space: EncodeSpace): Ends {
  const { bytes, offsets, nulls } = vector
  if (nulls === null && isReachable(bytes, space) && isReachable(offsets, space)) {
    space.kernels.stringEnds(
      offsets.byteOffset, bytes.byteOffset, from, to, space.survey.byteOffset)
    const [least, greatest] = new Uint32Array(space.survey.buffer, space.survey.byteOffset, 2)
    return shortened(bytes, offsets, least, greatest)
  }
  let min = -1
  let max = -1
  for (let row = from; row < to; row++) {
    if (nulls !== null && nulls[row] !== 0) continue
    const start = offsets[row]
    const end = offsets[row + 1]
    if (min < 0) min = max = row
    else if (compareBytes(bytes, start, end, bytes, offsets[min], offsets[min + 1]) < 0) min = row
    else if (compareBytes(bytes, start, end, bytes, offsets[max], offsets[max + 1]) > 0) max = row
  }
  return min < 0 ? null : shortened(bytes, offsets, min, max)
}

/** Strings `min` and `max` as a zone keeps them. */
function shortened(bytes: Uint8Array, offsets: Uint32Array, min: number, max: number): Ends {
  return textEnds(bytes.subarray(offsets[min], offsets[min + 1]),
    bytes.subarray(offsets[max], offsets[max + 1]), BYTES_ROWS_MIN)
}

/** The ends of `count` strings from the least and the greatest of them. */
export function textEnds(least: Uint8Array, greatest: Uint8Array, count: number): Ends {
  if (count < BYTES_ROWS_MIN) return null
  const low = least.slice(0, END_BYTES_MAX)
  const above = greatest.length <= END_BYTES_MAX ? greatest.slice() : leastAbove(greatest.slice(0, END_BYTES_MAX))
  return above === null ? null : { min: low, max: above }
}

/** The ends of strings given as numbers. Without leading zeros `9` stands behind `10`: digits are
 * aligned at the left to compare. A suffix may order otherwise, so it leaves no zone. */
export function serialEnds(shape: SerialShape, values: SerialNumbers, count: number): Ends {
  if (count < BYTES_ROWS_MIN || (shape.digits === 0 && shape.suffix.length > 0)) return null
  const [min, max] = endNumbers(values, count, shape.digits === 0)
  const low = serialText(shape, min)
  const high = serialText(shape, max)
  const above = high.length <= END_BYTES_MAX ? high : leastAbove(high.slice(0, END_BYTES_MAX))
  return above === null ? null : { min: low.slice(0, END_BYTES_MAX), max: above }
}

/** Apart from what is made of them: V8 compiles a loop that runs once a call together with what follows it, and
 * throws the code away at its end while that has not run often. */
function endNumbers(values: SerialNumbers, count: number, isAligned: boolean): readonly [min: number, max: number] {
  let [min, max] = [values[0], values[0]]
  if (!isAligned) {
    for (let i = 1; i < count; i++) {
      if (values[i] < min) min = values[i]
      if (values[i] > max) max = values[i]
    }
    return [min, max]
  }
  // Of numbers of as many digits the texts order as they do: only the ends of each such stretch are aligned.
  let from = 0
  while (from < count) {
    let digits = 1
    while (digits < DIGITS_MAX && values[from] >= POWERS[digits]) digits++
    const below = digits === 1 ? 0 : POWERS[digits - 1]
    const above = digits === DIGITS_MAX ? Number.POSITIVE_INFINITY : POWERS[digits]
    let [low, high] = [values[from], values[from]]
    for (from++; from < count && values[from] >= below && values[from] < above; from++) {
      if (values[from] < low) low = values[from]
      if (values[from] > high) high = values[from]
    }
    if (standsBefore(low, min)) min = low
    if (standsBefore(max, high)) max = high
  }
  return [min, max]
}

/** As texts: of `1` and `10`, aligned alike, the shorter stands before. */
function standsBefore(a: number, b: number): boolean {
  const [keyOfA, keyOfB] = [alignedKey(a), alignedKey(b)]
  return keyOfA < keyOfB || (keyOfA === keyOfB && a < b)
}

function alignedKey(value: number): number {
  let digits = 1
  while (digits < DIGITS_MAX && value >= POWERS[digits]) digits++
  return value * POWERS[DIGITS_MAX - digits]
}

const DIGITS_MAX = 15
const POWERS = Float64Array.from({ length: DIGITS_MAX + 1 }, (_, digits) => 10 ** digits)

/** The least string of at most that length above everything that begins so; null where there is none. */
export function leastAbove(prefix: Uint8Array): Uint8Array | null {
  for (let at = prefix.length - 1; at >= 0; at--) {
    if (prefix[at] === 255) continue
    const bound = prefix.slice(0, at + 1)
    bound[at]++
    return bound
  }
  return null
}

export function writeEnds(out: ByteWriter, ends: Ends): void {
  if (ends === null) {
    out.u8(NONE)
    return
  }
  const { min, max } = ends
  if (min instanceof Uint8Array || max instanceof Uint8Array) {
    out.u8(BYTES)
    out.sized(min as Uint8Array)
    out.sized(max as Uint8Array)
  } else if (!Number.isSafeInteger(min) && typeof min === 'number' || typeof max === 'number'
    && (!Number.isSafeInteger(max) || Object.is(max, -0) || Object.is(min, -0))) {
    out.u8(FLOATS)
    out.f64(Number(min))
    out.f64(Number(max))
  } else if (typeof min === 'bigint' || typeof max === 'bigint' || max - min > Number.MAX_SAFE_INTEGER) {
    out.u8(BIG)
    out.signed(min)
    out.signed(max)
  } else {
    out.u8(min === max ? ONE : WHOLE)
    out.signed(min)
    if (min !== max) out.varint(max - min)
  }
}

export function readEnds(reader: ByteReader): Ends {
  const kind = reader.u8()
  switch (kind) {
    case NONE: return null
    case ONE: {
      const min = reader.signed()
      return { min, max: min }
    }
    case WHOLE: {
      const min = Number(reader.signed())
      return { min, max: min + reader.varint() }
    }
    case FLOATS: {
      const min = reader.f64()
      return { min, max: reader.f64() }
    }
    case BYTES: {
      const min = reader.sized().slice()
      return { min, max: reader.sized().slice() }
    }
    case BIG: {
      const min = reader.signed()
      return { min, max: reader.signed() }
    }
    default: throw new RangeError(`no zone of kind ${kind} is known`)
  }
}

/** The ends of two blocks together. */
export function joinEnds(a: Ends, b: Ends): Ends {
  if (a === null || b === null) return null
  return { min: isLess(b.min, a.min) ? b.min : a.min, max: isLess(a.max, b.max) ? b.max : a.max }
}

function isLess(a: End, b: End): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) < 0
  return a < b
}
