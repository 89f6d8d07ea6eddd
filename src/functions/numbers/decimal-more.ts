// Products and quotients of Decimals with a scale that is asked for: multiplyDecimal, divideDecimal.
// Invariant: digits beyond the scale are cut off, as ClickHouse cuts them.

import { UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { ticksWithin } from '../values/decimal-range.ts'
import { badArgument, bigReader, constantInfo, define, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { decimalOf } from '../values/types.ts'
import { largeVector } from '../values/vectors.ts'

const DIGITS = 76

function scaledType(name: string, args: readonly ArgInfo[]): DataType {
  args.slice(0, 2).forEach(({ type }, i) => { if (type.id !== 'Decimal') throw badArgument(name, i, type) })
  if (args.length === 2) return decimalOf(DIGITS, Math.max(args[0].type.scale, args[1].type.scale))
  const scale = Number(constantInfo(name, args, 2))
  if (Number.isInteger(scale) && scale >= 0 && scale <= DIGITS) return decimalOf(DIGITS, scale)
  throw new FunctionError(`Illegal value of third argument of function ${name}: it is a scale from 0 to ${DIGITS}`,
    'ARGUMENT_OUT_OF_BOUND')
}

/** Are there more digits than so many, those of its type unless it is said? */
const isOverflow = define('isDecimalOverflow', [1, 2], (args) => {
  if (args[0].type.id !== 'Decimal') throw badArgument('isDecimalOverflow', 0, args[0].type)
  if (args.length > 1 && args[1].type.id !== 'UInt8') throw badArgument('isDecimalOverflow', 1, args[1].type)
  return UINT8
}, ([a, digits], type, rowCount, context) => {
  const read = bigReader(a)
  const most = digits === undefined ? () => a.type.precision : numberReader(digits)
  return numbersBy(type, rowCount, context, (row) => {
    const value = read(row)
    return Number((value < 0n ? -value : value) >= 10n ** BigInt(Math.max(0, most(row))))
  })
})

/** A value with `from` digits after the point as one with `to`. */
const rescaled = (value: bigint, from: number, to: number): bigint =>
  (to >= from ? value * 10n ** BigInt(to - from) : value / 10n ** BigInt(from - to))

const scaled = (name: string, each: (a: bigint, b: bigint, aScale: number, bScale: number, scale: number) => bigint): FunctionDef =>
  define(name, [2, 3], (args) => scaledType(name, args), ([a, b], type, rowCount, { account }) => {
    const [x, y] = [bigReader(a), bigReader(b)]
    const check = ticksWithin(type)
    return largeVector(type, rowCount, account, (row) =>
      check(each(x(row), y(row), a.type.scale, b.type.scale, type.scale)))
  })

export const DECIMAL_MORE: readonly FunctionDef[] = [
  isOverflow,
  scaled('multiplyDecimal', (a, b, aScale, bScale, scale) => rescaled(a * b, aScale + bScale, scale)),
  scaled('divideDecimal', (a, b, aScale, bScale, scale) => {
    if (b === 0n) throw new FunctionError('Division by zero', 'ILLEGAL_DIVISION')
    return rescaled(a, aScale, scale + bScale) / b
  }),
]
