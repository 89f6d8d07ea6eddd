// age: whole units that have passed between two moments, where dateDiff counts boundaries.
// Invariant: it is dateDiff, and one less of what points away from zero where the rest within the unit says that the
// last one is not over; both moments are read by the clocks of their own zones, as in ClickHouse.

import { INT64 } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { civilFromDays, dayOf, monthOf, offsetAt, utcOfLocal, weekdayOf } from '../values/calendar.ts'
import { zoneArgument } from '../base/conversion.ts'
import { unitOf } from './date-arithmetic.ts'
import { dateDiff } from './date-parts.ts'
import { badArgument, constantInfo, define, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type EvalContext } from '../values/function.ts'
import { isDay, isTemporal } from '../values/types.ts'
import { valueAt } from '../values/values.ts'
import { momentReaders } from './whole-seconds.ts'

const DAY_SECONDS = 86_400

type Read = (row: number) => number

/** Whole seconds since 1970 in UTC, and the nanoseconds behind them; of a day, its begin in the zone. */
function momentOf(vector: Vector, zone: string | null, context: EvalContext): { seconds: Read; nanos: Read } {
  if (isDay(vector.type)) {
    const days = numberReader(vector)
    return { seconds: (row) => utcOfLocal(zone, days(row) * DAY_SECONDS), nanos: () => 0 }
  }
  return momentReaders(vector, context)
}

const secondOfDay = (local: number): number => local - Math.floor(local / DAY_SECONDS) * DAY_SECONDS
const civilOf = (local: number): number => civilFromDays(Math.floor(local / DAY_SECONDS))
/** Seconds of a month; a month has at most 31 days. */
const secondOfMonth = (local: number): number => (dayOf(civilOf(local)) - 1) * DAY_SECONDS + secondOfDay(local)
const MONTH_SECONDS = 32 * DAY_SECONDS

/** How far a local moment is within its unit, in whole seconds. */
const WITHIN: Readonly<Record<string, (local: number) => number>> = {
  Nanosecond: () => 0, Microsecond: () => 0, Millisecond: () => 0, Second: () => 0,
  Minute: (local) => local - Math.floor(local / 60) * 60,
  Hour: (local) => local - Math.floor(local / 3600) * 3600,
  Day: secondOfDay,
  Month: secondOfMonth,
  Quarter: (local) => (monthOf(civilOf(local)) - 1) % 3 * MONTH_SECONDS + secondOfMonth(local),
  Year: (local) => monthOf(civilOf(local)) * MONTH_SECONDS + secondOfMonth(local),
}

/** Of the nanoseconds, what a unit below the second leaves. */
const NANOS_WITHIN: Readonly<Record<string, number>> = { Nanosecond: 1, Microsecond: 1e3, Millisecond: 1e6 }

const weekday = (local: number): number => weekdayOf(Math.floor(local / DAY_SECONDS))
const hour = (local: number): number => Math.floor(secondOfDay(local) / 3600)

export const age = define('age', [3, 4], (args) => {
  if (unitOf(String(constantInfo('age', args, 0))) === null) {
    throw new FunctionError(`age does not know the unit '${String(args[0].value)}'`, 'BAD_ARGUMENTS')
  }
  for (const i of [1, 2]) if (!isTemporal(args[i].type)) throw badArgument('age', i, args[i].type)
  zoneArgument('age', args, 3)
  return INT64
}, (args, type, rowCount, context) => {
  const boundaries = dateDiff.evaluate(args, type, rowCount, context, null)
  const unit = unitOf(String(valueAt(args[0], 0))) as string // its type rule refuses what is none
  if (unit === 'Nanosecond') return boundaries
  const zone = (i: number): string | null => (args.length > 3 ? String(valueAt(args[3], 0)) : args[i].type.zone)
  const [x, y] = [1, 2].map((i) => momentOf(args[i], zone(i), context))
  const count = numberReader(boundaries)
  const size = NANOS_WITHIN[unit] ?? 1e9
  return numbersBy(type, rowCount, context, (row) => {
    const [from, to] = [x.seconds(row), y.seconds(row)]
    const [fromNanos, toNanos] = [x.nanos(row), y.nanos(row)]
    const [fromLocal, toLocal] = [from + offsetAt(zone(1), from), to + offsetAt(zone(2), to)]
    const isForward = from < to || (from === to && fromNanos <= toNanos)
    const [early, late] = isForward ? [fromLocal, toLocal] : [toLocal, fromLocal]
    const nanos = isForward ? fromNanos % size - toNanos % size : toNanos % size - fromNanos % size
    const rest = unit === 'Week' ? restOfWeek(fromLocal, toLocal, early, late, nanos)
      : WITHIN[unit](early) - WITHIN[unit](late) || nanos
    return count(row) - (rest > 0 ? (isForward ? 1 : -1) : 0)
  })
})

/** Above 0 where ClickHouse takes the last week not to be over: days of the week are compared as the arguments stand,
 * clocks as the moments do, and below the hour also on other days. */
function restOfWeek(from: number, to: number, early: number, late: number, nanos: number): number {
  const days = weekday(from) - weekday(to)
  const hours = hour(early) - hour(late)
  if (days > 0 || (days === 0 && hours > 0)) return 1
  return hours === 0 ? WITHIN.Hour(early) - WITHIN.Hour(late) || nanos : 0
}
