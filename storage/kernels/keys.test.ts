import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { hash128, keysReference, packUuid } from './keys.ts'
import { WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const both = bothOf(work, keysReference)

const uuid = fc.uuid()
const text = fc.oneof(uuid, uuid.map((id) => id.toUpperCase()), fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.string({ minLength: 36, maxLength: 36 }), uuid.map((id) => `${id.slice(0, 35)}g`),
  uuid.map((id) => id.replace('-', 'a')), fc.constantFrom('', 'a', '\0', 'x'.repeat(15), 'x'.repeat(16)))

const hex = (words: readonly number[]): string => Buffer.from(Uint32Array.from(words).buffer).toString('hex')

it('makes the key of a string of its bytes alone, a UUID being its own', () => {
  fc.assert(fc.property(fc.array(text, { maxLength: 30 }), (texts) => {
    const all = texts.map((value) => Buffer.from(value))
    const keys = both((kernel, account) => {
      const offsets = account.u32(all.length + 1)
      offsets[0] = 0
      all.forEach((value, i) => { offsets[i + 1] = offsets[i] + value.length })
      const bytes = account.u8(offsets[all.length] + 8).fill(0x61)
      all.forEach((value, i) => bytes.set(value, offsets[i]))
      const out = account.u32(all.length * 4)
      kernel.stringKeys(offsets.byteOffset, bytes.byteOffset, all.length, out.byteOffset)
      return [...out]
    })
    const words = new Uint32Array(4)
    all.forEach((value, i) => {
      const mine = keys.slice(i * 4, i * 4 + 4)
      if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(texts[i])) {
        expect(hex(mine)).toBe(texts[i].replaceAll('-', ''))
        expect(packUuid(value, 0, value.length, words)).toBe(true)
      } else {
        expect(packUuid(value, 0, value.length, words)).toBe(false)
        hash128(value, 0, value.length, words)
      }
      expect(mine).toEqual([...words])
    })
  }))
})

it.each([
  ['internKeys', 4], ['internNumbers', 1],
] as const)('numbers keys in order of appearance, also those that differ in one word: %s', (intern, width) => {
  const key = fc.array(fc.oneof(fc.nat(2), fc.nat(0xffffffff)), { minLength: width, maxLength: width })
  const [unknown, other] = [[1, 2, 3, 4].slice(0, width), [5, 6, 7, 8].slice(0, width)]
  fc.assert(fc.property(fc.array(fc.array(key, { maxLength: 40 }), { maxLength: 4 }), (batches) => {
    const distinct = [...new Set(batches.flat().map(String))]
    const answer = both((kernel, account) => {
      const slots = account.u32(256).fill(0)
      const known = account.u32(width * 200)
      let size = 0
      const codes = batches.map((keys) => {
        const words = account.u32(keys.length * width)
        words.set(keys.flat())
        const out = account.u32(keys.length)
        size = kernel[intern](words.byteOffset, keys.length, slots.byteOffset, 255, known.byteOffset, size, 1, out.byteOffset)
        return [...out]
      })
      const words = account.u32(2 * width)
      words.set([...(batches.flat()[0] ?? unknown), ...other])
      const found = account.u32(2)
      kernel[intern](words.byteOffset, 2, slots.byteOffset, 255, known.byteOffset, size, 0, found.byteOffset)
      expect([...found]).toEqual([size > 0 ? 0 : 0xffffffff, distinct.indexOf(String(other)) >>> 0])
      return { codes, known: distinct.map((_, code) => String([...known.subarray(code * width, (code + 1) * width)])), size }
    })
    expect(answer).toEqual({
      codes: batches.map((keys) => keys.map((one) => distinct.indexOf(String(one)))), known: distinct,
      size: distinct.length,
    })
  }))
})

it('spreads random UUIDs over the slots', () => {
  both((kernel, account) => {
    const count = 3000
    const keys = account.u8(count * 16)
    for (let i = 0; i < count; i++) keys.set(Buffer.from(randomUUID().replaceAll('-', ''), 'hex'), i * 16)
    const out = account.u32(count)
    const known = account.u32(count * 4)
    const slots = account.u32(8192).fill(0)
    return kernel.internKeys(keys.byteOffset, count, slots.byteOffset, 8191, known.byteOffset, 0, 1, out.byteOffset)
  })
})
