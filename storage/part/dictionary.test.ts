import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packStrings } from '../codec/cells.test-kit.ts'
import { EncodeSpace } from '../codec/space.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { expandDictionary, expandedBytes, openDictionary, rankStrings, writeDictionary } from './dictionary.ts'

const work = new WorkMemory(32 * 2 ** 20)
const kernels = loadKernels(work)

/** The section's form, and its strings. */
function roundTrip(texts: readonly string[]): { form: number; bytes: number; strings: string[] } {
  const account = new MemoryAccount(work, work.buffer.byteLength)
  const space = new EncodeSpace(account, kernels)
  const ranked = rankStrings({ size: texts.length, ...packStrings(texts) }, space)
  const textBytes = writeDictionary(space, ranked.strings, ranked.order, ranked.distinct)
  const section = space.out.bytes().slice()
  const to = new Uint8Array(expandedBytes(ranked.distinct, textBytes))
  expandDictionary(section, ranked.distinct, to)
  const own = account.u8(to.length)
  expandDictionary(section, ranked.distinct, own, space)
  expect(own.subarray(0, (ranked.distinct + 1) * 4 + textBytes)).toEqual(to.subarray(0, (ranked.distinct + 1) * 4 + textBytes))
  account.free(own.byteOffset)
  const dictionary = openDictionary(to, ranked.distinct)
  const strings = Array.from({ length: ranked.distinct }, (_, rank) => Buffer.from(
    dictionary.bytes.subarray(dictionary.offsets[rank], dictionary.offsets[rank + 1])).toString())
  strings.forEach((text, rank) => expect(dictionary.find(Buffer.from(text))).toBe(rank))
  ranked.release()
  space.release()
  expect(account.usedBytes).toBe(0)
  return { form: section[0], bytes: section.length, strings }
}

it('finds every string of a dictionary of any size, and none that it lacks', () => {
  const near = fc.tuple(fc.constantFrom('', 'user_', 'é\0'), fc.constantFrom('', '\0', '\0\0', 'a'), fc.nat(400))
    .map(([prefix, middle, n]) => `${prefix}${middle}${'\0'.repeat(n % 3)}${n}`)
  const one = fc.oneof(near, fc.string({ maxLength: 9 }))
  fc.assert(fc.property(fc.array(near, { minLength: 60, maxLength: 400 }), fc.array(one, { maxLength: 40 }), (texts, others) => {
    const sorted = sortedOf(texts)
    const packed = packStrings(sorted)
    const expanded = new Uint8Array(expandedBytes(sorted.length, packed.offsets[sorted.length]))
    new Uint32Array(expanded.buffer, 0, sorted.length + 1).set(packed.offsets)
    expanded.set(packed.bytes.subarray(0, packed.offsets[sorted.length]), (sorted.length + 1) * 4)
    const dictionary = openDictionary(expanded, sorted.length)
    for (const text of [...sorted, ...others, ...sorted.map((t) => `${t}\0`), ...sorted.map((t) => t.slice(0, -1))]) {
      expect(dictionary.find(Buffer.from(text))).toBe(sorted.indexOf(text))
    }
  }), { numRuns: 30 })
})

const sortedOf = (texts: readonly string[]): string[] =>
  [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

it('gives back distinct strings, ascending, and finds each', () => {
  const text = fc.oneof(fc.string({ maxLength: 20 }), fc.nat(3000).map((n) => `user_${n}`), fc.uuid(), fc.uuid().map((uuid) => uuid.toUpperCase()))
  fc.assert(fc.property(fc.oneof(fc.array(text, { maxLength: 60 }), fc.array(fc.uuid(), { maxLength: 60 })), (texts) => {
    expect(roundTrip(texts).strings).toEqual(sortedOf(texts))
  }))
})

it('stores UUIDs as 16 bytes each, and others that only look like them as texts', () => {
  const uuids = fc.sample(fc.uuid(), 100)
  const { form, bytes } = roundTrip(uuids)
  expect([form, bytes]).toEqual([3, 1 + 1600])
  expect(roundTrip([...uuids, uuids[0].replace(/.$/, 'G')]).form).not.toBe(3)
})
