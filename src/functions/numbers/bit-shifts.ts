// bitShiftLeft and bitShiftRight: of numbers, and of texts as long numbers with their first byte highest.
// Invariant: what is shifted by its width or more is 0 (of a text: nothing, of a FixedString: zeros).

import { largeWidth } from '../../../storage/column/large.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { BIT_SHIFT_LEFT, BIT_SHIFT_RIGHT } from './arithmetic.ts'
import { badArgument, bigReader, numberReader } from '../base/define.ts'
import { bytesBy, bytesReader } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { isInteger, isString, numberInfo } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'

const EMPTY = new Uint8Array(0)

/** A text moved by bits: to the left it grows, to the right it loses whole bytes; a FixedString keeps its size. */
function shiftedText(bytes: Uint8Array, by: bigint, isLeft: boolean, isFixed: boolean): Uint8Array {
  const size = bytes.length
  if (by >= BigInt(size * 8)) return isFixed ? new Uint8Array(size) : EMPTY
  const whole = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
  const count = Number(by)
  const length = isFixed ? size : isLeft ? size + Math.ceil(count / 8) : size - Math.floor(count / 8)
  const moved = BigInt.asUintN(length * 8, isLeft ? whole << by : whole >> by)
  return Buffer.from(moved.toString(16).padStart(length * 2, '0'), 'hex')
}

function refuseNegative(count: bigint): void {
  if (count < 0n) throw new FunctionError('The number of shift positions needs to be a non-negative value', 'ARGUMENT_OUT_OF_BOUND')
}

const bitsOf = (type: DataType): bigint => BigInt(8 * (largeWidth(type) || (numberInfo(type)?.bytes ?? 8)))

/** The numbers of shifts row by row where one of them reaches the width; null: none does. */
function farShifts(by: Vector, type: DataType, rowCount: number): bigint[] | null {
  const read = bigReader(by)
  const near = largeWidth(by.type) > 0 ? (row: number) => Number(read(row)) : numberReader(by)
  const width = Number(bitsOf(type))
  const rows = by.isConst ? Math.min(1, rowCount) : rowCount
  let isFar = false
  for (let row = 0; row < rows; row++) {
    const count = near(row)
    if (count < 0) refuseNegative(-1n)
    isFar ||= count >= width
  }
  return isFar ? Array.from({ length: rows }, (_, row) => read(row)) : null
}

const shift = (numbers: FunctionDef, isLeft: boolean): FunctionDef => ({
  ...numbers,
  returnType: (args) => {
    const [a, by] = args
    if (!isString(a.type)) return numbers.returnType(args)
    if (!isInteger(by.type) || largeWidth(by.type) > 0) throw badArgument(numbers.name, 1, by.type)
    return a.type
  },
  evaluate: (args, type, rowCount, context: EvalContext, lambda) => {
    const [a, by] = args
    if (isString(a.type)) {
      const [read, count] = [bytesReader(a, context), bigReader(by)]
      return bytesBy(type, rowCount, context, (row) => {
        refuseNegative(count(row))
        return shiftedText(read(row), count(row), isLeft, type.id === 'FixedString')
      })
    }
    const counts = isInteger(by.type) ? farShifts(by, type, rowCount) : null
    if (counts === null) return numbers.evaluate(args, type, rowCount, context, lambda)
    const near = vectorOf(counts.map((count) => shrink(count >= bitsOf(type) ? 0n : count)), by.type, context.account)
    const moved = numbers.evaluate([a, { ...near, isConst: by.isConst }], type, rowCount, context, lambda)
    return vectorOf(Array.from({ length: rowCount }, (_, row) =>
      (counts[by.isConst ? 0 : row] >= bitsOf(type) ? 0 : valueAt(moved, row))), type, context.account)
  },
})

export const BIT_SHIFTS: readonly FunctionDef[] = [shift(BIT_SHIFT_LEFT, true), shift(BIT_SHIFT_RIGHT, false)]
