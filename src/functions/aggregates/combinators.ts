// Combinators: suffixes that make one aggregate of another. sumIf(x, c) is sum over rows where c,
// uniqState(x) is uniq as far as it got. Each is a type rule and states around states.
// Invariant: a combinator knows nothing of the aggregate inside but its interface.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import type { AggregateStates, EvalContext } from '../values/function.ts'

/** Suffixes, the longer first where one ends another. */
export const COMBINATORS: readonly string[] = [
  'SimpleState', 'State', 'Merge', 'If', 'Array', 'Distinct', 'OrNull', 'OrDefault', 'ForEach', 'Map',
  'Resample', 'ArgMin', 'ArgMax',
]

/** An aggregate over arguments of known types. */
export type BoundAggregate = {
  /** Canonical, with its combinators: sumIf. */
  readonly name: string
  readonly argTypes: readonly DataType[]
  readonly parameters: readonly Value[]
  readonly type: DataType
  /** AggregateFunction(name(parameters), argument types...). */
  readonly stateType: DataType
  readonly create: (context: EvalContext) => AggregateStates
  /** States take rows that stand for several (AggregateDef.takesTimes). */
  readonly takesTimes?: boolean
}

/** What a combinator makes of the aggregate inside. */
export type Combined = Pick<BoundAggregate, 'type' | 'create'> & { readonly stateType?: DataType }

export type Combine = (
  inner: (types: readonly DataType[], parameters: readonly Value[]) => BoundAggregate,
  types: readonly DataType[], parameters: readonly Value[]) => Combined

/** The short way between workers, where the states inside have one and need nothing beside it. */
export function passedOn(
  inner: AggregateStates): Pick<AggregateStates, 'exportStates' | 'mergeStates' | 'trim'> {
  const { exportStates, mergeStates, trim } = inner
  const own = trim === undefined ? {} : { trim: (groupCount: number) => trim.call(inner, groupCount) }
  if (exportStates === undefined || mergeStates === undefined) return own
  return {
    ...own,
    exportStates: (groupCount) => exportStates.call(inner, groupCount),
    mergeStates: (payload, toGroup) => mergeStates.call(inner, payload, toGroup),
  }
}
