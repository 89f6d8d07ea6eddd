// Functions over states: finalizeAggregation (a state to its result), initializeAggregation (one row to
// a state or result), and what decides a state of argMin and argMax.
// Invariant: each row is a group of its own.

import { bareType, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { TupleVector } from '../../../storage/column/vector.ts'
import { bindAggregate, bindState, parseFunc } from '../aggregates/bind-aggregate.ts'
import type { BoundAggregate } from '../aggregates/combinators.ts'
import { ANY_COUNT, define } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { valueAt } from '../values/values.ts'
import { asBytes, retype } from '../values/vectors.ts'

function groupPerRow(rowCount: number, { account }: EvalContext): Uint32Array {
  const groups = account.u32(rowCount)
  for (let row = 0; row < rowCount; row++) groups[row] = row
  return groups
}

function stateOf(args: readonly ArgInfo[]): BoundAggregate {
  const [{ type }] = args
  if (type.id === 'AggregateFunction') return bindState(type)
  throw new FunctionError(`Argument for function 'finalizeAggregation' must have type `
    + `AggregateFunction - state of aggregate function. Got '${type.name}'`)
}

const finalizeAggregation: FunctionDef = define('finalizeAggregation', [1, 1],
  (args) => stateOf(args).type,
  ([vector], type, rowCount, context) => {
    const states = bindState(vector.type).create(context)
    states.resize(rowCount)
    states.mergeRows(groupPerRow(rowCount, context), rowCount, asBytes(vector, context.account))
    return retype(states.finish(rowCount), type)
  }, { nulls: 'own' })

function namedAggregate(name: string, types: readonly DataType[]): BoundAggregate {
  const { name: plain, parameters } = parseFunc(name)
  return bindAggregate(plain, [], types, parameters)
}

const initializeAggregation: FunctionDef = define('initializeAggregation', [2, ANY_COUNT],
  ([name, ...args]) => {
    if (name.type !== STRING || typeof name.value !== 'string') {
      throw new FunctionError('First argument for function initializeAggregation (name of aggregate '
        + 'function) must be a constant string')
    }
    return namedAggregate(name.value, args.map((arg) => arg.type)).type
  },
  ([name, ...args], type, rowCount, context) => {
    const bound = namedAggregate(String(valueAt(name, 0)), args.map((arg) => arg.type))
    const states = bound.create(context)
    states.resize(rowCount)
    states.update(groupPerRow(rowCount, context), rowCount, args)
    return retype(states.finish(rowCount), type)
  }, { nulls: 'own' })

/** Of a state of argMin or argMax, the value that decides: of rows with equal ones any may be kept. */
export const DECIDED_BY = '__decidedBy'

/** argMax(x, by) keeps what argAndMax(x, by) keeps. */
const bothOf = ([{ type }]: readonly ArgInfo[]): BoundAggregate => {
  const { name, parameters } = parseFunc(type.func ?? '')
  return bindAggregate(name.replace(/^arg(?=M)/, 'argAnd'), [], type.args, parameters)
}

const decidedBy: FunctionDef = define(DECIDED_BY, [1, 1],
  (args) => bareType(bothOf(args).type).args[1],
  ([vector], type, rowCount, context) => {
    const states = bothOf([{ type: vector.type, value: undefined }]).create(context)
    states.resize(rowCount)
    states.mergeRows(groupPerRow(rowCount, context), rowCount, asBytes(vector, context.account))
    return retype((states.finish(rowCount) as TupleVector).fields[1], type)
  }, { nulls: 'own' })

export const STATE_FUNCTIONS: readonly FunctionDef[] = [finalizeAggregation, initializeAggregation, decidedBy]
