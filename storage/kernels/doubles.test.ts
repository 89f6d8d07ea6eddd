import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { doublesReference, nearest, OPERATIONS } from './doubles.ts'
import { WorkMemory, type MemoryAccount } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const both = bothOf(work, doublesReference)

function placed(account: MemoryAccount, values: readonly number[]): Float64Array {
  const array = account.f64(values.length)
  array.set(values)
  return array
}

const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.NaN, -0, 0, 2 ** 53, -(2 ** 53), 5e-324))
const word = fc.oneof(fc.nat(2 ** 32 - 1), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1))

it('makes doubles of words and of halves', () => {
  const base = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -(2 ** 52)))
  fc.assert(fc.property(fc.array(fc.tuple(word, word)), base, fc.constantFrom(1, 10, 1e6, 1e18), (halves, start, divisor) => {
    const list = both((kernel, account) => {
      const count = halves.length
      const [low, high, target] = [account.u32(count), account.u32(count), account.f64(2 * count)]
      low.set(halves.map(([half]) => half))
      high.set(halves.map(([, half]) => half % 2 ** 20))
      kernel.wordsToDoubles(low.byteOffset, count, start, divisor, target.byteOffset)
      kernel.halvesToDoubles(low.byteOffset, high.byteOffset, count, start, divisor, target.byteOffset + 8 * count)
      return [...target]
    })
    halves.forEach(([half], i) => expect(list[i]).toBe((start + half) / divisor))
  }))
})

it('makes doubles of the lengths between offsets', () => {
  fc.assert(fc.property(fc.array(fc.nat(2 ** 27), { minLength: 1, maxLength: 30 }), (lengths) => {
    const found = both((kernel, account) => {
      const [offsets, target] = [account.u32(lengths.length + 1), account.f64(lengths.length + 1).fill(7)]
      offsets[0] = 9
      lengths.forEach((length, i) => { offsets[i + 1] = offsets[i] + length })
      kernel.lengthsToDoubles(offsets.byteOffset, lengths.length, target.byteOffset)
      return [...target]
    })
    expect(found).toEqual([...lengths, 7])
  }))
})

it('makes words of doubles that keep their order, cut at the ends', () => {
  fc.assert(fc.property(fc.array(number, { maxLength: 70 }), number, fc.constantFrom(0, 1, 0.5, 1e-9, Infinity), (values, least, scale) => {
    const words = both((kernel, account) => {
      const target = account.u32(values.length + 1).fill(7)
      kernel.doublesToWords(placed(account, values).byteOffset, values.length, least, scale, target.byteOffset)
      return [...target]
    })
    expect(words).toEqual([...values.map((value) => {
      const word = (value - least) * scale
      return Number.isNaN(word) ? 0 : Math.min(0xffffffff, Math.max(0, Math.trunc(word)))
    }), 7].map((word) => word + 0))
  }))
})

it('makes 64-bit numbers of halves', () => {
  const base = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), fc.constantFrom(0n, 2n ** 63n, -1n))
  fc.assert(fc.property(fc.array(fc.tuple(word, word)), base, fc.boolean(), (halves, start, isNarrow) => {
    const list = both((kernel, account) => {
      const count = halves.length
      const [low, high] = [account.u32(count), account.u32(count)]
      low.set(halves.map(([half]) => half))
      high.set(halves.map(([, half]) => half))
      const target = account.i64(count)
      kernel.halvesToWholes(low.byteOffset, isNarrow ? 0 : high.byteOffset, count, start, target.byteOffset)
      return [...new Uint32Array(target.buffer, target.byteOffset, 2 * count)]
    })
    halves.forEach(([low, high], i) => {
      const whole = BigInt.asUintN(64, start + BigInt(low) + (isNarrow ? 0n : BigInt(high) << 32n))
      expect(BigInt(list[2 * i + 1]) << 32n | BigInt(list[2 * i])).toBe(whole)
    })
  }))
})

it('finds the ends and the sum of doubles', () => {
  fc.assert(fc.property(fc.array(number, { maxLength: 70 }), (values) => {
    const [least, most, sum] = both((kernel, account) => {
      const at = placed(account, values).byteOffset
      const ends = account.f64(2)
      kernel.doubleEnds(at, values.length, ends.byteOffset)
      return [...ends, kernel.sumDoubles(at, values.length)]
    })
    const numbers = values.filter((value) => !Number.isNaN(value))
    expect(least).toBe(Math.min(...numbers) + 0)
    expect(most).toBe(Math.max(...numbers) + 0)
    if (values.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 40)) {
      expect(sum + 0).toBe(values.reduce((total, value) => total + value, 0))
    }
  }))
})

it('meets doubles by every operation, and says the ends of the results', () => {
  const operation = fc.nat(OPERATIONS.length - 1)
  fc.assert(fc.property(fc.array(fc.tuple(number, number), { maxLength: 40 }), operation, fc.boolean(), (pairs, which, isConst) => {
    const count = pairs.length
    const others = isConst ? Array(2).fill(pairs[0]?.[1] ?? 1) : pairs.map(([, y]) => y)
    const list = both((kernel, account) => {
      const x = placed(account, pairs.map(([value]) => value))
      const y = placed(account, others)
      const target = account.f64(count + 1).fill(77)
      const ends = account.f64(2)
      kernel.combineDoubles(which, x.byteOffset, y.byteOffset, isConst ? 0 : 16, count, target.byteOffset, ends.byteOffset)
      return [...target, ...ends]
    })
    const results = pairs.map(([x, y]) => OPERATIONS[which](x, isConst ? others[0] : y))
    expect(list.slice(0, count)).toEqual(results)
    expect(list[count]).toBe(77)
  }))
})

it('tells how many doubles are whole numbers over a scale, and makes halves of them', () => {
  const scaled = fc.tuple(fc.oneof(fc.integer(), fc.nat(9999), fc.integer({ min: -(2 ** 51), max: 2 ** 51 })), fc.constantFrom(1, 10, 1000, 64)).map(([whole, by]) => whole / by)
  const list = fc.oneof(fc.array(scaled, { maxLength: 20 }), fc.array(fc.oneof(scaled, number), { maxLength: 20 }))
  fc.assert(fc.property(list, fc.nat(6), fc.constantFrom(2 ** 52, 2 ** 53), (values, exponent, limit) => {
    const scale = 10 ** exponent
    const wholes = values.map((value) => nearest(value * scale))
    const first = wholes.findIndex((whole, i) => (
      whole / scale !== values[i] || Math.abs(whole) >= limit || Object.is(values[i], -0)))
    const prefix = wholes.slice(0, first < 0 ? wholes.length : first).map((whole) => whole + 0)
    const base = Math.min(...prefix)
    // What is stored as halves is no further than this from the least: beyond it doubles skip numbers.
    const isHalved = Math.max(...prefix) - base <= Number.MAX_SAFE_INTEGER
    const found = both((kernel, account) => {
      const at = placed(account, values).byteOffset
      const count = kernel.scaledPrefix(at, values.length, scale, limit)
      expect(count).toBe(prefix.length)
      if (!isHalved) return []
      const [low, high, alone] = [account.u32(count), account.u32(count), account.u32(count)]
      kernel.scaledHalves(at, count, scale, base, low.byteOffset, high.byteOffset)
      if (Math.max(...prefix) - base < 2 ** 32) {
        kernel.scaledHalves(at, count, scale, base, alone.byteOffset, 0)
        expect([...alone]).toEqual([...low])
      }
      return Array.from(low, (half, i) => base + high[i] * 2 ** 32 + half)
    })
    if (isHalved) expect(found).toEqual(prefix)
  }), { numRuns: 300 })
})
