import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { textHashesReference } from './text-hashes.ts'
import { WorkMemory } from './work-memory.ts'
import type { MemoryAccount } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const both = bothOf(work, textHashesReference)

const head = fc.oneof(fc.constantFrom('', 'evt_', 'user-', 'ä', '7x', 'x'.repeat(7), 'x'.repeat(8)), fc.string({ maxLength: 20 }).map((text) => `${text}_`))
const digits = fc.oneof(fc.nat(20).map(String), fc.nat(2 ** 32 - 1).map(String), fc.constantFrom('0', '00', '07', '999999999', '1000000000', '0123456789'))
const text = fc.oneof(fc.uuid(), fc.uuid().map((id) => id.toUpperCase()), fc.string(), digits,
  fc.tuple(head, digits).map(([first, last]) => first + last), fc.tuple(digits, head).map(([first, last]) => first + last))

/** Texts in work memory. */
function place(account: MemoryAccount, texts: readonly string[]) {
  const all = texts.map((value) => Buffer.from(value))
  const offsets = account.u32(all.length + 1)
  offsets[0] = 0
  all.forEach((value, i) => { offsets[i + 1] = offsets[i] + value.length })
  const bytes = account.u8(offsets[all.length] + 8).fill(0x31)
  all.forEach((value, i) => bytes.set(value, offsets[i]))
  return { offsets, bytes }
}

const hashesOf = (texts: readonly string[]): readonly number[] => both((kernel, account) => {
  const { offsets, bytes } = place(account, texts)
  const [out, scratch] = [account.u32(texts.length), account.u32(4)]
  kernel.hashTexts(offsets.byteOffset, bytes.byteOffset, texts.length, out.byteOffset, scratch.byteOffset)
  return [...out]
})

it('hashes texts by their bytes, whatever stands beside them', () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
    const hashes = hashesOf(texts)
    texts.forEach((one, i) => {
      expect(hashes[i]).toBe(hashes[texts.indexOf(one)])
      expect(hashesOf([one])).toEqual([hashes[i]])
    })
  }))
})

it('hashes UUIDs, and numbers behind one text, as their texts', () => {
  fc.assert(fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 30 }), (uuids) => {
    expect(both((kernel, account) => {
      const keys = account.u8(uuids.length * 16)
      keys.set(Buffer.from(uuids.join('').replaceAll('-', ''), 'hex'))
      const out = account.u32(uuids.length)
      kernel.hashUuids(keys.byteOffset, uuids.length, out.byteOffset)
      return [...out]
    })).toEqual(hashesOf(uuids))
  }))
  const number = fc.oneof(fc.nat(20), fc.nat(999_999_999), fc.constant(999_999_999))
  fc.assert(fc.property(head, fc.array(number, { minLength: 1, maxLength: 30 }), (prefix, numbers) => {
    expect(both((kernel, account) => {
      const bytes = account.u8(Buffer.byteLength(prefix) + 8).fill(0x31)
      bytes.set(Buffer.from(prefix))
      const values = account.u32(numbers.length)
      values.set(numbers)
      const out = account.u32(numbers.length)
      kernel.hashNumbered(bytes.byteOffset, Buffer.byteLength(prefix), values.byteOffset, numbers.length, out.byteOffset)
      return [...out]
    })).toEqual(hashesOf(numbers.map((one) => prefix + one)))
  }))
})

it('spreads numbers and UUIDs that rise by one over the first and the last bits', () => {
  const count = 4096
  const rising = [(i: number) => `evt_${i}`, (i: number) => String(i), (i: number) => `${i.toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`,
    (i: number) => `01900000-0000-7000-8000-${i.toString(16).padStart(12, '0')}`, (i: number) => `${i}-x`]
  for (const textOf of rising) {
    const hashes = hashesOf(Array.from({ length: count }, (_, i) => textOf(i)))
    for (const partOf of [(hash: number) => hash >>> 24, (hash: number) => hash & 255]) {
      const counts = new Uint32Array(256)
      for (const hash of hashes) counts[partOf(hash)]++
      // 16 on average, as chance would have it.
      expect(Math.max(...counts)).toBeLessThan(48)
      expect(counts.filter((one) => one === 0).length).toBeLessThan(3)
    }
  }
})
