// Rows multiplied by the elements of arrays: the function arrayJoin, and ARRAY JOIN in FROM. Both are
// the same operator; several arrayJoin calls that differ multiply each other, equal ones are one.
//
// Invariant: the rows keep all of their columns; elements stand behind them.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { ArrayJoin, Expression, TableExpression } from '../sql/ast.ts'
import { refuseAggregates } from './aggregates.ts'
import type { Analysis } from './analysis.ts'
import { lookedUp } from './correlated.ts'
import { lower, sourceLeaf, type Leaf } from './lower.ts'
import { allColumns } from './nodes.ts'
import { QueryError, type OutputColumn, type PlanNode, type Span, type TypedExpr } from './plan.ts'
import { childrenOf, findIn, isOncePerRow, keyOf, type ArrayJoinExpr, type Call, type CorrelatedExpr, type Resolved } from './resolved.ts'
import { NO_TABLE, type Scope, type Source, type SourceColumn } from './scope.ts'

type Resolve = (scope: Scope, expr: Expression) => Resolved

/** What an element of an array, or a pair of a map, is. */
export function elementOf(type: DataType, span: Span): DataType {
  const bare = bareType(type)
  if (bare.id === 'Array') return bare.args[0]
  if (bare.id === 'Map') {
    const [keys, values] = bare.args
    return parseDataType(`Tuple(keys ${keys.name}, values ${values.name})`)
  }
  throw new QueryError(`arrayJoin takes an array or a map, not ${type.name}`, span,
    'ILLEGAL_TYPE_OF_ARGUMENT')
}

/** `arrayJoin(array)`. */
export const typedArrayJoin = (array: Resolved, span: Span): Resolved =>
  ({ kind: 'arrayJoin', array, type: elementOf(array.type, span), span })

/** What becomes a column of the rows as soon as a clause reads it. */
type Added = ArrayJoinExpr | CorrelatedExpr | Call

/** The rows multiplied by every arrayJoin of `values`, with the values of correlated subqueries and of
 * calls that give another value each time (`rand()` written twice is one value in ClickHouse), and how
 * expressions above read them. What `leaf` knows already is left alone. */
export function arrayJoinRows(
  analysis: Analysis, input: PlanNode, leaf: Leaf, values: readonly Resolved[],
): { rows: PlanNode; leaf: Leaf } {
  const calls = new Map<string, Added>()
  for (const value of values) collect(value, leaf, calls)
  let rows = input
  const numbers = new Map<string, number>()
  // Inner calls come first: an outer one reads their elements.
  const inner: Leaf = (expr) => {
    const number = isAdded(expr) ? numbers.get(keyOf(expr, true)) : undefined
    if (number === undefined) return leaf(expr)
    return { kind: 'column', index: number, type: expr.type.name }
  }
  const [first, others] = [[...calls].filter(([, call]) => isOfSource(call)), [...calls].filter(([, call]) => !isOfSource(call))]
  for (const [key, call] of [...first, ...others]) {
    rows = call.kind === 'correlated' ? lookedUp(analysis, rows, call, inner)
      : call.kind === 'call' ? withColumn(rows, lower(analysis, call, inner))
        : joined(rows, [lower(analysis, call.array, inner)], [call.type.name], false)
    numbers.set(key, rows.columns.length - 1)
  }
  return { rows, leaf: calls.size === 0 ? leaf : inner }
}

function collect(value: Resolved, leaf: Leaf, into: Map<string, Added>): void {
  if (leaf(value) !== null) return
  for (const child of childrenOf(value)) collect(child, leaf, into)
  if (isAdded(value)) into.set(keyOf(value, true), value)
}

const isAdded = (expr: Resolved): expr is Added => expr.kind === 'arrayJoin' || expr.kind === 'correlated' || isOncePerRow(expr)

/** Of the rows before any element multiplies them. */
const isOfSource = (added: Added): boolean => added.kind === 'call'
  && findIn(added, ({ kind }) => kind === 'arrayJoin' || kind === 'correlated') === null

const withColumn = (input: PlanNode, expr: TypedExpr): PlanNode => ({
  op: 'project', input, exprs: [...allColumns(input), expr],
  columns: [...input.columns, { name: '__volatile', type: expr.type }],
})

/** Each row once for each element of the arrays; the elements stand behind its columns. */
export const multiplied = (
  input: PlanNode, arrays: readonly TypedExpr[], types: readonly string[]): PlanNode =>
  joined(input, arrays, types, false)

/** The rows, multiplied; behind their columns the elements. */
function joined(
  input: PlanNode, arrays: readonly TypedExpr[], types: readonly string[], isLeft: boolean,
): PlanNode {
  const width = input.columns.length
  const below: PlanNode = {
    op: 'project', input, exprs: [...allColumns(input), ...arrays],
    columns: [...input.columns, ...arrays.map(({ type }, i) => ({ name: `__array_${i}`, type }))],
  }
  const elements = types.map((type, i): OutputColumn => ({ name: `__element_${i}`, type }))
  const node: PlanNode = {
    op: 'array-join', input: below, arrays: arrays.map((_, i) => width + i), isLeft,
    columns: [...below.columns, ...elements],
  }
  const kept = [...node.columns.keys()].filter((i) => i < width || i >= width + arrays.length)
  return {
    op: 'project', input: node, columns: kept.map((i) => node.columns[i]),
    exprs: kept.map((index) => ({ kind: 'column', index, type: node.columns[index].type })),
  }
}

type Origin = { readonly node: PlanNode; readonly source: Source }

/** `left ARRAY JOIN a, b AS c`: without an alias the elements take the array's place. */
export function planArrayJoin(
  scope: Scope, from: ArrayJoin, planFrom: (scope: Scope, from: TableExpression) => Origin,
  resolve: Resolve,
): Origin {
  const left = planFrom(scope, from.left)
  const inner = scope.over(left.source)
  const items = from.items.flatMap((item) => nestedOf(item, left.source)).map((item) => {
    const value = resolve(inner, { ...item, alias: undefined })
    refuseAggregates(value, 'ARRAY JOIN')
    const place = item.alias === undefined && value.kind === 'column' ? value.index : -1
    const name = item.alias ?? (value.kind === 'column' ? value.name : '')
    if (name === '') {
      throw new QueryError('An expression in ARRAY JOIN needs an alias', item, 'ALIAS_REQUIRED')
    }
    return { value, place, name, type: elementOf(value.type, item) }
  })
  const node = joined(left.node, items.map(({ value }) => lower(scope.analysis, value, sourceLeaf)),
    items.map(({ type }) => type.name), from.outer)
  return named(node, left, items)
}

/** A name that columns of a Nested begin with (`n` of `n.a` and `n.b`) stands for all of these. */
function nestedOf(item: Expression, { columns }: Source): readonly Expression[] {
  if (item.kind !== 'identifier') return [item]
  const name = item.parts.join('.')
  const members = columns.filter((column) => column.name.startsWith(`${name}.`) && bareType(column.type).id === 'Array')
  if (members.length === 0 || columns.some((column) => column.name === name)) return [item]
  return members.map((column): Expression => ({
    kind: 'identifier', parts: [column.name], at: item.at, end: item.end,
    ...(item.alias === undefined ? {} : { alias: `${item.alias}${column.name.slice(name.length)}` }),
  }))
}

function named(
  node: PlanNode, left: Origin,
  items: readonly { readonly place: number; readonly name: string; readonly type: DataType }[],
): Origin {
  const width = left.node.columns.length
  const numbers = left.source.columns.map((_, index) => index)
  const columns = [...left.source.columns]
  const added: SourceColumn[] = []
  items.forEach(({ place, name, type }, i) => {
    if (place >= 0) {
      numbers[place] = width + i
      columns[place] = { ...columns[place], type }
    } else {
      numbers.push(width + i)
      added.push({ name, type, table: NO_TABLE, isOutsideStar: true })
    }
  })
  const exprs = numbers.map((index): TypedExpr =>
    ({ kind: 'column', index, type: node.columns[index].type }))
  const all = [...columns, ...added]
  return {
    node: {
      op: 'project', input: node, exprs,
      columns: all.map(({ name, type }) => ({ name, type: type.name })),
    },
    source: { columns: all, tables: left.source.tables },
  }
}
