// How one column is read: which kernel kind takes its values, what comes after the kernel, and what
// stands in where a row has no value. Part of compiling an IngestPlan.

import { clockText, parseClock } from '../../storage/column/clock-time.ts'
import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import {
  FLAG_COMPUTED, FLAG_DEFAULT, FLAG_NULLABLE, KIND_BOOL, KIND_BYTES, KIND_CODES, KIND_DATE,
  KIND_DATE32, KIND_DATETIME, KIND_DATETIME64, KIND_FIXED, KIND_FLOAT32, KIND_FLOAT64, KIND_INT,
  KIND_JSON, KIND_UINT64, KIND_UUID,
} from '../../storage/kernels/ndjson-layout.ts'
import { constantOf, encodeDefault } from './constant.ts'
import { parseJsonPath, type JsonPath } from './json-path.ts'
import type { IngestColumnSpec } from './plan-spec.ts'

/** A column of a spec, its type parsed. */
export type IngestColumn = Omit<IngestColumnSpec, 'type'> & { readonly type: DataType }

export type ColumnPlan = {
  readonly column: IngestColumn
  /** What rows carry: SimpleAggregateFunction(max, T) takes values of T. */
  readonly valueType: DataType
  readonly path: JsonPath | null
  readonly kind: number
  /** Bytes of a value in C_VALUES: 4 for codes and offsets. */
  readonly width: number
  /** INT: bounds. */
  readonly min: bigint
  readonly max: bigint
  readonly precision: number
  readonly flags: number
  /** Text of the constant default (CODES, BYTES, JSON, FIXED, UUID as its 16 bytes). */
  readonly defaultText: Uint8Array
  readonly defaultBits: bigint
  /** True: the kernel keeps the text, and value-builder.ts makes the values from it. */
  readonly isConverted: boolean
  /** True: codes while they pay, plain bytes where most values differ. */
  readonly isAdaptive: boolean
}

type Kind = { kind: number; width: number; min?: bigint; max?: bigint; precision?: number }

const integer = (bits: number, isSigned: boolean): Kind => isSigned
  ? { kind: KIND_INT, width: bits / 8, min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }
  : { kind: KIND_INT, width: bits / 8, min: 0n, max: 2n ** BigInt(bits) - 1n }

const KINDS: Readonly<Record<string, Kind>> = {
  Int8: integer(8, true), Int16: integer(16, true), Int32: integer(32, true), Int64: integer(64, true),
  UInt8: integer(8, false), UInt16: integer(16, false), UInt32: integer(32, false),
  UInt64: { kind: KIND_UINT64, width: 8 }, Float32: { kind: KIND_FLOAT32, width: 4 },
  Float64: { kind: KIND_FLOAT64, width: 8 }, Bool: { kind: KIND_BOOL, width: 1 },
  Date: { kind: KIND_DATE, width: 2 }, Date32: { kind: KIND_DATE32, width: 4 },
  UUID: { kind: KIND_UUID, width: 16 },
}

/** Types whose values come from one JSON text, brackets included. */
export const COMPOSITE: ReadonlySet<string> = new Set(['Array', 'Map', 'Tuple'])
/** Types that are read from their text behind the kernel, once per distinct text. */
const BY_TEXT: ReadonlySet<string> = new Set([
  'DateTime', 'DateTime64', 'Enum8', 'Enum16', 'Decimal', 'IPv4', 'IPv6', 'Int128', 'Int256', 'UInt128',
  'UInt256',
])

const isClock = ({ id }: DataType): boolean => id === 'Time' || id === 'Time64'

/** A time as its type writes it; null: it is no text of one. */
function clockDefault(constant: string, type: DataType): string | null {
  const units = parseClock(constant, type)
  return units === undefined ? null : clockText(units, type.precision)
}

const isUtc = (type: DataType): boolean => type.zone === null || type.zone === 'UTC'

function kindOf(type: DataType, path: JsonPath | null): Kind & { isConverted: boolean } {
  const bare = bareType(type)
  if (COMPOSITE.has(bare.id)) return { kind: KIND_JSON, width: 4, isConverted: true }
  if (path !== null && path.elements !== null) {
    throw new Error(`its path has [:], so its type must be an Array, and not ${type.name}`)
  }
  if (bare.id === 'String' || bare.id === 'JSON') {
    return { kind: bare.id === 'JSON' ? KIND_BYTES : KIND_CODES, width: 4, isConverted: false }
  }
  if (bare.id === 'FixedString') return { kind: KIND_FIXED, width: bare.length, isConverted: false }
  if (bare.id === 'DateTime' && isUtc(bare)) return { kind: KIND_DATETIME, width: 4, isConverted: false }
  if (bare.id === 'DateTime64' && isUtc(bare)) {
    return { kind: KIND_DATETIME64, width: 8, precision: bare.precision, isConverted: false }
  }
  // Numbers and texts mean different times.
  if (isClock(bare)) return { kind: KIND_JSON, width: 4, isConverted: true }
  const kind = KINDS[bare.id]
  if (kind !== undefined) return { ...kind, isConverted: false }
  if (BY_TEXT.has(bare.id)) {
    return { kind: KIND_CODES, width: 4, isConverted: true }
  }
  throw new Error(`values of type ${type.name} can't be read from JSON yet`)
}

/** Plans a column. Throws with the column's name where its type, path or default make no sense. */
export function planColumn(column: IngestColumn): ColumnPlan {
  try {
    const path = column.jsonPath === null ? null : parseJsonPath(column.jsonPath)
    const valueType = column.type.id === 'SimpleAggregateFunction' ? column.type.args[0] : column.type
    const kind = kindOf(valueType, path)
    const given = constantOf(column)
    const bare = bareType(valueType)
    const constant = given !== null && given !== 'NULL' && isClock(bare) ? clockDefault(given, bare) : given
    let flags = isNullable(valueType) ? FLAG_NULLABLE : 0
    let text: Uint8Array = new Uint8Array(0)
    let bits = 0n
    const encoded = constant === null || constant === 'NULL' ? null : encodeDefault(kind, constant)
    if (encoded !== null) {
      flags |= FLAG_DEFAULT
      ;({ text, bits } = encoded)
    } else if (constant !== 'NULL' && column.defaultText !== null) flags |= FLAG_COMPUTED
    else if (constant !== 'NULL' && column.defaultValue !== null) {
      throw new Error(`its DEFAULT ${given} is not ${column.type.name}`)
    }
    // Rows can't carry it: it is never missing.
    else if (path === null && flags === 0) flags = FLAG_DEFAULT
    return {
      column, valueType, path, kind: kind.kind, width: kind.width, min: kind.min ?? 0n, max: kind.max ?? 0n,
      precision: kind.precision ?? 0, flags, defaultText: text, defaultBits: bits,
      isConverted: kind.isConverted,
      isAdaptive: kind.kind === KIND_CODES && !kind.isConverted && valueType.id !== 'LowCardinality',
    }
  } catch (error) {
    throw new Error(`Column ${column.name}: ${(error as Error).message}`)
  }
}

