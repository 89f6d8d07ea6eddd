import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader } from '../bytes/byte-reader.ts'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { serialText } from '../codec/serial-block.ts'
import { vectorOf } from '../codec/cells.test-kit.ts'
import { EncodeSpace } from '../codec/space.ts'
import { STRING } from '../column/data-type.ts'
import type { BytesVector } from '../column/vector.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { endsOf, joinEnds, readEnds, serialEnds, writeEnds, type Ends } from './zones.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels = loadKernels(work)

/** The ends of strings, as kernels find them in work memory and as the plain loop does elsewhere. */
function endsOfTexts(texts: readonly string[]): Ends {
  const account = new MemoryAccount(work, work.buffer.byteLength)
  const space = new EncodeSpace(account, kernels)
  const vector = vectorOf(STRING, texts) as BytesVector
  const bytes = account.u8(vector.bytes.length)
  bytes.set(vector.bytes)
  const offsets = account.u32(vector.offsets.length)
  offsets.set(vector.offsets)
  const found = endsOf({ ...vector, bytes, offsets }, 0, texts.length, space)
  expect(found).toEqual(endsOf(vector, 0, texts.length, space))
  account.releaseAll()
  return found
}

const bytes = fc.uint8Array({ maxLength: 12 })
const ends: fc.Arbitrary<Ends> = fc.oneof(fc.constant(null),
  fc.tuple(fc.maxSafeInteger(), fc.maxSafeInteger()).map(([min, max]) => ({ min, max })),
  fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })).map(([min, max]) => ({ min, max })),
  fc.tuple(fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n }), fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n })).map(([min, max]) => ({ min, max })),
  fc.tuple(bytes, bytes).map(([min, max]) => ({ min, max })))
const ordered = ends.map((value): Ends => value === null || joinEnds(value, value) === null ? value
  : value.min > value.max ? { min: value.max, max: value.min } : value)

it('reads back every pair of ends', () => {
  fc.assert(fc.property(fc.array(ordered), (list) => {
    const out = new ByteWriter()
    for (const value of list) writeEnds(out, value)
    const reader = new ByteReader(out.bytes())
    for (const value of list) expect(readEnds(reader)).toEqual(value)
    expect(reader.at).toBe(out.length)
  }), { numRuns: 300 })
})

it('bounds every string, also those that are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'z', '\x7f', '\u{10ffff}'), maxLength: 60 })
  fc.assert(fc.property(fc.array(text, { minLength: 32, maxLength: 40 }), (texts) => {
    const found = endsOfTexts(texts)
    if (found === null) return
    for (const value of texts) {
      expect(Buffer.compare(found.min as Uint8Array, Buffer.from(value))).toBeLessThanOrEqual(0)
      expect(Buffer.compare(found.max as Uint8Array, Buffer.from(value))).toBeGreaterThanOrEqual(0)
    }
  }))
})

it('finds for numbered strings the ends that their texts have', () => {
  const values = fc.array(fc.oneof(fc.nat(30), fc.nat(10_000), fc.nat({ max: 10 ** 9 }), fc.constantFrom(1, 10, 100, 10 ** 15 - 1)),
    { minLength: 32, maxLength: 50 })
  fc.assert(fc.property(values, fc.constantFrom('', 'evt_'), fc.constantFrom(0, 15), (numbers, prefix, digits) => {
    const shape = { prefix: Buffer.from(prefix), suffix: new Uint8Array(0), digits }
    const texts = numbers.map((value) => Buffer.from(serialText(shape, value)).toString())
    const found = serialEnds(shape, Float64Array.from(numbers), numbers.length)
    const expected = endsOfTexts(texts)
    expect([found?.min, found?.max].map((end) => Buffer.from(end as Uint8Array).toString()))
      .toEqual([expected?.min, expected?.max].map((end) => Buffer.from(end as Uint8Array).toString()))
  }), { numRuns: 300 })
})
