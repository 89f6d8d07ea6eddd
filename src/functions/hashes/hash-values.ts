// 64-bit hashes of values as ClickHouse's sketches take them: integers by a finalizer or as they are,
// strings by CityHash64, UUIDs and wide integers by SipHash, several arguments by CityHash chained, what
// has no bytes of its own (arrays, NULLs) by SipHash of 128 bits.
// Invariant: equal rows of equal types give the hashes that ClickHouse would give.

import { bareType, isNullable, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge, largeReader, largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { cityHash64, hash128to64 } from '../../../storage/kernels/city-hash.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { FunctionError, type EvalContext } from '../values/function.ts'
import { finalize64 } from '../values/int-hash.ts'
import { sipHash64, sipLow128 } from './sip-hash.ts'
import { writeNumberState } from '../values/state-bytes.ts'
import { slotOf } from '../values/vectors.ts'

/** The hash of a row. */
export type RowHash = (row: number) => bigint

/** True where every value has its bytes in one place: no arrays, maps or NULLs. */
const isPlain = (type: DataType): boolean => !isNullable(type)
  && !['Array', 'Map', 'Tuple', 'JSON', 'Nothing', 'Variant'].includes(bareType(type).id)

/** Tuples count as several arguments. */
export function flatArguments(args: readonly Vector[]): readonly Vector[] {
  const [first] = args
  if (args.length !== 1 || first.kind !== 'tuple') return args
  return first.fields.map((field) => (first.isConst ? { ...field, isConst: true } : field))
}

/** Decimals of up to this many digits have 4 bytes there. */
const SHORT_DECIMAL_DIGITS = 9

/** Bytes of a value as a column of its type holds them. */
export function writeBytes(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  switch (vector.kind) {
    case 'number': case 'big': {
      const bare = bareType(vector.type)
      if (bare.id === 'Decimal' && bare.precision <= SHORT_DECIMAL_DIGITS) out.u32(Number(vector.values[slot]))
      else writeNumberState(out, bare, vector.values[slot])
      return
    }
    case 'codes': {
      const bytes = vector.dictionary.bytesOf(vector.codes[slot])
      if (isLarge(bareType(vector.type))) writeLowFirst(out, largeReader(vector)(row), bytes.length)
      else out.slice(bytes, 0, bytes.length)
      return
    }
    case 'bytes': {
      const start = vector.offsets[slot]
      if (isLarge(bareType(vector.type))) {
        writeLowFirst(out, largeReader(vector)(row), vector.offsets[slot + 1] - start)
      } else if (bareType(vector.type).id !== 'UUID') out.slice(vector.bytes, start, vector.offsets[slot + 1])
      else for (const half of [0, 8]) for (let i = 7; i >= 0; i--) out.byte(vector.bytes[start + half + i])
      return
    }
    default: throw new Error(`${vector.type.name} has no bytes of its own`)
  }
}

/** An integer as ClickHouse's memory holds it. */
function writeLowFirst(out: ByteBuilder, value: bigint, width: number): void {
  for (let word = 0; word < width; word += 8) out.i64(BigInt.asIntN(64, value >> BigInt(word * 8)))
}

/** CityHash64 of each argument's bytes, chained. */
export function cityRows(args: readonly Vector[], { account }: EvalContext): RowHash {
  const out = new ByteBuilder(0, account)
  return (row) => {
    let hash = 0n
    args.forEach((arg, i) => {
      out.length = 0
      writeBytes(out, arg, row)
      const own = cityHash64(out.bytes, 0, out.length)
      hash = i === 0 ? own : hash128to64(own, hash)
    })
    return hash
  }
}

/** SipHash of a row's values, whatever they are; the lower half of 128 bits. */
export function sipRows(args: readonly Vector[], { account }: EvalContext): RowHash {
  const out = new ByteBuilder(0, account)
  return (row) => {
    out.length = 0
    for (const arg of args) writeHashed(out, arg, row)
    return sipLow128(out.bytes, out.length)
  }
}

/** What updateHashWithValue adds for a value: strings behind their length with a zero, arrays behind
 * their length, a byte for NULL or not. */
function writeHashed(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  if (isNullable(vector.type)) {
    const isNull = vector.nulls?.[slot] === 1
    out.byte(isNull ? 1 : 0)
    if (isNull) return
  }
  switch (vector.kind) {
    case 'array':
      out.i64(vector.offsets[slot + 1] - vector.offsets[slot])
      for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
        writeHashed(out, vector.values, at)
      }
      return
    case 'tuple': for (const field of vector.fields) writeHashed(out, field, slot); return
    case 'codes': case 'bytes': {
      if (bareType(vector.type).id !== 'String') return writeBytes(out, vector, row)
      const length = vector.kind === 'codes' ? vector.dictionary.lengthOf(vector.codes[slot])
        : vector.offsets[slot + 1] - vector.offsets[slot]
      out.i64(length)
      writeBytes(out, vector, row)
      return
    }
    default: writeBytes(out, vector, row)
  }
}

const DOUBLE = new Float64Array(1)
const DOUBLE_BITS = new BigUint64Array(DOUBLE.buffer)
const SINGLE = new Float32Array(1)
const SINGLE_BITS = new Uint32Array(SINGLE.buffer)

/** Bits of numbers as 64 of them: integers sign-extended, floats as they lie, -0 as 0. */
export function bitRows(vector: Vector): RowHash {
  if (vector.kind !== 'number' && vector.kind !== 'big') {
    throw new FunctionError(`${vector.type.name} is no number here`, 'NOT_IMPLEMENTED')
  }
  const { values } = vector
  const { id } = bareType(vector.type)
  return (row) => {
    const value = values[slotOf(vector, row)]
    if (id === 'Float64') {
      DOUBLE[0] = Number(value) + 0
      return DOUBLE_BITS[0]
    }
    if (id === 'Float32') {
      SINGLE[0] = Number(value) + 0
      return BigInt(SINGLE_BITS[0])
    }
    return BigInt.asUintN(64, BigInt(value))
  }
}

/** Types whose values are units of something: they are hashed by their bytes, not as numbers. */
export const HASHED_AS_BYTES: ReadonlySet<string> = new Set(['Decimal', 'DateTime64', 'Time', 'Time64', 'Interval'])

/** How one row of these arguments is hashed by the sketches: `ofBits` is what they do with the bits of a
 * single number. */
export function sketchRows(
  args: readonly Vector[], ofBits: (bits: bigint) => bigint, context: EvalContext): RowHash {
  const flat = flatArguments(args)
  if (flat.length === 1 && flat === args) {
    const [only] = flat
    const { id } = bareType(only.type)
    if (HASHED_AS_BYTES.has(id)) return cityRows(flat, context)
    if (only.kind === 'number' || only.kind === 'big') {
      const bits = bitRows(only)
      return (row) => ofBits(bits(row))
    }
    if (isLarge(bareType(only.type))) {
      // As in ClickHouse, which folds the words into one, the highest of four left out.
      const whole = largeReader(only)
      const words = Math.min(3, largeWidth(bareType(only.type)) / 8)
      return (row) => {
        let folded = 0n
        for (let word = 0; word < words; word++) folded ^= BigInt.asUintN(64, whole(row) >> BigInt(64 * word))
        return ofBits(finalize64(folded))
      }
    }
    if (id === 'String' || id === 'FixedString' || id === 'IPv6') return cityRows(flat, context)
    if (id === 'UUID') return sipBytes(only, context)
  }
  return flat.every((arg) => isPlain(arg.type)) ? cityRows(flat, context) : sipRows(flat, context)
}

function sipBytes(vector: Vector, { account }: EvalContext): RowHash {
  const out = new ByteBuilder(0, account)
  return (row) => {
    out.length = 0
    writeBytes(out, vector, row)
    return sipHash64(out.bytes, undefined, out.length)
  }
}
