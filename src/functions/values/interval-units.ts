// Units of intervals among each other. To ClickHouse each is a whole number of the one before it, a month
// four weeks; but what meets in a comparison or in one column must not depend on that.

import { internType, type DataType } from '../../../storage/column/data-type.ts'
import { FunctionError } from './function.ts'

/** Seconds of units that are always as long on the clock; days and weeks follow the calendar. */
export const CLOCK_SECONDS: Readonly<Record<string, number>> = {
  Nanosecond: 1e-9, Microsecond: 1e-6, Millisecond: 1e-3, Second: 1, Minute: 60, Hour: 3600,
}
export const CALENDAR_DAYS: Readonly<Record<string, number>> = { Day: 1, Week: 7 }
/** Months in the larger units. */
export const CALENDAR_MONTHS: Readonly<Record<string, number>> = { Month: 1, Quarter: 3, Year: 12 }
/** Digits after the second of the units below it. */
export const SUBSECOND_DIGITS: Readonly<Record<string, number>> = { Nanosecond: 9, Microsecond: 6, Millisecond: 3 }

/** Each unit in the one before it. */
const STEPS: readonly (readonly [unit: string, count: number])[] = [
  ['Nanosecond', 1], ['Microsecond', 1000], ['Millisecond', 1000], ['Second', 1000], ['Minute', 60], ['Hour', 60], ['Day', 24],
  ['Week', 7], ['Month', 4], ['Quarter', 3], ['Year', 4],
]
const FIRST_OF_MONTHS = STEPS.findIndex(([unit]) => unit === 'Month')

const placeOf = (type: DataType): number => STEPS.findIndex(([unit]) => unit === type.func)

/** The finest unit of intervals that meet. Throws where months meet days. */
export function commonInterval(types: readonly DataType[]): DataType {
  const places = types.map(placeOf)
  const [least, most] = [Math.min(...places), Math.max(...places)]
  if (least < FIRST_OF_MONTHS && most >= FIRST_OF_MONTHS) {
    throw new FunctionError(`Cannot compare intervals ${types[places.indexOf(least)].name} and `
      + `${types[places.indexOf(most)].name}: the number of days in a month is not fixed`, 'NO_COMMON_TYPE')
  }
  const [unit] = STEPS[least]
  return internType(`Interval${unit}`, 'Interval', { func: unit })
}

/** Counts of one unit as those of another, towards 0. */
export function unitConversion(from: DataType, to: DataType): (count: number | bigint) => bigint {
  const [a, b] = [placeOf(from), placeOf(to)]
  const each = STEPS.slice(Math.min(a, b) + 1, Math.max(a, b) + 1).reduce((product, [, count]) => product * BigInt(count), 1n)
  return a > b ? (count) => BigInt(count) * each : (count) => BigInt(count) / each
}
