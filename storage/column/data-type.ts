// Logical types, named as ClickHouse names them. A type is interned: two equal types are the same
// object, so `a === b` compares types. Owner of the canonical text that `meta` and toTypeName show.

export type TypeId =
  | 'Nothing' | 'Bool' | 'Int8' | 'Int16' | 'Int32' | 'Int64' | 'Int128' | 'Int256'
  | 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64' | 'UInt128' | 'UInt256'
  | 'Float32' | 'Float64' | 'Decimal' | 'String' | 'FixedString' | 'UUID' | 'IPv4' | 'IPv6'
  | 'Date' | 'Date32' | 'DateTime' | 'DateTime64' | 'Time' | 'Time64' | 'Interval' | 'Enum8' | 'Enum16'
  | 'LowCardinality' | 'Nullable' | 'Array' | 'Tuple' | 'Map' | 'JSON' | 'Dynamic' | 'Variant'
  | 'AggregateFunction' | 'SimpleAggregateFunction'

/** A logical type. `args` are the inner types of Nullable, LowCardinality, Array, Map, Tuple and
 * the argument types of AggregateFunction. Of Variant those of its vector's fields: which alternative a
   * value is of (NULL: none), then the alternatives. */
export type DataType = {
  readonly id: TypeId
  /** Canonical text as ClickHouse prints it: `Nullable(String)`, `DateTime('UTC')`. */
  readonly name: string
  readonly args: readonly DataType[]
  /** DateTime and DateTime64 with a zone of their own; null: the server's (UTC). */
  readonly zone: string | null
  /** DateTime64 and Time64: digits after the second. Decimal: all digits. */
  readonly precision: number
  /** Decimal: digits after the point. */
  readonly scale: number
  /** FixedString: bytes. */
  readonly length: number
  /** Tuple: element names (all or none). Enum: member names, in the order of `values`. */
  readonly names: readonly string[] | null
  /** Enum: member values. */
  readonly values: readonly number[] | null
  /** AggregateFunction and SimpleAggregateFunction: the aggregate with its parameters, as text;
   * Interval: the unit (`Day`). */
  readonly func: string | null
  /** JSON: paths that are left out of its values, whole ones (as dots join their keys) and by regular expressions;
   * null: none. */
  readonly skips: { readonly paths: readonly string[]; readonly patterns: readonly string[] } | null
}

const interned = new Map<string, DataType>()

/** The one object for a type whose canonical text is `name`; `fields` describe it the first time. */
export function internType(name: string, id: TypeId, fields: Partial<DataType> = {}): DataType {
  let type = interned.get(name)
  if (type === undefined) {
    type = Object.freeze({
      id, name, args: [], zone: null, precision: 0, scale: 0, length: 0, names: null,
      values: null, func: null, skips: null, ...fields,
    })
    interned.set(name, type)
  }
  return type
}

const simple = (id: TypeId): DataType => internType(id, id)

export const NOTHING = simple('Nothing')
export const BOOL = simple('Bool')
export const INT8 = simple('Int8')
export const INT16 = simple('Int16')
export const INT32 = simple('Int32')
export const INT64 = simple('Int64')
export const INT128 = simple('Int128')
export const INT256 = simple('Int256')
export const UINT8 = simple('UInt8')
export const UINT16 = simple('UInt16')
export const UINT32 = simple('UInt32')
export const UINT64 = simple('UInt64')
export const UINT128 = simple('UInt128')
export const UINT256 = simple('UInt256')
export const FLOAT32 = simple('Float32')
export const FLOAT64 = simple('Float64')
export const STRING = simple('String')
export const UUID = simple('UUID')
export const DATE = simple('Date')
export const DATE32 = simple('Date32')
export const DATETIME = simple('DateTime')
export const TIME = simple('Time')
/** What a path of a JSON value holds: its text as JSON, NULL where there is nothing. */
export const DYNAMIC = simple('Dynamic')

export const nullableOf = (inner: DataType): DataType =>
  inner.id === 'Nullable' ? inner : internType(`Nullable(${inner.name})`, 'Nullable', { args: [inner] })
export const lowCardinalityOf = (inner: DataType): DataType =>
  inner.id === 'LowCardinality' ? inner
    : internType(`LowCardinality(${inner.name})`, 'LowCardinality', { args: [inner] })
export const arrayOf = (inner: DataType): DataType =>
  internType(`Array(${inner.name})`, 'Array', { args: [inner] })
export const mapOf = (key: DataType, value: DataType): DataType =>
  internType(`Map(${key.name}, ${value.name})`, 'Map', { args: [key, value] })
export const dateTimeOf = (zone: string | null): DataType =>
  zone === null ? DATETIME : internType(`DateTime('${zone}')`, 'DateTime', { zone })
export const dateTime64Of = (precision: number, zone: string | null): DataType =>
  internType(zone === null ? `DateTime64(${precision})` : `DateTime64(${precision}, '${zone}')`,
    'DateTime64', { precision, zone })

export const time64Of = (precision: number): DataType =>
  internType(`Time64(${precision})`, 'Time64', { precision })

/** Number of a value's alternative; NULL where there is no value. */
export const DISCRIMINATOR = nullableOf(UINT8)

/** Values each of one of the alternatives, which stand in the order of their names. */
export function variantOf(alternatives: readonly DataType[]): DataType {
  const sorted = [...new Set(alternatives)].sort((a, b) => (a.name < b.name ? -1 : 1))
  return internType(`Variant(${sorted.map(({ name }) => name).join(', ')})`, 'Variant',
    { args: [DISCRIMINATOR, ...sorted] })
}

/** Whether it is a Variant, or one is within it; a Geometry is one. */
export const holdsVariant = ({ name }: DataType): boolean => /Variant\(|\bGeometry\b/.test(name)

export const alternativesOf = ({ args }: DataType): readonly DataType[] => args.slice(1)

/** SimpleAggregateFunction(f, T) holds values of T and is T to everything but merges of rows. */
export const plainType = (type: DataType): DataType =>
  type.id === 'SimpleAggregateFunction' ? plainType(type.args[0]) : type

/** The type without LowCardinality, Nullable and SimpleAggregateFunction around it: what loops over
 * values look at. */
export function bareType(type: DataType): DataType {
  let bare = type
  while (bare.id === 'LowCardinality' || bare.id === 'Nullable'
    || bare.id === 'SimpleAggregateFunction') bare = bare.args[0]
  return bare
}

/** True where the type can hold NULL: Nullable(T), LowCardinality(Nullable(T)), and a
 * SimpleAggregateFunction of one. */
export function isNullable(type: DataType): boolean {
  const plain = plainType(type)
  return plain.id === 'Nullable' || plain.id === 'Dynamic'
    || (plain.id === 'LowCardinality' && plain.args[0].id === 'Nullable')
}
