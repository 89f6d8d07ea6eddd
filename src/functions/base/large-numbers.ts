// Arithmetic where an integer of 128 or 256 bits takes part: every row as a bigint.
// Invariant: results wrap at the width of their type, as ClickHouse's do.

import { bareType, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { bigReader, numberReader } from './define.ts'
import type { EvalContext } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { isWide } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'
import { largeVector, newNumbers, numberVector } from '../values/vectors.ts'

/** True where one of the vectors, or the result, is too wide for arrays of numbers. */
export const anyLarge = (type: DataType, args: readonly Vector[]): boolean =>
  isLarge(bareType(type)) || args.some((arg) => isLarge(bareType(arg.type)))

/** Rows of `big(x, y)`; of a float beside it all are doubles. */
export function largeBinary(
  big: (x: bigint, y: bigint) => bigint, float: (x: number, y: number) => number,
  a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  if (type === FLOAT64) {
    const x = numberReader(a)
    const y = numberReader(b)
    const out = newNumbers(type, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = float(x(row), y(row))
    return numberVector(type, out)
  }
  const x = bigReader(a)
  const y = bigReader(b)
  return integers(type, rowCount, context, (row) => big(x(row), y(row)))
}

/** A column of integers of any width from bigints. */
export function integers(
  type: DataType, rowCount: number, context: EvalContext, each: (row: number) => bigint): Vector {
  const { account } = context
  if (isLarge(type)) return largeVector(type, rowCount, account, each)
  if (!isWide(type)) {
    const out = newNumbers(type, rowCount, account)
    for (let row = 0; row < rowCount; row++) out[row] = Number(BigInt.asIntN(32, each(row)))
    return numberVector(type, out)
  }
  const fit = type.id === 'UInt64' ? BigInt.asUintN : BigInt.asIntN
  return vectorOf(Array.from({ length: rowCount }, (_, row) => shrink(fit(64, each(row)))), type, account)
}
