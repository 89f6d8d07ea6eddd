import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import type { NumberArray } from '../column/number-array.ts'
import { kindOf, statesReference } from './states.ts'
import { WorkMemory, type MemoryAccount } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const both = bothOf(work, statesReference)
const GROUPS = 5

function words(account: MemoryAccount, values: readonly number[]): Uint32Array {
  const array = account.u32(values.length)
  array.set(values)
  return array
}

const KINDS = [
  Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array,
] as const
const number = fc.oneof(fc.integer({ min: -300, max: 70000 }), fc.double(), fc.constantFrom(Number.NaN, -0, 0))
/** 0 and -0 are one least value. */
const unsigned = (value: number): number => value + 0
const rowsOf = fc.array(fc.tuple(fc.nat(GROUPS - 1), number), { maxLength: 60 })

it('counts, sums, and keeps least and most of every kind of values as the reference does', () => {
  fc.assert(fc.property(rowsOf, fc.constantFrom(...KINDS), (rows, Kind) => {
    const groups = rows.map(([group]) => group)
    const answer = both((kernel, account) => {
      const pointer = account.allocate(rows.length * Kind.BYTES_PER_ELEMENT)
      const values: NumberArray = new Kind(account.work.buffer, pointer, rows.length)
      values.set(rows.map(([, value]) => value))
      const at = words(account, groups).byteOffset
      const counts = account.f64(GROUPS).fill(0)
      const sums = account.f64(GROUPS).fill(0)
      const least = account.f64(GROUPS).fill(Number.NaN)
      const most = account.f64(GROUPS).fill(Number.NaN)
      kernel.countGroups(at, rows.length, counts.byteOffset)
      kernel.addGroups(kindOf(values), at, pointer, rows.length, sums.byteOffset)
      kernel.leastOfGroups(kindOf(values), at, pointer, rows.length, least.byteOffset)
      kernel.mostOfGroups(kindOf(values), at, pointer, rows.length, most.byteOffset)
      const records = account.f64(GROUPS * 4)
      for (let at = 0; at < records.length; at += 4) records.set([Number.NaN, Number.NaN, 0, 7], at)
      kernel.spanGroups(kindOf(values), at, pointer, rows.length, records.byteOffset)
      for (const [slot, alone] of [least, most, counts].entries()) {
        const taken = account.f64(GROUPS)
        kernel.takeSlots(records.byteOffset, slot, GROUPS, taken.byteOffset)
        expect([...taken].map(unsigned)).toEqual([...alone].map(unsigned))
      }
      return [counts, sums, least, most, values].map((array) => [...array])
    })
    const values = answer[4]
    for (let g = 0; g < GROUPS; g++) {
      const mine = values.filter((_, i) => groups[i] === g)
      const numbers = mine.filter((value) => !Number.isNaN(value))
      expect(answer[0][g]).toBe(mine.length)
      expect(answer[2][g] === Math.min(...numbers) || (numbers.length === 0 && Number.isNaN(answer[2][g]))).toBe(true)
      expect(answer[3][g] === Math.max(...numbers) || (numbers.length === 0 && Number.isNaN(answer[3][g]))).toBe(true)
    }
  }))
})

it('adds narrow records of other rows as if all rows had come at once', () => {
  const some = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: 0, max: 2 ** 32 - 1 })), { maxLength: 40 })
  fc.assert(fc.property(some, some, (one, other) => {
    const [merged, together] = both((kernel, account) => {
      const recordsOf = (rows: readonly (readonly [number, number])[]) => {
        const records = account.u32(10 * 4).fill(0)
        kernel.spanWords(kindOf(new Uint32Array(0)), words(account, rows.map(([group]) => group)).byteOffset,
          words(account, rows.map(([, value]) => value)).byteOffset, rows.length, records.byteOffset)
        return records
      }
      const [ours, theirs, all] = [recordsOf(one), recordsOf(other), recordsOf([...one, ...other])]
      kernel.mergeSpans(theirs.byteOffset, 10, ours.byteOffset)
      return [[...ours], [...all]]
    })
    expect(merged).toEqual(together)
  }))
})

it('keeps spans of unsigned values in narrow records, packs those that have one, and takes them apart', () => {
  const unsignedRows = fc.array(fc.tuple(fc.nat(9), fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 }))), { maxLength: 60 })
  fc.assert(fc.property(unsignedRows, fc.constantFrom(Uint8Array, Uint16Array, Uint32Array), (rows, Kind) => {
    const [numbers, least, most, counts] = both((kernel, account) => {
      const pointer = account.allocate(rows.length * Kind.BYTES_PER_ELEMENT)
      const values: NumberArray = new Kind(account.work.buffer, pointer, rows.length)
      values.set(rows.map(([, value]) => value))
      const groups = words(account, rows.map(([group]) => group))
      const records = account.u32(10 * 4).fill(0)
      kernel.spanWords(kindOf(values), groups.byteOffset, pointer, rows.length, records.byteOffset)
      const before = account.f64(10)
      kernel.takeSpans(records.byteOffset, 0, 10, before.byteOffset)
      for (let g = 0; g < 10; g++) expect(Number.isNaN(before[g])).toBe(!rows.some(([group]) => group === g))
      const found = account.u32(10)
      const count = kernel.packSpans(records.byteOffset, 10, found.byteOffset)
      const taken = [0, 1, 2].map((place) => {
        const doubles = account.f64(count)
        kernel.takeSpans(records.byteOffset, place, count, doubles.byteOffset)
        return [...doubles]
      })
      return [[...found.subarray(0, count)], ...taken]
    })
    const mask = 2 ** (8 * Kind.BYTES_PER_ELEMENT)
    expect(numbers).toEqual([...new Set(rows.map(([group]) => group))].sort((a, b) => a - b))
    numbers.forEach((group, i) => {
      const mine = rows.filter(([one]) => one === group).map(([, value]) => value % mask)
      expect([least[i], most[i], counts[i]]).toEqual([Math.min(...mine), Math.max(...mine), mine.length])
    })
  }))
})

it('adds values to the sums of their groups, and counts them', () => {
  const rows = fc.array(fc.tuple(fc.nat(9), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })), { maxLength: 60 })
  fc.assert(fc.property(rows, fc.constantFrom(Uint8Array, Uint16Array, Uint32Array, Int8Array, Int16Array, Int32Array, Float32Array, Float64Array),
    (list, Kind) => {
      const values: NumberArray = Kind.from(list.map(([, value]) => value))
      const records = both((kernel, account) => {
        const pointer = account.allocate(Math.max(1, values.byteLength))
        const near: NumberArray = new Kind(account.work.buffer, pointer, values.length)
        near.set(values)
        const found = account.f64(10 * 2).fill(0)
        kernel.sumGroups(kindOf(near), words(account, list.map(([group]) => group)).byteOffset, pointer, list.length, found.byteOffset)
        return Array.from({ length: 10 }, (_, g) => [found[2 * g], new Uint32Array(found.buffer, found.byteOffset + 16 * g + 8, 1)[0]])
      })
      records.forEach((record, g) => {
        const mine = [...values].filter((_, i) => list[i][0] === g)
        expect(record).toEqual([mine.reduce((sum, value) => sum + value, 0), mine.length])
      })
    }))
})

it('tallies codes as the reference does', () => {
  fc.assert(fc.property(fc.array(fc.nat(6), { maxLength: 40 }), (list) => {
    const counts = both((kernel, account) => {
      const codes = words(account, list)
      const out = account.u32(7 * 4).fill(0)
      kernel.tallyCodes(codes.byteOffset, list.length, out.byteOffset)
      return [...out]
    })
    for (let code = 0; code < 7; code++) {
      const all = counts.slice(code * 4, code * 4 + 4).reduce((sum, part) => sum + part, 0)
      expect(all).toBe(list.filter((one) => one === code).length)
    }
  }))
})

/** Rows of groups in any order, or of one group after the other. */
const pairsOf = fc.tuple(fc.boolean(), fc.array(fc.tuple(fc.nat(GROUPS - 1), fc.oneof(fc.nat(40), fc.nat(95))), { maxLength: 100 }))
  .map(([isSorted, rows]) => (isSorted ? [...rows].sort(([a], [b]) => a - b) : rows))

it('counts distinct codes by bitmaps and by sets of pairs alike', () => {
  fc.assert(fc.property(pairsOf, (rows) => {
    const expected = Array.from({ length: GROUPS }, (_, g) => (
      new Set(rows.filter(([group]) => group === g).map(([, code]) => code)).size))
    const answer = both((kernel, account) => {
      const groups = words(account, rows.map(([group]) => group)).byteOffset
      const codes = words(account, rows.map(([, code]) => code)).byteOffset
      const bits = account.u32(GROUPS * 3).fill(0)
      const slots = account.u32(2 * 256).fill(0)
      const counts = [account.u32(GROUPS).fill(0), account.u32(GROUPS).fill(0)]
      kernel.setGroupBits(bits.byteOffset, 3, groups, codes, rows.length)
      kernel.countBits(bits.byteOffset, 3, GROUPS, counts[0].byteOffset)
      const added = kernel.addPairs(slots.byteOffset, 255, groups, codes, rows.length, counts[1].byteOffset)
      const twice = account.u32(GROUPS * 9).fill(0)
      const merged = account.u32(GROUPS).fill(0)
      const toGroup = words(account, [4, 3, 2, 1, 0]).byteOffset
      for (let i = 0; i < 2; i++) {
        kernel.mergeBits(bits.byteOffset, 3, twice.byteOffset, 4, toGroup, GROUPS)
      }
      // Longer ones, into the same groups again.
      const wide = account.u32(GROUPS * 9).fill(0)
      kernel.mergeBits(twice.byteOffset, 4, wide.byteOffset, 9, words(account, [0, 1, 2, 3, 4]).byteOffset, GROUPS)
      const long = account.u32(GROUPS * 9).fill(0)
      kernel.mergeBits(wide.byteOffset, 9, long.byteOffset, 9, words(account, [0, 1, 2, 3, 4]).byteOffset, GROUPS)
      kernel.countBits(long.byteOffset, 9, GROUPS, merged.byteOffset)
      const listed = [account.u32(rows.length), account.u32(rows.length)]
      const found = kernel.listBits(bits.byteOffset, 3, GROUPS, listed[0].byteOffset, listed[1].byteOffset)
      const shared = [0, 1, 2, 3].map((g) => kernel.countShared(
        long.byteOffset + g * 36, long.byteOffset + (g + 1) * 36, 9))
      const pairs = Array.from({ length: found }, (_, i) => `${listed[0][i]} ${listed[1][i]}`)
      return {
        counts: counts.map((array) => [...array]), added, bits: [...bits], slots: [...slots],
        merged: [...merged].reverse(), twice: [...twice], pairs, shared: shared.reverse(),
      }
    })
    expect(answer.merged).toEqual(expected)
    const codesOf = (group: number) => new Set(rows.filter((row) => row[0] === group).map((row) => row[1]))
    expect(answer.shared).toEqual([0, 1, 2, 3].map((g) => (
      [...codesOf(g)].filter((code) => codesOf(g + 1).has(code)).length)))
    expect(answer.pairs).toEqual([...new Set(rows.map(([group, code]) => `${group} ${code}`))]
      .sort((a, b) => Number(a.split(' ')[0]) * 1000 + Number(a.split(' ')[1])
        - Number(b.split(' ')[0]) * 1000 - Number(b.split(' ')[1])))
    expect(answer.counts).toEqual([expected, expected])
    expect(answer.added).toBe(expected.reduce((sum, count) => sum + count, 0))
  }))
})
