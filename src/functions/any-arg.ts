// any, anyLast, argMin, argMax: a value that some row has.
// Invariant: of equal rows the first seen wins (the last for anyLast).

import { bareType } from '../../storage/column/data-type.ts'
import { compareAt } from './comparison.ts'
import type { AggregateDef, AggregateStates, EvalContext } from './function.ts'
import { KeptValues, keptStates, sideBySide } from './kept-values.ts'

const anyFirst: AggregateDef = {
  name: 'any', aliases: ['any_value', 'first_value'], isCaseInsensitive: true, arity: [1, 1],
  nulls: 'skip', keepsArgumentType: true, returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(bareType(arg), context)
    return keptStates(kept, ([vector], row, group) => {
      if (kept.vectorOf(group) < 0) kept.set(group, vector, row)
    }, context)
  },
}

const anyLast: AggregateDef = {
  name: 'anyLast', aliases: ['last_value'], isCaseInsensitive: true, arity: [1, 1], nulls: 'skip',
  returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(bareType(arg), context)
    return keptStates(kept, ([vector], row, group) => kept.set(group, vector, row), context)
  },
}

/** The first argument where the second is least (-1) or greatest (1). */
const argExtreme = (name: string, direction: number): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip', keepsArgumentType: true, returnType: ([arg]) => bareType(arg),
  create: ([arg, by], _parameters, context) =>
    argStates(new KeptValues(bareType(arg), context), new KeptValues(bareType(by), context),
      direction, context),
})

function argStates(
  value: KeptValues, by: KeptValues, direction: number, context: EvalContext): AggregateStates {
  return sideBySide([value, by], (args, row, group) => {
    const best = by.vectorOf(group)
    if (best >= 0 && compareAt(args[1], row, by.view(), best) !== direction) return
    value.set(group, args[0], row)
    by.set(group, args[1], row)
  }, context)
}

export const ANY_ARG: readonly AggregateDef[] =
  [anyFirst, anyLast, argExtreme('argMin', -1), argExtreme('argMax', 1)]
