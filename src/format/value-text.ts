// The text of single values that are not plain strings: numbers, dates, decimals, nested ones. The
// formats differ in what they put around it.
// Invariant: the text is ClickHouse's.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { civilFromDays, dayOf, monthOf, offsetAt, yearOf } from '../functions/calendar.ts'
import { decimalText, float32Text, floatText, uuidText } from '../functions/text.ts'

const decoder = new TextDecoder()
const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

export function dayText(days: number): string {
  const civil = civilFromDays(days)
  return `${String(yearOf(civil)).padStart(4, '0')}-${two(monthOf(civil))}-${two(dayOf(civil))}`
}

export function momentText(seconds: number, zone: string | null): string {
  const local = seconds + offsetAt(zone, seconds)
  const days = Math.floor(local / 86400)
  const rest = local - days * 86400
  return `${dayText(days)} ${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:`
    + two(rest % 60)
}

function ticksText(ticks: number | bigint, type: DataType): string {
  const scale = 10n ** BigInt(type.precision)
  const wide = BigInt(ticks)
  const fraction = ((wide % scale) + scale) % scale
  const whole = momentText(Number((wide - fraction) / scale), type.zone)
  return type.precision === 0 ? whole : `${whole}.${String(fraction).padStart(type.precision, '0')}`
}

/** Text of a number of any type that lies in a number or big vector. */
export function numberText(value: number | bigint, type: DataType): string {
  switch (type.id) {
    case 'Bool': return Number(value) === 0 ? 'false' : 'true'
    case 'Float32': return float32Text(Number(value))
    case 'Float64': return floatText(Number(value))
    case 'Date': case 'Date32': return dayText(Number(value))
    case 'DateTime': return momentText(Number(value), type.zone)
    case 'DateTime64': return ticksText(value, type)
    case 'Decimal': return decimalText(value, type.scale)
    case 'Enum8': case 'Enum16':
      return type.names?.[type.values?.indexOf(Number(value)) ?? -1] ?? ''
    case 'IPv4': {
      const ip = Number(value)
      return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`
    }
    default: return String(value)
  }
}

/** True where the text of a number type is no number: it stands in quotes. */
export function isTextual(type: DataType): boolean {
  switch (type.id) {
    case 'Date': case 'Date32': case 'DateTime': case 'DateTime64': case 'Enum8': case 'Enum16':
    case 'IPv4': return true
    default: return false
  }
}

/** The bytes of a string value as they are shown; UUIDs and IPv6 as text. */
export function stringBytes(vector: Vector & { kind: 'bytes' | 'codes' }, slot: number): Uint8Array {
  if (vector.kind === 'codes') return vector.dictionary.bytesOf(vector.codes[slot])
  const bytes = vector.bytes.subarray(vector.offsets[slot], vector.offsets[slot + 1])
  switch (bareType(vector.type).id) {
    case 'UUID': return Buffer.from(uuidText(vector.bytes, vector.offsets[slot]))
    case 'IPv6': return Buffer.from(ipv6Text(bytes))
    default: return bytes
  }
}

function ipv6Text(bytes: Uint8Array): string {
  if (bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255) {
    return `::ffff:${bytes.subarray(12, 16).join('.')}`
  }
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16))
  let best = { at: -1, length: 1 }
  for (let at = 0; at < 8; at++) {
    let length = 0
    while (at + length < 8 && groups[at + length] === '0') length++
    if (length > best.length) best = { at, length }
  }
  if (best.at < 0) return groups.join(':')
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`
}

/** A value inside of an array, tuple or map in the text formats: strings and dates in quotes. */
export function nestedText(vector: Vector, row: number): string {
  const slot = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[slot] === 1) return 'NULL'
  const type = bareType(vector.type)
  switch (vector.kind) {
    case 'number': case 'big': {
      const text = numberText(vector.values[slot], type)
      return isTextual(type) ? `'${text}'` : text
    }
    case 'codes': case 'bytes': return quoted(decoder.decode(stringBytes(vector, slot).slice()))
    case 'tuple': return `(${vector.fields.map((field) => nestedText(field, slot)).join(',')})`
    case 'array': {
      const parts: string[] = []
      for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
        parts.push(type.id === 'Map' ? pairText(vector.values, at) : nestedText(vector.values, at))
      }
      return type.id === 'Map' ? `{${parts.join(',')}}` : `[${parts.join(',')}]`
    }
  }
}

function pairText(pairs: Vector, at: number): string {
  if (pairs.kind !== 'tuple') throw new Error('format: a map without pairs')
  return `${nestedText(pairs.fields[0], at)}:${nestedText(pairs.fields[1], at)}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b', '\f': '\\f', '\r': '\\r', '\n': '\\n', '\t': '\\t', '\0': '\\0', "'": "\\'", '\\': '\\\\',
}
const quoted = (text: string): string =>
  `'${text.replace(/[\b\f\r\n\t\0'\\]/g, (char) => ESCAPES[char])}'`
