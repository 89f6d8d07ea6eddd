// Aggregates whose state is a fixed number of doubles a group that add up: moments, weighted averages,
// regressions. Their records are a step and a formula.
// Invariant: slot i of group g is sums[g * width + i]; states of groups merge by adding slots.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { numberReader } from './define.ts'
import type { AggregateStates, EvalContext } from '../values/function.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { newNumbers, numberVector } from '../values/vectors.ts'

export type SlotRule = {
  /** Doubles a group. */
  readonly width: number
  /** Adds a row to the slots from `at` on; the second value is 0 without a second argument. */
  readonly add: (sums: Float64Array, at: number, x: number, y: number) => void
  /** Adds the slots at `at` of `from` to those at `to`; null: they are added one by one. */
  readonly merge?: (sums: Float64Array, to: number, from: Float64Array) => void
  readonly result: (sums: Float64Array, at: number) => number
}

/** Reads a number argument as doubles; Decimals as what they stand for. */
export function doubles(vector: Vector): (row: number) => number {
  const bare = bareType(vector.type)
  const divisor = bare.id === 'Decimal' ? 10 ** bare.scale : 1
  if (vector.kind !== 'number' && vector.kind !== 'big') {
    const read = numberReader(vector)
    return (row) => read(row) / divisor
  }
  const { values, isConst } = vector
  if (divisor === 1) return (row) => Number(values[isConst ? 0 : row])
  return (row) => Number(values[isConst ? 0 : row]) / divisor
}

/** States of slots; `finish` makes the vector where it is not one number a group. */
export function slotStates(
  rule: SlotRule, type: DataType, context: EvalContext,
  finish?: (sums: Float64Array, groupCount: number) => Vector,
): AggregateStates {
  const { account } = context
  const { width } = rule
  let sums = grown(Float64Array, null, 1, account)
  const read = new Float64Array(width)
  return byGroup({
    resize: (groupCount) => { sums = grown(Float64Array, sums, groupCount * width, account) },
    update: (groups, rowCount, args) => {
      const x = doubles(args[0])
      const y = args.length > 1 ? doubles(args[1]) : () => 0
      for (let row = 0; row < rowCount; row++) rule.add(sums, groups[row] * width, x(row), y(row))
    },
    write: (out, group) => { for (let i = 0; i < width; i++) out.f64(sums[group * width + i]) },
    read: (reader, group) => {
      for (let i = 0; i < width; i++) read[i] = reader.f64()
      if (rule.merge !== undefined) rule.merge(sums, group * width, read)
      else for (let i = 0; i < width; i++) sums[group * width + i] += read[i]
    },
    finish: (groupCount) => {
      if (finish !== undefined) return finish(sums, groupCount)
      const out = newNumbers(type, groupCount, account)
      for (let group = 0; group < groupCount; group++) out[group] = rule.result(sums, group * width)
      return numberVector(type, out)
    },
  }, context)
}
