// Dates and moments moved by numbers and intervals: +, -, addDays …, toIntervalDay …, dateAdd.
// Invariant: days, weeks and months are the zone's, hours and less are the clock's.

import {
  bareType, DATETIME, INT32, INT64, dateTime64Of, internType, isNullable, nullableOf, type DataType,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { addMonthsToDay, offsetAt, utcOfLocal } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { badArgument, bigReader, constantInfo, constantOf, define, numberReader, numbersBy } from
  '../base/define.ts'
import { clockResult, movedClock, plusClock, shiftClock } from './clock-arithmetic.ts'
import { CALENDAR_DAYS, CALENDAR_MONTHS, CLOCK_SECONDS, SUBSECOND_DIGITS } from '../values/interval-units.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { runBinary } from '../values/loops.ts'
import { shrink } from '../values/parse-value.ts'
import { decimalOf, isDay, isClock, isInteger, isNumber, isTemporal, numberInfo } from '../values/types.ts'
import { defaultVector, vectorOf } from '../values/values.ts'
import { newNumbers, numberVector, retype } from '../values/vectors.ts'

const DAY_SECONDS = 86400

export const INTERVAL_UNITS: readonly string[] =
  [...Object.keys(CLOCK_SECONDS), ...Object.keys(CALENDAR_DAYS), ...Object.keys(CALENDAR_MONTHS)]

export const intervalOf = (unit: string): DataType =>
  internType(`Interval${unit}`, 'Interval', { func: unit })

/** The canonical unit for `day`, `DAYS`, `dd`, `SQL_TSI_DAY`; null for none. */
export function unitOf(text: string): string | null {
  const known = knownUnits.get(text)
  if (known !== undefined) return known
  const unit = unitNamed(text)
  if (unit !== null && knownUnits.size < KNOWN_UNITS_MAX) knownUnits.set(text, unit)
  return unit
}

/** Units by the texts that named them: each call of a function asks again. */
const knownUnits = new Map<string, string>()
const KNOWN_UNITS_MAX = 256

function unitNamed(text: string): string | null {
  const lower = text.toLowerCase().replace(/^sql_tsi_/, '')
  const short = SHORT_UNITS[lower] ?? lower.replace(/s$/, '')
  return INTERVAL_UNITS.find((unit) => unit.toLowerCase() === short) ?? null
}

const SHORT_UNITS: Readonly<Record<string, string>> = {
  ns: 'nanosecond', us: 'microsecond', ms: 'millisecond', s: 'second', ss: 'second', mi: 'minute',
  n: 'minute', h: 'hour', hh: 'hour', d: 'day', dd: 'day', w: 'week', ww: 'week', wk: 'week',
  m: 'month', mm: 'month', q: 'quarter', qq: 'quarter', y: 'year', yy: 'year', yyyy: 'year',
}

/** What a text is that is moved by an interval. */
const TEXT_MOMENT = dateTime64Of(3, null)
const asMoment = (vector: Vector, context: EvalContext): Vector =>
  (vector.type.id === 'String' ? castVector(vector, TEXT_MOMENT, context) : vector)

/** Type of a date plus or minus `other`; null when neither is a date or an interval. */
export function temporalResult(name: string, a: DataType, b: DataType): DataType | null {
  const clock = clockResult(name, a, b)
  if (clock !== null) return clock
  if (isTemporal(a) && isTemporal(b) && name === 'minus') {
    if (!isDay(a) && !isDay(b) && (a.id === 'DateTime64' || b.id === 'DateTime64')) {
      return decimalOf(18, Math.max(a.precision, b.precision))
    }
    if (a.id === b.id && a.id !== 'Date32') return INT32
    throw new FunctionError(`Cannot take ${b.name} from ${a.name}: convert one of them, or use dateDiff`)
  }
  if ((isTemporal(a) && isLarge(b)) || (isTemporal(b) && isLarge(a))) {
    throw new FunctionError(`Cannot move ${a.name} by ${b.name}: dates move by numbers of at most 64 bits`)
  }
  if (isTemporal(a) && b.id === 'Interval') return shiftedType(a, b.func ?? 'Day')
  if (isTemporal(b) && a.id === 'Interval' && name === 'plus') return shiftedType(b, a.func ?? 'Day')
  if (a.id === 'String' && b.id === 'Interval') return shiftedType(TEXT_MOMENT, b.func ?? 'Day')
  if (b.id === 'String' && a.id === 'Interval' && name === 'plus') return shiftedType(TEXT_MOMENT, a.func ?? 'Day')
  if (isTemporal(a) && isNumber(b)) return a
  if (isTemporal(b) && isNumber(a) && name === 'plus') return b
  if (a.id === 'Interval' && b.id === 'Interval' && a === b) return a
  return null
}

/** A date moved by hours becomes a DateTime, one moved by milliseconds a DateTime64. */
function shiftedType(type: DataType, unit: string): DataType {
  if (isClock(type)) return movedClock(type, unit, `add${unit}s`)
  const digits = SUBSECOND_DIGITS[unit]
  if (digits !== undefined) {
    return dateTime64Of(Math.max(digits, type.id === 'DateTime64' ? type.precision : 0), type.zone)
  }
  if (isDay(type) && CLOCK_SECONDS[unit] !== undefined) {
    return type.id === 'Date' ? DATETIME : dateTime64Of(3, null)
  }
  return type
}

/** a + b or a - b where one is a date, a moment or an interval. */
export function plusDates(
  name: string, left: Vector, right: Vector, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  if (isClock(left.type) || isClock(right.type)) return plusClock(name, left, right, type, rowCount, context)
  const [a, b] = [asMoment(left, context), asMoment(right, context)]
  const sign = name === 'minus' ? -1 : 1
  if (isTemporal(a.type) && isTemporal(b.type)) return difference(a, b, type, rowCount, context)
  if (a.type.id === 'Interval' && isTemporal(b.type)) {
    return shift(b, a, a.type.func as string, sign, type, rowCount, context)
  }
  if (b.type.id === 'Interval' && isTemporal(a.type)) {
    return shift(a, b, b.type.func as string, sign, type, rowCount, context)
  }
  const [date, number] = isTemporal(a.type) ? [a, b] : [b, a]
  if (date.type.id === 'Interval') {
    const x = numberReader(a)
    const y = numberReader(b)
    return numbersBy(type, rowCount, context, (row) => x(row) + sign * y(row))
  }
  return shift(date, number, isDay(date.type) ? 'Day' : 'Second', sign, type, rowCount, context)
}

/** Days or seconds between; a Decimal of seconds where one is a DateTime64. */
function difference(
  a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const wide = type.id === 'Decimal' ? dateTime64Of(type.scale, null) : null
  const [x, y] = wide === null ? [a, b] : [a, b].map((side) => castVector(side, wide, context))
  const read = [numberReader(x), numberReader(y)]
  return numbersBy(type, rowCount, context, (row) => read[0](row) - read[1](row))
}

/** `vector` moved by sign * counts[row] units. `type` is shiftedType's. */
export function shift(
  vector: Vector, counts: Vector, unit: string, sign: number, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  if (isClock(type)) return shiftClock(vector, counts, unit, sign, type, rowCount, context)
  const date = vector.type === type ? vector : castVector(vector, type, context)
  if (type.id === 'DateTime64') return shiftTicks(date, counts, unit, sign, type, rowCount, context)
  const seconds = CLOCK_SECONDS[unit]
  const isUtcShift = type.zone === null && CALENDAR_DAYS[unit] !== undefined && type.id === 'DateTime'
  const factor = isDay(type) ? CALENDAR_DAYS[unit]
    : seconds ?? (isUtcShift ? CALENDAR_DAYS[unit] * DAY_SECONDS : undefined)
  if (factor !== undefined && date.kind === 'number' && counts.kind === 'number') {
    const out = newNumbers(type, rowCount, context.account)
    const expression = `x + Math.trunc(y) * ${sign * factor}`
    runBinary(expression, date.values, date.isConst, counts.values, counts.isConst, out, rowCount)
    return numberVector(type, out)
  }
  const read = numberReader(date)
  if (type.id === 'Date32' && factor !== undefined && counts.kind === 'big') {
    // Their low 32 bits count.
    const wide = bigReader(counts)
    return numbersBy(type, rowCount, context, (row) => read(row) + Number(BigInt.asIntN(32, wide(row) * BigInt(sign * factor))))
  }
  const count = numberReader(counts)
  // Types without a sign end at 1970.
  const least = type.id === 'Date' || type.id === 'DateTime' ? 0 : Number.NEGATIVE_INFINITY
  return numbersBy(type, rowCount, context, (row) => Math.max(least, isDay(type)
    ? moveDay(read(row), unit, sign * count(row))
    : moveMoment(read(row), unit, sign * count(row), type.zone)))
}

function moveDay(days: number, unit: string, count: number): number {
  const months = CALENDAR_MONTHS[unit]
  return months === undefined ? days + CALENDAR_DAYS[unit] * count
    : addMonthsToDay(days, months * count)
}

/** A moment moved by calendar or clock units. */
function moveMoment(seconds: number, unit: string, count: number, zone: string | null): number {
  const clock = CLOCK_SECONDS[unit]
  if (clock !== undefined) return seconds + clock * count
  const local = seconds + offsetAt(zone, seconds)
  const days = Math.floor(local / DAY_SECONDS)
  return utcOfLocal(zone, moveDay(days, unit, count) * DAY_SECONDS + local - days * DAY_SECONDS)
}

function shiftTicks(
  date: Vector, counts: Vector, unit: string, sign: number, type: DataType, rowCount: number,
  context: EvalContext,
): Vector {
  const scale = 10n ** BigInt(type.precision)
  const ticks = bigReader(date)
  const count = bigReader(counts)
  const digits = SUBSECOND_DIGITS[unit]
  const clock = CLOCK_SECONDS[unit]
  const perUnit = digits !== undefined ? 10n ** BigInt(type.precision - digits)
    : clock !== undefined ? BigInt(clock) * scale : null
  const rows = Array.from({ length: rowCount }, (_, row) => {
    const moved = count(row) * BigInt(sign)
    if (perUnit !== null) return shrink(ticks(row) + moved * perUnit)
    const wide = ticks(row)
    const fraction = ((wide % scale) + scale) % scale
    const seconds = moveMoment(Number((wide - fraction) / scale), unit, Number(moved), type.zone)
    return shrink(BigInt(seconds) * scale + fraction)
  })
  return vectorOf(rows, type, context.account)
}

/** Nullable text that is no number is NULL, so it sees NULLs as they are. */
const toInterval = (unit: string): FunctionDef => define(`toInterval${unit}`, [1, 1], ([given]) => {
  const arg = { type: bareType(given.type) }
  if (arg.type.id === 'Nothing') return given.type
  if (!isNumber(arg.type) && arg.type.id !== 'Interval' && !['String', 'Date', 'Date32', 'DateTime', 'Time', 'Enum8', 'Enum16'].includes(arg.type.id)) {
    throw badArgument(`toInterval${unit}`, 0, arg.type)
  }
  return isNullable(given.type) ? nullableOf(intervalOf(unit)) : intervalOf(unit)
}, ([a], type, rowCount, context) => {
  const bare = bareType(a.type)
  if (bare.id === 'Nothing') return defaultVector(type, rowCount, context.account)
  return bare.id === 'Interval' ? castVector(a, type, context)
    : retype(castVector(a, isNullable(type) ? nullableOf(INT64) : INT64, context), type)
}, { nulls: 'own' })

/** What add/subtract functions take as their date: text is read as a moment. */
const dateType = (name: string, index: number, type: DataType): DataType => {
  if (type.id === 'String') return TEXT_MOMENT
  if (!isTemporal(type) && !isClock(type)) throw badArgument(name, index, type)
  return type
}

const adder = (verb: string, sign: number, unit: string): FunctionDef => {
  const name = `${verb}${unit}s`
  return define(name, [2, 2], (args) => {
    if (!isNumber(args[1].type)) throw badArgument(name, 1, args[1].type)
    return shiftedType(dateType(name, 0, args[0].type), unit)
  }, ([date, count], type, rowCount, context) => {
    const whole = numberInfo(count.type)?.isFloat === true ? castVector(count, INT64, context) : count
    return shift(castVector(date, dateType(name, 0, date.type), context), whole, unit, sign, type, rowCount, context)
  })
}

/** dateAdd('day', 3, date), dateAdd(date, INTERVAL 3 DAY). */
const dateAdder = (name: string, sign: number, aliases: readonly string[]): FunctionDef =>
  define(name, [2, 3], (args) => {
    const { date, unit } = adderParts(name, args)
    return shiftedType(dateType(name, date, args[date].type), unit)
  }, (args, type, rowCount, context) => {
    const infos = args.map((arg, i) => ({
      type: arg.type, value: args.length === 3 && i === 0 ? constantOf(name, args, 0) : undefined,
    }))
    const { date, count, unit } = adderParts(name, infos)
    const from = castVector(args[date], dateType(name, date, args[date].type), context)
    return shift(from, args[count], unit, sign, type, rowCount, context)
  }, { aliases })

function adderParts(
  name: string, args: readonly ArgInfo[]): { date: number; count: number; unit: string } {
  if (args.length === 3) {
    const unit = unitOf(String(constantInfo(name, args, 0)))
    if (unit !== null && isInteger(args[1].type)) return { date: 2, count: 1, unit }
    throw new FunctionError(`Function ${name} takes a unit, a number and a date, as in `
      + `${name}('day', 3, now())`, 'BAD_ARGUMENTS')
  }
  const count = args[0].type.id === 'Interval' ? 0 : 1
  if (args[count].type.id !== 'Interval') throw badArgument(name, 1, args[1].type)
  return { date: 1 - count, count, unit: args[count].type.func as string }
}

export const DATE_ARITHMETIC: readonly FunctionDef[] = [
  ...INTERVAL_UNITS.map(toInterval),
  ...INTERVAL_UNITS.map((unit) => adder('add', 1, unit)),
  ...INTERVAL_UNITS.map((unit) => adder('subtract', -1, unit)),
  dateAdder('dateAdd', 1, ['date_add', 'timestampAdd', 'timestamp_add']),
  dateAdder('dateSub', -1, ['date_sub', 'timestampSub', 'timestamp_sub']),
]
