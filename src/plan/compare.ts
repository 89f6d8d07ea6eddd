// Comparisons with literals: the literal becomes a value of the other side's type, so that
// `timestamp >= '2024-01-01'` compares numbers, and the value of a call stays a slot.

import {
  bareType, DYNAMIC, FLOAT64, INT64, isNullable, STRING, UINT64, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { isClock, isNumber, nullableIfPossible } from '../functions/values/types.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { QueryError, type Span } from './plan.ts'
import { constant, type Literal, type Resolved } from './resolved.ts'
import { convertValue } from './values.ts'
import { callOverVariant } from './variants.ts'

export const COMPARISONS: ReadonlySet<string> = new Set([
  'equals', 'notEquals', 'less', 'greater', 'lessOrEquals', 'greaterOrEquals',
  'isNotDistinctFrom', 'isDistinctFrom'])

/** Types whose literals are written as texts. */
const WRITTEN_AS_TEXT: ReadonlySet<string> = new Set([
  'Date', 'Date32', 'DateTime', 'DateTime64', 'Time', 'Time64', 'Enum8', 'Enum16', 'Decimal', 'Bool'])

/** `a op b`, literals converted to the type of the other side. */
export function typedComparison(
  analysis: Analysis, name: string, left: Resolved, right: Resolved, span: Span,
): Resolved {
  const apart = callOverVariant(analysis, name, [left, right], span, typed)
  if (apart !== null) return apart
  if (left.type === DYNAMIC || right.type === DYNAMIC) {
    return comparedDynamic(analysis, name, left, right, span)
  }
  if (hasNullElement(left.type, right.type) && name in LAST_OF) return comparedTuples(analysis, name, left, right, span)
  // Of two literals the one that is a slot fits itself to the other.
  if (left.kind === 'literal' && (right.kind !== 'literal' || left.source >= 0)) {
    return compared(analysis, name, fitted(analysis, left, right, span), right, span)
  }
  if (right.kind === 'literal' && (left.kind !== 'literal' || right.source >= 0)) {
    return compared(analysis, name, left, fitted(analysis, right, left, span), span)
  }
  return typedCall(analysis, name, [left, right], span)
}

const typed = (analysis: Analysis, name: string, args: readonly Resolved[], span: Span): Resolved =>
  (COMPARISONS.has(name) ? typedComparison(analysis, name, args[0], args[1], span) : typedCall(analysis, name, args, span))

/** What decides between the last elements of two tuples, and between those before. */
const LAST_OF: Readonly<Record<string, readonly [last: string, before: string]>> = {
  equals: ['equals', 'equals'], notEquals: ['notEquals', 'notEquals'], less: ['less', 'less'], greater: ['greater', 'greater'],
  lessOrEquals: ['lessOrEquals', 'less'], greaterOrEquals: ['greaterOrEquals', 'greater'],
}

/** Are both tuples of one size, and may an element be NULL? */
function hasNullElement(left: DataType, right: DataType): boolean {
  return left.id === 'Tuple' && right.id === 'Tuple' && left.args.length === right.args.length && left.args.length > 0
    && [...left.args, ...right.args].some((arg) => isNullable(arg) || (arg.id === 'Tuple' && hasNullElement(arg, arg)))
}

/** Tuples with NULLs element by element: NULL where only what NULL stands for would decide. */
function comparedTuples(analysis: Analysis, name: string, left: Resolved, right: Resolved, span: Span): Resolved {
  const call = (of: string, args: readonly Resolved[]) => typedCall(analysis, of, args, span)
  const element = (tuple: Resolved, i: number): Resolved => (tuple.kind === 'call' && tuple.name === 'tuple' ? tuple.args[i]
    : call('tupleElement', [tuple, constant(i + 1)]))
  const compare = (of: string, i: number): Resolved =>
    typedComparison(analysis, of, element(left, i), element(right, i), span)
  const [last, before] = LAST_OF[name]
  let i = left.type.args.length - 1
  let whole = compare(last, i)
  for (i--; i >= 0; i--) {
    if (name === 'equals') whole = call('and', [compare('equals', i), whole])
    else if (name === 'notEquals') whole = call('or', [compare('notEquals', i), whole])
    else whole = call('or', [compare(before, i), call('and', [compare('equals', i), whole])])
  }
  return whole
}

/** A value of a JSON path is compared in the type of the other side, numbers as doubles. */
function comparedDynamic(
  analysis: Analysis, name: string, left: Resolved, right: Resolved, span: Span): Resolved {
  const other = bareType(left.type === DYNAMIC ? right.type : left.type)
  const type = nullableIfPossible(isNumber(other) ? FLOAT64 : other === DYNAMIC ? STRING : other)
  const to: Resolved = constant(bareType(type).name, STRING)
  const [a, b] = [left, right].map((side) => (side.type === DYNAMIC
    ? typedCall(analysis, 'accurateCastOrNull', [side, to], span) : side))
  return typedComparison(analysis, name, a, b, span)
}

/** A string stands for a text that is no value of the other side's type: texts are compared. */
function compared(
  analysis: Analysis, name: string, left: Resolved | string, right: Resolved | string, span: Span,
): Resolved {
  const text = typeof left === 'string' ? left : typeof right === 'string' ? right : null
  if (text === null) return typedCall(analysis, name, [left as Resolved, right as Resolved], span)
  const { id, name: typeName } = bareType((typeof left === 'string' ? right as Resolved : left as Resolved).type)
  const isOrder = id.startsWith('Enum') && name in LAST_OF && name !== 'equals'
  if (isOrder && name === 'notEquals') throw new QueryError(`'${text}' is no element of ${typeName}`, span, 'UNKNOWN_ELEMENT_OF_ENUM')
  // What is no element lies neither before nor behind one: nothing is found, as by equality.
  if (isOrder) return compared(analysis, 'equals', left, right, span)
  const sides = [left, right].map((side): Resolved => (typeof side === 'string'
    ? constant(side, STRING)
    : typedCall(analysis, 'toString', [side], span)))
  return typedCall(analysis, name, sides, span)
}

/** The literal as the other side needs it; its text where it is no value of that type. */
function fitted(
  analysis: Analysis, literal: Literal, other: Resolved, span: Span,
): Resolved | string {
  const type = bareType(other.type)
  if (typeof literal.value === 'string' && (WRITTEN_AS_TEXT.has(type.id) || isNumber(type))) {
    return literalOf(analysis, literal, type, span) ?? literal.value
  }
  if (literal.source >= 0 && isNumber(type) && isNumber(literal.type)) {
    // Whatever number the next call brings, it must compare exactly.
    const wide = wideType(analysis.slots.infos[literal.source].type)
    return literalOf(analysis, literal, wide, span) ?? literal
  }
  return literal
}

/** The type that holds whatever a parameter of a type may be. */
function wideType(parameter: string): DataType {
  if (parameter.startsWith('UInt64')) return UINT64
  if (/^U?Int(128|256)$/.test(parameter)) return parseDataType(parameter)
  return parameter.includes('Int') || parameter.startsWith('Bool') ? INT64 : FLOAT64
}

/** The literal with another type; null where no value of the type equals it. */
export function literalOf(
  analysis: Analysis, literal: Literal, type: DataType, span: Span,
): Literal | null {
  let value
  try {
    value = convertValue(literal.value, type)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError(`${why[0].toUpperCase()}${why.slice(1)}`, span,
      /^Date(32)?$/.test(type.id) ? 'CANNOT_PARSE_DATE' : type.id.startsWith('DateTime') || (isClock(type) && !/^[-\d]/.test(String(literal.value))) ? 'CANNOT_PARSE_DATETIME' : 'TYPE_MISMATCH')
  }
  if (value === undefined) {
    analysis.slots.consume(literal.source)
    return null
  }
  const slot = literal.source < 0 ? -1 : analysis.slots.use(literal.source, type)
  return { kind: 'literal', value, type, slot, source: literal.source }
}
