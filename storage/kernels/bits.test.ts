import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitsAt, bitsFor, bitsReference, packedBytes, putBits } from './bits.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = bitsReference(work)

const packed = fc.tuple(fc.integer({ min: 1, max: 32 }), fc.uint8Array({ minLength: 8, maxLength: 300 }))

/** Runs `act` with either set of kernels on fresh memory and expects the same answer. */
function both<T>(act: (kernels: typeof reference, account: MemoryAccount) => T): T {
  const account = new MemoryAccount(work, 2 ** 20)
  const answers = [compiled, reference].map((kernels) => act(kernels, account))
  expect(answers[0]).toEqual(answers[1])
  account.releaseAll()
  return answers[0]
}

function placed(account: MemoryAccount, values: ArrayLike<number>): Uint32Array {
  const array = account.u32(values.length)
  array.set(values)
  return array
}

it('unpacks as the reference does, at every width', () => {
  fc.assert(fc.property(packed, ([width, bytes]) => {
    const count = Math.floor(bytes.length * 8 / width)
    const answer = both((kernels, account) => {
      const source = account.u8(bytes.length)
      source.set(bytes)
      const out = account.u32(count)
      kernels.unpackBits(source.byteOffset, width, count, out.byteOffset)
      return [...out]
    })
    expect(answer).toEqual(Array.from({ length: count }, (_, index) => bitsAt(bytes, 0, width, index)))
  }))
})

it('maps each number as the reference does', () => {
  const small = fc.tuple(fc.integer({ min: 1, max: 10 }), fc.uint8Array({ minLength: 8, maxLength: 100 }))
  fc.assert(fc.property(small, ([width, bytes]) => {
    const count = Math.floor(bytes.length * 8 / width)
    both((kernels, account) => {
      const source = account.u8(bytes.length)
      source.set(bytes)
      const map = account.u32(2 ** width)
      for (let index = 0; index < map.length; index++) map[index] = Math.imul(index + 1, 2654435761) >>> 0
      const out = account.u32(count)
      kernels.unpackBitsMapped(source.byteOffset, width, count, map.byteOffset, out.byteOffset)
      return [...out]
    })
  }))
})

const u32s = fc.oneof(
  fc.array(fc.oneof(fc.nat(0xffffffff), fc.nat(1000), fc.constantFrom(0, 0xffffffff)), { minLength: 1, maxLength: 200 }),
  // Near each other, and as far apart as differences of 31 bits can say, or by one more.
  fc.tuple(fc.nat(0x7fffffff), fc.constantFrom(3, 1000, 0x7fffffff, 0x80000000)).chain(([least, span]) => fc.array(
    fc.oneof(fc.nat(span), fc.constantFrom(0, span)).map((more) => least + more), { minLength: 1, maxLength: 200 })))

it('surveys, packs and unpacks numbers and their differences as the reference does', () => {
  fc.assert(fc.property(u32s, (values) => {
    const survey = both((kernels, account) => {
      const out = account.f64(5)
      kernels.surveyNumbers(placed(account, values).byteOffset, values.length, out.byteOffset)
      return [...out]
    })
    const [min, max, deltaMin, deltaMax] = survey
    expect([min, max]).toEqual([Math.min(...values), Math.max(...values)])
    expect(both((kernels, account) => {
      const out = account.f64(2)
      kernels.wordEnds(placed(account, values).byteOffset, values.length, out.byteOffset)
      return [...out]
    })).toEqual([min, max])
    const width = Math.max(1, bitsFor(max - min))
    const unpacked = both((kernels, account) => {
      const out = account.u8(packedBytes(values.length, width))
      kernels.packBits(placed(account, values).byteOffset, values.length, min, width, out.byteOffset)
      const bytes = [...out]
      const back = account.u32(values.length)
      kernels.unpackBits(out.byteOffset, width, values.length, back.byteOffset)
      return { bytes, back: [...back] }
    })
    expect(unpacked.back).toEqual(values.map((value) => value - min))
    if (deltaMax - deltaMin > 0xffffffff) return
    const deltaWidth = Math.max(1, bitsFor(deltaMax - deltaMin))
    const summed = both((kernels, account) => {
      const out = account.u8(packedBytes(values.length, deltaWidth))
      kernels.packDeltas(placed(account, values).byteOffset, values.length, deltaMin, deltaWidth, out.byteOffset)
      const bytes = [...out]
      const back = account.u32(values.length)
      kernels.unpackDeltas(out.byteOffset, deltaWidth, values.length, values[0], deltaMin, back.byteOffset)
      return { bytes, back: [...back] }
    })
    expect(summed.back).toEqual(values)
  }))
})

it('unpacks runs as the reference does, also of ends that lie beyond the rows or before others', () => {
  const run = fc.record({ end: fc.oneof(fc.nat(40), fc.nat(300)), value: fc.nat(0xffffffff) })
  const shape = fc.record({ runs: fc.array(run, { maxLength: 40 }), width: fc.integer({ min: 0, max: 32 }), count: fc.nat(200), isSorted: fc.boolean() })
  fc.assert(fc.property(shape, ({ runs, width, count, isSorted }) => {
    const ends = runs.map(({ end }) => end)
    if (isSorted) ends.sort((a, b) => a - b)
    const values = runs.map(({ value }) => value % 2 ** width)
    const endWidth = bitsFor(300)
    const answer = both((kernels, account) => {
      const packedEnds = account.u8(packedBytes(runs.length, endWidth)).fill(0)
      const packedValues = account.u8(packedBytes(runs.length, width)).fill(0)
      for (let i = 0; i < runs.length; i++) {
        putBits(packedEnds, 0, endWidth, i, ends[i])
        putBits(packedValues, 0, width, i, values[i])
      }
      const out = account.u32(count + 4).fill(7)
      kernels.unpackRuns(packedEnds.byteOffset, endWidth, packedValues.byteOffset, width, runs.length, count, out.byteOffset)
      return [...out]
    })
    expect(answer.slice(count)).toEqual([7, 7, 7, 7])
    if (isSorted) {
      const expected = Array.from({ length: count }, (_, row) => values[ends.findIndex((end) => end > row)] ?? 7)
      expect(answer.slice(0, count)).toEqual(expected)
    }
  }))
})

it('reads back single numbers that were put, at every width', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.array(fc.nat(0xffffffff), { maxLength: 40 }), (width, raw) => {
    const values = raw.map((value) => value % 2 ** width)
    const bytes = new Uint8Array(packedBytes(values.length, width))
    values.forEach((value, index) => putBits(bytes, 0, width, index, value))
    expect(values.map((_, index) => bitsAt(bytes, 0, width, index))).toEqual(values)
  }))
})

it('adds to words modulo 2^32', () => {
  fc.assert(fc.property(fc.array(fc.nat(2 ** 32 - 1), { maxLength: 40 }), fc.integer(), (words, add) => {
    const answer = both((kernels, account) => {
      const array = placed(account, words)
      kernels.addToWords(array.byteOffset, words.length, add)
      return [...array]
    })
    expect(answer).toEqual(words.map((word) => (word + add) >>> 0))
  }))
})

it('joins words that fit 32 bits together', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 31 }).chain((bits) => fc.tuple(fc.constant(bits), fc.array(
    fc.tuple(fc.nat(2 ** (32 - bits) - 1), fc.nat(2 ** bits - 1)), { maxLength: 40 }))), ([bits, pairs]) => {
    const answer = both((kernels, account) => {
      const high = placed(account, pairs.map(([word]) => word))
      kernels.pairWords(high.byteOffset, placed(account, pairs.map(([, word]) => word)).byteOffset, pairs.length, bits)
      return [...high]
    })
    expect(answer).toEqual(pairs.map(([high, low]) => high * 2 ** bits + low))
  }))
})

it.each([2, 3])('spreads numbers of %i bytes as the reference does', (bytes) => {
  fc.assert(fc.property(fc.array(fc.nat(2 ** (bytes * 8) - 1), { maxLength: 40 }), fc.nat(2 ** 32 - 1), (values, base) => {
    const answer = both((kernels, account) => {
      const packed = account.u8(values.length * bytes)
      kernels.packBits(placed(account, values).byteOffset, values.length, 0, bytes * 8, packed.byteOffset)
      const out = account.u32(values.length + 1).fill(7)
      kernels.spreadNumbers(packed.byteOffset, bytes, values.length, base, out.byteOffset)
      return [...out]
    })
    expect(answer).toEqual([...values.map((value) => (value + base) % 2 ** 32), 7])
  }))
})
