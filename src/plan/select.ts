// One SELECT as a plan, clause by clause in the order in which they take effect:
//
//   FROM -> WHERE -> [project -> aggregate -> HAVING] -> windows -> QUALIFY -> ordering.ts
//
// arrayJoin multiplies rows as soon as a clause reads it.
//
// Invariant: the node's columns are those of the SELECT list, by name, type and order.

import { DYNAMIC } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Expression, GroupBy, SelectQuery } from '../sql/ast.ts'
import { isCondition, refuseAggregates } from './aggregates.ts'
import type { Analysis } from './analysis.ts'
import { arrayJoinRows } from './array-join.ts'
import { resolve } from './expressions.ts'
import { planFrom } from './from.ts'
import { elementsOf } from './group-keys.ts'
import { aggregateRows, type Grouping } from './grouping.ts'
import { setsOf } from './grouping-sets.ts'
import { lower, sourceLeaf, type Leaf } from './lower.ts'
import { expandStars } from './names.ts'
import { refuseVariant } from './variants.ts'
import { byTypeAndValue, ordered, positional, type SortItem } from './ordering.ts'
import { QueryError, type PlanNode } from './plan.ts'
import { aggregateIn, childrenOf, keyOf, type Resolved } from './resolved.ts'
import { Scope } from './scope.ts'
import { totalsBelow, totalsRows } from './totals.ts'
import { refuseWindows, windowIn, windowRows } from './windows.ts'

export function planSelect(
  analysis: Analysis, query: SelectQuery, parent: Scope | null,
): PlanNode {
  const scope = new Scope(analysis, parent)
  scope.readNames(query)
  const { node, source } = planFrom(scope, query.from)
  scope.source = source
  scope.typeOf = (expr) => resolve(scope, expr).type
  const items = expandStars(query.select, scope)
  let values = items.map((item) => resolve(scope, item.expr))
  if (keysMayBeNull(scope, query)) {
    scope.nullKeys = new Set(keysOf(scope, query, values).map((key) => keyOf(key, false)))
    scope.resolved.clear()
    values = items.map((item) => resolve(scope, item.expr))
  }
  const sorts = sortItems(scope, query, values)
  const limitBy = query.limitBy === null ? [] : query.limitBy.all ? values
    : query.limitBy.by.map((expr) => positional(scope, expr, values))
  const having = query.having === null ? null : condition(scope, query.having, 'HAVING')
  const qualify = query.qualify === null ? null : condition(scope, query.qualify, 'QUALIFY')
  const all = [...values, ...sorts.map((sort) => sort.value), ...limitBy,
    ...(qualify === null ? [] : [qualify])]
  let { rows, leaf } = scope.belowGroups(() => filtered(scope, node, query))
  let totals: PlanNode | null = null
  const grouping = groupingOf(scope, query, values, having === null ? all : [...all, having])
  for (const key of grouping?.keys ?? []) {
    refuseVariant(analysis, key, 'GROUP BY', query)
  }
  if (grouping === null) {
    totals = totalsBelow(analysis, node, values, items)
    ;({ rows, leaf } = arrayJoinRows(analysis, rows, leaf, all))
  } else {
    ({ rows, leaf } = arrayJoinRows(analysis, rows, leaf, grouping.below))
    if (query.groupBy?.totals === true) {
      totals = totalsRows(analysis, { rows, leaf, grouping, having, values, items })
    }
    ;({ rows, leaf } = aggregateRows(analysis, rows, leaf, grouping))
  }
  if (having !== null) {
    refuseWindows(having, 'HAVING')
    rows = filterOf(analysis, rows, having, leaf)
  }
  ({ rows, leaf } = arrayJoinRows(analysis, rows, leaf, all))
  ;({ rows, leaf } = windowRows(analysis, rows, leaf, all))
  if (qualify !== null) rows = filterOf(analysis, rows, qualify, leaf)
  const result = ordered(scope, query, { rows, leaf, items, values, sorts, limitBy })
  if (totals !== null) analysis.totalsOf.set(result, totals)
  return result
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
function filtered(
  scope: Scope, node: PlanNode, query: SelectQuery,
): { rows: PlanNode; leaf: Leaf } {
  let rows = node
  let leaf = sourceLeaf
  for (const [clause, expr] of [['PREWHERE', query.prewhere], ['WHERE', query.where]] as const) {
    if (expr === null) continue
    const value = condition(scope, expr, clause)
    refuseAggregates(value, clause)
    if (clause === 'PREWHERE') refusePrewhere(scope, rows, expr)
    if (clause === 'PREWHERE' && rows.op === 'scan' && rows.final) {
      rows = { ...rows, before: lower(scope.analysis, value, leaf) }
      continue
    }
    ;({ rows, leaf } = arrayJoinRows(scope.analysis, rows, leaf, [value]))
    rows = filterOf(scope.analysis, rows, value, leaf)
  }
  return { rows, leaf }
}

/** Rows of a Join table are not read before others. */
function refusePrewhere({ analysis }: Scope, rows: PlanNode, expr: Expression): void {
  if (rows.op !== 'scan' || analysis.catalog.table(rows.table)?.engine !== 'Join') return
  throw new QueryError(`${rows.table} is a Join table, which has no PREWHERE: write WHERE`, expr, 'ILLEGAL_PREWHERE')
}

const filterOf = (analysis: Analysis, input: PlanNode, value: Resolved, leaf: Leaf): PlanNode =>
  ({ op: 'filter', input, condition: lower(analysis, value, leaf), columns: input.columns })

/** Keys and sets of GROUP BY; null: no aggregation at all. `values`: everything above it. */
function groupingOf(
  scope: Scope, query: SelectQuery, values: readonly Resolved[], above: readonly Resolved[],
): Grouping & { readonly below: readonly Resolved[] } | null {
  const { groupBy } = query
  if (groupBy === null && above.every((value) => aggregateIn(value) === null)) return null
  const resolved = (expr: Expression) => elementsOf(positional(scope, expr, values))
  const lists = groupBy?.sets?.map((list) => list.flatMap(resolved)) ?? null
  const keys = groupBy === null ? []
    : groupBy.all ? values.flatMap(partsWithoutAggregates)
      : lists === null ? groupBy.keys.flatMap(resolved) : lists.flat()
  for (const key of keys) refuseAggregates(key, 'GROUP BY')
  return {
    keys, values: above, hasEmptySet: lists?.some((list) => list.length === 0) ?? false,
    isGrouped: groupBy !== null && (keys.length > 0 || !groupBy.totals),
    sets: groupBy === null || !hasSets(groupBy) ? null : (keyCount, numberOf) => setsOf(groupBy, keyCount,
      (lists ?? []).map((list) => list.map(numberOf).filter((number) => number >= 0))),
    below: [...keys, ...above.flatMap(argumentsIn)],
  }
}

/** Do the grouping sets of the query leave NULL in the keys that they leave out? */
function keysMayBeNull({ analysis }: Scope, { groupBy }: SelectQuery): boolean {
  return groupBy !== null && hasSets(groupBy) && analysis.isSet('group_by_use_nulls')
}

const hasSets = (groupBy: GroupBy): boolean => groupBy.rollup || groupBy.cube || groupBy.sets !== null

/** What the query groups by. */
function keysOf(scope: Scope, { groupBy }: SelectQuery, values: readonly Resolved[]): readonly Resolved[] {
  if (groupBy === null) return []
  if (groupBy.all) return values.flatMap(partsWithoutAggregates)
  return (groupBy.sets?.flat() ?? groupBy.keys).flatMap((expr) => elementsOf(positional(scope, expr, values)))
}

/** The arguments of all aggregates of a tree. */
function argumentsIn(value: Resolved): readonly Resolved[] {
  return value.kind === 'aggregate' ? value.args : childrenOf(value).flatMap(argumentsIn)
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
  const sorts = orderBy.all ? values.map((value) => ({ value, item: orderBy.items[0] }))
    : orderBy.items.map((item) => ({ value: positional(scope, item.expr as Expression, values), item }))
  return sorts.flatMap((sort) => (sort.value.type === DYNAMIC ? byTypeAndValue(scope, sort) : [sort]))
}

/** Types of a node's columns. */
export const typesOf = (node: PlanNode) => node.columns.map((column) => parseDataType(column.type))
