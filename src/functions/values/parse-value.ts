// Text as values: string constants compared with dates and numbers, CAST from String, toXOrNull.
// Invariant: parseValue(text, type) is the Value that plan.ts describes, or throws FunctionError;
// tryParse is the same with null for text that does not fit.

import { parseClock } from '../../../storage/column/clock-time.ts'
import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from './value.ts'
import { bestEffort } from './best-effort.ts'
import { daysFromCivil, daysInMonth, utcOfLocal } from './calendar.ts'
import { FunctionError } from './function.ts'
import { ipv6Bytes } from './ip-text.ts'
import { ipv6Text, uuidBytes, uuidText } from './text.ts'
import { parseComposite } from './parse-composite.ts'

/** The value that `text` means in a type; whole numbers beyond it lose their high bits, as ClickHouse reads them.
 * Throws FunctionError. */
export function parseValue(text: string, type: DataType): Value {
  const { id } = bareType(type)
  const value = id === 'Date' || id === 'Date32' ? dayOfMoment(text, id) : tryParse(text, type, 'wrap')
  if (value === undefined) {
    throw new FunctionError(`Cannot parse '${text.length > 60 ? `${text.slice(0, 60)}…` : text}' `
      + `as ${bareType(type).name}`, parseCode(text, bareType(type)))
  }
  return value
}

/** ClickHouse's kind of error for a text that is no value of a type. */
function parseCode(text: string, { id }: DataType): string {
  if (id.startsWith('Date') && id.length < 7 && DAY.test(text)) return 'CANNOT_PARSE_TEXT'
  if (id.startsWith('Time')) return /^[-\d]/.test(text) ? 'CANNOT_PARSE_TEXT' : 'CANNOT_PARSE_DATETIME'
  if (id in PARSE_CODES) return PARSE_CODES[id]
  if (/^UInt/.test(id) && /^-\d+$/.test(text)) return 'CANNOT_PARSE_NUMBER'
  if (id === 'Decimal' && /^[+-]?\d+(\.\d*)?$/.test(text)) return 'ARGUMENT_OUT_OF_BOUND'
  return text === '' && !id.startsWith('Date') ? 'ATTEMPT_TO_READ_AFTER_EOF' : 'CANNOT_PARSE_TEXT'
}

const PARSE_CODES: Readonly<Record<string, string>> = {
  Date: 'CANNOT_PARSE_DATE', Date32: 'CANNOT_PARSE_DATE', DateTime: 'CANNOT_PARSE_DATETIME',
  DateTime64: 'CANNOT_PARSE_DATETIME', Float32: 'CANNOT_PARSE_NUMBER', Float64: 'CANNOT_PARSE_NUMBER',
  UUID: 'CANNOT_PARSE_UUID', IPv4: 'CANNOT_PARSE_IPV4', IPv6: 'CANNOT_PARSE_IPV6', Bool: 'CANNOT_PARSE_BOOL',
  Enum8: 'UNKNOWN_ELEMENT_OF_ENUM', Enum16: 'UNKNOWN_ELEMENT_OF_ENUM', Array: 'CANNOT_READ_ARRAY_FROM_TEXT',
  Tuple: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED', Map: 'CANNOT_PARSE_INPUT_ASSERTION_FAILED',
}

/** What becomes of whole numbers that their type has not. */
type Beyond = 'refuse' | 'wrap'

/** As parseValue, undefined for text that does not fit; integers of up to 64 bits are refused where they are beyond
 * their type, wider ones wrap always. */
export function tryParse(text: string, type: DataType, beyond: Beyond = 'refuse'): Value | undefined {
  const bare = bareType(type)
  switch (bare.id) {
    case 'String': case 'FixedString': return text
    case 'Date': case 'Date32': return parseDay(text, bare.id)
    case 'DateTime': return (FEW_DIGITS.test(text) ? undefined : parseDateTime(text, bare.zone)) ?? bestMoment(text, bare)
    case 'DateTime64': return (FEW_DIGITS.test(text) ? undefined : parseTicks(text, bare)) ?? bestMoment(text, bare)
    case 'Time': case 'Time64': return parseClock(text, bare)
    case 'Bool': return parseBool(text)
    case 'Float32': case 'Float64': return parseFloatText(text)
    case 'Decimal': return parseDecimal(text, bare)
    case 'Enum8': case 'Enum16': {
      const index = bare.names?.indexOf(text) ?? -1
      if (index >= 0) return bare.values?.[index]
      return /^-?\d+$/.test(text) && bare.values?.includes(Number(text)) === true ? Number(text) : undefined
    }
    case 'UUID': {
      const bytes = uuidBytes(text)
      return bytes === null ? undefined : uuidText(bytes, 0)
    }
    case 'IPv4': return parseIpv4(text)
    case 'IPv6': {
      const bytes = ipv6Bytes(text)
      return bytes === null ? undefined : ipv6Text(bytes, 0)
    }
    case 'Array': case 'Tuple': case 'Map':
      return parseComposite(text, bare, (part, inner) => tryParse(part, inner, beyond))
    case 'Nothing': case 'Variant': return undefined
    default: return parseInteger(text, bare, beyond)
  }
}

/** As tryParse, of a text that stands alone: a time behind a day says nothing. */
export function tryParseText(text: string, type: DataType): Value | undefined {
  const { id } = bareType(type)
  return id === 'Date' || id === 'Date32' ? dayOfMoment(text, id) : tryParse(text, type)
}

/** As tryParse, with moments in their own form only: what the OrNull and OrZero forms take. */
export function tryParseBasic(text: string, type: DataType): Value | undefined {
  const bare = bareType(type)
  if (/^\d{1,3}$/.test(text) && bare.id.startsWith('DateTime')) return undefined
  if (bare.id === 'DateTime') return parseDateTime(text, bare.zone)
  if (bare.id === 'DateTime64') return basicTicks(text, bare)
  return tryParseText(text, type)
}

/** A moment in its own form; no text is the beginning of 1970, and a sign stands before seconds alone. */
function basicTicks(text: string, type: DataType): Value | undefined {
  if (text === '') return 0
  const before = /^-(\d{1,11})(?:\.(\d*))?$/.exec(text)
  if (before !== null) {
    const ticks = ticksOf(Number(before[1]), before[2] ?? '', type.precision)
    return typeof ticks === 'bigint' ? -ticks : -ticks || 0
  }
  return /^\d{0,4}\.\d*$/.test(text) ? undefined : parseTicks(text, type)
}

/** Digits of a day, month or year, too few for seconds since 1970. */
const FEW_DIGITS = /^\d{1,8}(\.\d*)?$/

/** The hour, minute and second of a time that is written without zeros: `7:8:9`. */
const LONE_DIGITS = /(?<=^\d{4}-\d\d?-\d\d?[ T])(\d\d?)(:)(\d\d?)(:)(\d\d?)()(?!\d)/

/** A moment in another form than ClickHouse's own. */
function bestMoment(written: string, type: DataType): number | bigint | undefined {
  const text = written.replace(LONE_DIGITS, (_, ...parts: string[]) =>
    parts.slice(0, 6).map((part, i) => (i % 2 === 0 ? part.padStart(2, '0') : part)).join(''))
  const found = bestEffort(text, type.zone, false, Date.now())
  if (found === null) return undefined
  if (type.id === 'DateTime64') return ticksOf(found.seconds, found.fraction, type.precision)
  return Math.min(Math.max(found.seconds, 0), 4294967295)
}

const LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  Int8: [-128n, 127n], Int16: [-32768n, 32767n], Int32: [-2147483648n, 2147483647n],
  Int64: [-(2n ** 63n), 2n ** 63n - 1n], UInt8: [0n, 255n], UInt16: [0n, 65535n],
  UInt32: [0n, 4294967295n], UInt64: [0n, 2n ** 64n - 1n], UInt128: [0n, 2n ** 128n - 1n],
  UInt256: [0n, 2n ** 256n - 1n], Int128: [-(2n ** 127n), 2n ** 127n - 1n],
  Int256: [-(2n ** 255n), 2n ** 255n - 1n],
}

function parseInteger(text: string, type: DataType, beyond: Beyond): Value | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const limits = LIMITS[type.id]
  const near = Number(text)
  if (limits === undefined) return near
  const isSafe = Number.isSafeInteger(near)
  if (isSafe && near >= Number(limits[0]) && near <= Number(limits[1])) return near + 0
  const wide = isSafe ? BigInt(near) : BigInt(text)
  if (wide >= limits[0] && wide <= limits[1]) return wide
  // A sign is not read at all by types without one.
  if (limits[0] === 0n && text.startsWith('-')) return undefined
  const isWide = limits[1] >= 2n ** 64n
  return beyond === 'wrap' || isWide ? wrapped(wide, limits) : undefined
}

/** The low bits of a number, in the range of a type. */
function wrapped(value: bigint, [least, most]: readonly [bigint, bigint]): number | bigint {
  const range = most - least + 1n
  return shrink((((value - least) % range) + range) % range + least)
}

function parseFloatText(text: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return Number(text)
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
  if (word === null) return undefined
  if (word[2].toLowerCase() === 'nan') return Number.NaN
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

function parseBool(text: string): boolean | undefined {
  switch (text.toLowerCase()) {
    case 'true': case 't': case 'yes': case 'y': case 'on': case '1': case 'enable': case 'enabled':
      return true
    case 'false': case 'f': case 'no': case 'n': case 'off': case '0': case 'disable':
    case 'disabled': return false
    default: return undefined
  }
}

function parseDecimal(text: string, { scale, precision }: DataType): Value | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) return undefined
  const power = Number(match[4] ?? 0)
  const digits = match[2] + (match[3] ?? '')
  const point = match[2].length + power
  const kept = digits.padEnd(point + scale, '0').slice(0, Math.max(0, point + scale))
  if (kept.replace(/^0+/, '').length > precision) return undefined
  const ticks = BigInt(kept === '' ? '0' : kept) * (match[1] === '-' ? -1n : 1n)
  return shrink(ticks)
}

/** A bigint as number where exact. */
export function shrink(value: bigint): number | bigint {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : value
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((p) => !/^\d{1,3}$/.test(p) || Number(p) > 255)) {
    return undefined
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

function dayOfParts(year: string, month: string, day: string): number | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  if (m < 1 || m > 12 || d < 1 || d > daysInMonth(y, m)) return undefined
  return daysFromCivil(y, m, d)
}

/** Four digits of the year, then two and two, or one or two behind any mark each. */
const DAY = /^(\d{4})(?:(\d\d)(\d\d)|[^\d](\d\d?)[^\d](\d\d?))/s
const DAY_RANGE = { Date: [0, 65_535], Date32: [daysFromCivil(1900, 1, 1), daysFromCivil(2299, 12, 31)] } as const

/** Days since 1970 of `2024-05-01`, within the type's range. As in ClickHouse February 31 is a day of March,
 * and what is no day of any month is the type's first. */
export function parseDay(text: string, type: 'Date' | 'Date32'): number | undefined {
  const match = DAY.exec(text)
  return match === null || match[0].length < text.length ? undefined : dayOf(match, type)
}

/** As parseDay; a time may follow, and is not looked at: as long as one of seconds, or with a fraction. */
function dayOfMoment(text: string, type: 'Date' | 'Date32'): number | undefined {
  const match = DAY.exec(text)
  if (match === null) return undefined
  const rest = text.slice(match[0].length)
  const isTime = /^[ T]/.test(rest) && (text.length === 19 || /^.{19}\.\d+$/s.test(text))
  return rest === '' || isTime ? dayOf(match, type) : undefined
}

function dayOf(match: RegExpExecArray, type: 'Date' | 'Date32'): number {
  const [year, month, day] = [match[1], match[2] ?? match[4], match[3] ?? match[5]].map(Number)
  const [least, most] = DAY_RANGE[type]
  if (month < 1 || month > 12 || day < 1 || day > 31) return least
  return Math.min(Math.max(daysFromCivil(year, month, 1) + day - 1, least), most)
}

const MOMENT = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?(?:\.(\d+))?(Z)?$/

type Moment = { readonly seconds: number; readonly fraction: string }

function parseMoment(text: string, zone: string | null): Moment | undefined {
  const match = MOMENT.exec(text)
  if (match === null) {
    const number = /^(\d{1,10})(?:\.(\d+))?$/.exec(text)
    if (number === null || number[1].length === 4) return undefined
    return { seconds: Number(number[1]), fraction: number[2] ?? '' }
  }
  const days = dayOfParts(match[1], match[2], match[3])
  if (days === undefined) return undefined
  const [hour, minute, second] = [4, 5, 6].map((i) => Number(match[i] ?? 0))
  const local = days * 86400 + hour * 3600 + minute * 60 + second
  const seconds = match[8] === undefined ? utcOfLocal(zone, local) : local
  return { seconds, fraction: match[7] ?? '' }
}

/** Seconds since 1970 of `2024-05-01 12:30:00` in a zone, or of a Unix timestamp. */
export function parseDateTime(text: string, zone: string | null): number | undefined {
  const seconds = parseMoment(text, zone)?.seconds
  return seconds === undefined ? undefined : Math.min(Math.max(seconds, 0), 4294967295)
}

function parseTicks(text: string, type: DataType): number | bigint | undefined {
  const moment = parseMoment(text, type.zone)
  return moment === undefined ? undefined : ticksOf(moment.seconds, moment.fraction, type.precision)
}

/** DateTime64's integer from whole seconds and digits after the point. */
export function ticksOf(seconds: number, fraction: string, precision: number): number | bigint {
  const digits = fraction.padEnd(precision, '0').slice(0, precision)
  const near = seconds * 10 ** precision + Number(digits === '' ? 0 : digits)
  if (Number.isSafeInteger(near)) return near
  return BigInt(seconds) * 10n ** BigInt(precision) + BigInt(digits === '' ? 0 : digits)
}
