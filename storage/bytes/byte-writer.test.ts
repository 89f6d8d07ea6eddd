import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'

const field = fc.oneof(
  fc.record({ kind: fc.constant('varint' as const), value: fc.oneof(fc.nat(300), fc.maxSafeNat()) }),
  fc.record({
    kind: fc.constant('signed' as const),
    value: fc.oneof(fc.integer({ min: -300, max: 300 }), fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n })),
  }),
  fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ kind: fc.constant('f64' as const), value: fc.double() }),
  fc.record({ kind: fc.constant('u32' as const), value: fc.nat(0xffffffff) }),
)

it('reads back every field that was written, in order', () => {
  fc.assert(fc.property(fc.array(field), (fields) => {
    const writer = new ByteWriter(1)
    for (const { kind, value } of fields) (writer[kind] as (value: unknown) => void)(value)
    const reader = new ByteReader(writer.bytes())
    for (const { kind, value } of fields) {
      const read = reader[kind]()
      expect(typeof value === 'bigint' ? BigInt(read) : read).toEqual(value)
    }
    expect(reader.at).toBe(writer.length)
  }))
})

it('refuses to read beyond the end', () => {
  expect(() => new ByteReader(Uint8Array.of(3, 1, 2)).sized()).toThrow('beyond the end')
  expect(() => new ByteReader(Uint8Array.of(0x80)).varint()).toThrow('beyond the end')
  expect(() => new ByteReader(Uint8Array.of(1, 2, 3)).u32()).toThrow('beyond the end')
})
