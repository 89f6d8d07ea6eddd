// Values as JSON, straight from columns: numbers as digits (64-bit ones exact and unquoted), strings
// escaped, NaN and infinities as null, maps and named tuples as objects.

import { bareType, internType, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { ByteBuilder } from './byte-builder.ts'
import { writeJsonString, writeJsonText } from './json-string.ts'
import { typedPathsOf, writeCanonicalJson } from './json-text.ts'
import { alternativeVector, nullsOf } from './variant-fields.ts'
import { float32Text, floatText } from './float-text.ts'
import { NULL_TEXT, writeValue } from './text.ts'

const QUOTE = 34

/** Row `row` of a vector as JSON. */
export function writeJsonValue(out: ByteBuilder, vector: Vector, row: number): void {
  const at = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[at] !== 0) {
    out.text('null')
    return
  }
  const bare = bareType(vector.type)
  switch (vector.kind) {
    case 'codes': {
      if (bare.id !== 'String' && bare.id !== 'FixedString') {
        writeScalar(out, bare, vector, at)
        return
      }
      const bytes = vector.dictionary.bytesOf(vector.codes[at])
      writeJsonString(out, bytes, 0, bytes.length)
      return
    }
    case 'bytes':
      if (bare.id === 'String' || bare.id === 'FixedString') {
        writeJsonString(out, vector.bytes, vector.offsets[at], vector.offsets[at + 1])
      } else if (bare.id === 'JSON' || bare.id === 'Dynamic') {
        writeCanonicalJson(out, vector.bytes, vector.offsets[at], vector.offsets[at + 1], typedPathsOf(bare))
      } else writeScalar(out, bare, vector, at)
      return
    case 'array': writeArray(out, bare, vector, at); return
    case 'tuple': {
      if (bare.id !== 'Variant') return writeTuple(out, bare, vector.fields, at)
      const value = alternativeVector(vector, at)
      if (value === null) out.text('null')
      else writeJsonValue(out, value, at)
      return
    }
    case 'big': writeScalar(out, bare, vector, at); return
    case 'number': writeNumber(out, bare, vector, at)
  }
}

function writeNumber(out: ByteBuilder, bare: DataType, vector: Vector & { kind: 'number' }, at: number): void {
  const value = vector.values[at]
  switch (bare.id) {
    case 'Nothing': out.text('null'); return
    case 'Bool': out.text(value === 0 ? 'false' : 'true'); return
    case 'Float64': out.text(Number.isFinite(value) ? floatText(value) : 'null'); return
    case 'Float32': out.text(Number.isFinite(value) ? float32Text(value) : 'null'); return
    default: writeScalar(out, bare, vector, at)
  }
}

const isText = (type: DataType): boolean => type.id === 'String' || type.id === 'FixedString'

const PLAIN_NUMBERS = /^(U?Int\d+|Decimal|Interval)$/
const MOMENTS = /^(Date|Date32|DateTime|DateTime64|Time|Time64)$/

type Way = 'plain' | 'quoted' | 'escaped'
/** How the values of a type are written, asked once for each. */
const ways = new Map<DataType['id'], Way>()

function wayOf(id: DataType['id']): Way {
  let way = ways.get(id)
  if (way === undefined) {
    ways.set(id, way = PLAIN_NUMBERS.test(id) ? 'plain' : MOMENTS.test(id) ? 'quoted' : 'escaped')
  }
  return way
}

function writeScalar(out: ByteBuilder, bare: DataType, vector: Vector, at: number): void {
  const way = wayOf(bare.id)
  if (way === 'escaped') {
    writeQuoted(out, vector, at)
    return
  }
  if (way === 'quoted') out.byte(QUOTE)
  writeValue(out, vector, at, false)
  if (way === 'quoted') out.byte(QUOTE)
}

/** Enums, UUIDs, addresses: their text holds nothing to escape but an enum's name may. */
function writeQuoted(out: ByteBuilder, vector: Vector, at: number): void {
  const start = out.length
  writeValue(out, vector, at, false)
  const text = out.bytes.slice(start, out.length)
  out.length = start
  writeJsonString(out, text, 0, text.length)
}

function writeArray(out: ByteBuilder, bare: DataType, vector: Vector & { kind: 'array' }, at: number): void {
  const isMap = bare.id === 'Map'
  out.byte(isMap ? 123 : 91)
  for (let element = vector.offsets[at]; element < vector.offsets[at + 1]; element++) {
    if (element > vector.offsets[at]) out.byte(44)
    if (!isMap || vector.values.kind !== 'tuple') writeJsonValue(out, vector.values, element)
    else {
      const [key, value] = vector.values.fields
      if (isText(bareType(key.type))) writeJsonValue(out, key, element)
      else writeQuoted(out, key, element)
      out.byte(58)
      writeJsonValue(out, value, element)
    }
  }
  out.byte(isMap ? 125 : 93)
}

/** A named tuple whose NULLs are left out of its objects (output_format_json_skip_null_value_in_named_tuples). */
export const sparseTuple = ({ name, names, args }: DataType): DataType =>
  internType(`${SPARSE}${name}`, 'Tuple', { names, args })
const SPARSE = 'Sparse'

function writeTuple(out: ByteBuilder, bare: DataType, fields: readonly Vector[], at: number): void {
  const { names } = bare
  const isSparse = names !== null && bare.name.startsWith(SPARSE)
  let isFirst = true
  out.byte(names === null ? 91 : 123)
  fields.forEach((field, index) => {
    if (isSparse && (nullsOf(field)?.[field.isConst ? 0 : at] ?? 0) !== 0) return
    if (!isFirst) out.byte(44)
    isFirst = false
    if (names !== null) {
      writeJsonText(out, names[index])
      out.byte(58)
    }
    writeJsonValue(out, field, at)
  })
  out.byte(names === null ? 93 : 125)
}

/** A value's text as a text of JSON, byte for byte; NULL as ClickHouse shows it there. `row` is of a constant vector, too. */
export function writeShown(out: ByteBuilder, vector: Vector, row: number): void {
  if (nullsOf(vector)?.[vector.isConst ? 0 : row] === 1 || bareType(vector.type).id === 'Nothing') {
    writeJsonText(out, NULL_TEXT)
    return
  }
  const start = out.length
  writeValue(out, vector, row, false)
  const text = out.bytes.slice(start, out.length)
  out.length = start
  writeJsonString(out, text, 0, text.length)
}
