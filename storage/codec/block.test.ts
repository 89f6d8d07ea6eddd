// Every codec gives back hostile values, whole and by row, with compiled kernels and with references.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import { loadKernels, referenceKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { decodeBlock } from './decode.ts'
import { encodeBlock } from './encode.ts'
import { gatherRows } from './gather.ts'
import { EncodeSpace } from './space.ts'
import { cellsOf, vectorOf, type Cell } from './cells.test-kit.ts'

const work = new WorkMemory(128 * 2 ** 20)
const allKernels = [loadKernels(work), referenceKernels(work)]

/** Encodes, decodes and gathers; answers the codec. `isNear`: numbers lie where kernels reach them. */
function roundTrip(typeText: string, cells: readonly Cell[], kernels = allKernels[0], isNear = false): number {
  const [account, own] = [new MemoryAccount(work, 128 * 2 ** 20), new MemoryAccount(work, 2 ** 20)]
  try {
    const type = parseDataType(typeText)
    const made = vectorOf(type, cells)
    const vector = isNear && made.kind === 'number' && made.values instanceof Float64Array
      ? { ...made, values: placed(made.values, own) } : made
    const space = new EncodeSpace(account, kernels)
    space.out.u32(7) // a block need not begin at the start
    encodeBlock(space, vector, 0, cells.length)
    const bytes = space.out.since(4).slice()
    space.release()
    expect(account.usedBytes).toBe(0)
    const decoded = decodeBlock(bytes, type, cells.length, account, kernels)
    expect(cellsOf(decoded)).toEqual(cells)
    expect(cellsOf(decodeBlock(bytes, type, cells.length, account, kernels, true))).toEqual(cells)
    const picks = Uint32Array.from(cells.keys()).filter((row) => row % 3 !== 1)
    const gathered = gatherRows({ rows: picks, count: picks.length, type, account, kernels,
      blockAt: () => bytes, heads: [], rowsOf: () => cells.length })
    expect(cellsOf(gathered)).toEqual([...picks].map((row) => cells[row]))
    return bytes[0] % 128
  } finally {
    account.releaseAll()
    own.releaseAll()
  }
}

function placed(values: Float64Array, account: MemoryAccount): Float64Array {
  const copy = account.f64(values.length)
  copy.set(values)
  return copy
}

const rowsOf = <T>(cell: fc.Arbitrary<T>) => fc.oneof(
  fc.array(cell, { maxLength: 60 }), fc.array(cell, { minLength: 100, maxLength: 400 }))
const int = (bits: number) => fc.bigInt({ min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n })
const uint = (bits: number) => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n })
const safely = (value: bigint): Cell => Number.isSafeInteger(Number(value)) ? Number(value) : value
/** All in one block are big as soon as one is. */
const asBlock = (cells: readonly Cell[]): Cell[] => cells.some((cell) => typeof cell === 'bigint')
  ? cells.map((cell) => cell === null ? null : BigInt(cell as number)) : [...cells]

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.constantFrom('', '\0', 'é', '0', '00', '-1'),
  fc.string({ minLength: 200, maxLength: 900 }), fc.nat(99).map((n) => `evt_${n}`))

const COLUMNS: readonly (readonly [string, fc.Arbitrary<Cell>])[] = [
  ['Bool', fc.nat(1)], ['Int8', fc.integer({ min: -128, max: 127 })], ['UInt16', fc.nat(65535)],
  ['Int32', fc.integer()], ['DateTime', fc.oneof(fc.nat(0xffffffff), fc.nat(9).map((n) => n + 1.7e9))],
  ['Int64', fc.oneof(int(64).map(safely), fc.nat(5))], ['UInt64', uint(64).map(safely)],
  ['Int64', int(54).map(safely)], ['DateTime64(9)', fc.maxSafeInteger()], ['Decimal(18, 4)', fc.integer()],
  ['Float64', fc.double()], ['Float64', fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100)],
  ['Float64', fc.constantFrom(0, -0, 1, Number.NaN, Infinity, 5e-324, 2 ** 53, 0.1 + 0.2)],
  ['Float32', fc.float()], ['Float32', fc.integer({ min: -999, max: 999 }).map((n) => Math.fround(n / 10))],
  ['String', text], ['String', fc.uuid()], ['String', fc.nat(10_000).map((n) => `evt_${n}x`)],
  ['String', fc.nat(9999).map((n) => `INV-${String(n).padStart(9, '0')}`)],
  ['String', fc.constantFrom('pro', 'free', 'enterprise')], ['FixedString(3)', fc.constantFrom('abc', 'a\0\0', 'éz')],
  ['Array(Int32)', fc.array(fc.integer(), { maxLength: 5 })], ['Array(String)', fc.array(text, { maxLength: 4 })],
  ['Array(Array(Nullable(UInt8)))', fc.array(fc.array(fc.option(fc.nat(255)), { maxLength: 3 }), { maxLength: 3 })],
  ['Tuple(Int8, String)', fc.tuple(fc.integer({ min: -9, max: 9 }), text)],
  ['Map(String, Float64)', fc.array(fc.tuple(text, fc.double({ noNaN: true })), { maxLength: 3 })],
]

describe.each(COLUMNS)('%s', (typeText, cell) => {
  it('comes back as it went, whole and by row', () => {
    fc.assert(fc.property(rowsOf(cell), fc.boolean(), (cells, compiled) => {
      roundTrip(typeText, asBlock(cells), allKernels[compiled ? 0 : 1])
    }), { numRuns: 60 })
  })

  it('comes back with NULLs among the values', () => {
    if (/^(Array|Map)/.test(typeText)) return
    fc.assert(fc.property(rowsOf(fc.option(cell)), (cells) => {
      roundTrip(`Nullable(${typeText})`, asBlock(cells))
    }), { numRuns: 40 })
  })
})

it('keeps large decimals, with and without NULLs, where kernels reach them', () => {
  // Times the scale they lie between two whole numbers.
  expect(42_508_519_836.8952 * 1e5 % 1).toBe(0.5)
  const large = fc.integer({ min: 2 ** 51, max: 2 ** 52 - 1 }).map((whole) => whole / 1e5)
  const value = fc.oneof(large, large.map((one) => -one), fc.constantFrom(42_508_519_836.8952, 0.12345))
  fc.assert(fc.property(fc.array(value, { maxLength: 12 }), fc.option(fc.nat(11)), fc.constantFrom(...allKernels), (values, at, kernels) => {
    const cells = [...values, 42_508_519_836.89521].map((one, row) => row === at ? null : one)
    roundTrip('Nullable(Float64)', cells, kernels, true)
  }), { numRuns: 60, examples: [[[42_508_519_836.8952], null, allKernels[0]], [[42_508_519_836.8952], 1, allKernels[0]]] })
})

it('keeps all doubles that lie where kernels reach them', () => {
  const cell = fc.oneof(fc.double(), fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100), fc.constantFrom(0, -0, Number.NaN, Infinity, 2 ** 53, -(2 ** 53)))
  const cells = fc.oneof(fc.array(cell, { maxLength: 20 }), fc.array(fc.option(fc.maxSafeInteger()), { maxLength: 9 }))
  fc.assert(fc.property(cells, (values) => { roundTrip('Nullable(Float64)', values, allKernels[0], true) }), { numRuns: 60 })
})

const many = <T>(make: (row: number) => T, rows = 8192): T[] => Array.from({ length: rows }, (_, row) => make(row))
const mixed = (row: number): number => Math.imul(row, 2654435761) >>> 0

it.each<[string, string, (row: number) => Cell, number, number]>([
  ['one value', 'UInt32', () => 7, 1, 8],
  ['rising time', 'DateTime', (row) => 1_700_000_000 + row * 6 + mixed(row) % 8, 1, 8192 * 0.65],
  ['equal steps', 'Int64', (row) => row * 1000, 1, 12],
  ['falling steps', 'Int64', (row) => (8192 - row) * 1000, 1, 8192 * 0.5],
  ['long runs', 'UInt8', (row) => mixed(row >> 9) % 200, 1, 100],
  ['prices', 'Float64', (row) => mixed(row) % 10_000 / 100, 4, 8192 * 1.8],
  ['64-bit hashes', 'UInt64', (row) => BigInt(mixed(row)) << 32n | BigInt(mixed(row + 1)), 2, 8192 * 8.1],
  ['far apart', 'DateTime64(9)', (row) => row * 2 ** 40 + mixed(row), 1, 8192 * 8],
  ['serial ids', 'String', (row) => `evt_${row * 3 + mixed(row) % 3}`, 7, 8192 * 0.5],
  ['UUIDs', 'String', (row) => `${mixed(row).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`, 8, 8192 * 16.1],
  ['few texts', 'String', (row) => 'abcdefghij'[mixed(row >> 1) % 10].repeat(20), 9, 8192 * 0.6],
  ['JSON', 'String', (row) => `{"n":${mixed(row)},"tier":"pro","ms":${mixed(row) % 97},"text":"a \\"quoted\\" one"}`, 12, 8192 * 5.8],
  ['log lines', 'String', (row) => `2024-01-${String(mixed(row) % 28 + 1).padStart(2, '0')} ${String(row % 24).padStart(2, '0')}:05 GET /u/${mixed(row)}/o/${row} 200`, 12, 8192 * 8.7],
  ['words', 'String', (row) => `${'abcdefgh'[mixed(row) % 8].repeat(20)} and ${mixed(row).toString(5).replace(/\d/g, (d) => 'aeiou'[Number(d)])} ${'xyzuvw'[mixed(row >> 1) % 6].repeat(30)}`, 6, 8192 * 30],
  ['noise', 'String', (row) => Buffer.from(Uint32Array.of(mixed(row), mixed(row * 7), mixed(row * 31)).buffer).toString('base64url'), 5, 8192 * 17],
])('packs %s well', (_, typeText, make, codec, bytesMax) => {
  const cells = many(make)
  expect(roundTrip(typeText, cells)).toBe(codec)
  const account = new MemoryAccount(work, 128 * 2 ** 20)
  const space = new EncodeSpace(account, allKernels[0])
  encodeBlock(space, vectorOf(parseDataType(typeText), cells) as Vector, 0, cells.length)
  expect(space.out.length).toBeLessThanOrEqual(bytesMax)
  account.releaseAll()
})
