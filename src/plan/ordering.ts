// The end of a SELECT: the list and what only ORDER BY and LIMIT BY see, side by side; then DISTINCT,
// ORDER BY, WITH FILL, LIMIT BY and LIMIT over them; then the list alone.

import { bareType, STRING } from '../../storage/column/data-type.ts'
import { isNumber } from '../functions/values/types.ts'
import type { Expression, Limit, OrderItem, SelectQuery } from '../sql/ast.ts'
import { typedCall } from './calls.ts'
import { notYet } from './errors.ts'
import { resolve } from './expressions.ts'
import { filled } from './fill.ts'
import { foldValue } from './fold.ts'
import { literalValue, NULL_TYPE } from './literals.ts'
import { lower, type Leaf } from './lower.ts'
import {
  QueryError, type Count, type OutputColumn, type PlanNode, type SortKey, type TypedExpr,
} from './plan.ts'
import { constant, keyOf, type Resolved } from './resolved.ts'
import type { Scope } from './scope.ts'
import type { Item } from './stars.ts'
import { refuseVariant } from './variants.ts'

export type SortItem = { readonly value: Resolved; readonly item: OrderItem }

/** The keys that stand for a JSON path without a type. ClickHouse sorts such values by the names of their types, those of
 * one type as that type does, and has NULL where the clause says. */
export function byTypeAndValue({ analysis }: Scope, { value, item }: SortItem): SortItem[] {
  const call = (name: string, ...args: Resolved[]): Resolved => typedCall(analysis, name, args, item)
  const type = call('dynamicType', value)
  const numbers = ['Int64', 'UInt64', 'Float64'].map((name) => call('if', call('equals', type, constant(name, STRING)),
    call('accurateCastOrNull', value, constant(name, STRING)), constant(null, NULL_TYPE)))
  const nulls = { value: call('isNull', value), item: { ...item, descending: item.nulls === 'first' } }
  return [nulls, ...[type, ...numbers, call('toString', value)].map((key) => ({ value: key, item }))]
}

/** `1` in GROUP BY, ORDER BY and LIMIT BY is the first of the SELECT list. */
export function positional(scope: Scope, expr: Expression, values: readonly Resolved[]): Resolved {
  if (expr.kind !== 'literal' || expr.type !== 'number' || expr.declared !== undefined || !/^-?\d+$/.test(expr.text)) {
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

/** The number of LIMIT or OFFSET, whatever it is. */
function numberOf(scope: Scope, expr: Expression, clause: string): number {
  const value = resolve(scope, expr)
  const number = value.kind === 'literal' ? value.value : foldValue(scope.analysis, value)
  if (typeof number !== 'number' && typeof number !== 'bigint') {
    throw new QueryError(`${clause} must be a constant number`, expr, 'INVALID_LIMIT_EXPRESSION')
  }
  return Number(number)
}

/** A number of rows, of rows from the end, or a share of the rows between 0 and 1. */
function checkLimit(number: number | null, expr: Expression | null, clause: string): void {
  if (number === null || Number.isInteger(number) || (number > 0 && number < 1)) return
  throw new QueryError(`${clause} is a whole number, or a share of the rows between 0 and 1, not ${number}`,
    expr, 'INVALID_LIMIT_EXPRESSION')
}

const isCount = (number: number): boolean => Number.isInteger(number) && number >= 0

/** What is a number only when the query runs: it hangs on a subquery. */
function countAtRun(scope: Scope, expr: Expression): Count | null {
  const value = resolve(scope, expr)
  if (value.kind === 'literal' || !isNumber(bareType(value.type))) return null
  const lowered = lower(scope.analysis, value, () => null)
  return readsScalar(lowered) && isOneValue(lowered) ? { value: 0, slot: -1, expr: lowered } : null
}

const readsScalar = (expr: TypedExpr): boolean =>
  expr.kind === 'scalar' || (expr.kind === 'call' && expr.args.some(readsScalar))

const isOneValue = (expr: TypedExpr): boolean => expr.kind === 'literal' || expr.kind === 'scalar'
  || (expr.kind === 'call' && expr.args.every(isOneValue))

/** A whole number from 0. */
function countOf(scope: Scope, expr: Expression, clause: string): Count {
  const number = numberOf(scope, expr, clause)
  if (!isCount(number)) throw notYet(`a negative or fractional ${clause}`, expr)
  const value = resolve(scope, expr)
  const slot = value.kind === 'literal' && value.source >= 0
    ? scope.analysis.slots.useCount(value.source) : -1
  return { value: Number(number), slot }
}

/** A whole number; below 0 it counts from the end of each group, and is one for all calls. */
function countByOf(scope: Scope, expr: Expression, clause: string): Count {
  const number = numberOf(scope, expr, clause)
  if (!Number.isInteger(number) || number >= 0) return countOf(scope, expr, clause)
  const value = resolve(scope, expr)
  if (value.kind === 'literal') scope.analysis.slots.consume(value.source)
  return { value: number, slot: -1 }
}

export type Output = {
  readonly rows: PlanNode; readonly leaf: Leaf; readonly items: readonly Item[]
  readonly values: readonly Resolved[]; readonly sorts: readonly SortItem[]
  readonly limitBy: readonly Resolved[]
}

export function ordered(scope: Scope, query: SelectQuery, output: Output): PlanNode {
  const { analysis } = scope
  const { values, items } = output
  // Behind the SELECT list stand the values that only ORDER BY and LIMIT BY need.
  const all: Resolved[] = [...values]
  const numbers = new Map<string, number>()
  values.forEach((value, i) => {
    const key = keyOf(value, true)
    if (!numbers.has(key)) numbers.set(key, i)
  })
  const place = (value: Resolved): number => {
    const key = keyOf(value, true)
    let number = numbers.get(key)
    if (number === undefined) numbers.set(key, number = all.push(value) - 1)
    return number
  }
  for (const { value, item } of output.sorts) {
    refuseVariant(analysis, value, 'ORDER BY', item)
  }
  const sortKeys = output.sorts.map(({ value, item }): SortKey => ({
    index: place(value), descending: item.descending, nullsFirst: item.nulls === 'first',
    ...collationOf(value, item),
  }))
  const limitByKeys = output.limitBy.map(place)
  const distinctOn = (query.distinctOn ?? [])
    .map((expr) => place(positional(scope, expr, values)))
  const columns: OutputColumn[] = all.map((value, i) =>
    ({ name: items[i]?.name ?? innerName(value, i), type: value.type.name }))
  let node: PlanNode = {
    op: 'project', input: output.rows, columns,
    exprs: all.map((value) => lower(analysis, value, output.leaf)),
  }
  if (query.distinct) node = distinctRows(node, values.length)
  if (sortKeys.length > 0) node = { op: 'sort', input: node, keys: sortKeys, limit: null, columns }
  node = filled(scope, query, node, { sortKeys, leaf: output.leaf, names: items.map(({ name }) => name),
    sameAs: (column) => all.flatMap((value, i) =>
      (i !== column && keyOf(value, true) === keyOf(all[column], true) ? [i] : [])),
  })
  if (query.distinctOn !== null) node = firstOfEach(node, distinctOn)
  if (query.limitBy !== null) {
    node = {
      op: 'limit-by', input: node, keys: limitByKeys, columns,
      limit: countByOf(scope, query.limitBy.limit, 'LIMIT BY'),
      offset: query.limitBy.offset === null ? { value: 0, slot: -1 }
        : countByOf(scope, query.limitBy.offset, 'OFFSET'),
    }
  }
  if (query.limit !== null) node = limited(scope, query.limit, node, sortKeys)
  return firstColumns(node, values.length)
}

/** COLLATE 'de': of texts only, and a language that there is. */
function collationOf(value: Resolved, { collate }: OrderItem): { readonly collate?: string } {
  if (collate === null) return {}
  const bare = bareType(value.type)
  if (bare.id !== 'String') {
    throw new QueryError(`COLLATE orders texts, not ${value.type.name}`, collate, 'BAD_COLLATION')
  }
  const name = String(literalValue(collate).value)
  if (isCollation(name)) return { collate: name.replaceAll('_', '-') }
  throw new QueryError(`Unknown language '${name}' in COLLATE: write one such as 'en' or 'de'`, collate,
    'UNSUPPORTED_COLLATION_LOCALE')
}

function isCollation(name: string): boolean {
  try {
    return Intl.Collator.supportedLocalesOf(name.replaceAll('_', '-')).length > 0
  } catch {
    return false
  }
}

/** LIMIT: from the front by numbers of the call; or from the end, by a share of the rows, with the rows
 * that are equal to the last one, which all rows must be known for. */
function limited(
  scope: Scope, { limit, offset, withTies }: Limit, input: PlanNode, sortKeys: readonly SortKey[],
): PlanNode {
  const { columns } = input
  const computed = withTies ? [null, null]
    : [limit, offset].map((expr) => (expr === null ? null : countAtRun(scope, expr)))
  if (computed.some((count) => count !== null)) {
    return {
      op: 'limit', input, columns,
      limit: computed[0] ?? (limit === null ? null : countOf(scope, limit, 'LIMIT')),
      offset: computed[1] ?? (offset === null ? null : countOf(scope, offset, 'OFFSET')),
    }
  }
  const numbers = [limit, offset].map((expr, i) =>
    (expr === null ? null : numberOf(scope, expr, i === 0 ? 'LIMIT' : 'OFFSET')))
  if (!withTies && numbers.every((number) => number === null || isCount(number))) {
    return {
      op: 'limit', input, columns,
      limit: limit === null ? null : countOf(scope, limit, 'LIMIT'),
      offset: offset === null ? null : countOf(scope, offset, 'OFFSET'),
    }
  }
  checkLimit(numbers[0], limit, 'LIMIT')
  checkLimit(numbers[1], offset, 'OFFSET')
  const [first, second] = numbers.map((number) => number ?? 0)
  if ((first < 0 && !Number.isInteger(second)) || (!Number.isInteger(first) && second < 0)) {
    throw notYet('a negative number beside a share of the rows in LIMIT and OFFSET', offset ?? { at: 0, end: 0 })
  }
  for (const expr of [limit, offset]) {
    if (expr === null) continue
    const value = resolve(scope, expr)
    if (value.kind === 'literal') scope.analysis.slots.consume(value.source)
  }
  if (withTies && sortKeys.length === 0) {
    throw new QueryError('LIMIT WITH TIES needs ORDER BY', limit, 'WITH_TIES_WITHOUT_ORDER_BY')
  }
  return {
    op: 'limit-share', input, columns, limit: numbers[0], offset: numbers[1] ?? 0,
    ties: withTies ? sortKeys : null,
  }
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
