import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cityHash64, cityHashReference, sampleOf } from './city-hash.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(4 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = cityHashReference(work)

it('hashes strings of every length as the reference does', () => {
  const lengths = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 71, max: 400 }))
  const bytes = lengths.chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  fc.assert(fc.property(fc.array(bytes, { maxLength: 20 }), (strings) => {
    const account = new MemoryAccount(work, 2 ** 20)
    const offsets = account.u32(strings.length + 1)
    offsets[0] = 0
    strings.forEach((value, index) => { offsets[index + 1] = offsets[index] + value.length })
    const text = account.u8(offsets[strings.length])
    strings.forEach((value, index) => text.set(value, offsets[index]))
    const count = Math.max(1, strings.length)
    for (const { cityHashes, citySamples } of [compiled, reference]) {
      const [hashes, samples] = [account.i64(count), account.u32(count)]
      cityHashes(offsets.byteOffset, text.byteOffset, strings.length, hashes.byteOffset)
      citySamples(offsets.byteOffset, text.byteOffset, strings.length, samples.byteOffset)
      const wanted = strings.map((value) => cityHash64(value, 0, value.length))
      expect([...hashes].slice(0, strings.length).map((hash) => BigInt.asUintN(64, hash))).toEqual(wanted)
      expect([...samples].slice(0, strings.length)).toEqual(wanted.map(sampleOf))
    }
    account.releaseAll()
  }))
})
