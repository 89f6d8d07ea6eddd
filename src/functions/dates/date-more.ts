// Still more of dates: beginnings below the second, timeSlots, numbers as dates, identifiers that hold a time.
// Invariant: calendar work is on local days, ticks stay exact.

import {
  arrayOf, bareType, DATE, DATE32, dateTime64Of, dateTimeOf, INT64, nullableOf, STRING, UINT16, UINT32, UUID, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { byValues } from '../base/by-values.ts'
import { civilFromDays, daysFromCivil, daysInMonth, monthOf, utcOfLocal, weekdayOf, yearOf } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { zoneArgument } from '../base/conversion.ts'
import { DATE_ARITHMETIC } from './date-arithmetic.ts'
import { dateDiff } from './date-parts.ts'
import { badArgument, bigReader, constantOf, define, numberReader, numbersBy } from '../base/define.ts'
import { numberArraysBy } from '../base/define-text.ts'
import { momentReader } from './date-text.ts'
import type { FunctionDef } from '../values/function.ts'
import { doubles } from '../base/slot-states.ts'
import { isInteger, isMoment, isNumber, isTemporal } from '../values/types.ts'
import { constVector } from '../values/values.ts'
import { retype } from '../values/vectors.ts'
import { flooredTo } from './whole-seconds.ts'

const DAY_SECONDS = 86_400
const DAY_MAX = 65_535

const startBelow = (name: string, digits: number): FunctionDef => define(name, [1, 2], (args) => {
  const [{ type }] = args
  if (type.id !== 'DateTime64') throw badArgument(name, 0, type)
  return dateTime64Of(Math.max(digits, type.precision), zoneArgument(name, args, 1) ?? type.zone)
}, ([date], type, rowCount, context) => flooredTo(10 ** (type.precision - digits), castVector(date, type, context), rowCount, context))

/** A number of the local day, of 16 bits; of Date32 from 1970 on. */
const ofDay = (name: string, type: DataType, each: (day: number) => number): FunctionDef => define(name, [1, 2], (args) => {
  if (!isTemporal(args[0].type)) throw badArgument(name, 0, args[0].type)
  zoneArgument(name, args, 1)
  return type
}, (args, result, rowCount, context) => {
  const read = momentReader([args[0], args[0], ...args.slice(1)], context)
  const isEarly = args[0].type.id === 'Date32'
  return numbersBy(result, rowCount, context, (row) => {
    const day = Math.floor(read(row).seconds / DAY_SECONDS)
    return isEarly ? each(Math.max(0, day)) : each(day) & DAY_MAX
  })
})

/** The end of a row by its TTL; NULL, never, where that is 0 (a time that was never set). An expression that fails over a
 * row gives 0 here: src/exec/expressions/row-ends.ts. */
export const ROW_END = '__rowEnd'
const rowEnd = define(ROW_END, [1, 1], ([{ type }]) => nullableOf(bareType(type)), ([given], type, _rowCount, context) => {
  const ends = castVector(given, type, context)
  if (ends.kind !== 'number' && ends.kind !== 'big') return ends
  const nulls = context.account.u8(ends.values.length)
  for (let slot = 0; slot < nulls.length; slot++) nulls[slot] = Number(ends.values[slot]) === 0 || ends.nulls?.[slot] === 1 ? 1 : 0
  return retype(ends, type, nulls)
}, { nulls: 'own' })

/** The clock's time on 1970-01-02: what toTime was before there was a type of it. */
const onFixedDate = define('toTimeWithFixedDate', [1, 2], (args) => {
  if (!isMoment(args[0].type)) throw badArgument('toTimeWithFixedDate', 0, args[0].type)
  return dateTimeOf(zoneArgument('toTimeWithFixedDate', args, 1) ?? args[0].type.zone)
}, (args, type, rowCount, context) => {
  const read = momentReader([args[0], args[0], ...args.slice(1)], context)
  return numbersBy(type, rowCount, context, (row) => {
    const { seconds: whole, fraction, offset } = read(row)
    const seconds = fraction > 0 && whole < offset ? whole + 1 : whole // before 1970 towards it, as there
    return utcOfLocal(type.zone, DAY_SECONDS + seconds - Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS)
  })
})

const lastDayOfWeek = define('toLastDayOfWeek', [1, 3], (args) => {
  if (!isTemporal(args[0].type)) throw badArgument('toLastDayOfWeek', 0, args[0].type)
  zoneArgument('toLastDayOfWeek', args, 2)
  return DATE
}, (args, type, rowCount, context) => {
  const isMonday = args.length > 1 && Number(constantOf('toLastDayOfWeek', args, 1)) % 2 === 1
  const read = momentReader([args[0], args[0], ...args.slice(2)], context)
  return numbersBy(type, rowCount, context, (row) => {
    const day = Math.floor(read(row).seconds / DAY_SECONDS)
    const last = day + 6 - (isMonday ? weekdayOf(day) - 1 : weekdayOf(day) % 7)
    return args[0].type.id === 'Date' ? last & DAY_MAX : Math.min(DAY_MAX, Math.max(0, last))
  })
})

const timeSlots = define('timeSlots', [2, 3], (args) => {
  if (args[0].type.id !== 'DateTime') throw badArgument('timeSlots', 0, args[0].type)
  args.slice(1).forEach(({ type }, i) => { if (type.id !== 'UInt32' && (i === 0 || !isInteger(type))) throw badArgument('timeSlots', i + 1, type) })
  return arrayOf(args[0].type)
}, (args, type, rowCount, context) => {
  const [start, duration] = args.map(numberReader)
  const size = args.length > 2 ? Number(constantOf('timeSlots', args, 2)) : 1800
  return numberArraysBy(type, rowCount, context, (row, push) => {
    const last = Math.floor((start(row) + duration(row)) / size)
    for (let slot = Math.floor(start(row) / size); slot <= last; slot++) push(slot * size)
  })
})

/** 20240506 as a date; what is none is the type's zero. */
const digitsDate = (name: string, type: DataType): FunctionDef => define(name, [1, 1], ([a]) => {
  if (!isNumber(a.type) && a.type.id !== 'Decimal') throw badArgument(name, 0, a.type)
  return type
}, ([a], result, rowCount, context) => {
  const read = doubles(a)
  const [least, most] = type === DATE ? [0, 65_535] : [daysFromCivil(1900, 1, 1), daysFromCivil(2299, 12, 31)]
  return numbersBy(result, rowCount, context, (row) => {
    const day = dayOfDigits(Math.trunc(read(row)))
    return day === null || day < least || day > most ? 0 : day
  })
})

function dayOfDigits(digits: number): number | null {
  const [year, month, day] = [Math.floor(digits / 10000), Math.floor(digits / 100) % 100, digits % 100]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return daysFromCivil(year, month, day)
}

const digitsMoment = define('YYYYMMDDhhmmssToDateTime', [1, 2], (args) => {
  if (!isNumber(args[0].type) && args[0].type.id !== 'Decimal') throw badArgument('YYYYMMDDhhmmssToDateTime', 0, args[0].type)
  return dateTimeOf(zoneArgument('YYYYMMDDhhmmssToDateTime', args, 1))
}, ([a], type, rowCount, context) => {
  const read = doubles(a)
  return numbersBy(type, rowCount, context, (row) => {
    const digits = Math.trunc(read(row))
    const day = dayOfDigits(Math.floor(digits / 1_000_000))
    const [hour, minute, second] = [Math.floor(digits / 10000) % 100, Math.floor(digits / 100) % 100, digits % 100]
    if (day === null || day < 0 || hour > 23 || minute > 59 || second > 59) return 0
    return day * DAY_SECONDS + hour * 3600 + minute * 60 + second
  })
})

/** Milliseconds above 22 other bits. */
const ofSnowflake = (name: string, isFine: boolean): FunctionDef => define(name, [1, 3], (args) => {
  if (args[0].type.id !== 'UInt64') throw badArgument(name, 0, args[0].type)
  const zone = zoneArgument(name, args, 2)
  return isFine ? dateTime64Of(3, zone) : dateTimeOf(zone)
}, (args, type, rowCount, context) => {
  const read = bigReader(args[0])
  const epoch = args.length > 1 ? Number(constantOf(name, args, 1)) : 0
  return numbersBy(type, rowCount, context, (row) => {
    const ms = Number(BigInt.asUintN(64, read(row)) >> 22n) + epoch
    return isFine ? ms : Math.floor(ms / 1000)
  })
})

const known = (defs: readonly FunctionDef[], name: string): FunctionDef => {
  const def = defs.find((one) => one.name === name)
  if (def === undefined) throw new Error(`functions: no function ${name}`)
  return def
}

const timeDiff: FunctionDef = define('timeDiff', [2, 2], (args) =>
  dateDiff.returnType([{ type: STRING, value: 'second' }, ...args]),
(args: readonly Vector[], _type, rowCount, context) =>
  dateDiff.evaluate([constVector('second', STRING, rowCount, context.account), ...args], INT64, rowCount, context, null))

export const DATE_MORE: readonly FunctionDef[] = [
  startBelow('toStartOfMillisecond', 3), startBelow('toStartOfMicrosecond', 6), startBelow('toStartOfNanosecond', 9),
  ofDay('toYearNumSinceEpoch', UINT16, (day) => yearOf(civilFromDays(day)) - 1970),
  ofDay('toMonthNumSinceEpoch', UINT32, (day) => (yearOf(civilFromDays(day)) - 1970) * 12 + monthOf(civilFromDays(day)) - 1),
  rowEnd, lastDayOfWeek, onFixedDate, timeSlots, digitsDate('YYYYMMDDToDate', DATE), digitsDate('YYYYMMDDToDate32', DATE32), digitsMoment,
  ofSnowflake('snowflakeIDToDateTime', false), ofSnowflake('snowflakeIDToDateTime64', true), timeDiff,
  { ...known(DATE_ARITHMETIC, 'dateAdd'), name: 'addDate', aliases: [], arity: [2, 2] },
  { ...known(DATE_ARITHMETIC, 'dateSub'), name: 'subDate', aliases: [], arity: [2, 2] },
  byValues('UUIDv7ToDateTime', [1, 2], (args) => {
    if (args[0].type !== UUID) throw badArgument('UUIDv7ToDateTime', 0, args[0].type)
    return dateTime64Of(3, zoneArgument('UUIDv7ToDateTime', args, 1))
  }, ([uuid]) => (String(uuid)[14] === '7' ? parseInt(String(uuid).replaceAll('-', '').slice(0, 12), 16) : 0)),
]
