// Arithmetic on doubles that lie in work memory, by kernels (storage/kernels/doubles.ts).
// Invariant: results are those of the loops in loops.ts.

import type { NumberVector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { EvalContext } from '../values/function.ts'
import { areInWork } from '../base/group-loops.ts'

/** Numbers of the operations in the kernel: with the constant on the right, and on the left. */
const OPERATIONS: Readonly<Record<string, readonly [number, number]>> = {
  plus: [0, 0], minus: [1, 4], multiply: [2, 2], divide: [3, 5],
}

/** out[i] = a[i] operation b[i]; answers the least and the most of it. null: kernels don't do this, and
 * nothing was done. */
export function combineDoubles(
  name: string, a: NumberVector, b: NumberVector, out: NumberArray, count: number, context: EvalContext,
): { least: number; most: number } | null {
  const numbers = OPERATIONS[name]
  const [x, y] = a.isConst ? [b, a] : [a, b]
  if (numbers === undefined || x.isConst || !(out instanceof Float64Array) || !(x.values instanceof Float64Array)
    || !areInWork(context, count, x.values, out)) return null
  if (!y.isConst && !(y.values instanceof Float64Array && areInWork(context, count, y.values))) return null
  const { account, kernels } = context
  const side = account.f64(4)
  if (y.isConst) side.fill(y.values[0], 2)
  kernels.combineDoubles(numbers[a.isConst ? 1 : 0], x.values.byteOffset, y.isConst ? side.byteOffset + 16 : y.values.byteOffset,
    y.isConst ? 0 : 16, count, out.byteOffset, side.byteOffset)
  const [least, most] = side
  account.free(side.byteOffset)
  return { least, most }
}
