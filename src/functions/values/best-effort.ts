// Text in nearly any form as a moment: `5 May 2024 10:20 PM`, `2024-05-01T10:20:30+02:00`, `1/5/2024`. What
// parseDateTimeBestEffort reads, and toDateTime where its own form does not fit.

import { civilFromDays, daysFromCivil, daysInMonth, utcOfLocal, yearOf } from './calendar.ts'

export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
  'October', 'November', 'December']

const CLOCK = /(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([AaPp][Mm])?/
const ZONE = /(?:\s*(Z|UTC|GMT)|\s*([+-])(\d{2}):?(\d{2})?)\s*$/i

/** Seconds and fraction digits that a text in nearly any form means; null for none. */
export function bestEffort(
  text: string, zone: string | null, isUs: boolean, nowMs: number,
): { seconds: number; fraction: string } | null {
  const source = text.trim()
  const unix = /^(\d{9,10})(?:\.(\d+))?$/.exec(source)
  if (unix !== null) return { seconds: Number(unix[1]), fraction: unix[2] ?? '' }
  if (/^\d{13}$/.test(source)) {
    return { seconds: Number(source.slice(0, 10)), fraction: source.slice(10) }
  }
  const packed = /^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2}))?$/.exec(source)
    ?? /^(\d{4})(\d{2})?()$/.exec(source)
  if (packed !== null) {
    return moment(packed.slice(1, 4).map((p) => (p ? Number(p) : 1)), [4, 5, 6].map((i) => Number(packed[i] ?? 0)), '',
      zone, null)
  }
  const clock = CLOCK.exec(source)
  const datePart = clock === null ? source : source.slice(0, clock.index)
  const rest = clock === null ? '' : source.slice(clock.index + clock[0].length)
  const zoned = ZONE.exec(rest)
  if (rest.trim() !== '' && zoned === null) return null
  const date = dateParts(datePart.replace(/[T,\s]+$/i, ''), clock !== null, isUs, nowMs)
  if (date === null) return null
  let hour = Number(clock?.[1] ?? 0)
  const half = clock?.[5]?.toLowerCase()
  if (half === 'pm' && hour < 12) hour += 12
  if (half === 'am' && hour === 12) hour = 0
  const offset = zoned === null ? null : zoned[1] !== undefined ? 0
    : (zoned[2] === '-' ? -1 : 1) * (Number(zoned[3]) * 3600 + Number(zoned[4] ?? 0) * 60)
  return moment(date, [hour, Number(clock?.[2] ?? 0), Number(clock?.[3] ?? 0)], clock?.[4] ?? '', zone,
    offset)
}

function moment(
  date: readonly number[], clock: readonly number[], fraction: string, zone: string | null,
  offset: number | null,
): { seconds: number; fraction: string } | null {
  const [year, month, day] = date
  const [hour, minute, second] = clock
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  const local = daysFromCivil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second
  return { seconds: offset === null ? utcOfLocal(zone, local) : local - offset, fraction }
}

/** The year of a day without one: this year, or the one before where the day is still to come. */
function yearBefore(nowMs: number, month: number, day: number): number {
  const civil = civilFromDays(Math.floor(nowMs / 86_400_000))
  return month * 100 + day > civil % 10_000 ? yearOf(civil) - 1 : yearOf(civil)
}

/** Year, month and day of `2024-05-01`, `1/5/2024`, `1/5`, `1 May 2024`, `May 1, 2024`, `1` (of January) or nothing. */
function dateParts(text: string, hasClock: boolean, isUs: boolean, nowMs: number): number[] | null {
  const short = /^(\d{1,2})?(?:[-/.](\d{1,2}))?$/.exec(text)
  if (short !== null && (short[1] !== undefined || (text === '' && hasClock))) {
    const [first, second] = [Number(short[1] ?? 1), short[2]]
    const [day, month] = second === undefined ? [first, 1] : isUs ? [Number(second), first] : [first, Number(second)]
    return [yearBefore(nowMs, month, day), month, day]
  }
  const iso = /^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?$/.exec(text)
  if (iso !== null) return [Number(iso[1]), Number(iso[2]), Number(iso[3] ?? 1)]
  const dayFirst = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})$/.exec(text)
  if (dayFirst !== null) {
    const [a, b, year] = dayFirst.slice(1).map(Number)
    const full = dayFirst[3].length === 2 ? (year < 70 ? 2000 : 1900) + year : year
    return isUs ? [full, a, b] : [full, b, a]
  }
  const words = text.replace(/^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+/i, '').toLowerCase()
  const named = /^(?:(\d{1,2})[\s-]+)?([a-z]{3,9})\.?[\s-]*(?:(\d{1,2})(?!\d),?)?(?:[\s-]*(\d{4}))?$/.exec(words)
  if (named === null) return null
  const month = MONTHS.findIndex((m) => m.toLowerCase().startsWith(named[2])) + 1
  const day = Number(named[1] ?? named[3] ?? 1)
  return month === 0 ? null : [Number(named[4] ?? yearBefore(nowMs, month, day)), month, day]
}
