// Facts of values and small texts of them: bytes in memory, widths, exact decimals, spans of time in words,
// merged and pretty JSON, money over time.
// Invariant: each answers from its arguments alone.

import {
  arrayOf, bareType, BOOL, FLOAT64, isNullable, STRING, UINT16, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { byValues } from '../base/by-values.ts'
import { castToString } from '../values/cast.ts'
import { COMPARISON } from '../base/comparison.ts'
import { always, ANY_COUNT, badArgument, define, likeSource, numberReader, numbersBy, ofStrings, elementOf, ofFamily } from '../base/define.ts'
import { bytesBy, bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isNumber, numberInfo } from '../values/types.ts'
import { constVector, valueAt } from '../values/values.ts'
import { asBytes, retype, slotOf } from '../values/vectors.ts'

/** Bytes of a type whose values are all as wide; 0 for others. */
function fixedBytes(type: DataType): number {
  if (largeWidth(type) > 0) return largeWidth(type)
  const width = numberInfo(type)?.bytes
  if (width !== undefined) return width
  switch (type.id) {
    case 'Date': case 'Enum16': return 2
    case 'Enum8': case 'Nothing': return 1
    case 'Date32': case 'DateTime': case 'Time': case 'IPv4': return 4
    case 'DateTime64': case 'Time64': case 'Interval': return 8
    case 'Decimal': return type.precision <= 9 ? 4 : 8
    case 'UUID': case 'IPv6': return 16
    case 'FixedString': return type.length
    default: return 0
  }
}

/** Bytes of a value as ClickHouse counts them before compression. */
function sizeOf(vector: Vector, row: number): number {
  const slot = slotOf(vector, row)
  const bare = bareType(vector.type)
  const nullByte = isNullable(vector.type) ? 1 : 0
  if (bare.id === 'Nothing') return 1
  // Under a NULL text there may be any code.
  if (bare.id === 'String' && vector.nulls?.[slot] === 1) return 8 + nullByte
  switch (vector.kind) {
    case 'tuple': return vector.fields.reduce((sum, field) => sum + sizeOf(field, slot), 0)
    case 'array': {
      let sum = 8
      for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) sum += sizeOf(vector.values, at)
      return sum
    }
    case 'codes': return (fixedBytes(bare) || vector.dictionary.lengthOf(vector.codes[slot]) + 8) + nullByte
    case 'bytes': return (fixedBytes(bare) || vector.offsets[slot + 1] - vector.offsets[slot] + 8) + nullByte
    default: return fixedBytes(bare) + nullByte
  }
}

const byteSize: FunctionDef = define('byteSize', [0, ANY_COUNT], always(UINT64), (args, type, rowCount, context) =>
  numbersBy(type, rowCount, context, (row) => args.reduce((sum, arg) => sum + sizeOf(arg, row), 0)), { nulls: 'own' })

/** How many signs a value takes on a screen. */
const visibleWidth: FunctionDef = define('visibleWidth', [1, 1], (args) => likeSource(args, UINT64), ([a], type, rowCount, context) => {
  const text = asBytes(bareType(a.type).id === 'String' ? a : castToString(a, context), context.account)
  return numbersBy(type, rowCount, context, (row) => {
    const slot = slotOf(text, row)
    if (a.nulls?.[slotOf(a, row)] === 1) return 4
    const bytes = text.bytes.subarray(text.offsets[slot], text.offsets[slot + 1])
    return [...Buffer.from(bytes).toString()].reduce((sum, char) => sum + (isWideSign(char) ? 2 : 1), 0)
  })
}, { nulls: 'own' })

const isWideSign = (char: string): boolean => /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}]/u.test(char)

const DECIMAL_DIGITS_MAX = 77

const toDecimalString = define('toDecimalString', [2, 2], ([value, digits]) => {
  if (!isNumber(value.type) && value.type.id !== 'Decimal') throw badArgument('toDecimalString', 0, value.type)
  if (!isInteger(digits.type)) throw badArgument('toDecimalString', 1, digits.type)
  return STRING
}, ([value, digits], type, rowCount, context) => {
  const shown = value.type === BOOL ? retype(value, UINT8) : value
  const [texts, count] = [textReader(castToString(shown, context), context), numberReader(digits)]
  const isFloat = numberInfo(value.type)?.isFloat === true
  return stringsBy(type, rowCount, context, (row) => {
    const places = count(row)
    if (places < 0 || places > DECIMAL_DIGITS_MAX) {
      throw new FunctionError(`toDecimalString shows 0 to ${DECIMAL_DIGITS_MAX} digits, not ${places}`, 'CANNOT_PRINT_FLOAT_OR_DOUBLE_NUMBER')
    }
    if (!isFloat) return exactPlaces(texts(row), places)
    const number = Number(valueAt(value, row))
    return Number.isFinite(number) ? number.toFixed(places) : texts(row)
  })
})

/** Digits after the point rounded or filled up. ClickHouse 26.7 loses the carry of 0.99 to one digit. */
function exactPlaces(text: string, places: number): string {
  const [whole, fraction = ''] = text.split('.')
  if (fraction.length <= places) return places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`
  const isUp = fraction[places] >= '5'
  const digits = BigInt(whole.replace('-', '') + fraction.slice(0, places)) + (isUp ? 1n : 0n)
  const padded = digits.toString().padStart(places + 1, '0')
  const sign = text.startsWith('-') ? '-' : ''
  return places === 0 ? sign + padded : `${sign}${padded.slice(0, -places)}.${padded.slice(-places)}`
}

const notDistinct = ofFamily(COMPARISON, 'isNotDistinctFrom')

const isDistinct: FunctionDef = { ...notDistinct, name: 'isDistinctFrom', aliases: [],
  evaluate: (args, type, rowCount, context, lambda) => {
    const same = numberReader(notDistinct.evaluate(args, type, rowCount, context, lambda))
    return numbersBy(type, rowCount, context, (row) => 1 - same(row))
  } }

const cutAtZero = define('toStringCutToZero', [1, 1], ofStrings('toStringCutToZero', STRING), ([a], type, rowCount, context) => {
  const read = bytesReader(a, context)
  return bytesBy(type, rowCount, context, (row) => {
    const bytes = read(row)
    const end = bytes.indexOf(0)
    return end < 0 ? bytes : bytes.subarray(0, end)
  })
})

const enumSize = define('getSizeOfEnumType', [1, 1], ([{ type }]) => {
  if (type.id === 'Enum8') return UINT8
  if (type.id === 'Enum16') return UINT16
  throw badArgument('getSizeOfEnumType', 0, type)
}, ([a], type, rowCount, { account }) => constVector(a.type.values?.length ?? 0, type, rowCount, account))

/** Names of units of time to their seconds; a month is 30.5 days, a year 365. */
const SPANS: readonly (readonly [RegExp, number])[] = [
  [/^(years?|yrs?|y)$/, 31_536_000], [/^(months?|mo)$/, 2_635_200], [/^(weeks?|w)$/, 604_800], [/^(days?|d)$/, 86_400],
  [/^(hours?|hrs?|hr?)$/, 3600], [/^(minutes?|mins?|m)$/, 60], [/^(seconds?|secs?|s)$/, 1],
  [/^(milliseconds?|millisec|ms)$/, 1e-3], [/^(microseconds?|microsec|us|\u03bcs|\u00b5s)$/, 1e-6], [/^(nanoseconds?|nanosec|ns)$/, 1e-9],
]
const SPAN_PART = /\s*(\d+(?:\.\d+)?|\.\d+)\s*([a-zA-Z\u03bc\u00b5]+)\s*(?:[;\-+,:]|(?:and\b))?\s*/y

function spanSeconds(text: string): number {
  let [at, sum] = [0, 0]
  while (at < text.length || text === '') {
    SPAN_PART.lastIndex = at
    const match = SPAN_PART.exec(text)
    if (match === null) {
      throw new FunctionError(`Invalid argument of function parseTimeDelta, number not found, str: "${text}"`, 'BAD_ARGUMENTS')
    }
    const unit = SPANS.find(([pattern]) => pattern.test(match[2].toLowerCase()))
    if (unit === undefined) throw new FunctionError(`parseTimeDelta does not know the unit '${match[2]}'`, 'BAD_ARGUMENTS')
    sum += Number(match[1]) * unit[1]
    at = SPAN_PART.lastIndex
  }
  return sum
}

const parseTimeDelta = define('parseTimeDelta', [1, 1], ofStrings('parseTimeDelta', FLOAT64), ([a], type, rowCount, context) => {
  const read = textReader(a, context)
  return numbersBy(type, rowCount, context, (row) => spanSeconds(read(row)))
})

const macToOui = define('MACStringToOUI', [1, 1], ofStrings('MACStringToOUI', UINT64), ([a], type, rowCount, context) => {
  const read = textReader(a, context)
  return numbersBy(type, rowCount, context, (row) => {
    const match = /^([0-9a-fA-F]{2})[:-]([0-9a-fA-F]{2})[:-]([0-9a-fA-F]{2})/.exec(read(row))
    return match === null ? 0 : Number.parseInt(match.slice(1).join(''), 16)
  })
})

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

/** Members of the patch take the places of the target's, objects member by member; null is a value. */
function merged(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const out: Record<string, Json> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) out[key] = merged(out[key], value)
  return out
}

const jsonMergePatch = define('JSONMergePatch', [1, ANY_COUNT], ofStrings('JSONMergePatch', STRING), (args, type, rowCount, context) => {
  const readers = args.map((arg) => textReader(arg, context))
  return stringsBy(type, rowCount, context, (row) => JSON.stringify(readers.map((read) => objectOf(read(row)))
    .reduce<Json>((target, patch) => merged(target, patch), {})))
}, { aliases: ['jsonMergePatch'] })

function objectOf(text: string): Json {
  try {
    const value = JSON.parse(text) as Json
    if (isObject(value)) return value
  } catch {
    throw new FunctionError('Wrong JSON string to merge: Invalid value', 'BAD_ARGUMENTS')
  }
  throw new FunctionError('Wrong JSON string to merge. Expected JSON object', 'BAD_ARGUMENTS')
}

/** Yearly steps, the first now or after a year. */
const presentValue = byValues('financialNetPresentValue', [2, 3], (args) => {
  if (!isNumber(args[0].type)) throw badArgument('financialNetPresentValue', 0, args[0].type)
  if (!isNumber(elementOf('financialNetPresentValue', 1, args[1].type))) throw badArgument('financialNetPresentValue', 1, args[1].type)
  return FLOAT64
}, ([rate, flows, startsNow]) => (flows as readonly number[]).reduce((sum, flow, i) =>
  sum + Number(flow) / (1 + Number(rate)) ** (i + (startsNow === undefined || Number(startsNow) !== 0 ? 0 : 1)), 0))

const indexHint: FunctionDef = define('indexHint', [0, ANY_COUNT], always(UINT8), (_args, type, rowCount, { account }) =>
  constVector(1, type, rowCount, account), { nulls: 'own' })

const schemas: FunctionDef = define('currentSchemas', [1, 1], always(arrayOf(STRING)), (_args, type, rowCount, { account }) =>
  constVector(['default'], type, rowCount, account), { aliases: ['current_schemas'] })

/** A constant of the process. */
const fixed = (name: string, type: DataType, value: string | number | readonly string[], aliases: readonly string[] = []): FunctionDef =>
  define(name, [0, 0], always(type), (_args, result, rowCount, { account }: EvalContext) => constVector(value, result, rowCount, account), { aliases })

export const VALUE_FACTS: readonly FunctionDef[] = [
  byteSize, visibleWidth, toDecimalString, isDistinct, cutAtZero, enumSize, parseTimeDelta, macToOui, jsonMergePatch,
  presentValue, indexHint, schemas, fixed('shardNum', UINT32, 0), fixed('shardCount', UINT32, 0),
  fixed('currentProfiles', arrayOf(STRING), ['default']), fixed('currentRoles', arrayOf(STRING), []),
  fixed('enabledRoles', arrayOf(STRING), []), fixed('defaultRoles', arrayOf(STRING), []),
]
