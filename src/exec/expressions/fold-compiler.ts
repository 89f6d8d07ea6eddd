// How a merge of segments makes one row of several: states of AggregateFunction columns are merged,
// values of SimpleAggregateFunction columns aggregated. Registered with the store's tasks at the
// worker's start.

import { STRING } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { FoldCompiler } from '../../../storage/merge/fold.ts'
import { bindSimple, bindState } from '../../functions/aggregates/bind-aggregate.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { asBytes, retype } from '../../functions/values/vectors.ts'

/** The fold of a type; throws FunctionError when the type names an aggregate that does not exist. */
export const foldCompiler: FoldCompiler = (text, { account, kernels }) => {
  const type = parseDataType(text)
  const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
  if (type.id === 'AggregateFunction') {
    const bound = bindState(type)
    return (vector, groups, groupCount) => {
      const states = bound.create(context)
      states.resize(groupCount)
      states.mergeRows(groups, vector.length, asBytes(retype(vector, STRING), account))
      states.trim?.(groupCount)
      return retype(states.serialize(groupCount), type)
    }
  }
  if (type.id !== 'SimpleAggregateFunction') return null
  const bound = bindSimple(type)
  return (vector, groups, groupCount): Vector => {
    const states = bound.create(context)
    states.resize(groupCount)
    states.update(groups, vector.length, [retype(vector, type.args[0])])
    return retype(states.finish(groupCount), type)
  }
}

/** States of a query as a column keeps them; those of most aggregates as they are. */
export function storedStates(vector: Vector, context: EvalContext): Vector {
  const { type } = vector
  if (type.id !== 'AggregateFunction') return vector
  const states = bindState(type).create(context)
  if (states.trim === undefined) return vector
  const { length } = vector
  states.resize(length)
  states.mergeRows(Uint32Array.from({ length }, (_, row) => row), length, asBytes(retype(vector, STRING), context.account))
  states.trim(length)
  return retype(states.serialize(length), type)
}
