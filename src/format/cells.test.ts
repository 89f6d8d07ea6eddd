// Rows by way of cells are the rows that are written value by value.

import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { serialVector } from '../../storage/column/serial-texts.ts'
import { partsOf } from '../../storage/column/text-parts.ts'
import type { CodesVector, Vector } from '../../storage/column/vector.ts'
import { bindKernels, compileKernels, referenceKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { asConst, take } from '../functions/values/vectors.ts'
import { vectorOf } from '../functions/values/values.ts'
import type { Value } from '../functions/values/value.ts'
import { formatResult } from './format.ts'

const work = new WorkMemory(256 * 2 ** 20)
const account = new MemoryAccount(work, 200 * 2 ** 20)
const allKernels = [bindKernels(compileKernels(), work), referenceKernels(work)]
const stats = { elapsedMs: 1, rowsRead: 3, bytesRead: 4 }
afterEach(() => account.releaseAll())

const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom('', '"/\\\n', 'x'.repeat(700)))
const whole = (min: number, max: number) => fc.integer({ min, max })
const DAY = 86_400

/** Values of types that have cells of their own, and of some that have not. */
const VALUES: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  String: text,
  'FixedString(3)': fc.string({ unit: 'grapheme-ascii', minLength: 3, maxLength: 3 }),
  UInt8: whole(0, 255), Int8: whole(-128, 127), UInt16: whole(0, 65535), Int16: whole(-32768, 32767),
  UInt32: whole(0, 2 ** 32 - 1), Int32: whole(-(2 ** 31), 2 ** 31 - 1),
  Int64: fc.maxSafeInteger(), UInt64: fc.bigInt(0n, 2n ** 64n - 1n),
  Date: whole(0, 65535), Date32: whole(-25567, 120529),
  DateTime: whole(0, 2 ** 32 - 1), "DateTime('America/New_York')": whole(DAY, 2 ** 31),
  'DateTime64(3)': whole(-2208988800000, 10413791999999), "DateTime64(6, 'Asia/Kolkata')": whole(-1e15, 8e15),
  Bool: fc.boolean(), Float64: fc.double(),
  'Nullable(Float64)': fc.option(fc.oneof(fc.double(), whole(-1e9, 1e9).map((n) => n / 64), whole(-1e9, 1e9).map((n) => n / 100))), "Enum8('a/b' = 1, 'c' = 2)": whole(1, 2),
  'Array(String)': fc.array(text, { maxLength: 3 }), 'Nullable(String)': fc.option(text),
  'Nullable(Int32)': fc.option(whole(-5, 5)), 'Nullable(DateTime)': fc.option(whole(0, 1e9)),
  'LowCardinality(String)': fc.constantFrom('one', 'two "quoted"', ''),
}

/** Strings of a vector by codes, of a dictionary of their own. */
function coded(values: readonly (string | null)[], typeName: string): CodesVector {
  const numbers = new Map<string, number>()
  for (const value of values) if (!numbers.has(value ?? '')) numbers.set(value ?? '', numbers.size)
  const distinct = [...numbers.keys()]
  const bytes = distinct.map((value) => Buffer.from(value))
  const nulls = values.includes(null) ? account.u8(values.length) : null
  values.forEach((value, row) => { if (nulls !== null) nulls[row] = Number(value === null) })
  const codes = account.u32(values.length)
  values.forEach((value, row) => { codes[row] = numbers.get(value ?? '') as number })
  return {
    kind: 'codes', type: parseDataType(typeName), length: values.length, isConst: false, nulls, codes,
    dictionary: {
      id: 1, size: distinct.length, bytesOf: (code) => bytes[code], lengthOf: (code) => bytes[code].length,
      find: (wanted) => bytes.findIndex((one) => one.equals(wanted)),
    },
  }
}

/** Rows of a block that is written value by value. */
const FEW = 40

/** The result in one block, and in blocks of a few rows. */
function expectSame(columns: readonly Vector[], rowCount: number): void {
  const named = columns.map((vector, index) => ({ name: `c/${index}`, type: vector.type.name }))
  const rows = Array.from({ length: Math.ceil(rowCount / FEW) }, (_, index) => {
    const count = Math.min(FEW, rowCount - index * FEW)
    const numbers = account.u32(count).map((_number, i) => index * FEW + i)
    return { rowCount: count, columns: columns.map((vector) => take(vector, numbers, count, account)) }
  })
  for (const format of ['JSON', 'JSONCompact', 'JSONEachRow']) {
    const [byRow, ...byCells] = [rows, ...allKernels.map(() => [{ rowCount, columns }])].map((blocks, index) => Buffer.from(
      formatResult(format, { columns: named, blocks, rowsBeforeLimit: null }, stats, 1e9,
        { account, kernels: allKernels[Math.max(0, index - 1)] })).toString('latin1'))
    for (const found of byCells) expect(found).toBe(byRow)
  }
}

it('writes values of every type as they are written one by one', () => {
  const columns = fc.uniqueArray(fc.constantFrom(...Object.keys(VALUES)), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(columns, whole(64, 200), fc.gen(), whole(0, 9), (types, rowCount, draw, constant) => {
    const vectors = types.map((name, index): Vector => {
      const values = Array.from({ length: rowCount }, () => draw(() => VALUES[name]))
      if (index === constant) return asConst(vectorOf(values.slice(0, 1), parseDataType(name), account), rowCount)
      return name.includes('String') && !name.includes('Array') && !name.includes('Fixed') && rowCount % 2 === 0
        ? coded(values as (string | null)[], name) : vectorOf(values, parseDataType(name), account)
    })
    expectSame(vectors, rowCount)
    account.releaseAll()
  }), { numRuns: 25 })
})

it('writes chunk after chunk: many codes, long strings', () => {
  const rowCount = 2500
  const rows = Array.from({ length: rowCount }, (_, row) => row)
  expectSame([
    coded(rows.map((row) => (row % 7 === 0 ? null : `code ${row % 2400}`)), 'Nullable(String)'),
    vectorOf(rows.map((row) => `${'long '.repeat(row % 200)}"${row}"`), parseDataType('String'), account),
    vectorOf(rows.map((row) => row * row - 1e6), parseDataType('Int64'), account),
  ], rowCount)
})

it('writes texts by their parts', () => {
  const rowCount = 2500
  const shape = { prefix: Buffer.from('a "quoted" /'), digits: 0, suffix: Buffer.from('\nend\\') }
  const values = account.u32(rowCount)
  values.forEach((_value, row) => { values[row] = row * row * 97 % 10 ** 6 })
  const kernels = allKernels[0]
  const vectors = [
    serialVector(parseDataType('String'), null, { shape, values, most: 10 ** 6 }, account, kernels),
    serialVector(parseDataType('String'), null, { shape: { ...shape, digits: 7 }, values, most: 10 ** 6 }, account, kernels),
  ]
  expect(vectors.every((vector) => partsOf(vector) !== null)).toBe(true)
  expectSame(vectors, rowCount)
})

it('holds the cells of one dictionary a column, however many the blocks bring', () => {
  const blocks = Array.from({ length: 400 }, (_, block) => ({
    rowCount: 64, columns: [coded(Array.from({ length: 64 }, (_row, row) => `text ${block} ${row}`), 'String')],
  }))
  const own = new MemoryAccount(work, 8 * 2 ** 20)
  const bytes = formatResult('JSONEachRow', { columns: [{ name: 'x', type: 'String' }], rowsBeforeLimit: null, blocks }, stats, 1e9,
    { account: own, kernels: allKernels[0] })
  const lines = Buffer.from(bytes).toString().trim().split('\n')
  expect([lines.length, lines[399 * 64 + 5]]).toEqual([400 * 64, '{"x":"text 399 5"}'])
})
