// Arithmetic on numbers: plus, minus, multiply, divide, intDiv, modulo, negate, abs, bit operations.
// Dates and intervals meet + and - in date-arithmetic.ts.
// Invariant: 64-bit results are exact and wrap as ClickHouse's do: doubles while safe, else bigints.

import { DYNAMIC, FLOAT32, FLOAT64, INT32, INT64, UINT16, UINT32, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { NumberVector, Vector } from '../../../storage/column/vector.ts'
import { castVector } from '../values/cast.ts'
import { plusDates, temporalResult } from '../dates/date-arithmetic.ts'
import { badArgument, bigReader, define, numberReader } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { combineDoubles } from './double-loops.ts'
import { dynamicArithmetic } from './dynamic-arithmetic.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { runBinary, runUnary } from '../values/loops.ts'
import { decimalArithmetic, decimalResult } from './decimal.ts'
import { anyLarge, integers, largeBinary } from '../base/large-numbers.ts'
import { doubledBytes, integerType, isNumber, isString, isWide, numberInfo, type NumberInfo } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'
import { asConst, bigVector, newBigs, newNumbers, numberVector, pick, retype } from '../values/vectors.ts'

type Operation = {
  /** Over doubles x and y. */
  readonly expression: string
  readonly big: (x: bigint, y: bigint) => bigint
  readonly result: (a: NumberInfo, b: NumberInfo) => DataType
}

const widerBytes = (a: NumberInfo, b: NumberInfo): number => Math.max(a.bytes, b.bytes)

function sumType(a: NumberInfo, b: NumberInfo): DataType {
  if (a.isFloat || b.isFloat) return FLOAT64
  return integerType(doubledBytes(widerBytes(a, b)), a.isSigned || b.isSigned)
}

const differenceType = (a: NumberInfo, b: NumberInfo): DataType =>
  (a.isFloat || b.isFloat ? FLOAT64 : integerType(doubledBytes(widerBytes(a, b)), true))

const quotientType = (a: NumberInfo, b: NumberInfo): DataType =>
  integerType(a.bytes, a.isSigned || b.isSigned)

function remainderType(a: NumberInfo, b: NumberInfo): DataType {
  if (a.isFloat || b.isFloat) return FLOAT64
  return integerType(a.isSigned ? doubledBytes(b.bytes) : b.bytes, a.isSigned)
}

const bitType = (a: NumberInfo, b: NumberInfo): DataType =>
  integerType(widerBytes(a, b), a.isSigned || b.isSigned)

const OPERATIONS: Readonly<Record<string, Operation>> = {
  plus: { expression: 'x + y', big: (x, y) => x + y, result: sumType },
  minus: { expression: 'x - y', big: (x, y) => x - y, result: differenceType },
  multiply: { expression: 'x * y', big: (x, y) => x * y, result: sumType },
  // The remainder first: x / y itself may round up to the next whole number.
  intDiv: {
    expression: '(x - x % y) / y', big: (x, y) => x / y, result: quotientType,
  },
  modulo: { expression: 'x % y', big: (x, y) => x % y, result: remainderType },
  bitAnd: { expression: 'Number(BigInt(x) & BigInt(y))', big: (x, y) => x & y, result: bitType },
  bitOr: { expression: 'Number(BigInt(x) | BigInt(y))', big: (x, y) => x | y, result: bitType },
  bitXor: { expression: 'Number(BigInt(x) ^ BigInt(y))', big: (x, y) => x ^ y, result: bitType },
  bitShiftLeft: { expression: 'Number(BigInt(x) << BigInt(y))', big: (x, y) => x << y,
    result: bitType },
  bitShiftRight: { expression: 'Number(BigInt(x) >> BigInt(y))', big: (x, y) => x >> y,
    result: bitType },
}

function binaryType(name: string, args: readonly ArgInfo[]): DataType {
  const [a, b] = args.map((arg) => arg.type)
  if (a === DYNAMIC || b === DYNAMIC) {
    const other = a === DYNAMIC ? b : a
    if (other !== DYNAMIC && numberInfo(other) === null) throw badArgument(name, a === DYNAMIC ? 1 : 0, other)
    return DYNAMIC
  }
  const temporal = name === 'plus' || name === 'minus' ? temporalResult(name, a, b) : null
  if (temporal !== null) return temporal
  if (name.startsWith('bit') && (a.id === 'Decimal' || b.id === 'Decimal')) throw badArgument(name, a.id === 'Decimal' ? 0 : 1, a.id === 'Decimal' ? a : b)
  if (a.id === 'Decimal' || b.id === 'Decimal') return decimalResult(name, a, b)
  const first = numberInfo(a)
  const second = numberInfo(b)
  if (first === null) throw badArgument(name, 0, a)
  if (second === null) throw badArgument(name, 1, b)
  const isBit = name.startsWith('bit')
  const isExact = isBit || ['plus', 'minus', 'multiply'].includes(name)
  if (isExact && first.isFloat && (isBit || second.bytes > 8)) throw badArgument(name, 0, a)
  if (isExact && second.isFloat && (isBit || first.bytes > 8)) throw badArgument(name, 1, b)
  if (name.startsWith('bitShift') && second.bytes > 8) throw badArgument(name, 1, b)
  return name === 'divide' ? FLOAT64 : OPERATIONS[name].result(first, second)
}

/** Applies one of OPERATIONS to two numeric vectors. */
function evaluateBinary(
  name: string, args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext,
): Vector {
  const [a, b] = args
  if (type === DYNAMIC) return dynamicArithmetic(name, a, b, rowCount, context)
  if (a.type.id === 'Decimal' || b.type.id === 'Decimal') {
    return decimalArithmetic(name, a, b, type, rowCount, context)
  }
  if (!isNumber(a.type) || !isNumber(b.type)) {
    return plusDates(name, a, b, type, rowCount, context)
  }
  if (anyLarge(type, args)) return largeOperation(name, a, b, type, rowCount, context)
  const operation = mixedSigns(name, a, b)
  if (isFloatType(a) || isFloatType(b)) {
    return floatOperation(name, operation, a, b, type, rowCount, context)
  }
  if (a.kind === 'number' && b.kind === 'number') {
    const out = newNumbers(type, rowCount, context.account)
    const ends = combineDoubles(name, a, b, out, rowCount, context)
    if (ends !== null) {
      const isSafe = ends.least >= (type.id === 'UInt64' ? 0 : Number.MIN_SAFE_INTEGER)
        && ends.most <= Number.MAX_SAFE_INTEGER
      return isSafe ? numberVector(type, out) : bigBinary(operation.big, a, b, type, rowCount, context)
    }
    const safe = runBinary(operation.expression, a.values, a.isConst, b.values, b.isConst, out,
      rowCount, isWide(type))
    if (safe && !(type.id === 'UInt64' && anyNegative(out))) return numberVector(type, out)
  }
  return bigBinary(operation.big, a, b, type, rowCount, context)
}

function largeOperation(
  name: string, a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const isFloat = isFloatType(a) || isFloatType(b)
  if (isFloat && type !== FLOAT64) {
    const whole = largeBinary((x) => x, FLOATS[name], a, b, FLOAT64, rowCount, context)
    const read = numberReader(whole)
    return integers(type, rowCount, context, (row) => wholeOf(name, read(row), type))
  }
  return largeBinary(mixedSigns(name, a, b).big, FLOATS[name], a, b, type, rowCount, context)
}

function wholeOf(name: string, value: number, type: DataType): bigint {
  if (Number.isFinite(value)) return BigInt(Math.trunc(value))
  throw new FunctionError(`${name}: the result ${value} does not fit ${type.name}`, 'ILLEGAL_DIVISION')
}

const FLOATS: Readonly<Record<string, (x: number, y: number) => number>> = {
  plus: (x, y) => x + y, minus: (x, y) => x - y, multiply: (x, y) => x * y, divide: (x, y) => x / y,
  modulo: (x, y) => x % y, intDiv: (x, y) => x / y,
}

const anyNegative = (values: NumberVector['values']): boolean => {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) return true
  return false
}

const isFloatType = (vector: Vector): boolean => numberInfo(vector.type)?.isFloat === true

/** Of doubles; what is zero is never -0. */
const MODULO_OF_FLOATS = 'x % y + 0'

/** Where a float takes part: doubles throughout. */
function floatOperation(
  name: string, operation: Operation, a: Vector, b: Vector, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const out = context.account.f64(rowCount)
  const expression = name === 'modulo' ? MODULO_OF_FLOATS : name === 'intDiv' ? 'Math.trunc(x / y) + 0'
    : operation.expression
  if (a.kind !== 'number' || b.kind !== 'number' || combineDoubles(name, a, b, out, rowCount, context) === null) {
    runBinary(expression, asDoubles(a, context), a.isConst, asDoubles(b, context), b.isConst, out, rowCount)
  }
  if (type === FLOAT64) return numberVector(FLOAT64, out)
  const narrow = newNumbers(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    narrow[row] = out[row]
    if (narrow[row] !== out[row]) {
      throw new FunctionError(`${name}: the result ${out[row]} does not fit ${type.name}`,
        'ILLEGAL_DIVISION')
    }
  }
  return numberVector(type, narrow)
}

const SIGNED_OF: Readonly<Record<number, readonly [string, string]>> = {
  1: ['(x << 24 >> 24)', '(y << 24 >> 24)'], 2: ['(x << 16 >> 16)', '(y << 16 >> 16)'],
  4: ['(x | 0)', '(y | 0)'], 8: ['x', 'y'], 16: ['x', 'y'], 32: ['x', 'y'],
}

/** A signed and an unsigned integer under / and %: ClickHouse divides both as signed numbers of
 * their own width, and takes remainders by C++'s conversions. */
function mixedSigns(name: string, a: Vector, b: Vector): Operation {
  const operation = OPERATIONS[name]
  const x = numberInfo(a.type)
  const y = numberInfo(b.type)
  if (x === null || y === null || x.isFloat || y.isFloat || x.isSigned === y.isSigned) return operation
  if (name === 'intDiv') {
    const [left] = SIGNED_OF[x.bytes]
    // A narrower divisor is widened first, and so keeps its value.
    const right = x.bytes > y.bytes ? 'y' : SIGNED_OF[y.bytes][1]
    const rightBits = Math.max(x.bytes, y.bytes) * 8
    return {
      ...operation, expression: `(${left} - ${left} % ${right}) / ${right} + 0`,
      big: (p, q) => BigInt.asIntN(x.bytes * 8, p) / BigInt.asIntN(rightBits, q),
    }
  }
  if (name === 'modulo' && Math.max(x.bytes, y.bytes) > 8) {
    // Both as the divisor's type, where that is a large one and no narrower, else as the dividend's.
    const as = y.bytes > 8 && x.bytes <= y.bytes ? y : x
    const fit = as.isSigned ? BigInt.asIntN : BigInt.asUintN
    return { ...operation, big: (p, q) => fit(as.bytes * 8, p) % fit(as.bytes * 8, q) }
  }
  const width = Math.max(4, x.bytes, y.bytes)
  const isUnsigned = (x.isSigned ? y : x).bytes === width
  if (name !== 'modulo' || !isUnsigned) return operation
  if (width === 4) return { ...operation, expression: '(x >>> 0) % (y >>> 0)' }
  return {
    ...operation,
    expression: 'x >= 0 && y >= 0 ? x % y'
      + ' : Number(BigInt.asUintN(64, BigInt(x)) % BigInt.asUintN(64, BigInt(y)))',
    big: (p, q) => BigInt.asUintN(64, p) % BigInt.asUintN(64, q),
  }
}

/** Numbers of any kind as doubles (64-bit ones rounded). */
export function asDoubles(vector: Vector, context: EvalContext): NumberVector['values'] {
  if (vector.kind === 'number') return vector.values
  if (vector.kind !== 'big') {
    const read = numberReader(vector)
    const wide = context.account.f64(vector.isConst ? 1 : vector.length)
    for (let i = 0; i < wide.length; i++) wide[i] = read(i)
    return wide
  }
  const out = context.account.f64(vector.values.length)
  for (let i = 0; i < out.length; i++) out[i] = Number(vector.values[i])
  return out
}

function bigBinary(
  big: (x: bigint, y: bigint) => bigint, a: Vector, b: Vector, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const x = bigReader(a)
  const y = bigReader(b)
  if (!isWide(type)) {
    const out = newNumbers(type, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = Number(BigInt.asIntN(32, big(x(row), y(row))))
    return numberVector(type, out)
  }
  const out = newBigs(type, rowCount, context.account)
  for (let row = 0; row < rowCount; row++) out[row] = big(x(row), y(row)) // stores wrap at 64 bits
  return bigVector(type, out)
}

const zeroDivision = (name: string): FunctionError =>
  new FunctionError(`Division by zero in ${name}: guard it with if or nullIf`, 'ILLEGAL_DIVISION')

/** The least signed number has no positive of its width: by minus one it is refused; but columns of 4
 * and 8 bytes by a constant wrap, as ClickHouse's loops for constants do. */
function refuseLeast(name: string, [a, b]: readonly Vector[], rowCount: number): void {
  const bits = leastBits(a.type, b.type)
  if (bits === 0 || (b.isConst && !a.isConst && (bits === 32 || bits === 64))) return
  const [x, y] = [bigReader(a), bigReader(b)]
  if (b.isConst && y(0) !== -1n) return
  const least = -(1n << BigInt(bits - 1))
  for (let row = 0; row < rowCount; row++) {
    if (y(row) !== -1n || x(row) !== least) continue
    throw new FunctionError(`Division of minimal signed number by minus one in ${name}`, 'ILLEGAL_DIVISION')
  }
}

/** Bits of the dividend where both are signed integers; else 0. */
function leastBits(a: DataType, b: DataType): number {
  const [x, y] = [numberInfo(a), numberInfo(b)]
  return x !== null && y !== null && x.isSigned && y.isSigned && !x.isFloat && !y.isFloat ? x.bytes * 8 : 0
}

function refuseZero(name: string, divisor: Vector): void {
  if (divisor.kind !== 'number' && divisor.kind !== 'big') {
    const read = bigReader(divisor)
    for (let row = 0; row < divisor.length; row++) if (read(row) === 0n) throw zeroDivision(name)
    return
  }
  const count = divisor.isConst ? 1 : divisor.length
  for (let row = 0; row < count; row++) {
    // Loose, because a big vector's zero is 0n.
    if (Number(divisor.values[row]) === 0) {
      throw zeroDivision(name)
    }
  }
}

const binary = (name: string, aliases: readonly string[] = []) =>
  define(name, [2, 2], (args) => binaryType(name, args),
    (args, type, rowCount, context) => evaluateBinary(name, args, type, rowCount, context),
    { aliases })

const intDiv = define('intDiv', [2, 2], (args) => binaryType('intDiv', args),
  (args, type, rowCount, context) => {
    if (type !== DYNAMIC) refuseZero('intDiv', args[1])
    refuseLeast('intDiv', args, rowCount)
    return evaluateBinary('intDiv', args, type, rowCount, context)
  })

/** Days and seconds have remainders of their count. */
const asCount = (type: DataType): DataType => (type.id === 'Date' ? UINT16 : type.id === 'DateTime' ? UINT32 : type.id === 'Time' ? INT32 : type)

const modulo = define('modulo', [2, 2], ([a, b]) => {
  const type = binaryType('modulo', [{ ...a, type: asCount(a.type) }, b])
  const by = numberInfo(b.type)
  return asCount(a.type) === a.type || by === null || by.isFloat ? type : integerType(by.bytes, by.isSigned)
},
  (given, type, rowCount, context) => {
    const args = given.map((arg) => retype(arg, asCount(arg.type)))
    if (type !== FLOAT64 && type !== DYNAMIC) refuseZero('modulo', args[1])
    refuseLeast('modulo', args, rowCount)
    return evaluateBinary('modulo', args, type, rowCount, context)
  }, { aliases: ['mod'] })

/** The remainder of a narrower type: as wide as the divisor. */
const moduloLegacy = define('moduloLegacy', [2, 2], (args) => {
  const type = binaryType('modulo', args)
  const [first, second] = args.map((arg) => numberInfo(arg.type))
  return first === null || second === null || type === FLOAT64 ? type : integerType(second.bytes, first.isSigned || second.isSigned)
}, (args, type, rowCount, context) => {
  if (type !== FLOAT64) refuseZero('moduloLegacy', args[1])
  const wide = binaryType('modulo', args.map((arg) => ({ type: arg.type, value: undefined })))
  return castVector(evaluateBinary('modulo', args, wide, rowCount, context), type, context)
})

/** A divisor of 0 is made 1 before, and its result 0 after. */
function orZeroRows(
  name: string, [a, b]: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector {
  const x = bigReader(a)
  const y = numberInfo(b.type)?.isFloat === true ? numberReader(b) : bigReader(b)
  const bits = leastBits(a.type, b.type)
  const least = bits === 0 ? null : -(1n << BigInt(bits - 1))
  const which = context.account.u8(rowCount)
  for (let row = 0; row < rowCount; row++) {
    const by = y(row)
    which[row] = by === 0n || by === 0 || (by === -1n && least !== null && x(row) === least) ? 1 : 0
  }
  const one = asConst(vectorOf([1], b.type, context.account), rowCount)
  const divisor = pick([b, one], which, null, rowCount, b.type, context.account)
  const result = evaluateBinary(name, [a, divisor], type, rowCount, context)
  const zero = asConst(vectorOf([0], type, context.account), rowCount)
  return pick([result, zero], which, null, rowCount, type, context.account)
}

/** Variants that answer 0 where the divisor is 0. */
const orZero = (name: string) => define(`${name}OrZero`, [2, 2], (args) => binaryType(name, args),
  (args, type, rowCount, context) => {
    if (anyLarge(type, args) || args.some((arg) => arg.kind === 'big' || arg.type.id === 'Decimal')) {
      return orZeroRows(name, args, type, rowCount, context)
    }
    const out = newNumbers(type, rowCount, context.account)
    const [x, y] = args.map((arg) => asDoubles(arg, context))
    const bits = leastBits(args[0].type, args[1].type)
    const isNone = bits === 0 ? 'y === 0' : `y === 0 || y === -1 && x === ${-(2 ** (bits - 1))}`
    // A float's remainder by zero is no number, as in ClickHouse; that of whole numbers is 0.
    const expression = type === FLOAT64 && name === 'modulo' ? MODULO_OF_FLOATS
      : `${isNone} ? 0 : ${mixedSigns(name, args[0], args[1]).expression}`
    runBinary(expression, x, args[0].isConst, y, args[1].isConst, out, rowCount)
    return numberVector(type, out)
  })

const divide = define('divide', [2, 2], (args) => binaryType('divide', args),
  (args, type, rowCount, context) => {
    const [a, b] = args
    if (type === DYNAMIC) return dynamicArithmetic('divide', a, b, rowCount, context)
    if (type.id === 'Decimal') return decimalArithmetic('divide', a, b, type, rowCount, context)
    const out = context.account.f64(rowCount)
    const scale = 10 ** (b.type.scale - a.type.scale)
    if (scale === 1 && a.kind === 'number' && b.kind === 'number'
      && combineDoubles('divide', a, b, out, rowCount, context) !== null) return numberVector(type, out)
    runBinary(scale === 1 ? 'x / y' : `x / y * ${scale}`, asDoubles(a, context), a.isConst,
      asDoubles(b, context), b.isConst, out, rowCount)
    return numberVector(type, out)
  })

function negated(
  a: Vector, type: DataType, rowCount: number, context: EvalContext, each: (x: bigint) => bigint): Vector {
  const read = bigReader(a)
  return integers(type, rowCount, context, (row) => each(read(row)))
}

const negate = define('negate', [1, 1], ([arg]) => {
  if (arg.type.id === 'Decimal' || arg.type.id === 'Interval') return arg.type
  const number = numberInfo(arg.type)
  if (number === null) throw badArgument('negate', 0, arg.type)
  if (number.isFloat) return arg.type
  return integerType(number.isSigned ? number.bytes : doubledBytes(number.bytes), true)
}, ([a], type, rowCount, context) => {
  if (a.kind === 'number') {
    const out = newNumbers(type, rowCount, context.account)
    // 0 - x, not -x: a negative zero must not appear among integers.
    runUnary(type.id.startsWith('Float') ? '-x' : '0 - x', a.values, out, a.values.length)
    return numberVector(type, out)
  }
  if (anyLarge(type, [a])) return negated(a, type, rowCount, context, (x) => -x)
  return bigBinary((x) => -x, a, a, type, rowCount, context)
})

const abs = define('abs', [1, 1], ([arg]) => {
  if (arg.type.id === 'Decimal') return arg.type
  const number = numberInfo(arg.type)
  if (number === null) throw badArgument('abs', 0, arg.type)
  return number.isFloat ? arg.type : integerType(number.bytes, false)
}, ([a], type, rowCount, context) => {
  if (a.kind === 'number') {
    const out = newNumbers(type, rowCount, context.account)
    runUnary('Math.abs(x)', a.values, out, a.values.length)
    return numberVector(type, out)
  }
  if (anyLarge(type, [a])) return negated(a, type, rowCount, context, (x) => (x < 0n ? -x : x))
  return bigBinary((x) => (x < 0n ? -x : x), a, a, type, rowCount, context)
})

const sign = define('sign', [1, 1], ([arg]) => {
  if (numberInfo(arg.type) === null && arg.type.id !== 'Decimal') {
    throw badArgument('sign', 0, arg.type)
  }
  return integerType(1, true)
}, ([a], type, rowCount, context) => {
  const out = newNumbers(type, rowCount, context.account)
  const values = asDoubles(a, context)
  runUnary('x > 0 ? 1 : x < 0 ? -1 : 0', values, out, values.length)
  return numberVector(type, out)
})

const bitNot: FunctionDef = define('bitNot', [1, 1], ([arg]) => {
  if (isString(arg.type)) return arg.type
  if (numberInfo(arg.type) === null) throw badArgument('bitNot', 0, arg.type)
  if (numberInfo(arg.type)?.isFloat === true) return arg.type === FLOAT32 ? INT32 : INT64
  return arg.type.id === 'Bool' ? UINT8 : arg.type
}, ([a], type, rowCount, context) => {
  if (isString(type)) {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => read(row).map((byte) => ~byte & 255))
  }
  if (numberInfo(a.type)?.isFloat === true) return bitNot.evaluate([castVector(a, type, context)], type, rowCount, context, null)
  return anyLarge(type, [a]) ? negated(a, type, rowCount, context, (x) => ~x)
    : bigBinary((x) => ~x, a, a, type, rowCount, context)
})

/** Shifts of numbers by less than their width; the rest is bit-shifts.ts. */
export const BIT_SHIFT_LEFT = binary('bitShiftLeft')
export const BIT_SHIFT_RIGHT = binary('bitShiftRight')

export const ARITHMETIC: readonly FunctionDef[] = [
  binary('plus'), binary('minus'), binary('multiply'), divide, intDiv, modulo, orZero('intDiv'),
  orZero('modulo'), moduloLegacy, negate, abs, sign, bitNot,
  binary('bitAnd'), binary('bitOr'), binary('bitXor'),
]
