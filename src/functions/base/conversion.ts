// Conversions by name: toString, toInt32, toDate, toDateTime64 …, their OrNull and OrZero forms,
// CAST, toTypeName, reinterpretations of Unix timestamps.
// Invariant: every conversion is castVector's; the names here only choose the target type.

import {
  BOOL, DATE, DATE32, DATETIME, dateTime64Of, dateTimeOf, FLOAT32, FLOAT64, INT128, INT16, INT256, INT32, INT64, INT8,
  isNullable, lowCardinalityOf, nullableOf, STRING, TIME, time64Of, UINT128, UINT16, UINT256, UINT32, UINT64, UINT8, UUID,
  bareType, type DataType,
} from '../../../storage/column/data-type.ts'
import { shownTypeName } from '../../../storage/column/type-names.ts'
import { DataTypeError, parseDataType } from '../../../storage/column/parse-type.ts'
import { largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { TO_OR_DEFAULT } from './accurate-cast.ts'
import { castToString, castVector, type OnBadText } from '../values/cast.ts'
import { isUtc, offsetAt } from '../values/calendar.ts'
import { badArgument, bigReader, constantInfo, define, knownZone, likeSource, numberReader } from './define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import {
  decimalOf, fitsLowCardinality, isClock, isEnum, isInteger, isMoment, isNumber, isString, isTemporal, NULL_ONLY, nullableIfPossible,
} from '../values/types.ts'
import { constVector, defaultVector, typeDefault, valueAt, vectorOf } from '../values/values.ts'
import { isVariant } from '../values/variant-fields.ts'
import { checkIntoVariant, readVariant } from '../values/variant-values.ts'
import { newNumbers, numberVector, retype } from '../values/vectors.ts'
import { shrink } from '../values/parse-value.ts'

const TARGETS: readonly DataType[] = [
  INT8, INT16, INT32, INT64, INT128, INT256, UINT8, UINT16, UINT32, UINT64, UINT128, UINT256, FLOAT32, FLOAT64, DATE, DATE32, BOOL,
  UUID,
]

const isSixteenBytes = ({ id }: DataType): boolean => id === 'UUID' || id === 'IPv6'

/** Whether a value of `from` can be asked for as `to` at all. */
function checkConvertible(name: string, from: DataType, to: DataType): void {
  const isScalar = isNumber(from) || isTemporal(from) || isClock(from) || isEnum(from) || isString(from)
    || from.id === 'Decimal' || from.id === 'Interval' || from.id === 'IPv4' || from === to || (to === UINT128 && isSixteenBytes(from))
    || (to === BOOL && isSixteenBytes(from))
  if (!isScalar || (to.id === 'UUID' && !isString(from) && from !== to)) {
    throw badArgument(name, 0, from)
  }
}

/** toX and its forms for text that does not fit. */
function conversions(name: string, target: (args: readonly ArgInfo[]) => DataType,
  arity: readonly [number, number]): FunctionDef[] {
  const typed = (args: readonly ArgInfo[]): DataType => {
    const to = target(args)
    checkConvertible(name, args[0].type, to)
    return to
  }
  const orZero = define(`${name}OrZero`, arity, (args) => {
    expectText(`${name}OrZero`, args[0].type, typed(args))
    return typed(args)
  }, ([a], type, _rows, context) => castVector(a, type, context, 'basicDefault'))
  return [plainForm(name, arity, typed), nullForm(`${name}OrNull`, arity, typed), orZero,
    defaultForm(`${name}OrDefault`, arity, typed)]
}

/** What does not fit becomes NULL where text that may be NULL is read; DateTime64 and Bool refuse it. */
const onBadOf = (from: DataType, to: DataType): OnBadText =>
  (isString(bareType(from)) && isNullable(to) && !['DateTime64', 'Bool'].includes(bareType(to).id) ? 'null' : 'throw')

const bareArgs = (args: readonly ArgInfo[]): ArgInfo[] =>
  args.map((arg) => ({ type: bareType(arg.type), value: arg.value }))

/** toX makes NULLs of Nullable text that does not fit, so it sees NULLs as they are. */
function plainForm(name: string, arity: readonly [number, number],
  typed: (args: readonly ArgInfo[]) => DataType): FunctionDef {
  return define(name, arity, (args) => {
    if (args.some(({ type }) => type === NULL_ONLY)) return NULL_ONLY
    const type = typed(bareArgs(args))
    if (args.length > 1 && isString(args[1].type) && DATES.includes(type.id)) zoneArgument(name, args, 1)
    return likeSource(args, args.some((arg) => isNullable(arg.type)) ? nullableIfPossible(type) : type)
  }, ([a, zone], type, rowCount, context) => {
    if (type === NULL_ONLY) return defaultVector(type, rowCount, context.account)
    const isDayOfZone = zone !== undefined && isString(zone.type) && DATES.includes(bareType(type).id)
    const from = !isDayOfZone ? a : isNumber(bareType(a.type)) ? secondsInZone(a, bareType(type), zoneOf(zone), context) : inZone(a, zoneOf(zone))
    return castVector(from, type, context, isNullable(a.type) ? onBadOf(a.type, type) : 'throw')
  }, { nulls: 'own' })
}

const DATES = ['Date', 'Date32']

/** Moments as the clocks of a zone show them, NULLs as they are; other values stay. */
function inZone(vector: Vector, zone: string): Vector {
  const moment = bareType(vector.type)
  if (!isMoment(moment)) return vector
  const type = moment.id === 'DateTime' ? dateTimeOf(zone) : dateTime64Of(moment.precision, zone)
  return retype(vector, isNullable(vector.type) ? nullableOf(type) : type)
}

/** Moments as the clocks of each row's zone show them: `move` gives the seconds of UTC that read the same; what is below
 * the second stays. Throws FunctionError, in the name of a function, for what no zone is called. */
export function movedByZones(
  name: string, moments: Vector, zones: Vector, type: DataType, rowCount: number, move: (zone: string, seconds: number) => number,
  { account }: EvalContext,
): Vector {
  const [read, scale] = [bigReader(moments), 10n ** BigInt(type.precision)]
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const ticks = read(row)
    const below = ((ticks % scale) + scale) % scale
    const zone = knownZone(name, String(valueAt(zones, row)))
    return shrink(BigInt(move(zone, Number((ticks - below) / scale))) * scale + below)
  }), type, account)
}

/** Seconds of UTC that read as a zone's clocks at these. */
export const shownSeconds = (zone: string, seconds: number): number => seconds + offsetAt(zone, seconds)

/** Numbers that are too large to be days count seconds, to the day by the clocks of the zone. */
function secondsInZone(vector: Vector, to: DataType, zone: string, { account }: EvalContext): Vector {
  if (isUtc(zone) || (vector.kind !== 'number' && vector.kind !== 'big')) return vector
  const most = to.id === 'Date' ? DATE_NUMBER_MAX : DATE32_NUMBER_MAX
  const out = newNumbers(FLOAT64, vector.values.length, account)
  for (let i = 0; i < out.length; i++) {
    const value = Number(vector.values[i])
    const local = value + (value > most ? offsetAt(zone, value) : 0)
    // Seconds that west of Greenwich are fewer than the largest number of a day must not be taken for days.
    out[i] = value > most && local <= most ? Math.floor(local / DAY_SECONDS) : local
  }
  return { ...numberVector(isNullable(vector.type) ? nullableOf(FLOAT64) : FLOAT64, out, vector.nulls), length: vector.length, isConst: vector.isConst }
}

const DAY_SECONDS = 86_400
/** The largest numbers that stand for a day. */
const DATE_NUMBER_MAX = 65_535
const DATE32_NUMBER_MAX = 120_529

/** Forms for what does not fit take text; those of moments and days whole numbers, too, where NULL. */
function expectText(name: string, from: DataType, to: DataType): void {
  const isMomentNull = name.endsWith('OrNull') && ['Date', 'DateTime', 'DateTime64'].includes(to.id) && isInteger(from)
    && largeWidth(from) === 0
  if (!isString(from) && !isMomentNull) throw badArgument(name, 0, from)
}

/** toXOrDefault(x[, what toX takes][, default]): the default is of the result's type. */
function defaultForm(name: string, arity: readonly [number, number],
  typed: (args: readonly ArgInfo[]) => DataType): FunctionDef {
  const hasDefault = (args: readonly { readonly type: DataType }[]): boolean =>
    args.length > arity[0] && args[args.length - 1].type.id !== 'String'
  return define(name, [arity[0], arity[1] + 1], (args) => {
    const own = hasDefault(args) ? args.slice(0, -1) : args
    const bare = own.map((arg) => ({ ...arg, type: bareType(arg.type) }))
    const isNothing = bare[0].type.id === 'Nothing'
    const to = typed(isNothing ? [{ ...bare[0], type: STRING }, ...bare.slice(1)] : bare)
    const other = args[args.length - 1].type
    const isAlike = other === to || (other.id === 'Bool' && to.id === 'UInt8')
      // Zones are another way to write the same moment.
      || (/^DateTime/.test(to.id) && other.id === to.id && other.precision === to.precision)
    if (!hasDefault(args) || isAlike) return likeSource(args, to)
    throw new FunctionError(`The default of ${name} is of type ${to.name}, not ${other.name}`, 'BAD_ARGUMENTS')
  }, (args, type, rowCount, context) => {
    const other = hasDefault(args) ? [args[args.length - 1]] : []
    if (isTemporal(bareType(args[0].type)) && bareType(type).id in DAYS_WITHIN) return nearestDay(args[0], type, rowCount, context)
    const isLargeMoment = largeWidth(bareType(args[0].type)) > 0 && bareType(type).id === 'DateTime'
    if (isNumber(bareType(args[0].type)) && !isLargeMoment && ['Date', 'DateTime'].includes(bareType(type).id)) {
      return withDefault(args[0], other[0], type, rowCount, context)
    }
    return TO_OR_DEFAULT.evaluate([args[0], args[0], ...other], type, rowCount, context, null)
  }, { nulls: 'own' })
}

/** The days that toDateOrDefault and toDateTimeOrDefault keep to. */
const DAYS_WITHIN: Readonly<Record<string, number>> = { Date: 65_535, DateTime: 49_709 }
const SECONDS64 = dateTime64Of(0, null)

/** A day or moment as another one of a type, the first or last one where it has it not. */
function nearestDay(from: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const isDays = bareType(type).id === 'Date' || bareType(from.type).id === 'Date'
  const between = isDays ? DATE32 : SECONDS64
  const [most, near] = isDays ? [DAYS_WITHIN[bareType(type).id], DATE] : [SECONDS_MAX, DATETIME]
  const wide = castVector(from, isNullable(from.type) ? nullableOf(between) : between, context)
  const rows = Array.from({ length: rowCount }, (_, row): Value =>
    Math.min(Math.max(Number(valueAt(wide, row) ?? 0), 0), most))
  return castVector(vectorOf(rows, near, context.account), type, context)
}

/** toXOrDefault where numbers are taken, too, though none of them is an X; the result is never NULL. */
export const anyOrDefault = (name: string, type: DataType, isSource: (type: DataType) => boolean): FunctionDef =>
  define(`${name}OrDefault`, [1, 2], (args) => {
    const [arg, other] = args
    const from = bareType(arg.type)
    if (!isSource(from) && !isNumber(from) && from.id !== 'Nothing') throw badArgument(`${name}OrDefault`, 0, arg.type)
    if (other !== undefined && other.type !== type) throw badArgument(`${name}OrDefault`, 1, other.type)
    return isNullable(arg.type) ? type : likeSource(args, type)
  }, ([vector, other], to, rowCount, context) => {
    const tried = isSource(bareType(vector.type)) ? castVector(vector, nullableOf(to), context, 'null') : null
    const fallback = (row: number): Value => (other === undefined ? typeDefault(to) : valueAt(other, row))
    return vectorOf(Array.from({ length: rowCount }, (_, row) => (tried === null ? null : valueAt(tried, row)) ?? fallback(row)),
      to, context.account)
  }, { nulls: 'own' })

/** Numbers as days or moments; those that are none as `other`, or the type's default. */
function withDefault(from: Vector, other: Vector | undefined, type: DataType, rowCount: number, context: EvalContext): Vector {
  const cast = castVector(from, nullableOf(bareType(type)), context, 'null')
  const marked = nullBeyond(from, cast, context)
  const fallback = other ?? constVector(typeDefault(type), type, rowCount, context.account)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => valueAt(marked, row) ?? valueAt(fallback, row)), type, context.account)
}

const SECONDS_MAX = 4_294_967_295
const SECONDS64_MIN = -62_167_219_200
const SECONDS64_MAX = 253_402_300_799

/** Numbers that are no moment of the type are NULL, not its first or last one. */
function nullBeyond(from: Vector, to: Vector, { account }: EvalContext): Vector {
  const [least, most] = bareType(to.type).id === 'DateTime64' ? [SECONDS64_MIN, SECONDS64_MAX] : [0, SECONDS_MAX]
  const read = numberReader(from)
  const nulls = account.u8(from.isConst ? 1 : from.length)
  for (let row = 0; row < nulls.length; row++) {
    const isOut = read(row) < least || read(row) > most
    nulls[row] = isOut || to.nulls?.[row] === 1 ? 1 : 0
  }
  return { ...to, nulls }
}

/** toXOrNull makes NULLs of its own, so it sees NULLs as they are. */
function nullForm(name: string, arity: readonly [number, number],
  typed: (args: readonly ArgInfo[]) => DataType): FunctionDef {
  return define(name, arity, (args) => {
    const bare = bareArgs(args)
    if (bare[0].type.id === 'Nothing') return NULL_ONLY
    const to = typed(bare)
    expectText(name, bare[0].type, to)
    return likeSource(args, nullableOf(to))
  }, ([a], type, _rows, context) => {
    const cast = castVector(a, type, context, 'basicNull')
    return isNumber(bareType(a.type)) ? nullBeyond(a, cast, context) : cast
  }, { nulls: 'own' })
}

/** A time zone given as constant argument `index`; null where there is none. */
export function zoneArgument(
  name: string, args: readonly ArgInfo[], index: number): string | null {
  if (args.length <= index) return null
  if (!isString(bareType(args[index].type))) throw badArgument(name, index, args[index].type)
  return knownZone(name, String(constantInfo(name, args, index)))
}

/** Refuses as argument `index` what is no time zone; it may be another one each row. */
export function expectZone(name: string, args: readonly ArgInfo[], index: number): void {
  if (args.length <= index) return
  if (!isString(args[index].type)) throw badArgument(name, index, args[index].type)
  const { value } = args[index]
  if (value === '') throw new FunctionError(`The time zone of ${name} is empty`, 'ILLEGAL_TYPE_OF_ARGUMENT')
  if (value !== undefined) knownZone(name, String(value))
}

function dateTimeTarget(args: readonly ArgInfo[]): DataType {
  return hasDigits(args) ? momentOfDigits('toDateTime', args) : secondsTarget(args)
}

function secondsTarget(args: readonly ArgInfo[]): DataType {
  const zone = zoneArgument('toDateTime', args, 1)
  return dateTimeOf(zone ?? (isMoment(args[0].type) ? args[0].type.zone : null))
}

function dateTime64Target(args: readonly ArgInfo[]): DataType {
  return dateTime64Type('toDateTime64', args, args.length > 1 ? Number(constantInfo('toDateTime64', args, 1)) : 3)
}

/** The DateTime64 that a call of function `name` makes, with so many digits after the second. The zone is the third
 * argument, else that of the moment. Throws where there are no such digits. */
export function dateTime64Type(name: string, args: readonly ArgInfo[], digits: number): DataType {
  const zone = zoneArgument(name, args, 2)
  if (!(Number.isInteger(digits) && digits >= 0 && digits <= 9)) {
    throw new FunctionError(`${name}: digits after the second are 0 to 9, not ${digits}`,
      'ARGUMENT_OUT_OF_BOUND')
  }
  return dateTime64Of(digits, zone ?? (isMoment(args[0].type) ? args[0].type.zone : null))
}

/** True where the second argument says the digits after the second, not a time zone: `toDateTime(x, 3)`. */
export function hasDigits(args: readonly ArgInfo[]): boolean {
  return args.length > 2 || (args.length > 1 && /^UInt/.test(args[1].type.id))
}

/** What a call of function `name` with digits as its second argument makes: a DateTime64, or a DateTime where
 * they are 0. */
export function momentOfDigits(name: string, args: readonly ArgInfo[]): DataType {
  if (!isInteger(args[1].type)) throw badArgument(name, 1, args[1].type)
  const type = dateTime64Type(name, args, Number(constantInfo(name, args, 1)))
  return type.precision === 0 ? dateTimeOf(type.zone) : type
}

function time64Target(args: readonly ArgInfo[]): DataType {
  const digits = args.length > 1 ? Number(constantInfo('toTime64', args, 1)) : 3
  if (args.length > 1 && !isInteger(args[1].type)) throw badArgument('toTime64', 1, args[1].type)
  if (Number.isInteger(digits) && digits >= 0 && digits <= 9) return time64Of(digits)
  throw new FunctionError(`toTime64: digits after the second are 0 to 9, not ${digits}`, digits < 0 ? 'ARGUMENT_OUT_OF_BOUND' : 'BAD_ARGUMENTS')
}

/** The forms for text that does not fit make a Time where it has no digits after the second. */
const clockTarget = (args: readonly ArgInfo[]): DataType => {
  const type = time64Target(args)
  return type.precision === 0 ? TIME : type
}

const decimalTarget = (name: string, precision: number) => (args: readonly ArgInfo[]): DataType =>
  decimalOf(precision, Number(constantInfo(name, args, 1)))

const toStringDef = define('toString', [1, 2], (args) => {
  if (args.length === 1) return STRING
  if (!isMoment(args[0].type)) {
    throw new FunctionError(`Function toString takes a time zone beside a moment only, not beside ${args[0].type.name}`,
      'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (!isString(args[1].type)) throw badArgument('toString', 1, args[1].type)
  if (args[1].value !== undefined) zoneArgument('toString', args, 1)
  return STRING
}, (args, type, rowCount, context) => {
  const [a] = args
  const source = args.length === 1 ? a : args[1].isConst ? inZone(a, zoneOf(args[1])) : movedByZones('toString', a, args[1], dateTime64Of(a.type.precision, 'UTC'), rowCount, shownSeconds, context)
  return retype(castToString({ ...source, length: source.isConst ? rowCount : source.length },
    context), type)
})

const zoneOf = (vector: Vector): string => {
  if (vector.kind !== 'bytes') throw new FunctionError('A time zone is a constant text')
  return new TextDecoder().decode(vector.bytes.subarray(vector.offsets[0], vector.offsets[1]))
}

/** CAST(x, 'T'). A Nullable argument keeps its NULLs only where T is Nullable. */
function castTarget(name: string, args: readonly ArgInfo[]): DataType {
  if (args[1].value === undefined) throw new FunctionError(`The second argument of ${name} is a constant text: a type`)
  const text = String(constantInfo(name, args, 1))
  try {
    const to = withZoneOf(args[0].type, parseDataType(text))
    if (to.id === 'Map' && isString(bareType(args[0].type))) {
      throw new FunctionError(`Cannot convert ${args[0].type.name} to ${to.name}: use JSONExtract`, 'TYPE_MISMATCH')
    }
    if (isVariant(to) && !isString(bareType(args[0].type))) checkIntoVariant(args[0].type, to)
    return to
  } catch (error) {
    if (error instanceof DataTypeError) throw new FunctionError(error.message, 'UNKNOWN_TYPE')
    throw error
  }
}

/** A moment keeps its zone where the type names none. */
function withZoneOf(from: DataType, to: DataType): DataType {
  const { zone } = bareType(from)
  if (zone === null || !isMoment(bareType(to)) || bareType(to).zone !== null) return to
  if (to.id === 'Nullable') return nullableOf(withZoneOf(from, to.args[0]))
  return to.id === 'DateTime' ? dateTimeOf(zone) : to.id === 'DateTime64' ? dateTime64Of(to.precision, zone) : to
}

const cast = (name: string): FunctionDef => define(name, [2, 2], (args) => castTarget(name, args),
  ([a], type, _rows, context) => (isVariant(type) && isString(bareType(a.type)) ? readVariant(a, type, context)
    : castVector(a, type, context, onBadOf(a.type, type))),
  { nulls: 'own' })

/** Fields of a named tuple stand in lines of their own. */
function shownType(type: DataType, indent = ''): string {
  // Nested, Point, Ring …: lists and tuples under a name of their own.
  if (!type.name.startsWith(`${type.id}(`)) return type.name
  const inner = (arg: DataType): string => shownType(arg, indent)
  switch (type.id) {
    case 'Array': return `Array(${inner(type.args[0])})`
    case 'Map': return `Map(${type.args.map(inner).join(', ')})`
    case 'Tuple': {
      const { names } = type
      if (names === null) return `Tuple(${type.args.map(inner).join(', ')})`
      const deeper = `${indent}    `
      const lines = type.args.map((arg, i) => `\n${deeper}${quotedName(names[i])} ${shownType(arg, deeper)}`)
      return `Tuple(${lines.join(',')})`
    }
    default: return type.name
  }
}

const quotedName = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `\`${name}\``)

/** A type as toTypeName shows it: named elements of tuples a line each. */
export const typeText = (type: DataType): string => shownTypeName(shownType(type))

const toTypeName = define('toTypeName', [1, 1], () => STRING,
  ([a], type, rowCount, context) => constVector(typeText(a.type), type, rowCount, context.account),
  { nulls: 'own' })

const toLowCardinality = define('toLowCardinality', [1, 1], ([a]) => {
  if (a.type.id !== 'LowCardinality' && !fitsLowCardinality(a.type)) throw badArgument('toLowCardinality', 0, a.type)
  return a.type.id === 'LowCardinality' ? a.type : lowCardinalityOf(a.type)
},
  ([a], type) => retype(a, type), { nulls: 'own' })

const materializeDef = define('materialize', [1, 1], ([a]) => a.type, ([a]) => a, { nulls: 'own' })
const identity = define('identity', [1, 1], ([a]) => a.type, ([a]) => a, { nulls: 'own' })

/** Nullable text that is no moment is NULL, so it sees NULLs as they are. */
const toUnixTimestamp = define('toUnixTimestamp', [1, 2], (args) => {
  const from = bareType(args[0].type)
  if (from.id === 'Nothing') return NULL_ONLY
  checkConvertible('toUnixTimestamp', from, UINT32)
  if (args.length > 1 && args[1].type.id !== 'String') throw badArgument('toUnixTimestamp', 1, args[1].type)
  if (isString(from)) zoneArgument('toUnixTimestamp', args, 1)
  return likeSource(args, args.some(({ type }) => isNullable(type)) ? nullableOf(UINT32) : UINT32)
}, (args, type, rowCount, context) => {
  const [a] = args
  if (type === NULL_ONLY) return defaultVector(type, rowCount, context.account)
  const from = bareType(a.type)
  if (isClock(from)) return castVector(castVector(a, isNullable(type) ? nullableOf(INT64) : INT64, context), type, context)
  if (!isTemporal(from) && !isString(from)) return castVector(a, type, context)
  const zone = args.length > 1 && isString(from) ? zoneOf(args[1]) : from.zone
  const moment = isNullable(type) ? nullableOf(dateTimeOf(zone)) : dateTimeOf(zone)
  return castVector(castVector(a, moment, context, onBadOf(a.type, moment)), type, context)
}, { nulls: 'own' })

const UNIX64: readonly (readonly [string, number])[] =
  [['Second', 0], ['Milli', 3], ['Micro', 6], ['Nano', 9]]

const toUnix64 = (word: string, digits: number): FunctionDef => {
  const name = `toUnixTimestamp64${word}`
  return define(name, [1, 1], ([a]) => {
    if (a.type.id !== 'DateTime64') throw badArgument(name, 0, a.type)
    return INT64
  }, ([a], type, rowCount, context) => {
    const shift = digits - a.type.precision
    if (shift >= 0) return retype(castVector(a, dateTime64Of(digits, a.type.zone), context), type)
    const read = bigReader(a)
    return vectorOf(Array.from({ length: rowCount }, (_, row) => shrink(read(row) / 10n ** BigInt(-shift))), type, context.account)
  })
}

const fromUnix64 = (word: string, digits: number): FunctionDef => {
  const name = `fromUnixTimestamp64${word}`
  return define(name, [1, 2], (args) => {
    if (!isInteger(args[0].type)) throw badArgument(name, 0, args[0].type)
    return dateTime64Of(digits, zoneArgument(name, args, 1))
  }, ([a], type, _rows, context) => retype(castVector(a, INT64, context), type))
}

const toTimeZone = define('toTimeZone', [2, 2], (args) => {
  const zone = zoneArgument('toTimeZone', args, 1)
  const [{ type }] = args
  if (type.id === 'DateTime') return dateTimeOf(zone)
  if (type.id === 'DateTime64') return dateTime64Of(type.precision, zone)
  throw badArgument('toTimeZone', 0, type)
}, ([a], type) => retype(a, type), { aliases: ['toTimezone'] })

const dateFunction = plainForm('DATE', [1, 1], (args) => {
  checkConvertible('DATE', args[0].type, DATE)
  return DATE
})

export const CONVERSION: readonly FunctionDef[] = [
  ...TARGETS.flatMap((type) => conversions(`to${type.name}`, () => type, [1, 2]))
    .filter(({ name }) => !/^(toBoolOr|toUUIDOrDefault)/.test(name)),
  anyOrDefault('toUUID', UUID, (from) => isString(from) || from === UUID),
  conversions('toDateTime', dateTimeTarget, [1, 3])[0], ...conversions('toDateTime', secondsTarget, [1, 2]).slice(1),
  conversions('toDateTime32', secondsTarget, [1, 2])[0],
  ...conversions('toDateTime64', dateTime64Target, [1, 3]).map((def) => (def.name === 'toDateTime64' ? { ...def, arity: [2, 3] as const } : def)),
  ...conversions('toTime', () => TIME, [1, 1]).slice(0, 3),
  { ...conversions('toTime64', time64Target, [1, 2])[0], arity: [2, 2] }, ...conversions('toTime64', clockTarget, [1, 2]).slice(1, 3),
  ...conversions('toDecimal32', decimalTarget('toDecimal32', 9), [2, 2]),
  ...conversions('toDecimal64', decimalTarget('toDecimal64', 18), [2, 2]),
  ...conversions('toDecimal128', decimalTarget('toDecimal128', 38), [2, 2]),
  ...conversions('toDecimal256', decimalTarget('toDecimal256', 76), [2, 2]),
  toStringDef, cast('CAST'), cast('_CAST'), toTypeName, toLowCardinality, materializeDef, identity,
  toUnixTimestamp, toTimeZone, dateFunction,
  ...UNIX64.map(([word, digits]) => toUnix64(word, digits)),
  ...UNIX64.map(([word, digits]) => fromUnix64(word, digits)),
]
