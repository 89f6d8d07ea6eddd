import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { selectReference, UNANSWERED } from './select.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(4 * 2 ** 20)
const kernels = [bindKernels(compileKernels(), work), selectReference(work)]

it('selects the rows that the condition names, ascending', () => {
  const rows = fc.array(fc.nat(12), { maxLength: 80 })
  fc.assert(fc.property(rows, fc.array(fc.constantFrom(1, 2, 1, 2, 0), { minLength: 13, maxLength: 13 }), fc.nat(12), (codes, answers, wanted) => {
    const where = (isWanted: (code: number) => boolean) => codes.flatMap((code, row) => (isWanted(code) ? [row] : []))
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 2 ** 20)
      const [words, flags, answer, target] = [account.u32(codes.length), account.u8(codes.length), account.u8(13), account.u32(codes.length)]
      words.set(codes)
      flags.set(codes)
      answer.set(answers)
      const selected = (found: number) => [...target.subarray(0, found)]
      expect(selected(kernel.equalRows(words.byteOffset, codes.length, wanted, target.byteOffset))).toEqual(where((code) => code === wanted))
      expect(selected(kernel.trueRows(flags.byteOffset, codes.length, target.byteOffset))).toEqual(where((code) => code !== 0))
      const found = kernel.answeredRows(words.byteOffset, codes.length, answer.byteOffset, target.byteOffset)
      if (codes.some((code) => answers[code] === 0)) expect(found).toBe(UNANSWERED)
      else expect(selected(found)).toEqual(where((code) => answers[code] === 2))
      account.releaseAll()
    }
  }))
})

it('places codes, those that have none once each', () => {
  const places = fc.array(fc.nat(3), { minLength: 13, maxLength: 13 })
  fc.assert(fc.property(fc.array(fc.nat(12), { maxLength: 80 }), places, (codes, known) => {
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 2 ** 20)
      const [words, table, target] = [account.u32(codes.length), account.u32(13), account.u32(codes.length)]
      words.set(codes)
      table.set(known)
      const found = kernel.unplacedCodes(words.byteOffset, codes.length, table.byteOffset, target.byteOffset)
      expect([...target.subarray(0, found)]).toEqual([...new Set(codes.filter((code) => known[code] === 0))])
      const now = known.map((place, code) => (place === 0 && codes.includes(code) ? 0xffffffff : place))
      expect([...table]).toEqual(now)
      kernel.placesOf(words.byteOffset, codes.length, table.byteOffset, target.byteOffset)
      expect([...target]).toEqual(codes.map((code) => (now[code] - 1) >>> 0))
      account.releaseAll()
    }
  }))
})

it('selects the rows within a range, up to its ends', () => {
  const word = fc.oneof(fc.nat(9), fc.nat(2 ** 32 - 1), fc.constantFrom(0, 2 ** 31, 2 ** 32 - 1))
  fc.assert(fc.property(fc.array(word, { maxLength: 80 }), word, word, (words, a, b) => {
    const [min, max] = [Math.min(a, b), Math.max(a, b)]
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 2 ** 20)
      const [values, target] = [account.u32(words.length), account.u32(words.length)]
      values.set(words)
      const found = kernel.rangeRows(values.byteOffset, words.length, min, max, target.byteOffset)
      expect([...target.subarray(0, found)])
        .toEqual(words.flatMap((value, row) => (value >= min && value <= max ? [row] : [])))
      account.releaseAll()
    }
  }))
})

it('splits rows by the buckets of their words', () => {
  const word = fc.oneof(fc.nat(300), fc.nat(0xffffffff), fc.constantFrom(0, 0xffffffff, 0x80000000))
  fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), fc.nat(59), fc.nat(59), (all, a, b) => {
    const sorted = [...all].sort((one, other) => one - other)
    const [least, most] = [sorted[0], sorted[sorted.length - 1]]
    const shift = Math.max(0, 32 - Math.clz32(most - least) - 6)
    const bucketOf = (value: number): number => value - least >>> shift
    const [first, last] = [a, b].map((rank) => bucketOf(sorted[rank % all.length])).sort((one, other) => one - other)
    const rowsOf = (isWanted: (bucket: number) => boolean): number[] =>
      all.flatMap((value, row) => (isWanted(bucketOf(value)) ? [row] : []))
    const wanted = [rowsOf((bucket) => bucket < first), rowsOf((bucket) => bucket >= first && bucket <= last)]
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 2 ** 20)
      const [words, range, buckets] = [account.u32(all.length), account.u32(2), account.u32(64).fill(0)]
      words.set(all)
      kernel.rangeOfWords(words.byteOffset, all.length, range.byteOffset)
      expect([...range]).toEqual([least, most])
      kernel.countBuckets(words.byteOffset, all.length, least, shift, buckets.byteOffset)
      expect([...buckets]).toEqual(Array.from({ length: 64 }, (_, bucket) => rowsOf((one) => one === bucket).length))
      const lists = wanted.map(({ length }) => account.u32(length + 1))
      const before = kernel.splitBuckets(words.byteOffset, all.length, least, shift, first, last, lists[0].byteOffset,
        lists[1].byteOffset)
      expect(before).toBe(wanted[0].length)
      expect(lists.map((list) => [...list.subarray(0, -1)])).toEqual(wanted)
      account.releaseAll()
    }
  }), { numRuns: 300 })
})
