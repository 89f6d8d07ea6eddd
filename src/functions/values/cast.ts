// CAST: a vector of one type as a vector of another. Conversion functions, comparisons of unlike
// types and the common type of if() all come here.
// Invariant: castVector(v, v.type) is v; NULL stays NULL, and meets an error where it cannot be.

import {
  bareType, isNullable, nullableOf, STRING, UINT128, type DataType,
} from '../../../storage/column/data-type.ts'
import type { ArrayVector, BigVector, NumberVector, TupleVector, Vector } from
  '../../../storage/column/vector.ts'
import type { Value } from './value.ts'
import { isLarge, largeReader } from '../../../storage/column/large.ts'
import { ByteBuilder } from './byte-builder.ts'
import { clockConversion, isClockRefused, secondsAsClock } from './clock-casts.ts'
import { offsetAt, utcOfLocal } from './calendar.ts'
import { FunctionError, type EvalContext } from './function.ts'
import { kindAt, skipSpace, skipValue } from './json-scan.ts'
import { keysOfPath, typedTextsOf } from './json-path-texts.ts'
import { keptDocuments } from './json-skips.ts'
import { writeJsonValue } from './json-value.ts'
import { unitConversion } from './interval-units.ts'
import { parseValue, shrink, tryParseBasic, tryParseText } from './parse-value.ts'
import { writeValue } from './text.ts'
import { ticksWithin } from './decimal-range.ts'
import { areSameStates } from './same-states.ts'
import { decimalDigits, decimalOf, isClock, isEnum, isString, isTemporal, isWide, meetingType, numberInfo, withoutDictionaries } from './types.ts'
import { defaultValue, defaultVector, typeDefault, valueAt, vectorOf } from './values.ts'
import {
  arrayVector, asBytes, asConst, bigVector, elementTypeOf, largeVector, newBigs, newNumbers, numberVector,
  retype,
} from './vectors.ts'
import { isArrayPair, pairsOfArrays } from './array-pairs.ts'
import { isVariant } from './variant-fields.ts'
import { intoVariant, outOfVariant } from './variant-values.ts'

/** What text that does not fit becomes: an error, NULL, or the type's default; basic: moments in their own form
 * only. */
export type OnBadText = 'throw' | 'null' | 'default' | 'basicNull' | 'basicDefault'

/** The vector's values in type `to`. Throws FunctionError for a value that does not fit. */
export function castVector(
  vector: Vector, to: DataType, context: EvalContext, onBad: OnBadText = 'throw'): Vector {
  const from = vector.type
  if (from === to) return vector
  if (vector.isConst && vector.length !== 1) {
    const one = castVector({ ...vector, length: 1 }, to, context, onBad)
    return asConst(one, vector.length)
  }
  if (isVariant(to)) return intoVariant(vector, to, context)
  if (isVariant(from)) {
    return outOfVariant(vector as TupleVector, to, context, (part) => castVector(part, to, context, onBad))
  }
  if (bareType(from).id === 'Nothing') return castNothing(vector, to, context)
  // Text that does not fit a type with NULL is NULL.
  const isStrict = ['DateTime64', 'Bool'].includes(bareType(to).id)
  if (onBad === 'throw' && to.id === 'Nullable' && bareType(from).id === 'String' && !isStrict) {
    return castVector(vector, to, context, 'null')
  }
  const isDynamic = from.id === 'Dynamic'
  if (vector.nulls !== null && !isNullable(to) && onBad === 'throw' && !isDynamic) refuseNulls(vector, to)
  const bare = bareType(to)
  const source = bareType(from)
  const result = source === bare ? vector : castBare(vector, source, bare, context, onBad)
  const nulls = result.nulls ?? vector.nulls
  return retype({ ...result, isConst: vector.isConst }, to, isNullable(to) ? nulls : null)
}

function castNothing(vector: Vector, to: DataType, context: EvalContext): Vector {
  if (!isNullable(to) && vector.length > 0 && vector.nulls !== null) refuseNulls(vector, to)
  const value = defaultVector(to, vector.length, context.account)
  return vector.isConst ? value : { ...vectorOf(
    Array.from({ length: vector.length }, () => (isNullable(to) ? null : defaultValue(to))), to,
    context.account) }
}

function refuseNulls(vector: Vector, to: DataType): void {
  const count = vector.isConst ? 1 : vector.length
  if (vector.nulls?.subarray(0, count).includes(1)) {
    throw new FunctionError(`Cannot convert NULL to ${to.name}: cast to Nullable(${to.name}) or use `
      + 'ifNull', to.id === 'Tuple' ? 'TYPE_MISMATCH' : 'CANNOT_CONVERT_TYPE')
  }
}

function castBare(
  vector: Vector, from: DataType, to: DataType, context: EvalContext, onBad: OnBadText): Vector {
  if (to.id === 'AggregateFunction') return castToState(vector, from, to, context)
  if (to.id === 'String') return castToString(vector, context)
  if (to.id === 'FixedString') return castToFixed(vector, to, context)
  if (to.id === 'JSON' && (isString(from) || from.id === 'JSON')) return castToJson(vector, to, context)
  if (to.id === 'JSON' && (from.id === 'Map' || (from.id === 'Tuple' && from.names !== null))) return castToJson(jsonTexts(vector, context), to, context)
  if ((from.id === 'IPv6' || from.id === 'UUID') && to.id === 'UInt128') return wholeBytes(vector, to, context)
  if ((from.id === 'IPv6' || from.id === 'UUID') && to.id === 'Bool') return castVector(wholeBytes(vector, UINT128, context), to, context)
  if (to.id === 'Dynamic') return jsonTexts(vector, context)
  if (from.id === 'Dynamic') {
    return parseRows(castToString(vector, context), to, context, onBad, numberInfo(to)?.isFloat === false && to.id !== 'Bool' ? withoutFraction
      : isClock(to) ? secondsAsClock : undefined)
  }
  if (isString(from)) return parseRows(vector, to, context, onBad)
  if (vector.kind === 'array' && (to.id === 'Array' || to.id === 'Map')) {
    return castArray(vector, to, context)
  }
  if (vector.kind === 'tuple' && to.id === 'Tuple') return castTuple(vector, to, context)
  if (vector.kind === 'tuple' && to.id === 'Map' && isArrayPair(from)) {
    return pairsOfArrays(vector, to, context, (part, type) => castVector(part, type, context))
  }
  const isNumeric = vector.kind === 'number' || vector.kind === 'big' || isLarge(from)
  if (from.id === 'IPv6' && to.id === 'IPv4') return unmappedAddresses(vector, to, context, onBad)
  if (from.id === 'IPv4' && to.id === 'IPv6') return mappedAddresses(vector, to, context)
  const isRefused = isClockRefused(from, to) || ((from.id === 'Decimal' || from.id === 'DateTime64') && isEnum(to)) || (from.id === 'Decimal' && ['Date', 'Date32', 'DateTime', 'IPv4'].includes(to.id))
    || (isLarge(from) && from.id !== 'Decimal' && ['DateTime64', 'Enum8', 'Enum16'].includes(to.id))
  if (isNumeric && arrayLike(to) === false && !isRefused) {
    return castNumbers(vector, from, to, context)
  }
  throw noConversion(from, to)
}

/** Vectors in the type in which their values are looked for among each other (meetingType). */
export function castToMeet(vectors: readonly Vector[], context: EvalContext): readonly Vector[] {
  const common = meetingType(vectors.map(({ type }) => type))
  return common === null ? vectors : vectors.map((vector) => castVector(vector, common, context))
}

/** Types that have nothing to do with each other, in ClickHouse's kinds of error. */
function noConversion(from: DataType, to: DataType): FunctionError {
  const isList = (type: DataType): boolean => ['Array', 'Map', 'Tuple', 'JSON'].includes(type.id)
  const code = from.id === 'Time' && to.id === 'Decimal' ? 'ILLEGAL_COLUMN' : to.id !== 'JSON' && isList(to) ? 'TYPE_MISMATCH'
    : ['Decimal', 'DateTime64', 'Enum8', 'Enum16'].includes(to.id) ? 'CANNOT_CONVERT_TYPE' : to.id === 'FixedString' ? 'NOT_IMPLEMENTED'
    : isList(from) ? 'ILLEGAL_TYPE_OF_ARGUMENT' : from.id === 'Decimal' ? 'ILLEGAL_COLUMN' : 'NOT_IMPLEMENTED'
  return new FunctionError(`Cannot convert ${from.name} to ${to.name}`, code)
}

/** An IPv6 address or a UUID as the number that its bytes are. */
function wholeBytes(vector: Vector, to: DataType, { account }: EvalContext): Vector {
  const count = vector.isConst ? 1 : vector.length
  const text = asBytes(vector, account)
  const isBackward = bareType(vector.type).id === 'UUID' // each half with its low byte first
  return largeVector(to, count, account, (row) => {
    const view = new DataView(text.bytes.buffer, text.bytes.byteOffset + text.offsets[row])
    return text.offsets[row + 1] === text.offsets[row] ? 0n
      : (view.getBigUint64(0, isBackward) << 64n) | view.getBigUint64(8, isBackward)
  })
}

/** The IPv4 addresses of ::ffff:1.2.3.4; others are none. */
function unmappedAddresses(vector: Vector, to: DataType, context: EvalContext, onBad: OnBadText): Vector {
  const rows = Array.from({ length: vector.isConst ? 1 : vector.length }, (_, row): Value => {
    const text = valueAt({ ...vector, isConst: false }, row)
    if (text === null) return null
    const address = /^::ffff:([\d.]+)$/.exec(String(text))
    if (address === null && onBad === 'throw') {
      throw new FunctionError(`IPv6 ${String(text)} is not in the block of mapped IPv4 addresses`, 'CANNOT_CONVERT_TYPE')
    }
    return address === null ? (onBad.endsWith('ull') ? null : typeDefault(to)) : parseValue(address[1], to)
  })
  return vectorOf(rows, to, context.account)
}

/** ::ffff:1.2.3.4 */
function mappedAddresses(vector: Vector, to: DataType, { account }: EvalContext): Vector {
  const values = Array.from({ length: vector.isConst ? 1 : vector.length }, (_, row) => {
    const ip = Number(valueAt({ ...vector, isConst: false, nulls: null }, row))
    return `::ffff:${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`
  })
  return retype(vectorOf(values, to, account), to, vector.nulls)
}

/** Values as JSON has them. */
function jsonTexts(vector: Vector, { account }: EvalContext): Vector {
  const out = new ByteBuilder(vector.length, account)
  for (let row = 0; row < vector.length; row++) {
    writeJsonValue(out, vector, row)
    out.endRow()
  }
  return out.finish(STRING, vector.isConst && vector.nulls !== null ? account.u8(vector.length).fill(vector.nulls[0]) : vector.nulls)
}

/** Text of an object is a JSON value as it stands. */
function castToJson(vector: Vector, to: DataType, context: EvalContext): Vector {
  const text = asBytes(vector, context.account)
  for (let row = 0; row < (text.isConst ? 1 : text.length); row++) {
    const start = skipSpace(text.bytes, text.offsets[row], text.offsets[row + 1])
    const end = skipValue(text.bytes, start, text.offsets[row + 1])
    const isObject = kindAt(text.bytes, start, text.offsets[row + 1]) === 'object' && end > 0
    if (isObject && skipSpace(text.bytes, end, text.offsets[row + 1]) === text.offsets[row + 1]) continue
    if (text.nulls?.[row] === 1) continue
    throw new FunctionError(`Cannot parse JSON object here: ${String(valueAt(vector, row)).slice(0, 60)}`,
      'INCORRECT_DATA')
  }
  return retype(storedDocuments(text, to, context), to)
}

/** Documents as a type of JSON keeps them. Throws FunctionError where the value of a typed path is none of its type;
 * `leavesBad`: such a value stays as it was written, and whoever reads the path is told. */
export function storedDocuments(vector: Vector, type: DataType, context: EvalContext, leavesBad = false): Vector {
  const { id, names, args } = bareType(type)
  if (id !== 'JSON' || names === null) return keptDocuments(vector, type, context.account)
  const text = asBytes(vector, context.account)
  const slots = text.isConst ? 1 : text.length
  const typed = names.map((name, i) => {
    const { texts, isRaw, bad } = typedTextsOf(text, keysOfPath(name), args[i], slots, context)
    const refuse = (what: string) => {
      throw new FunctionError(`Cannot insert data into a JSON column: ${what} (path ${name})`, 'INCORRECT_DATA')
    }
    if (bad !== null && !leavesBad) refuse(`${bad} is no ${args[i].name}`)
    try {
      return { values: castVector(texts, args[i], context), isRaw }
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error
      if (!leavesBad) refuse(error.message)
      return { values: castVector(withoutBad(texts, args[i], isRaw, context), args[i], context), isRaw }
    }
  })
  return keptDocuments(text, type, context.account, typed)
}

/** The values with NULL for those that are none of a type; marks these. */
function withoutBad(texts: Vector, type: DataType, isBad: Uint8Array, context: EvalContext): Vector {
  const nulls = context.account.u8(texts.length).fill(0)
  for (let row = 0; row < texts.length; row++) {
    nulls[row] = texts.nulls?.[row] ?? 0
    try {
      castVector(vectorOf([valueAt(texts, row)], texts.type, context.account), type, context)
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error
      nulls[row] = isBad[row] = 1
    }
  }
  return retype(texts, texts.type, nulls)
}

/** States stay states where the aggregate is the same over other names of its arguments. */
function castToState(vector: Vector, from: DataType, to: DataType, context: EvalContext): Vector {
  if (from.id === 'String') return retype(asBytes(vector, context.account), to)
  const isSame = from.id === 'AggregateFunction' && (areSameStates(from, to) || (from.func === to.func
    && from.args.every((arg, i) => withoutDictionaries(bareType(arg)) === withoutDictionaries(bareType(to.args[i])))))
  if (isSame) return vector
  throw new FunctionError(`Conversion from ${from.name} to ${to.name} is not supported`,
    'CANNOT_CONVERT_TYPE')
}

function arrayLike(type: DataType): boolean {
  return ['Array', 'Map', 'Tuple', 'UUID', 'IPv6', 'JSON'].includes(type.id)
}

/** Text of every row; NULL rows give '' (and stay NULL). */
export function castToString(vector: Vector, context: EvalContext): Vector {
  const from = bareType(vector.type)
  if (from.id === 'String') return vector
  if (isVariant(from)) return castVector(vector, STRING, context)
  const out = new ByteBuilder(vector.length, context.account, vector.length * 8)
  const { nulls } = vector
  for (let row = 0; row < vector.length; row++) {
    if (nulls === null || nulls[vector.isConst ? 0 : row] === 0) {
      writeValue(out, vector, row, false)
      // FixedString's text ends at its padding.
      if (from.id === 'FixedString') {
        while (out.length > 0 && out.bytes[out.length - 1] === 0) out.length--
      }
    }
    out.endRow()
  }
  return out.finish(nulls === null ? STRING : nullableOf(STRING), nulls)
}

function castToFixed(vector: Vector, to: DataType, context: EvalContext): Vector {
  const bare = bareType(vector.type)
  const isWritten = bare.id === 'Bool' || isEnum(bare)
  if (!isString(bare) && !isWritten) {
    throw noConversion(bare, to)
  }
  const text = asBytes(isWritten ? castToString(vector, context) : vector, context.account)
  const out = new ByteBuilder(vector.length, context.account, vector.length * to.length)
  for (let row = 0; row < vector.length; row++) {
    const slot = vector.isConst ? 0 : row
    const bytes = text.offsets[slot + 1] - text.offsets[slot]
    if (bytes > to.length) {
      throw new FunctionError(`String of ${bytes} bytes does not fit ${to.name}`, 'TOO_LARGE_STRING_SIZE')
    }
    out.slice(text.bytes, text.offsets[slot], text.offsets[slot + 1])
    for (let i = bytes; i < to.length; i++) out.byte(0)
    out.endRow()
  }
  return out.finish(to, vector.nulls)
}

/** A number of JSON that becomes a whole one. */
const withoutFraction = (text: string): string => (/^-?\d+\.\d+$/.test(text) ? String(Math.trunc(Number(text))) : text)

function parseRows(
  vector: Vector, to: DataType, context: EvalContext, onBad: OnBadText, written = (text: string): string => text,
): Vector {
  const values: Value[] = [] // one block at most
  let anyNull = false
  const isBasic = onBad.startsWith('basic')
  const isNull = onBad === 'null' || onBad === 'basicNull'
  const isFixed = bareType(vector.type).id === 'FixedString'
  const isWhole = isFixed && numberInfo(to)?.isFloat === false && to.id !== 'Bool'
  for (let row = 0; row < vector.length; row++) {
    const given = valueAt(vector, row) as string | null
    const text = isFixed ? given?.replace(/\0+$/, '') ?? null // its padding says nothing
      : given === null ? null : written(given)
    if (text === null) {
      values.push(isNull ? null : typeDefault(to))
    } else if (isWhole && text === '') {
      values.push(0)
    } else if (isBasic && isFixed && text === '') {
      values.push(isNull ? null : typeDefault(to)) // zero bytes are not no text
    } else if (onBad === 'throw') {
      values.push(parseValue(text, to))
    } else {
      values.push((isBasic ? tryParseBasic : tryParseText)(text, to) ?? (isNull ? null : typeDefault(to)))
    }
    anyNull = anyNull || values[row] === null
  }
  const parsed = vectorOf(values, to, context.account)
  return anyNull ? parsed : retype(parsed, to, vector.nulls)
}

function castArray(vector: ArrayVector, to: DataType, context: EvalContext): Vector {
  const values = castVector(vector.values, elementTypeOf(to), context)
  return arrayVector(to, vector.offsets, values)
}

function castTuple(vector: TupleVector, to: DataType, context: EvalContext): Vector {
  const { names } = bareType(vector.type)
  if (names !== null && to.names !== null && names.join() !== to.names.join()) {
    return castByName(vector, names, to, context)
  }
  if (vector.fields.length !== to.args.length) {
    throw new FunctionError(`Cannot convert ${vector.type.name} to ${to.name}: they differ in the `
      + 'number of elements', 'TYPE_MISMATCH')
  }
  return { ...vector, type: to, fields: vector.fields.map((f, i) => castVector(f, to.args[i], context)) }
}

/** Elements of one name; those without one have defaults. */
function castByName(
  vector: TupleVector, names: readonly string[], to: DataType, context: EvalContext): Vector {
  const fields = to.args.map((type, i) => {
    const place = names.indexOf(to.names?.[i] ?? '')
    return place < 0 ? defaultVector(type, vector.length, context.account)
      : castVector(vector.fields[place], type, context)
  })
  return { ...vector, type: to, fields }
}

const DAY_SECONDS = 86400
const MOMENT_MAX = 4294967295
const DAY32_MIN = -25567
const DAY32_MAX = 120529
/** The years 0 to 9999. */
const SECONDS_MIN = -62167219200
const SECONDS_MAX = 253402300799

/** Numbers, dates, moments, decimals and enums among each other. */
function castNumbers(
  vector: Vector, from: DataType, to: DataType, context: EvalContext): Vector {
  const { account } = context
  const count = vector.isConst ? 1 : vector.length
  const convert = conversion(from, to)
  if (isLarge(from) || isLarge(to) || (vector.kind !== 'number' && vector.kind !== 'big')) {
    return castLarge(vector, convert, to, context)
  }
  const wide = isWide(to)
  const out = newNumbers(to, count, account)
  let isSafe = true
  for (let row = 0; row < count; row++) {
    const value = convert(vector.values[row])
    out[row] = Number(value)
    if (wide && !Number.isSafeInteger(out[row])) isSafe = false
  }
  const result = isSafe ? numberVector(to, out, vector.nulls)
    : castBig(vector, convert, to, context)
  return { ...result, length: vector.length, isConst: vector.isConst }
}

/** From or to integers and decimals of more than 64 bits. */
function castLarge(vector: Vector, convert: Convert, to: DataType, context: EvalContext): Vector {
  const count = vector.isConst ? 1 : vector.length
  const read = isLarge(bareType(vector.type)) ? largeReader(vector)
    : (row: number) => (vector as NumberVector | BigVector).values[row]
  const whole = (value: number | bigint): bigint =>
    (typeof value === 'bigint' ? value : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n)
  const result = isLarge(to)
    ? largeVector(to, count, context.account, (row) => whole(convert(read(row))), vector.nulls)
    : retype(vectorOf(Array.from({ length: count }, (_, row) => {
      const value = convert(read(row))
      return typeof value === 'bigint' ? shrink(value) : value
    }), to, context.account), to, vector.nulls)
  return { ...result, length: vector.length, isConst: vector.isConst }
}

function castBig(
  vector: NumberVector | BigVector, convert: (value: number | bigint) => number | bigint,
  to: DataType, context: EvalContext,
): Vector {
  const count = vector.isConst ? 1 : vector.length
  const out = newBigs(to, count, context.account)
  for (let row = 0; row < count; row++) {
    const value = convert(vector.values[row])
    out[row] = typeof value === 'bigint' ? value
      : Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  }
  return bigVector(to, out, vector.nulls)
}

type Convert = (value: number | bigint) => number | bigint

/** One value of a bare type as one of another. */
function conversion(from: DataType, to: DataType): Convert {
  if (from.id === 'Interval' && to.id === 'Interval') return unitConversion(from, to)
  const clock = isClock(from) || isClock(to) ? clockConversion(from, to) : null
  if (clock !== null) return clock
  if (from.id === 'Time64') return conversion(decimalOf(18, from.precision), to)
  if (isTemporal(to) && (isTemporal(from))) return temporalConversion(from, to)
  if (to.id === 'Bool') return (value) => (Number(value) === 0 ? 0 : 1)
  if (to.id === 'Date' || to.id === 'Date32') {
    // Numbers up to the last day are days, larger ones seconds.
    const [least, most] = to.id === 'Date' ? [0, 65535] : [DAY32_MIN, DAY32_MAX]
    const seconds = to.id === 'Date' ? MOMENT_MAX : SECONDS_MAX
    const isBeyond = from.id === 'UInt64' || isLarge(from)
    return (value) => {
      const number = Math.trunc(Number(value))
      if (!(number > most)) return Math.max(least, number || 0)
      // Seconds are signed: those beyond 2^63 are before 1970, and that is the last day again.
      if (isBeyond && typeof value === 'bigint' && BigInt.asIntN(64, value) < 0n) {
        return to.id === 'Date' ? most : Math.max(least, Math.floor(Number(BigInt.asIntN(64, value)) / DAY_SECONDS))
      }
      return Math.min(most, Math.floor(Math.min(number, seconds) / DAY_SECONDS))
    }
  }
  if (to.id === 'DateTime' && isLarge(from)) return (value) => Number(BigInt.asUintN(32, BigInt(value)))
  if (to.id === 'DateTime') return (value) => Math.min(Math.max(Number(value), 0), 4294967295)
  if (to.id === 'DateTime64') return toTicks(from, to)
  if (to.id === 'Decimal') return toDecimal(from, to)
  if (from.id === 'Decimal') return fromDecimal(from, to)
  if (from.id === 'DateTime64') return scaleDown(from.precision, to)
  if (isEnum(to)) return checkedEnum(to)
  if (to.id === 'UInt64') return (value) => wrapUnsigned(value)
  if (to.id === 'Int64') return (value) => wrapSigned(value)
  return toInteger(from, to)
}

/** Seconds of a number, kept within the years that there are. */
function toTicks(from: DataType, to: DataType): Convert {
  if (from.id === 'Decimal') return scaleTo(from.scale, to.precision)
  const scale = scaleTo(0, to.precision)
  return (value) => {
    const number = Number(value)
    if (number > SECONDS_MAX) return scale(SECONDS_MAX)
    return Number.isNaN(number) || number < SECONDS_MIN ? scale(SECONDS_MIN) : scale(value)
  }
}

/** Narrow types: typed arrays wrap by themselves; what is beyond 2^53 keeps its low bits. */
function toInteger(from: DataType, to: DataType): Convert {
  if (to.id === 'Float64' || to.id === 'Float32') return Number
  if (isLarge(to)) {
    return (value) => {
      if (typeof value === 'bigint' || Number.isFinite(value)) return value
      throw notFinite()
    }
  }
  if (from.id !== 'Float64' && from.id !== 'Float32') {
    return (value) => (typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value)
  }
  const isInt32 = to.id === 'Int32'
  return (value) => {
    const number = Number(value)
    if (!Number.isFinite(number)) throw notFinite()
    // As the processor does it: what 32 (for UInt32 64) bits do not hold is their least number.
    if (isInt32 && Math.abs(number) >= 2147483649) return -2147483648
    return to.id !== 'UInt32' && Math.abs(number) >= 2147483649 ? 0 : number
  }
}

const notFinite = (): FunctionError =>
  new FunctionError('Unexpected inf or nan to integer conversion', 'CANNOT_CONVERT_TYPE')

function wrapUnsigned(value: number | bigint): number | bigint {
  if (typeof value === 'bigint') return BigInt.asUintN(64, value)
  if (!Number.isFinite(value)) throw notFinite()
  const whole = Math.trunc(value)
  if (whole >= 18446744073709551616 || whole < -9223372036854775808) return 9223372036854775808n
  return whole >= 0 ? whole + 0 : BigInt.asUintN(64, BigInt(whole))
}

function wrapSigned(value: number | bigint): number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value)
  if (!Number.isFinite(value)) throw notFinite()
  return Math.abs(value) >= 9223372036854775808 ? -(2n ** 63n) : Math.trunc(value) + 0
}

function checkedEnum(to: DataType): Convert {
  return (value) => {
    if (to.values?.includes(Number(value))) return value
    throw new FunctionError(`${to.name} has no value ${value}`, 'UNKNOWN_ELEMENT_OF_ENUM')
  }
}

function scaleTo(fromDigits: number, toDigits: number): Convert {
  const shift = toDigits - fromDigits
  if (shift === 0) return (value) => value
  const factor = 10 ** Math.abs(shift)
  const big = 10n ** BigInt(Math.abs(shift))
  if (shift > 0) {
    return (value) => {
      const near = Number(value) * factor
      if (Number.isSafeInteger(Math.trunc(near))) return Math.trunc(near)
      return typeof value === 'bigint' || Number.isInteger(value) ? BigInt(value) * big
        : BigInt(Math.trunc(near))
    }
  }
  return (value) => (typeof value === 'bigint' ? floorDivide(value, big) : Math.floor(value / factor))
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value < 0n && quotient * by !== value ? quotient - 1n : quotient
}

function scaleDown(digits: number, to: DataType): Convert {
  const factor = 10 ** digits
  if (to.id.startsWith('Float')) return (value) => Number(value) / factor
  const big = 10n ** BigInt(digits)
  return (value) => (typeof value === 'bigint' ? value / big : Math.trunc(value / factor) + 0)
}

function toDecimal(from: DataType, to: DataType): Convert {
  const check = ticksWithin(to)
  if (from.id === 'Float32' || from.id === 'Float64') {
    const factor = 10 ** to.scale
    return (value) => {
      const ticks = Math.trunc(Number(value) * factor)
      if (Number.isSafeInteger(ticks)) return Number(check(BigInt(ticks)))
      if (Number.isFinite(ticks)) return check(BigInt(ticks))
      throw new FunctionError(`Cannot convert ${value} to ${to.name}`, 'DECIMAL_OVERFLOW')
    }
  }
  const fromScale = from.id === 'Decimal' ? from.scale : from.id === 'DateTime64' ? from.precision : 0
  if (fromScale <= to.scale) {
    const scale = scaleTo(fromScale, to.scale)
    if (decimalDigits(from.precision) <= decimalDigits(to.precision) && fromScale === to.scale) return scale
    return (value) => {
      const ticks = scale(value)
      return typeof ticks === 'bigint' ? check(ticks) : Number(check(BigInt(ticks)))
    }
  }
  const by = 10n ** BigInt(fromScale - to.scale)
  return (value) => check(BigInt(value) / by)
}

/** Whole numbers that their type has not are refused. */
function fromDecimal(from: DataType, to: DataType): Convert {
  const scale = scaleDown(from.scale, to)
  const number = numberInfo(to)
  if (number === null || number.isFloat) return scale
  const bits = BigInt(number.bytes * 8)
  const most = 2n ** (number.isSigned ? bits - 1n : bits) - 1n
  const least = number.isSigned ? -most - 1n : 0n
  return (value) => {
    const whole = scale(value)
    if (whole <= most && whole >= least) return whole
    throw new FunctionError(`The Decimal ${whole} does not fit ${to.name}`, 'DECIMAL_OVERFLOW')
  }
}

/** Dates and moments: local midnight begins a day, and a moment's day is the local one. */
function temporalConversion(from: DataType, to: DataType): Convert {
  const toSeconds = secondsOf(from, to.zone)
  switch (to.id) {
    case 'Date': case 'Date32':
      if (from.id === 'Date' || from.id === 'Date32') return (value) => value
      return (value) => {
        const seconds = Number(toSeconds(value))
        const day = Math.floor((seconds + offsetAt(from.zone, seconds)) / DAY_SECONDS)
        return from.id === 'DateTime' && to.id === 'Date' ? Math.max(0, day) : day // no Date before 1970 west of Greenwich
      }
    case 'DateTime':
      return (value) => Number(toSeconds(value)) >>> 0 // seconds beyond 32 bits lose the others
    default:
      return from.id === 'DateTime64' ? scaleTo(from.precision, to.precision)
        : (value) => scaleTo(0, to.precision)(toSeconds(value))
  }
}

function secondsOf(from: DataType, zone: string | null): Convert {
  switch (from.id) {
    case 'Date': case 'Date32': return (value) => utcOfLocal(zone, Number(value) * DAY_SECONDS)
    case 'DateTime64': return scaleTo(from.precision, 0)
    default: return (value) => value
  }
}
