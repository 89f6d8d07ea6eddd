// Days, dates and time zones as integers. UTC needs arithmetic only; other zones get a table of
// their offset changes, made once per zone from Intl.
// Invariant: seconds are whole and count from 1970-01-01 00:00:00 UTC; local seconds are those plus
// the zone's offset, so that calendar arithmetic on them needs no zone.

import { plainZone } from '../../../storage/column/type-names.ts'

const DAY_SECONDS = 86400

/** Days since 1970-01-01 of a date in the proleptic Gregorian calendar (month 1 to 12; days beyond
 * the month run on). After Howard Hinnant's days_from_civil. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100)
    + dayOfYear
  return era * 146097 + dayOfEra - 719468
}

/** The date of a day as year * 10000 + month * 100 + day. After civil_from_days. */
export function civilFromDays(days: number): number {
  const z = days + 719468
  const era = Math.floor(z / 146097)
  const dayOfEra = z - era * 146097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460)
    + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365)
  const dayOfYear = dayOfEra
    - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return year * 10000 + month * 100 + day
}

export const yearOf = (civil: number): number => Math.floor(civil / 10000)
export const monthOf = (civil: number): number => Math.floor(civil / 100) % 100
export const dayOf = (civil: number): number => civil % 100

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (days: number): number => ((days + 3) % 7 + 7) % 7 + 1

export const isLeap = (year: number): boolean =>
  (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** A day moved by months; the day of the month is cut to the month's last. */
export function addMonthsToDay(days: number, months: number): number {
  const civil = civilFromDays(days)
  const index = yearOf(civil) * 12 + monthOf(civil) - 1 + months
  const year = Math.floor(index / 12)
  const month = index - year * 12 + 1
  return daysFromCivil(year, month, Math.min(dayOf(civil), daysInMonth(year, month)))
}

type ZoneTable = { readonly starts: Float64Array; readonly offsets: Int32Array }

// The tables of a zone by era: DateTime's moments with a week on either side, so that a day around
// one of them lies in the same table, and those before and after that only wide types hold (1900 to
// 2299). Most servers never ask for these, and each takes milliseconds to make.
const tables = new Map<string, (ZoneTable | undefined)[]>()
const WEEK_SECONDS = 7 * DAY_SECONDS
const ERAS = [-2208988800 - WEEK_SECONDS, -WEEK_SECONDS, 4294967296 + WEEK_SECONDS, 10413792000 + WEEK_SECONDS] as const
const DATE_TIME_ERA = 1
// No zone keeps an offset for less than a month (Morocco's Ramadan), so two weeks miss none.
const PROBE_SECONDS = 14 * DAY_SECONDS

/** True where local time is UTC: no table is needed. */
export const isUtc = (zone: string | null): boolean =>
  zone === null || zone === 'UTC' || zone === '@UTC' || zone === 'Etc/UTC' || zone === 'GMT'

/** Seconds that local time is ahead of UTC at a moment. */
export function offsetAt(zone: string | null, seconds: number): number {
  if (isUtc(zone)) return 0
  const table = tableAt(zone as string, seconds)
  let low = 0
  let high = table.starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (table.starts[middle] <= seconds) low = middle
    else high = middle - 1
  }
  return table.offsets[low]
}

/** Whether each day of a zone since 1970 begins at a whole hour of UTC. */
export const daysBeginAtHours = (zone: string | null): boolean =>
  isUtc(zone) || tableOf(zone as string, DATE_TIME_ERA).offsets.every((offset) => offset % 3600 === 0)

/** Since when the offset of a moment holds. */
export function offsetSince(zone: string, seconds: number): number {
  const { starts } = tableAt(zone, seconds)
  let at = starts.length - 1
  while (at > 0 && starts[at] > seconds) at--
  return starts[at]
}

/** The moment at which a zone's clocks show these local seconds; the earlier of two. */
export function utcOfLocal(zone: string | null, local: number): number {
  if (isUtc(zone)) return local
  const before = offsetAt(zone, local - DAY_SECONDS)
  const first = local - before
  if (offsetAt(zone, first) === before) return first
  const after = offsetAt(zone, local + DAY_SECONDS)
  return local - after
}

const tableAt = (zone: string, seconds: number): ZoneTable =>
  tableOf(zone, seconds < ERAS[DATE_TIME_ERA] ? 0 : seconds < ERAS[2] ? DATE_TIME_ERA : 2)

function tableOf(zone: string, era: number): ZoneTable {
  const known = tables.get(zone)
  if (known?.[era] !== undefined) return known[era]
  // What no zone is called throws here, and must not be known afterwards: checkZone looks for names in `tables`.
  const table = makeTable(zone, ERAS[era], ERAS[era + 1])
  const all = known ?? [undefined, undefined, undefined]
  all[era] = table
  if (known === undefined) tables.set(zone, all)
  return table
}

function makeTable(zone: string, from: number, to: number): ZoneTable {
  const probe = probeOf(zone)
  const starts = [Number.NEGATIVE_INFINITY]
  const offsets = [probe(from)]
  for (let at = from; at < to; at += PROBE_SECONDS) {
    const last = offsets[offsets.length - 1]
    const next = probe(at + PROBE_SECONDS)
    if (next === last) continue
    let low = at
    let high = at + PROBE_SECONDS
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (probe(middle) === last) low = middle
      else high = middle
    }
    starts.push(high)
    offsets.push(next)
  }
  return { starts: Float64Array.from(starts), offsets: Int32Array.from(offsets) }
}

/** Asks Intl for the offset at a moment, by the name it gives it: GMT, GMT+05:30, GMT-04:56:02. */
function probeOf(zone: string): (seconds: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: plainZone(zone), timeZoneName: 'longOffset' })
  return (seconds) => {
    const text = format.format(seconds * 1000)
    const at = text.indexOf('GMT') + 3
    if (at === text.length) return 0
    const [hours, minutes, rest = 0] = text.slice(at + 1).split(':').map(Number)
    const size = hours * 3600 + minutes * 60 + rest
    return text[at] === '-' ? -size : size
  }
}

/** Throws RangeError for a zone that Intl does not know. */
export function checkZone(zone: string): void {
  if (!isUtc(zone) && !tables.has(zone)) new Intl.DateTimeFormat('en-US', { timeZone: zone })
}
