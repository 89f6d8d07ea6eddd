import * as fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { expect, it } from 'vitest'
import { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { cellOf } from './csv.ts'
import { DamagedParquet } from './parquet-damage.ts'
import { metadataOf, RowGroup, type ParquetColumn, type ParquetFile } from './parquet.ts'
import { benchOf, parseBodies, planOf, valuesOf } from './test-rows.ts'

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]['schema']>[number]
type Value = string | number | bigint | boolean | Uint8Array | null

const bench = benchOf(true)

function columnOf(type: string): ParquetColumn {
  const time = /Date(32)?\b/.test(type) ? 'date' : /DateTime(?!64)/.test(type) ? 'seconds' : 'exact'
  return { name: 'x', key: 'x', cell: cellOf(type), time }
}

function fileOf(element: Partial<SchemaElement>, data: Value[], isNullable: boolean, isDictionary: boolean): ParquetFile {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: 1 },
    { name: 'x', repetition_type: isNullable ? 'OPTIONAL' : 'REQUIRED', ...element },
  ]
  const encoding = isDictionary ? 'RLE_DICTIONARY' : 'PLAIN'
  const buffer = parquetWriteBuffer({ schema, columnData: [{ name: 'x', data, encoding }], pageSize: 256, rowGroupSize: data.length })
  return { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) }
}

const nullable = (type: string): string =>
  (type.startsWith('LowCardinality(') ? 'LowCardinality(Nullable(String))' : `Nullable(${type})`)

/** A 64-bit value is a bigint where some of its vector need that. */
const plainOf = (value: unknown): unknown => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value)

const bytesOf = (file: ParquetFile) => (start: number, end: number) => new Uint8Array(file.slice(start, end) as ArrayBuffer)

/** Rows as all ways read them: null where a typed one does not take the column. */
async function allWays(file: ParquetFile, type: string, rowCount: number) {
  const plan = planOf(`x ${type}`)
  const lines = (await RowGroup.read(file, await metadataOf(file), 0, [columnOf(type)], [])).lines(0, rowCount)
  const { rows, quarantine } = parseBodies(bench, plan, [lines])
  const ways = [null, bytesOf(file)].map(async (bytes) => {
    const group = await RowGroup.read(file, await metadataOf(file), 0, [columnOf(type)], plan.columns, bytes)
    const account = new MemoryAccount(bench.work, bench.work.buffer.byteLength)
    try {
      const thirds = [0, Math.floor(rowCount / 3), Math.floor(rowCount * 2 / 3), rowCount]
      const parts = thirds.slice(1).map((to, i) => group.vector('x', thirds[i], to, account))
      return parts.some((part) => part === null) ? null : parts.flatMap((part) => (part === null ? [] : valuesOf(part))).map(plainOf)
    } finally {
      account.releaseAll()
    }
  })
  return { found: await Promise.all(ways), general: rows.map(({ x }) => plainOf(x)), quarantined: quarantine.length }
}

const int = (min: bigint, max: bigint) => fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n, 1n).filter((one) => one >= min))
const narrow = (min: number, max: number) => fc.oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
const INT64 = int(-(2n ** 63n), 2n ** 63n - 1n)
const integer = (bitWidth: number, isSigned: boolean): Partial<SchemaElement> => ({
  type: bitWidth > 32 ? 'INT64' : 'INT32', converted_type: `${isSigned ? '' : 'U'}INT_${bitWidth}` as SchemaElement['converted_type'],
  logical_type: { type: 'INTEGER', bitWidth, isSigned },
})
const timestamp = (unit: 'MILLIS' | 'MICROS' | 'NANOS'): Partial<SchemaElement> =>
  ({ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit } })
const ticks = (perSecond: bigint) => fc.oneof(
  fc.bigInt({ min: 0n, max: 4_294_967_295n * perSecond }), fc.bigInt({ min: -5_000_000_000n * perSecond, max: 5_000_000_000n * perSecond }))

/** What a file may hold, and the types that take it; `typed`: without JSON where all values fit. */
const CASES: readonly { readonly element: Partial<SchemaElement>; readonly values: fc.Arbitrary<Value>; readonly types: readonly string[] }[] = [
  { element: { type: 'INT32' }, values: narrow(-(2 ** 31), 2 ** 31 - 1), types: ['Int32', 'Int64', 'Float64', 'String', 'UInt32', 'DateTime'] },
  { element: { type: 'INT32' }, values: narrow(-200, 300), types: ['Int8', 'UInt8', 'Int16', 'UInt16', 'Bool', 'Float32'] },
  { element: { type: 'INT64' }, values: INT64, types: ['Int64', 'UInt64', 'Float64', 'String', 'Int128'] },
  { element: { type: 'INT64' }, values: int(-(2n ** 53n) - 3n, 2n ** 53n + 3n), types: ['Int64', 'UInt64'] },
  { element: integer(8, false), values: narrow(0, 255), types: ['UInt8', 'Int8', 'Int16'] },
  { element: integer(16, true), values: narrow(-32768, 32767), types: ['Int16', 'UInt8'] },
  { element: integer(32, false), values: narrow(0, 2 ** 32 - 1), types: ['UInt32', 'Int32', 'UInt64', 'DateTime'] },
  { element: integer(64, true), values: INT64, types: ['Int64', 'UInt64', 'Int32'] },
  { element: { type: 'FLOAT' }, values: fc.float(), types: ['Float32', 'Float64', 'Int32'] },
  { element: { type: 'DOUBLE' }, values: fc.double(), types: ['Float64', 'Float32', 'String'] },
  { element: { type: 'DOUBLE' }, values: fc.double({ noNaN: true, noDefaultInfinity: true }), types: ['Float64'] },
  { element: { type: 'BOOLEAN' }, values: fc.boolean(), types: ['Bool', 'UInt8', 'String'] },
  { element: { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, values: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'é', '"\\')),
    types: ['String', 'LowCardinality(String)', 'FixedString(4)', 'Int32'] },
  { element: { type: 'BYTE_ARRAY' }, values: fc.uint8Array({ maxLength: 4 }), types: ['String'] },
  { element: { type: 'INT32', converted_type: 'DATE' }, values: narrow(-30_000, 70_000), types: ['Date', 'Date32', 'DateTime', 'String'] },
  { element: { type: 'INT32', converted_type: 'DATE' }, values: narrow(0, 65_535), types: ['Date', 'Date32'] },
  { element: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, values: ticks(1000n), types: ['DateTime', 'DateTime64(3)', 'DateTime64(0)', 'Date'] },
  { element: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }, values: ticks(1_000_000n), types: ['DateTime', 'DateTime64(3)', 'DateTime64(6)'] },
  { element: timestamp('MILLIS'), values: ticks(1000n), types: ['DateTime', 'DateTime64(6)', 'String'] },
  { element: timestamp('MICROS'), values: ticks(1_000_000n), types: ['DateTime', 'DateTime64(9)', "DateTime64(3, 'Europe/Berlin')"] },
  { element: timestamp('NANOS'), values: ticks(1_000_000_000n), types: ['DateTime', 'DateTime64(3)', 'DateTime64(9)'] },
  { element: { type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 2 }, values: fc.integer({ min: -999_999, max: 999_999 }), types: ['Decimal(9, 2)', 'Float64'] },
]

it('makes of every type what JSON lines make of it, or leaves the column to them', async () => {
  for (const { element, values, types } of CASES) {
    for (const type of types) {
      await fc.assert(fc.asyncProperty(
        fc.array(values, { minLength: 1, maxLength: 40 }), fc.boolean(), fc.boolean(), fc.boolean(),
        async (plain, hasNulls, isDictionary, isNullable) => {
          const data = (hasNulls ? plain.map((value, i) => (i % 3 === 1 ? null : value)) : plain)
          const file = fileOf(element, data, hasNulls, isDictionary)
          const target = isNullable ? nullable(type) : type
          const { found, general, quarantined } = await allWays(file, target, data.length)
          for (const one of found) if (one !== null) expect({ one, quarantined }, `${JSON.stringify(element)} ${target}`).toEqual({ one: general, quarantined: 0 })
        }), { numRuns: 12 })
    }
  }
})

it('takes the common ones without JSON', async () => {
  const common: readonly [Partial<SchemaElement>, string, Value[]][] = [
    [{ type: 'INT32' }, 'Int32', [1, -2]], [{ type: 'INT64' }, 'Int64', [1n, -(2n ** 60n)]], [integer(32, false), 'UInt32', [1, 2 ** 32 - 1]],
    [integer(32, false), 'DateTime', [1_700_000_000, 4_294_967_295]],
    [{ type: 'FLOAT' }, 'Float32', [1.5, -2]], [{ type: 'DOUBLE' }, 'Float64', [0.1, 1e300]], [{ type: 'BOOLEAN' }, 'Bool', [true, false]],
    [{ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, 'LowCardinality(String)', ['a', 'ü', 'a']],
    [{ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, 'String', ['a', '', 'a']],
    [{ type: 'INT32', converted_type: 'DATE' }, 'Date', [0, 20_000]], [{ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }, 'DateTime', [1_700_000_000_123n]],
    [timestamp('MICROS'), 'DateTime64(3)', [1_700_000_000_123_456n]], [timestamp('NANOS'), 'DateTime64(9)', [1_700_000_000_123_456_789n]],
  ]
  for (const [element, type, values] of common) {
    for (const [target, data] of [[type, values], [nullable(type), [...values, null]]] as const) {
      const { found, general } = await allWays(fileOf(element, [...data], data.includes(null), true), target, data.length)
      expect(found, `${JSON.stringify(element)} ${target}`).toEqual([general, general])
    }
  }
})

it('keeps many different strings as bytes, and few as codes', async () => {
  const element = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
  const texts = Array.from({ length: 10_000 }, (_, i) => `text number ${i}${'.'.repeat(i % 40)}`)
  const account = new MemoryAccount(bench.work, bench.work.buffer.byteLength)
  for (const [values, kind] of [[texts, 'bytes'], [texts.map((_, i) => texts[i % 9]), 'codes']] as const) {
    const file = fileOf(element, [...values], false, kind === 'codes')
    for (const bytes of [null, bytesOf(file)]) {
      const group = await RowGroup.read(file, await metadataOf(file), 0, [columnOf('String')], planOf('x String').columns, bytes)
      const vector = group.vector('x', 0, values.length, account)
      expect(vector?.kind).toBe(kind)
      expect(vector === null ? [] : valuesOf(vector)).toEqual(values)
    }
  }
  account.releaseAll()
})

it('finds damage of pages anywhere, or reads what stands there, and nothing else', async () => {
  const element = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
  const values = Array.from({ length: 300 }, (_, i) => `text ${i % 7}`)
  const buffers = [true, false].map((isDictionary) => {
    const { byteLength, slice } = fileOf(element, values, true, isDictionary)
    return new Uint8Array(slice(0, byteLength) as ArrayBuffer)
  })
  const account = new MemoryAccount(bench.work, bench.work.buffer.byteLength)
  await fc.assert(fc.asyncProperty(fc.constantFrom(...buffers), fc.nat(), fc.nat(255), async (whole, place, value) => {
    const bytes = whole.slice()
    bytes[4 + place % (bytes.length - 400)] = value
    const file: ParquetFile = { byteLength: bytes.length, slice: (start, end) => bytes.slice(start, end).buffer }
    try {
      const group = await RowGroup.read(file, await metadataOf(file), 0, [columnOf('String')], planOf('x String').columns, bytesOf(file))
      const vector = group.vector('x', 0, values.length, account)
      if (vector !== null) expect(valuesOf(vector)).toHaveLength(values.length)
    } catch (error) {
      expect(error).toBeInstanceOf(DamagedParquet)
    } finally {
      account.releaseAll()
    }
  }), { numRuns: 300 })
  bench.work.checkAll()
})
