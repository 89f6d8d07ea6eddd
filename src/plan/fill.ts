// ORDER BY … WITH FILL: bounds and steps in the units of the column (days of a Date, seconds of a
// DateTime, ticks of a DateTime64), and INTERPOLATE.

import { bareType, type DataType, STRING } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { isNumber } from '../functions/values/types.ts'
import type { Expression, InterpolateItem, OrderItem, SelectQuery, WithFill } from '../sql/ast.ts'
import { typedCall } from './calls.ts'
import { literalOf } from './compare.ts'
import { unknownName } from './errors.ts'
import { resolve } from './expressions.ts'
import { foldValue } from './fold.ts'
import { lower, type Leaf } from './lower.ts'
import { allColumns } from './nodes.ts'
import {
  QueryError, type Fill, type FillStep, type PlanNode, type SortKey, type Span, type TypedExpr,
} from './plan.ts'
import { constant, isConstant, type Resolved } from './resolved.ts'
import { sourceOf, type Scope } from './scope.ts'

type Around = {
  readonly sortKeys: readonly SortKey[]; readonly leaf: Leaf; readonly names: readonly string[]
  /** Numbers of the columns that mean the same as a column. */
  readonly sameAs: (column: number) => readonly number[]
}

/** The sorted rows with WITH FILL applied, if it was written. */
export function filled(scope: Scope, query: SelectQuery, input: PlanNode, around: Around): PlanNode {
  const items = query.orderBy?.all === true ? [] : query.orderBy?.items ?? []
  const filling = items.filter((item) => item.fill !== null)
  if (filling.length === 0) return input
  const interpolate = interpolated(scope, query, input, around)
  const fills = filling.map((item) => fillOf(scope, input, items.indexOf(item), item, around))
  if (fills.some(({ column }, i) => fills.findIndex((other) => other.column === column) < i)) {
    throw new QueryError('The same expression stands twice in ORDER BY, each time WITH FILL', filling[1],
      'INVALID_WITH_FILL_EXPRESSION')
  }
  if (fills.length === 1) {
    return { op: 'fill', input, fill: { ...fills[0], interpolate }, columns: input.columns }
  }
  return filledByTurns(input, fills, interpolate)
}

/** Several columns: the first is filled, then for each of its values the next. */
function filledByTurns(
  input: PlanNode, fills: readonly Fill[], interpolate: Fill['interpolate'],
): PlanNode {
  const made = input.columns.length
  const one = (value: number): TypedExpr => ({ kind: 'literal', value, type: 'UInt8', slot: -1 })
  const columns = [...input.columns, { name: '__made', type: 'UInt8' }]
  const marked: PlanNode = { op: 'project', input, columns, exprs: [...allColumns(input), one(0)] }
  const all = fills.reduce((node: PlanNode, fill, i): PlanNode => ({
    op: 'fill', input: node, columns, fill: {
      ...fill, made, interpolate: i === fills.length - 1 ? interpolate : [{ column: made, expr: one(1) }],
    },
  }), marked)
  return {
    op: 'project', input: all, columns: input.columns, exprs: allColumns(all).slice(0, made),
  }
}

function fillOf(
  scope: Scope, input: PlanNode, place: number, item: OrderItem, { sortKeys, sameAs }: Around,
): Fill {
  const { index, descending } = sortKeys[place]
  const type = bareType(parseDataType(input.columns[index].type))
  const bounds = item.fill as WithFill
  const sign = descending ? -1 : 1
  const wrong = (why: string) => new QueryError(why, item, 'INVALID_WITH_FILL_EXPRESSION')
  if (bounds.staleness !== null && bounds.from !== null) {
    throw wrong('STALENESS of WITH FILL cannot be used together with FROM')
  }
  const [from, to] = [bounds.from, bounds.to].map((expr) => numberOf(scope, expr))
  if (from !== null && to !== null && (to - from) * sign < 0) {
    throw wrong('TO of WITH FILL lies before FROM in the direction of ORDER BY')
  }
  if (/^UInt/.test(type.id) && ((from ?? 0) < 0 || (to ?? 0) < 0)) {
    throw wrong(`FROM and TO of WITH FILL cannot be negative for ${type.name}`)
  }
  return {
    column: index, descending, prefix: sortKeys.slice(0, place).map((key) => key.index),
    from: boundOf(scope, bounds.from, type), to: boundOf(scope, bounds.to, type),
    step: stepOf(scope, bounds.step, type, sign, item),
    staleness: bounds.staleness === null ? null : stepOf(scope, bounds.staleness, type, sign, item),
    interpolate: [], copies: sameAs(index), made: null,
  }
}

/** A bound that is a plain number; null: it is none, or none that is known. */
function numberOf(scope: Scope, expr: Expression | null): number | null {
  if (expr === null) return null
  const value = resolve(scope, expr)
  if (!isNumber(bareType(value.type)) || !isConstant(value)) return null
  const number = foldValue(scope.analysis, value)
  return typeof number === 'number' || typeof number === 'bigint' ? Number(number) : null
}

const isFillable = (type: DataType): boolean =>
  isNumber(type) || ['Date', 'Date32', 'DateTime', 'DateTime64'].includes(type.id)

/** FROM or TO as a constant of the column's type. */
function boundOf(scope: Scope, expr: Expression | null, type: DataType): TypedExpr | null {
  if (expr === null) return null
  let value: Resolved = resolve(scope, expr)
  if (!isConstant(value)) {
    throw new QueryError('FROM and TO of WITH FILL are constants', expr,
      'INVALID_WITH_FILL_EXPRESSION')
  }
  if (value.kind === 'literal') {
    value = literalOf(scope.analysis, value, type, expr) ?? value
  }
  if (value.type !== type) {
    value = typedCall(scope.analysis, 'CAST', [value, constant(type.name, STRING)], expr)
  }
  return lower(scope.analysis, value, () => null)
}

const DAY_S = 86_400
const SECONDS: Readonly<Record<string, number>> =
  { Nanosecond: 1e-9, Microsecond: 1e-6, Millisecond: 1e-3,
    Second: 1, Minute: 60, Hour: 3600, Day: DAY_S, Week: 7 * DAY_S }
const MONTHS: Readonly<Record<string, number>> = { Month: 1, Quarter: 3, Year: 12 }

function stepOf(
  scope: Scope, expr: Expression | null, type: DataType, sign: number, item: OrderItem,
): FillStep {
  if (!isFillable(type)) {
    throw new QueryError(`WITH FILL takes numbers, dates and times, not ${type.name}`, item,
      'INVALID_WITH_FILL_EXPRESSION')
  }
  if (expr === null) return { count: sign, unit: 'value' }
  const value = resolve(scope, expr)
  if (value.type.id === 'Interval') return intervalStep(scope, value, type, expr)
  const count = Number(foldValue(scope.analysis, value))
  return checked({ count, unit: 'value' }, sign, expr)
}

/** INTERVAL n unit: toIntervalUnit(n) over a constant. */
function intervalStep(scope: Scope, value: Resolved, type: DataType, expr: Expression): FillStep {
  const count = value.kind === 'call' && value.args.length === 1
    ? Number(foldValue(scope.analysis, value.args[0])) : Number.NaN
  const unit = String(value.type.func)
  if (unit in MONTHS) return checked({ count: count * MONTHS[unit], unit: 'month' }, 0, expr)
  const seconds = SECONDS[unit]
  if (seconds === undefined || isNumber(type)) {
    throw new QueryError(`A step of ${value.type.name} does not fit a column of ${type.name}`, expr,
      'INVALID_WITH_FILL_EXPRESSION')
  }
  const isDay = type.id === 'Date' || type.id === 'Date32'
  const perUnit = isDay ? seconds / DAY_S : seconds * 10 ** type.precision
  const ticks = Math.round(count * perUnit * 1e6) / 1e6
  if (!Number.isInteger(ticks)) {
    throw new QueryError(`A step of ${count} ${unit.toLowerCase()}s is too small for ${type.name}`, expr,
      'INVALID_WITH_FILL_EXPRESSION')
  }
  return checked({ count: ticks, unit: 'value' }, 0, expr)
}

/** `sign`: of the direction; 0: any. */
function checked(step: FillStep, sign: number, span: Span): FillStep {
  if (Number.isFinite(step.count) && step.count !== 0 && step.count * sign >= 0) return step
  throw new QueryError('STEP of WITH FILL is a constant that leads in the direction of ORDER BY', span,
    'INVALID_WITH_FILL_EXPRESSION')
}

function interpolated(
  scope: Scope, query: SelectQuery, input: PlanNode, { sortKeys, names }: Around,
): Fill['interpolate'] {
  const items = query.orderBy?.interpolate ?? null
  if (items === null) return []
  const keys = new Set(sortKeys.map((key) => key.index))
  if (items.length === 0) {
    return names.flatMap((_, column) => (keys.has(column) ? [] : [{ column, expr: null }]))
  }
  const row = scope.over(sourceOf(
    names.map((name, i) => ({ name, type: parseDataType(input.columns[i].type) })), []))
  row.aliases.clear()
  return items.map((item) => {
    const column = names.indexOf(item.name)
    if (column < 0) throw unknownName('column', item.name, names, item, 'UNKNOWN_IDENTIFIER')
    if (keys.has(column)) {
      throw new QueryError(`Column '${item.name}' stands in ORDER BY: INTERPOLATE cannot set it`, item,
        'INVALID_WITH_FILL_EXPRESSION')
    }
    return { column, expr: item.expr === null ? null : exprOf(row, item, input.columns[column].type) }
  })
}

function exprOf(row: Scope, item: InterpolateItem, type: string): TypedExpr {
  let value = resolve(row, item.expr as Expression)
  if (value.type.name !== type) {
    value = typedCall(row.analysis, 'CAST', [value, constant(type, STRING)], item)
  }
  return lower(row.analysis, value, (expr) =>
    (expr.kind === 'column' ? { kind: 'column', index: expr.index, type: expr.type.name } : null))
}
