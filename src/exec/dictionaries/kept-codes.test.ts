import fc from 'fast-check'
import { expect, it } from 'vitest'
import { testContext } from '../../functions/differential.harness.ts'
import { packCodes, unpackCodes } from './kept-codes.ts'

/** As they lie in shared memory. */
const shared = (bytes: Uint8Array): Uint8Array => {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

const codesOf = (most: number) => fc.tuple(fc.nat({ max: 0xffffffff - most }), fc.array(fc.nat({ max: most }), { minLength: 1, maxLength: 600 }))
  .map(([base, codes]) => codes.map((code) => base + code))

it.each([0, 1, 60_000, 2 ** 25 - 1, 2 ** 25, 2 ** 32 - 1])('gives back codes that differ by up to %i, all of them and those of some rows', (most) => {
  const context = testContext()
  fc.assert(fc.property(codesOf(most), fc.infiniteStream(fc.integer({ min: 0, max: 20 })), (values, draws) => {
    const codes = context.account.u32(values.length)
    codes.set(values)
    const packed = packCodes(codes, context)
    const kept = shared(packed)
    expect([...unpackCodes(kept, values.length, null, context)]).toEqual(values)
    for (const sparse of [3, 20]) {
      const rows = Uint32Array.from(values.keys()).filter(() => draws.next().value >= sparse)
      expect([...unpackCodes(kept, values.length, rows, context)]).toEqual([...rows].map((row) => values[row]))
    }
    context.account.releaseAll()
  }), { numRuns: 60 })
  expect(context.account.usedBytes).toBe(0)
})
