// Numbers from text, by type: what the kernel leaves to JavaScript (enums, decimals, addresses, times
// in a zone) and the elements of arrays, maps and tuples.

import { clockOfNumber, parseClock } from '../../storage/column/clock-time.ts'
import type { DataType } from '../../storage/column/data-type.ts'
import { DAY_MAX, DAY_MIN, FORM_BOOL, FORM_NUMBER } from '../../storage/kernels/ndjson-layout.ts'
import { dayOf, readBool, readFloat, readInteger, readTime } from '../../storage/kernels/ndjson-values.ts'
import { zoneOffsetSeconds } from './zone.ts'

/** The stored number of a text (ticks for times, scaled for decimals); null: it does not fit. */
export type ScalarReader = (text: string, form: number) => number | bigint | null

/** A reader for a type without Nullable and LowCardinality; null: the type is no number. */
export function scalarReader(type: DataType): ScalarReader | null {
  switch (type.id) {
    case 'Bool': return (text, form) => {
      const value = readBool(text, form === FORM_NUMBER)
      return value === null ? null : Number(value)
    }
    case 'Float32': case 'Float64':
      return (text, form) => form === FORM_BOOL ? Number(text === 'true') : readFloat(text)
    case 'Int8': case 'Int16': case 'Int32': case 'Int64':
    case 'UInt8': case 'UInt16': case 'UInt32': case 'UInt64':
    case 'Int128': case 'Int256': case 'UInt128': case 'UInt256': return integerReader(type)
    case 'Date': case 'Date32': case 'DateTime': case 'DateTime64': return timeReader(type)
    case 'Time': case 'Time64': return clockReader(type)
    case 'Enum8': case 'Enum16': return enumReader(type)
    case 'Decimal': return decimalReader(type)
    case 'IPv4': return (text) => readIPv4(text)
    default: return null
  }
}

function integerReader(type: DataType): ScalarReader {
  const isSigned = type.id.startsWith('I')
  const bits = BigInt(type.id.replace(/\D/g, ''))
  const min = isSigned ? -(2n ** (bits - 1n)) : 0n
  const max = isSigned ? 2n ** (bits - 1n) - 1n : 2n ** bits - 1n
  return (text, form) => {
    const value = form === FORM_BOOL ? BigInt(text === 'true') : readInteger(text)
    return value === null || value < min || value > max ? null : narrowed(value)
  }
}

/** A number where it is exact. */
function narrowed(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function timeReader(type: DataType): ScalarReader {
  const { id, zone, precision } = type
  const isUtc = zone === null || zone === 'UTC'
  return (text, form) => {
    const time = form === FORM_BOOL ? null : readTime(text)
    if (time === null) return null
    const seconds = isUtc || time.hasZone ? time.seconds
      : time.seconds - zoneOffsetSeconds(zone, time.seconds)
    if (id === 'DateTime') return seconds < 0 || seconds > 4294967295 ? null : seconds
    const day = dayOf(text, time, id !== 'DateTime64')
    if (id === 'Date') return day < 0 || day > 65535 ? null : day
    if (day < DAY_MIN || day > DAY_MAX) return null
    if (id === 'Date32') return day
    if (precision === 9 && seconds > 9223372035) return null
    return narrowed(BigInt(seconds) * 10n ** BigInt(precision)
      + BigInt(Math.floor(time.nanos / 10 ** (9 - precision))))
  }
}

/** Times as text; numbers are whole seconds of a Time and units of a Time64, as in ClickHouse. */
function clockReader(type: DataType): ScalarReader {
  return (text, form) => {
    if (form === FORM_BOOL) return null
    // A DEFAULT stands as it was written, and has colons.
    return (form === FORM_NUMBER && !text.includes(':') ? clockOfNumber(text, type) : parseClock(text, type)) ?? null
  }
}

function enumReader(type: DataType): ScalarReader {
  const values = type.values ?? []
  const byName = new Map((type.names ?? []).map((name, i) => [name, values[i]]))
  const known = new Set(values)
  return (text) => {
    const value = byName.get(utf8Of(text))
    if (value !== undefined) return value
    return /^-?\d+$/.test(text) && known.has(Number(text)) ? Number(text) : null
  }
}

/** Text that was read byte by byte, as the characters that it encodes. */
const utf8Of = (text: string): string => Buffer.from(text, 'latin1').toString('utf8')

function decimalReader(type: DataType): ScalarReader {
  const limit = 10n ** BigInt(type.precision)
  return (text, form) => {
    const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text)
    if (form === FORM_BOOL || parts === null || (parts[2] === '' && !parts[3])) return null
    const fraction = parts[3] ?? ''
    const shift = type.scale - fraction.length + Number(parts[4] ?? 0)
    const digits = BigInt(parts[2] + fraction)
    // Digits beyond the scale are cut, as ClickHouse cuts them.
    const value = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift)
    return value >= limit ? null : narrowed(parts[1] === '-' ? -value : value)
  }
}

function readIPv4(text: string): number | null {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (parts === null) return null
  let value = 0
  for (const part of parts.slice(1)) {
    if (Number(part) > 255) return null
    value = value * 256 + Number(part)
  }
  return value
}

/** 16 bytes in network order, an IPv4 address mapped; null: no address. */
export function readIPv6(text: string): Uint8Array | null {
  const dotted = /^(.*:)?(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  let groups = text
  if (dotted !== null) {
    const value = readIPv4(dotted[2])
    if (value === null) return null
    const tail = `${Math.floor(value / 65536).toString(16)}:${(value % 65536).toString(16)}`
    groups = `${dotted[1] ?? '::ffff:'}${tail}`
  }
  const halves = groups.split('::')
  if (halves.length > 2) return null
  const [head, tail] = halves.map((half) => half === '' ? [] : half.split(':'))
  const missing = 8 - head.length - (tail?.length ?? 0)
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  const all = tail === undefined ? head : [...head, ...new Array<string>(missing).fill('0'), ...tail]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null
  const bytes = new Uint8Array(16)
  all.forEach((group, i) => {
    const value = Number.parseInt(group, 16)
    bytes[2 * i] = value >> 8
    bytes[2 * i + 1] = value & 255
  })
  return bytes
}
