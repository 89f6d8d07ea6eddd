import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { stepsReference } from './steps.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const kernels = [bindKernels(compileKernels(), work), stepsReference(work)]

const near = fc.tuple(fc.nat(0xffffffff), fc.array(fc.nat(2000), { minLength: 1, maxLength: 70 }))
  .map(([base, steps]) => steps.map((step) => (base + step) % 2 ** 32))
const words = fc.oneof(near, fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 70 }))

it('tells the span of words, the beginnings of their steps and what is said of each step', () => {
  fc.assert(fc.property(words, fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 0xffffffff })),
    (values, step) => {
      const places = values.map((value) => Math.floor(value / step))
      const first = Math.min(...places)
      const isNear = Math.max(...places) - first < 5000
      for (const kernel of kernels) {
        const account = new MemoryAccount(work, 2 ** 20)
        const source = account.u32(values.length)
        source.set(values)
        const [span, floors, mapped] = [account.u32(2), account.u32(values.length), account.u32(values.length)]
        const results = account.u32(5000)
        for (let i = 0; i < results.length; i++) results[i] = i * 77
        kernel.spanOfWords(source.byteOffset, values.length, span.byteOffset)
        kernel.floorWords(source.byteOffset, values.length, step, floors.byteOffset)
        if (isNear) {
          kernel.mapSteps(source.byteOffset, values.length, step, first, results.byteOffset, mapped.byteOffset)
          expect([...mapped]).toEqual(places.map((place) => (place - first) * 77))
        }
        expect([...span]).toEqual([Math.min(...values), Math.max(...values)])
        expect([...floors]).toEqual(values.map((value) => value - value % step))
        account.releaseAll()
      }
    }))
})

it('narrows words to their low bytes and widens them again, and touches nothing behind', () => {
  fc.assert(fc.property(words, fc.constantFrom(1, 2), (values, bytes) => {
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 2 ** 20)
      const source = account.u32(values.length)
      source.set(values)
      const narrow = account.u8(values.length * bytes + 4).fill(7)
      const wide = account.u32(values.length + 1).fill(7)
      kernel.narrowWords(source.byteOffset, values.length, bytes, narrow.byteOffset)
      kernel.widenWords(narrow.byteOffset, values.length, bytes, wide.byteOffset)
      expect([...wide]).toEqual([...values.map((value) => value % 256 ** bytes), 7])
      expect([...narrow.subarray(values.length * bytes)]).toEqual([7, 7, 7, 7])
      account.releaseAll()
    }
  }))
})
