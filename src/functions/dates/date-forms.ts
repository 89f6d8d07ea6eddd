// More of dates: makeDate, dateName, age, toYearWeek, toRelative…, timeSlot, parts below the second,
// zones, days numbered from year zero.
// Invariant: calendar work is on local seconds or days, as in date-parts.ts.

import { plainZone } from '../../../storage/column/type-names.ts'
import {
  DATE, DATE32, DATETIME, dateTime64Of, dateTimeOf, INT32, STRING, UINT16, UINT32, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { civilFromDays, dayOf, daysBeginAtHours, daysFromCivil, daysInMonth, isUtc, monthOf, offsetAt, utcOfLocal, weekdayOf, yearOf } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { zoneArgument } from '../base/conversion.ts'
import { age } from './date-age.ts'
import { badArgument, constantInfo, constantOf, define, expectTypes, numberReader, numbersBy } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { isDay, isInteger, isMoment, isNumber, isString, isTemporal } from '../values/types.ts'
import { constVector, valueAt, vectorOf } from '../values/values.ts'
import { momentReaders, secondsReader } from './whole-seconds.ts'

const DAY_SECONDS = 86_400

const zoneFor = (args: readonly Vector[], index: number): string | null =>
  (args.length > index && isString(args[index].type) ? String(valueAt(args[index], 0)) : args[0].type.zone)

/** Local seconds of a row, whole. */
function localReader(vector: Vector, zone: string | null, context: EvalContext): (row: number) => number {
  if (isDay(vector.type)) {
    const days = numberReader(vector)
    return (row) => days(row) * DAY_SECONDS
  }
  const read = secondsReader(vector, context)
  return (row) => {
    const seconds = read(row)
    return isUtc(zone) ? seconds : seconds + offsetAt(zone, seconds)
  }
}

/** A number of the local second; the second argument may be a zone. */
const number = (name: string, type: DataType, each: (seconds: number) => number, aliases: readonly string[] = [],
  test: (type: DataType) => boolean = isTemporal): FunctionDef =>
  define(name, [1, 2], (args) => {
    if (!test(args[0].type)) throw badArgument(name, 0, args[0].type)
    zoneArgument(name, args, 1)
    return type
  }, (args, result, rowCount, context) => {
    const local = localReader(args[0], zoneFor(args, 1), context)
    return numbersBy(result, rowCount, context, (row) => each(local(row)))
  }, { aliases })

/** Seconds of a row since 1970 in UTC, whole; of a day, those at which it begins in the zone. */
function momentReader(vector: Vector, zone: string | null, context: EvalContext): (row: number) => number {
  if (!isDay(vector.type)) return secondsReader(vector, context)
  const days = numberReader(vector)
  return (row) => utcOfLocal(zone, days(row) * DAY_SECONDS)
}

/** Hours, minutes or seconds by the clock of UTC; none of a Date32 is negative. */
const clock = (name: string, each: (seconds: number, zone: string | null) => number): FunctionDef => ({
  ...number(name, UINT32, () => 0),
  evaluate: (args, type, rowCount, context) => {
    const zone = zoneFor(args, 1)
    const moment = momentReader(args[0], zone, context)
    const first = args[0].type.id === 'Date32' ? 0 : -Infinity
    return numbersBy(type, rowCount, context, (row) => Math.max(first, each(moment(row), zone)))
  },
})

/** As DateLUTImpl::toRelativeHourNum numbers hours: before 1970, and in zones whose days do not all begin
 * at a whole hour of UTC, a day is added and the offset that the zone had in 1970 taken away. */
const hourNumber = (seconds: number, zone: string | null): number => Math.floor(
  (seconds >= 0 && daysBeginAtHours(zone) ? seconds : seconds + DAY_SECONDS - offsetAt(zone, 0)) / 3600)

/** Days and weeks since 1970: days before it count as its first one; 16 bits are kept. */
const relative = (name: string, each: (seconds: number) => number, isShort = false): FunctionDef => {
  const def = number(name, UINT32, each)
  return { ...def, evaluate: (args, type, rowCount, context) => {
    const isEarly = args[0].type.id === 'Date32'
    const local = localReader(args[0], zoneFor(args, 1), context)
    return numbersBy(type, rowCount, context, (row) => {
      const count = each(isEarly ? Math.max(0, local(row)) : local(row))
      return !isShort ? count : isEarly ? Math.min(count, SHORT_MAX) : count & SHORT_MAX
    })
  } }
}

const SHORT_MAX = 65_535

const dayAt = (seconds: number): number => Math.floor(seconds / DAY_SECONDS)
const civilAt = (seconds: number): number => civilFromDays(dayAt(seconds))
const monthIndex = (seconds: number): number => yearOf(civilAt(seconds)) * 12 + monthOf(civilAt(seconds)) - 1

/** Parts below the second. */
const below = (name: string, digits: number, aliases: readonly string[]): FunctionDef =>
  define(name, [1, 1], ([a]) => {
    if (!isTemporal(a.type)) throw badArgument(name, 0, a.type)
    return digits > 3 ? UINT32 : UINT16
  }, ([a], type, rowCount, context) => {
    const { nanos } = momentReaders(a, context)
    const size = 10 ** (9 - digits)
    return numbersBy(type, rowCount, context, (row) => Math.floor(nanos(row) / size))
  }, { aliases })

const SPAN: Readonly<Record<string, readonly [number, number]>> =
  { DATE: [daysFromCivil(1970, 1, 1), daysFromCivil(2149, 6, 6)], DATE32: [daysFromCivil(1900, 1, 1), daysFromCivil(2299, 12, 31)] }

/** makeDate(year, month, day), makeDate(year, day of year); what is no date is 1970-01-01. */
const makeDate = (name: string, type: DataType): FunctionDef => define(name, [2, 3], (args) => {
  expectTypes(name, args, isNumber)
  return type
}, (args, result, rowCount, context) => {
  const readers = args.map(numberReader)
  const [least, most] = SPAN[type === DATE ? 'DATE' : 'DATE32']
  return numbersBy(result, rowCount, context, (row) => {
    const [year, second, third] = readers.map((read) => Math.trunc(read(row)))
    if (args.length === 2) {
      const day = daysFromCivil(year, 1, 1) + second - 1
      return second >= 1 && second <= 366 && yearOf(civilFromDays(day)) === year && day >= least && day <= most ? day : 0
    }
    if (second < 1 || second > 12 || third < 1 || third > 31) return 0
    const day = daysFromCivil(year, second, 1) + third - 1 // February 29 of a common year is March 1
    return day >= least && day <= most ? day : 0
  })
})

const makeDateTime = define('makeDateTime', [6, 7], (args) => {
  expectTypes('makeDateTime', args.slice(0, 6), isNumber)
  return dateTimeOf(zoneArgument('makeDateTime', args, 6))
}, (args, type, rowCount, context) => {
  const readers = args.slice(0, 6).map(numberReader)
  return numbersBy(type, rowCount, context, (row) => {
    const [year, month, day, hour, minute, second] = readers.map((read) => Math.trunc(read(row)))
    // Days beyond their month count on, as hours do, up to two digits.
    if (month < 1 || month > 12 || day < 1 || day > 31) return 0
    if ([hour, minute, second].some((part) => part < 0 || part > 99)) return 0
    const local = daysFromCivil(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second
    const utc = utcOfLocal(type.zone, local)
    return utc < 0 || utc > 4294967295 ? 0 : utc
  })
})

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December']

const isoWeekOf = (day: number): number => {
  const thursday = day - weekdayOf(day) + 4
  return Math.floor((thursday - daysFromCivil(yearOf(civilFromDays(thursday)), 1, 1)) / 7) + 1
}

function namedPart(part: string, seconds: number): string {
  const day = dayAt(seconds)
  const civil = civilFromDays(day)
  switch (part) {
    case 'year': return String(yearOf(civil))
    case 'quarter': return String(Math.ceil(monthOf(civil) / 3))
    case 'month': return MONTHS[monthOf(civil) - 1]
    case 'dayofyear': return String(day - daysFromCivil(yearOf(civil), 1, 1) + 1)
    case 'day': return String(dayOf(civil))
    case 'week': return String(isoWeekOf(day))
    case 'weekday': return DAYS[weekdayOf(day) - 1]
    case 'hour': return String(Math.floor((seconds - day * DAY_SECONDS) / 3600))
    case 'minute': return String(Math.floor((seconds - day * DAY_SECONDS) / 60) % 60)
    case 'second': return String((seconds - day * DAY_SECONDS) % 60)
    default: throw new FunctionError(`dateName does not know the part '${part}'`, 'BAD_ARGUMENTS')
  }
}

const dateName = define('dateName', [2, 3], (args) => {
  namedPart(String(constantInfo('dateName', args, 0)).toLowerCase(), 0)
  if (!isTemporal(args[1].type)) throw badArgument('dateName', 1, args[1].type)
  zoneArgument('dateName', args, 2)
  return STRING
}, (args, type, rowCount, context) => {
  const part = String(constantOf('dateName', args, 0)).toLowerCase()
  const local = localReader(args[1], args.length > 2 ? String(valueAt(args[2], 0)) : args[1].type.zone, context)
  return stringsBy(type, rowCount, context, (row) => namedPart(part, local(row)))
})

const monthName = define('monthName', [1, 1], ([a]) => {
  if (!isTemporal(a.type)) throw badArgument('monthName', 0, a.type)
  return STRING
}, ([a], type, rowCount, context) => {
  const local = localReader(a, a.type.zone, context)
  return stringsBy(type, rowCount, context, (row) => namedPart('month', local(row)))
})

/** MySQL's modes: bit 0 Monday first, bit 1 weeks from 1 (else 0), bit 2 the first week has four days or
 * (for Sunday) begins with the year's first. */
export function weekOfMode(day: number, mode: number): { year: number; week: number } {
  const isMonday = (mode & 1) !== 0
  const isYearRange = (mode & 2) !== 0
  const isFirstWhole = ((mode & 4) !== 0) === isMonday
  const offset = (date: number): number => (isMonday ? weekdayOf(date) - 1 : weekdayOf(date) % 7)
  let year = yearOf(civilFromDays(day))
  const firstOf = (y: number): number => {
    const first = daysFromCivil(y, 1, 1)
    const at = offset(first)
    if (isFirstWhole) return at === 0 ? first : first + 7 - at
    return at > 3 ? first + 7 - at : first - at
  }
  let first = firstOf(year)
  if (day < first) {
    if (!isYearRange) return { year, week: 0 }
    year -= 1
    first = firstOf(year)
  } else if (isYearRange && day >= firstOf(year + 1)) {
    year += 1
    first = firstOf(year)
  }
  return { year, week: Math.floor((day - first) / 7) + 1 }
}

const week = (name: string, type: DataType, each: (day: number, mode: number) => number, aliases: readonly string[]): FunctionDef =>
  define(name, [1, 3], (args) => {
    if (!isTemporal(args[0].type)) throw badArgument(name, 0, args[0].type)
    zoneArgument(name, args, 2)
    return type
  }, (args, result, rowCount, context) => {
    const mode = args.length > 1 ? Number(constantOf(name, args, 1)) : 0
    const local = localReader(args[0], zoneFor(args, 2), context)
    return numbersBy(result, rowCount, context, (row) => each(dayAt(local(row)), mode))
  }, { aliases })

/** Modes 8 and 9: the week of January 1 is the first. */
function weekContaining(day: number, mode: number): { year: number; week: number } {
  const year = yearOf(civilFromDays(day))
  const offset = (date: number): number => (mode === 8 ? weekdayOf(date) % 7 : weekdayOf(date) - 1)
  const start = (y: number): number => daysFromCivil(y, 1, 1) - offset(daysFromCivil(y, 1, 1))
  if (day >= start(year + 1)) return { year: year + 1, week: 1 }
  return { year, week: Math.floor((day - start(year)) / 7) + 1 }
}

const weekBy = (day: number, mode: number): { year: number; week: number } =>
  (mode === 8 || mode === 9 ? weekContaining(day, mode) : weekOfMode(day, mode & 7))

const timeSlot = define('timeSlot', [1, 1], ([a]) => {
  if (!isMoment(a.type)) throw badArgument('timeSlot', 0, a.type)
  return dateTimeOf(a.type.zone)
}, ([a], type, rowCount, context) => {
  const read = secondsReader(a, context)
  return numbersBy(type, rowCount, context, (row) => Math.trunc(read(row) / 1800) * 1800)
})

/** A date with one part changed; too large parts give the type's end. */
const change = (name: string, unit: string): FunctionDef => define(name, [2, 2], ([a, value]) => {
  if (!isTemporal(a.type)) throw badArgument(name, 0, a.type)
  if (!isInteger(value.type)) throw badArgument(name, 1, value.type)
  return isDay(a.type) && ['hour', 'minute', 'second'].includes(unit) ? (a.type.id === 'Date' ? DATETIME : dateTime64Of(3, null)) : a.type
}, ([a, value], type, rowCount, context) => {
  const local = localReader(a, a.type.zone, context)
  const to = numberReader(value)
  const scale = type.id === 'DateTime64' ? 10 ** type.precision : 1
  const ticks = type.id === 'DateTime64' && a.type.id === 'DateTime64' ? numberReader(castVector(a, type, context)) : null
  return numbersBy(type, rowCount, context, (row) => {
    const seconds = local(row)
    const civil = civilAt(seconds)
    const parts: Record<string, number> = { year: yearOf(civil), month: monthOf(civil), day: dayOf(civil) }
    const rest = seconds - dayAt(seconds) * DAY_SECONDS
    const clock: Record<string, number> = { hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60 }
    if (unit in parts) parts[unit] = to(row)
    else clock[unit] = to(row)
    if (parts.month < 1 || parts.month > 12 || parts.day < 1 || parts.day > 31) return 0
    const day = daysFromCivil(parts.year, parts.month, 1) + parts.day - 1
    if (isDay(type)) return day
    const moment = utcOfLocal(type.zone, day * DAY_SECONDS + clock.hour * 3600 + clock.minute * 60 + clock.second)
    const fraction = ticks === null ? 0 : ((ticks(row) % scale) + scale) % scale
    return moment * scale + fraction
  })
})

const YEAR_ZERO = daysFromCivil(0, 1, 1)

const timezone = define('timezone', [0, 0], () => STRING, (_args, type, rowCount, context) =>
  constVector('UTC', type, rowCount, context.account), { aliases: ['timeZone'] })

const timezoneOf = define('timezoneOf', [1, 1], ([a]) => {
  if (!isMoment(a.type)) throw badArgument('timezoneOf', 0, a.type)
  return STRING
}, ([a], type, rowCount, context) => constVector(plainZone(a.type.zone ?? 'UTC'), type, rowCount, context.account),
{ aliases: ['timeZoneOf'] })

const timezoneOffset = define('timezoneOffset', [1, 1], ([a]) => {
  if (!isMoment(a.type)) throw badArgument('timezoneOffset', 0, a.type)
  return INT32
}, ([a], type, rowCount, context) => {
  const scale = a.type.id === 'DateTime64' ? 10 ** a.type.precision : 1
  const read = numberReader(a)
  return numbersBy(type, rowCount, context, (row) => offsetAt(a.type.zone, Math.floor(read(row) / scale)))
}, { aliases: ['timeZoneOffset'] })

const fromDays = (name: string, type: DataType): FunctionDef => define(name, [1, 1], ([a]) => {
  if (!isInteger(a.type)) throw badArgument(name, 0, a.type)
  return type
}, ([a], result, rowCount, context) => {
  const read = numberReader(a)
  return numbersBy(result, rowCount, context, (row) => {
    if (read(row) >= 0) return read(row) + YEAR_ZERO
    throw new FunctionError(`Expected a non-negative integer, got: ${read(row)}`, 'ARGUMENT_OUT_OF_BOUND')
  })
}, { aliases: name === 'fromDaysSinceYearZero' ? ['FROM_DAYS'] : [] })

const nowText = (name: string, aliases: readonly string[]): FunctionDef => define(name, [0, 0],
  () => dateTimeOf('UTC'), (_args, type, rowCount, context) =>
    vectorOf(Array.from({ length: rowCount }, () => Math.floor(context.nowMs / 1000)), type, context.account),
  { isPerQuery: true, aliases })

export const DATE_FORMS: readonly FunctionDef[] = [
  below('toMillisecond', 3, ['MILLISECOND']), below('toMicrosecond', 6, ['MICROSECOND']), below('toNanosecond', 9, ['NANOSECOND']),
  makeDate('makeDate', DATE), makeDate('makeDate32', DATE32), makeDateTime, dateName, monthName,
  week('toYearWeek', UINT32, (day, mode) => { const found = weekBy(day, mode >= 8 ? mode : mode | 2); return found.year * 100 + found.week }, ['yearweek']),
  week('toWeek', UINT8, (day, mode) => weekBy(day, mode).week, ['week']), age, timeSlot,
  number('toRelativeYearNum', UINT16, (s) => yearOf(civilAt(s))),
  number('toRelativeQuarterNum', UINT32, (s) => Math.floor(monthIndex(s) / 3)),
  number('toRelativeMonthNum', UINT32, (s) => monthIndex(s) + 1), relative('toRelativeWeekNum', (s) => Math.trunc((dayAt(s) + 3) / 7), true), relative('toRelativeDayNum', dayAt, true),
  clock('toRelativeHourNum', hourNumber), clock('toRelativeMinuteNum', (s) => Math.floor(s / 60)),
  clock('toRelativeSecondNum', (s) => s),
  number('toDaysSinceYearZero', UINT32, (s) => dayAt(s) - YEAR_ZERO, ['TO_DAYS']),
  number('toStartOfISOYear', DATE, (s) => {
    const day = Math.min(dayAt(s), SHORT_MAX)
    const fourth = daysFromCivil(yearOf(civilFromDays(day - weekdayOf(day) + 4)), 1, 4)
    return Math.max(0, fourth - weekdayOf(fourth) + 1)
  }),
  number('toDaysInMonth', UINT8, (s) => daysInMonth(yearOf(civilAt(s)), monthOf(civilAt(s)))),
  ...['Year', 'Month', 'Day', 'Hour', 'Minute', 'Second'].map((unit) => change(`change${unit}`, unit.toLowerCase())),
  timezone, timezoneOf, timezoneOffset, fromDays('fromDaysSinceYearZero', DATE), fromDays('fromDaysSinceYearZero32', DATE32),
  nowText('UTCTimestamp', ['UTC_timestamp']),
  define('serverTimezone', [0, 0], () => STRING, (_args, type, rowCount, context) =>
    constVector('UTC', type, rowCount, context.account), { aliases: ['serverTimeZone'] }),
]

