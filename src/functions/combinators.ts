// Combinators: suffixes that make one aggregate of another. sumIf(x, c) is sum over rows where c.
// Invariant: a combinator wraps states generically and knows nothing of the aggregate inside.

import { bareType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { conditionMask } from './call.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from './function.ts'
import { isNumber } from './types.ts'
import { asConst, rowsWhere, take } from './vectors.ts'

/** Suffixes that findAggregate takes off, longest first where one ends another. */
export const COMBINATORS: readonly string[] = ['If']

/** The aggregate with a suffix applied. */
export function combine(def: AggregateDef, suffix: string): AggregateDef {
  if (suffix === 'If') return withCondition(def)
  throw new FunctionError(`not supported yet: aggregate combinator -${suffix}`, 'NOT_IMPLEMENTED')
}

/** The last argument is a condition; the others go to `def` for the rows where it holds. */
function withCondition(def: AggregateDef): AggregateDef {
  return {
    ...def,
    name: `${def.name}If`,
    aliases: [],
    arity: [def.arity[0] + 1, def.arity[1] + 1],
    returnType: (args, parameters) => {
      const condition = args[args.length - 1]
      const bare = bareType(condition)
      if (!isNumber(bare) && bare.id !== 'Nothing') {
        throw new FunctionError(`Aggregate ${def.name}If takes a condition as its last argument, not `
          + condition.name)
      }
      return def.returnType(args.slice(0, -1), parameters)
    },
    create: (args, parameters, context) =>
      conditionStates(def.create(args.slice(0, -1), parameters, context), context),
  }
}

function conditionStates(inner: AggregateStates, context: EvalContext): AggregateStates {
  return {
    resize: (groupCount) => inner.resize(groupCount),
    update: (groups, rowCount, args) => {
      const condition = args[args.length - 1]
      const mask = conditionMask(condition, rowCount, context)
      const rows = rowsWhere(mask, rowCount, context.account)
      const rest = args.slice(0, -1)
      if (rows.length === rowCount) inner.update(groups, rowCount, rest)
      else if (rows.length > 0) updateRows(inner, groups, rows, rest, context)
      context.account.free(rows.byteOffset)
      context.account.free(mask.byteOffset)
    },
    exportStates: (groupCount) => inner.exportStates(groupCount),
    mergeStates: (payload, toGroup) => inner.mergeStates(payload, toGroup),
    finish: (groupCount) => inner.finish(groupCount),
  }
}

/** update() of chosen rows only; what it copies is returned at once. */
export function updateRows(
  states: AggregateStates, groups: Uint32Array, rows: Uint32Array, args: readonly Vector[],
  context: EvalContext,
): void {
  const { account } = context
  const chosen = account.u32(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = groups[rows[i]]
  const compact = args.map((arg) => (arg.isConst ? asConst(arg, rows.length)
    : take(arg, rows, rows.length, account)))
  states.update(chosen, rows.length, compact)
  account.free(chosen.byteOffset)
  for (let i = 0; i < args.length; i++) if (!args[i].isConst) freeTaken(compact[i], context)
}

/** Returns the arrays of a vector that take() made. Nested ones wait for the query's end. */
function freeTaken(vector: Vector, context: EvalContext): void {
  const { account } = context
  if (vector.nulls !== null) account.free(vector.nulls.byteOffset)
  switch (vector.kind) {
    case 'number': case 'big': account.free(vector.values.byteOffset); break
    case 'codes': account.free(vector.codes.byteOffset); break
    case 'bytes':
      account.free(vector.offsets.byteOffset)
      account.free(vector.bytes.byteOffset)
      break
    default:
  }
}
