// Window functions: what OVER means, and the operators that compute them. Windows are computed after
// GROUP BY and HAVING and before QUALIFY, DISTINCT and ORDER BY.
//
//   rows -> project (all columns, arguments, keys) -> a window node for each partition and order
//
// Invariant: two calls that mean the same are computed once; calls that share PARTITION BY and ORDER BY
// share a node, whatever their frames.

import { bareType, FLOAT64, NOTHING, plainType, STRING, UINT64, type DataType } from '../../storage/column/data-type.ts'
import type {
  Expression, FrameBound as BoundSyntax, FunctionCall, WindowDefinition,
} from '../sql/ast.ts'
import { isNumber } from '../functions/values/types.ts'
import type { Analysis } from './analysis.ts'
import { checkArity, typedCall } from './calls.ts'
import { notYet, unknownName, refuseDynamic } from './errors.ts'
import { foldValue } from './fold.ts'
import { lower, type Leaf } from './lower.ts'
import { allColumns } from './nodes.ts'
import {
  QueryError, type AggregateCall, type FrameBound, type OutputColumn, type PlanNode, type SortKey, type Span, type TypedExpr, type WindowCall, type WindowFrame,
} from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { constant, childrenOf, findIn, keyOf, type Aggregate, type Resolved, type WindowExpr, type WindowOrder } from './resolved.ts'
import type { Scope } from './scope.ts'
import { refuseVariant } from './variants.ts'

type Resolve = (scope: Scope, expr: Expression) => Resolved

/** Values of other rows are none of a dictionary. */
const ofValues = (first: DataType | undefined): DataType => {
  const type = plainType(first ?? NOTHING)
  return type.id === 'LowCardinality' ? type.args[0] : type
}

/** Functions that only windows have: arity, type of the result by that of the first argument, and how many
 * parameters they take in brackets of their own. */
const WINDOW_ONLY: Readonly<Record<string, {
  readonly arity: readonly [number, number]; readonly type: (first: DataType | undefined) => DataType
  readonly parameters?: number
}>> = {
  row_number: { arity: [0, 0], type: () => UINT64 },
  rank: { arity: [0, 0], type: () => UINT64 },
  dense_rank: { arity: [0, 0], type: () => UINT64 },
  percent_rank: { arity: [0, 0], type: () => FLOAT64 },
  cume_dist: { arity: [0, 0], type: () => FLOAT64 },
  ntile: { arity: [1, 1], type: () => UINT64 },
  lag: { arity: [1, 3], type: ofValues },
  lead: { arity: [1, 3], type: ofValues },
  lagInFrame: { arity: [1, 3], type: ofValues },
  leadInFrame: { arity: [1, 3], type: ofValues },
  nth_value: { arity: [2, 2], type: ofValues },
  exponentialTimeDecayedSum: { arity: [2, 2], type: () => FLOAT64, parameters: 1 },
  exponentialTimeDecayedAvg: { arity: [2, 2], type: () => FLOAT64, parameters: 1 },
  exponentialTimeDecayedMax: { arity: [2, 2], type: () => FLOAT64, parameters: 1 },
  exponentialTimeDecayedCount: { arity: [1, 1], type: () => FLOAT64, parameters: 1 },
  nonNegativeDerivative: { arity: [2, 3], type: () => FLOAT64 },
}

const ALIASES: Readonly<Record<string, string>> = { denserank: 'dense_rank', percentrank: 'percent_rank' }

/** The canonical name of a function that needs OVER; null: it is none. */
export function windowOnly(name: string): string | null {
  if (Object.hasOwn(WINDOW_ONLY, name)) return name
  const lower = name.toLowerCase()
  const canonical = Object.hasOwn(ALIASES, lower) ? ALIASES[lower] : lower
  return Object.hasOwn(WINDOW_ONLY, canonical) ? canonical : null
}

/** `f(args) OVER w` out of the call without OVER: an aggregate, or null for a window-only function. */
export function typedWindow(
  scope: Scope, expr: FunctionCall, aggregate: Aggregate | null, resolve: Resolve, text: string,
): Resolved {
  const definition = definitionOf(scope, expr)
  const value = (part: Expression): Resolved => {
    const resolved = resolve(scope, part)
    refuseWindows(resolved, 'the definition of a window')
    return resolved
  }
  const order = definition.orderBy.map((item): WindowOrder => {
    if (item.collate !== null) throw notYet('COLLATE', item)
    return {
      value: value(item.expr as Expression), descending: item.descending,
      nullsFirst: item.nulls === 'first',
    }
  })
  const partition = definition.partitionBy.map(value).map((key) => asPartition(scope, key, expr))
  for (const key of [...partition, ...order.map((one) => one.value)]) refuseDynamic(key, 'OVER', expr)
  for (const key of partition) refuseVariant(scope.analysis, key, 'GROUP BY', expr)
  for (const { value: key } of order) refuseVariant(scope.analysis, key, 'ORDER BY', expr)
  const name = aggregate === null ? windowOnly(expr.name) as string
    : respecting(aggregate.name, expr)
  const own = aggregate ?? windowCall(scope, expr, name, resolve)
  for (const arg of own.args) refuseWindows(arg, `the arguments of ${text}`)
  return {
    kind: 'window', name, combinators: own.combinators, parameters: own.parameters, args: own.args,
    partition, order, frame: frameOf(scope, definition, order, resolve), type: own.type, span: expr,
    text, isAggregate: aggregate !== null,
  }
}

/** Documents are equal where their texts are. */
const asPartition = (scope: Scope, key: Resolved, span: Span): Resolved =>
  (bareType(key.type).id === 'JSON' ? typedCall(scope.analysis, 'toString', [key], span) : key)

/** any and anyLast (first_value, last_value) pass over NULLs unless told to respect them. */
function respecting(name: string, expr: FunctionCall): string {
  if (expr.nulls !== 'respect') return name
  if (name === 'any' || name === 'anyLast') return `${name}_respect_nulls`
  throw notYet(`RESPECT NULLS of ${name}`, expr)
}

function windowCall(
  scope: Scope, expr: FunctionCall, name: string, resolve: Resolve,
): Pick<Aggregate, 'combinators' | 'parameters' | 'args' | 'type'> {
  const { arity, type: typeOf, parameters: wanted = 0 } = WINDOW_ONLY[name]
  const args = expr.args.map((arg) => resolve(scope, arg))
  checkArity(expr.name, arity, args.length, expr)
  const type = typeOf(args[0]?.type)
  const parameters = (expr.params ?? []).map((param) => foldValue(scope.analysis, resolve(scope, param)))
  if (parameters.length !== wanted || parameters.some((value) => typeof value !== 'number')) {
    throw new QueryError(`Function ${expr.name} takes ${wanted === 0 ? 'no parameters' : `${wanted} number as its parameter`}`, expr, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (name.startsWith('exponential') || name === 'nonNegativeDerivative') checkTimes(name, args, expr)
  // The value where no row is (the third argument) has the column's type.
  else if (args.length === 3 && args[2].type !== type) args[2] = cast(args[2], type, expr)
  return { combinators: [], parameters: parameters as Value[], args, type }
}

/** Values are numbers; times numbers, DateTime or DateTime64. */
function checkTimes(name: string, args: readonly Resolved[], span: Span): void {
  const isSeries = name === 'nonNegativeDerivative'
  args.forEach(({ type }, i) => {
    const bare = bareType(type)
    const isTime = i === (name.endsWith('Count') ? 0 : 1)
    const isGood = i === 2 ? bare.id === 'Interval' : isNumber(bare) || bare.id === 'Decimal' ? !isTime || !isSeries
      : isTime && (bare.id === 'DateTime' || bare.id === 'DateTime64')
    if (!isGood) throw new QueryError(`Argument ${i + 1} of ${name} must not be ${type.name}`, span, 'BAD_ARGUMENTS')
  })
}

function cast(expr: Resolved, type: DataType, span: Span): Resolved {
  const name: Resolved = constant(type.name, STRING)
  return { kind: 'call', name: 'CAST', args: [expr, name], type, span, isVolatile: false }
}

/** The window's definition with what it takes from a named one. */
function definitionOf(scope: Scope, expr: FunctionCall): WindowDefinition {
  const over = expr.over as string | WindowDefinition
  if (typeof over === 'string') return inherited(scope, namedWindow(scope, over, expr))
  return inherited(scope, over)
}

function namedWindow(scope: Scope, name: string, span: Span): WindowDefinition {
  const found = scope.windows.get(name)
  if (found !== undefined) return found
  const known = [...scope.windows.keys()]
  const error = unknownName('window', name, known, span, 'BAD_ARGUMENTS')
  if (known.length === 0 || error.message.includes('Did you mean')) throw error
  throw new QueryError(`${error.message}: the query has ${known.map((one) => `'${one}'`).join(', ')}`, span, 'BAD_ARGUMENTS')
}

function inherited(scope: Scope, definition: WindowDefinition): WindowDefinition {
  if (definition.base === null) return definition
  const base = inherited(scope, namedWindow(scope, definition.base, definition))
  if (definition.partitionBy.length > 0) {
    throw new QueryError('Only the named window says PARTITION BY: the one derived from it cannot',
      definition, 'BAD_ARGUMENTS')
  }
  return {
    ...definition, base: null, partitionBy: base.partitionBy,
    orderBy: definition.orderBy.length > 0 ? definition.orderBy : base.orderBy,
    frame: definition.frame ?? base.frame,
  }
}

// ------------------------------------------------------------------------------------- frames

const START: FrameBound = { kind: 'unbounded', direction: 'preceding', offset: 0 }
const CURRENT: FrameBound = { kind: 'current', direction: 'preceding', offset: 0 }

function frameOf(
  scope: Scope, { frame }: WindowDefinition, order: readonly WindowOrder[], resolve: Resolve,
): WindowFrame {
  if (frame === null) return { unit: 'range', start: START, finish: CURRENT }
  if (frame.unit === 'groups') throw notYet('GROUPS in a window\'s frame', frame)
  const start = boundOf(scope, frame.start, resolve)
  const finish = boundOf(scope, frame.finish, resolve)
  if (frame.unit === 'range' && [start, finish].some(({ kind }) => kind === 'offset')
    && order.length !== 1) {
    throw new QueryError('RANGE with an offset needs exactly one expression in ORDER BY', frame,
      'BAD_ARGUMENTS')
  }
  const hasOffset = [start, finish].some(({ kind }) => kind === 'offset')
  if (hasOffset && frame.unit === 'rows'
    && ![start, finish].every(({ offset }) => Number.isInteger(offset) && offset < 2 ** 31)) {
    throw new QueryError('ROWS counts whole rows: its offset is a whole number', frame, 'BAD_ARGUMENTS')
  }
  if (hasOffset && frame.unit === 'range' && !hasDistances(order[0].value.type)) {
    throw new QueryError(`RANGE with an offset does not go over ${order[0].value.type.name}: ORDER BY a `
      + 'number, a date or a time', frame, 'NOT_IMPLEMENTED')
  }
  if (placeOf(start) > placeOf(finish) || isUnbounded(start, 'following')
    || isUnbounded(finish, 'preceding')) {
    throw new QueryError('The start of the frame does not precede its end', frame, 'BAD_ARGUMENTS')
  }
  return { unit: frame.unit, start, finish }
}

const hasDistances = (type: DataType): boolean =>
  /^(U?Int(8|16|32|64)|Float|Date|DateTime|Time|Bool|Decimal)/.test(bareType(type).id)

const isUnbounded = (bound: FrameBound, direction: string): boolean =>
  bound.kind === 'unbounded' && bound.direction === direction

function placeOf({ kind, direction, offset }: FrameBound): number {
  const distance = kind === 'unbounded' ? Number.POSITIVE_INFINITY : kind === 'current' ? 0 : offset
  return direction === 'preceding' ? -distance : distance
}

function boundOf(scope: Scope, bound: BoundSyntax, resolve: Resolve): FrameBound {
  const { kind, direction } = bound
  if (bound.offset === null) return { kind, direction, offset: 0 }
  const offset = foldValue(scope.analysis, resolve(scope, bound.offset))
  if (typeof offset !== 'number' || offset < 0) {
    throw new QueryError('The offset of a window\'s frame is a constant number from 0', bound.offset,
      'BAD_ARGUMENTS')
  }
  return { kind, direction, offset }
}

// --------------------------------------------------------------------------------------- rows

export const windowIn = (expr: Resolved): WindowExpr | null =>
  findIn(expr, (part) => part.kind === 'window') as WindowExpr | null

/** Throws where a window function stands in a clause that comes before windows. */
export function refuseWindows(value: Resolved, clause: string): void {
  const found = windowIn(value)
  if (found !== null) {
    throw new QueryError(`Window function ${found.text} is found in ${clause}`, found.span,
      'ILLEGAL_AGGREGATION')
  }
}

/** The rows with a column for each window function of `values`, and how expressions above read them. */
export function windowRows(
  analysis: Analysis, input: PlanNode, leaf: Leaf, values: readonly Resolved[],
): { rows: PlanNode; leaf: Leaf } {
  const calls = new Map<string, WindowExpr>()
  for (const value of values) collect(value, calls)
  if (calls.size === 0) return { rows: input, leaf }
  const below = new Projection(analysis, input, leaf)
  const groups = new Map<string, { readonly expr: WindowExpr; readonly keys: string[] }>()
  for (const [key, expr] of calls) {
    const shared = definitionKey(expr)
    const group = groups.get(shared)
    if (group === undefined) groups.set(shared, { expr, keys: [key] })
    else group.keys.push(key)
  }
  const planned = [...groups.values()].map(({ expr, keys }) => ({
    keys, partition: expr.partition.map((part) => below.add(part)),
    order: expr.order.map(({ value, descending, nullsFirst }): SortKey =>
      ({ index: below.add(value), descending, nullsFirst })),
    calls: keys.map((key) => callOf(calls.get(key) as WindowExpr, below)),
  }))
  let rows = below.node()
  const numbers = new Map<string, number>()
  for (const { keys, partition, order, calls: functions } of planned) {
    keys.forEach((key, i) => numbers.set(key, rows.columns.length + i))
    const made = functions.map(({ call }, i): OutputColumn =>
      ({ name: (calls.get(keys[i]) as WindowExpr).text, type: call.type }))
    rows = {
      op: 'window', input: rows, partition, order, functions, columns: [...rows.columns, ...made],
    }
  }
  return {
    rows,
    leaf: (expr) => {
      const number = expr.kind === 'window' ? numbers.get(keyOf(expr, true)) : undefined
      if (number === undefined) return leaf(expr)
      return { kind: 'column', index: number, type: expr.type.name }
    },
  }
}

function collect(value: Resolved, into: Map<string, WindowExpr>): void {
  if (value.kind === 'window') into.set(keyOf(value, true), value)
  else for (const child of childrenOf(value)) collect(child, into)
}

const definitionKey = ({ partition, order }: WindowExpr): string =>
  [...partition.map((part) => keyOf(part, true)), '|', ...order.map((one) =>
    `${keyOf(one.value, true)} ${one.descending} ${one.nullsFirst}`)].join(',')

function callOf(expr: WindowExpr, below: Projection): WindowCall {
  const call: AggregateCall = {
    name: expr.name, combinators: expr.combinators, parameters: expr.parameters,
    args: expr.args.map((arg) => below.add(arg)), argTypes: expr.args.map((arg) => arg.type.name),
    type: expr.type.name, span: { at: expr.span.at, end: expr.span.end },
  }
  return { call, isAggregate: expr.isAggregate, frame: expr.frame }
}

/** All columns of the rows, then what windows read besides. */
class Projection {
  private readonly exprs: TypedExpr[]
  private readonly columns: OutputColumn[]
  private readonly numbers = new Map<string, number>()
  private readonly analysis: Analysis
  private readonly input: PlanNode
  private readonly leaf: Leaf

  constructor(analysis: Analysis, input: PlanNode, leaf: Leaf) {
    this.analysis = analysis
    this.input = input
    this.leaf = leaf
    this.exprs = allColumns(input)
    this.columns = [...input.columns]
  }

  add(value: Resolved): number {
    const expr = lower(this.analysis, value, this.leaf)
    if (expr.kind === 'column') return expr.index
    const key = keyOf(value, true)
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.exprs.push(expr) - 1
      this.columns.push({ name: `__${number}`, type: expr.type })
      this.numbers.set(key, number)
    }
    return number
  }

  node(): PlanNode {
    return { op: 'project', input: this.input, exprs: this.exprs, columns: this.columns }
  }
}
