// What a type is in a Parquet file, as ClickHouse writes it, and a row's value as the writer takes it:
//
//   Array(T)    group NAME (LIST) { repeated group list { T element } }
//   Map(K, V)   group NAME (MAP) { repeated group key_value { K key; V value } }
//   Tuple(…)    group NAME { a field each, by its name or its number }
//   Nullable(T) T, optional; LowCardinality(T) T
//
// Invariant: values are exact: integers by all their bits, texts by their bytes.

import type { ParquetWriteOptions } from 'hyparquet-writer'
import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { isLarge, largeReader, largeWidth } from '../../storage/column/large.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { FunctionError } from '../functions/values/function.ts'
import { writeJsonValue } from '../functions/values/json-value.ts'
import { writtenUuid } from '../functions/base/memory-bytes.ts'
import { writeValue } from '../functions/values/text.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'

/** An element of a file's schema. */
export type SchemaElement = NonNullable<ParquetWriteOptions['schema']>[number]

/** A value as the writer takes it. */
export type Cell = number | bigint | boolean | Uint8Array | null | readonly Cell[] | { readonly [field: string]: Cell }

/** How values of a column are read: `cellOf` of the slot of a vector that is not constant. */
export type ParquetColumn = {
  readonly elements: readonly SchemaElement[]
  readonly cellOf: (vector: Vector, slot: number) => Cell
}

type Leaf = Omit<SchemaElement, 'name' | 'repetition_type'>

/** Without its logical type: the writer makes that of a width which strict readers refuse. */
const integer = (bits: 8 | 16 | 32 | 64, isSigned: boolean): Leaf => ({
  type: bits === 64 ? 'INT64' : 'INT32', converted_type: `${isSigned ? '' : 'U'}INT_${bits}`,
})
const fixed = (bytes: number): Leaf => ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: bytes })
const TEXT: Leaf = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }

function moments(digits: number): Leaf {
  const unit = digits <= 3 ? 'MILLIS' : digits <= 6 ? 'MICROS' : 'NANOS'
  const converted = unit === 'MILLIS' ? 'TIMESTAMP_MILLIS' as const : unit === 'MICROS' ? 'TIMESTAMP_MICROS' as const : undefined
  return { type: 'INT64', converted_type: converted, logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } }
}

function decimal({ precision, scale }: DataType): Leaf {
  const bytes = precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32
  return { ...fixed(bytes), converted_type: 'DECIMAL', precision, scale, logical_type: { type: 'DECIMAL', precision, scale } }
}

/** The element of a plain value. */
function leafOf(type: DataType): Leaf {
  switch (type.id) {
    case 'Bool': return { type: 'BOOLEAN' }
    case 'Int8': return integer(8, true)
    case 'Int16': return integer(16, true)
    case 'Int32': return integer(32, true)
    case 'Int64': case 'Interval': return integer(64, true)
    case 'UInt8': return integer(8, false)
    case 'UInt16': return integer(16, false)
    case 'UInt32': case 'IPv4': return integer(32, false)
    case 'UInt64': return integer(64, false)
    case 'Float32': return { type: 'FLOAT' }
    case 'Float64': return { type: 'DOUBLE' }
    case 'Date': case 'Date32': return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }
    case 'DateTime': return moments(0)
    case 'DateTime64': return moments(type.precision)
    case 'Decimal': return decimal(type)
    case 'Enum8': case 'Enum16': return { type: 'BYTE_ARRAY', converted_type: 'ENUM', logical_type: { type: 'ENUM' } }
    case 'UUID': return { ...fixed(16), logical_type: { type: 'UUID' } }
    case 'IPv6': return fixed(16)
    case 'FixedString': return fixed(type.length)
    case 'JSON': case 'Dynamic': return { type: 'BYTE_ARRAY', logical_type: { type: 'JSON' } }
    default: return isLarge(type) ? fixed(largeWidth(type)) : TEXT
  }
}

/** Ticks of a moment in the file, for one of the type. */
function ticksIn({ id, precision }: DataType): bigint {
  const digits = id === 'DateTime' ? 0 : precision
  return 10n ** BigInt((digits <= 3 ? 3 : digits <= 6 ? 6 : 9) - digits)
}

/** Bytes of a text of a row, apart from the vector. */
function bytesAt(vector: Vector, slot: number): Uint8Array {
  if (vector.kind === 'codes') return vector.dictionary.bytesOf(vector.codes[slot]).slice()
  if (vector.kind === 'bytes') return vector.bytes.slice(vector.offsets[slot], vector.offsets[slot + 1])
  throw new Error(`parquet: ${vector.type.name} has no bytes`)
}

function numberAt(vector: Vector, slot: number): number | bigint {
  if (vector.kind === 'number' || vector.kind === 'big') return vector.values[slot]
  throw new Error(`parquet: ${vector.type.name} is no number`)
}

/** Little-endian, as ClickHouse lays wide integers down. */
function wideBytes(value: bigint, width: number): Uint8Array {
  const bytes = new Uint8Array(width)
  const view = new DataView(bytes.buffer)
  for (let at = 0, rest = value; at < width; at += 8, rest >>= 64n) view.setBigUint64(at, BigInt.asUintN(64, rest), true)
  return bytes
}

type CellOf = ParquetColumn['cellOf']

/** The bytes that a value is written as, in an array of their own. */
export type Written = (write: (out: ByteBuilder) => void) => Uint8Array

function leafCell(type: DataType, written: Written): CellOf {
  if (isLarge(type)) {
    const isDecimal = type.id === 'Decimal'
    const width = largeWidth(type)
    return (vector, slot) => {
      const value = largeReader({ ...vector, isConst: false })(slot)
      return isDecimal ? value : wideBytes(value, width)
    }
  }
  switch (type.id) {
    case 'Bool': return (vector, slot) => numberAt(vector, slot) !== 0
    case 'Int64': case 'UInt64': case 'Interval': case 'Decimal': return (vector, slot) => BigInt(numberAt(vector, slot))
    case 'DateTime': case 'DateTime64': {
      const each = ticksIn(type)
      return (vector, slot) => BigInt(numberAt(vector, slot)) * each
    }
    case 'UUID': return (vector, slot) => writtenUuid(bytesAt(vector, slot))
    case 'Enum8': case 'Enum16': return (vector, slot) => written((out) => { writeValue(out, vector, slot, false) })
    case 'JSON': case 'Dynamic': return (vector, slot) => written((out) => { writeJsonValue(out, vector, slot) })
    case 'Int8': case 'Int16': case 'Int32': case 'UInt8': case 'UInt16': case 'UInt32': case 'IPv4': case 'Float32': case 'Float64':
    case 'Date': case 'Date32':
      return (vector, slot) => Number(numberAt(vector, slot))
    default: return bytesAt
  }
}

/** A group of children before their elements. */
function group(
  name: string, as: 'LIST' | 'MAP' | null, repetition: 'REQUIRED' | 'REPEATED', children: readonly ParquetColumn[],
): readonly SchemaElement[] {
  const annotation = as === null ? {} : { converted_type: as, logical_type: { type: as } }
  return [
    { name, repetition_type: repetition, num_children: children.length, ...annotation },
    ...children.flatMap(({ elements }) => elements),
  ]
}

/** The elements and the reader of a column. */
export function parquetColumn(name: string, type: DataType, written: Written): ParquetColumn {
  const bare = bareType(type)
  if (bare.id === 'Array') {
    const element = parquetColumn('element', bare.args[0], written)
    const list = { elements: group('list', null, 'REPEATED', [element]), cellOf: element.cellOf }
    return { elements: group(name, 'LIST', 'REQUIRED', [list]), cellOf: listOf(element.cellOf) }
  }
  if (bare.id === 'Map') {
    const [key, value] = bare.args.map((arg, i) => parquetColumn(i === 0 ? 'key' : 'value', arg, written))
    const pair = { elements: group('key_value', null, 'REPEATED', [key, value]), cellOf: fieldsOf(['key', 'value'], [key, value]) }
    return { elements: group(name, 'MAP', 'REQUIRED', [pair]), cellOf: listOf(pair.cellOf) }
  }
  if (bare.id === 'Tuple') {
    const names = bare.args.map((_, i) => bare.names?.[i] ?? String(i + 1))
    const fields = bare.args.map((arg, i) => parquetColumn(names[i], arg, written))
    return { elements: group(name, null, 'REQUIRED', fields), cellOf: fieldsOf(names, fields) }
  }
  if (bare.id === 'Variant' || bare.id === 'Time' || bare.id === 'Time64') {
    throw new FunctionError(`A column of type ${bare.name} cannot be written as Parquet: convert it, as with toString`, 'UNKNOWN_TYPE')
  }
  const cellOf = leafCell(bare, written)
  return {
    elements: [{ name, repetition_type: isNullable(type) ? 'OPTIONAL' : 'REQUIRED', ...leafOf(bare) }],
    cellOf: (vector, slot) => (vector.nulls !== null && vector.nulls[slot] !== 0 ? null : cellOf(vector, slot)),
  }
}

const slotIn = (vector: Vector, row: number): number => (vector.isConst ? 0 : row)

const listOf = (element: CellOf): CellOf => (vector, slot) => {
  if (vector.kind !== 'array') throw new Error(`parquet: ${vector.type.name} is no list`)
  const cells: Cell[] = []
  for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) cells.push(element(vector.values, slotIn(vector.values, at)))
  return cells
}

const fieldsOf = (names: readonly string[], fields: readonly ParquetColumn[]): CellOf => (vector, slot) => {
  if (vector.kind !== 'tuple') throw new Error(`parquet: ${vector.type.name} has no fields`)
  return Object.fromEntries(names.map((name, i) => [name, fields[i].cellOf(vector.fields[i], slotIn(vector.fields[i], slot))]))
}
