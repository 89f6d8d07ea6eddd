// Intervals added to intervals and tuples of them, moments moved between zones, julian days, identifiers and
// UUIDs made of moments, and moments made of parts below the second.
// Invariant: ticks stay exact; what no calendar has is the type's least moment, refused, or NULL by name.

import { randomFillSync } from 'node:crypto'
import {
  bareType, DATETIME, dateTime64Of, INT32, internType, isNullable, nullableOf, STRING, UINT64, UUID, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues } from '../base/by-values.ts'
import { daysFromCivil, daysInMonth, utcOfLocal, civilFromDays, yearOf, monthOf, dayOf } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { movedByZones, shownSeconds, zoneArgument } from '../base/conversion.ts'
import { DATE_ARITHMETIC, intervalOf, shift, temporalResult, unitOf } from './date-arithmetic.ts'
import { DATE_TEXT } from './date-text.ts'
import {
  badArgument, bigReader, constantInfo, constantOf, define, expectTypes, likeSource, numberReader,
} from '../base/define.ts'
import { bytesBy, bytesReader, stringsBy } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { doubles } from '../base/slot-states.ts'
import { uuidBytes } from '../values/text.ts'
import { isInteger, isMoment, isNumber, isString, isTemporal, tupleOf } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { asConst } from '../values/vectors.ts'

const DAY_SECONDS = 86_400
const DIGITS_DEFAULT = 3
/** The first moment of DateTime64, which stands for what is none. */
const LEAST_SECONDS = daysFromCivil(1900, 1, 1) * DAY_SECONDS
const LAST_YEAR = 2299
const DATETIME_MAX = 4_294_967_295

/** Seconds of a local time, hours beyond a day counted on; null where the calendar has no such day. */
function localSeconds(parts: readonly number[]): number | null {
  const [year, month, day, hour, minute, second] = parts
  if (year < 1900 || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return daysFromCivil(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second
}

const precisionInfo = (name: string, args: readonly ArgInfo[], index: number): number => {
  if (args.length <= index) return DIGITS_DEFAULT
  const digits = Number(constantInfo(name, args, index))
  if (isInteger(args[index].type) && digits >= 0 && digits <= 9) return digits
  throw new FunctionError(`The precision of ${name} is a whole number from 0 to 9`, 'ARGUMENT_OUT_OF_BOUND')
}

const makeDateTime64 = define('makeDateTime64', [6, 9], (args) => {
  expectTypes('makeDateTime64', args.slice(0, 7), isNumber)
  return dateTime64Of(precisionInfo('makeDateTime64', args, 7), zoneArgument('makeDateTime64', args, 8))
}, (args, type, rowCount, context) => {
  const readers = args.slice(0, 6).map(numberReader)
  const fraction = args.length > 6 ? numberReader(args[6]) : () => 0
  const scale = 10 ** type.precision
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const parts = readers.map((read) => Math.trunc(read(row)))
    const [day, hour, minute, second] = parts.slice(2)
    const isTime = [hour, minute, second].every((part) => part >= 0 && part <= 99)
    // Days beyond their month count on.
    const start = isTime && day >= 1 && day <= 31 ? localSeconds(parts.with(2, 1)) : null
    const local = start === null ? null : start + (day - 1) * DAY_SECONDS
    const below = Math.min(scale - 1, Math.max(0, Math.trunc(fraction(row))))
    const seconds = local === null ? LEAST_SECONDS : utcOfLocal(type.zone, local)
    return shrink(BigInt(seconds) * BigInt(scale) + (local === null ? 0n : BigInt(below)))
  }), type, context.account)
})

/** A moment as if its zone's clock showed what UTC's does, or the other way. */
const betweenZones = (name: string, alias: string, toUtc: boolean): FunctionDef => define(name, [2, 2], (args) => {
  const [{ type }, zone] = args
  if (!isMoment(type)) throw badArgument(name, 0, type)
  if (!isString(zone.type)) throw badArgument(name, 1, zone.type)
  if (zone.value !== undefined) zoneArgument(name, [args[0], zone], 1)
  return type.id === 'DateTime64' ? dateTime64Of(type.precision, null) : DATETIME
}, ([moment, zone], type, rowCount, context) => {
  const moved = toUtc ? utcOfLocal : shownSeconds
  const kept = type !== DATETIME ? moved
    : (zoneName: string, seconds: number): number => Math.min(DATETIME_MAX, Math.max(0, moved(zoneName, seconds)))
  return movedByZones(name, moment, zone, type, rowCount, kept, context)
}, { aliases: [alias] })

/** Intervals of an interval or a tuple of them. */
const intervalsOf = (name: string, index: number, type: DataType): readonly DataType[] => {
  const types = type.id === 'Tuple' ? type.args : [type]
  if (types.some(({ id }) => id !== 'Interval')) throw badArgument(name, index, type)
  return types
}

/** The last interval takes up one of its own unit; any other stands behind it. */
const intervalSum = (name: string, sign: number): FunctionDef => define(name, [2, 2], ([a, b]) => {
  const first = intervalsOf(name, 0, a.type)
  const [second] = intervalsOf(name, 1, b.type)
  if (b.type.id === 'Tuple') throw badArgument(name, 1, b.type)
  return tupleOf(first.at(-1) === second ? first : [...first, second])
}, ([a, b], type, rowCount, context) => {
  return vectorOf(Array.from({ length: rowCount }, (_, row): Value => {
    const values = [valueAt(a, row)].flat() as readonly number[]
    const added = sign * Number(valueAt(b, row))
    if (type.args.length > values.length) return [...values, added]
    return [...values.slice(0, -1), values[values.length - 1] + added]
  }), type, context.account)
})

/** A date moved by each interval of a tuple in turn. */
const tupleShift = (name: string, sign: number): FunctionDef => {
  const moved = (date: DataType, unit: DataType): DataType =>
    temporalResult(sign > 0 ? 'plus' : 'minus', date, unit) ?? date
  return define(name, [2, 2], ([date, intervals]) => {
    if (!isTemporal(date.type)) throw badArgument(name, 0, date.type)
    if (intervals.type.id !== 'Tuple') throw badArgument(name, 1, intervals.type)
    return intervalsOf(name, 1, intervals.type).reduce(moved, date.type)
  }, ([date, intervals], _type, rowCount, context) => {
    if (intervals.kind !== 'tuple') throw new Error(`${name}: no tuple`)
    return intervals.fields.reduce<Vector>((vector, field) => {
      const counts = intervals.isConst ? asConst(field, rowCount) : field
      return shift(vector, counts, field.type.func ?? 'Day', sign, moved(vector.type, field.type), rowCount, context)
    }, date)
  })
}

const found = (defs: readonly FunctionDef[], name: string): FunctionDef => {
  const def = defs.find((one) => one.name === name)
  if (def === undefined) throw new Error(`functions: no function ${name}`)
  return def
}

const EPOCH_JULIAN = 40_587

const DAY_TEXT = /^(\d{4})-(\d\d)-(\d\d)$/

const toJulian = (name: string, isOrNull: boolean): FunctionDef => byOwnValues(name, [1, 1], (args) => {
  const [{ type }] = args
  if (!isString(bareType(type))) throw badArgument(name, 0, type)
  return likeSource(args, isOrNull || isNullable(type) ? nullableOf(INT32) : INT32)
}, ([text]): Value => {
  if (text === null) return null
  const match = DAY_TEXT.exec(String(text))
  const [year, month, day] = (match ?? []).slice(1).map(Number)
  if (match !== null && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)) {
    return daysFromCivil(year, month, day) + EPOCH_JULIAN
  }
  if (isOrNull) return null
  throw new FunctionError(`Cannot read '${String(text)}' as a date in ${name}`, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED')
})

const JULIAN_RANGE = [-678_941, 2_973_483] as const

const fromJulian = (name: string, isOrNull: boolean): FunctionDef => byOwnValues(name, [1, 1], ([{ type }]) => {
  const isNull = type.id === 'Nullable'
  if (!isInteger(isNull ? type.args[0] : type)) throw badArgument(name, 0, type)
  return isOrNull || isNull ? nullableOf(STRING) : STRING
}, ([number]): Value => {
  if (number === null) return null
  const julian = Number(BigInt.asIntN(64, BigInt(number as number | bigint))) // as ClickHouse takes it
  if (julian >= JULIAN_RANGE[0] && julian <= JULIAN_RANGE[1]) {
    const civil = civilFromDays(julian - EPOCH_JULIAN)
    const part = (value: number, width: number): string => String(value).padStart(width, '0')
    return `${part(yearOf(civil), 4)}-${part(monthOf(civil), 2)}-${part(dayOf(civil), 2)}`
  }
  if (isOrNull) return null
  throw new FunctionError(`${julian} is out of the range of modified julian days that are dates`, 'CANNOT_FORMAT_DATETIME')
})

const timestamp = define('timestamp', [1, 2], (args) => {
  expectTypes('timestamp', args, isString)
  return dateTime64Of(6, null)
}, (args, type, rowCount, context) => {
  const moment = castVector(args[0], type, context)
  if (args.length === 1) return moment
  const read = bigReader(moment)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const text = String(valueAt(args[1], row))
    const match = /^(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text)
    if (match === null) throw new FunctionError(`Cannot read '${text}' as a time of day`, 'CANNOT_PARSE_DATETIME')
    const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
    return shrink(read(row) + BigInt(seconds) * 1_000_000n + BigInt((match[4] ?? '').padEnd(6, '0')))
  }), type, context.account)
})

const toInterval = define('toInterval', [2, 2], (args) => {
  if (!isNumber(args[0].type) && !isString(args[0].type)) throw badArgument('toInterval', 0, args[0].type)
  const text = String(constantInfo('toInterval', args, 1)).toLowerCase()
  const unit = text.endsWith('s') ? null : unitOf(text)
  if (unit !== null) return intervalOf(unit)
  throw new FunctionError(`${text} doesn't look like an interval unit in toInterval`, 'BAD_ARGUMENTS')
}, ([count], type, rowCount, context) =>
  found(DATE_ARITHMETIC, `toInterval${type.func}`).evaluate([count], type, rowCount, context, null))

const digitsMoment64 = define('YYYYMMDDhhmmssToDateTime64', [1, 3], (args) => {
  if (!isNumber(args[0].type) && args[0].type.id !== 'Decimal') throw badArgument('YYYYMMDDhhmmssToDateTime64', 0, args[0].type)
  return dateTime64Of(precisionInfo('YYYYMMDDhhmmssToDateTime64', args, 1), zoneArgument('YYYYMMDDhhmmssToDateTime64', args, 2))
}, ([a], type, rowCount, context) => {
  const read = doubles(a)
  const scale = 10 ** type.precision
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const value = Number.isFinite(read(row)) ? read(row) : 0
    const digits = Math.trunc(value)
    const two = (divisor: number): number => Math.floor(digits / divisor) % 100
    const local = localSeconds([Math.floor(digits / 1e10), two(1e8), two(1e6), two(1e4), two(100), digits % 100])
    const below = BigInt(Math.trunc((value - digits) * scale))
    return shrink(BigInt(local === null ? LEAST_SECONDS : utcOfLocal(type.zone, local)) * BigInt(scale) + below)
  }), type, context.account)
})

const SNOWFLAKE_BITS = 22n

const toSnowflake = (name: string, isFine: boolean): FunctionDef => define(name, [1, 2], (args) => {
  if (args[0].type.id !== (isFine ? 'DateTime64' : 'DateTime')) throw badArgument(name, 0, args[0].type)
  if (args.length > 1 && !isInteger(args[1].type)) throw badArgument(name, 1, args[1].type)
  return UINT64
}, (args, type, rowCount, context) => {
  const read = bigReader(args[0])
  const epoch = args.length > 1 ? BigInt(constantOf(name, args, 1) as number) : 0n
  const scale = 10n ** BigInt(isFine ? args[0].type.precision : 0)
  return vectorOf(Array.from({ length: rowCount }, (_, row) =>
    shrink(BigInt.asUintN(64, ((read(row) * 1000n) / scale - epoch) << SNOWFLAKE_BITS))), type, context.account)
})

const fixed16 = internType('FixedString(16)', 'FixedString', { length: 16 })

const uuidVariant = (name: string, args: readonly ArgInfo[]): void => {
  if (args.length > 1 && ![1, 2].includes(Number(constantInfo(name, args, 1)))) {
    throw new FunctionError(`The variant of ${name} is 1 or 2`, 'ARGUMENT_OUT_OF_BOUND')
  }
}

/** Bytes of a UUID as its text has them (variant 1) or as Microsoft's order (2). */
function orderedUuid(text: string, variant: number): Uint8Array {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  if (variant === 2) {
    bytes.subarray(0, 4).reverse()
    bytes.subarray(4, 6).reverse()
    bytes.subarray(6, 8).reverse()
  }
  return bytes
}

const uuidToNum = (name: string, takes: (type: DataType) => boolean): FunctionDef => define(name, [1, 2], (args) => {
  if (!takes(args[0].type)) throw badArgument(name, 0, args[0].type)
  uuidVariant(name, args)
  return fixed16
}, (args, type, rowCount, context) => {
  const variant = args.length > 1 ? Number(constantOf(name, args, 1)) : 1
  return bytesBy(type, rowCount, context, (row) => {
    const text = String(valueAt(args[0], row))
    return uuidBytes(text) === null ? new Uint8Array(16) : orderedUuid(text, variant)
  })
})

const numToUuid = define('UUIDNumToString', [1, 2], (args) => {
  if (args[0].type !== fixed16) throw badArgument('UUIDNumToString', 0, args[0].type)
  uuidVariant('UUIDNumToString', args)
  return STRING
}, (args, type, rowCount, context) => {
  const variant = args.length > 1 ? Number(constantOf('UUIDNumToString', args, 1)) : 1
  const read = bytesReader(args[0], context)
  return stringsBy(type, rowCount, context, (row) =>
    dashed(orderedUuid(Buffer.from(read(row)).toString('hex'), variant)))
})

const dashed = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')

const uuidV7 = define('dateTimeToUUIDv7', [1, 1], ([{ type }]) => {
  if (type.id !== 'DateTime') throw badArgument('dateTimeToUUIDv7', 0, type)
  return UUID
}, ([moment], type, rowCount, context) => {
  const read = numberReader(moment)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const bytes = randomFillSync(Buffer.alloc(16))
    bytes.writeUIntBE(read(row) * 1000, 0, 6)
    bytes[6] = (bytes[6] & 0x0f) | 0x70
    bytes[8] = (bytes[8] & 0x3f) | 0x80
    return dashed(bytes)
  }), type, context.account)
}, { isVolatile: true })

const renamed = (def: FunctionDef, name: string): FunctionDef => ({ ...def, name, aliases: [] })
const best = (suffix: string): FunctionDef =>
  renamed(found(DATE_TEXT, `parseDateTimeBestEffort${suffix}`), `parseDateTime32BestEffort${suffix}`)

export const DATE_INTERVALS: readonly FunctionDef[] = [
  makeDateTime64, betweenZones('toUTCTimestamp', 'to_utc_timestamp', true), betweenZones('fromUTCTimestamp', 'from_utc_timestamp', false),
  intervalSum('addInterval', 1), intervalSum('subtractInterval', -1),
  tupleShift('addTupleOfIntervals', 1), tupleShift('subtractTupleOfIntervals', -1),
  toJulian('toModifiedJulianDay', false), toJulian('toModifiedJulianDayOrNull', true),
  fromJulian('fromModifiedJulianDay', false), fromJulian('fromModifiedJulianDayOrNull', true),
  best(''), best('OrNull'), best('OrZero'), timestamp, toInterval, digitsMoment64,
  toSnowflake('dateTimeToSnowflakeID', false), toSnowflake('dateTime64ToSnowflakeID', true),
  uuidToNum('UUIDStringToNum', isString), uuidToNum('UUIDToNum', (type) => type === UUID), uuidV7, numToUuid,
]
