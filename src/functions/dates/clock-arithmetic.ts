// Times of a clock (Time, Time64) moved by numbers and intervals, their differences, and days with a time.
// Invariant: a sum stays between -999:59:59 and 999:59:59; what is beyond is the end.

import { DATETIME, dateTime64Of, INT32, time64Of, type DataType } from '../../../storage/column/data-type.ts'
import { CLOCK_SECONDS_MAX } from '../../../storage/column/clock-time.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { addMonthsToDay } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { bigReader, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type EvalContext } from '../values/function.ts'
import { CALENDAR_DAYS, CALENDAR_MONTHS, CLOCK_SECONDS, SUBSECOND_DIGITS } from '../values/interval-units.ts'
import { decimalOf, isClock, isDay, isNumber } from '../values/types.ts'

const DAY_SECONDS = 86_400

/** The type of a + b or a - b where one of them is a time; null: none is. Throws FunctionError where they cannot meet. */
export function clockResult(name: string, a: DataType, b: DataType): DataType | null {
  if (!isClock(a) && !isClock(b)) return null
  if (name === 'minus' && isClock(a) && isClock(b)) {
    return a.id === 'Time' && b.id === 'Time' ? INT32 : decimalOf(18, Math.max(a.precision, b.precision))
  }
  if (isClock(a) && b.id === 'Interval') return movedClock(a, b.func ?? '', name)
  if (name === 'plus' && a.id === 'Interval') return movedClock(b, a.func ?? '', name)
  if (isClock(a) && isNumber(b) && !isLarge(b)) return a
  if (name === 'plus' && isNumber(a) && !isLarge(a)) return b
  if (name === 'plus' && (isDay(a) || isDay(b))) return momentOf(isDay(a) ? a : b, isDay(a) ? b : a)
  throw new FunctionError(name === 'plus' ? `Cannot add ${a.name} and ${b.name}` : `Cannot take ${b.name} from ${a.name}`)
}

/** A day with a time is a moment. */
function momentOf(day: DataType, time: DataType): DataType {
  return day.id === 'Date' && time.id === 'Time' ? DATETIME : dateTime64Of(time.precision, null)
}

/** A time moved by a unit: Time has hours, minutes and seconds, Time64 all of them, as many digits as they need. */
export function movedClock(type: DataType, unit: string, name: string): DataType {
  if (type.id === 'Time64') return time64Of(Math.max(type.precision, SUBSECOND_DIGITS[unit] ?? 0))
  if (unit === 'Hour' || unit === 'Minute' || unit === 'Second') return type
  throw new FunctionError(`${name} cannot move a Time by ${unit.toLowerCase()}s: use Time64`)
}

/** a + b or a - b of clockResult's type. */
export function plusClock(
  name: string, a: Vector, b: Vector, type: DataType, rowCount: number, context: EvalContext): Vector {
  const sign = name === 'minus' ? -1 : 1
  if (isClock(a.type) && isClock(b.type)) {
    const alike = type.id === 'Decimal' ? [a, b].map((side) => castVector(side, time64Of(type.scale), context)) : [a, b]
    const [x, y] = alike.map(numberReader)
    return numbersBy(type, rowCount, context, (row) => x(row) - y(row))
  }
  const [time, other] = isClock(a.type) ? [a, b] : [b, a]
  if (!isDay(other.type)) {
    return shiftClock(time, other, other.type.id === 'Interval' ? other.type.func ?? '' : 'Second', sign, type, rowCount, context)
  }
  const units = numberReader(time)
  const midnight = numberReader(castVector(other, type, context))
  return numbersBy(type, rowCount, context, (row) => midnight(row) + units(row))
}

/** Times moved by sign * counts[row] units; `type` is movedClock's. */
export function shiftClock(
  vector: Vector, counts: Vector, unit: string, sign: number, type: DataType, rowCount: number, context: EvalContext,
): Vector {
  const time = numberReader(castVector(vector, type, context))
  const count = numberReader(counts)
  const months = CALENDAR_MONTHS[unit]
  const scale = 10 ** type.precision
  const digits = SUBSECOND_DIGITS[unit]
  const perUnit = digits === undefined ? (CLOCK_SECONDS[unit] ?? CALENDAR_DAYS[unit] * DAY_SECONDS) * scale : 10 ** (type.precision - digits)
  const far = farMover(counts, type, unit, sign, months === undefined ? perUnit : 0)
  return numbersBy(type, rowCount, context, (row) => {
    const moved = sign * Math.trunc(count(row))
    // Months are those that begin with 1970.
    const units = months === undefined ? moved * perUnit
      : monthsLater(time(row), Math.min(Math.max(moved * months, -MONTHS_MAX), MONTHS_MAX), DAY_SECONDS * scale)
    const sum = time(row) + units
    if (!Number.isSafeInteger(units) || !Number.isSafeInteger(sum)) return far(time(row), row)
    return ended(type.id === 'Time' ? sum | 0 : sum, scale)
  })
}

/** More months than lie between any two days. */
const MONTHS_MAX = 1_200_000
const INT64_END = 2 ** 63

/** Sums that doubles do not hold. As in ClickHouse, a Time is one of 32 bits, whatever is added to it; units of a Time64 are
 * of 64 bits, and seconds and parts of them refuse what is beyond (minutes and hours wrap around, days end). */
function farMover(counts: Vector, type: DataType, unit: string, sign: number, perUnit: number): (time: number, row: number) => number {
  const [readNumber, read] = [numberReader(counts), bigReader(counts)]
  const overflow = (row: number): FunctionError => new FunctionError(`${readNumber(row)} is too much to move a ${type.name} by`, 'DECIMAL_OVERFLOW')
  const countAt = (row: number): bigint => {
    const value = readNumber(row)
    if (Number.isNaN(value)) return -(2n ** 63n)
    if (value >= INT64_END && (!Number.isFinite(value) || read(row) >= 2n ** 63n)) throw overflow(row)
    if (value < -INT64_END) throw overflow(row)
    return read(row)
  }
  const scale = 10n ** BigInt(type.precision)
  const wraps = unit === 'Minute' || unit === 'Hour'
  return (time, row) => {
    const whole = BigInt(time) + BigInt(sign) * countAt(row) * BigInt(perUnit)
    if (type.id === 'Time') return ended(Number(BigInt.asIntN(32, whole)), 1)
    const near = BigInt.asIntN(64, whole)
    if (near !== whole && !wraps && CALENDAR_DAYS[unit] === undefined) throw overflow(row)
    const units = wraps ? near : whole
    const seconds = units / scale
    const most = BigInt(CLOCK_SECONDS_MAX)
    return Number(units - (seconds - (seconds > most ? most : seconds < -most ? -most : seconds)) * scale)
  }
}

/** A sum beyond the last second ends there, its fraction stays. */
function ended(units: number, scale: number): number {
  const seconds = Math.trunc(units / scale)
  const kept = Math.min(Math.max(seconds, -CLOCK_SECONDS_MAX), CLOCK_SECONDS_MAX)
  return units - (seconds - kept) * scale
}

/** How many units lie between a time of a day near 1970-01-01 and the same one some months later. */
function monthsLater(units: number, months: number, day: number): number {
  const from = Math.floor(units / day)
  return (addMonthsToDay(from, months) - from) * day
}
