// IN: the right side becomes a set of the plan, either literal rows converted to the types of the
// left side, or the rows of a subquery. Items that no value of the type equals never match and are
// left out; so is NULL.

import {
  bareType, isNullable, lowCardinalityOf, nullableOf, STRING, UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import { isNumber, leastSupertype } from '../functions/types.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { literalOf, typedComparison } from './compare.ts'
import { withSpan } from './errors.ts'
import { foldValue } from './fold.ts'
import { QueryError, type PlanNode, type Span, type TypedExpr, type Value } from './plan.ts'
import { isConstant, type Resolved } from './resolved.ts'

/** `exprs IN (rows)`: one value of each row per expression on the left. */
export function typedInList(
  analysis: Analysis, exprs: readonly Resolved[], rows: readonly (readonly Resolved[])[],
  negated: boolean, span: Span,
): Resolved {
  for (const row of rows) {
    if (row.length !== exprs.length) {
      throw new QueryError(`IN: the left side has ${exprs.length} values, an item of the list has `
        + `${row.length}`, span, 'INCORRECT_ELEMENT_OF_SET')
    }
  }
  if (!rows.every((row) => row.every((cell) => isKnown(analysis, cell)))) {
    return anyEqual(analysis, exprs, rows, negated, span)
  }
  const types = exprs.map((expr) => bareType(expr.type))
  const values: Value[][] = []
  const slots: number[][] = []
  for (const row of rows) {
    const cells = row.map((cell, i) => cellOf(analysis, cell, types[i], span))
    if (cells.some((cell) => cell === null)) continue
    values.push(cells.map((cell) => (cell as Cell).value))
    slots.push(cells.map((cell) => (cell as Cell).slot))
  }
  const set = analysis.addSet({
    kind: 'list', types: types.map((type) => type.name), rows: values, slots,
  })
  return { kind: 'in', exprs, set, negated, type: inType(exprs), span }
}

const isKnown = (analysis: Analysis, cell: Resolved): boolean => cell.kind === 'literal'
  || (isConstant(cell) && foldValue(analysis, cell) !== undefined)

type Cell = { readonly value: Value; readonly slot: number }

function cellOf(analysis: Analysis, expr: Resolved, type: DataType, span: Span): Cell | null {
  const literal = expr.kind === 'literal' ? expr : {
    kind: 'literal' as const, value: foldValue(analysis, expr) ?? null, type: expr.type, slot: -1,
    source: -1,
  }
  // ClickHouse reads a number as a text where the left side is a text.
  const asText = type.id === 'String' && typeof literal.value === 'number'
    ? { ...literal, value: String(literal.value) } : literal
  const fitted = literalOf(analysis, asText, type, span)
  if (fitted === null || fitted.value === null) return null
  return { value: fitted.value, slot: fitted.slot }
}

/** Items that only the run knows (`IN (today(), x)`): comparisons one by one. */
function anyEqual(
  analysis: Analysis, exprs: readonly Resolved[], rows: readonly (readonly Resolved[])[],
  negated: boolean, span: Span,
): Resolved {
  const tests = rows.map((row) => {
    const cells = row.map((cell, i) => typedComparison(analysis, 'equals', exprs[i], cell, span))
    return cells.length === 1 ? cells[0] : typedCall(analysis, 'and', cells, span)
  })
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
  // A column that is a tuple is compared with the columns of the subquery, element by element.
  const exprs = left.length === 1 && rowTypes.length > 1 && left[0].type.id === 'Tuple'
    ? left[0].type.args.map((_, i) => element(analysis, left[0], i, span)) : left
  if (exprs.length !== rowTypes.length) {
    throw new QueryError(`IN: the left side has ${exprs.length} values, the subquery `
      + `${rowTypes.length} columns`, span, 'NUMBER_OF_COLUMNS_DOESNT_MATCH')
  }
  const common = exprs.map((expr, i) => {
    const [own, other] = [bareType(expr.type), bareType(rowTypes[i])]
    return isNumber(own) && isNumber(other) ? own
      : withSpan(span, () => bareType(leastSupertype([own, other])))
  })
  const set = analysis.addSet({
    kind: 'plan', types: common.map((type) => type.name), plan: castColumns(plan, common.map(
      (type, i) => setType(bareType(rowTypes[i]), type, rowTypes[i])), span, true),
  })
  const sides = exprs.map((expr, i) => (bareType(expr.type) === common[i] ? expr
    : cast(expr, isNullable(expr.type) ? nullableOf(common[i]) : common[i], span)))
  return { kind: 'in', exprs: sides, set, negated, type: inType(exprs), span }
}

/** The type of a set's column: as it is where only NULL or LowCardinality differ; numbers that may
 * not fit become NULL. */
function setType(own: DataType, wanted: DataType, full: DataType): DataType {
  if (own === wanted) return full
  return isNullable(full) || isNumber(wanted) ? nullableOf(wanted) : wanted
}

function element(analysis: Analysis, tuple: Resolved, index: number, span: Span): Resolved {
  const number: Resolved = { kind: 'literal', value: index + 1, type: UINT8, slot: -1, source: -1 }
  return typedCall(analysis, 'tupleElement', [tuple, number], span)
}

/** CAST(expr, 'type') whose type is known. */
function cast(expr: Resolved, type: DataType, span: Span): Resolved {
  const text: Resolved = {
    kind: 'literal', value: type.name, type: STRING, slot: -1, source: -1,
  }
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
      const isNumeric = isExact && isNumber(bareType(type))
      const wanted = isNumeric ? bareType(type).name : type.name
      return {
        kind: 'call', name: isNumeric ? 'accurateCastOrNull' : 'CAST', type: type.name, span,
        args: [column, { kind: 'literal', value: wanted, type: STRING.name, slot: -1 }],
      }
    }),
    columns: types.map((type, i) => ({ name: input.columns[i].name, type: type.name })),
  }
}
