// Types of function calls: the registry's rule, and around it what ClickHouse does for all
// functions that do not care for NULL and LowCardinality themselves.
// Invariant: a call's type is complete (`LowCardinality(Nullable(String))`), its arguments' too.

import {
  bareType, DYNAMIC, isNullable, lowCardinalityOf, STRING, type DataType,
} from '../../storage/column/data-type.ts'
import { typeText } from '../functions/base/conversion.ts'
import { ANY_COUNT, badArgument } from '../functions/base/define.ts'
import type { ArgInfo, FunctionDef } from '../functions/values/function.ts'
import { findFunction, functionNames } from '../functions/registry.ts'
import { fitsLowCardinality, isEnum, isNumber, nullableIfPossible } from '../functions/values/types.ts'
import { unavailable } from '../functions/unavailable.ts'
import type { Analysis } from './analysis.ts'
import { compositeArithmetic } from './composite-arithmetic.ts'
import { notYet, unknownName, withSpan } from './errors.ts'
import { foldValue } from './fold.ts'
import { NULL_TYPE } from './literals.ts'
import { QueryError, type Span } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { constant, findIn, isConstant, sourcesOf, type Resolved } from './resolved.ts'
import { zonedType } from './session-zone.ts'
import { callOverVariant } from './variants.ts'

/** The function of a name; throws with the nearest name when there is none. */
export function functionNamed(name: string, span: Span): FunctionDef {
  const def = findFunction(name)
  if (def !== null) return def
  if (Object.hasOwn(NOT_YET, name)) throw notYet(NOT_YET[name], span)
  const reason = unavailable(name)
  if (reason !== null) throw new QueryError(reason, span, 'UNKNOWN_FUNCTION')
  throw unknownName('function', name, functionNames(), span, 'UNKNOWN_FUNCTION')
}

const NOT_YET: Readonly<Record<string, string>> = {
  array: 'arrays',
  arrayElement: 'elements of arrays and maps', tuple: 'tuples', tupleElement: 'elements of tuples',
  map: 'maps',
}

/** What a type rule may know of an argument. Reading `value` makes the plan depend on it. */
export function argInfoOf(analysis: Analysis, expr: Resolved, type: DataType = expr.type): ArgInfo {
  return {
    type,
    get value(): Value | undefined { return foldValue(analysis, expr) },
    get isFull(): boolean { return isMaterialized(expr) },
  }
}

/** Functions that see Dynamic values as they are; to the others they are their text. */
const TAKES_DYNAMIC: ReadonlySet<string> = new Set([
  'toString', 'CAST', 'toTypeName', 'dynamicType', 'isNull', 'isNotNull', 'tuple', 'array', 'materialize',
  'accurateCastOrNull', 'arrayElement', 'getSubcolumn', 'length', 'empty', 'notEmpty', 'if', 'multiIf', 'coalesce', 'ifNull', 'plus', 'minus', 'multiply', 'divide', 'modulo', 'intDiv'])

/** Functions of one number: of a path's value they give a value as such. */
const OF_NUMBERS: ReadonlySet<string> = new Set(['abs', 'negate', 'round', 'floor', 'ceil', 'trunc', 'roundBankers'])
const REALS: ReadonlySet<string> = new Set(['sqrt', 'exp', 'exp2', 'exp10', 'log', 'log2', 'log10', 'cbrt'])

function ofDynamicNumber(analysis: Analysis, name: string, args: readonly Resolved[], span: Span): Resolved {
  const numbers = args.map((arg) => (arg.type === DYNAMIC
    ? typedCall(analysis, 'accurateCastOrNull', [arg, constant('Float64', STRING)], span) : arg))
  const result = typedCall(analysis, name, numbers, span)
  return REALS.has(name) ? result : typedCall(analysis, 'CAST', [result, constant('Dynamic', STRING)], span)
}

/** A call of a function by name, typed. */
export function typedCall(
  analysis: Analysis, name: string, args: readonly Resolved[], span: Span,
): Resolved {
  const def = functionNamed(name, span)
  checkArity(def.name, def.arity, args.length, span)
  const apart = callOverVariant(analysis, def.name, args, span, typedCall)
  if (apart !== null) return apart
  if (!TAKES_DYNAMIC.has(def.name) && args.some((arg) => arg.type === DYNAMIC)) {
    if (OF_NUMBERS.has(def.name) || REALS.has(def.name)) return ofDynamicNumber(analysis, def.name, args, span)
    return typedCall(analysis, name, args.map((arg) => (arg.type === DYNAMIC
      ? typedCall(analysis, 'toString', [arg], span) : arg)), span)
  }
  if (SEARCHES_ENUMS.has(def.name) && isEnum(bareType(args[0].type))) {
    return typedCall(analysis, name, [typedCall(analysis, 'toString', [args[0]], span), ...args.slice(1)], span)
  }
  const numbers = ofAddresses(analysis, def.name, args, span)
  if (numbers !== null) return numbers
  // The same as a choice, unless the number is another one each time it is asked for.
  if (def.name === 'ifNotFinite' && isNumber(bareType(args[0].type)) && findIn(args[0], (part) => part.kind === 'call' && part.isVolatile) === null) {
    return typedCall(analysis, 'if', [typedCall(analysis, 'isFinite', [args[0]], span), ...args], span)
  }
  if (def.name === 'toTypeName' && isPlainRow(args[0])) {
    for (const source of sourcesOf(args[0])) analysis.slots.consume(source)
    return constant(typeText(args[0].type), STRING)
  }
  const other = ofSession(analysis, def.name, args, span) ?? compositeArithmetic(analysis, def.name, args, span, typedCall)
  if (other !== null) return other
  const type = withSpan(span, () => callType(analysis, def, args))
  if (type === null) {
    return constant(null, NULL_TYPE)
  }
  return { kind: 'call', name: def.name, args, type: sessionType(analysis, type), span, isVolatile: def.isVolatile === true }
}

/** Nothing in it makes rows fewer or more. */
const isPlainRow = (expr: Resolved): boolean => findIn(expr, ({ kind }) =>
  kind === 'aggregate' || kind === 'window' || kind === 'arrayJoin' || kind === 'correlated') === null

/** The type with moments of the session's zone. */
export function sessionType(analysis: Analysis, type: DataType): DataType {
  const zone = analysis.sessionZone()
  return zone === null ? type : zonedType(type, zone) ?? type
}

/** The same value as of the session's zone. */
export function inSession(analysis: Analysis, value: Resolved, span: Span): Resolved {
  const type = sessionType(analysis, value.type)
  return type === value.type ? value : typedCall(analysis, 'CAST', [value,
    constant(type.name, STRING)], span)
}

/** The function that makes days of a zone of seconds, where this call makes days of a number; null: another call. */
function daysOfSeconds(name: string, [value, target]: readonly Resolved[]): string | null {
  if (value === undefined || value.kind === 'lambda' || !isNumber(bareType(value.type))) return null
  if (target === undefined) return name === 'DATE' ? 'toDate' : name === 'toDate' || name === 'toDate32' ? name : null
  if (!/^_?CAST$/.test(name) || isNullable(value.type) || target.kind !== 'literal') return null
  return target.value === 'Date' || target.value === 'Date32' ? `to${target.value}` : null
}

/** Calls that ask for the session's zone itself; null: another call. */
function ofSession(analysis: Analysis, name: string, args: readonly Resolved[], span: Span): Resolved | null {
  const zone = args.length > 2 ? null : analysis.sessionZone()
  if (zone === null) return null
  const days = daysOfSeconds(name, args)
  if (days !== null) return typedCall(analysis, days, [args[0], constant(zone, STRING)], span)
  if (args.length === 2) return null
  if (args.length === 1) {
    const isText = name === 'toUnixTimestamp' && bareType(args[0].type).id === 'String'
    return isText ? typedCall(analysis, name, [...args,
      constant(zone, STRING)], span) : null
  }
  if (name === 'timezone') return constant(zone, STRING)
  if (name !== 'today' && name !== 'yesterday') return null
  const today = typedCall(analysis, 'toDate', [typedCall(analysis, 'now', [], span)], span)
  return name === 'today' ? today
    : typedCall(analysis, 'minus', [today, constant(1)], span)
}

/** Searches that see an Enum as the text of its name. */
const SEARCHES_ENUMS: ReadonlySet<string> = new Set(['like', 'notLike', 'ilike', 'notILike', 'match', 'position',
  'positionCaseInsensitive', 'positionUTF8', 'positionCaseInsensitiveUTF8', 'countSubstrings',
  'countSubstringsCaseInsensitive', 'countSubstringsCaseInsensitiveUTF8', 'hasToken', 'hasTokenOrNull',
  'hasTokenCaseInsensitive', 'hasTokenCaseInsensitiveOrNull'])

const ARITHMETIC: ReadonlySet<string> = new Set(['plus', 'minus', 'multiply', 'divide', 'divideOrNull', 'intDiv', 'intDivOrZero',
  'intDivOrNull', 'modulo', 'moduloOrZero', 'moduloOrNull', 'moduloLegacy', 'positiveModulo', 'positiveModuloOrNull', 'gcd', 'lcm', 'bitAnd',
  'bitOr', 'bitXor', 'bitShiftLeft', 'bitShiftRight', 'bitRotateLeft', 'bitRotateRight', 'bitTest'])

const isAddress = (type: DataType): boolean => /^IPv[46]$/.test(bareType(type).id)

/** Arithmetic takes addresses of one kind as the numbers that they are; beside addresses of the other kind and Decimals it refuses them. */
function ofAddresses(analysis: Analysis, name: string, args: readonly Resolved[], span: Span): Resolved | null {
  const kind = args.find(({ type }) => isAddress(type))?.type
  if (kind === undefined || !ARITHMETIC.has(name)) return null
  const { id } = bareType(kind)
  const isOther = ({ type }: Resolved): boolean => bareType(type).id === 'Decimal' || (isAddress(type) && bareType(type).id !== id)
  if (args.some(isOther)) throw withSpan(span, () => badArgument(name, isOther(args[0]) ? 0 : 1, isOther(args[0]) ? args[0].type : args[1].type))
  const number = id === 'IPv4' ? 'UInt32' : 'UInt128'
  return typedCall(analysis, name, args.map((arg) => (isAddress(arg.type)
    ? typedCall(analysis, 'CAST', [arg, constant(arg.type.name.replace(id, number), STRING)], span) : arg)), span)
}

export function checkArity(
  name: string, [least, most]: readonly [number, number], count: number, span: Span,
): void {
  if (count >= least && count <= most) return
  const wanted = least === most ? `${least}` : most >= ANY_COUNT ? `at least ${least}`
    : `${least} to ${most}`
  throw new QueryError(`Function ${name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, not `
    + `${count}`, span, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
}

/** null: the call is NULL, because an argument is the literal NULL. */
function callType(
  analysis: Analysis, def: FunctionDef, args: readonly Resolved[],
): DataType | null {
  if (def.nulls === 'own') return def.returnType(args.map((arg) => argInfoOf(analysis, arg)))
  if (args.some((arg) => bareType(arg.type).id === 'Nothing' && isNullable(arg.type))) return null
  const bare = def.returnType(args.map((arg) => argInfoOf(analysis, arg, bareType(arg.type))))
  const type = args.some((arg) => isNullable(arg.type)) ? nullableIfPossible(bare) : bare
  return def.isPlain !== true && keepsLowCardinality(args) && fitsLowCardinality(type) ? lowCardinalityOf(type) : type
}

/** One argument is a LowCardinality column and all others are constants, or all are and one is LowCardinality: the function runs
 * over the dictionary, and its result is one too. What is materialized is no constant here. */
function keepsLowCardinality(args: readonly Resolved[]): boolean {
  const full = args.filter((arg) => arg.kind !== 'lambda' && (!isConstant(arg) || isMaterialized(arg)))
  return full.length < 2 && (full.length === 0 ? args : full).some((arg) => arg.type.id === 'LowCardinality')
}

const isMaterialized = (expr: Resolved): boolean => findIn(expr, (part) => part.kind === 'call' && part.name === 'materialize') !== null
