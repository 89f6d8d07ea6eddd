// Canonical names as ClickHouse's toTypeName prints them (each pair was checked against it), and
// errors that a person can act on.
import { describe, expect, it } from 'vitest'
import { DATETIME, FLOAT64, STRING, isNullable } from './data-type.ts'
import { DataTypeError, parseDataType } from './parse-type.ts'

const CANONICAL: readonly (readonly [string, string])[] = [
  ['INT', 'Int32'], ['int unsigned', 'UInt32'], ['BIGINT SIGNED', 'Int64'], ['int(11)', 'Int32'],
  ['bigint(20) unsigned', 'UInt64'], ['TINYINT UNSIGNED', 'UInt8'], ['INT1 SIGNED', 'Int8'],
  ['UNSIGNED', 'UInt64'], ['double precision', 'Float64'], ['DOUBLE(3,2)', 'Float64'],
  ['real', 'Float32'], ['DEC', 'Decimal(10, 0)'], ['NUMERIC(9,2)', 'Decimal(9, 2)'],
  ['Decimal64(3)', 'Decimal(18, 3)'], ['decimal32(3)', 'Decimal(9, 3)'], ['bool', 'Bool'],
  ['NATIONAL CHARACTER LARGE OBJECT', 'String'], ['CHAR VARYING(3)', 'String'],
  ['VARCHAR(255)', 'String'], ['String(5)', 'String'], ['BINARY(4)', 'FixedString(4)'],
  ['INET4', 'IPv4'], ['YEAR', 'UInt16'], ['BIT(4)', 'UInt64'], ['Int32()', 'Int32'],
  ['DATETIME', 'DateTime'], ["DateTime('')", 'DateTime'], ['DateTime(3)', 'DateTime64(3)'],
  ['DateTime(0)', 'DateTime'], ["DateTime32('UTC')", "DateTime('UTC')"],
  ['DateTime64', 'DateTime64(3)'], ["DateTime64(9,'UTC')", "DateTime64(9, 'UTC')"],
  ["Enum('a','b')", "Enum8('a' = 1, 'b' = 2)"], ["Enum8('b'=2,'a'=1)", "Enum8('a' = 1, 'b' = 2)"],
  ["Enum('a'=1000)", "Enum16('a' = 1000)"], ["Enum('a'=-5,'b')", "Enum8('a' = -5, 'b' = -4)"],
  ["ENUM('a''b\\\\c'=1)", "Enum8('a\\'b\\\\c' = 1)"],
  ["Enum16('é'=1,'\\t'=2,'\\n'=3)", "Enum16('é' = 1, '\\t' = 2, '\\n' = 3)"],
  ['Array(Nullable(Int8))', 'Array(Nullable(Int8))'],
  ['LowCardinality(Nullable(String))', 'LowCardinality(Nullable(String))'],
  ['Map(LowCardinality(String),Array(UInt8))', 'Map(LowCardinality(String), Array(UInt8))'],
  ['Tuple(Int8,String)', 'Tuple(Int8, String)'], ['Tuple()', 'Tuple()'],
  ['Tuple(a Int8,b double precision)', 'Tuple(a Int8, b Float64)'],
  ['Tuple("x" Int8, `a b` String)', 'Tuple(x Int8, `a b` String)'],
  ['Tuple(select Int8, nullx Int8)', 'Tuple(`select` Int8, nullx Int8)'],
  ['Nested(a Int8,b String)', 'Nested(a Int8, b String)'],
  ['Nullable(Tuple(Int8))', 'Nullable(Tuple(Int8))'],
  ['AggregateFunction(quantiles(0.50,0.9), Float64)',
    'AggregateFunction(quantiles(0.5, 0.9), Float64)'],
  ["AggregateFunction(sumMapFiltered([1,2.50, 'a]']), Map(String, Int8))", "AggregateFunction(sumMapFiltered([1, 2.5, 'a]']), Map(String, Int8))"],
  ['AggregateFunction(count)', 'AggregateFunction(count)'],
  ['AggregateFunction(1, sum, Int64)', 'AggregateFunction(1, sum, Int64)'],
  ['SimpleAggregateFunction(any,Nullable(String))',
    'SimpleAggregateFunction(any, Nullable(String))'],
  ['IntervalDay', 'IntervalDay'], ['Point', 'Point'], ['MultiPolygon', 'MultiPolygon'],
  ['json', 'JSON'], ['JSON()', 'JSON'],
  ["JSON(SKIP x, b Int8, a.c Int8, max_dynamic_types=3, SKIP REGEXP 'r')",
    "JSON(max_dynamic_types=3, `a.c` Int8, b Int8, SKIP x, SKIP REGEXP 'r')"],
  ['Int8 /* bytes */', 'Int8'],
]

describe('parseDataType', () => {
  it.each(CANONICAL)('reads %s as %s, and its own name again as the same object', (text, name) => {
    const type = parseDataType(text)
    expect(type.name).toBe(name)
    expect(parseDataType(type.name)).toBe(type)
  })

  it('fills the fields that code looks at', () => {
    expect(parseDataType('String(3)')).toBe(STRING)
    expect(parseDataType('datetime')).toBe(DATETIME)
    expect(parseDataType("DateTime64(6, 'Europe/Berlin')"))
      .toMatchObject({ id: 'DateTime64', precision: 6, zone: 'Europe/Berlin' })
    expect(parseDataType('Decimal(9, 4)')).toMatchObject({ precision: 9, scale: 4 })
    expect(parseDataType("Enum('b'=2,'a'=1)")).toMatchObject({ names: ['a', 'b'], values: [1, 2] })
    expect(parseDataType('AggregateFunction(quantile(0.5), Float64)'))
      .toMatchObject({ func: 'quantile(0.5)', args: [FLOAT64] })
    expect(parseDataType('IntervalWeek')).toMatchObject({ id: 'Interval', func: 'Week' })
    expect(parseDataType('Ring')).toMatchObject({ id: 'Array', args: [parseDataType('Point')] })
    expect(isNullable(parseDataType('LowCardinality(Nullable(String))'))).toBe(true)
  })

  it.each([
    ['Strin', 'Unknown data type Strin: did you mean String?', 0],
    ['Array(Nulable(String))',
      'In the type `Array(Nulable(String))`: Unknown data type Nulable: did you mean Nullable?', 6],
    ['int32', 'Unknown data type int32: did you mean Int32?', 0],
    ['Array(Int8',
      "In the type `Array(Int8`: Array takes one type; found the end instead of ')'", 10],
    ['Array()', "In the type `Array()`: expected the name of a type, not ')'", 6],
    ['Nullable(Array(Int8))',
      'In the type `Nullable(Array(Int8))`: Array(Int8) cannot be inside Nullable', 0],
    ['Int64\n\nKEY  id', "In the type `Int64 KEY id`: unexpected 'KEY' after the type", 7],
    ['Int32 NOT NULL', "In the type `Int32 NOT NULL`: unexpected 'NOT' after the type", 6],
    ["Enum8('a'=300)",
      "In the type `Enum8('a'=300)`: Enum8: 'a' = 300 is out of its range -128 to 127", 6],
    ['Decimal(5,6)',
      'In the type `Decimal(5,6)`: Decimal with 5 digits cannot have 6 after the point', 0],
    ["DateTime('Bad')", "In the type `DateTime('Bad')`: unknown time zone 'Bad'", 9],
    ["DateTime('Bad",
      "In the type `DateTime('Bad`: cannot read from ''Bad' on: is a quote not closed?", 9],
    ['Tuple(Int8, b String)',
      'In the type `Tuple(Int8, b String)`: Tuple: either all elements have names or none', 12],
    ['Map(Nullable(String), Int8)',
      'In the type `Map(Nullable(String), Int8)`: the keys of a Map cannot be Nullable(String)', 0],
    ['Variant(Nullable(Int8))', 'In the type `Variant(Nullable(Int8))`: Nullable(Int8) cannot be inside Variant', 0],
    ['Variant()', 'In the type `Variant()`: Variant takes 1 to 254 types', 0],
    ['Nullable(Variant(Int8))', 'In the type `Nullable(Variant(Int8))`: Variant(Int8) cannot be inside Nullable', 0],
    ['QBit(Int8)', 'In the type `QBit(Int8)`: not supported yet: data type QBit', 0],
  ])('says what is wrong with %s', (text, message, offset) => {
    try {
      parseDataType(text)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DataTypeError)
      expect((error as DataTypeError).message).toBe(message)
      expect((error as DataTypeError).offset).toBe(offset)
    }
  })

  it('refuses text that nests without end instead of running out of stack', () => {
    expect(() => parseDataType('Array('.repeat(100_000))).toThrow('types may nest 64 deep')
  })
})
