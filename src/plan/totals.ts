// WITH TOTALS: one more row, of all rows in one group, with the keys at their defaults. HAVING comes
// before it: only rows of groups that stay count.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { defaultValue } from '../functions/values/values.ts'
import type { Analysis } from './analysis.ts'
import { aggregateRows, type Grouping } from './grouping.ts'
import { joinOf } from './join-node.ts'
import { lower, sourceLeaf, type Leaf } from './lower.ts'
import { allColumns } from './nodes.ts'
import type { PlanNode, TypedExpr } from './plan.ts'
import { childrenOf, isConstant, keyOf, type Resolved } from './resolved.ts'
import type { Item } from './stars.ts'

export type TotalsParts = {
  readonly rows: PlanNode; readonly leaf: Leaf; readonly grouping: Grouping
  readonly having: Resolved | null
  readonly values: readonly Resolved[]; readonly items: readonly Item[]
}

/** The one row, with the columns of the SELECT list. */
export function totalsRows(analysis: Analysis, parts: TotalsParts): PlanNode {
  const { grouping, values, items, having } = parts
  const keys = grouping.keys.filter((key) => !isConstant(key))
  const input = having === null || keys.length === 0 ? parts.rows : staying(analysis, parts, keys, having)
  const plain: Grouping = { ...grouping, keys: [], isGrouped: false, sets: null, hasEmptySet: false, values }
  // Keys are cut out of the values first: what they stand in reads their default.
  const texts = keys.map((key) => keyOf(key, false))
  const kept: Grouping = { ...plain, values: values.flatMap((value) => withoutKeys(value, texts)) }
  const { rows, leaf } = aggregateRows(analysis, input, parts.leaf, kept)
  const defaults: Leaf = (expr) => {
    const number = texts.indexOf(keyOf(expr, false))
    if (number >= 0) {
      const { type } = keys[number]
      return { kind: 'literal', value: defaultValue(type), type: type.name, slot: -1 }
    }
    if (expr.kind === 'grouping') return { kind: 'literal', value: 0, type: 'UInt64', slot: -1 }
    return leaf(expr)
  }
  return {
    op: 'project', input: rows, exprs: values.map((value) => lower(analysis, value, defaults)),
    columns: items.map(({ name }, i) => ({ name, type: values[i].type.name })),
  }
}

/** The totals of FROM (a subquery's), seen through a SELECT that keeps its rows apart. */
export function totalsBelow(
  analysis: Analysis, from: PlanNode, values: readonly Resolved[], items: readonly Item[],
): PlanNode | null {
  const input = analysis.totalsOf.get(from)
  if (input === undefined || !values.every(isRowByRow)) return null
  return {
    op: 'project', input, exprs: values.map((value) => lower(analysis, value, sourceLeaf)),
    columns: items.map(({ name }, i) => ({ name, type: values[i].type.name })),
  }
}

const isRowByRow = (value: Resolved): boolean =>
  value.kind !== 'window' && value.kind !== 'arrayJoin' && childrenOf(value).every(isRowByRow)

/** The totals of one side of a join, the other side at its defaults. */
export function totalsOfJoin(analysis: Analysis, join: PlanNode, left: PlanNode, right: PlanNode): void {
  const input = analysis.totalsOf.get(left) ?? analysis.totalsOf.get(right)
  const width = left.columns.length
  if (input === undefined || join.columns.length !== width + right.columns.length) return
  const isLeft = analysis.totalsOf.has(left)
  analysis.totalsOf.set(join, {
    op: 'project', input, columns: join.columns,
    exprs: join.columns.map(({ type }, i): TypedExpr => {
      const index = isLeft ? i : i - width
      if ((i < width) === isLeft && input.columns[index].type === type) return { kind: 'column', index, type }
      return { kind: 'literal', value: defaultValue(parseDataType(type)), type, slot: -1 }
    }),
  })
}

/** What of a value is no key. */
function withoutKeys(value: Resolved, texts: readonly string[]): readonly Resolved[] {
  if (texts.includes(keyOf(value, false))) return []
  return value.kind === 'call' ? value.args.flatMap((arg) => withoutKeys(arg, texts)) : [value]
}

/** Rows whose group fulfils HAVING. */
function staying(
  analysis: Analysis, { rows, leaf, grouping }: TotalsParts, keys: readonly Resolved[], having: Resolved,
): PlanNode {
  const groups = aggregateRows(analysis, rows, leaf, { ...grouping, keys, sets: null, values: [having] })
  const chosen: PlanNode = {
    op: 'filter', input: groups.rows, condition: lower(analysis, having, groups.leaf),
    columns: groups.rows.columns,
  }
  const width = rows.columns.length
  const conditions = keys.map((key): TypedExpr => ({
    kind: 'call', name: 'isNotDistinctFrom', type: 'UInt8', span: { at: 0, end: 0 },
    args: [lower(analysis, key, leaf), shifted(lower(analysis, key, groups.leaf), width)],
  }))
  const joined = joinOf({
    kind: 'left', strictness: 'semi', left: rows, right: chosen, types: null, asof: null,
    condition: conditions.length === 1 ? conditions[0]
      : { kind: 'call', name: 'and', args: conditions, type: 'UInt8', span: { at: 0, end: 0 } },
  })
  return {
    op: 'project', input: joined, columns: rows.columns,
    exprs: allColumns(joined).slice(0, width),
  }
}

const shifted = (expr: TypedExpr, by: number): TypedExpr =>
  (expr.kind === 'column' ? { ...expr, index: expr.index + by } : expr)
