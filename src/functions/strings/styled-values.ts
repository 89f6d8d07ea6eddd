// What SETTINGS ask of values that are written: moments in another form, numbers in quotes, named tuples as arrays.
// Columns are rewritten as texts before they are written, by a format or by a function (toJSONString, formatRow, a list as
// String). Invariant: their announced types stay.

import {
  arrayOf, bareType, dateTime64Of, dateTimeOf, internType, isNullable, nullableOf, STRING, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Value } from '../values/value.ts'
import { isOn, isSwitchedOn } from '../values/switches.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { sparseTuple } from '../values/json-value.ts'
import { paddedDecimal, writeValue } from '../values/text.ts'
import { namedTupleOf } from '../values/types.ts'
import { withValidUtf8 } from '../values/utf8.ts'
import { retype } from '../values/vectors.ts'

/** SETTINGS as written, by name. */
export type OutputSettings = Readonly<Record<string, Value>>

/** What a value of a type is written as; null: as it is. */
type Style = (type: DataType) => ((text: string) => string) | null

const same = (text: string): string => text
const numberOrNull = (text: string): string => (/nan|inf/.test(text) ? 'null' : text)
const iso = (text: string): string => `${text.replace(' ', 'T')}Z`

/** Seconds since 1970, with the fraction as it stands. */
function unixTime(text: string): string {
  const seconds = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`) / 1000
  const fraction = text.slice(19)
  return seconds < 0 && Number(fraction) > 0
    ? (seconds + Number(fraction)).toFixed(fraction.length - 1) : `${seconds}${fraction}`
}

function styleOf(settings: OutputSettings, isJson: boolean): Style | null {
  const moments = settings.date_time_output_format === 'iso' ? iso
    : settings.date_time_output_format === 'unix_timestamp' ? unixTime : null
  const isQuoted = (name: string) => isJson && isOn(settings[`output_format_json_quote_${name}`] ?? 0)
  const ofFloats = isQuoted('denormals') ? same : numberOrNull
  const quoted = [
    [isQuoted('64bit_integers'), /^U?Int(64|128|256)$/, same], [isQuoted('decimals'), /^Decimal$/, same],
    [isQuoted('64bit_floats'), /^Float64$/, ofFloats],
  ] as const
  const wanted = quoted.filter(([isWanted]) => isWanted)
  if (moments === null && wanted.length === 0) return null
  return ({ id }) => {
    if (moments !== null && (id === 'DateTime' || id === 'DateTime64')) return moments
    return wanted.find(([, types]) => types.test(id))?.[2] ?? null
  }
}

/** Rewrites columns as SETTINGS want them written; null: they want nothing else. */
export function stylist(settings: OutputSettings, isJson: boolean, account: MemoryAccount): ((vector: Vector) => Vector) | null {
  if (Object.keys(settings).length === 0) return null
  const style = styleOf(settings, isJson)
  const has = (name: string): boolean => isSwitchedOn(settings, `output_format_${name}`)
  const isPlain = isJson && !has('json_named_tuples_as_objects')
  const isListed = isJson && has('json_map_as_array_of_tuples')
  const isSparse = isJson && !isPlain && has('json_skip_null_value_in_named_tuples')
  const hasDenormals = isJson && has('json_quote_denormals')
  const hasZeros = has('decimal_trailing_zeros')
  if (style === null && !isPlain && !hasDenormals && !isListed && !isSparse && !hasZeros) return null
  /** A map as the list of its pairs. */
  const listed = (before: Vector, vector: Vector): Vector => {
    const bare = bareType(before.type)
    if (!isListed || bare.id !== 'Map' || vector.kind !== 'array') return vector
    const pair = namedTupleOf(isPlain ? null : ['keys', 'values'], bare.args)
    return { ...vector, type: arrayOf(pair), values: { ...vector.values, type: pair } }
  }
  const rewrite = (given: Vector): Vector => {
    const isPadded = hasZeros && bareType(given.type).id === 'Decimal'
    const vector = isPadded ? { ...given, type: paddedOf(given.type) } : given
    const bare = bareType(vector.type)
    if (vector.kind === 'array') return listed(vector, { ...vector, values: rewrite(vector.values) })
    if (vector.kind === 'tuple') {
      const type = isPlain && bare.names !== null
        ? internType(`Tuple(${bare.args.map(({ name }) => name).join(', ')})`, 'Tuple', { args: bare.args })
        : isSparse && bare.names !== null && bare.id === 'Tuple' ? sparseTuple(bare) : vector.type
      return { ...vector, type, fields: vector.fields.map(rewrite) }
    }
    const write = style?.(bare) ?? null
    if (write !== null) return texts(write === iso || write === unixTime ? inUtc(vector) : vector, write, account)
    const isFloat = bare.id === 'Float64' || bare.id === 'Float32'
    return hasDenormals && isFloat && vector.kind === 'number' && vector.values.some(isDenormal)
      ? jsonNumbers(vector, account) : vector
  }
  return rewrite
}

const BACKSLASH = 92
const SLASH = 47

/** JSON without an escape before slashes. In place: the text becomes no longer. */
function withPlainSlashes(bytes: Uint8Array): Uint8Array {
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    const isEscape = bytes[at] === BACKSLASH
    if (!isEscape || bytes[at + 1] !== SLASH) bytes[length++] = bytes[at]
    // What is escaped is no escape itself.
    if (isEscape && bytes[at + 1] !== SLASH) bytes[length++] = bytes[++at]
  }
  return bytes.subarray(0, length)
}

/** JSON of values as SETTINGS want its text: of valid characters, slashes without an escape. The bytes given are changed;
 * where SETTINGS want nothing, the answer is the array itself. */
export function worded(bytes: Uint8Array, settings: OutputSettings): Uint8Array {
  const valid = isSwitchedOn(settings, 'output_format_json_validate_utf8') ? withValidUtf8(bytes) : bytes
  return isSwitchedOn(settings, 'output_format_json_escape_forward_slashes') ? valid : withPlainSlashes(valid)
}

/** Rewords what a builder has from `start` on. */
export function rewordFrom(out: ByteBuilder, start: number, settings: OutputSettings): void {
  const before = out.bytes.slice(start, out.length)
  const after = worded(before, settings)
  if (after === before) return
  out.length = start
  out.slice(after, 0, after.length)
}

/** Formats of JSON that write numbers, tuples and maps as such, so that SETTINGS of these count: those of Strings write texts. */
export const isTypedJson = (format: string): boolean => /json(?!.*strings)/i.test(format)

/** SETTINGS as a constant that the analyzer hands to a function. */
export const settingsText = (settings: OutputSettings): string =>
  (Object.keys(settings).length === 0 ? '' : JSON.stringify(settings, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))
export const settingsOfText = (text: string): OutputSettings => (text === '' ? {} : JSON.parse(text) as OutputSettings)

const paddedOf = (type: DataType): DataType =>
  (isNullable(type) ? nullableOf(paddedDecimal(bareType(type))) : paddedDecimal(bareType(type)))

/** The moments of a column by the clock of UTC. */
const inUtc = (vector: Vector): Vector => {
  const bare = bareType(vector.type)
  const type = bare.id === 'DateTime' ? dateTimeOf(null) : dateTime64Of(bare.precision, null)
  return retype(vector, vector.nulls === null ? type : nullableOf(type))
}

const isDenormal = (value: number): boolean => !Number.isFinite(value)

const decoder = new TextDecoder()

function written(vector: Vector, type: DataType, account: MemoryAccount, text: (text: string) => string): Vector {
  const out = new ByteBuilder(vector.length, account, vector.length * 24)
  const { nulls } = vector
  for (let row = 0; row < vector.length; row++) {
    if (nulls === null || nulls[vector.isConst ? 0 : row] === 0) {
      const start = out.length
      writeValue(out, vector, row, false)
      const own = text(decoder.decode(out.bytes.subarray(start, out.length)))
      out.length = start
      out.text(own)
    }
    out.endRow()
  }
  const full = out.finish(type, null)
  return { ...full, nulls: nulls === null || !vector.isConst ? nulls : new Uint8Array(vector.length).fill(nulls[0]) }
}

const texts = (vector: Vector, write: (text: string) => string, account: MemoryAccount): Vector =>
  written(vector, vector.nulls === null ? STRING : nullableOf(STRING), account, write)

/** NaN and infinities are texts, the others numbers: what a value of JSON may be. */
const jsonNumbers = (vector: Vector, account: MemoryAccount): Vector =>
  written(vector, parseDataType('Dynamic'), account, (text) => (/nan|inf/.test(text) ? `"${text}"` : text))
