// Whether the rows that a query makes for a table are all of different sorting keys: then nothing of them
// combines, and nobody need look. So it is where all keys of a GROUP BY are columns of the sorting key, as
// views into tables that combine rows are mostly written.

import { bareType, isNullable } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { TableMeta } from '../../storage/face.ts'
import { combineRule } from '../../storage/merge/combine.ts'
import { changesLoneRows } from '../../storage/merge/combine-values.ts'
import type { AggregateCall, PlanNode, TypedExpr } from '../plan/plan.ts'

type Aggregate = Extract<PlanNode, { op: 'aggregate' }>

/** What a column of a plan is, unchanged: a key of the GROUP BY below (by its number), or an aggregate. */
type Origin = { readonly of: Aggregate; readonly key: number } | { readonly of: Aggregate; readonly call: AggregateCall }

/** Types whose values are different keys where they are different groups; NaNs need not be. */
const EXACT = /^(U?Int\d+|Date(32)?|DateTime(64)?|String|FixedString|UUID|Enum\d+|Bool|IPv[46]|Decimal)$/

/** `root`: the query's plan with the columns of the table (planInto). Also false where a row by itself may be
 * dropped or changed. */
export function hasDistinctKeys(root: PlanNode, table: TableMeta): boolean {
  const rule = combineRule(table)
  if (rule === null || changesLoneRows(table, rule)) return false
  const indexOf = (name: string): number => table.columns.findIndex((column) => column.name === name)
  const keys = table.sortBy.map(indexOf).filter((index) => index >= 0)
    .map((index) => originOf(root, index)).filter((origin) => origin !== null)
  const [first] = keys
  if (first === undefined || keys.some(({ of }) => of !== first.of)) return false
  const given = new Set(keys.map((origin) => ('key' in origin ? origin.key : -1)))
  if (!first.of.keys.every((_, key) => given.has(key) && isExact(first.of.columns[key].type))) return false
  return rule.kind !== 'summing' || keepsLoneRows(root, table, indexOf)
}

/** SummingMergeTree drops rows whose sums are all zero, and adds up maps with a key twice. A count of a group is
 * never zero. */
function keepsLoneRows(root: PlanNode, table: TableMeta, indexOf: (name: string) => number): boolean {
  if (table.columns.some(({ name }) => name.includes('.'))) return false
  const asked = table.engineArgs?.columns ?? []
  const summed = asked.length > 0 ? asked : table.columns.map(({ name }) => name).filter((name) => !table.sortBy.includes(name))
  return summed.some((name) => {
    const origin = originOf(root, indexOf(name))
    return origin !== null && 'call' in origin && isCountOfAll(origin.call)
  })
}

const isCountOfAll = ({ name, combinators, argTypes }: AggregateCall): boolean =>
  name === 'count' && combinators.length === 0 && !argTypes.some((type) => isNullable(parseDataType(type)))

const isExact = (type: string): boolean => EXACT.test(bareType(parseDataType(type)).id)

function originOf(node: PlanNode, index: number): Origin | null {
  if (index < 0) return null
  if (node.op === 'aggregate') {
    return index < node.keys.length ? { of: node, key: index } : { of: node, call: node.aggregates[index - node.keys.length] }
  }
  if (node.op === 'filter') return originOf(node.input, index)
  if (node.op !== 'project') return null
  const from = passed(node.exprs[index])
  return from === null ? null : originOf(node.input, from)
}

/** The number of the column that an expression hands on; null: it makes another value. */
function passed(expr: TypedExpr): number | null {
  if (expr.kind === 'column') return expr.index
  if (expr.kind !== 'call' || expr.name !== 'CAST' || expr.args[0].kind !== 'column') return null
  const [from, to] = [expr.args[0].type, expr.type].map((type) => bareType(parseDataType(type)).name)
  return from === to ? expr.args[0].index : null
}
