// any, anyLast, anyHeavy, singleValueOrNull, argMin, argMax: a value that some row has.
// Invariant: of equal rows the first seen wins (the last for anyLast).

import { bareType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { columnLog } from './column-log.ts'
import { compareAt } from '../base/comparison.ts'
import type { AggregateDef, AggregateStates, EvalContext } from '../values/function.ts'
import { KeptValues, keptStates, sideBySide } from './kept-values.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { nullableIfPossible, tupleOf } from '../values/types.ts'
import { retype, slotOf } from '../values/vectors.ts'

const anyFirst: AggregateDef = {
  name: 'any', anyCaseAliases: ['any_value', 'first_value'], arity: [1, 1],
  nulls: 'skip', keepsArgumentType: true, returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(bareType(arg), context)
    return keptStates(kept, ([vector], row, group) => {
      if (kept.vectorOf(group) < 0) kept.set(group, vector, row)
    }, context)
  },
}

const anyLast: AggregateDef = {
  name: 'anyLast', anyCaseAliases: ['last_value'], arity: [1, 1], nulls: 'skip', keepsArgumentType: true,
  returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(bareType(arg), context)
    return keptStates(kept, ([vector], row, group) => kept.set(group, vector, row), context)
  },
}

/** The first argument where the second is least (-1) or greatest (1). */
const argExtreme = (name: string, alias: string, direction: number): AggregateDef => ({
  name, anyCaseAliases: [alias], arity: [2, 2], nulls: 'skip', keepsArgumentType: true, returnType: ([arg]) => bareType(arg),
  create: ([arg, by], _parameters, context) =>
    argStates(new KeptValues(bareType(arg), context), new KeptValues(bareType(by), context),
      direction, context),
})

function argStates(
  value: KeptValues, by: KeptValues, direction: number, context: EvalContext): AggregateStates {
  return sideBySide([value, by], (args, row, group) => {
    const best = by.vectorOf(group)
    if (best >= 0 && compareAt(args[1], row, by.view(), best, -direction) !== direction) return
    value.set(group, args[0], row)
    by.set(group, args[1], row)
  }, context)
}

/** argMin and argMax as a tuple of both arguments. */
const argAnd = (name: string, direction: number): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip', returnType: (args) => tupleOf(args.map(bareType)),
  create: (args, _parameters, context) => {
    const kept = args.map((arg) => new KeptValues(bareType(arg), context))
    return {
      ...argStates(kept[0], kept[1], direction, context),
      finish: (groupCount) => ({
        kind: 'tuple', type: tupleOf(args.map(bareType)), length: groupCount, isConst: false,
        nulls: null, fields: kept.map((own) => own.finish(groupCount)),
      }),
    }
  },
})

/** NULL is a value like others. */
const respecting = (name: string, aliases: readonly string[], anyCaseAliases: readonly string[],
  isLast: boolean): AggregateDef => ({
  name, aliases, anyCaseAliases, arity: [1, 1], nulls: 'own', keepsArgumentType: true,
  returnType: ([arg]) => arg,
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(arg, context)
    return keptStates(kept, ([vector], row, group) => {
      if (isLast || kept.vectorOf(group) < 0) kept.set(group, vector, row)
    }, context)
  },
})

/** The candidate of a majority vote (Boyer and Moore): the value of more than half of the rows, where
 * there is one. */
const anyHeavy: AggregateDef = {
  name: 'anyHeavy', arity: [1, 1], nulls: 'skip', keepsArgumentType: true,
  returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => heavyStates(new KeptValues(bareType(arg), context), context),
}

function heavyStates(kept: KeptValues, context: EvalContext): AggregateStates {
  const { account } = context
  let votes = grown(Float64Array, null, 1, account)
  const vote = (group: number, vector: Vector, row: number, count: number): void => {
    const best = kept.vectorOf(group)
    if (best >= 0 && compareAt(vector, row, kept.view(), best) === 0) votes[group] += count
    else if (votes[group] < count) {
      kept.set(group, vector, row)
      votes[group] = count - votes[group]
    } else votes[group] -= count
  }
  return byGroup({
    resize: (groupCount) => {
      kept.resize(groupCount)
      votes = grown(Float64Array, votes, groupCount, account)
    },
    update: (groups, rowCount, [vector]) => {
      for (let row = 0; row < rowCount; row++) vote(groups[row], vector, row, 1)
    },
    write: (out, group) => {
      kept.write(out, group)
      out.varint(votes[group])
    },
    read: (reader, group) => {
      const value = columnLog(kept.type, account)
      const has = reader.u8() === 1
      if (has) value.read(reader)
      const count = reader.varint()
      if (has) vote(group, value.view(), 0, count)
      value.free()
    },
    finish: (groupCount) => kept.finish(groupCount),
  }, context)
}

/** The value when all rows have the same, else NULL. */
const singleValueOrNull: AggregateDef = {
  name: 'singleValueOrNull', arity: [1, 1], nulls: 'own', returnType: ([arg]) => nullableIfPossible(arg),
  create: ([arg], _parameters, context) => {
    const kept = new KeptValues(nullableIfPossible(arg), context)
    let isMixed = grown(Uint8Array, null, 1, context.account)
    const states = keptStates(kept, ([vector], row, group) => {
      const best = kept.vectorOf(group)
      if (vector.nulls?.[slotOf(vector, row)] === 1) isMixed[group] = 1
      else if (best < 0) kept.set(group, vector, row)
      else if (compareAt(vector, row, kept.view(), best) !== 0) isMixed[group] = 1
    }, context)
    return byGroup({
      resize: (groupCount) => {
        isMixed = grown(Uint8Array, isMixed, groupCount, context.account)
        states.resize(groupCount)
      },
      update: (groups, rowCount, args) => states.update(groups, rowCount, args),
      write: (out, group) => {
        out.byte(isMixed[group])
        kept.write(out, group)
      },
      read: (reader, group) => {
        isMixed[group] |= reader.u8()
        if (reader.u8() === 0) return
        const value = columnLog(kept.type, context.account)
        value.read(reader)
        states.update(Uint32Array.of(group), 1, [value.view()])
        value.free()
      },
      finish: (groupCount) => {
        const result = kept.finish(groupCount)
        const nulls = context.account.u8(groupCount)
        for (let group = 0; group < groupCount; group++) {
          nulls[group] = isMixed[group] | (kept.vectorOf(group) < 0 ? 1 : 0)
        }
        return retype(result, kept.type, nulls)
      },
    }, context)
  },
}

export const ANY_ARG: readonly AggregateDef[] = [
  anyFirst, anyLast, argExtreme('argMin', 'min_by', -1), argExtreme('argMax', 'max_by', 1),
  argAnd('argAndMin', -1), argAnd('argAndMax', 1), anyHeavy, singleValueOrNull,
  respecting('any_respect_nulls', ['anyRespectNulls', 'anyValueRespectNulls', 'firstValueRespectNulls'],
    ['any_value_respect_nulls', 'first_value_respect_nulls'], false),
  respecting('anyLast_respect_nulls', ['anyLastRespectNulls', 'lastValueRespectNulls'],
    ['last_value_respect_nulls'], true),
]
