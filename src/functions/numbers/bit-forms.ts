// Bits in other forms: their places and powers, curves that fill space, slices of texts of bits, small
// facts of numbers.
// Invariant: whole numbers are exact in 64 bits.

import {
  arrayOf, bareType, STRING, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues } from '../base/by-values.ts'
import { castVector } from '../values/cast.ts'
import { badArgument, constantInfo, define, expectTypes, bigReader, numbersBy } from '../base/define.ts'
import { bytesBy, bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { isInteger, isNumber, isString, isTemporal, leastSupertype, numberInfo, tupleOf } from '../values/types.ts'
import { valueAt } from '../values/values.ts'

const widthOf = (type: DataType): number => (numberInfo(bareType(type))?.bytes ?? 8) * 8

/** The places of the bits that are set, lowest first. */
function placesOf(value: Value, bits: number): bigint[] {
  const number = BigInt.asUintN(bits, BigInt(value as number | bigint | boolean))
  const places: bigint[] = []
  for (let place = 0n; place < BigInt(bits); place++) if ((number >> place) & 1n) places.push(place)
  return places
}

const powersOf = (value: Value, type: DataType): (number | bigint)[] => {
  const bits = widthOf(type)
  const cut = numberInfo(bareType(type))?.isSigned === true ? BigInt.asIntN : BigInt.asUintN
  return placesOf(value, bits).map((place) => shrink(cut(bits, 1n << place)))
}

const ofInteger = (name: string, typeOf: (type: DataType) => DataType, each: (value: Value, type: DataType) => Value): FunctionDef =>
  define(name, [1, 1], ([{ type }]) => {
    if (!isInteger(type)) throw badArgument(name, 0, type)
    return typeOf(type)
  }, ([a], type, rowCount, context) =>
    byValues(name, [1, 1], () => type, ([value]) => each(value, a.type)).evaluate([a], type, rowCount, context, null))

const bitmaskToList = define('bitmaskToList', [1, 1], ([{ type }]) => {
  if (!isInteger(type)) throw badArgument('bitmaskToList', 0, type)
  return STRING
}, ([a], type, rowCount, context) => stringsBy(type, rowCount, context, (row) => powersOf(valueAt(a, row), a.type).join(',')))

const CURVE_PARTS_MAX = 8

/** Bits of several numbers in turn, the last number's first. */
const mortonEncode = byValues('mortonEncode', [1, CURVE_PARTS_MAX + 1], (args) => {
  args.forEach(({ type }, i) => { if (!isInteger(type) || numberInfo(type)?.isSigned === true) throw badArgument('mortonEncode', i, type) })
  return UINT64
}, (values) => {
  const parts = values.map((value) => BigInt(value as number | bigint))
  const bits = Math.floor(64 / parts.length)
  let out = 0n
  for (let bit = 0; bit < bits; bit++) {
    parts.forEach((part, i) => { out |= ((part >> BigInt(bit)) & 1n) << BigInt(bit * parts.length + i) })
  }
  return shrink(BigInt.asUintN(64, out))
})

const mortonDecode = byValues('mortonDecode', [2, 2], (args) => {
  expectTypes('mortonDecode', args, isInteger)
  const count = Number(constantInfo('mortonDecode', args, 0))
  if (count >= 1 && count <= CURVE_PARTS_MAX) return tupleOf(Array.from({ length: count }, () => UINT64))
  throw new FunctionError(`mortonDecode makes 1 to ${CURVE_PARTS_MAX} numbers`, 'ARGUMENT_OUT_OF_BOUND')
}, ([count, code]) => {
  const parts = Array.from({ length: Number(count) }, () => 0n)
  const value = BigInt.asUintN(64, BigInt(code as number | bigint))
  for (let bit = 0; bit < 64; bit++) {
    parts[bit % parts.length] |= ((value >> BigInt(bit)) & 1n) << BigInt(Math.floor(bit / parts.length))
  }
  return parts.map(shrink)
})

/** The distance along Hilbert's curve through a square of 2^33 by 2^33, of which 2^32 are used: an odd number of
 * turns, so that the curve starts alike whatever the numbers are. */
const CURVE_LEVELS = 33n

const hilbertBits = (value: Value, shift: Value): bigint => {
  const by = Number(shift)
  if (by >= 0 && by <= 8) return BigInt.asUintN(64, BigInt(value as number | bigint) << BigInt(by))
  throw new FunctionError('A shift of hilbertEncode is a number from 0 to 8', 'ARGUMENT_OUT_OF_BOUND')
}

/** 0 beyond the square, as ClickHouse has it. */
function hilbertPlace(first: bigint, second: bigint): bigint {
  if ((first | second) > 0xffffffffn) return 0n
  let [x, y, place] = [first, second, 0n]
  for (let side = 1n << (CURVE_LEVELS - 1n); side > 0n; side >>= 1n) {
    const [right, up] = [(x & side) === 0n ? 0n : 1n, (y & side) === 0n ? 0n : 1n]
    place += side * side * ((3n * right) ^ up)
    x &= side - 1n
    y &= side - 1n
    if (up === 1n) continue
    if (right === 1n) [x, y] = [side - 1n - x, side - 1n - y]
    ;[x, y] = [y, x]
  }
  return place
}

function hilbertPoint(place: bigint): [bigint, bigint] {
  let [x, y, rest] = [0n, 0n, place]
  for (let side = 1n; side < 1n << CURVE_LEVELS; side <<= 1n, rest >>= 2n) {
    const right = (rest >> 1n) & 1n
    const up = (rest ^ right) & 1n
    if (up === 0n) {
      if (right === 1n) [x, y] = [side - 1n - x, side - 1n - y]
      ;[x, y] = [y, x]
    }
    x += side * right
    y += side * up
  }
  return [x, y]
}

const isUnsigned = (type: DataType): boolean => isInteger(type) && numberInfo(type)?.isSigned === false

/** hilbertEncode([shifts, ]x[, y]). */
const hilbertEncode = byValues('hilbertEncode', [1, 3], (args) => {
  const own = args[0].type.id === 'Tuple' ? args.slice(1) : args
  if (own.length < args.length && !args[0].type.args.every(isUnsigned)) throw badArgument('hilbertEncode', 0, args[0].type)
  if (own.length === 0 || own.length > 2) {
    throw new FunctionError('Illegal number of UInt arguments of function hilbertEncode: should be 1 or 2',
      'TOO_MANY_ARGUMENTS_FOR_FUNCTION')
  }
  own.forEach(({ type }, i) => { if (!isUnsigned(type)) throw badArgument('hilbertEncode', i, type) })
  return UINT64
}, (values) => {
  const shifts = Array.isArray(values[0]) ? values[0] as readonly Value[] : null
  const [x, y] = (shifts === null ? values : values.slice(1)).map((value, i) => hilbertBits(value, shifts?.[i] ?? 0))
  return shrink(y === undefined ? x : hilbertPlace(x, y))
})

/** hilbertDecode(size or shifts, code). */
const hilbertDecode = byValues('hilbertDecode', [2, 2], (args) => {
  const size = args[0].type.id === 'Tuple' ? args[0].type.args.length : Number(constantInfo('hilbertDecode', args, 0))
  if (args[0].type.id === 'Tuple' && !args[0].type.args.every(isUnsigned)) throw badArgument('hilbertDecode', 0, args[0].type)
  if (!isUnsigned(args[1].type)) throw badArgument('hilbertDecode', 1, args[1].type)
  if (size === 1 || size === 2) return tupleOf(Array.from({ length: size }, () => UINT64))
  throw new FunctionError('Illegal first argument for function hilbertDecode, should be 1 or 2, or a tuple of such size',
    'ARGUMENT_OUT_OF_BOUND')
}, ([first, code], type) => {
  const shifts = Array.isArray(first) ? first as readonly Value[] : null
  const whole = BigInt.asUintN(64, BigInt(code as number | bigint))
  const parts = type.args.length === 1 ? [whole] : hilbertPoint(whole)
  return parts.map((part, i) => shrink(part >> BigInt(Number(shifts?.[i] ?? 0))))
})

/** Characters of a text's bits from a place on: whole bytes of the bits that are cut out. */
const bitSlice = define('bitSlice', [2, 3], (args) => {
  expectTypes('bitSlice', args, isString, isInteger)
  return STRING
}, ([text, from, length], type, rowCount, context) => {
  const read = bytesReader(text, context)
  const [start, count] = [bigReader(from), length === undefined ? null : bigReader(length)]
  return bytesBy(type, rowCount, context, (row) => sliceBits(read(row), Number(start(row)), count === null ? null : Number(count(row))))
})

function sliceBits(bytes: Uint8Array, from: number, length: number | null): Uint8Array {
  const total = bytes.length * 8
  if (from === 0) return new Uint8Array(0)
  const start = from > 0 ? from - 1 : Math.max(0, total + from)
  const lost = from < 0 && total + from < 0 ? total + from : 0
  const end = length === null ? total : length >= 0 ? Math.min(total, start + length + lost) : total + length
  if (start >= end) return new Uint8Array(0)
  const bits = end - start
  const out = new Uint8Array(Math.ceil(bits / 8))
  const pad = out.length * 8 - bits
  for (let i = 0; i < bits; i++) {
    const at = start + i
    const bit = (bytes[at >> 3] >> (7 - (at & 7))) & 1
    out[(pad + i) >> 3] |= bit << (7 - ((pad + i) & 7))
  }
  return out
}

function isPrime(value: bigint): boolean {
  if (value < 4n) return value > 1n
  if (value % 2n === 0n) return false
  return [2n, 3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n].every((base) => value % base === 0n ? value === base : passes(value, base))
}

/** One round of Miller and Rabin; the twelve bases together are exact below 2^64. */
function passes(value: bigint, base: bigint): boolean {
  let [odd, twos] = [value - 1n, 0]
  while (odd % 2n === 0n) {
    odd /= 2n
    twos++
  }
  let x = power(base, odd, value)
  if (x === 1n || x === value - 1n) return true
  for (let i = 1; i < twos; i++) {
    x = (x * x) % value
    if (x === value - 1n) return true
  }
  return false
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [out, factor] = [1n, base % modulus]
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) out = (out * factor) % modulus
    factor = (factor * factor) % modulus
  }
  return out
}

const prime = (name: string): FunctionDef => define(name, [1, 1], ([{ type }]) => {
  if (!isInteger(type) || numberInfo(type)?.isSigned === true) throw badArgument(name, 0, type)
  return UINT8
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  return numbersBy(type, rowCount, context, (row) => (isPrime(BigInt.asUintN(64, read(row))) ? 1 : 0))
})

const countDigits = define('countDigits', [1, 1], ([{ type }]) => {
  if (!isInteger(type) && type.id !== 'Decimal') throw badArgument('countDigits', 0, type)
  return UINT8
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  return numbersBy(type, rowCount, context, (row) => String(read(row)).replace('-', '').length)
})

/** Half of the way between values, in their own type; NULLs do not count. */
function middle(name: string, arity: readonly [number, number]): FunctionDef {
  const ofAlike = byOwnValues(name, arity, (args) => {
    const type = leastSupertype(args.map((arg) => arg.type))
    const bare = bareType(type)
    if (!isNumber(bare) && !isTemporal(bare) && bare.id !== 'Decimal') throw badArgument(name, 0, args[0].type)
    return type
  }, middleOf)
  return {
    ...ofAlike, evaluate: (args, type, rowCount, context, lambda) =>
      ofAlike.evaluate(args.map((arg) => castVector(arg, type, context)), type, rowCount, context, lambda),
  }
}

function middleOf(values: readonly Value[], type: DataType): Value {
  const present = values.filter((value) => value !== null)
  if (present.length === 0) return null
  if (numberInfo(bareType(type))?.isFloat === true) return present.reduce<number>((sum, value) => sum + Number(value), 0) / present.length
  const sum = present.reduce<bigint>((total, value) => total + BigInt(value as number | bigint | boolean), 0n)
  return shrink(sum / BigInt(present.length))
}

const ofMany = middle('midpoint', [1, 1000])

/** The middle of one value, whatever it is, is that value. */
const midpoint: FunctionDef = {
  ...ofMany, returnType: (args) => (args.length === 1 ? args[0].type : ofMany.returnType(args)),
  evaluate: (args, ...rest) => (args.length === 1 ? args[0] : ofMany.evaluate(args, ...rest)),
}

export const BIT_FORMS: readonly FunctionDef[] = [
  ofInteger('bitPositionsToArray', () => arrayOf(UINT64), (value, type) => placesOf(value, widthOf(type)).map(Number)),
  ofInteger('bitmaskToArray', arrayOf, (value, type) => powersOf(value, type)), bitmaskToList,
  mortonEncode, mortonDecode, hilbertEncode, hilbertDecode, bitSlice, prime('isPrime'), prime('isProbablePrime'), countDigits,
  middle('avg2', [2, 2]), midpoint,
]
