// Arithmetic where a Decimal takes part. Values are scaled integers; a float makes all floats.
// Invariant: the result's scale is ClickHouse's: the larger for + and -, the sum for *, the first's
// for /.

import { FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import { largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { castVector } from '../values/cast.ts'
import { ticksWithin } from '../values/decimal-range.ts'
import { badArgument, bigReader, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type EvalContext } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { integers } from '../base/large-numbers.ts'
import { decimalDigits, decimalOf, integerType, numberInfo } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'

/** Type of `a name b` where one is a Decimal. */
export function decimalResult(name: string, a: DataType, b: DataType): DataType {
  for (const [i, type] of [a, b].entries()) {
    if (type.id !== 'Decimal' && numberInfo(type) === null) throw badArgument(name, i, type)
  }
  if (name !== 'intDiv' && (numberInfo(a)?.isFloat === true || numberInfo(b)?.isFloat === true)) return FLOAT64
  if ((name === 'divide' || name === 'modulo') && a.id === 'Decimal' && b.id === 'Decimal' && a.scale < b.scale) {
    throw new FunctionError(`${name}: ${a.name} has fewer digits after the point than ${b.name}: cast it first`,
      'ARGUMENT_OUT_OF_BOUND')
  }
  const precision = precisionOf(a, b)
  switch (name) {
    case 'plus': case 'minus': return decimalOf(precision, Math.max(a.scale, b.scale))
    case 'multiply': return decimalOf(precision, a.scale + b.scale)
    case 'divide': return decimalOf(precision, a.id === 'Decimal' ? a.scale : b.scale)
    case 'modulo': return decimalOf(precision, Math.max(a.scale, b.scale))
    case 'intDiv': return integerType(a.id === 'Decimal' ? ticksBytes(a) : numberInfo(a)?.bytes ?? 8, true)
    default: throw new FunctionError(`Function ${name} does not take Decimal`)
  }
}

/** Bytes of the integer below a Decimal. */
const ticksBytes = (type: DataType): number =>
  largeWidth(type) || (type.precision <= 9 ? 4 : 8)

/** Beside an integer a Decimal keeps its digits; two Decimals have those of the wider one's width. */
function precisionOf(a: DataType, b: DataType): number {
  if (a.id !== 'Decimal') return b.precision
  return b.id === 'Decimal' ? decimalDigits(Math.max(a.precision, b.precision)) : a.precision
}

/** The rows of `a name b`. */
export function decimalArithmetic(
  name: string, a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  if (name === 'intDiv' && (numberInfo(a.type)?.isFloat === true || numberInfo(b.type)?.isFloat === true)) {
    const [p, q] = [a, b].map((side) => numberReader(castVector(side, FLOAT64, context)))
    return integers(type, rowCount, context, (row) => {
      const quotient = p(row) / q(row)
      if (Number.isFinite(quotient)) return BigInt(Math.trunc(quotient))
      throw new FunctionError(`Division by zero in ${name}`, 'ILLEGAL_DIVISION')
    })
  }
  if (type === FLOAT64) {
    const x = numberReader(castVector(a, FLOAT64, context))
    const y = numberReader(castVector(b, FLOAT64, context))
    const each = FLOAT_OPERATIONS[name]
    return numbersBy(FLOAT64, rowCount, context, (row) => each(x(row), y(row)))
  }
  const x = bigReader(a)
  const y = bigReader(b)
  if (name === 'intDiv') {
    return integers(type, rowCount, context, (row) => {
      const by = y(row)
      if (by === 0n) throw new FunctionError(`Division by zero in ${name}`, 'ILLEGAL_DIVISION')
      return (x(row) * 10n ** BigInt(b.type.scale)) / (by * 10n ** BigInt(a.type.scale))
    })
  }
  const up = (digits: number): bigint => 10n ** BigInt(Math.max(0, digits))
  // ClickHouse takes the remainder of integers beside Decimals as they are, without their scale.
  const isRaw = name === 'modulo' && (a.type.id !== 'Decimal' || b.type.id !== 'Decimal')
  const ax = isRaw ? 1n : up(name === 'divide' ? type.scale - a.type.scale + b.type.scale
    : name === 'multiply' ? 0 : type.scale - a.type.scale)
  const by = isRaw ? 1n : up(name === 'divide' || name === 'multiply' ? 0 : type.scale - b.type.scale)
  const check = ticksWithin(type)
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const left = check(x(row) * ax)
    const right = check(y(row) * by)
    if (name === 'plus') return shrink(check(left + right))
    if (name === 'minus') return shrink(check(left - right))
    if (name === 'multiply') return shrink(check(left * right))
    if (right === 0n) throw new FunctionError(`Division by zero in ${name}`, 'ILLEGAL_DIVISION')
    return shrink(name === 'divide' ? left / right : left % right)
  })
  return vectorOf(rows, type, context.account)
}

const FLOAT_OPERATIONS: Readonly<Record<string, (x: number, y: number) => number>> = {
  plus: (x, y) => x + y, minus: (x, y) => x - y, multiply: (x, y) => x * y,
  divide: (x, y) => x / y, modulo: (x, y) => x % y,
}
