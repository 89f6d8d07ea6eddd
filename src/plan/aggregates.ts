// Aggregate functions: names with combinators (`sumIf`, `uniqStateIf`) taken apart, DISTINCT and
// FILTER turned into combinators, types of arguments and results.

import { bareType, DYNAMIC, isNullable, nullableOf, STRING, holdsVariant, type DataType } from '../../storage/column/data-type.ts'
import { bindAggregate } from '../functions/aggregates/bind-aggregate.ts'
import type { AggregateDef } from '../functions/values/function.ts'
import { findAggregate } from '../functions/aggregates/aggregate-registry.ts'
import { isNumber } from '../functions/values/types.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { withSpan } from './errors.ts'
import { foldValue } from './fold.ts'
import { formattedRow } from './output-settings.ts'
import { QueryError, type Span } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { aggregateIn, constant, isConstant, type Aggregate, type Resolved } from './resolved.ts'
import { refuseWindows } from './windows.ts'

/** An aggregate and its combinators, outermost last. */
export type AggregateName = { readonly def: AggregateDef; readonly combinators: readonly string[] }

/** The aggregate that a name means; null: none. */
export const aggregateNamed = (name: string): AggregateName | null => findAggregate(name)

export type AggregateSyntax = {
  readonly text: string
  readonly name: AggregateName
  readonly args: readonly Resolved[]
  readonly params: readonly Resolved[]
  readonly isDistinct: boolean
  /** OVER follows: its arguments may hold aggregates, which are computed before. */
  readonly isOverWindow: boolean
  readonly filter: Resolved | null
  readonly span: Span
}

/** A call of an aggregate, typed. */
export function typedAggregate(analysis: Analysis, syntax: AggregateSyntax): Aggregate {
  const { span, text } = syntax
  let { def, combinators } = syntax.name
  let { args } = syntax
  for (const arg of args) {
    if (!syntax.isOverWindow) refuseWindows(arg, `the arguments of ${text}`)
    const inner = aggregateIn(arg)
    if (inner !== null && !syntax.isOverWindow) {
      throw new QueryError(`Aggregate function ${inner.text} is found inside another aggregate `
        + `function, ${text}`, inner.span, 'ILLEGAL_AGGREGATION')
    }
  }
  if (syntax.isDistinct) {
    if (def.name === 'count') {
      const counting = analysis.setting('count_distinct_implementation') ?? 'uniqExact'
      def = findAggregate(String(counting))?.def ?? def
    }
    else combinators = ['Distinct', ...combinators]
  }
  if (syntax.filter !== null) {
    if (combinators.includes('If')) {
      throw new QueryError(`${text}: FILTER cannot be added to an aggregate with -If`, span,
        'ILLEGAL_AGGREGATION')
    }
    combinators = [...combinators, 'If']
    args = [...args, syntax.filter]
  }
  if (TELLS_APART.has(def.name) && combinators.length === 0 && !syntax.isOverWindow) args = args.map(withoutInjective)
  refuseVariants(def, args, span)
  const parameters = syntax.params.map((param) => parameterOf(analysis, param, text, span))
  args = withDynamicNulls(analysis, def, combinators, asSeen(analysis, def, combinators, args, parameters, span), span)
  // count(x) over a column that is never NULL counts rows: nothing of the column is read.
  if (def.name === 'count' && combinators.length === 0 && args.length === 1
    && !isNullable(args[0].type)) args = []
  if (analysis.isSet('aggregate_functions_null_for_empty') && isEmptyNull(def, combinators)) {
    combinators = [...combinators, 'OrNull']
  }
  const { type } = withSpan(span, () =>
    bindAggregate(def.name, combinators, args.map((arg) => arg.type), parameters))
  return { kind: 'aggregate', name: def.name, combinators, parameters, args, type, span, text }
}

/** Aggregates to which values mean nothing but whether they are the same. */
const TELLS_APART: ReadonlySet<string> = new Set(['uniq', 'uniqExact', 'uniqHLL12', 'uniqCombined', 'uniqCombined64'])
/** Functions that make unlike values of unlike ones: ClickHouse counts what goes into them, so its estimates are those. */
const INJECTIVE: ReadonlySet<string> = new Set([
  'toString', 'hex', 'bin', 'reverse', 'negate', 'tuple', 'bitNot', 'IPv4NumToString', 'UUIDNumToString'])

/** Types of which the aggregates take no values, or see more than their texts show. */
const COMPOSED: ReadonlySet<string> = new Set(['JSON', 'Dynamic', 'Variant', 'Array', 'Tuple', 'Map', 'AggregateFunction', 'Nothing'])

function withoutInjective(arg: Resolved): Resolved {
  if (arg.kind !== 'call' || !INJECTIVE.has(arg.name) || arg.args.length !== 1) return arg
  const [inner] = arg.args
  return isConstant(inner) || COMPOSED.has(bareType(inner.type).id) ? arg : withoutInjective(inner)
}

/** Aggregates that need nothing of a value but to keep it or to tell it from others. */
const TAKES_VARIANTS: ReadonlySet<string> = new Set([
  'count', 'any', 'anyLast', 'any_respect_nulls', 'anyLast_respect_nulls', 'anyHeavy', 'groupArray', 'groupUniqArray', 'uniq',
  'uniqExact', 'uniqCombined', 'uniqCombined64', 'uniqHLL12', 'topK'])

function refuseVariants(def: AggregateDef, args: readonly Resolved[], span: Span): void {
  const isTaken = (place: number): boolean => TAKES_VARIANTS.has(def.name) || (place === 0 && /^arg(Min|Max)$/.test(def.name))
  const refused = args.find(({ type }, place) => holdsVariant(type) && !isTaken(place))
  if (refused === undefined) return
  throw new QueryError(`Aggregate function ${def.name} does not take ${refused.type.name}: choose one of its types, as in v.Float64, `
    + 'or convert, as in toFloat64(v)', span, 'ILLEGAL_TYPE_OF_ARGUMENT')
}

/** Aggregates that see what a function says of a document or a path of it. */
const SEEN_BY: ReadonlyMap<string, readonly [type: string, through: string]> = new Map([
  ['distinctJSONPaths', ['JSON', 'JSONAllPaths']], ['distinctJSONPathsAndTypes', ['JSON', 'JSONAllPathsWithTypes']],
  ['distinctDynamicTypes', ['Dynamic', 'dynamicType']],
])

function asSeen(
  analysis: Analysis, def: AggregateDef, combinators: readonly string[], args: readonly Resolved[], parameters: readonly Value[], span: Span,
): readonly Resolved[] {
  if (def.name === 'groupFormat') return asRows(analysis, combinators, args, parameters, span)
  const seen = SEEN_BY.get(def.name)
  if (seen === undefined || args.length === 0 || combinators.includes('Merge') || combinators.includes('MergeState')) return args
  const [first, ...rest] = args
  if (bareType(first.type).id !== seen[0]) {
    throw new QueryError(`Aggregate function ${def.name} takes ${seen[0]}, not ${first.type.name}`, span, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  return [typedCall(analysis, seen[1], [first], span), ...rest]
}

/** Of groupFormat's values the row that formatRow makes of them; without one where any is NULL. */
function asRows(
  analysis: Analysis, combinators: readonly string[], args: readonly Resolved[], parameters: readonly Value[], span: Span,
): readonly Resolved[] {
  if (parameters.length !== 1) {
    throw new QueryError('Aggregate function groupFormat takes one parameter, the name of a format', span, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (combinators.some((name) => !ONLY_ROWS.has(name))) {
    throw new QueryError(`Aggregate function groupFormat does not take -${combinators.join(' -')}`, span, 'NOT_IMPLEMENTED')
  }
  const conditions = combinators.includes('If') ? args.slice(-1) : []
  const values = args.slice(0, args.length - conditions.length)
  const names = values.map((_, i) => `c${i + 1}`)
  const row = formattedRow(analysis, 'formatRow', [constant(parameters[0], STRING), ...values], names, span)
  const present = values.filter(({ type }) => isNullable(type)).reduce((made, value) =>
    typedCall(analysis, 'if', [typedCall(analysis, 'isNull', [value], span), constant(null, nullableOf(STRING)), made], span), row)
  return [present, ...conditions]
}

/** Aggregates that count distinct values. */
const COUNTS_VALUES: ReadonlySet<string> = new Set(
  ['uniq', 'uniqExact', 'countDistinct', 'uniqCombined', 'uniqCombined64', 'uniqHLL12', 'uniqUpTo'])

/** A path that a document has not is a value of its own to what counts: only Nullable's NULLs are left out.
 * In a tuple a NULL is a value. */
function withDynamicNulls(
  analysis: Analysis, def: AggregateDef, combinators: readonly string[], args: readonly Resolved[], span: Span,
): readonly Resolved[] {
  // One document may be written in several ways: as they are shown, equal ones are equal texts.
  if (COUNTS_VALUES.has(def.name) && args.some(({ type }) => bareType(type).id === 'JSON')) {
    return args.map((arg) => (bareType(arg.type).id === 'JSON' ? typedCall(analysis, 'toString', [arg], span) : arg))
  }
  if (!args.some(({ type }) => type === DYNAMIC) || combinators.some((name) => !ONLY_ROWS.has(name))) return args
  if (def.name === 'count') return args.slice(1)
  return COUNTS_VALUES.has(def.name)
    ? args.map((arg) => (arg.type === DYNAMIC ? typedCall(analysis, 'tuple', [arg], span) : arg)) : args
}

/** Combinators that hand on values as they are. */
const ONLY_ROWS: ReadonlySet<string> = new Set(['If', 'OrNull', 'OrDefault'])

/** What has no value over no rows: not what counts or collects. */
const isEmptyNull = (def: AggregateDef, combinators: readonly string[]): boolean =>
  def.keepsNonNullable !== true && combinators.every((name) => name === 'If' || name === 'Distinct')

function parameterOf(analysis: Analysis, param: Resolved, text: string, span: Span): Value {
  const value = foldValue(analysis, param)
  if (value === undefined) {
    throw new QueryError(`The parameters of ${text} must be constants`, span, 'BAD_ARGUMENTS')
  }
  // Ticks say nothing without their type.
  const { id, scale, precision } = bareType(param.type)
  if (value === null || (id !== 'DateTime64' && id !== 'Decimal')) return value
  return Number(value) / 10 ** (id === 'Decimal' ? scale : precision)
}

/** True where a value of the type can be a condition. */
export const isCondition = (type: DataType): boolean => {
  const bare = bareType(type)
  return isNumber(bare) || bare.id === 'Nothing'
}

/** Throws where an aggregate stands in a clause that sees rows, not groups. */
export function refuseAggregates(value: Resolved, clause: string): void {
  refuseWindows(value, clause)
  const aggregate = aggregateIn(value)
  if (aggregate !== null) {
    throw new QueryError(`Aggregate function ${aggregate.text} is found in ${clause}`,
      aggregate.span, 'ILLEGAL_AGGREGATION')
  }
}
