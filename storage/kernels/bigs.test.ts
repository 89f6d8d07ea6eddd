import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bigsReference, type BigKernels } from './bigs.ts'
import { bothOf } from './both.harness.ts'
import { WorkMemory } from './work-memory.ts'

const work = new WorkMemory(2 ** 22)
const both = bothOf<BigKernels>(work, bigsReference)

const edges = fc.constantFrom(0n, 1n, -1n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n))

it('finds the ends of 64-bit integers, and halves of what they exceed the least by', () => {
  fc.assert(fc.property(fc.array(fc.oneof(edges, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), { minLength: 1 }), fc.boolean(), (list, isSigned) => {
    const { ends, halves } = both(({ bigEnds, bigHalves }, account) => {
      const values = account.i64(list.length)
      values.set(list)
      const out = account.i64(2)
      bigEnds(values.byteOffset, list.length, Number(isSigned), out.byteOffset)
      const low = account.u32(list.length)
      const high = account.u32(list.length)
      bigHalves(values.byteOffset, list.length, out.byteOffset, low.byteOffset, high.byteOffset)
      return { ends: [...out], halves: list.map((_, i) => BigInt(high[i]) * 2n ** 32n + BigInt(low[i])) }
    })
    const own = isSigned ? list : list.map((value) => BigInt.asUintN(64, value))
    const sorted = own.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0)
    expect(ends).toEqual([sorted[0], sorted[sorted.length - 1]].map((value) => BigInt.asIntN(64, value)))
    expect(halves).toEqual(own.map((value) => value - sorted[0]))
  }))
})
