import fc from 'fast-check'
import { expect, it } from 'vitest'
import { STRING } from '../../../storage/column/data-type.ts'
import { packedOf } from '../../../storage/column/packed-texts.ts'
import { serialsLike, type SerialShape } from '../../../storage/column/serial-texts.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { valueAt } from '../../functions/values/values.ts'
import { bytesVector } from '../../functions/values/vectors.ts'
import { withLastingTexts } from '../blocks/block-codec.ts'
import { QueryStrings } from './query-strings.ts'

const work = new WorkMemory(32 * 2 ** 20)
const kernels = loadKernels(work)
const uuids = fc.array(fc.uuid(), { minLength: 40, maxLength: 60 })
const texts = fc.array(fc.oneof(fc.uuid(), fc.string(), fc.constant('')), { maxLength: 60 })
const batches = fc.array(fc.oneof(uuids, uuids.map((all) => [...all, ...all]), texts), { maxLength: 5 })

/** Texts as a vector in the account. */
function place(account: MemoryAccount, all: readonly string[]): BytesVector {
  const offsets = account.u32(all.length + 1)
  offsets[0] = 0
  all.forEach((text, i) => { offsets[i + 1] = offsets[i] + Buffer.byteLength(text) })
  const bytes = account.u8(offsets[all.length])
  bytes.set(Buffer.from(all.join('')))
  return bytesVector(STRING, offsets, bytes)
}

const shapeOf = (prefix: string, digits: number, suffix: string): SerialShape =>
  ({ prefix: Buffer.from(prefix), digits, suffix: Buffer.from(suffix) })
const EVT = shapeOf('evt_', 0, '')
const shapes = fc.oneof({ weight: 3, arbitrary: fc.constant(EVT) },
  fc.constantFrom(EVT, shapeOf('evt_', 12, ''), shapeOf('', 0, '-x'), shapeOf('evt_1', 0, '')))
const numbers = fc.array(fc.oneof(fc.nat(60), fc.integer({ min: 0, max: 2 ** 32 - 1 })), { minLength: 40, maxLength: 60 })
/** Numbers between two texts as stored blocks have them, with wide ones as doubles, or texts of their own. */
const serials = fc.record({ shape: shapes, values: numbers, isWide: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, fc.boolean()) })
const mixed = fc.array(fc.oneof({ weight: 4, arbitrary: serials }, texts, uuids), { maxLength: 5 })

function placeSerials(account: MemoryAccount, { shape, values, isWide }: { shape: SerialShape; values: readonly number[]; isWide: boolean }) {
  const here = isWide ? account.f64(values.length) : account.u32(values.length)
  here.set(values)
  return serialsLike({ type: STRING, nulls: null }, { shape, most: Math.max(...values) }, here, account)
}

it('keeps codes and strings while numbers between the same two texts come, and when other strings follow', () => {
  const everySize = new Set<boolean>()
  fc.assert(fc.property(mixed, (input) => {
    const account = new MemoryAccount(work, 32 * 2 ** 20)
    const strings = new QueryStrings({ account, kernels, nowMs: 0, checkAlive: () => {} })
    const expected: string[] = []
    const read = (code: number) => Buffer.from(strings.bytesOf(code)).toString()
    for (const batch of input) {
      const isPlain = Array.isArray(batch)
      const vector = isPlain ? place(account, batch) : placeSerials(account, batch)
      const all = Array.from({ length: vector.length }, (_, row) => valueAt(vector, row) as string) // of a String column
      const again = isPlain ? vector : placeSerials(account, batch)
      for (const text of all) if (!expected.includes(text)) expected.push(text)
      const codes = strings.codesOf(again, account)
      expect([...codes.codes].slice(0, all.length)).toEqual(all.map((text) => expected.indexOf(text)))
      const lasting = withLastingTexts(codes, account)
      expect(Array.from(all, (_, row) => valueAt(lasting, row))).toEqual(all)
      everySize.add(packedOf(lasting) !== null)
      for (const text of ['evt_7', 'evt_07', 'evt_4294967296', '', all[0] ?? 'x']) {
        expect(strings.find(Buffer.from(text))).toBe(expected.indexOf(text))
      }
    }
    expect(strings.size).toBe(expected.length)
    expect(expected.map((_, code) => read(code))).toEqual(expected)
    expect(expected.map((_, code) => strings.lengthOf(code))).toEqual(expected.map((text) => Buffer.byteLength(text)))
    for (const text of ['evt_8', 'evt_4294967295', 'evt_4294967296', 'other']) {
      if (!expected.includes(text)) expected.push(text)
      expect(strings.intern(Buffer.from(text), 0, text.length)).toBe(expected.indexOf(text))
    }
    expect(expected.map((_, code) => read(code))).toEqual(expected)
    account.releaseAll()
  }))
  expect([...everySize].sort()).toEqual([false, true])
})

it('keeps codes and strings while UUIDs come, and when other strings follow', () => {
  fc.assert(fc.property(batches, fc.uuid(), (input, other) => {
    const account = new MemoryAccount(work, 32 * 2 ** 20)
    const strings = new QueryStrings({ account, kernels, nowMs: 0, checkAlive: () => {} })
    const expected: string[] = []
    for (const batch of input) {
      const codes = account.u32(batch.length)
      strings.internVector(place(account, batch), codes)
      for (const text of batch) if (!expected.includes(text)) expected.push(text)
      expect([...codes]).toEqual(batch.map((text) => expected.indexOf(text)))
      for (const text of [other, '', batch[0] ?? 'x']) {
        expect(strings.find(Buffer.from(text))).toBe(expected.indexOf(text))
      }
    }
    expect(strings.size).toBe(expected.length)
    const read = (code: number) => Buffer.from(strings.bytesOf(code)).toString()
    expect(expected.map((_, code) => read(code))).toEqual(expected)
    expect(expected.map((_, code) => strings.lengthOf(code))).toEqual(expected.map((text) => Buffer.byteLength(text)))
    const codes = account.u32(3 * expected.length)
    codes.forEach((_, i) => { codes[i] = i * 7 % expected.length })
    const some = strings.textsOf(codes, codes.length, account)
    expect(some === null).toBe(codes.length < 32)
    if (some !== null) {
      const all = [...codes].map((_, i) => Buffer.from(some.bytes.subarray(some.offsets[i], some.offsets[i + 1])).toString())
      expect(all).toEqual([...codes].map((code) => expected[code]))
    }
    if (expected.length > 1) {
      const two = [strings.bytesOf(0), strings.bytesOf(1)]
      expect(two.map((bytes) => Buffer.from(bytes).toString())).toEqual(expected.slice(0, 2))
    }
    const [known] = expected
    if (known !== undefined) expect(strings.intern(Buffer.from(known), 0, Buffer.byteLength(known))).toBe(0)
    expect(strings.intern(Buffer.from('no uuid'), 0, 7)).toBe(expected.length)
    expect(expected.map((_, code) => read(code))).toEqual(expected)
    account.releaseAll()
  }))
})

/** Enters the texts of numbers from `from` on, which are new. */
function enter(strings: QueryStrings, account: MemoryAccount, from: number, count: number, textOf: (i: number) => string): void {
  const all = Array.from({ length: count }, (_, i) => textOf(from + i))
  const codes = account.u32(count)
  const vector = place(account, all)
  strings.internVector(vector, codes)
  expect([codes[0], codes[count - 1]]).toEqual([from, from + count - 1])
  for (const array of [codes, vector.offsets, vector.bytes]) account.free(array.byteOffset)
}

/** Texts of numbers, each of its own. */
const IDS: readonly (readonly [string, (i: number) => string])[] = [
  ['texts', (i: number) => `event ${i}`],
  ['UUIDs', (i: number) => `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`],
]

it.each(IDS)('makes room for all %s that are likely, once there are many', (_, textOf) => {
  const large = new WorkMemory(96 * 2 ** 20)
  const account = new MemoryAccount(large, 96 * 2 ** 20)
  const [count, batch] = [180_000, 6000]
  const strings = new QueryStrings({ account, kernels: loadKernels(large), nowMs: 0, checkAlive: () => {} }, () => count)
  const sizes = new Set<number>()
  for (let from = 0; from < count; from += batch) {
    enter(strings, account, from, batch, textOf)
    expect(strings.find(Buffer.from(textOf(from + 7)))).toBe(from + 7)
    if (strings.size > 100_000) sizes.add(strings.byteLength)
  }
  // The last strings may be longer than those that the room was made for.
  expect(sizes.size).toBeLessThanOrEqual(2)
  for (const i of [0, 1, 65_536, 131_072, count - 1]) {
    expect(strings.find(Buffer.from(textOf(i)))).toBe(i)
    expect(Buffer.from(strings.bytesOf(i)).toString()).toBe(textOf(i))
  }
  expect(strings.find(Buffer.from(textOf(count)))).toBe(-1)
})

it.each(IDS)('refuses no query for room that likely %s would need', (_, textOf) => {
  const large = new WorkMemory(96 * 2 ** 20)
  const account = new MemoryAccount(large, 64 * 2 ** 20)
  const [count, batch] = [180_000, 6000]
  const strings = new QueryStrings({ account, kernels: loadKernels(large), nowMs: 0, checkAlive: () => {} }, () => 50_000_000)
  for (let from = 0; from < count; from += batch) enter(strings, account, from, batch, textOf)
  expect(strings.find(Buffer.from(textOf(count - 1)))).toBe(count - 1)
})
