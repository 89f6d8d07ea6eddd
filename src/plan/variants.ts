// Calls over a Variant: each alternative by a call of its own over the rows whose values are of it, as ClickHouse
// does it. The result is Nullable where all of these calls give one type, else a Variant of their types; an
// alternative that the function does not take is an error only where a row has it.

import { alternativesOf, FLOAT64, holdsVariant, STRING, variantOf, type DataType } from '../../storage/column/data-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import { findFunction } from '../functions/registry.ts'
import { nullableIfPossible, supertypeOrVariant, withoutNullable } from '../functions/values/types.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import { REFUSED_ALTERNATIVE } from '../functions/numbers/variants.ts'
import type { Analysis } from './analysis.ts'
import { notYet } from './errors.ts'
import { foldValue } from './fold.ts'
import { NULL_TYPE } from './literals.ts'
import { QueryError, type Span } from './plan.ts'
import { constant, findIn, isConstant, isOncePerRow, sizeOf, sourcesOf, type Resolved } from './resolved.ts'

/** Functions that see Variants as they are, or refuse them whatever their alternatives are. */
const TAKES_VARIANTS: ReadonlySet<string> = new Set([
  'toString', 'CAST', '_CAST', 'toTypeName', 'variantElement', 'variantType', REFUSED_ALTERNATIVE, 'isNull', 'isNotNull',
  'isNullable', 'if', 'multiIf', 'coalesce', 'ifNull', 'nullIf', 'assumeNotNull', 'toNullable', 'tuple', 'array', 'map',
  'materialize', 'identity', 'ignore', 'greatest', 'least', 'has', 'indexOf', 'countEqual', 'arrayPushBack',
  'arrayPushFront', 'arrayResize', 'arrayWithConstant', 'replicate', 'isNotDistinctFrom', 'isDistinctFrom',
  'toLowCardinality', 'and', 'or', 'xor', 'tupleElement', 'isZeroOrNull', 'getSubcolumn'])

/** What ClickHouse makes of the bytes of a Variant's column. */
const BY_BYTES = /hash|^(MD5|SHA\d|BLAKE|byteSize)/i

/** The value stands twice in the call of each alternative: steps over steps make the plan grow as a power does. */
const PARTS_MAX = 4096

type CallOf = (analysis: Analysis, name: string, args: readonly Resolved[], span: Span) => Resolved

/** A call with a Variant among its arguments, taken apart; null: it has none, or the function takes it. `call` types a
 * call over plain values. */
export function callOverVariant(
  analysis: Analysis, name: string, args: readonly Resolved[], span: Span, call: CallOf,
): Resolved | null {
  if (findFunction(name)?.hashesVariants === true) return null
  const place = args.findIndex((arg) => arg.kind !== 'lambda' && isVariant(arg.type))
  if (place < 0 && BY_BYTES.test(name)) refuseWithin(name, args, span)
  if (place < 0 || TAKES_VARIANTS.has(name)) return null
  const value = args[place]
  if (BY_BYTES.test(name)) throw notYet(`${name} of ${value.type.name}: convert it first, as in toString(v)`, span)
  // What is one value a row stands in a column by then.
  if (findIn(value, (part) => part.kind === 'call' && part.isVolatile && !isOncePerRow(part)) !== null) {
    throw notYet(`${name} of ${value.type.name} that is another at each call`, span)
  }
  if (sizeOf(value) * alternativesOf(value.type).length > PARTS_MAX) {
    throw notYet(`${name} of ${value.type.name} that is the end of so many steps: convert it first, as in toFloat64(v) or v.String`, span)
  }
  if (SIZES.test(name) && value.type.name === 'Geometry') return sizeOfShape(analysis, name, value, span, call)
  const alternatives = alternativesOf(value.type)
  const results = alternatives.map((type) => {
    const part = call(analysis, 'assumeNotNull', [call(analysis, 'variantElement', [value, named(type)], span)], span)
    return attempted(() => call(analysis, name, args.map((arg, i) => (i === place ? part : arg)), span))
  })
  // What is refused may hang on a value: the plan is then for this one alone.
  if (results.some((result) => result instanceof QueryError)) {
    for (const source of args.flatMap(sourcesOf)) analysis.slots.consume(source)
  }
  const type = resultType(results)
  const known = isConstant(value) ? foldValue(analysis, value) : undefined
  const chosen = known === undefined ? null : known === null ? constant(null, NULL_TYPE)
    : orRefused(results[(known as readonly number[])[0]], value, span)
  const branches = alternatives.flatMap((alternative, i) => [
    call(analysis, 'equals', [call(analysis, 'variantType', [value], span), memberOf(analysis, value, alternative, span, call)], span),
    orRefused(results[i], value, span),
  ])
  return {
    kind: 'call', name: 'multiIf', type, span, isVolatile: false,
    args: chosen === null ? [...branches, constant(null, NULL_TYPE)]
      : [constant(1), chosen, constant(null, NULL_TYPE)],
  }
}

function refuseWithin(name: string, args: readonly Resolved[], span: Span): void {
  const within = args.find((arg) => holdsVariant(arg.type))
  if (within !== undefined) throw notYet(`${name} of ${within.type.name}`, span)
}

/** Areas and perimeters, which points and lines have none of. */
const SIZES = /^(area|perimeter)(Cartesian|Spherical)$/

function sizeOfShape(analysis: Analysis, name: string, value: Resolved, span: Span, call: CallOf): Resolved {
  const branches = alternativesOf(value.type).filter((type) => /^(Ring|Polygon|MultiPolygon)$/.test(type.name)).flatMap((type) => [
    call(analysis, 'equals', [call(analysis, 'variantType', [value], span), memberOf(analysis, value, type, span, call)], span),
    call(analysis, name, [call(analysis, 'assumeNotNull', [call(analysis, 'variantElement', [value, named(type)], span)], span)], span),
  ])
  return call(analysis, 'multiIf', [...branches, constant(0, FLOAT64)], span)
}

const named = (type: DataType): Resolved => constant(shownTypeName(type.name), STRING)

/** The member of variantType's Enum that stands for an alternative. */
const memberOf = (analysis: Analysis, value: Resolved, alternative: DataType, span: Span, call: CallOf): Resolved => {
  const { type } = call(analysis, 'variantType', [value], span)
  return constant(alternativesOf(value.type).indexOf(alternative), type)
}

function attempted(type: () => Resolved): Resolved | QueryError {
  try {
    return type()
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

const orRefused = (result: Resolved | QueryError, value: Resolved, span: Span): Resolved => (!(result instanceof QueryError) ? result
  : {
    kind: 'call', name: REFUSED_ALTERNATIVE, type: NULL_TYPE, span, isVolatile: false,
    args: [value, constant(result.code, STRING), constant(result.message, STRING)],
  })

function resultType(results: readonly (Resolved | QueryError)[]): DataType {
  const types = new Set(results.flatMap((result) => (result instanceof QueryError ? [] : [withoutNullable(result.type)])))
  const [first] = types
  if (first === undefined) throw results[0]
  if (types.size === 1) return nullableIfPossible(first)
  return variantOf([...types].flatMap((type) => (isVariant(type) ? alternativesOf(type) : type.id === 'Nothing' ? [] : [type])))
}

/** Throws where two alternatives of a Variant have a common type (which one a value is of would be a guess), and for
 * tuples that may be NULL as a whole: values become such by themselves, but to name the type takes a setting. */
export function checkAlternatives(analysis: Analysis, type: DataType, span: Span): void {
  if (type.id === 'Nullable' && type.args[0].id === 'Tuple' && !analysis.isSet('enable_nullable_tuple_type')) {
    throw new QueryError(`${type.name} is not allowed: make its elements Nullable, or allow it by the setting `
      + 'enable_nullable_tuple_type', span, 'ILLEGAL_COLUMN')
  }
  if (type.name === 'Geometry') return
  if (!isVariant(type)) {
    for (const arg of type.args) checkAlternatives(analysis, arg, span)
    return
  }
  const alternatives = alternativesOf(type)
  const like = alternatives.flatMap((a, i) => alternatives.slice(i + 1).map((b) => [a, b] as const))
    .find((pair) => pair.every(({ id }) => id !== 'Bool') && supertypeOrVariant(pair).id !== 'Variant')
  if (like === undefined || analysis.isSet('allow_suspicious_variant_types')) return
  throw new QueryError(`${like[0].name} and ${like[1].name} are too much alike to be in one Variant: use one of them, or the setting `
    + 'allow_suspicious_variant_types', span, 'ILLEGAL_COLUMN')
}

/** Throws where a key holds a Variant and the setting does not say that it may. */
export function refuseVariant(
  analysis: Analysis, { type }: { readonly type: DataType }, clause: 'ORDER BY' | 'GROUP BY', span: Span): void {
  if (!holdsVariant(type)) return
  const setting = `allow_suspicious_types_in_${clause === 'ORDER BY' ? 'order_by' : 'group_by'}`
  if (analysis.isSet(setting)) return
  throw new QueryError(`${type.name} is not allowed in ${clause}: its values are of several types. Choose one, as in `
    + `v.String, or convert, as in toString(v); or allow it by the setting ${setting}`, span, 'ILLEGAL_COLUMN')
}
