// Constant values from one type to another, as literals need it: text to dates and times, numbers
// into ranges, names of enums to their numbers. Dates follow ClickHouse's basic text format.

import { withinClock } from '../../storage/column/clock-time.ts'
import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { bestEffort } from '../functions/values/best-effort.ts'
import { utcOfLocal } from '../functions/values/calendar.ts'
import { parseDay, tryParse } from '../functions/values/parse-value.ts'
import { variantReader } from '../functions/values/variant-values.ts'
import { exactNumber, numberValue } from './literals.ts'
import type { Value } from '../functions/values/value.ts'

const INTEGER_BITS: Readonly<Record<string, readonly [bits: number, isSigned: boolean]>> = {
  Bool: [8, false], Int8: [8, true], Int16: [16, true], Int32: [32, true], Int64: [64, true],
  Int128: [128, true], Int256: [256, true], UInt8: [8, false], UInt16: [16, false],
  UInt32: [32, false], UInt64: [64, false], UInt128: [128, false], UInt256: [256, false],
  Interval: [64, true],
}

/** `value` (a text, number, array …) as a value of `to`; undefined where no value of the type
 * equals it (300 as UInt8). Throws Error with a sentence when a text cannot be read as the type. */
export function convertValue(value: Value, to: DataType): Value | undefined {
  const type = bareType(to)
  if (value === null) return null
  if (type.id === 'Variant') return Array.isArray(value) ? undefined : variantReader(type)(String(value))
  if (Array.isArray(value)) return convertItems(value, type)
  if (type.id in INTEGER_BITS) return toInteger(value, type)
  switch (type.id) {
    case 'UUID': case 'IPv6': return typeof value === 'string' && tryParse(value, type) !== undefined ? value : undefined
    case 'String': case 'FixedString':
      return typeof value === 'string' ? value : undefined
    case 'IPv4': return addressOf(value)
    case 'Float32': return typeof value === 'string' ? toNumber(value, type) : fround(Number(value))
    case 'Float64': return typeof value === 'string' ? toNumber(value, type) : Number(value)
    case 'Decimal': return toScaled(value, type)
    case 'Date': case 'Date32':
      return typeof value === 'string' ? dateOf(value, type) : value as Value
    case 'DateTime': case 'DateTime64':
      return typeof value === 'string' ? timeOf(value, type) : timeFromNumber(value, type)
    case 'Time': case 'Time64': return clockOf(value, type)
    case 'Enum8': case 'Enum16': return enumOf(value, type)
    default: return value
  }
}

/** An address by its four numbers, or as one. */
function addressOf(value: Value): Value | undefined {
  if (typeof value !== 'string') {
    const number = Number(value)
    return Number.isInteger(number) && number >= 0 && number < 2 ** 32 ? number : undefined
  }
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(value)?.slice(1).map(Number)
  if (parts === undefined || parts.some((part) => part > 255)) {
    throw new Error(`cannot read '${value}' as IPv4`)
  }
  return parts.reduce((number, part) => number * 256 + part, 0)
}

/** Float32 keeps a number only where nothing is lost. */
const fround = (value: number): number | undefined =>
  Number.isNaN(value) || Math.fround(value) === value ? value : undefined

function convertItems(items: readonly Value[], type: DataType): Value | undefined {
  const converted: Value[] = []
  for (let i = 0; i < items.length; i++) {
    const item = convertValue(items[i], type.id === 'Tuple' ? type.args[i] : type.args[0] ?? type)
    if (item === undefined) return undefined
    converted.push(item)
  }
  return converted
}

function toNumber(text: string, type: DataType): number {
  const { value } = numberValue(text.trim())
  if (text.trim() === '' || (Number.isNaN(Number(value)) && !/^[+-]?nan$/i.test(text.trim()))) {
    throw new Error(`cannot read '${text}' as ${type.name}`)
  }
  return Number(value)
}

function toInteger(value: Value, type: DataType): Value | undefined {
  const [bits, isSigned] = INTEGER_BITS[type.id]
  let integer: bigint
  if (typeof value === 'string') {
    if (type.id === 'Bool' && /^(true|false)$/i.test(value)) return /^true$/i.test(value) ? 1 : 0
    if (!/^[+-]?\d+$/.test(value)) throw new Error(`cannot read '${value}' as ${type.name}`)
    integer = BigInt(value.replace('+', ''))
  } else if (typeof value === 'bigint') {
    integer = value
  } else {
    const number = Number(value)
    if (!Number.isInteger(number)) return undefined
    integer = BigInt(number)
  }
  const min = isSigned ? -(1n << BigInt(bits - 1)) : 0n
  const max = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n
  return integer < min || integer > max ? undefined : exactNumber(integer)
}

function toScaled(value: Value, type: DataType): Value | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)$/.exec(plainDecimal(value))
  if (match === null || (match[2] === '' && match[3] === '')) {
    if (typeof value === 'string') throw new Error(`cannot read '${value}' as ${type.name}`)
    return undefined
  }
  const fraction = match[3].slice(0, type.scale).padEnd(type.scale, '0')
  // Digits beyond the scale: no value of the type equals it.
  if (/[1-9]/.test(match[3].slice(type.scale))) return undefined
  const digits = BigInt(match[2] + fraction || '0')
  return exactNumber(match[1] === '-' ? -digits : digits)
}

/** Without an exponent: 1e-7 as 0.0000001. */
function plainDecimal(value: Value): string {
  const text = String(value).trim()
  const match = /^([+-]?)(\d*)\.?(\d*)e([+-]?\d+)$/i.exec(text)
  if (match === null) return text
  const [, sign, whole, fraction, exponentText] = match
  const exponent = Number(exponentText)
  if (Math.abs(exponent) > 400) return text
  const digits = whole + fraction
  const point = whole.length + exponent
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`
}

function enumOf(value: Value, type: DataType): Value | undefined {
  if (typeof value !== 'string') {
    return type.values?.includes(Number(value)) === true ? Number(value) : undefined
  }
  const place = type.names?.indexOf(value) ?? -1
  if (place >= 0) return type.values?.[place]
  return /^-?\d+$/.test(value) && type.values?.includes(Number(value)) === true ? Number(value) : undefined // its number, as text
}

const TIME = new RegExp(
  '^(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:[ T](\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d+))?)?'
  + '(Z|[+-]\\d{2}:?\\d{2})?)?$')

function dateOf(text: string, { id, name }: DataType): number {
  const day = parseDay(text.trim(), id === 'Date' ? 'Date' : 'Date32')
  if (day === undefined) throw new Error(`cannot read '${text}' as ${name}`)
  return day
}

function utcOf(match: RegExpExecArray, text: string, type: DataType) {
  const [year, month, date, hour, minute, second] =
    match.slice(1, 7).map((part) => Number(part ?? 0))
  const day = Date.UTC(year, month - 1, date)
  const check = new Date(day)
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== date || hour > 23 || minute > 59
    || second > 59) {
    throw new Error(`cannot read '${text}' as ${type.name}: there is no such day or time`)
  }
  return { day, seconds: day / 1000 + hour * 3600 + minute * 60 + second }
}

/** Units of a time from its text or a number of seconds. */
function clockOf(value: Value, type: DataType): Value | undefined {
  if (typeof value !== 'string') {
    const units = Number(value) * 10 ** type.precision
    return Number.isInteger(units) ? withinClock(units, type.precision) : undefined
  }
  const units = tryParse(value, type)
  if (units === undefined) throw new Error(`cannot read '${value}' as ${type.name}`)
  return units
}

/** Seconds (DateTime) or ticks (DateTime64) of a text in the type's zone. */
function timeOf(text: string, type: DataType): Value {
  const trimmed = text.trim()
  const ticks = 10n ** BigInt(type.precision)
  if (/^\d{5,}(\.\d+)?$/.test(trimmed)) {
    const [whole, fraction = ''] = trimmed.split('.')
    return exactNumber(BigInt(whole) * ticks + fractionTicks(fraction, type.precision))
  }
  const match = TIME.exec(trimmed)
  if (match === null) return freeTimeOf(text, type)
  let { seconds } = utcOf(match, text, type)
  const zone = match[8]
  if (zone === undefined) seconds = utcOfLocal(type.zone, seconds)
  else if (zone !== 'Z') {
    const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
    seconds -= (zone[0] === '-' ? -1 : 1) * minutes * 60
  }
  if (type.id === 'DateTime') return Math.min(0xffffffff, Math.max(0, seconds))
  return exactNumber(BigInt(seconds) * ticks + fractionTicks(match[7] ?? '', type.precision))
}

/** A moment in another form than ClickHouse's own: `5 May 2024 10:20 PM`. */
function freeTimeOf(text: string, type: DataType): Value {
  const found = bestEffort(text, type.zone, false, Date.now())
  if (found === null) throw new Error(`cannot read '${text}' as ${type.name}`)
  if (type.id === 'DateTime') return Math.min(0xffffffff, Math.max(0, found.seconds))
  return exactNumber(BigInt(found.seconds) * 10n ** BigInt(type.precision) + fractionTicks(found.fraction, type.precision))
}

const fractionTicks = (fraction: string, precision: number): bigint =>
  BigInt(fraction.slice(0, precision).padEnd(precision, '0') || '0')

function timeFromNumber(value: Value, type: DataType): Value {
  if (type.id === 'DateTime') return value
  return exactNumber(BigInt(Math.trunc(Number(value))) * 10n ** BigInt(type.precision))
}
