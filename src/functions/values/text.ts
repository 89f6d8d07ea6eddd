// Values as text: how toString and CAST(x AS String) print every type.
// Invariant: the text equals ClickHouse's; inside arrays, tuples and maps strings stand in quotes.

import { clockText } from '../../../storage/column/clock-time.ts'
import { bareType, internType, holdsVariant, type DataType } from '../../../storage/column/data-type.ts'
import type { TupleVector, Vector } from '../../../storage/column/vector.ts'
import { civilFromDays, dayOf, monthOf, offsetAt, yearOf } from './calendar.ts'
import type { ByteBuilder } from './byte-builder.ts'
import { float32Text, floatText } from './float-text.ts'
import { typedPathsOf, writeCanonicalJson, writeDynamic } from './json-text.ts'
import { isLarge, readLarge } from '../../../storage/column/large.ts'
import { alternativeAt, alternativeVector } from './variant-fields.ts'
import { slotOf } from './vectors.ts'

const DAY_SECONDS = 86400
/** NULL where all is shown as texts. */
export const NULL_TEXT = 'ᴺᵁᴸᴸ'

/** 0000-01-01 and 9999-12-31: days beyond are written as these. */
const FIRST_DAY = -719_528
const LAST_DAY = 2_932_896

/** `2024-05-01` of a day. */
export function writeDay(out: ByteBuilder, days: number): void {
  const civil = civilFromDays(Math.max(FIRST_DAY, Math.min(LAST_DAY, days)))
  out.padded(yearOf(civil), 4)
  out.byte(45)
  out.padded(monthOf(civil), 2)
  out.byte(45)
  out.padded(dayOf(civil), 2)
}

/** `2024-05-01 12:30:00` of a moment in a zone. */
export function writeMoment(out: ByteBuilder, seconds: number, zone: string | null): void {
  const local = seconds + offsetAt(zone, seconds)
  const days = Math.floor(local / DAY_SECONDS)
  const rest = local - days * DAY_SECONDS
  writeDay(out, days)
  out.byte(32)
  out.padded(Math.floor(rest / 3600), 2)
  out.byte(58)
  out.padded(Math.floor(rest / 60) % 60, 2)
  out.byte(58)
  out.padded(rest % 60, 2)
}

/** What lies beyond the years 0 to 9999 is shown as their end. */
export const FIRST_SECOND = -62_167_219_200
export const LAST_SECOND = 253_402_300_799

function writeTicks(out: ByteBuilder, ticks: number | bigint, type: DataType): void {
  const scale = 10n ** BigInt(type.precision)
  const wide = BigInt(ticks)
  const fraction = ((wide % scale) + scale) % scale
  const seconds = Number((wide - fraction) / scale)
  writeMoment(out, Math.min(Math.max(seconds, FIRST_SECOND), LAST_SECOND), type.zone)
  if (type.precision === 0) return
  out.byte(46)
  out.padded(Number(fraction), type.precision)
}

/** A Decimal whose values keep their trailing zeros as text (output_format_decimal_trailing_zeros). */
export const paddedDecimal = ({ name, precision, scale }: DataType): DataType =>
  internType(`${PADDED}${name}`, 'Decimal', { precision, scale })
const PADDED = 'Padded'

/** A scaled integer with its point; trailing zeros are dropped as ClickHouse does. */
function decimalText(ticks: number | bigint, { name, scale }: DataType): string {
  const negative = ticks < 0
  const digits = String(negative ? -ticks : ticks).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const all = digits.slice(digits.length - scale)
  const fraction = name.startsWith(PADDED) ? all : all.replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

// ClickHouse keeps a UUID as two little-endian 64-bit halves.
const UUID_ORDER = [7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8]

/** Text of the 16 bytes of a UUID. */
export function uuidText(bytes: Uint8Array, at: number): string {
  const hex = UUID_ORDER.map((i) => bytes[at + i].toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-`
    + hex.slice(20)
}

/** The 16 bytes of a UUID's text, or null. */
export function uuidBytes(text: string): Uint8Array | null {
  const hex = text.replaceAll('-', '')
  if (!/^[0-9a-fA-F]{32}$/.test(hex)) return null
  const bytes = new Uint8Array(16)
  UUID_ORDER.forEach((to, i) => { bytes[to] = Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16) })
  return bytes
}

export function ipv6Text(bytes: Uint8Array, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[at + 2 * i] << 8) | bytes[at + 2 * i + 1])
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff) {
    return `::ffff:${[...bytes.subarray(at + 12, at + 16)].join('.')}`
  }
  const text = words.map((word) => word.toString(16)).join(':')
  const runs = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length)
  if (runs.length === 0) return text
  const [longest] = runs
  const before = text.slice(0, longest.index).replace(/:$/, '')
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '')
  return `${before}::${after}`
}

/** Appends row `row` of a vector as text. `quoted`: strings and dates in quotes (inside arrays). */
export function writeValue(out: ByteBuilder, vector: Vector, row: number, quoted: boolean): void {
  const slot = slotOf(vector, row)
  if (vector.nulls !== null && vector.nulls[slot] === 1) {
    out.text('NULL')
    return
  }
  const type = bareType(vector.type)
  switch (vector.kind) {
    case 'number': return writeNumber(out, vector.values[slot], type, quoted)
    case 'big': return writeNumber(out, vector.values[slot], type, quoted)
    case 'codes': {
      const bytes = vector.dictionary.bytesOf(vector.codes[slot])
      if (type.id === 'UUID' || type.id === 'IPv6') {
        const text = type.id === 'UUID' ? uuidText(bytes, 0) : ipv6Text(bytes, 0)
        out.text(quoted ? `'${text}'` : text)
        return
      }
      if (isLarge(type)) return writeLargeText(out, bytes, 0, bytes.length, type)
      return writeString(out, bytes, 0, bytes.length, quoted)
    }
    case 'bytes': {
      const start = vector.offsets[slot]
      if (type.id === 'UUID' || type.id === 'IPv6') {
        const text = type.id === 'UUID' ? uuidText(vector.bytes, start) : ipv6Text(vector.bytes, start)
        out.text(quoted ? `'${text}'` : text)
        return
      }
      if (isLarge(type)) return writeLargeText(out, vector.bytes, start, vector.offsets[slot + 1], type)
      if (type.id === 'JSON') return writeCanonicalJson(out, vector.bytes, start, vector.offsets[slot + 1], typedPathsOf(type))
      if (type.id === 'Dynamic') return writeDynamic(out, vector.bytes, start, vector.offsets[slot + 1], quoted)
      return writeString(out, vector.bytes, start, vector.offsets[slot + 1], quoted)
    }
    case 'array': return writeElements(out, vector.values, vector.offsets[slot],
      vector.offsets[slot + 1], type.id === 'Map')
    case 'tuple': {
      if (type.id === 'Variant') return writeAlternative(out, vector, slot, quoted)
      out.byte(40)
      vector.fields.forEach((field, i) => {
        if (i > 0) out.byte(44)
        writeValue(out, field, slot, true)
      })
      out.byte(41)
    }
  }
}

/** A text that tells a row's value from all unequal ones. Values of unlike types may have the same text: behind it stand
 * the numbers of their alternatives. */
export function writeKeyText(out: ByteBuilder, vector: Vector, row: number): void {
  writeValue(out, vector, row, true)
  if ((vector.kind === 'tuple' || vector.kind === 'array') && holdsVariant(vector.type)) writeAlternatives(out, vector, row)
}

function writeAlternatives(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  if (vector.kind === 'array') {
    for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) writeAlternatives(out, vector.values, at)
  } else if (vector.kind === 'tuple' && vector.type.id === 'Variant') {
    out.byte(alternativeAt(vector, slot) & 0xff)
    const value = alternativeVector(vector, slot)
    if (value !== null) writeAlternatives(out, value, slot)
  } else if (vector.kind === 'tuple') for (const field of vector.fields) writeAlternatives(out, field, slot)
}

/** A Variant's value is written as one of its alternative. */
function writeAlternative(out: ByteBuilder, vector: TupleVector, slot: number, quoted: boolean): void {
  const value = alternativeVector(vector, slot)
  if (value === null) out.text('NULL')
  else writeValue(out, value, slot, quoted)
}

function writeLargeText(
  out: ByteBuilder, bytes: Uint8Array, start: number, end: number, type: DataType): void {
  const value = readLarge(bytes, start, end, type)
  out.text(type.id === 'Decimal' ? decimalText(value, type) : String(value))
}

function writeElements(
  out: ByteBuilder, values: Vector, start: number, end: number, isMap: boolean): void {
  out.byte(isMap ? 123 : 91)
  for (let at = start; at < end; at++) {
    if (at > start) out.byte(44)
    if (isMap && values.kind === 'tuple') {
      writeValue(out, values.fields[0], at, true)
      out.byte(58)
      writeValue(out, values.fields[1], at, true)
    } else {
      writeValue(out, values, at, true)
    }
  }
  out.byte(isMap ? 125 : 93)
}

function writeString(
  out: ByteBuilder, bytes: Uint8Array, start: number, end: number, quoted: boolean): void {
  if (!quoted) {
    out.slice(bytes, start, end)
    return
  }
  out.byte(39)
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    const escape = byte === 39 || byte === 92 ? byte : ESCAPES.get(byte) ?? 0
    if (escape !== 0) out.byte(92)
    out.byte(escape === 0 ? byte : escape)
  }
  out.byte(39)
}

const ESCAPES = new Map([[8, 98], [12, 102], [10, 110], [13, 114], [9, 116], [0, 48]])

function writeNumber(
  out: ByteBuilder, value: number | bigint, type: DataType, quoted: boolean): void {
  const isText = quoted && QUOTED.has(type.id)
  if (isText) out.byte(39)
  switch (type.id) {
    case 'Bool': out.text(value === 0 ? 'false' : 'true'); break
    case 'Float32': out.text(float32Text(value as number)); break
    case 'Float64': out.text(floatText(value as number)); break
    case 'Date': case 'Date32': writeDay(out, value as number); break
    case 'DateTime': writeMoment(out, value as number, type.zone); break
    case 'DateTime64': writeTicks(out, value, type); break
    case 'Time': case 'Time64': out.text(clockText(Number(value), type.precision)); break
    case 'Decimal': out.text(decimalText(value, type)); break
    case 'Enum8': case 'Enum16':
      out.text(type.names?.[type.values?.indexOf(value as number) ?? -1] ?? ''); break
    case 'IPv4': {
      const ip = value as number
      out.text(`${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`)
      break
    }
    default:
      if (typeof value === 'number') out.integer(value)
      else out.text(String(value))
  }
  if (isText) out.byte(39)
}

const QUOTED: ReadonlySet<string> = new Set(
  ['Date', 'Date32', 'DateTime', 'DateTime64', 'Time', 'Time64', 'Enum8', 'Enum16', 'IPv4'])
