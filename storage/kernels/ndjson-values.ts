// Values from their text, in plain TypeScript: the reference of ndjson-values.as.ts, and what reads
// constants and reasons. Which texts a column takes is decided here.
//
//   integers   [+-]digits
//   floats     as JSON, also `.5`, `5.`, nan, inf, infinity (any case)
//   booleans   true, false (any case), 1, 0
//   times      YYYY-MM-DD, then optionally [ T]hh:mm[:ss[.fraction]][Z| UTC| GMT|±hh[[:]mm]];
//              Unix time in seconds (up to 11 digits, with a fraction), or in milli- (13 digits),
//              micro- (16) or nanoseconds (19), as ClickHouse's best effort counts digits
//              a Date also as its number of days
//   UUIDs      32 hexadecimal digits, with the four dashes or without any

import { DAY_DIGITS } from './ndjson-layout.ts'

/** Text without its bytes beyond ASCII: enough to read numbers and times. */
export function asciiText(u8: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let p = start; p < end; p++) text += String.fromCharCode(u8[p])
  return text
}

/** The integer, null: it is none. */
export function readInteger(text: string): bigint | null {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.startsWith('+') ? text.slice(1) : text) : null
}

/** The nearest double, null: the text is no number. */
export function readFloat(text: string): number | null {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
  const named = /^([+-]?)(nan|inf|infinity)$/i.exec(text)
  if (named === null) return null
  if (named[2].toLowerCase() === 'nan') return Number.NaN
  return named[1] === '-' ? -Infinity : Infinity
}

/** True, false, null: neither. `isNumber`: the value stood without quotes. */
export function readBool(text: string, isNumber: boolean): boolean | null {
  if (text === '1') return true
  if (text === '0') return false
  if (isNumber) return null
  const word = text.toLowerCase()
  return word === 'true' ? true : word === 'false' ? false : null
}

/** Seconds since 1970 (may be negative), and the nanoseconds that follow them. */
export type TimeValue = {
  readonly seconds: number
  readonly nanos: number
  /** False: a date without a zone of its own, read as UTC. */
  readonly hasZone: boolean
}

const CIVIL = new RegExp('^(\\d{4})-(\\d{1,2})-(\\d{1,2})'
  + '(?:[ Tt](\\d{1,2}):(\\d\\d)(?::(\\d\\d)(?:\\.(\\d+))?)?( ?[Zz]| ?UTC| ?GMT| ?[+-]\\d\\d(?::?\\d\\d)?)?)?$')
const UNIX = /^([+-]?)(\d+)(?:\.(\d+))?$/

/** Of two characters that are not both digits: beyond every year. */
const NO_DIGITS = 10_000

/** `YYYY-MM-DD hh:mm:ss` in seconds, -1: not so written (or before 1970). */
function commonSeconds(text: string): number {
  if (text.length !== 19) return -1
  const part = (at: number): number => {
    const high = text.charCodeAt(at) - 48
    const low = text.charCodeAt(at + 1) - 48
    return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? high * 10 + low : NO_DIGITS
  }
  const [year, month, day] = [part(0) * 100 + part(2), part(5), part(8)]
  const [hour, minute, second] = [part(11), part(14), part(17)]
  if (year > 9999 || year < 1970 || month < 1 || month > 12 || day < 1 || day > 28 || hour > 23
    || minute > 59 || second > 59 || text[4] !== '-' || text[7] !== '-' || text[10] !== ' '
    || text[13] !== ':' || text[16] !== ':') return -1
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000
}

/** The time that a text means, null: none. */
export function readTime(text: string): TimeValue | null {
  const common = commonSeconds(text)
  if (common >= 0) return { seconds: common, nanos: 0, hasZone: false }
  const civil = CIVIL.exec(text)
  return civil === null ? readUnixTime(text) : readCivilTime(civil)
}

function readCivilTime(parts: RegExpExecArray): TimeValue | null {
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0))
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCDate() !== day) return null
  const east = zoneSeconds(parts[8] ?? '')
  if (east === null) return null
  const seconds = date.getTime() / 1000 + hour * 3600 + minute * 60 + second - east
  return { seconds, nanos: nanosOf(parts[7] ?? ''), hasZone: parts[8] !== undefined }
}

const nanosOf = (digits: string): number => Number(digits.slice(0, 9).padEnd(9, '0'))

function zoneSeconds(zone: string): number | null {
  const offset = /([+-])(\d\d):?(\d\d)?$/.exec(zone)
  if (offset === null) return 0
  const hours = Number(offset[2])
  const minutes = Number(offset[3] ?? 0)
  if (hours > 14 || minutes > 59) return null
  return (offset[1] === '-' ? -1 : 1) * (hours * 3600 + minutes * 60)
}

const UNITS: Readonly<Record<number, bigint>> = { 13: 1000n, 16: 1000000n, 19: 1000000000n }

function readUnixTime(text: string): TimeValue | null {
  const parts = UNIX.exec(text)
  if (parts === null) return null
  const [, sign, digits, fraction] = parts
  if (digits.length > 11) {
    const unit = UNITS[digits.length]
    if (unit === undefined || sign === '-') return null
    const value = BigInt(digits)
    if (value >= 2n ** 63n) return null
    return {
      seconds: Number(value / unit), nanos: Number(value % unit * (1000000000n / unit)), hasZone: true,
    }
  }
  const seconds = Number(digits)
  const nanos = nanosOf(fraction ?? '')
  if (sign !== '-') return { seconds, nanos, hasZone: true }
  return nanos === 0 ? { seconds: 0 - seconds, nanos, hasZone: true }
    : { seconds: -seconds - 1, nanos: 1000000000 - nanos, hasZone: true }
}

/** The two halves of a UUID, null: it is none. */
export function readUuid(text: string): readonly [bigint, bigint] | null {
  const isUuid = /^[0-9a-f]{32}$/i.test(text)
    || /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)
  if (!isUuid) return null
  const digits = text.replaceAll('-', '')
  return [BigInt(`0x${digits.slice(0, 16)}`), BigInt(`0x${digits.slice(16)}`)]
}

/** The day (since 1970) of a time that was read from `text`. For a Date, a number too small to be a
 * time is a number of days, as in ClickHouse. */
export function dayOf(text: string, time: TimeValue, isDate: boolean): number {
  return isDate && text.length <= DAY_DIGITS ? time.seconds : Math.floor(time.seconds / 86400)
}
