import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { groupsReference } from './groups.ts'
import { WorkMemory, type MemoryAccount } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const both = bothOf(work, groupsReference)

function placed(account: MemoryAccount, values: readonly number[]): Uint32Array {
  const array = account.u32(values.length)
  array.set(values)
  return array
}

const u32s = fc.array(fc.nat(0xffffffff), { maxLength: 70 })

it('shifts, or-s and maps words as the reference does, and nothing behind them', () => {
  fc.assert(fc.property(u32s, u32s, fc.nat(31), (first, second, shift) => {
    const count = Math.min(first.length, second.length)
    const answer = both((kernel, account) => {
      const out = account.u32(count + 4).fill(7)
      kernel.shiftWords(placed(account, first).byteOffset, shift, count, out.byteOffset)
      kernel.addShiftedWords(placed(account, second).byteOffset, 0, count, out.byteOffset)
      const all = kernel.orWords(out.byteOffset, count) >>> 0
      const xored = account.u32(count + 4).fill(7)
      const allXored = kernel.xorWords(out.byteOffset, second[0] ?? 0, count, xored.byteOffset) >>> 0
      const map = placed(account, Array.from({ length: 16 }, (_, i) => i * 77))
      const codes = placed(account, second.map((value) => value & 15))
      kernel.mapWords(codes.byteOffset, count, map.byteOffset)
      return { out: [...out], all, xored: [...xored], allXored, codes: [...codes] }
    })
    const expected = first.slice(0, count).map((word, i) => ((word << shift) | second[i]) >>> 0)
    expect(answer.out).toEqual([...expected, 7, 7, 7, 7])
    const xored = expected.map((word) => (word ^ second[0]) >>> 0)
    expect(answer.xored).toEqual([...xored, 7, 7, 7, 7])
    expect(answer.allXored).toBe(xored.reduce((all, word) => (all | word) >>> 0, 0))
    expect(answer.all).toBe(expected.reduce((all, word) => (all | word) >>> 0, 0))
    expect(answer.codes.slice(0, count)).toEqual(second.slice(0, count).map((value) => (value & 15) * 77))
  }))
})

it('takes the bits of a word out of records, of all or of chosen ones', () => {
  fc.assert(fc.property(u32s, fc.integer({ min: 1, max: 4 }), fc.nat(31), fc.nat(0xffffffff), fc.array(fc.nat(60)),
    (words, stride, shift, mask, some) => {
      const count = Math.floor(words.length / stride)
      const word = count % stride
      const rows = some.filter((row) => row < count)
      const answer = both((kernel, account) => {
        const records = placed(account, words)
        const [all, chosen] = [account.u32(count + 1).fill(7), account.u32(rows.length + 1).fill(7)]
        kernel.unpackRecords(records.byteOffset, stride, word, shift, mask, 0, count, all.byteOffset)
        kernel.unpackRecords(records.byteOffset, stride, word, shift, mask, placed(account, rows).byteOffset,
          rows.length, chosen.byteOffset)
        return [[...all], [...chosen]]
      })
      const part = (row: number) => ((words[row * stride + word] >>> shift) & mask) >>> 0
      expect(answer).toEqual([[...Array.from({ length: count }, (_, row) => part(row)), 7], [...rows.map(part), 7]])
    }))
})

it('numbers dense keys in order of appearance', () => {
  const keysOf = fc.tuple(fc.boolean(), fc.array(fc.nat(63), { maxLength: 50 }), fc.nat(3))
    .map(([isSorted, keys, bits]) => (isSorted ? keys.map((key) => key >> bits).sort((a, b) => a - b) : keys))
  fc.assert(fc.property(fc.array(keysOf, { maxLength: 4 }), (batches) => {
    const distinct = [...new Set(batches.flat())]
    const answer = both((kernel, account) => {
      const heads = account.u32(64).fill(0)
      const records = account.u32(2 * 300)
      let known = 0
      const groups = batches.map((keys) => {
        const out = account.u32(keys.length)
        known = kernel.denseGroups(heads.byteOffset, records.byteOffset,
          placed(account, keys).byteOffset, keys.length, known, 1, out.byteOffset)
        return [...out]
      })
      const all = account.u32(64)
      const still = kernel.denseGroups(heads.byteOffset, records.byteOffset,
        placed(account, Array.from({ length: 64 }, (_, i) => i)).byteOffset, 64, known, 0, all.byteOffset)
      return { groups, all: [...all], still, keys: distinct.map((_, g) => records[g * 2 + 1]) }
    })
    expect(answer.groups).toEqual(batches.map((keys) => keys.map((key) => distinct.indexOf(key))))
    expect(answer.all).toEqual(Array.from({ length: 64 }, (_, key) => distinct.indexOf(key) >>> 0))
    expect(answer.still).toBe(distinct.length)
    expect(answer.keys).toEqual(distinct)
  }))
})

/** Some keys come several times, one after another. */
const rows = (bins: number) => fc.array(fc.tuple(
  fc.array(fc.oneof(fc.nat(3), fc.nat(0xffffffff)), { minLength: bins, maxLength: bins }), fc.constantFrom(1, 1, 1, 4, 11)), { maxLength: 40 })
  .map((runs) => runs.flatMap(([key, times]) => Array.from({ length: times }, () => key)))

it('finds keys of any number of bins in chains, by low bits or by hash, also once relinked', () => {
  const input = fc.integer({ min: 1, max: 4 }).chain((bins) =>
    fc.tuple(rows(bins), rows(bins), fc.constant(bins), fc.constantFrom(0, 1), fc.constantFrom(1, 8, 128)))
  fc.assert(fc.property(input, ([first, second, bins, isHashed, buckets]) => {
    const distinct = [...new Set(first.map(String))]
    const answer = both((kernel, account) => {
      const records = account.u32((bins + 1) * (first.length + second.length + 1))
      const cell = account.u32(bins + 1)
      let known = 0
      const find = (keys: readonly number[][], heads: Uint32Array, isNew: number) => {
        for (let b = 0; b < bins; b++) cell[b] = placed(account, keys.map((key) => key[b])).byteOffset
        const out = account.u32(keys.length)
        known = kernel.findGroups(heads.byteOffset, heads.length - 1, isHashed, records.byteOffset,
          cell.byteOffset, bins, keys.length, known, isNew, out.byteOffset, cell.byteOffset + 4 * bins)
        return { groups: [...out], steps: cell[bins] }
      }
      const heads = account.u32(buckets).fill(0)
      const entered = find(first, heads, 1)
      const more = account.u32(buckets * 4).fill(0)
      kernel.relinkGroups(more.byteOffset, more.length - 1, isHashed, records.byteOffset, bins, known)
      return { entered, again: find(first, more, 0).groups, others: find(second, more, 0).groups, known }
    })
    expect(answer.entered.groups).toEqual(first.map((key) => distinct.indexOf(String(key))))
    expect(answer.again).toEqual(answer.entered.groups)
    expect(answer.others).toEqual(second.map((key) => distinct.indexOf(String(key)) >>> 0))
    expect(answer.known).toBe(distinct.length)
  }))
})

it('matches rows of a join with the first row of their group', () => {
  const group = fc.oneof(fc.nat(5), fc.constant(0xffffffff))
  fc.assert(fc.property(
    fc.array(group, { maxLength: 40 }), fc.array(fc.nat(9), { minLength: 6, maxLength: 6 }),
    fc.constantFrom(1, 2, 3), (groups, firsts, keeps) => {
      const missing = 9
      const answer = both((kernel, account) => {
        const [rows, built] = [account.u32(groups.length), account.u32(groups.length)]
        const count = kernel.matchRows(placed(account, groups).byteOffset, groups.length,
          placed(account, firsts).byteOffset, missing, keeps, rows.byteOffset, built.byteOffset)
        return Array.from({ length: count }, (_, i) => [rows[i], built[i]])
      })
      expect(answer).toEqual(groups
        .map((one, row) => [row, one === 0xffffffff ? missing : firsts[one]])
        .filter(([, first]) => (keeps & (first === missing ? 2 : 1)) !== 0))
    }))
})
