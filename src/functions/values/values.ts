// Single values in and out of vectors: constants of the query, results of scalars, tests.
// Invariant: valueAt(vectorOf([v], type), 0) is v, in the canonical form that plan.ts gives Values.

import { bareType, isNullable, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, CodesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Value } from './value.ts'
import { isLarge, largeReader } from '../../../storage/column/large.ts'
import { textOfBytes } from '../../sql/raw-text.ts'
import { ByteBuilder } from './byte-builder.ts'
import { ipv6Bytes } from './ip-text.ts'
import { ipv6Text, uuidBytes, uuidText } from './text.ts'
import { isWide } from './types.ts'
import {
  arrayVector, asConst, bigVector, elementTypeOf, largeVector, newBigs, newNumbers, numberVector, slotOf,
  zeroBytes,
} from './vectors.ts'

/** A vector that stands for `length` rows of `value`. */
export const constVector = (
  value: Value, type: DataType, length: number, account: MemoryAccount): Vector =>
  asConst(vectorOf([value], type, account), length)

/** A vector of these values, one a row. For few rows: hot ways build typed arrays. */
export function vectorOf(
  values: readonly Value[], type: DataType, account: MemoryAccount): Vector {
  const bare = bareType(type)
  const nulls = nullsOf(values, account)
  if (isLarge(bare)) {
    return largeVector(type, values.length, account, (row) => wholeOf(values[row]), nulls)
  }
  switch (bare.id) {
    case 'String': case 'FixedString': case 'JSON': case 'Dynamic': case 'AggregateFunction':
      return stringsOf(values, type, nulls, account)
    case 'UUID': case 'IPv6': return uuidsOf(values, type, nulls, account)
    case 'Array': case 'Map': return arraysOf(values, bare, type, account)
    case 'Tuple': {
      const rest = isNullable(type) ? bare.args.map(defaultValue) : bare.args.map(() => null)
      const fields = bare.args.map((arg, i) => vectorOf(
        values.map((v) => (v === null ? rest : v as readonly Value[])[i]), arg, account))
      return { kind: 'tuple', type, length: values.length, isConst: false, nulls: isNullable(type) ? nulls : null, fields }
    }
    case 'Variant': return variantsOf(values, type, account)
    default: return numbersOf(values, bare, type, nulls, account)
  }
}

/** Values are the fields of a row: the alternative's number, then a value of each alternative. */
function variantsOf(values: readonly Value[], type: DataType, account: MemoryAccount): Vector {
  const defaults = type.args.map(defaultValue)
  const fields = type.args.map((arg, i) => vectorOf(
    values.map((v) => (v === null ? defaults : v as readonly Value[])[i]), arg, account))
  return { kind: 'tuple', type, length: values.length, isConst: false, nulls: null, fields }
}

function wholeOf(value: Value): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value ?? 0)))
}

function nullsOf(values: readonly Value[], account: MemoryAccount): Uint8Array | null {
  if (!values.some((value) => value === null)) return null
  const nulls = account.u8(values.length)
  values.forEach((value, i) => { nulls[i] = value === null ? 1 : 0 })
  return nulls
}

function numbersOf(
  values: readonly Value[], bare: DataType, type: DataType, nulls: Uint8Array | null,
  account: MemoryAccount,
): Vector {
  if (isWide(bare) && values.some((v) => typeof v === 'bigint')) {
    const out = newBigs(bare, values.length, account)
    values.forEach((v, i) => { out[i] = BigInt(typeof v === 'bigint' ? v : Number(v ?? 0)) })
    return bigVector(type, out, nulls)
  }
  const out = newNumbers(bare, values.length, account)
  const zero = bare.id === 'Enum8' || bare.id === 'Enum16' ? bare.values?.[0] ?? 0 : 0
  values.forEach((v, i) => { out[i] = v === null ? zero : Number(v) })
  return numberVector(type, out, nulls)
}

function stringsOf(
  values: readonly Value[], type: DataType, nulls: Uint8Array | null, account: MemoryAccount,
): Vector {
  const out = new ByteBuilder(values.length, account, 64)
  const width = bareType(type).length
  for (const value of values) {
    const start = out.length
    out.text(value === null ? '' : String(value))
    while (out.length - start < width) out.byte(0)
    out.endRow()
  }
  return out.finish(type, nulls)
}

function uuidsOf(
  values: readonly Value[], type: DataType, nulls: Uint8Array | null, account: MemoryAccount,
): Vector {
  const out = new ByteBuilder(values.length, account, values.length * 16)
  const zero = new Uint8Array(16)
  const bytesOf = bareType(type).id === 'IPv6' ? ipv6Bytes : uuidBytes
  for (const value of values) {
    out.slice(value === null ? zero : bytesOf(String(value)) ?? zero, 0, 16)
    out.endRow()
  }
  return out.finish(type, nulls)
}

function arraysOf(
  values: readonly Value[], bare: DataType, type: DataType, account: MemoryAccount): Vector {
  const offsets = account.u32(values.length + 1)
  offsets[0] = 0
  const elements: Value[] = []
  values.forEach((value, i) => {
    if (value !== null) for (const element of value as readonly Value[]) elements.push(element)
    offsets[i + 1] = elements.length
  })
  return arrayVector(type, offsets, vectorOf(elements, elementTypeOf(bare), account))
}

/** The value of a row. */
export function valueAt(vector: Vector, row: number): Value {
  const slot = slotOf(vector, row)
  if (vector.nulls !== null && vector.nulls[slot] === 1) return null
  if (vector.kind === 'bytes' || vector.kind === 'codes') return textAt(vector, slot)
  switch (vector.kind) {
    case 'number': return bareType(vector.type).id === 'Bool' ? vector.values[slot] !== 0
      : bareType(vector.type).id === 'Nothing' ? null : vector.values[slot]
    case 'big': return narrowed(vector.values[slot])
    case 'array': {
      const list: Value[] = []
      for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
        list.push(valueAt(vector.values, at))
      }
      return list
    }
    case 'tuple': {
      const values = vector.fields.map((field) => valueAt(field, slot))
      return vector.type.id === 'Variant' && values[0] === null ? null : values
    }
  }
}

/** A bigint as number where exact. */
function narrowed(value: bigint): number | bigint {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : value
}

function textAt(vector: BytesVector | CodesVector, slot: number): Value {
  const bare = bareType(vector.type)
  if (isLarge(bare)) return narrowed(largeReader({ ...vector, isConst: false })(slot))
  const bytes = vector.kind === 'codes' ? vector.dictionary.bytesOf(vector.codes[slot])
    : vector.bytes.subarray(vector.offsets[slot], vector.offsets[slot + 1])
  if (bare.id === 'UUID') return uuidText(bytes, 0)
  return bare.id === 'IPv6' ? ipv6Text(bytes, 0) : textOfBytes(bytes.slice())
}

/** A vector of `count` default values of a type (NULL where it can be). */
export function defaultVector(type: DataType, count: number, account: MemoryAccount): Vector {
  const nullable = type.id === 'Nullable' || (type.id === 'LowCardinality'
    && type.args[0].id === 'Nullable')
  const one = vectorOf([nullable || bareType(type).id === 'Nothing' ? null : defaultValue(bareType(type))],
    type, account)
  return asConst(one, count)
}

/** 1900-01-01, the first day of Date32: what conversions give where a column's default is 1970-01-01. */
const DATE32_FIRST_DAY = -25_567

/** The value of a type as a conversion gives it for what does not fit. */
export const typeDefault = (type: DataType): Value => (
  bareType(type).id === 'Date32' && type.id !== 'Nullable' ? DATE32_FIRST_DAY : defaultValue(type))

/** The value a type has where nothing was given. */
export function defaultValue(type: DataType): Value {
  switch (type.id) {
    case 'Nullable': case 'Nothing': case 'Dynamic': case 'Variant': return null
    case 'JSON': return '{}'
    case 'LowCardinality': return defaultValue(type.args[0])
    case 'String': case 'FixedString': case 'AggregateFunction': return ''
    case 'UUID': return '00000000-0000-0000-0000-000000000000'
    case 'IPv6': return '::'
    case 'Array': case 'Map': return []
    case 'Tuple': return type.args.map(defaultValue)
    case 'Bool': return false
    case 'Enum8': case 'Enum16': return type.values?.[0] ?? 0
    default: return 0
  }
}

/** One value of each row as nulls bytes: 1 where NULL, into `out`. Returns true when any is. */
export function markNulls(vector: Vector, out: Uint8Array, rowCount: number): boolean {
  const { nulls } = vector
  if (nulls === null) return false
  let any = 0
  for (let row = 0; row < rowCount; row++) {
    const isNull = nulls[vector.isConst ? 0 : row]
    out[row] |= isNull
    any |= isNull
  }
  return any === 1
}

/** A new, zeroed set of null bytes. */
export const noNulls = (rowCount: number, account: MemoryAccount): Uint8Array =>
  zeroBytes(rowCount, account)
