// Parts and beginnings of dates: toYear, toHour, toStartOfDay, toStartOfInterval, date_trunc,
// dateDiff, now and today.
// Invariant: everything is computed on local seconds or days; UTC needs no zone table.

import {
  DATE, DATE32, dateTime64Of, dateTimeOf, INT64, TIME, UINT16, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { NumberVector, Vector } from '../../../storage/column/vector.ts'
import {
  addMonthsToDay, civilFromDays, dayOf, daysFromCivil, isUtc, monthOf, offsetAt, offsetSince, utcOfLocal, weekdayOf, yearOf,
} from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { zoneArgument } from '../base/conversion.ts'
import { unitOf } from './date-arithmetic.ts'
import { badArgument, bigReader, constantInfo, constantOf, define, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { integers } from '../base/large-numbers.ts'
import { runBinary, runUnary } from '../values/loops.ts'
import { floors, numbersBySteps } from './time-steps.ts'
import { isDay, isInteger, isMoment, isString, isTemporal } from '../values/types.ts'
import { constVector, valueAt } from '../values/values.ts'
import { newNumbers, numberVector } from '../values/vectors.ts'
import { flooredTo, secondsReader } from './whole-seconds.ts'

const DAY_SECONDS = 86400

/** Whole local seconds of a moment (or of a day's midnight), row by row. */
function localSeconds(
  vector: Vector, zone: string | null, context: EvalContext): (row: number) => number {
  if (isDay(vector.type)) {
    const days = numberReader(vector)
    return (row) => days(row) * DAY_SECONDS
  }
  const read = vector.type.id === 'DateTime64' ? secondsReader(vector, context) : numberReader(vector)
  if (isUtc(zone)) return read
  return (row) => {
    const seconds = read(row)
    return seconds + offsetAt(zone, seconds)
  }
}

const dayOfSeconds = (seconds: number): number => Math.floor(seconds / DAY_SECONDS)

/** Days whose results are remembered at a time: rows near each other are mostly of few days. */
const DAYS_KEPT = 256

/** A function of days that remembers what it said of the latest ones. */
function rememberingDays(each: (day: number) => number): (day: number) => number {
  const days = new Float64Array(DAYS_KEPT).fill(Number.NaN)
  const results = new Float64Array(DAYS_KEPT)
  return (day) => {
    const slot = day & (DAYS_KEPT - 1)
    if (days[slot] !== day) {
      days[slot] = day
      results[slot] = each(day)
    }
    return results[slot]
  }
}

/** A vector of numbers that hang on the local day of each row only. */
function numbersByDay(
  vector: Vector, zone: string | null, type: DataType, rowCount: number, context: EvalContext,
  each: (day: number) => number,
): Vector {
  const { values } = vector as { values?: unknown }
  if (values instanceof Uint32Array && vector.type.id === 'DateTime' && !vector.isConst && isUtc(zone)) {
    const fast = numbersBySteps(values, DAY_SECONDS, type, rowCount, context, each)
    if (fast !== null) return fast
  }
  const ofDay = rememberingDays(each)
  const local = localSeconds(vector, zone, context)
  return numbersBy(type, rowCount, context, (row) => ofDay(dayOfSeconds(local(row))))
}

function expectDate(name: string, args: readonly ArgInfo[], test = isTemporal): void {
  if (!test(args[0].type)) throw badArgument(name, 0, args[0].type)
}

/** The zone a function works in: an argument's, else that of the moment (argument `moment`). */
const zoneFor = (args: readonly Vector[], index: number, moment = 0): string | null =>
  (args.length > index && isString(args[index].type) ? String(valueAt(args[index], 0))
    : args[moment].type.zone)

/** A number taken from the local day, given as its first second. */
const dayPart = (name: string, type: DataType, each: (seconds: number) => number,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 2], (args) => {
    expectDate(name, args)
    zoneArgument(name, args, 1)
    return type
  }, (args, result, rowCount, context) => numbersByDay(args[0], zoneFor(args, 1), result, rowCount, context,
    (day) => each(day * DAY_SECONDS)), { aliases })

/** A number taken from local seconds. */
const part = (name: string, type: DataType, each: (seconds: number) => number,
  aliases: readonly string[] = [], test = isTemporal): FunctionDef =>
  define(name, [1, 2], (args) => {
    expectDate(name, args, test)
    zoneArgument(name, args, 1)
    return type
  }, (args, result, rowCount, context) => {
    const local = localSeconds(args[0], zoneFor(args, 1), context)
    return numbersBy(result, rowCount, context, (row) => each(local(row)))
  }, { aliases })

const civil = (seconds: number): number => civilFromDays(dayOfSeconds(seconds))

function dayOfYear(seconds: number): number {
  const day = dayOfSeconds(seconds)
  return day - daysFromCivil(yearOf(civilFromDays(day)), 1, 1) + 1
}

/** ISO week: weeks begin on Monday, the first holds the year's first Thursday. */
function isoWeek(seconds: number): number {
  const day = dayOfSeconds(seconds)
  const thursday = day - weekdayOf(day) + 4
  return Math.floor((thursday - daysFromCivil(yearOf(civilFromDays(thursday)), 1, 1)) / 7) + 1
}

const isoYear = (seconds: number): number => {
  const day = dayOfSeconds(seconds)
  return yearOf(civilFromDays(day - weekdayOf(day) + 4))
}

const secondOfDay = (seconds: number): number => seconds - dayOfSeconds(seconds) * DAY_SECONDS

function stamp(seconds: number): number {
  const rest = secondOfDay(seconds)
  const clock = Math.floor(rest / 3600) * 10000 + (Math.floor(rest / 60) % 60) * 100 + rest % 60
  return civil(seconds) * 1000000 + clock
}

const PARTS: readonly FunctionDef[] = [
  dayPart('toYear', UINT16, (s) => yearOf(civil(s)), ['YEAR']),
  dayPart('toQuarter', UINT8, (s) => Math.ceil(monthOf(civil(s)) / 3), ['QUARTER']),
  dayPart('toMonth', UINT8, (s) => monthOf(civil(s)), ['MONTH']),
  dayPart('toDayOfMonth', UINT8, (s) => dayOf(civil(s)), ['DAY', 'DAYOFMONTH']),
  dayPart('toDayOfYear', UINT16, dayOfYear, ['DAYOFYEAR']),
  part('toHour', UINT8, (s) => Math.floor(secondOfDay(s) / 3600), ['HOUR'], isMoment),
  part('toMinute', UINT8, (s) => Math.floor(secondOfDay(s) / 60) % 60, ['MINUTE'], isMoment),
  part('toSecond', UINT8, (s) => secondOfDay(s) % 60, ['SECOND'], isMoment),
  dayPart('toYYYYMM', UINT32, (s) => Math.floor(civil(s) / 100)),
  dayPart('toYYYYMMDD', UINT32, civil), part('toYYYYMMDDhhmmss', UINT64, stamp),
  dayPart('toISOWeek', UINT8, isoWeek), dayPart('toISOYear', UINT16, isoYear),
]

const toDayOfWeek = define('toDayOfWeek', [1, 3], (args) => {
  expectDate('toDayOfWeek', args)
  zoneArgument('toDayOfWeek', args, 2)
  return UINT8
}, (args, type, rowCount, context) => {
  const mode = args.length > 1 ? Number(constantOf('toDayOfWeek', args, 1)) & 3 : 0
  const local = localSeconds(args[0], zoneFor(args, 2), context)
  return numbersBy(type, rowCount, context, (row) => {
    const weekday = weekdayOf(dayOfSeconds(local(row)))
    return mode === 0 ? weekday : mode === 1 ? weekday - 1 : mode === 2 ? weekday % 7
      : weekday % 7 + 1
  })
}, { aliases: ['DAYOFWEEK'] })

/** The first day of the period of `count` units that holds a day. */
export function startOfDays(day: number, unit: string, count: number): number {
  switch (unit) {
    case 'Day': return Math.floor(day / count) * count
    // Day 4 (1970-01-05) was a Monday, and ClickHouse counts weeks from there.
    case 'Week': return Math.floor((day - 4) / (7 * count)) * 7 * count + 4
    case 'Year': {
      const year = yearOf(civilFromDays(day))
      return daysFromCivil(year - year % count, 1, 1)
    }
    default: {
      const months = unit === 'Quarter' ? 3 * count : count
      const date = civilFromDays(day)
      // Months count from 1900-01, as in ClickHouse, years from 0.
      const index = (yearOf(date) - 1900) * 12 + monthOf(date) - 1
      const first = Math.floor(index / months) * months
      return daysFromCivil(1900 + Math.floor(first / 12), first - Math.floor(first / 12) * 12 + 1, 1)
    }
  }
}

const CLOCK: Readonly<Record<string, number>> = { Second: 1, Minute: 60, Hour: 3600 }
const SUBSECOND: Readonly<Record<string, number>> = { Millisecond: 3, Microsecond: 6, Nanosecond: 9 }
const LARGE_UNITS = ['Week', 'Month', 'Quarter', 'Year']

/** Type of a beginning: days for weeks and more, seconds for less. */
function startType(type: DataType, unit: string, zone: string | null): DataType {
  if (LARGE_UNITS.includes(unit)) return DATE
  if (SUBSECOND[unit] !== undefined) {
    return dateTime64Of(SUBSECOND[unit], zone ?? type.zone)
  }
  return dateTimeOf(zone ?? type.zone)
}

/** Seconds from a day's begin to the period of hours that a moment lies in: by the clock, so that hours behind a
 * change of the clock are aligned to their new numbers, but not to before the change. Single hours are each their own,
 * also where the clock shows a number twice. */
function hourStart(zone: string | null, begins: number, since: number, step: number): number {
  const shift = isUtc(zone) || step === 3600 ? 0 : offsetAt(zone, begins + since) - offsetAt(zone, begins)
  if (shift === 0) return Math.floor(since / step) * step
  const change = offsetSince(zone as string, begins + since) - begins
  const start = Math.floor((since + shift) / step) * step
  return start < change ? start : Math.max(change, start - shift)
}

/** The last day of a Date and the last second of a DateTime. */
const DAY_MAX = 65535
const MOMENT_MAX = 4294967295
/** The first day of a Date32. */
const DAY32_MIN = -25567

/** Days that ClickHouse's calendar ends with: moments beyond count as these. */
const FIRST_DAY = daysFromCivil(0, 1, 1)
const LAST_DAY = daysFromCivil(9999, 12, 31)

/** Beginnings of periods of `count` units by the clocks of `zone`; `type` is startType's, or a DateTime64 that holds
 * what a DateTime does not. Days beyond the result's type count as its first or last, or (`wraps`) begin anew. */
function starts(
  vector: Vector, zone: string | null, unit: string, count: number, type: DataType, rowCount: number,
  context: EvalContext, wraps = false,
): Vector {
  if (SUBSECOND[unit] !== undefined) return subsecondStarts(vector, unit, count, type, rowCount, context)
  const isAligned = unit !== 'Hour' || 24 % count === 0
  const clock = isAligned ? CLOCK[unit] ?? (unit === 'Day' ? DAY_SECONDS : undefined) : undefined
  if (clock !== undefined && isUtc(zone) && vector.type.id === 'DateTime' && vector.kind === 'number') {
    const step = clock * count
    const fast = vector.isConst || !(vector.values instanceof Uint32Array) ? null
      : floors(vector.values, step, type, rowCount, context)
    if (fast !== null) return fast
    const out = newNumbers(type, rowCount, context.account)
    runUnary(`x - x % ${step}`, vector.values, out, vector.values.length)
    return numberVector(type, out)
  }
  if (type.id === 'Date') {
    return numbersByDay(vector, zone, type, rowCount, context, (day) => {
      const start = startOfDays(day, unit, count)
      return wraps ? start & DAY_MAX : Math.min(DAY_MAX, Math.max(0, start))
    })
  }
  const local = localSeconds(vector, zone, context)
  const read = localSeconds(vector, null, context)
  return numbersBy(type, rowCount, context, (row) => {
    const seconds = local(row)
    if (unit === 'Day') {
      const day = Math.min(LAST_DAY, Math.max(FIRST_DAY, dayOfSeconds(seconds)))
      const start = utcOfLocal(zone, startOfDays(day, unit, count) * DAY_SECONDS)
      return vector.type.id === 'Date32' && !wraps ? Math.min(MOMENT_MAX, Math.max(0, start)) : start
    }
    if (unit === 'Hour') {
      // Hours count from local midnight: 7-hour periods begin anew every day.
      const midnight = dayOfSeconds(seconds) * DAY_SECONDS
      const step = 3600 * count
      const begins = utcOfLocal(zone, midnight)
      return begins + hourStart(zone, begins, read(row) - begins, step)
    }
    const step = CLOCK[unit] * count
    const utc = read(row)
    // Offsets of old clocks (+05:21:10) are no whole minutes: date_trunc() counts those of their days.
    const begins = type.id === 'DateTime' || (seconds - utc) % 60 === 0 ? 0 : utcOfLocal(zone, dayOfSeconds(seconds) * DAY_SECONDS)
    return begins + Math.floor((utc - begins) / step) * step
  })
}

function subsecondStarts(
  vector: Vector, unit: string, count: number, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const step = count * 10 ** (type.precision - (SUBSECOND[unit] ?? 0))
  return flooredTo(step, castVector(vector, type, context), rowCount, context)
}

const starter = (name: string, unit: string, count = 1,
  aliases: readonly string[] = []): FunctionDef => define(name, [1, 3], (args) => {
  const isFine = CLOCK[unit] !== undefined
  expectDate(name, args, isFine ? isMoment : isTemporal)
  const zone = zoneArgument(name, args, unit === 'Week' ? 2 : 1)
  return startType(args[0].type, unit, zone)
}, (args, type, rowCount, context) => {
  // toStartOfWeek begins on Sunday unless its mode says otherwise.
  if (unit === 'Week' && (args.length < 2 || Number(constantOf(name, args, 1)) % 2 === 0)) {
    return numbersByDay(args[0], zoneFor(args, 2), type, rowCount, context, (day) => Math.min(DAY_MAX, Math.max(0, day - weekdayOf(day) % 7)))
  }
  return starts(args[0], zoneFor(args, unit === 'Week' ? 2 : 1), unit, count, type, rowCount, context)
}, { aliases })

const toStartOfSecond = define('toStartOfSecond', [1, 2], (args) => {
  const [{ type }] = args
  if (type.id !== 'DateTime64') throw badArgument('toStartOfSecond', 0, type)
  return dateTime64Of(type.precision, zoneArgument('toStartOfSecond', args, 1) ?? type.zone)
}, ([date], type, rowCount, context) => flooredTo(10 ** type.precision, castVector(date, type, context), rowCount, context))

const toMonday = define('toMonday', [1, 2], (args) => {
  expectDate('toMonday', args)
  zoneArgument('toMonday', args, 1)
  return DATE
}, (args, type, rowCount, context) => starts(args[0], zoneFor(args, 1), 'Week', 1, type, rowCount, context))

const toLastDayOfMonth = define('toLastDayOfMonth', [1, 2], (args) => {
  expectDate('toLastDayOfMonth', args)
  zoneArgument('toLastDayOfMonth', args, 1)
  return DATE
}, (args, type, rowCount, context) => {
  const last = (day: number): number => startOfDays(startOfDays(day, 'Month', 1) + 31, 'Month', 1) - 1
  // A Date's last month goes beyond 16 bits and begins anew; other types keep to the last day.
  const isDate = args[0].type.id === 'Date'
  return numbersByDay(args[0], zoneFor(args, 1), type, rowCount, context,
    (day) => (isDate ? last(day) & DAY_MAX : Math.min(DAY_MAX, Math.max(0, last(day)))))
}, { aliases: ['LAST_DAY'] })

/** Type of a beginning counted from an origin: the date's own, as fine as the unit. */
function originType(unit: string, args: readonly ArgInfo[]): DataType {
  const [{ type }, , { type: origin }] = args
  if (!isTemporal(origin)) throw badArgument('toStartOfInterval', 2, origin)
  if (origin.id !== type.id || origin.precision !== type.precision) {
    throw new FunctionError(`toStartOfInterval takes an origin of its first argument's type: ${type.name}, not ${origin.name}`)
  }
  constantInfo('toStartOfInterval', args, 2)
  const zone = zoneArgument('toStartOfInterval', args, 3)
  if (isDay(type)) return type
  if (type.id === 'DateTime' && SUBSECOND[unit] !== undefined) {
    throw new FunctionError(`toStartOfInterval: a ${type.name} with an origin has no ${unit.toLowerCase()}s; use toDateTime64`)
  }
  if (SUBSECOND[unit] !== undefined) return dateTime64Of(SUBSECOND[unit], zone ?? type.zone)
  return type.id === 'DateTime' ? dateTimeOf(zone ?? type.zone) : dateTime64Of(type.precision, zone ?? type.zone)
}

/** Beginnings of periods that are counted from a constant origin, as ToStartOfInterval of ClickHouse finds them.
 * What has passed since the origin is itself taken for a moment, whose period's begin is added to it; a week is
 * seven days. Months count from the origin's day of the month, whatever the hour. */
function startsFrom(
  args: readonly Vector[], unit: string, count: number, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  const zone = zoneFor(args, 3)
  const [date, , from] = args.map((arg, i) => (i === 1 || SUBSECOND[unit] === undefined ? arg : castVector(arg, type, context)))
  const read = numberReader(date.type.id === 'DateTime64' ? castVector(date, date.type, context) : date)
  const origin = numberReader(from)(0)
  const passed = (row: number): number => {
    if (read(row) >= origin) return read(row) - origin
    throw new FunctionError('The origin of toStartOfInterval must not be after the date', 'BAD_ARGUMENTS')
  }
  if (SUBSECOND[unit] !== undefined) {
    const step = count * 10 ** (type.precision - SUBSECOND[unit])
    return numbersBy(type, rowCount, context, (row) => origin + Math.floor(passed(row) / step) * step)
  }
  const scale = type.id === 'DateTime64' ? 10 ** type.precision : 1
  if (unit !== 'Day' && unit !== 'Week' && CLOCK[unit] === undefined) {
    const local = localSeconds(date, zone, context)
    const first = dayOfSeconds(localSeconds(from, zone, context)(0))
    const months = count * (unit === 'Year' ? 12 : unit === 'Quarter' ? 3 : 1)
    const midnight = utcOfLocal(zone, first * DAY_SECONDS)
    const since = rememberingDays((day) => {
      const start = addMonthsToDay(first, Math.floor(monthsBetween(first, day) / months) * months)
      return isDay(type) ? start - first : utcOfLocal(zone, start * DAY_SECONDS) - midnight
    })
    return numbersBy(type, rowCount, context, (row) => {
      passed(row)
      return origin + since(dayOfSeconds(local(row))) * scale
    })
  }
  const step = unit === 'Week' ? count * 7 : count
  if (isDay(type)) return numbersBy(type, rowCount, context, (row) => origin + Math.floor(passed(row) / step) * step)
  const seconds = numbersBy(INT64, rowCount, context, (row) => Math.floor(passed(row) / scale))
  const start = numberReader(starts(seconds, zone, unit === 'Week' ? 'Day' : unit, step, INT64, rowCount, context))
  return numbersBy(type, rowCount, context, (row) => origin + start(row) * scale)
}

/** Whole months from one day to a later one. */
function monthsBetween(from: number, to: number): number {
  const [a, b] = [civilFromDays(from), civilFromDays(to)]
  return (yearOf(b) - yearOf(a)) * 12 + monthOf(b) - monthOf(a) - (dayOf(b) < dayOf(a) ? 1 : 0)
}

const toStartOfInterval = define('toStartOfInterval', [2, 4], (args) => {
  const [date, interval] = args
  expectDate('toStartOfInterval', args)
  const unit = interval.type.func
  if (interval.type.id !== 'Interval' || unit === null) {
    throw badArgument('toStartOfInterval', 1, interval.type)
  }
  if (isDay(date.type) && (CLOCK[unit] ?? SUBSECOND[unit]) !== undefined) {
    throw new FunctionError(`toStartOfInterval: a ${date.type.name} has no ${unit.toLowerCase()}s; `
      + 'use toDateTime')
  }
  if (!(Number(constantInfo('toStartOfInterval', args, 1)) > 0)) {
    throw new FunctionError('toStartOfInterval takes a positive interval', 'ARGUMENT_OUT_OF_BOUND')
  }
  return args.length > 2 && !isString(args[2].type) ? originType(unit, args)
    : startType(date.type, unit, zoneArgument('toStartOfInterval', args, 2))
}, (args, type, rowCount, context) => {
  const unit = args[1].type.func as string
  const count = Number(constantOf('toStartOfInterval', args, 1))
  return args.length > 2 && !isString(args[2].type) ? startsFrom(args, unit, count, type, rowCount, context)
    : starts(args[0], zoneFor(args, 2), unit, count, type, rowCount, context, ['DateTime64', 'Date32'].includes(args[0].type.id))
},
{ aliases: ['time_bucket', 'date_bin'] })

function unitArgument(name: string, args: readonly ArgInfo[]): string {
  const text = String(constantInfo(name, args, 0))
  const unit = unitOf(text)
  if (unit !== null) return unit
  throw new FunctionError(`${name} does not know the unit '${text}': use second, minute, hour, day, `
    + 'week, month, quarter or year', 'BAD_ARGUMENTS')
}

const dateTrunc = define('dateTrunc', [2, 3], (args) => {
  const unit = unitArgument('dateTrunc', args)
  if (!isTemporal(args[1].type)) throw badArgument('dateTrunc', 1, args[1].type)
  const zone = zoneArgument('dateTrunc', args, 2)
  const [, { type }] = args
  if (isDay(type) && !LARGE_UNITS.includes(unit) && unit !== 'Day') {
    throw new FunctionError(`dateTrunc: a ${type.name} has no ${unit.toLowerCase()}s; use toDateTime`)
  }
  if (type.id !== 'DateTime64' && type.id !== 'Date32') return startType(type, unit, zone)
  return LARGE_UNITS.includes(unit) ? DATE32 : dateTime64Of(SUBSECOND[unit] ?? 0, zone ?? type.zone)
}, (args, type, rowCount, context) => {
  const unit = unitOf(String(valueAt(args[0], 0))) as string
  if (type === DATE32) {
    return numbersByDay(args[1], zoneFor(args, 2), type, rowCount, context, (day) => Math.max(DAY32_MIN, startOfDays(day, unit, 1)))
  }
  if (args[1].type.id === 'Date32') return castVector(args[1], type, context)
  return starts(args[1], zoneFor(args, 2, 1), unit, 1, type, rowCount, context)
},
{ aliases: ['DATE_TRUNC'] })

/** Boundaries of a unit between two moments: months by calendar, hours by the clock. */
function periodOf(unit: string, seconds: number): number {
  const clock = CLOCK[unit]
  if (clock !== undefined) return Math.floor(seconds / clock)
  const day = dayOfSeconds(seconds)
  switch (unit) {
    case 'Day': return day
    case 'Week': return Math.floor((day - 4) / 7)
    default: {
      const date = civilFromDays(day)
      const months = yearOf(date) * 12 + monthOf(date) - 1
      return Math.floor(months / (unit === 'Month' ? 1 : unit === 'Quarter' ? 3 : 12))
    }
  }
}

/** Moments that are their seconds. */
const isSeconds = (vector: Vector): vector is NumberVector =>
  vector.kind === 'number' && vector.type.id === 'DateTime'

export const dateDiff = define('dateDiff', [3, 4], (args) => {
  unitArgument('dateDiff', args)
  for (const i of [1, 2]) if (!isTemporal(args[i].type)) throw badArgument('dateDiff', i, args[i].type)
  zoneArgument('dateDiff', args, 3)
  return INT64
}, (args, type, rowCount, context) => {
  const unit = unitOf(String(valueAt(args[0], 0))) as string
  const zone = (index: number): string | null => (args.length > 3 ? String(valueAt(args[3], 0))
    : args[index].type.zone)
  if (SUBSECOND[unit] !== undefined) {
    const [x, y] = [1, 2].map((i) => bigReader(castVector(args[i], dateTime64Of(SUBSECOND[unit], zone(i)), context)))
    return integers(type, rowCount, context, (row) => y(row) - x(row))
  }
  // Clock units are differences of moments, whatever the zones' clocks show.
  const isClock = CLOCK[unit] !== undefined
  // Hours are numbered from the zone's offset of 1970, as ClickHouse does.
  const shiftFrom = unit === 'Hour' ? offsetAt(zone(1), 0) : 0
  const shiftTo = unit === 'Hour' ? offsetAt(zone(2), 0) : 0
  const [, x, y] = args
  if (isClock && isSeconds(x) && isSeconds(y)) {
    const size = CLOCK[unit]
    const period = (value: string, shift: number) => `Math.floor((${value} - ${shift}) / ${size})`
    const out = newNumbers(type, rowCount, context.account)
    runBinary(size === 1 ? 'y - x' : `${period('y', shiftTo)} - ${period('x', shiftFrom)}`,
      x.values, x.isConst, y.values, y.isConst, out, rowCount)
    return numberVector(type, out)
  }
  const secondsOf = (vector: Vector, zone: string | null): ((row: number) => number) => {
    const local = localSeconds(vector, isClock ? null : zone, context)
    return isClock && isDay(vector.type) ? (row) => utcOfLocal(zone, local(row)) : local
  }
  const from = secondsOf(x, zone(1))
  const to = secondsOf(y, zone(2))
  return numbersBy(type, rowCount, context, (row) =>
    periodOf(unit, to(row) - shiftTo) - periodOf(unit, from(row) - shiftFrom))
}, {
  aliases: ['date_diff', 'DATE_DIFF', 'timestampDiff', 'timestamp_diff'],
})

const nowDef = define('now', [0, 1], (args) => dateTimeOf(zoneArgument('now', args, 0)),
  (_args, type, rowCount, context) =>
    constVector(Math.floor(context.nowMs / 1000), type, rowCount, context.account),
  { isPerQuery: true, aliases: ['current_timestamp', 'localtimestamp'] })

/** The time of the clock in the server's zone. */
const localTime = define('localtime', [0, 0], () => TIME, (_args, type, rowCount, context) => {
  const now = Math.floor(context.nowMs / 1000)
  const seconds = now + offsetAt(null, now)
  return constVector(seconds - Math.floor(seconds / DAY_SECONDS) * DAY_SECONDS, type, rowCount, context.account)
}, { isPerQuery: true })

const now64 = define('now64', [0, 2], (args) => {
  if (args.length > 0 && !isInteger(args[0].type)) throw badArgument('now64', 0, args[0].type)
  const digits = args.length > 0 ? Number(constantInfo('now64', args, 0)) : 3
  if (!(digits >= 0 && digits <= 9)) throw new FunctionError(`now64 has 0 to 9 digits after the second, not ${digits}`, 'ARGUMENT_OUT_OF_BOUND')
  return dateTime64Of(digits, zoneArgument('now64', args, 1))
}, (_args, type, rowCount, context) => {
  const ticks = type.precision >= 3 ? BigInt(context.nowMs) * 10n ** BigInt(type.precision - 3)
    : BigInt(Math.floor(context.nowMs / 10 ** (3 - type.precision)))
  const near = Number(ticks)
  return constVector(Number.isSafeInteger(near) ? near : ticks, type, rowCount, context.account)
}, { isPerQuery: true })

const dayFromNow = (name: string, shift: number, aliases: readonly string[] = []): FunctionDef =>
  define(name, [0, 0], () => DATE, (_args, type, rowCount, context) =>
    constVector(dayOfSeconds(Math.floor(context.nowMs / 1000)) + shift, type, rowCount, context.account),
  { isPerQuery: true, aliases })

export const DATE_PARTS: readonly FunctionDef[] = [
  ...PARTS, toDayOfWeek, toMonday, toLastDayOfMonth, toStartOfInterval, dateTrunc, dateDiff,
  toStartOfSecond, starter('toStartOfMinute', 'Minute'),
  starter('toStartOfFiveMinutes', 'Minute', 5, ['toStartOfFiveMinute']),
  starter('toStartOfTenMinutes', 'Minute', 10), starter('toStartOfFifteenMinutes', 'Minute', 15),
  starter('toStartOfHour', 'Hour'), starter('toStartOfDay', 'Day'), starter('toStartOfWeek', 'Week'),
  starter('toStartOfMonth', 'Month'), starter('toStartOfQuarter', 'Quarter'),
  starter('toStartOfYear', 'Year'), nowDef, now64, localTime,
  { ...nowDef, name: 'nowInBlock', aliases: [] }, { ...now64, name: 'nowInBlock64', aliases: [] }, dayFromNow('today', 0, ['current_date', 'curdate']),
  dayFromNow('yesterday', -1),
]
