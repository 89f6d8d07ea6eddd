// Times of a clock without a day, as texts: what Time and Time64 are read from and written as. Used by
// ingestion and by the query engine alike.
// Invariant: a time is a whole number of units of 10^-precision seconds, and always a safe integer.
// Source: ClickHouse's readTimeText and writeTimeText (src/IO/ReadHelpers.h, WriteHelpers.h).

import type { DataType } from './data-type.ts'

/** 999:59:59 in seconds: the most that a time is, and with a sign the least. */
export const CLOCK_SECONDS_MAX = 3_599_999

/** Hours, minutes and seconds, or minutes and seconds, or seconds; then a fraction. */
const TIME = /^(-?)(?:(?:(\d{1,3}):(\d\d)|(\d{1,2})):(\d\d)|(\d{1,2})|(?<=-)(?=\.))(\.\d*)?$/

/** Units of `12:34:56.789`, `12:34` (minutes first) or `56`, a sign before it: what is beyond 999:59:59 is that, digits
 * beyond the precision are cut. Undefined: it is no time; a Time has no fraction. */
export function parseClock(text: string, { id, precision: digits }: DataType): number | undefined {
  const match = TIME.exec(text)
  if (match === null || (id === 'Time' && match[7] !== undefined)) return undefined
  const [, sign, hours = '0', minutes = match[4] ?? '0', , seconds = match[6] ?? '0', , fraction = '.'] = match
  const whole = Math.min(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds), CLOCK_SECONDS_MAX)
  const size = whole * 10 ** digits + Number(fraction.slice(1, digits + 1).padEnd(digits, '0'))
  return sign === '-' ? -size || 0 : size
}

/** `-12:34:56.789` of so many units. */
export function clockText(units: number, precision: number): string {
  const scale = 10 ** precision
  const size = Math.abs(units)
  const seconds = Math.floor(size / scale)
  const two = (value: number): string => String(value).padStart(2, '0')
  const whole = `${units < 0 ? '-' : ''}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return precision === 0 ? whole : `${whole}.${String(size - seconds * scale).padStart(precision, '0')}`
}

/** Units of a number as it stands in JSON: whole seconds of a Time, units of a Time64; a fraction is one of a second,
 * and no Time. */
export function clockOfNumber(text: string, { id, precision }: DataType): number | undefined {
  if (/^-?\d+$/.test(text)) return withinClock(Number(text), precision)
  if (id === 'Time') return undefined
  const scale = 10 ** precision
  const most = CLOCK_SECONDS_MAX + Math.abs(Number(text)) % 1
  return Math.trunc(Math.min(Math.max(Number(text), -most), most) * scale) + 0
}

/** So many units, kept between -999:59:59 and 999:59:59; a fraction of the last second stays. */
export function withinClock(units: number, precision: number): number {
  const most = (CLOCK_SECONDS_MAX + 1) * 10 ** precision - 1
  return Math.min(Math.max(units, -most), most)
}
