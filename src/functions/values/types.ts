// Promotion rules of types: what numbers become when they meet, which type holds several others,
// and in which typed array a type lies. Used by type rules (analysis) and by loops.
// Invariant: answers equal ClickHouse's toTypeName.

import {
  alternativesOf, arrayOf, bareType, DATE, dateTime64Of, DYNAMIC, FLOAT32, FLOAT64, INT128, INT16, INT256, INT32, INT64, INT8, internType,
  isNullable, lowCardinalityOf, mapOf, NOTHING, nullableOf, plainType, STRING, time64Of, UINT128, UINT16, UINT256,
  UINT32, UINT64, UINT8, variantOf,
  type DataType, type TypeId,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { quoteName } from '../../../storage/column/type-names.ts'
import { FunctionError } from './function.ts'
import { commonInterval } from './interval-units.ts'

/** Width in bytes and nature of a plain number; Bool counts as UInt8. */
export type NumberInfo = {
  readonly bytes: number; readonly isSigned: boolean; readonly isFloat: boolean
}

const info = (bytes: number, isSigned: boolean, isFloat = false): NumberInfo =>
  ({ bytes, isSigned, isFloat })

const NUMBERS: Partial<Record<TypeId, NumberInfo>> = {
  Bool: info(1, false), UInt8: info(1, false), UInt16: info(2, false), UInt32: info(4, false),
  UInt64: info(8, false), Int8: info(1, true), Int16: info(2, true), Int32: info(4, true),
  Int64: info(8, true), Int128: info(16, true), Int256: info(32, true), UInt128: info(16, false),
  UInt256: info(32, false), Float32: info(4, true, true), Float64: info(8, true, true),
}

/** Null for what is not a plain number (dates, decimals, strings). */
export const numberInfo = (type: DataType): NumberInfo | null => NUMBERS[type.id] ?? null

export const isNumber = (type: DataType): boolean => NUMBERS[type.id] !== undefined
export const isInteger = (type: DataType): boolean => NUMBERS[type.id]?.isFloat === false
export const isString = (type: DataType): boolean =>
  type.id === 'String' || type.id === 'FixedString'
export const isDay = (type: DataType): boolean => type.id === 'Date' || type.id === 'Date32'
export const isMoment = (type: DataType): boolean =>
  type.id === 'DateTime' || type.id === 'DateTime64'
export const isTemporal = (type: DataType): boolean => isDay(type) || isMoment(type)
/** Times of a clock, without a day. */
export const isClock = (type: DataType): boolean => type.id === 'Time' || type.id === 'Time64'
export const isEnum = (type: DataType): boolean => type.id === 'Enum8' || type.id === 'Enum16'

const UNSIGNED = new Map([[1, UINT8], [2, UINT16], [4, UINT32], [8, UINT64],
  [16, UINT128], [32, UINT256]])
const SIGNED = new Map([[1, INT8], [2, INT16], [4, INT32], [8, INT64], [16, INT128],
  [32, INT256]])

/** The integer type of that width. */
export const integerType = (bytes: number, isSigned: boolean): DataType =>
  (isSigned ? SIGNED : UNSIGNED).get(bytes) as DataType // for each width that integers have

/** Bytes of what may not fit `bytes`: twice as many up to 8; wider ones stay as they are. */
export const doubledBytes = (bytes: number): number => (bytes >= 8 ? bytes : bytes * 2)

/** True where values lie in a Float64Array while safe, else in a big array. */
export function isWide(type: DataType): boolean {
  switch (type.id) {
    case 'Int64': case 'UInt64': case 'DateTime64': case 'Time64': case 'Interval': return true
    case 'Decimal': return !isLarge(type)
    default: return false
  }
}

/** Arrays of 64-bit values of this type beyond 2^53. */
export const isUnsignedWide = (type: DataType): boolean => type.id === 'UInt64'

/** Types that LowCardinality may wrap. */
export function fitsLowCardinality(type: DataType): boolean {
  const bare = type.id === 'Nullable' ? type.args[0] : type
  return isNumber(bare) || isString(bare) || isDay(bare) || bare.id === 'DateTime' || bare.id === 'Time'
    || bare.id === 'UUID' || bare.id === 'IPv4' || bare.id === 'IPv6'
}

/** The type of NULL alone. */
export const NULL_ONLY = nullableOf(NOTHING)

/** Wraps in Nullable where a type can be NULL at all (Array and Map cannot). */
export function nullableIfPossible(type: DataType): DataType {
  switch (type.id) {
    case 'Array': case 'Map': case 'Nullable': case 'JSON': case 'Dynamic':
    case 'AggregateFunction': case 'Variant':
      return type
    case 'SimpleAggregateFunction': return isNullable(type) ? type : nullableIfPossible(plainType(type))
    case 'LowCardinality': return isNullable(type) ? type : lowCardinalityOf(nullableOf(type.args[0]))
    default: return nullableOf(type)
  }
}

/** Nullable taken off, LowCardinality kept. */
export function withoutNullable(type: DataType): DataType {
  if (type.id === 'SimpleAggregateFunction') return isNullable(type) ? withoutNullable(plainType(type)) : type
  if (type.id === 'Nullable') return type.args[0]
  if (type.id === 'LowCardinality' && type.args[0].id === 'Nullable') {
    return lowCardinalityOf(type.args[0].args[0])
  }
  return type
}

/** The type with no LowCardinality in it at any depth: what aggregates see. */
export function withoutDictionaries(type: DataType): DataType {
  if (!type.name.includes('LowCardinality')) return type
  switch (type.id) {
    case 'LowCardinality': return type.args[0]
    case 'Array': return arrayOf(withoutDictionaries(type.args[0]))
    case 'Map': return mapOf(withoutDictionaries(type.args[0]), withoutDictionaries(type.args[1]))
    case 'Tuple': return namedTupleOf(type.names, type.args.map(withoutDictionaries))
    default: return type
  }
}

function noCommonType(types: readonly DataType[]): FunctionError {
  return new FunctionError(
    `There is no common type for ${[...new Set(types.map((t) => t.name))].join(', ')}: `
    + 'convert them to one type, for example with toFloat64 or toString', 'NO_COMMON_TYPE')
}

/** The type that holds values of all of `types`: of if, multiIf, coalesce, arrays and UNION.
 * Throws FunctionError NO_COMMON_TYPE. */
export function leastSupertype(types: readonly DataType[]): DataType {
  const first = types[0]
  if (first === undefined) return NOTHING
  // SimpleAggregateFunction(f, T) is T: the first one's name for it stays.
  if (types.every((type) => plainType(type) === plainType(first))) return first
  if (types.includes(DYNAMIC)) return DYNAMIC
  const known = types.filter((type) => type.id !== 'Nothing')
  if (known.length > 0 && known.length < types.length) return leastSupertype(known)
  if (types.every((type) => type.id === 'LowCardinality')) {
    return lowCardinalityOf(leastSupertype(types.map((type) => type.args[0])))
  }
  const anyNull = types.some(isNullable)
  const bare = types.map(bareType).filter((type) => type.id !== 'Nothing')
  const common = bare.length === 0 ? NOTHING : commonOfBare(bare)
  if (anyNull && (common.id === 'Array' || common.id === 'Map')) throw noCommonType(types)
  return anyNull ? nullableIfPossible(common) : common
}

/** The type in which values of these types are looked for among each other; null: as they are, which is how whole
 * numbers of 64 bits with and without a sign are compared. Throws FunctionError NO_COMMON_TYPE. */
export function meetingType(types: readonly DataType[]): DataType | null {
  const isNarrow = types.every((type) => (numberInfo(bareType(type))?.bytes ?? 16) <= 8 && isInteger(bareType(type)))
  return isNarrow && types.some(({ name }) => name.includes('UInt64')) ? null : leastSupertype(types)
}

/** The narrowest type of `types`: what lies in lists of all of them is of it (arrayIntersect). Whole numbers are narrower
 * than fractions, and one side's empty list leaves nothing. Throws FunctionError NO_COMMON_TYPE. */
export function leastSubtype(types: readonly DataType[]): DataType {
  const [first] = types
  if (types.every((type) => type === first) || types.every(isByte)) return first
  const nothing = types.find((type) => type.id === 'Nothing')
  if (nothing !== undefined) return nothing
  if (types.some(isNullable)) {
    const bare = leastSubtype(types.map(withoutNullable))
    return types.every(isNullable) ? nullableIfPossible(bare) : bare
  }
  if (types.every((type) => type.id === 'Array')) return arrayOf(leastSubtype(types.map((type) => type.args[0])))
  if (types.every((type) => type.id === 'Tuple' && type.args.length === first.args.length)) {
    return tupleOf(first.args.map((_, i) => leastSubtype(types.map((type) => type.args[i]))))
  }
  if (types.every((type) => isMoment(type) || type.id === 'Date')) return DATE
  if (types.every((type) => type.id === 'Decimal')) {
    const least = (of: (type: DataType) => number): number => Math.min(...types.map(of))
    return decimalOf(least(({ precision }) => precision), least(({ scale }) => scale))
  }
  const infos = types.map(numberInfo)
  if (types.some((type) => type.id === 'Decimal') && infos.some((info) => info !== null)) throw noCommonType(types)
  if (infos.includes(null)) return leastSupertype(types)
  const all = infos as NumberInfo[]
  const least = (list: readonly NumberInfo[]): number => Math.min(...list.map(({ bytes }) => bytes))
  const [unsigned, signed] = [false, true].map((isSigned) => least(all.filter((n) => !n.isFloat && n.isSigned === isSigned)))
  if (Math.min(unsigned, signed) < Infinity) return unsigned <= signed ? integerType(unsigned, false) : integerType(signed, true)
  return least(all) === 4 ? FLOAT32 : FLOAT64
}

/** leastSupertype, or the Variant of all of these types where there is none: of if, multiIf, coalesce, ifNull, arrays,
 * maps and UNION. */
export function supertypeOrVariant(types: readonly DataType[]): DataType {
  try {
    if (!losesDigits(types)) return leastSupertype(types)
  } catch (error) {
    const isAll = types.every((type) => bareType(type).id === 'Interval') // units of unlike lengths are refused
    if (!(error instanceof FunctionError) || error.code !== 'NO_COMMON_TYPE' || isAll) throw error
  }
  return variantOf(types.filter((type) => bareType(type).id !== 'Nothing')
    .flatMap((type) => (type.id === 'Variant' ? alternativesOf(type) : [withoutNullable(plainType(type))])))
}

/** Are these numbers whose common type does not hold all of them (Float64), or is none to ClickHouse (a Decimal for
 * whole numbers of 128 bits and more)? */
function losesDigits(types: readonly DataType[]): boolean {
  const bare = types.map(bareType).filter((type) => type.id !== 'Nothing')
  const [first] = bare
  if (first === undefined || bare.every((type) => type === first) || bare.includes(DYNAMIC)) return false
  const isList = ['Array', 'Map', 'Tuple'].includes(first.id)
    && bare.every((type) => type.id === first.id && type.args.length === first.args.length)
  if (isList) return first.args.some((_, i) => losesDigits(bare.map((type) => type.args[i])))
  const isDecimal = bare.some((type) => type.id === 'Decimal')
  if (isDecimal && bare.some((type) => numberInfo(type)?.isFloat === false && (numberInfo(type)?.bytes ?? 0) >= 16)) return true
  return bare.some((type) => numberInfo(type)?.isFloat === true)
    && bare.some((type) => type.id === 'Decimal' || (numberInfo(type)?.isFloat === false && (numberInfo(type)?.bytes ?? 0) >= 8))
}

/** To ClickHouse both are one type, and the first gives its name. */
const isByte = (type: DataType): boolean => type.id === 'Bool' || type.id === 'UInt8'

function commonOfBare(types: readonly DataType[]): DataType {
  const first = types[0]
  if (types.every((type) => type === first)) return first
  if (types.every(isByte)) return first
  if (types.every((type) => type.id === 'Array')) {
    return arrayOf(leastSupertype(types.map((type) => type.args[0])))
  }
  if (types.every((type) => type.id === 'Map')) {
    return mapOf(leastSupertype(types.map((type) => type.args[0])),
      leastSupertype(types.map((type) => type.args[1])))
  }
  if (types.every((type) => type.id === 'Tuple' && type.args.length === first.args.length)) {
    return tupleOf(first.args.map((_, i) => leastSupertype(types.map((type) => type.args[i]))))
  }
  if (types.every((type) => isString(type) || isEnum(type)) && types.some(isString)) return STRING
  if (types.every(isTemporal)) return commonTemporal(types)
  if (types.every((type) => isClock(type) || isMoment(type))) return commonClock(types)
  if (types.every(isNumber)) return commonNumber(types)
  if (types.some(isEnum) && types.every((type) => isEnum(type) || isNumber(type))) {
    return commonNumber(types.map((type) => (isEnum(type) ? integerType(type.id === 'Enum8' ? 1 : 2, true) : type)))
  }
  if (types.some((type) => type.id === 'IPv4') && types.every((type) => type.id === 'IPv4' || isUnsigned(type))) {
    return commonNumber(types.map((type) => (type.id === 'IPv4' ? integerType(4, false) : type)))
  }
  if (types.every((type) => type.id === 'Decimal' || isNumber(type))) return commonDecimal(types)
  const intervals = types.filter((type) => type.id === 'Interval')
  if (intervals.length > 0 && types.every((type) => type.id === 'Interval' || isInteger(type))) return commonInterval(intervals)
  throw noCommonType(types)
}

const isUnsigned = (type: DataType): boolean => {
  const info = numberInfo(type)
  return info !== null && !info.isSigned && !info.isFloat
}

/** The map of these types; keys are never NULL. */
export function mapWith(key: DataType, value: DataType): DataType {
  if (isNullable(key)) throw new FunctionError(`The keys of a Map cannot be ${key.name}`, 'BAD_ARGUMENTS')
  return mapOf(key, value)
}

/** The unnamed tuple of these elements. */
export const tupleOf = (args: readonly DataType[]): DataType =>
  internType(`Tuple(${args.map((arg) => arg.name).join(', ')})`, 'Tuple', { args })

/** The tuple of these elements; with names where there are any. */
export const namedTupleOf = (names: readonly string[] | null, args: readonly DataType[]): DataType => (names === null ? tupleOf(args)
  : internType(`Tuple(${args.map((arg, i) => `${quoteName(names[i])} ${arg.name}`).join(', ')})`, 'Tuple', { args, names }))

function commonTemporal(types: readonly DataType[]): DataType {
  const wide = types.filter((type) => type.id === 'DateTime64')
  if (wide.length > 0) {
    const zone = wide.find((type) => type.zone !== null)?.zone ?? null
    return dateTime64Of(Math.max(...wide.map((type) => type.precision)), zone)
  }
  const moment = types.find((type) => type.id === 'DateTime')
  // Date32 begins before a DateTime can.
  if (moment !== undefined && types.some((type) => type.id === 'Date32')) return dateTime64Of(0, null)
  return moment
    ?? types.find((type) => type.id === 'Date32') ?? types[0]
}

/** Of times alone the one with the most digits; beside moments a time is one of 1970-01-01. */
function commonClock(types: readonly DataType[]): DataType {
  const precision = Math.max(...types.map((type) => type.precision))
  if (types.every(isClock)) return time64Of(precision)
  return dateTime64Of(precision, types.find((type) => type.zone !== null)?.zone ?? null)
}

function commonNumber(types: readonly DataType[]): DataType {
  const infos = types.map((type) => NUMBERS[type.id] as NumberInfo)
  const widest = (list: readonly NumberInfo[]): number => Math.max(0, ...list.map((n) => n.bytes))
  const signed = widest(infos.filter((n) => n.isSigned && !n.isFloat))
  const unsigned = widest(infos.filter((n) => !n.isSigned))
  if (infos.some((n) => n.isFloat)) {
    const isSmall = Math.max(signed, unsigned) <= 2
      && widest(infos.filter((n) => n.isFloat)) === 4
    return isSmall ? FLOAT32 : FLOAT64
  }
  if (signed === 0) return integerType(unsigned, false)
  if (unsigned < signed) return integerType(signed, true)
  if (unsigned === 8 || unsigned === 32) throw noCommonType(types)
  return integerType(unsigned * 2, true)
}

/** Decimal(precision, scale). Throws FunctionError where there is no such type. */
export function decimalOf(precision: number, scale: number): DataType {
  if (!(Number.isInteger(scale) && scale >= 0 && scale <= precision)) {
    throw new FunctionError(`Decimal with ${precision} digits cannot have ${scale} after the point`,
      'ARGUMENT_OUT_OF_BOUND')
  }
  return internType(`Decimal(${precision}, ${scale})`, 'Decimal', { precision, scale })
}

/** The most digits of the width that `precision` digits need. */
export const decimalDigits = (precision: number): number =>
  (precision <= 9 ? 9 : precision <= 18 ? 18 : precision <= 38 ? 38 : 76)

const DIGITS_OF_BYTES = new Map([[1, 3], [2, 5], [4, 10], [8, 19], [16, 39], [32, 78]])

function integerDigits(type: DataType, scale: number): number {
  if (type.id === 'UInt64') return 20
  if (scale === 0 && type.id === 'Int32') return 9
  if (scale === 0 && type.id === 'Int64') return 18
  return DIGITS_OF_BYTES.get((NUMBERS[type.id] as NumberInfo).bytes) ?? 20
}

function commonDecimal(types: readonly DataType[]): DataType {
  if (types.some((type) => numberInfo(type)?.isFloat === true)) return FLOAT64
  const scale = Math.max(...types.map((type) => type.scale))
  // Integers ask for room before the point; of Decimals the widest gives its digits.
  const before = Math.max(0, ...types.map((type) => (type.id === 'Decimal' ? 0 : integerDigits(type, scale))))
  const widest = Math.max(...types.map((type) => (type.id === 'Decimal' ? decimalDigits(type.precision) : 0)))
  if (before + scale > 76) throw noCommonType(types)
  return decimalOf(Math.max(widest, decimalDigits(before + scale)), scale)
}
