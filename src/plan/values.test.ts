// Literals as values of other types, where ClickHouse's text formats decide.
import { expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { convertValue } from './values.ts'
import type { Value } from '../functions/values/value.ts'

const CASES: readonly (readonly [value: Value, type: string, converted: Value | undefined])[] = [
  ['2024-01-01', 'Date', 19723], ['2024-02-30', 'Date', 19783], ['2024/13/01', 'Date', 0],
  ['2024-01-01 10:00:00', 'DateTime', 1704103200],
  ['2024-01-01', 'DateTime', 1704067200],
  ['2024-01-01T10:00:00Z', 'DateTime', 1704103200],
  ['1704067200', 'DateTime', 1704067200],
  ['2024-07-01 12:00:00', "DateTime('Europe/Berlin')", 1719828000],
  ['2024-01-01 00:00:00.5', 'DateTime64(3)', 1704067200500],
  ['2024-01-01 00:00:00.123456', 'DateTime64(3)', 1704067200123],
  ['2024-01-01', 'DateTime64(9)', 1704067200000000000n],
  ['5', 'Int32', 5], [300, 'UInt8', undefined], [-1, 'UInt64', undefined], [1.5, 'Int32', undefined],
  [18446744073709551615n, 'UInt64', 18446744073709551615n], [5n, 'Int64', 5],
  ['1.25', 'Decimal(10, 2)', 125], [1.5, 'Decimal(10, 2)', 150], ['1.234', 'Decimal(10, 2)', undefined],
  ['-0.05', 'Decimal(10, 2)', -5], [1e-7, 'Decimal(10, 7)', 1],
  ['x', "Enum8('x' = 1, 'y' = 2)", 1], ['z', "Enum8('x' = 1)", undefined],
  [0.1, 'Float32', undefined], [0.5, 'Float32', 0.5], ['1e3', 'Float64', 1000],
  [null, 'Nullable(Int32)', null], [['1', '2'], 'Array(UInt8)', [1, 2]], ['true', 'Bool', 1],
]

it.each(CASES)('%s as %s', (value, type, converted) => {
  expect(convertValue(value, parseDataType(type))).toEqual(converted)
})

const REFUSED: readonly (readonly [value: Value, type: string])[] = [
  ['abc', 'DateTime'], ['2024-01-01 10:00:00', 'Date'], ['5x', 'Int32'],
  ['', 'Float64'], ['2024-01-01 25:00:00', 'DateTime'],
]

it.each(REFUSED)('%s is no %s', (value, type) => {
  expect(() => convertValue(value, parseDataType(type))).toThrow(`cannot read '${String(value)}' as`)
})
