// Functions of the step of time that a row lies in (its day, its hour), over blocks of unsigned seconds:
// computed once for each step of a block, and one constant where the whole block says the same, as most
// blocks do of rows that are stored in the order of time.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'
import { asConst, newNumbers, numberVector } from '../values/vectors.ts'

/** Steps of a block that are worth a table. */
const STEPS_MAX = 4096
/** Fewer rows are not worth the calls. */
const ROWS_MIN = 64

/** Least and most; null: kernels are not worth it, or cannot reach the values. */
function spanOf(values: Uint32Array, rowCount: number, { account, kernels }: EvalContext): readonly number[] | null {
  if (rowCount < ROWS_MIN || values.buffer !== account.work.buffer) return null
  const span = account.u32(2)
  kernels.spanOfWords(values.byteOffset, rowCount, span.byteOffset)
  return [span[0], span[1]]
}

/** `each` of the step of every value, a number of `type`; null: use another way. */
export function numbersBySteps(
  values: Uint32Array, step: number, type: DataType, rowCount: number, context: EvalContext,
  each: (step: number) => number,
): Vector | null {
  const span = spanOf(values, rowCount, context)
  if (span === null) return null
  const { account, kernels } = context
  const [first, last] = span.map((value) => Math.floor(value / step))
  if (last - first >= STEPS_MAX) return null
  const out = newNumbers(type, rowCount, account)
  // The table holds what the type's array makes of each number.
  const bytes = out.BYTES_PER_ELEMENT
  if (bytes > 4 || out instanceof Float32Array) return null
  const results = account.u32(last - first + 1)
  for (let at = first; at <= last; at++) results[at - first] = each(at)
  if (results.every((result) => result === results[0])) {
    out[0] = results[0]
    return asConst(numberVector(type, out), rowCount)
  }
  const words = bytes === 4 ? out : account.u32(rowCount)
  kernels.mapSteps(values.byteOffset, rowCount, step, first, results.byteOffset, words.byteOffset)
  if (bytes < 4) kernels.narrowWords(words.byteOffset, rowCount, bytes, out.byteOffset)
  return numberVector(type, out)
}

/** Values rounded down to a multiple of `step`; null: use another way. */
export function floors(
  values: Uint32Array, step: number, type: DataType, rowCount: number, context: EvalContext): Vector | null {
  const span = spanOf(values, rowCount, context)
  if (span === null) return null
  const { account, kernels } = context
  const [least, most] = span
  const first = least - least % step
  const isOne = most - first < step
  const out = newNumbers(type, isOne ? 1 : rowCount, account)
  if (isOne) {
    out[0] = first
    return asConst(numberVector(type, out), rowCount)
  }
  kernels.floorWords(values.byteOffset, rowCount, step, out.byteOffset)
  return numberVector(type, out)
}
