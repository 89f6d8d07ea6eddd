// Aggregate functions: names with combinators (`sumIf`, `uniqStateIf`) taken apart, DISTINCT and
// FILTER turned into combinators, types of arguments and results.

import {
  bareType, isNullable, UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import { COMBINATORS } from '../functions/combinators.ts'
import { FunctionError, type AggregateDef } from '../functions/function.ts'
import { aggregateOf, findAggregate } from '../functions/registry.ts'
import { isNumber, nullableIfPossible } from '../functions/types.ts'
import type { Analysis } from './analysis.ts'
import { checkArity } from './calls.ts'
import { notYet, withSpan } from './errors.ts'
import { foldValue } from './fold.ts'
import { QueryError, type Span, type Value } from './plan.ts'
import { aggregateIn, type Aggregate, type Resolved } from './resolved.ts'

/** An aggregate and its combinators, outermost last. */
export type AggregateName = { readonly def: AggregateDef; readonly combinators: readonly string[] }

const COMBINATORS_NOT_YET = [
  'SimpleState', 'OrDefault', 'Distinct', 'ForEach', 'OrNull', 'State', 'Merge', 'Array', 'If',
  'Resample', 'ArgMin', 'ArgMax', 'Map', 'Null']

/** The aggregate that a name means; null: none. */
export function aggregateNamed(name: string, span: Span): AggregateName | null {
  // ClickHouse's count(DISTINCT) by another name; exact.
  const exact = /^countdistinct/i.exec(name)
  const found = findAggregate(exact === null ? name : `uniqExact${name.slice(exact[0].length)}`)
  if (found !== null) {
    return { def: aggregateOf(found.name, []) as AggregateDef, combinators: found.combinators }
  }
  for (const suffix of COMBINATORS_NOT_YET) {
    if (name.endsWith(suffix) && aggregateNamed(name.slice(0, -suffix.length), span) !== null) {
      throw notYet(`aggregate combinator -${suffix}`, span)
    }
  }
  return null
}

export type AggregateSyntax = {
  readonly text: string
  readonly name: AggregateName
  readonly args: readonly Resolved[]
  readonly params: readonly Resolved[]
  readonly isDistinct: boolean
  readonly filter: Resolved | null
  readonly span: Span
}

/** A call of an aggregate, typed. */
export function typedAggregate(analysis: Analysis, syntax: AggregateSyntax): Aggregate {
  const { span, text } = syntax
  let { def, combinators } = syntax.name
  let { args } = syntax
  for (const arg of args) {
    const inner = aggregateIn(arg)
    if (inner !== null) {
      throw new QueryError(`Aggregate function ${inner.text} is found inside another aggregate `
        + `function, ${text}`, inner.span, 'ILLEGAL_AGGREGATION')
    }
  }
  if (syntax.isDistinct) {
    if (def.name === 'count') def = aggregateOf('uniqExact', []) as AggregateDef
    else {
      if (!COMBINATORS.includes('Distinct')) throw notYet(`DISTINCT in ${def.name}`, span)
      combinators = ['Distinct', ...combinators]
    }
  }
  if (syntax.filter !== null) {
    if (combinators.includes('If')) {
      throw new QueryError(`${text}: FILTER cannot be added to an aggregate with -If`, span,
        'ILLEGAL_AGGREGATION')
    }
    combinators = [...combinators, 'If']
    args = [...args, syntax.filter]
  }
  const parameters = syntax.params.map((param) => parameterOf(analysis, param, text, span))
  // count(x) over a column that is never NULL counts rows: nothing of the column is read.
  if (def.name === 'count' && combinators.length === 0 && args.length === 1
    && !isNullable(args[0].type)) args = []
  const type = withSpan(span, () =>
    resultType(def, combinators, args.map((arg) => arg.type), parameters, span))
  return { kind: 'aggregate', name: def.name, combinators, parameters, args, type, span, text }
}

function parameterOf(analysis: Analysis, param: Resolved, text: string, span: Span): Value {
  const value = foldValue(analysis, param)
  if (value === undefined) {
    throw new QueryError(`The parameters of ${text} must be constants`, span, 'BAD_ARGUMENTS')
  }
  return value
}

/** The type of an aggregate over arguments of `types`, combinator by combinator from outside. */
function resultType(
  def: AggregateDef, combinators: readonly string[], types: readonly DataType[],
  parameters: readonly Value[], span: Span,
): DataType {
  const outer = combinators.at(-1)
  const inner = (over: readonly DataType[]) =>
    resultType(def, combinators.slice(0, -1), over, parameters, span)
  switch (outer) {
    case undefined: return plainType(def, types, parameters, span)
    case 'If': return inner(withoutCondition(types))
    case 'Distinct': return inner(types)
    default: throw new Error(`plan: combinator ${outer} has no type rule`)
  }
}

/** Aggregates see values, never dictionaries. */
function plainOf(type: DataType): DataType {
  return type.id === 'LowCardinality' ? type.args[0] : type
}

function plainType(
  def: AggregateDef, types: readonly DataType[], parameters: readonly Value[], span: Span,
): DataType {
  checkArity(def.name, def.arity, types.length, span)
  const plain = types.map(plainOf)
  if (def.nulls === 'own') return def.returnType(plain, parameters)
  const result = def.returnType(plain.map(bareType), parameters)
  return plain.some(isNullable) && def.keepsNonNullable !== true
    ? nullableIfPossible(result) : result
}

function withoutCondition(types: readonly DataType[]): readonly DataType[] {
  const condition = types.at(-1)
  const bare = condition === undefined ? null : bareType(condition)
  if (bare === null || (bare !== UINT8 && bare.id !== 'Bool' && bare.id !== 'Nothing')) {
    throw new FunctionError('The last argument of an aggregate function with -If is a condition '
      + `(UInt8), not ${condition?.name ?? 'missing'}`)
  }
  return types.slice(0, -1)
}

/** True where a value of the type can be a condition. */
export const isCondition = (type: DataType): boolean => {
  const bare = bareType(type)
  return isNumber(bare) || bare.id === 'Nothing'
}

/** Throws where an aggregate stands in a clause that sees rows, not groups. */
export function refuseAggregates(value: Resolved, clause: string): void {
  const aggregate = aggregateIn(value)
  if (aggregate !== null) {
    throw new QueryError(`Aggregate function ${aggregate.text} is found in ${clause}`,
      aggregate.span, 'ILLEGAL_AGGREGATION')
  }
}
