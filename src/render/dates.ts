// Dates in parameters and in the date functions of templates. Invariant: what comes out names a
// real moment of the calendar, written as ClickHouse reads it, in UTC.

const TIME = /(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?/.source
const ZONE = /\s*(Z|[+-]\d{2}:?\d{2})?/.source
const DATE_TIME = new RegExp(`^(\\d{4})-(\\d{2})-(\\d{2})${TIME}${ZONE}$`, 'i')
const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/
const UNIX_SECONDS = /^(\d{9,10})(?:\.(\d{1,9}))?$/

/** A moment: seconds since 1970 in UTC, and the digits after the second as written. */
export type Moment = { readonly seconds: number; readonly fraction: string }

/** Days in a month; `month` from 1. */
function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Seconds since 1970, or null where the calendar has no such moment. */
function toSeconds(
  year: number, month: number, day: number, hour: number, minute: number, second: number,
): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / 1_000 + hour * 3_600 + minute * 60 + second
}

/** Reads `2024-01-31`, `2024-01-31 10:00:00.5`, ISO 8601 with a zone, `20240131`, Unix seconds. */
export function parseMoment(text: string): Moment | null {
  const trimmed = text.trim()
  const compact = COMPACT_DATE.exec(trimmed)
  if (compact !== null) {
    const seconds = toSeconds(+compact[1], +compact[2], +compact[3], 0, 0, 0)
    return seconds === null ? null : { seconds, fraction: '' }
  }
  const unix = UNIX_SECONDS.exec(trimmed)
  if (unix !== null) return { seconds: Number(unix[1]), fraction: unix[2] ?? '' }
  const parts = DATE_TIME.exec(trimmed)
  if (parts === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = parts
  const [fraction = '', zone = ''] = parts.slice(7)
  const local = toSeconds(+year, +month, +day, +hour, +minute, +second)
  if (local === null) return null
  const offset = zoneSeconds(zone)
  return offset === null ? null : { seconds: local - offset, fraction }
}

function zoneSeconds(zone: string): number | null {
  if (zone === '' || zone === 'Z' || zone === 'z') return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 14 || minutes > 59) return null
  return (zone[0] === '-' ? -1 : 1) * (hours * 3_600 + minutes * 60)
}

/** `2024-01-31 10:00:00`. */
export function dateTimeText(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 19).replace('T', ' ')
}

/** `2024-01-31`. */
export const dateText = (seconds: number): string => dateTimeText(seconds).slice(0, 10)

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

// Directives of Python's strptime: a pattern, and the field that its text fills.
const DIRECTIVES: Record<string, readonly [pattern: string, field: string]> = {
  Y: ['\\d{4}', 'year'], y: ['\\d{2}', 'shortYear'],
  m: ['\\d{1,2}', 'month'], d: ['\\d{1,2}', 'day'],
  H: ['\\d{1,2}', 'hour'], I: ['\\d{1,2}', 'hour'],
  M: ['\\d{1,2}', 'minute'], S: ['\\d{1,2}', 'second'],
  f: ['\\d{1,9}', 'fraction'], z: ['Z|[+-]\\d{2}:?\\d{2}', 'zone'], Z: ['[A-Z]{3,4}', 'zoneName'],
  p: ['[AP]M', 'half'], b: ['[A-Z]{3}', 'monthName'], B: ['[A-Z]{3,9}', 'monthName'],
  a: ['[A-Z]{3}', 'dayName'], A: ['[A-Z]{6,9}', 'dayName'], j: ['\\d{1,3}', 'dayOfYear'],
}

/** Reads `text` by a format of Python's strptime; seconds since 1970 with fraction, or null. */
export function parseByFormat(text: string, format: string): number | null {
  const fields: string[] = []
  const pattern = format.replace(/%(.)|[.*+?^${}()|[\]\\/-]|\s+/g, (match, directive?: string) => {
    if (directive === undefined) return /^\s/.test(match) ? '\\s+' : `\\${match}`
    if (directive === '%') return '%'
    const known = DIRECTIVES[directive]
    if (known === undefined) return '(?!)'
    fields.push(known[1])
    return `(${known[0]})`
  })
  const match = new RegExp(`^${pattern}$`, 'i').exec(text.trim())
  if (match === null) return null
  return fromFields(new Map(fields.map((field, i) => [field, match[i + 1]])))
}

function fromFields(fields: ReadonlyMap<string, string>): number | null {
  const number = (field: string, fallback: number): number => Number(fields.get(field) ?? fallback)
  const short = number('shortYear', 0)
  const year = fields.has('shortYear') ? short + (short < 69 ? 2_000 : 1_900)
    : number('year', 1_900)
  const named = MONTHS.indexOf((fields.get('monthName') ?? '').slice(0, 3).toLowerCase())
  let hour = number('hour', 0)
  const half = fields.get('half')?.toLowerCase()
  if (half !== undefined) hour = (hour % 12) + (half === 'pm' ? 12 : 0)
  const month = named >= 0 ? named + 1 : number('month', 1)
  const seconds = toSeconds(
    year, month, number('day', 1), hour, number('minute', 0), number('second', 0))
  const offset = zoneSeconds(fields.get('zone') ?? '')
  if (seconds === null || offset === null) return null
  const days = fields.has('dayOfYear') ? number('dayOfYear', 1) - 1 : 0
  return seconds - offset + days * 86_400 + Number(`0.${fields.get('fraction') ?? 0}`)
}
