// More of numbers: gcd, divisions that give NULL, bits, steps of rounding, hyperbolic functions.
// Invariant: 64-bit integers stay exact.

import { FLOAT64, INT64, nullableOf, UINT16, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ARITHMETIC } from './arithmetic.ts'
import { callType, invoke } from '../base/call.ts'
import { castVector } from '../values/cast.ts'
import { ANY_COUNT, badArgument, bigReader, constantOf, define, expectTypes, numberReader, numbersBy, ofFamily } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { memoryReader } from '../base/memory-bytes.ts'
import { shrink } from '../values/parse-value.ts'
import { logGamma } from './probability.ts'
import { doubles } from '../base/slot-states.ts'
import { doubledBytes, integerType, isInteger, isNumber, isString, leastSupertype, numberInfo } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'

/** Exact integers of two arguments. */
const integers = (name: string, typeOf: (a: DataType, b: DataType) => DataType,
  each: (a: bigint, b: bigint, type: DataType) => bigint | null, aliases: readonly string[] = []): FunctionDef =>
  define(name, [2, 2], (args) => {
    expectTypes(name, args, isInteger)
    return typeOf(args[0].type, args[1].type)
  }, ([a, b], type, rowCount, context) => {
    const [x, y] = [bigReader(a), bigReader(b)]
    // A UInt64 beside a signed number is read as Int64 first.
    const own = type.id === 'Int64' ? (value: bigint): bigint => BigInt.asIntN(64, value) : (value: bigint): bigint => value
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      const value = each(own(x(row)), own(y(row)), type)
      return value === null ? null : shrink(value)
    }), type, context.account)
  }, { aliases })

const absolute = (x: bigint): bigint => (x < 0n ? -x : x)

/** ClickHouse refuses 0 in gcd and lcm as a divisor. */
function refuseZero(a: bigint, b: bigint): void {
  if (a === 0n || b === 0n) throw new FunctionError('Division by zero', 'ILLEGAL_DIVISION')
}

function gcd(a: bigint, b: bigint): bigint {
  refuseZero(a, b)
  let [x, y] = [absolute(a), absolute(b)]
  while (y !== 0n) [x, y] = [y, x % y]
  return x
}

/** Without a sign, but of numbers of 128 and 256 bits. */
function lcm(a: bigint, b: bigint, type: DataType): bigint {
  const product = a / gcd(a, b) * b
  return isLarge(type) ? product : absolute(product)
}

const widthOf = (type: DataType): number => numberInfo(type)?.bytes ?? 8
const isSigned = (type: DataType): boolean => numberInfo(type)?.isSigned === true

/** gcd and lcm are as wide as the wider one, up to 64 bits one size more, signed where either is. */
const gcdType = (a: DataType, b: DataType): DataType =>
  integerType(doubledBytes(Math.max(widthOf(a), widthOf(b))), isSigned(a) || isSigned(b))

const positiveType = (_a: DataType, b: DataType): DataType => integerType(widthOf(b), false)

type Division = { readonly isPositive: boolean; readonly isOrNull: boolean }

const isZero = (value: Value): boolean => Number(value) === 0

/** Is a number, in the wider of two types, the one that has no opposite in it? */
function isLeast(value: Value, a: DataType, b: DataType): boolean {
  if (!isInteger(a) || !isInteger(b)) return false
  const bits = 8 * Math.max(widthOf(a), widthOf(b))
  return BigInt.asIntN(bits, BigInt(value as number | bigint)) === -(2n ** BigInt(bits - 1))
}

/** A remainder that is not negative. */
function lifted(rest: Value, by: Value): Value {
  if (Number(rest) >= 0 || Number.isNaN(Number(rest))) return rest
  if (typeof rest === 'number' && (typeof by !== 'bigint' || !Number.isInteger(rest))) return rest + Math.abs(Number(by))
  return shrink(BigInt(rest as number | bigint) + absolute(BigInt(by as number | bigint)))
}

/** An operator of arithmetic whose division by zero is NULL or refused, or whose remainder is not negative. */
function divided(name: string, of: string, { isPositive, isOrNull }: Division, aliases: readonly string[] = []): FunctionDef {
  const operator = ofFamily(ARITHMETIC, of)
  const typeOf = (args: readonly { readonly type: DataType }[]): DataType =>
    callType(operator, args.map(({ type }) => ({ type, value: undefined })))
  return define(name, [2, 2], (args) => {
    expectTypes(name, args, isNumber)
    const type = typeOf(args)
    const own = isPositive && isInteger(type) ? positiveType(args[0].type, args[1].type) : type
    return isOrNull ? nullableOf(own) : own
  }, ([a, b], type, rowCount, context) => {
    const by = Array.from({ length: rowCount }, (_, row) => valueAt(b, row)) // one block's
    const isFloat = !isInteger(a.type) || !isInteger(b.type)
    if (!isOrNull && !isFloat && by.some(isZero)) throw new FunctionError('Division by zero', 'ILLEGAL_DIVISION')
    const isNone = (value: Value, row: number) => isZero(value) || (Number(value) === -1 && isLeast(valueAt(a, row), a.type, b.type))
    const safe = isOrNull ? vectorOf(by.map((value, row) => (isNone(value, row) ? 1 : value)), b.type, context.account) : b
    const rest = invoke(operator, [a, safe], typeOf([a, b]), rowCount, context)
    return vectorOf(by.map((value, row) => (isOrNull && isNone(value, row) ? null
      : isPositive ? lifted(valueAt(rest, row), value) : valueAt(rest, row))), type, context.account)
  }, { aliases })
}

/** Bits of one or two integers. */
const bits = (name: string, each: (value: bigint, width: number) => number): FunctionDef =>
  define(name, [1, 1], (args) => {
    if (!isString(args[0].type)) expectTypes(name, args, isNumber)
    return args[0].type.id === 'String' ? UINT64 : args[0].type.id === 'FixedString' || widthOf(args[0].type) > 16 ? UINT16 : UINT8
  }, ([a], type, rowCount, context) => {
    const read = memoryReader(a, context)
    return numbersBy(type, rowCount, context, (row) => read(row).reduce((sum, byte) => sum + each(BigInt(byte), 8), 0))
  })

function ones(value: bigint): number {
  let count = 0
  for (let rest = value; rest > 0n; rest &= rest - 1n) count++
  return count
}

const rotate = (name: string, isLeft: boolean): FunctionDef => define(name, [2, 2], (args) => {
  expectTypes(name, args, isInteger)
  const [a, by] = args.map(({ type }) => type)
  return integerType(Math.max(widthOf(a), widthOf(by)), isSigned(a) || isSigned(by))
}, ([a, by], type, rowCount, context) => {
  const [read, count] = [bigReader(a), bigReader(by)]
  const width = BigInt(widthOf(type) * 8)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const value = BigInt.asUintN(Number(width), read(row))
    const shift = ((isLeft ? count(row) : -count(row)) % width + width) % width
    const turned = BigInt.asUintN(Number(width), (value << shift) | (value >> (width - shift)))
    return shrink(isSigned(type) ? BigInt.asIntN(Number(width), turned) : turned)
  }), type, context.account)
})

/** bitTest(x, place), bitTestAll(x, places…), bitTestAny. */
const bitTest = (name: string, isAll: boolean, most: number): FunctionDef => define(name, [2, most], (args) => {
  expectTypes(name, args, isInteger)
  return UINT8
}, (args, type, rowCount, context) => {
  const [read, ...places] = args.map(bigReader)
  const width = BigInt(widthOf(args[0].type) * 8)
  return numbersBy(type, rowCount, context, (row) => {
    const value = BigInt.asUintN(Number(width), read(row))
    const isSet = (place: (row: number) => bigint): boolean => {
      const at = place(row)
      if (at < 0n || at >= width) throw new FunctionError(`${name}: there is no bit ${at} in ${args[0].type.name}`, 'PARAMETER_OUT_OF_BOUND')
      return ((value >> at) & 1n) === 1n
    }
    return Number(isAll ? places.every(isSet) : places.some(isSet))
  })
})

const byteSwap = define('byteSwap', [1, 1], (args) => {
  expectTypes('byteSwap', args, isInteger)
  return args[0].type.id === 'Bool' ? UINT8 : args[0].type
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  const width = widthOf(a.type)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    let [value, out] = [BigInt.asUintN(width * 8, read(row)), 0n]
    for (let i = 0; i < width; i++, value >>= 8n) out = (out << 8n) | (value & 255n)
    return shrink(isSigned(a.type) ? BigInt.asIntN(width * 8, out) : out)
  }), type, context.account)
})

/** A double made of doubles. */
const real = (name: string, count: number, each: (...values: number[]) => number, aliases: readonly string[] = []): FunctionDef =>
  define(name, [count, count], (args) => {
    expectTypes(name, args, (type) => isNumber(type) || type.id === 'Decimal')
    return FLOAT64
  }, (args, type, rowCount, context) => {
    const readers = args.map(doubles)
    return numbersBy(type, rowCount, context, (row) => each(...readers.map((read) => read(row))))
  }, { aliases })

/** Steps: each value the largest step that is not above it. */
const steps = (name: string, type: DataType, list: readonly number[]): FunctionDef => define(name, [1, 1], (args) => {
  expectTypes(name, args, isNumber)
  return type
}, ([a], result, rowCount, context) => {
  const read = numberReader(a)
  return numbersBy(result, rowCount, context, (row) => stepBelow(list, read(row)))
})

function stepBelow(list: readonly number[], value: number): number {
  let found = list[0]
  for (const step of list) if (step <= value) found = step
  return found
}

const DURATIONS = [0, 1, 10, 30, 60, 120, 180, 240, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000]

const roundDown = define('roundDown', [2, 2], (args) => {
  if (!isNumber(args[0].type)) throw badArgument('roundDown', 0, args[0].type)
  if (args[1].type.id !== 'Array') throw badArgument('roundDown', 1, args[1].type)
  return leastSupertype([args[0].type, args[1].type.args[0]])
}, (args, type, rowCount, context) => {
  const list = (constantOf('roundDown', args, 1) as readonly (number | bigint)[]).map(Number).sort((x, y) => x - y)
  const read = numberReader(args[0])
  return numbersBy(type, rowCount, context, (row) => stepBelow(list, read(row)))
})

const toExp2 = define('roundToExp2', [1, 1], (args) => {
  expectTypes('roundToExp2', args, isNumber)
  return args[0].type.id === 'Bool' ? UINT8 : args[0].type
}, ([a], type, rowCount, context) => {
  const read = bigReader(castVector(a, a.type, context))
  const isFloat = numberInfo(a.type)?.isFloat === true
  const real64 = numberReader(a)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    if (isFloat) return real64(row) === 0 ? 0 : Math.sign(real64(row)) * 2 ** Math.floor(Math.log2(Math.abs(real64(row))))
    const value = read(row)
    return value <= 0n ? 0 : shrink(1n << BigInt(value.toString(2).length - 1))
  }), type, context.account)
})

const age = (value: number): number =>
  (value < 1 ? 0 : value < 18 ? 17 : value < 25 ? 18 : value < 35 ? 25 : value < 45 ? 35 : value < 55 ? 45 : 55)

const clampOf = define('clamp', [3, 3], (args) => leastSupertype(args.map((arg) => arg.type)),
  (args, type, rowCount, context) => {
    const [value, least, most] = args.map((arg) => bigOrReal(castVector(arg, type, context)))
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      const [x, low, high] = [value(row), least(row), most(row)]
      return x < low ? low : x > high ? high : x
    }), type, context.account)
  })

function bigOrReal(vector: Vector): (row: number) => number | bigint {
  if (vector.kind !== 'big') return numberReader(vector)
  const read = bigReader(vector)
  return (row) => shrink(read(row))
}

function factorial(value: number): number {
  let product = 1
  for (let i = 2; i <= value; i++) product *= i
  return product
}

/** Abramowitz and Stegun's series are too coarse: erf by its Taylor series and continued fraction. */
function erf(x: number): number {
  const z = Math.abs(x)
  if (z < 3) {
    let [sum, term] = [z, z]
    for (let n = 1; Math.abs(term) > 1e-17 * sum && n < 200; n++) {
      term *= -z * z / n
      sum += term / (2 * n + 1)
    }
    return Math.sign(x) * 2 / Math.sqrt(Math.PI) * sum
  }
  return Math.sign(x) * (1 - erfcTail(z))
}

/** erfc by its continued fraction, which needs more terms the nearer z is to 0. */
function erfcTail(z: number): number {
  let fraction = 0
  for (let n = 60 * Math.max(1, Math.ceil(9 / (z * z))); n > 0; n--) fraction = n / 2 / (z + fraction)
  return Math.exp(-z * z) / Math.sqrt(Math.PI) / (z + fraction)
}

/** From 1 on the difference to 1 would lose digits. */
const erfc = (x: number): number => (x >= 1 ? erfcTail(x) : 1 - erf(x))

/** The last whose factorial fits 64 bits. */
const FACTORIAL_MAX = 20

function gamma(x: number): number {
  if (Number.isInteger(x) && x < 0) return Number.NaN
  if (Number.isInteger(x) && x > 0 && x < 171) return factorial(x - 1)
  return x < 0.5 ? Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x)) : Math.exp(logGamma(x))
}

/** Bits that differ: of numbers without their fraction, of texts byte by byte. */
const hamming = define('bitHammingDistance', [2, 2], (args) => {
  const isText = args.every(({ type }) => isString(type))
  if (!isText) expectTypes('bitHammingDistance', args, isNumber)
  return !isText ? UINT8 : args.some(({ type }) => type.id === 'FixedString') ? UINT16 : UINT64
}, ([a, b], type, rowCount, context) => {
  if (isString(a.type)) {
    const [x, y] = [memoryReader(a, context), memoryReader(b, context)]
    return numbersBy(type, rowCount, context, (row) => differingBits(x(row), y(row)))
  }
  const [x, y] = [a, b].map((arg) => bigReader(isInteger(arg.type) ? arg : castVector(arg, INT64, context)))
  return numbersBy(type, rowCount, context, (row) => ones(BigInt.asUintN(64, x(row)) ^ BigInt.asUintN(64, y(row))))
})

function differingBits(a: Uint8Array, b: Uint8Array): number {
  let count = 0
  for (let at = 0; at < Math.max(a.length, b.length); at++) count += ones(BigInt((a[at] ?? 0) ^ (b[at] ?? 0)))
  return count
}

export const NUMBER_FORMS: readonly FunctionDef[] = [
  integers('gcd', gcdType, gcd), integers('lcm', gcdType, lcm),
  divided('intDivOrNull', 'intDiv', { isPositive: false, isOrNull: true }), divided('moduloOrNull', 'modulo', { isPositive: false, isOrNull: true }, ['modOrNull']),
  divided('positiveModulo', 'modulo', { isPositive: true, isOrNull: false }, ['positive_modulo', 'pmod']),
  divided('positiveModuloOrNull', 'modulo', { isPositive: true, isOrNull: true }, ['positive_modulo_or_null', 'pmodOrNull']),
  bits('bitCount', ones), rotate('bitRotateLeft', true), rotate('bitRotateRight', false), bitTest('bitTest', true, 2),
  bitTest('bitTestAll', true, ANY_COUNT), bitTest('bitTestAny', false, ANY_COUNT), byteSwap,
  hamming,
  real('sinh', 1, Math.sinh), real('cosh', 1, Math.cosh), real('tanh', 1, Math.tanh), real('asinh', 1, Math.asinh),
  real('acosh', 1, Math.acosh), real('atanh', 1, Math.atanh), real('sigmoid', 1, (x) => 1 / (1 + Math.exp(-x))),
  real('erf', 1, erf), real('erfc', 1, erfc), real('lgamma', 1, (x) => (!Number.isInteger(x) || x > 100 ? logGamma(x) : x <= 0 ? Number.POSITIVE_INFINITY : Math.log(factorial(x - 1)))), real('tgamma', 1, gamma),
  steps('roundDuration', UINT16, DURATIONS), roundDown, toExp2, clampOf,
  define('roundAge', [1, 1], (args) => {
    expectTypes('roundAge', args, isNumber)
    return UINT8
  }, ([a], type, rowCount, context) => {
    const read = numberReader(a)
    return numbersBy(type, rowCount, context, (row) => age(read(row)))
  }),
  define('factorial', [1, 1], (args) => {
    expectTypes('factorial', args, isInteger)
    return UINT64
  }, ([a], type, rowCount, context) => {
    const read = numberReader(a)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => {
      if (read(row) > FACTORIAL_MAX) {
        throw new FunctionError(`The maximum value for the input argument of function factorial is ${FACTORIAL_MAX}`, 'BAD_ARGUMENTS')
      }
      let product = 1n
      for (let i = 2n; i <= BigInt(read(row)); i++) product *= i
      return shrink(product)
    }), type, context.account)
  }),
]
