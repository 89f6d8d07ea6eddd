// One SELECT as a plan, clause by clause in the order in which they take effect:
//
//   FROM -> WHERE -> [project -> aggregate -> HAVING] -> project -> DISTINCT -> ORDER BY
//        -> LIMIT BY -> LIMIT -> project
//
// Invariant: the node's columns are those of the SELECT list, by name, type and order.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Expression, OrderItem, SelectQuery } from '../sql/ast.ts'
import { isCondition, refuseAggregates } from './aggregates.ts'
import type { Analysis } from './analysis.ts'
import { notYet } from './errors.ts'
import { resolve } from './expressions.ts'
import { foldValue } from './fold.ts'
import { planFrom } from './from.ts'
import { aggregateRows, type Grouping } from './grouping.ts'
import { lower, sourceLeaf, type Leaf } from './lower.ts'
import { expandStars } from './names.ts'
import { QueryError, type Count, type OutputColumn, type PlanNode, type SortKey } from './plan.ts'
import { aggregateIn, keyOf, type Resolved } from './resolved.ts'
import { Scope } from './scope.ts'
import { refuseWindows, windowIn, windowRows } from './windows.ts'
import type { Item } from './stars.ts'

type SortItem = { readonly value: Resolved; readonly item: OrderItem }

export function planSelect(
  analysis: Analysis, query: SelectQuery, parent: Scope | null,
): PlanNode {
  refuseWhatIsMissing(query)
  const scope = new Scope(analysis, parent)
  scope.readNames(query)
  const { node, source } = planFrom(scope, query.from)
  scope.source = source
  const items = expandStars(query.select, scope)
  const values = items.map((item) => resolve(scope, item.expr))
  const sorts = sortItems(scope, query, values)
  const limitBy = query.limitBy === null ? [] : query.limitBy.all ? values
    : query.limitBy.by.map((expr) => positional(scope, expr, values))
  const having = query.having === null ? null : condition(scope, query.having, 'HAVING')
  const qualify = query.qualify === null ? null : condition(scope, query.qualify, 'QUALIFY')
  let rows = filtered(scope, node, query)
  const all = [...values, ...sorts.map((sort) => sort.value), ...limitBy,
    ...(qualify === null ? [] : [qualify])]
  const grouping: Grouping = {
    keys: groupKeys(scope, query, values),
    isGrouped: query.groupBy !== null,
    values: having === null ? all : [...all, having],
  }
  let leaf = sourceLeaf
  if (grouping.isGrouped || grouping.values.some((value) => aggregateIn(value) !== null)) {
    ({ rows, leaf } = aggregateRows(analysis, rows, grouping))
  }
  if (having !== null) {
    refuseWindows(having, 'HAVING')
    rows = filterOf(analysis, rows, having, leaf)
  }
  ({ rows, leaf } = windowRows(analysis, rows, leaf, all))
  if (qualify !== null) rows = filterOf(analysis, rows, qualify, leaf)
  return ordered(scope, query, { rows, leaf, items, values, sorts, limitBy })
}

function refuseWhatIsMissing(query: SelectQuery): void {
  if (query.recursive && query.with.length > 0) throw notYet('WITH RECURSIVE', query.with[0])
  if (query.groupBy?.totals === true) throw notYet('WITH TOTALS', query.groupBy)
  if (query.groupBy?.rollup === true) throw notYet('GROUP BY ROLLUP', query.groupBy)
  if (query.groupBy?.cube === true) throw notYet('GROUP BY CUBE', query.groupBy)
  if (query.groupBy !== null && query.groupBy.sets !== null) {
    throw notYet('GROUP BY GROUPING SETS', query.groupBy)
  }
  if (query.limit?.withTies === true) throw notYet('WITH TIES', query.limit)
  if (query.orderBy?.interpolate) throw notYet('INTERPOLATE', query.orderBy)
  for (const item of query.orderBy?.items ?? []) {
    if (item.fill !== null) throw notYet('WITH FILL', item.fill)
    if (item.collate !== null) throw notYet('COLLATE', item)
  }
}

// ------------------------------------------------------------------------------------ clauses

/** A condition's meaning; its type must be a number. */
function condition(scope: Scope, expr: Expression, clause: string): Resolved {
  const value = resolve(scope, expr)
  if (!isCondition(value.type)) {
    throw new QueryError(`The condition of ${clause} is ${value.type.name}: it must be a number or `
      + 'Bool', expr, 'ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER')
  }
  return value
}

/** FROM, and of it the rows that PREWHERE and WHERE keep. */
function filtered(scope: Scope, node: PlanNode, query: SelectQuery): PlanNode {
  let rows = node
  for (const [clause, expr] of [['PREWHERE', query.prewhere], ['WHERE', query.where]] as const) {
    if (expr === null) continue
    const value = condition(scope, expr, clause)
    refuseAggregates(value, clause)
    rows = filterOf(scope.analysis, rows, value, sourceLeaf)
  }
  return rows
}

const filterOf = (analysis: Analysis, input: PlanNode, value: Resolved, leaf: Leaf): PlanNode =>
  ({ op: 'filter', input, condition: lower(analysis, value, leaf), columns: input.columns })

/** `1` in GROUP BY, ORDER BY and LIMIT BY is the first of the SELECT list. */
function positional(scope: Scope, expr: Expression, values: readonly Resolved[]): Resolved {
  if (expr.kind !== 'literal' || expr.type !== 'number' || !/^-?\d+$/.test(expr.text)) {
    return resolve(scope, expr)
  }
  if (expr.slot !== undefined) scope.analysis.slots.consume(expr.slot)
  const number = Number(expr.text)
  const value = values[number < 0 ? values.length + number : number - 1]
  if (value === undefined || number === 0) {
    throw new QueryError(`Positional argument ${expr.text} is out of bounds: the SELECT list has `
      + `${values.length} expression${values.length === 1 ? '' : 's'}`, expr, 'BAD_ARGUMENTS')
  }
  return value
}

function groupKeys(scope: Scope, query: SelectQuery, values: readonly Resolved[]): Resolved[] {
  const { groupBy } = query
  if (groupBy === null) return []
  const keys = groupBy.all ? values.flatMap(partsWithoutAggregates)
    : groupBy.keys.map((expr) => positional(scope, expr, values))
  for (const key of keys) refuseAggregates(key, 'GROUP BY')
  return keys
}

/** GROUP BY ALL groups by whatever of the SELECT list no aggregate covers. */
function partsWithoutAggregates(value: Resolved): Resolved[] {
  if (value.kind === 'aggregate' || value.kind === 'literal' || value.kind === 'window') return []
  if (aggregateIn(value) === null && windowIn(value) === null) return [value]
  const below = value.kind === 'call' ? value.args : value.kind === 'in' ? value.exprs : []
  return below.flatMap(partsWithoutAggregates)
}

function sortItems(scope: Scope, query: SelectQuery, values: readonly Resolved[]): SortItem[] {
  const { orderBy } = query
  if (orderBy === null) return []
  if (orderBy.all) return values.map((value) => ({ value, item: orderBy.items[0] }))
  return orderBy.items.map((item) =>
    ({ value: positional(scope, item.expr as Expression, values), item }))
}

/** The number of LIMIT or OFFSET. */
function countOf(scope: Scope, expr: Expression, clause: string): Count {
  const value = resolve(scope, expr)
  const number = value.kind === 'literal' ? value.value : foldValue(scope.analysis, value)
  if (typeof number !== 'number' && typeof number !== 'bigint') {
    throw new QueryError(`${clause} must be a constant number`, expr, 'INVALID_LIMIT_EXPRESSION')
  }
  if (!Number.isInteger(Number(number)) || number < 0) {
    throw notYet(`a negative or fractional ${clause}`, expr)
  }
  const slot = value.kind === 'literal' && value.source >= 0
    ? scope.analysis.slots.useCount(value.source) : -1
  return { value: Number(number), slot }
}

// ------------------------------------------------------------- from values to ordered output

type Output = {
  readonly rows: PlanNode; readonly leaf: Leaf; readonly items: readonly Item[]
  readonly values: readonly Resolved[]; readonly sorts: readonly SortItem[]
  readonly limitBy: readonly Resolved[]
}

function ordered(scope: Scope, query: SelectQuery, output: Output): PlanNode {
  const { analysis } = scope
  const { values, items } = output
  // Behind the SELECT list stand the values that only ORDER BY and LIMIT BY need.
  const all: Resolved[] = [...values]
  const numbers = new Map<string, number>()
  values.forEach((value, i) => {
    const key = keyOf(value, true)
    if (!numbers.has(key)) numbers.set(key, i)
  })
  const numberOf = (value: Resolved): number => {
    const key = keyOf(value, true)
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, number = all.push(value) - 1)
    return number
  }
  const sortKeys = output.sorts.map(({ value, item }): SortKey => ({
    index: numberOf(value), descending: item.descending, nullsFirst: item.nulls === 'first',
  }))
  const limitByKeys = output.limitBy.map(numberOf)
  const distinctOn = (query.distinctOn ?? [])
    .map((expr) => numberOf(positional(scope, expr, values)))
  const columns: OutputColumn[] = all.map((value, i) =>
    ({ name: items[i]?.name ?? innerName(value, i), type: value.type.name }))
  let node: PlanNode = {
    op: 'project', input: output.rows, columns,
    exprs: all.map((value) => lower(analysis, value, output.leaf)),
  }
  if (query.distinct) node = distinctRows(node, values.length)
  if (sortKeys.length > 0) node = { op: 'sort', input: node, keys: sortKeys, limit: null, columns }
  if (query.distinctOn !== null) node = firstOfEach(node, distinctOn)
  if (query.limitBy !== null) {
    node = {
      op: 'limit-by', input: node, keys: limitByKeys, columns,
      limit: countOf(scope, query.limitBy.limit, 'LIMIT BY'),
      offset: query.limitBy.offset === null ? { value: 0, slot: -1 }
        : countOf(scope, query.limitBy.offset, 'OFFSET'),
    }
  }
  if (query.limit !== null) {
    const { limit, offset } = query.limit
    node = {
      op: 'limit', input: node, columns,
      limit: limit === null ? null : countOf(scope, limit, 'LIMIT'),
      offset: offset === null ? null : countOf(scope, offset, 'OFFSET'),
    }
  }
  return firstColumns(node, values.length)
}

/** Columns that only ORDER BY and LIMIT BY see. */
const innerName = (value: Resolved, number: number): string =>
  (value.kind === 'column' ? value.name : `__order_${number}`)

/** DISTINCT looks at the SELECT list only; what ORDER BY adds comes from the first of equal rows.
 * */
const distinctRows = (input: PlanNode, count: number): PlanNode =>
  (input.columns.length === count ? { op: 'distinct', input, columns: input.columns }
    : firstOfEach(input, Array.from({ length: count }, (_, i) => i)))

const firstOfEach = (input: PlanNode, keys: readonly number[]): PlanNode => ({
  op: 'limit-by', input, keys, limit: { value: 1, slot: -1 }, offset: { value: 0, slot: -1 },
  columns: input.columns,
})

/** The first `count` columns. */
function firstColumns(input: PlanNode, count: number): PlanNode {
  if (input.columns.length === count) return input
  const columns = input.columns.slice(0, count)
  return {
    op: 'project', input, columns,
    exprs: columns.map(({ type }, index) => ({ kind: 'column', index, type })),
  }
}

/** Types of a node's columns. */
export const typesOf = (node: PlanNode) => node.columns.map((column) => parseDataType(column.type))
