// Times of a clock (Time, Time64) from and to numbers, days and moments: what castVector makes of them.
// Invariant: a time is a whole number of seconds, or of units of 10^-precision seconds, and a safe integer;
// what lies beyond 999:59:59 is that.

import { time64Of, type DataType } from '../../../storage/column/data-type.ts'
import { clockOfNumber, CLOCK_SECONDS_MAX, clockText, withinClock } from '../../../storage/column/clock-time.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { offsetAt } from './calendar.ts'
import { FunctionError } from './function.ts'
import { isClock, isDay, isEnum, isMoment, numberInfo } from './types.ts'

const DAY_SECONDS = 86_400
const INT64_END = 2 ** 63

type Convert = (value: number | bigint) => number

/** Pairs of types with no way from one to the other, though both are numbers in memory. */
export function isClockRefused(from: DataType, to: DataType): boolean {
  if (from.id === 'Time64' && (to.id === 'Time' || to.id === 'DateTime' || to.id === 'Interval')) return true
  if (to.id === 'Time64' && (isEnum(from) || from.id === 'Interval')) return true
  if (isClock(from)) return isEnum(to) || to.id === 'IPv4' || (from.id === 'Time' && to.id === 'Decimal')
  return isClock(to) && (from.id === 'IPv4' || (to.id === 'Time' && from.id === 'Decimal'))
}

/** One value of `from` as one of `to`, one of which is a time; null: as the number that the time is. */
export function clockConversion(from: DataType, to: DataType): Convert | null {
  if (isClock(from) && isDay(to)) return () => 0
  if (isClock(from) && (isClock(to) || to.id === 'DateTime64')) return scaled(from.precision, to.precision)
  if (isClock(from) && to.id === 'DateTime') return (value) => Number(value) >>> 0
  if (!isClock(to)) return null
  if (isDay(from)) return () => 0
  if (isMoment(from)) return timeOfDay(from, to)
  return to.id === 'Time' ? secondsOf(from) : unitsOf(from, to)
}

/** A number of JSON as the time of so many seconds; other texts stay. */
export function secondsAsClock(text: string): string {
  if (!/^-?\d{3,}(\.\d*)?$/.test(text)) return text
  const digits = text.includes('.') ? 9 : 0
  return clockText(clockOfNumber(text, time64Of(digits)) ?? 0, digits)
}

/** From units of one precision to those of another; digits beyond it are cut. */
function scaled(fromDigits: number, toDigits: number): Convert {
  const factor = 10 ** Math.abs(toDigits - fromDigits)
  return toDigits >= fromDigits ? (value) => Number(value) * factor : (value) => Math.trunc(Number(value) / factor) + 0
}

/** What the clocks of a moment's zone show. */
function timeOfDay(from: DataType, to: DataType): Convert {
  const ahead = 10 ** from.precision
  const scale = 10 ** to.precision
  // Units of a Time64 lose what is behind its precision first, towards 1970, as there.
  const units = (value: number | bigint): number => {
    const shift = to.precision - from.precision
    if (shift >= 0) return Number(BigInt(value) % BigInt(DAY_SECONDS * ahead)) * 10 ** shift
    if (to.id === 'Time') return Math.floor(Number(BigInt(value) % BigInt(DAY_SECONDS * ahead)) / ahead)
    return Number(BigInt(value) / 10n ** BigInt(-shift) % BigInt(DAY_SECONDS * scale))
  }
  return (value) => {
    const local = units(value) + offsetAt(from.zone, Math.floor(Number(value) / ahead)) * scale
    const day = DAY_SECONDS * scale
    return ((local % day) + day) % day
  }
}

/** Numbers of up to 32 bits as such of 32 bits with a sign, larger ones as the last time, floats beyond 64 bits as the
 * processor converts them. */
function secondsOf(from: DataType): Convert {
  if (numberInfo(from)?.isFloat === true) {
    return (value) => {
      const number = Number(value)
      return number >= INT64_END ? 0 : Number.isNaN(number) ? -CLOCK_SECONDS_MAX : withinClock(Math.trunc(number), 0) + 0
    }
  }
  const isNarrow = (numberInfo(from)?.bytes ?? 8) <= 4
  return (value) => withinClock(isNarrow ? Number(value) | 0 : Number(BigInt.asIntN(64, BigInt(value))), 0)
}

function unitsOf(from: DataType, to: DataType): Convert {
  const scale = 10 ** to.precision
  if (from.id === 'Decimal') {
    const shift = to.precision - from.scale
    const factor = 10n ** BigInt(Math.abs(shift))
    return (value) => clamped(Number(shift >= 0 ? BigInt(value) * factor : BigInt(value) / factor), scale)
  }
  if (numberInfo(from)?.isFloat === true) {
    const round = from.id === 'Float32' ? Math.fround : (value: number): number => value
    return (value) => {
      if (Number.isNaN(value)) throw overflow(value, to)
      return Math.trunc(clamped(round(Number(value) * scale), scale)) + 0
    }
  }
  const isWide = isLarge(from)
  return (value) => {
    if (isWide && Math.abs(Number(value)) * scale >= INT64_END) throw overflow(value, to)
    return clamped(Number(value) * scale, scale)
  }
}

/** Numbers of seconds end at the last whole one. */
const clamped = (units: number, scale: number): number =>
  Math.min(Math.max(units, -CLOCK_SECONDS_MAX * scale), CLOCK_SECONDS_MAX * scale)

const overflow = (value: number | bigint, to: DataType): FunctionError =>
  new FunctionError(`${value} seconds are no ${to.name}`, 'DECIMAL_OVERFLOW')
