import fc from 'fast-check'
import { expect, it } from 'vitest'
import { LocalStrings } from '../column/local-strings.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Dictionary, Vector } from '../column/vector.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { buildImage } from './build.ts'
import type { ByteSource } from './byte-source.ts'
import { openImage } from './image.ts'
import type { CodeMap, LocalDictionary } from './row-set.ts'

const work = new WorkMemory(256 * 2 ** 20)
const kernels = loadKernels(work)
const account = () => new MemoryAccount(work, 200 * 2 ** 20)
const place = { label: 'part 1 of t', firstSequence: 7, lastSequence: 9 }

const sourceOf = (bytes: Uint8Array): ByteSource => ({
  byteLength: bytes.length, view: (offset, length) => bytes.subarray(offset, offset + length), release: () => {},
})

type Cell = null | number | bigint | string

/** A vector over ordinary memory; `dictionary` puts strings behind codes. */
function vectorOf(typeText: string, cells: readonly Cell[], dictionary = false): Vector {
  const type = parseDataType(typeText)
  const nulls = cells.includes(null) ? Uint8Array.from(cells, (cell) => cell === null ? 1 : 0) : null
  const common = { type, length: cells.length, isConst: false, nulls }
  if (typeof cells.find((cell) => cell !== null) === 'bigint') {
    return { ...common, kind: 'big', values: BigInt64Array.from(cells, (cell) => (cell ?? 0n) as bigint) }
  }
  if (!typeText.includes('String')) {
    return { ...common, kind: 'number', values: Float64Array.from(cells, (cell) => Number(cell ?? 0)) }
  }
  const texts = cells.map((cell) => String(cell ?? ''))
  const distinct = [...new Set(texts)]
  const pack = (list: readonly string[]) => {
    const offsets = new Uint32Array(list.length + 1)
    list.forEach((text, index) => { offsets[index + 1] = offsets[index] + Buffer.byteLength(text) })
    return { offsets, bytes: new Uint8Array(Buffer.from(list.join(''))) }
  }
  if (!dictionary) return { ...common, kind: 'bytes', ...pack(texts) }
  const { offsets, bytes } = pack(distinct)
  return {
    ...common, kind: 'codes', codes: Uint32Array.from(texts, (text) => distinct.indexOf(text)),
    dictionary: new LocalStrings(distinct.length, bytes, offsets),
  }
}

function cellsOf(vector: Vector): Cell[] {
  return Array.from({ length: vector.length }, (_, row): Cell => {
    if (vector.nulls !== null && vector.nulls[row] === 1) return null
    if (vector.kind === 'number' || vector.kind === 'big') return vector.values[row]
    if (vector.kind === 'codes') return Buffer.from(vector.dictionary.bytesOf(vector.codes[row])).toString()
    if (vector.kind === 'bytes') return Buffer.from(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])).toString()
    throw new Error(vector.kind)
  })
}

/** A table's dictionary whose codes differ from the local ones. */
function sharedMap(local: LocalDictionary): CodeMap {
  const order = Array.from({ length: local.size }, (_, rank) => local.size - 1 - rank)
  const dictionary: Dictionary = {
    id: 1, size: local.size, lengthOf: (code) => dictionary.bytesOf(code).length, find: () => -1,
    bytesOf: (code) => local.bytes.subarray(local.offsets[order[code]], local.offsets[order[code] + 1]),
  }
  return { dictionary, toShared: Uint32Array.from(order, (_, rank) => local.size - 1 - rank) }
}

const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'pro', 'free'), fc.string({ unit: 'grapheme', maxLength: 40 }))
const columnArb = (rows: number) => fc.oneof(
  fc.tuple(fc.constant('Int64'), fc.array(fc.maxSafeInteger(), { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('Float64'), fc.array(fc.double({ noNaN: true }), { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('DateTime'), fc.array(fc.integer({ min: 0, max: 4294967295 }), { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('Int64'), fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('Nullable(Int32)'), fc.array(fc.option(fc.integer()), { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('String'), fc.array(text, { minLength: rows, maxLength: rows })),
  fc.tuple(fc.constant('Nullable(String)'), fc.array(fc.option(text), { minLength: rows, maxLength: rows })),
)
const tableArb = fc.integer({ min: 1, max: 60 }).chain((rows) => fc.tuple(columnArb(rows), fc.boolean(),
  fc.uniqueArray(fc.nat(rows - 1), { maxLength: 10 })))

it('gives back what was built in: whole blocks, gathered rows, with codes and without', () => {
  fc.assert(fc.property(tableArb, ([[type, cells], isDictionary, picks]) => {
    const memory = account()
    const vector = vectorOf(type, cells, isDictionary)
    const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: true,
      columns: [{ id: 5, name: 'x', type: vector.type, vector }] })
    const rows = openImage(sourceOf(image), place, kernels)
    const column = rows.column(5)
    if (column === null) throw new Error('no column')
    expect(rows.column(6)).toBeNull()
    const map = column.dictionary === null ? null : sharedMap(column.dictionary)
    const expected = cells.map((cell) => cell === null ? null : cell)
    expect(cellsOf(column.decode(0, memory, map))).toEqual(expected)
    expect(cellsOf(column.decode(0, memory, null))).toEqual(expected)
    const wanted = Uint32Array.from(picks).sort()
    expect(cellsOf(column.gather(wanted, wanted.length, memory, map))).toEqual([...wanted].map((row) => expected[row]))
    memory.releaseAll()
  }), { numRuns: 300 })
})

const rowsOf = (count: number) => Array.from({ length: count }, (_, row) => `user_${(row * 7919) % 500}`)

it('cuts rows into blocks, with zones, postings and find over the whole', () => {
  const memory = account()
  const texts = rowsOf(20_000)
  const numbers = texts.map((_, row) => 1_700_000_000 + row)
  const image = buildImage({ tableId: 1, schemaVersion: 3, isSorted: true, partition: '202301', withPostings: true, columns: [
    { id: 1, name: 'user', type: parseDataType('String'), vector: vectorOf('String', texts, true) },
    { id: 2, name: 'ts', type: parseDataType('DateTime'), vector: vectorOf('DateTime', numbers) },
  ] })
  const rows = openImage(sourceOf(image), place, kernels)
  expect([rows.blockCount, rows.blockRows(2), rows.schemaVersion, rows.isSorted]).toEqual([3, 20_000 - 16_384, 3, true])
  const user = rows.column(1)
  const ts = rows.column(2)
  if (user?.dictionary == null || ts === null) throw new Error('no column')
  const code = user.dictionary.find(Buffer.from('user_42'))
  const expected = texts.flatMap((name, row) => name === 'user_42' ? [row] : [])
  expect([...user.postings(code)]).toEqual(expected)
  expect(user.postingsCount(code)).toBe(expected.length)
  expect(user.dictionary.find(Buffer.from('user_9999'))).toBe(-1)
  expect(ts.blockZone(1)).toEqual({ min: numbers[8192], max: numbers[16_383], nullCount: 0 })
  expect(ts.zone).toEqual({ min: numbers[0], max: numbers[19_999], nullCount: 0 })
  const picked = Uint32Array.from(expected)
  expect(cellsOf(ts.gather(picked, picked.length, memory, null))).toEqual(expected.map((row) => numbers[row]))
  memory.releaseAll()
})

it('finds or survives every flipped byte: an error that names the place, or the right answer', () => {
  const texts = rowsOf(300)
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false, columns: [
    { id: 1, name: 'user', type: parseDataType('String'), vector: vectorOf('String', texts, true) },
    { id: 2, name: 'n', type: parseDataType('Int32'), vector: vectorOf('Int32', texts.map((_, row) => row * 3)) },
  ] })
  const memory = account()
  let found = 0
  for (let at = 0; at < image.length; at++) {
    const damaged = image.slice()
    damaged[at] ^= 0x10
    try {
      const rows = openImage(sourceOf(damaged), place, kernels)
      expect(cellsOf((rows.column(1) as NonNullable<ReturnType<typeof rows.column>>).decode(0, memory, null))).toEqual(texts)
      expect(cellsOf((rows.column(2) as NonNullable<ReturnType<typeof rows.column>>).decode(0, memory, null)))
        .toEqual(texts.map((_, row) => row * 3))
    } catch (error) {
      expect((error as Error).message).toMatch(/part 1 of t/)
      found++
    }
    memory.releaseAll()
  }
  expect(found).toBeGreaterThan(image.length * 0.9)
})

it('keeps a one-row image of eleven columns small', () => {
  const columns = Array.from({ length: 11 }, (_, id) => ({
    id, name: `column_${id}`, type: parseDataType('String'), vector: vectorOf('String', [`value ${id}`], true) }))
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false, columns })
  expect(image.length).toBeLessThan(3000)
})
