// Moments as whole seconds since 1970 and what is left of the second. Invariant: no tick is rounded: those of nanoseconds
// are more than a double holds, and one before midnight is of the day before.

import type { Vector } from '../../../storage/column/vector.ts'
import { castVector } from '../values/cast.ts'
import { bigReader, numberReader, numbersBy } from '../base/define.ts'
import type { EvalContext } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { vectorOf } from '../values/values.ts'

type Read = (row: number) => number

const NANOS = 9

/** Seconds in UTC of a DateTime or DateTime64, rounded down. */
export const secondsReader = (vector: Vector, context: EvalContext): Read => momentReaders(vector, context).seconds

/** The same, and the nanoseconds behind them. */
export function momentReaders(vector: Vector, context: EvalContext): { seconds: Read; nanos: Read } {
  const { type } = vector
  const own = castVector(vector, type, context)
  if (type.id !== 'DateTime64' || type.precision === 0) return { seconds: numberReader(own), nanos: () => 0 }
  const ticks = 10 ** type.precision
  const nanosOfTick = 10 ** (NANOS - type.precision)
  if (own.kind !== 'big') {
    const read = numberReader(own)
    const seconds: Read = (row) => Math.floor(read(row) / ticks)
    return { seconds, nanos: (row) => (read(row) - seconds(row) * ticks) * nanosOfTick }
  }
  const read = bigReader(own)
  const size = BigInt(ticks)
  const rest = (tick: bigint): bigint => ((tick % size) + size) % size
  return {
    seconds: (row) => Number((read(row) - rest(read(row))) / size),
    nanos: (row) => Number(rest(read(row))) * nanosOfTick,
  }
}

/** A DateTime64, each moment rounded down to a multiple of `step` of its ticks. */
export function flooredTo(step: number, vector: Vector, rowCount: number, context: EvalContext): Vector {
  const own = castVector(vector, vector.type, context)
  if (own.kind !== 'big') {
    const read = numberReader(own)
    return numbersBy(vector.type, rowCount, context, (row) => Math.floor(read(row) / step) * step)
  }
  const read = bigReader(own)
  const size = BigInt(step)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const ticks = read(row)
    return shrink(ticks - ((ticks % size) + size) % size)
  }), vector.type, context.account)
}
