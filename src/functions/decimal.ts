// Arithmetic where a Decimal takes part. Values are scaled integers; a float makes all floats.
// Invariant: the result's scale is ClickHouse's: the larger for + and -, the sum for *, the first's
// for /.

import { FLOAT64, type DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { castVector } from './cast.ts'
import { badArgument, bigReader, numberReader, numbersBy } from './define.ts'
import { FunctionError, type EvalContext } from './function.ts'
import { shrink } from './parse-value.ts'
import { decimalOf, numberInfo } from './types.ts'
import { vectorOf } from './values.ts'

const DIGITS_MAX = 38

/** Type of `a name b` where one is a Decimal. */
export function decimalResult(name: string, a: DataType, b: DataType): DataType {
  for (const [i, type] of [a, b].entries()) {
    if (type.id !== 'Decimal' && numberInfo(type) === null) throw badArgument(name, i, type)
  }
  if (numberInfo(a)?.isFloat === true || numberInfo(b)?.isFloat === true) return FLOAT64
  const precision = precisionOf(a, b)
  switch (name) {
    case 'plus': case 'minus': return decimalOf(precision, Math.max(a.scale, b.scale))
    case 'multiply': return decimalOf(precision, a.scale + b.scale)
    case 'divide': return decimalOf(precision, a.id === 'Decimal' ? a.scale : b.scale)
    case 'modulo': return decimalOf(precision, Math.max(a.scale, b.scale))
    default: throw new FunctionError(`Function ${name} does not take Decimal`)
  }
}

/** Beside an integer a Decimal keeps its digits; two Decimals have those of the wider one's width. */
function precisionOf(a: DataType, b: DataType): number {
  if (a.id !== 'Decimal') return b.precision
  return b.id === 'Decimal' ? Math.max(widthDigits(a), widthDigits(b)) : a.precision
}

function widthDigits(type: DataType): number {
  return type.precision <= 9 ? 9 : type.precision <= 18 ? 18 : DIGITS_MAX
}

/** The rows of `a name b`. */
export function decimalArithmetic(
  name: string, a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  if (type === FLOAT64) {
    const x = numberReader(castVector(a, FLOAT64, context))
    const y = numberReader(castVector(b, FLOAT64, context))
    const each = FLOAT_OPERATIONS[name]
    return numbersBy(FLOAT64, rowCount, context, (row) => each(x(row), y(row)))
  }
  const x = bigReader(a)
  const y = bigReader(b)
  const up = (digits: number): bigint => 10n ** BigInt(Math.max(0, digits))
  const ax = up(name === 'divide' ? type.scale - a.type.scale + b.type.scale
    : name === 'multiply' ? 0 : type.scale - a.type.scale)
  const by = up(name === 'divide' || name === 'multiply' ? 0 : type.scale - b.type.scale)
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const left = x(row) * ax
    const right = y(row) * by
    if (name === 'plus') return shrink(left + right)
    if (name === 'minus') return shrink(left - right)
    if (name === 'multiply') return shrink(left * right)
    if (right === 0n) throw new FunctionError(`Division by zero in ${name}`, 'ILLEGAL_DIVISION')
    return shrink(name === 'divide' ? left / right : left % right)
  })
  return vectorOf(rows, type, context.account)
}

const FLOAT_OPERATIONS: Readonly<Record<string, (x: number, y: number) => number>> = {
  plus: (x, y) => x + y, minus: (x, y) => x - y, multiply: (x, y) => x * y,
  divide: (x, y) => x / y, modulo: (x, y) => x % y,
}
