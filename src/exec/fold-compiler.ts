// How a merge of segments makes one row of several: states of AggregateFunction columns are merged,
// values of SimpleAggregateFunction columns aggregated. Registered with the store's tasks at the
// worker's start.

import { STRING } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { FoldCompiler } from '../../storage/merge/fold.ts'
import { bindSimple, bindState } from '../functions/bind-aggregate.ts'
import { asBytes, retype } from '../functions/vectors.ts'

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
