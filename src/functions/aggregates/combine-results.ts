// Combinators that change what comes out: -OrNull, -OrDefault (and NULL over Nullable arguments),
// -State, -SimpleState, -Merge.
// Invariant: a flag "this group saw a row" is one byte before the state inside.

import {
  bareType, internType, isNullable, type DataType,
} from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { passedOn, type BoundAggregate, type Combine } from './combinators.ts'
import { FunctionError, type AggregateStates, type EvalContext, type StatePayload } from '../values/function.ts'
import { grown } from '../values/state-array.ts'
import { eachState, serializeGroups } from '../values/state-bytes.ts'
import { nullableIfPossible } from '../values/types.ts'
import { defaultVector } from '../values/values.ts'
import { asBytes, pick, retype } from '../values/vectors.ts'

/** States that know which groups saw a row. `finishEmpty` gets the result and which groups did not. */
function withSeen(
  inner: AggregateStates, context: EvalContext,
  finishEmpty: (result: Vector, isEmpty: Uint8Array, groupCount: number) => Vector,
): AggregateStates {
  const { account } = context
  let seen = grown(Uint8Array, null, 1, account)
  const see = (groups: Uint32Array, rowCount: number): void => {
    for (let row = 0; row < rowCount; row++) seen[groups[row]] = 1
  }
  const short = inner.exportStates === undefined || inner.mergeStates === undefined ? {} : {
    exportStates: (groupCount: number): StatePayload => {
      const { arrays, numbers } = inner.exportStates!(groupCount)
      return { arrays: [seen.slice(0, groupCount), ...arrays], numbers }
    },
    mergeStates: (payload: StatePayload, toGroup: Uint32Array): void => {
      const [flags, ...arrays] = payload.arrays
      inner.mergeStates!({ arrays, numbers: payload.numbers }, toGroup)
      for (let g = 0; g < flags.length; g++) seen[toGroup[g]] |= Number(flags[g])
    },
  }
  const { trim } = inner
  return {
    ...short,
    ...trim === undefined ? {} : { trim: (groupCount: number) => trim.call(inner, groupCount) },
    resize: (groupCount) => {
      seen = grown(Uint8Array, seen, groupCount, account)
      inner.resize(groupCount)
    },
    update: (groups, rowCount, args) => {
      see(groups, rowCount)
      inner.update(groups, rowCount, args)
    },
    serialize: (groupCount) => {
      const states = inner.serialize(groupCount)
      return serializeGroups(groupCount, account, (out, group) => {
        out.byte(seen[group])
        if (seen[group] === 1) out.slice(states.bytes, states.offsets[group], states.offsets[group + 1])
      })
    },
    mergeRows: (groups, rowCount, states) => {
      eachState(states, rowCount, (reader, row) => { seen[groups[row]] |= reader.u8() })
      inner.mergeRows(groups, rowCount, withoutFlags(states, rowCount, context))
    },
    finish: (groupCount) => {
      const isEmpty = account.u8(groupCount)
      for (let g = 0; g < groupCount; g++) isEmpty[g] = seen[g] ^ 1
      return finishEmpty(inner.finish(groupCount), isEmpty, groupCount)
    },
  }
}

/** The states behind the first byte of each; that of a flag 0 is empty. */
function withoutFlags(states: BytesVector, rowCount: number, context: EvalContext): BytesVector {
  const account = context.scratch ?? context.account
  return serializeGroups(rowCount, account, (out, row) => {
    const slot = states.isConst ? 0 : row
    const start = states.offsets[slot] + 1
    if (start < states.offsets[slot + 1]) out.slice(states.bytes, start, states.offsets[slot + 1])
  })
}

/** NULL for groups that saw no row. `type` is Nullable. */
export function nullWhereEmpty(
  inner: AggregateStates, type: DataType, context: EvalContext): AggregateStates {
  return withSeen(inner, context, (result, isEmpty, groupCount) => {
    const { nulls } = result
    if (nulls !== null) for (let g = 0; g < groupCount; g++) isEmpty[g] |= nulls[result.isConst ? 0 : g]
    return retype(result, type, isEmpty.includes(1) ? isEmpty : null)
  })
}

export const combineOrNull: Combine = (inner, types, parameters) => {
  const bound = inner(types, parameters)
  const type = nullableIfPossible(bound.type)
  return {
    type,
    create: (context) => (isNullable(type) ? nullWhereEmpty(bound.create(context), type, context)
      : defaultWhereEmpty(bound.create(context), type, context)),
  }
}

export const combineOrDefault: Combine = (inner, types, parameters) => {
  const bound = inner(types, parameters)
  return {
    type: bound.type,
    create: (context) => defaultWhereEmpty(bound.create(context), bound.type, context),
  }
}

function defaultWhereEmpty(
  inner: AggregateStates, type: DataType, context: EvalContext): AggregateStates {
  return withSeen(inner, context, (result, isEmpty, groupCount) => {
    if (!isEmpty.includes(1)) return result
    return pick([result, defaultVector(type, groupCount, context.account)], isEmpty, null, groupCount,
      type, context.account)
  })
}

/** The states themselves are the result. */
export const combineState: Combine = (inner, types, parameters) => {
  const bound = inner(types, parameters)
  return {
    type: bound.stateType, stateType: bound.stateType,
    create: (context) => {
      const states = bound.create(context)
      return { ...statesOnly(states), finish: (n) => retype(states.serialize(n), bound.stateType) }
    },
  }
}

/** Another's states under a finish() of one's own. */
function statesOnly(states: AggregateStates): Omit<AggregateStates, 'finish'> {
  return {
    resize: (groupCount) => states.resize(groupCount),
    update: (groups, rowCount, args) => states.update(groups, rowCount, args),
    serialize: (groupCount) => states.serialize(groupCount),
    mergeRows: (groups, rowCount, rows) => states.mergeRows(groups, rowCount, rows),
    ...passedOn(states),
  }
}

/** Aggregates whose result is a state that can be aggregated on. */
export const SIMPLE: ReadonlySet<string> = new Set([
  'any', 'any_respect_nulls', 'anyLast', 'anyLast_respect_nulls', 'min', 'max', 'sum',
  'sumWithOverflow', 'groupBitAnd', 'groupBitOr', 'groupBitXor', 'sumMap', 'minMap', 'maxMap',
  'groupArrayArray', 'groupArrayLastArray', 'groupUniqArrayArray', 'groupUniqArrayArrayMap',
  'sumMappedArrays', 'minMappedArrays', 'maxMappedArrays', 'argMin', 'argMax'])

export const combineSimpleState: Combine = (inner, types, parameters) => {
  const bound = inner(types, parameters)
  if (!SIMPLE.has(bound.name)) {
    throw new FunctionError(`Unsupported aggregate function ${bound.name} for -SimpleState, supported `
      + `functions are ${[...SIMPLE].join(', ')}`, 'BAD_ARGUMENTS')
  }
  const type = internType(`SimpleAggregateFunction(${bound.name}, ${bound.type.name})`,
    'SimpleAggregateFunction', { args: [bound.type], func: bound.name })
  return { type, create: bound.create }
}

/** Takes states of `stored` instead of rows. */
export function mergeOf(stored: BoundAggregate, type: DataType): Pick<BoundAggregate, 'create'> {
  if (bareType(type).id !== 'AggregateFunction') throw new Error(`${type.name} holds no states`)
  return {
    create: (context) => {
      const states = stored.create(context)
      return {
        ...statesOnly(states),
        update: (groups, rowCount, [vector]) =>
          states.mergeRows(groups, rowCount, asBytes(vector, context.scratch ?? context.account)),
        finish: (groupCount) => states.finish(groupCount),
      }
    },
  }
}
