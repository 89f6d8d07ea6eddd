// IN: the right side becomes a set of the plan, either literal rows converted to the types of the
// left side, or the rows of a subquery. Items that no value of the type equals never match and are
// left out; so is NULL.

import {
  bareType, DYNAMIC, isNullable, lowCardinalityOf, NOTHING, nullableOf, STRING, UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { FunctionError } from '../functions/values/function.ts'
import { isClock, isNumber, isString, isTemporal, leastSupertype, nullableIfPossible } from '../functions/values/types.ts'
import { shrink } from '../functions/values/parse-value.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { literalOf, typedComparison } from './compare.ts'
import { notYet } from './errors.ts'
import { NULL_TYPE } from './literals.ts'
import { foldValue } from './fold.ts'
import { QueryError, type PlanNode, type Span, type TypedExpr } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { constant, isConstant, type Resolved } from './resolved.ts'
import { callOverVariant } from './variants.ts'

/** `exprs IN (rows)`: one value of each row per expression on the left. */
export function typedInList(
  analysis: Analysis, exprs: readonly Resolved[], rows: readonly (readonly Resolved[])[],
  negated: boolean, span: Span,
): Resolved {
  const [first] = exprs
  if (exprs.length === 1 && isVariant(first.type)) return inVariant(analysis, first, rows, negated, span)
  refuseDynamicSides(exprs, span)
  for (const row of rows) {
    if (row.length !== exprs.length) {
      throw new QueryError(`IN: the left side has ${exprs.length} values, an item of the list has `
        + `${row.length}`, span, 'INCORRECT_ELEMENT_OF_SET')
    }
  }
  if (analysis.isAlone || !rows.every((row) => row.every((cell) => isKnown(analysis, cell)))) {
    return anyEqual(analysis, exprs, rows, negated, span)
  }
  const types = exprs.map((expr) => bareType(expr.type))
  const isWithNull = exprs.length === 1 && mayBeNull(exprs[0])
  if (isWithNull && analysis.isSet('transform_null_in')) {
    const hasNull = rows.some(([cell]) => cell.kind === 'literal' && cell.value === null)
    return withNull(analysis, exprs[0], constant(hasNull ? 1 : 0), negated, span, () =>
      inSet(analysis, exprs, rows, types, span))
  }
  // NULL is in no list, nor is it out of one.
  if (isWithNull && types[0].id === 'Nothing') return constant(null, NULL_TYPE)
  return inSet(analysis, exprs, rows, types, span, negated)
}

/** The values of each alternative among the items of its kind. */
function inVariant(
  analysis: Analysis, value: Resolved, rows: readonly (readonly Resolved[])[], negated: boolean, span: Span): Resolved {
  const known = rows.filter(([item]) => bareType(item.type).id !== 'Nothing')
  return overAlternatives(analysis, value, negated, span, (part) => {
    const alike = known.filter(([item]) => isAlike(item.type, part.type))
    return alike.length === 0 ? constant(negated ? 1 : 0) : typedInList(analysis, [part], alike, negated, span)
  })
}

/** A number is no text. */
const isAlike = (a: DataType, b: DataType): boolean => isNumber(bareType(a)) === isNumber(bareType(b))
  && isString(bareType(a)) === isString(bareType(b))

/** IN of a Variant: `among` says it of an alternative. */
function overAlternatives(
  analysis: Analysis, value: Resolved, negated: boolean, span: Span, among: (part: Resolved) => Resolved): Resolved {
  const result = callOverVariant(analysis, negated ? 'notIn' : 'in', [value], span, (_analysis, name, args) =>
    (name === 'in' || name === 'notIn' ? among(args[0]) : typedCall(analysis, name, args, span)))
  return result ?? among(value)
}

/** A set has one type. */
function refuseDynamicSides(exprs: readonly Resolved[], span: Span): void {
  for (const { type } of exprs) {
    if (isVariant(type)) throw notYet(`IN of ${type.name} here: choose one of its types, as in v.String`, span)
  }
  if (!exprs.some(({ type }) => type === DYNAMIC || bareType(type).id === 'JSON')) return
  throw new QueryError('IN takes no JSON path without a type: write it, such as j.a::Int64', span, 'ILLEGAL_TYPE_OF_ARGUMENT')
}

const mayBeNull = (expr: Resolved): boolean => isNullable(expr.type)

/** transform_null_in: NULL is in a set that has NULL. */
function withNull(
  analysis: Analysis, expr: Resolved, hasNull: Resolved, negated: boolean, span: Span,
  plain: () => Resolved,
): Resolved {
  const found = bareType(expr.type).id === 'Nothing' ? hasNull : typedCall(analysis, 'if', [
    typedCall(analysis, 'isNull', [expr], span), hasNull,
    typedCall(analysis, 'ifNull', [plain(), constant(0)], span),
  ], span)
  return negated ? typedCall(analysis, 'not', [found], span) : found
}

/** Does a column of a query hold NULL? */
function nullIn(analysis: Analysis, input: PlanNode, span: Span): Resolved {
  const [{ type }] = input.columns
  if (!isNullable(parseDataType(type))) return constant(0)
  const column: TypedExpr = { kind: 'column', index: 0, type }
  const found: PlanNode = {
    op: 'aggregate', keys: [], columns: [{ name: 'max', type: 'UInt8' }],
    input: {
      op: 'project', input, columns: [{ name: 'isNull', type: 'UInt8' }],
      exprs: [{ kind: 'call', name: 'isNull', args: [column], type: 'UInt8', span }],
    },
    aggregates: [{
      name: 'max', combinators: [], parameters: [], args: [0], argTypes: ['UInt8'], type: 'UInt8', span,
    }],
  }
  const type8 = nullableOf(UINT8)
  const scalar: Resolved = { kind: 'scalar', scalar: analysis.addScalar(found, type8.name), type: type8 }
  return typedCall(analysis, 'ifNull', [scalar, constant(0)], span)
}

/** The plain meaning of IN over literal rows: those with NULL match nothing. */
function inSet(
  analysis: Analysis, exprs: readonly Resolved[], rows: readonly (readonly Resolved[])[],
  types: readonly DataType[], span: Span, negated = false,
): Resolved {
  const values: Value[][] = []
  const slots: number[][] = []
  const isOne = exprs.length === 1 && types[0].id === 'Tuple'
  for (const row of rows) {
    refuseUnlike(row, types, span)
    const cells = row.map((cell, i) => cellOf(analysis, cell, types[i], span))
    if (cells.some((cell) => cell === null || (isOne && isWithoutAll(cell.value)))) continue
    values.push(cells.map((cell) => (cell as Cell).value))
    slots.push(cells.map((cell) => (cell as Cell).slot))
  }
  const set = analysis.addSet({
    kind: 'list', types: types.map((type) => type.name), rows: values, slots,
  })
  return { kind: 'in', exprs, set, negated, type: inType(exprs), span }
}

/** Whether some element of a tuple is NULL: where the set is of tuples alone, each is as a row. */
const isWithoutAll = (value: Value): boolean => Array.isArray(value) && value.includes(null)

/** A single value is no list, nor the other way round. */
function refuseUnlike(row: readonly Resolved[], types: readonly DataType[], span: Span): void {
  row.forEach(({ type }, i) => {
    const isList = types[i].id === 'Array' || types[i].id === 'Map'
    if (isList && !['Array', 'Map', 'Nothing', 'String'].includes(bareType(type).id)) {
      throw new QueryError(`IN compares ${types[i].name} with ${type.name}: write a list of such values`,
        span, 'TYPE_MISMATCH')
    }
  })
}

const isKnown = (analysis: Analysis, cell: Resolved): boolean => cell.kind === 'literal'
  || (isConstant(cell) && foldValue(analysis, cell) !== undefined)

/** Types whose texts in IN must be values of them. */
const ONLY_VALUES: Readonly<Record<string, string>> = { UUID: 'CANNOT_PARSE_UUID', IPv6: 'CANNOT_PARSE_IPV6' }

type Cell = { readonly value: Value; readonly slot: number }

/** Days, moments, times and Decimals: constants of them are counted in units of their own type. */
const hasUnits = (type: DataType): boolean => isTemporal(type) || isClock(type) || type.id === 'Decimal'
const hasDigits = ({ id }: DataType): boolean => id === 'DateTime64' || id === 'Time64' || id === 'Decimal'

/** A constant of such a type as a value of another; undefined: one of them is none. */
function unitsCell(analysis: Analysis, expr: Resolved, type: DataType, span: Span): Cell | null | undefined {
  const own = bareType(expr.type)
  if (!hasUnits(type) || !hasUnits(own)) return undefined
  if (hasDigits(own) && !hasDigits(type)) {
    throw new QueryError(`IN compares ${type.name} with ${own.name}: write a list of such values`, span, 'TYPE_MISMATCH')
  }
  if (own.id === 'Decimal' && type.id === 'Decimal') return decimalCell(foldValue(analysis, expr) ?? null, own, type)
  const cast = own === type ? expr : typedCall(analysis, 'CAST', [expr, constant(type.name, STRING)], span)
  const value = foldValue(analysis, cast) ?? null
  return value === null ? null : { value, slot: -1 }
}

/** A Decimal of another scale; null: it has digits beyond it, or too many. */
function decimalCell(value: Value, own: DataType, type: DataType): Cell | null {
  if (value === null) return null
  const factor = 10n ** BigInt(Math.abs(type.scale - own.scale))
  const ticks = BigInt(Number.isInteger(value) ? Number(value) : value as bigint)
  if (type.scale < own.scale && ticks % factor !== 0n) return null
  const scaled = type.scale < own.scale ? ticks / factor : ticks * factor
  const size = scaled < 0n ? -scaled : scaled
  return size >= 10n ** BigInt(type.precision) ? null : { value: shrink(scaled), slot: -1 }
}

function cellOf(analysis: Analysis, expr: Resolved, type: DataType, span: Span): Cell | null {
  const cell = unitsCell(analysis, expr, type, span)
  if (cell !== undefined) return cell
  const literal = expr.kind === 'literal' ? expr : {
    kind: 'literal' as const, value: foldValue(analysis, expr) ?? null, type: expr.type, slot: -1,
    source: -1,
  }
  // ClickHouse reads a number as a text where the left side is a text.
  const isRead = type.id === 'String' && typeof literal.value === 'number'
  if (isRead) analysis.slots.consume(literal.source)
  const asText = isRead ? { ...literal, value: String(literal.value), source: -1 } : literal
  const fitted = literalOf(analysis, asText, type, span)
  if (fitted === null && typeof literal.value === 'string' && Object.hasOwn(ONLY_VALUES, type.id)) {
    throw new QueryError(`Cannot parse '${literal.value.slice(0, 60)}' as ${type.id}`, span, ONLY_VALUES[type.id])
  }
  if (fitted === null || fitted.value === null) return null
  return { value: fitted.value, slot: fitted.slot }
}

/** Items that only the run knows (`IN (today(), x)`): comparisons one by one. */
function anyEqual(
  analysis: Analysis, exprs: readonly Resolved[], rows: readonly (readonly Resolved[])[],
  negated: boolean, span: Span,
): Resolved {
  const isNull = (cell: Resolved): boolean => cell.kind === 'literal' && cell.value === null
  const tests = rows.filter((row) => !row.some(isNull)).map((row) => {
    const cells = row.map((cell, i) => typedComparison(analysis, 'equals', exprs[i], cell, span))
    return cells.length === 1 ? cells[0] : typedCall(analysis, 'and', cells, span)
  })
  if (tests.length === 0) return constant(negated ? 1 : 0)
  const any = tests.length === 1 ? tests[0] : typedCall(analysis, 'or', tests, span)
  return negated ? typedCall(analysis, 'not', [any], span) : any
}

/** UInt8, Nullable and LowCardinality as the one expression on the left is. */
function inType(exprs: readonly Resolved[]): DataType {
  if (exprs.length !== 1) return UINT8
  const { type } = exprs[0]
  const result = isNullable(type) ? nullableOf(UINT8) : UINT8
  return type.id === 'LowCardinality' && !isConstant(exprs[0]) ? lowCardinalityOf(result) : result
}

/** `left IN (subquery)`: the subquery's numbers become those of the left side (what is none of them
 * never matches); other types that differ are cast to a common one. */
export function typedInPlan(
  analysis: Analysis, left: readonly Resolved[], plan: PlanNode, rowTypes: readonly DataType[],
  negated: boolean, span: Span,
): Resolved {
  const [first] = left
  if (left.length === 1 && rowTypes.length === 1 && isVariant(first.type) && !isVariant(rowTypes[0])) {
    return overAlternatives(analysis, first, negated, span, (part) => typedInPlan(analysis, [part], plan, rowTypes, negated, span))
  }
  refuseDynamicSides(left, span)
  if (left.length === 1 && rowTypes.length === 1 && mayBeNull(left[0])
    && analysis.isSet('transform_null_in')) {
    const plain = () => inRows(analysis, left, plan, rowTypes, false, span)
    return withNull(analysis, left[0], nullIn(analysis, plan, span), negated, span, plain)
  }
  return inRows(analysis, left, plan, rowTypes, negated, span)
}

function inRows(
  analysis: Analysis, left: readonly Resolved[], plan: PlanNode, rowTypes: readonly DataType[],
  negated: boolean, span: Span,
): Resolved {
  // A column that is a tuple is compared with the columns of the subquery, element by element.
  const exprs = left.length === 1 && rowTypes.length > 1 && bareType(left[0].type).id === 'Tuple'
    ? bareType(left[0].type).args.map((_, i) => element(analysis, left[0], i, span)) : left
  if (exprs.length !== rowTypes.length) {
    throw new QueryError(`IN: the left side has ${exprs.length} values, the subquery `
      + `${rowTypes.length} columns`, span, 'NUMBER_OF_COLUMNS_DOESNT_MATCH')
  }
  const common = exprs.map((expr, i) => {
    const [own, other] = [bareType(expr.type), bareType(rowTypes[i])]
    if (isNumber(own) && isNumber(other)) return own
    // A moment is in a set of days where its day is.
    return /^DateTime/.test(own.id) && /^Date(32)?$/.test(other.id) ? other : commonOrOwn(own, other)
  })
  const set = analysis.addSet({
    kind: 'plan', types: common.map((type) => type.name), plan: castColumns(plan, common.map(
      (type, i) => setType(bareType(rowTypes[i]), type, rowTypes[i])), span, true),
  })
  const sides = exprs.map((expr, i) => (bareType(expr.type) === common[i] ? expr
    : cast(expr, isNullable(expr.type) ? nullableOf(common[i]) : common[i], span)))
  const type = inType(exprs)
  const found: Resolved = {
    kind: 'in', exprs: sides, set, negated, span,
    type: type.id === 'LowCardinality' ? type.args[0] : type,
  }
  if (exprs === left || !isNullable(left[0].type)) return found
  const isMissing = typedCall(analysis, 'isNull', [left[0]], span)
  return typedCall(analysis, 'if', [isMissing, constant(null, nullableOf(NOTHING)), found], span)
}

/** Types without a common one: what of the other is a value of the own counts. */
function commonOrOwn(own: DataType, other: DataType): DataType {
  try {
    return bareType(leastSupertype([own, other]))
  } catch (error) {
    if (error instanceof FunctionError) return own
    throw error
  }
}

/** The type of a set's column: as it is where only NULL or LowCardinality differ; numbers that may
 * not fit become NULL. */
function setType(own: DataType, wanted: DataType, full: DataType): DataType {
  if (own === wanted) return full
  return isNullable(full) || isNumber(wanted) || !isSafe(own, wanted) ? nullableIfPossible(wanted) : wanted
}

/** Does every value of a type have one in the other? */
const isSafe = (own: DataType, wanted: DataType): boolean => commonOrOwn(own, wanted) === wanted
  && commonOrOwn(wanted, own) === wanted

function element(analysis: Analysis, tuple: Resolved, index: number, span: Span): Resolved {
  const number: Resolved = constant(index + 1)
  return typedCall(analysis, 'tupleElement', [tuple, number], span)
}

/** CAST(expr, 'type') whose type is known. */
function cast(expr: Resolved, type: DataType, span: Span): Resolved {
  const text: Resolved = constant(type.name, STRING)
  return { kind: 'call', name: 'CAST', args: [expr, text], type, span, isVolatile: false }
}

/** The same rows with columns of other types. `isExact`: numbers that the type does not hold become
 * NULL, instead of wrapping around. */
export function castColumns(
  input: PlanNode, types: readonly DataType[], span: Span, isExact = false,
): PlanNode {
  if (types.every((type, i) => type.name === input.columns[i].type)) return input
  return {
    op: 'project', input,
    exprs: types.map((type, index): TypedExpr => {
      const column = { kind: 'column' as const, index, type: input.columns[index].type }
      if (type.name === column.type) return column
      const isNumeric = isExact && (isNumber(bareType(type))
        || (isNullable(type) && !isSafe(bareType(parseDataType(column.type)), bareType(type))))
      const wanted = isNumeric ? bareType(type).name : type.name
      return {
        kind: 'call', name: isNumeric ? 'accurateCastOrNull' : 'CAST', type: type.name, span,
        args: [column, { kind: 'literal', value: wanted, type: STRING.name, slot: -1 }],
      }
    }),
    columns: types.map((type, i) => ({ name: input.columns[i].name, type: type.name })),
  }
}
