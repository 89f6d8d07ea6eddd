// Codes by group against sets, whatever sizes are told in whatever order: bitmaps become a set and a set
// becomes bitmaps while workers' states are merged.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BitBuffers } from './bit-buffers.ts'
import { testContext } from '../differential.harness.ts'
import { eachGroup, GroupCodes } from './group-codes.ts'

const GROUPS = 400
const CODES = 16_000

it('keeps the codes of every group, also when small codes follow large ones', () => {
  const pairs = fc.array(fc.tuple(fc.nat(GROUPS - 1), fc.oneof(fc.nat(60), fc.nat(CODES - 1))), { minLength: 1, maxLength: 300 })
  const parts = fc.array(fc.record({ pairs, isMapped: fc.boolean() }), { minLength: 1, maxLength: 6 })
  fc.assert(fc.property(parts, fc.constantFrom(0, 100_000), (all, rows) => {
    const context = { ...testContext(), expectedRows: () => rows }
    const { account } = context
    const toGroup = account.u32(GROUPS).map((_, group) => group)
    const reversed = account.u32(CODES).map((_, code) => CODES - 1 - code)
    const whole = new GroupCodes(context)
    whole.resize(GROUPS)
    const wanted = Array.from({ length: GROUPS }, () => new Set<number>())
    for (const { pairs: some, isMapped } of all) {
      const part = new GroupCodes(context)
      part.resize(GROUPS)
      part.makeRoom(Math.max(...some.map(([, code]) => code)) + 1)
      part.add(Uint32Array.from(some, ([group]) => group), Uint32Array.from(some, ([, code]) => code), false, some.length)
      if (isMapped) whole.mergeMapped(part.export(GROUPS), toGroup, reversed)
      else whole.merge(part.export(GROUPS), toGroup)
      for (const [group, code] of some) wanted[group].add(isMapped ? CODES - 1 - code : code)
      part.free()
    }
    expect(Array.from(whole.counts.subarray(0, GROUPS))).toEqual(wanted.map((codes) => codes.size))
    for (const [group, codes] of wanted.entries()) for (const code of codes) expect(whole.has(group, code)).toBe(true)
    account.releaseAll()
  }), { numRuns: 60 })
})

it('makes bitmaps for the rows that conditions are likely to leave, and when more have come than they paid for', () => {
  const groups = 160
  const context = { ...testContext(), expectedRows: () => 1_000_000, likelyRows: () => 100 }
  const { account } = context
  const [owners, codes] = [account.u32(1000), account.u32(1000)]
  const seen = new GroupCodes(context)
  seen.resize(groups)
  seen.makeRoom(CODES * 4)
  const wanted = Array.from({ length: groups }, () => new Set<number>())
  for (let turn = 0; turn < 80; turn++) {
    for (let i = 0; i < 1000; i++) {
      [owners[i], codes[i]] = [(turn + i) % groups, (turn * 1013 + i * 61) % (CODES * 4)]
      wanted[owners[i]].add(codes[i])
    }
    seen.add(owners, codes, false, 1000)
    if (turn === 0) expect(seen.hasBitmaps).toBe(false)
  }
  expect(seen.hasBitmaps).toBe(true)
  expect([...seen.counts.subarray(0, groups)]).toEqual(wanted.map(({ size }) => size))
  account.releaseAll()
})

it('hands on bitmaps that end where codes do, and needs no more for them than they have', () => {
  const [size, groups] = [2_000_000, 20]
  const context = { ...testContext(), expectedRows: () => 1_000_000 }
  const { account } = context
  const codesFrom = (starts: readonly number[]) => {
    const seen = new GroupCodes(context)
    seen.resize(groups)
    seen.makeRoom(size)
    for (const from of starts) {
      const [owners, codes] = [account.u32(1000), account.u32(1000)]
      for (let i = 0; i < 1000; i++) [owners[i], codes[i]] = [i % groups, from + i * 20]
      seen.add(owners, codes, false, 1000)
    }
    return seen
  }
  // A window at the end of all codes has room beyond them, as they may become more.
  const [late, all] = [codesFrom([1_900_000, 1_920_000, 1_980_000, 0]), codesFrom([0, 700_000, 1_980_000])]
  const exported = late.export(groups)
  expect([exported.firstWord, exported.wordsPerGroup]).toEqual([0, size / 32])
  const toGroup = account.u32(groups)
  for (let group = 0; group < groups; group++) toGroup[group] = group
  const before = account.usedBytes
  all.merge(exported, toGroup)
  expect(account.usedBytes).toBe(before)
  expect([...all.counts.subarray(0, groups)]).toEqual([...codesFrom([0, 700_000, 1_900_000, 1_920_000, 1_980_000]).counts.subarray(0, groups)])
  account.releaseAll()
})

it('keeps windows of many codes wherever they come, widens them and merges them', () => {
  const size = 1_000_000
  const near = fc.tuple(fc.nat(size - 1), fc.array(fc.tuple(fc.nat(5), fc.nat(3000)), { minLength: 1, maxLength: 40 }))
    .map(([first, pairs]) => pairs.map(([group, code]): [number, number] => [group, Math.min(size - 1, first + code)]))
  const parts = fc.array(fc.array(near, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 })
  fc.assert(fc.property(parts, (all) => {
    const context = { ...testContext(), expectedRows: () => 100_000 }
    const { account } = context
    const whole = new GroupCodes(context)
    whole.resize(6)
    // In work memory, where kernels merge.
    const toGroup = account.u32(6)
    for (let group = 0; group < 6; group++) toGroup[group] = 5 - group
    const wanted = Array.from({ length: 6 }, () => new Set<number>())
    for (const blocks of all) {
      const part = new GroupCodes(context)
      for (const block of blocks) {
        part.resize(6)
        part.makeRoom(size)
        const [groups, codes] = [account.u32(block.length), account.u32(block.length)]
        block.forEach(([group, code], row) => {
          groups[row] = group
          codes[row] = code
          wanted[5 - group].add(code)
        })
        part.add(groups, codes, false, block.length)
      }
      whole.merge(part.export(6), toGroup)
      part.free()
    }
    expect([whole.hasBitmaps, ...whole.counts.subarray(0, 6)]).toEqual([true, ...wanted.map((codes) => codes.size)])
    const listed = wanted.map(() => new Set<number>())
    eachGroup(whole.export(6), 6, context, (groups, codes, count) => {
      for (let i = 0; i < count; i++) listed[groups[i]].add(codes[i])
    })
    expect(listed.map((codes) => [...codes].sort((a, b) => a - b)))
      .toEqual(wanted.map((codes) => [...codes].sort((a, b) => a - b)))
    for (const [group, codes] of wanted.entries()) {
      for (const code of codes) {
        for (const asked of [code, Math.max(0, code - 50_000), Math.min(size - 1, code + 50_000)]) {
          expect(whole.has(group, asked)).toBe(codes.has(asked))
        }
      }
      const other = account.u32(size / 32).fill(0xffffffff)
      expect(whole.countShared(group, other)).toBe(codes.size)
      expect(whole.countShared(group, other.subarray(0, 1000)))
        .toBe([...codes].filter((code) => code < 32_000).length)
      account.free(other.byteOffset)
    }
    account.releaseAll()
  }), { numRuns: 60 })
})

it('takes room for the codes that come, not for all that there may be', () => {
  const context = { ...testContext(), expectedRows: () => 100_000_000 }
  const { account } = context
  const seen = new GroupCodes(context)
  const [groups, codes] = [account.u32(100), account.u32(100)]
  const before = account.usedBytes
  for (let step = 0; step < 50; step++) {
    seen.resize(step + 1)
    seen.makeRoom(4_000_000)
    groups.fill(step)
    codes.forEach((_, i) => { codes[i] = 2_000_000 + step * 100 + i })
    seen.add(groups, codes, false, 100)
  }
  expect([...seen.counts.subarray(0, 50)]).toEqual(Array.from({ length: 50 }, () => 100))
  expect(account.usedBytes - before).toBeLessThan(256 * 1024) // all codes: 25 MB
  account.releaseAll()
})

it('takes codes of all 32 bits, and lists bitmaps that are longer than a turn', () => {
  const context = { ...testContext(), expectedRows: () => 1_000_000 }
  const seen = new GroupCodes(context)
  const codes = Uint32Array.from([0, 1, 4_000_000, 131_072, 131_071, 3_999_999])
  seen.resize(2)
  seen.makeRoom(4_000_001)
  seen.add(Uint32Array.from([0, 1, 1, 1, 0, 0]), codes, false, codes.length)
  expect(seen.hasBitmaps).toBe(true)
  const listed: number[][] = []
  eachGroup(seen.export(2), 2, context, (groups, some, count) => {
    for (let i = 0; i < count; i++) listed.push([groups[i], some[i]])
  })
  expect(listed).toEqual([[0, 0], [0, 131_071], [0, 3_999_999], [1, 1], [1, 131_072], [1, 4_000_000]])
  seen.makeRoom(2 ** 32)
  seen.add(Uint32Array.from([1, 1]), Uint32Array.from([2 ** 32 - 1, 4_000_000]), false, 2)
  expect([seen.hasBitmaps, ...seen.counts.subarray(0, 2)]).toEqual([false, 3, 4])
  context.account.releaseAll()
})

it('grows large bitmaps by a quarter, and clears what is new of them', () => {
  const context = { ...testContext(), expectedRows: () => 10_000_000 }
  const used = context.account.u32(8_000_000)
  used.fill(0xffffffff)
  context.account.free(used.byteOffset)
  const seen = new GroupCodes(context)
  seen.resize(100)
  seen.makeRoom(1_000_000)
  for (const [step, groupCount] of [100, 101, 120, 160, 161].entries()) {
    seen.resize(groupCount)
    seen.add(Uint32Array.from([0, groupCount - 1]), Uint32Array.from([step, 999_999 - step]), false, 2)
    const counts = [...seen.counts.subarray(0, groupCount)]
    expect([counts[0], counts[groupCount - 1]]).toEqual([step + 1, 1])
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2 * (step + 1))
  }
  expect(seen.hasBitmaps).toBe(true)
  expect(context.account.usedBytes).toBeLessThan(1.5 * 161 * 1_000_000 / 8)
  context.account.releaseAll()
})

it('keeps many codes of many groups as bitmaps where their rows would take more as pairs, also merged, and no more than a quarter of the memory', () => {
  const codesOf = (rows: number, size: number) => {
    const seen = new GroupCodes({ ...testContext(2 ** 29), expectedRows: () => rows })
    seen.resize(160)
    seen.makeRoom(size)
    seen.add(Uint32Array.from([0, 159, 159]), Uint32Array.from([1, 2, size - 1]), false, 3)
    return seen
  }
  expect(codesOf(1_000_000, 4_000_000).hasBitmaps).toBe(false)
  expect(codesOf(1e9, 20_000_000).hasBitmaps).toBe(false)
  const seen = codesOf(12_000_000, 4_000_000)
  const context = testContext(2 ** 29)
  const merged = new GroupCodes(context)
  merged.resize(160)
  merged.merge(seen.export(160), context.account.u32(160).map((_, group) => group))
  for (const one of [seen, merged]) {
    expect(one.hasBitmaps).toBe(true)
    expect([0, 1, 159].map((group) => one.counts[group])).toEqual([1, 0, 2])
    expect(one.has(159, 3_999_999)).toBe(true)
  }
})

it('keeps the codes of many groups with large bitmaps, whoever asks between blocks', () => {
  const [size, many, rowCount] = [600_000, 130, 4000]
  // Codes below 3,000 do not wait.
  const block = fc.record({ seed: fc.nat(), isSorted: fc.boolean(), near: fc.constantFrom(3000, 600_000), ask: fc.constantFrom('none', 'none', 'counts', 'groups', 'export') })
  fc.assert(fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
    const context = { ...testContext(2 ** 28), expectedRows: () => 10_000_000 }
    const { account } = context
    const seen = new GroupCodes(context)
    seen.resize(many)
    seen.makeRoom(size)
    const wanted = Array.from({ length: many + blocks.length }, () => new Set<number>())
    let groupCount = many
    for (const { seed, isSorted, near, ask } of blocks) {
      const [groups, codes] = [account.u32(rowCount), account.u32(rowCount)]
      for (let row = 0; row < rowCount; row++) {
        const group = isSorted ? Math.floor(row * groupCount / rowCount) : (Math.imul(row + seed, 0x9e3779b1) >>> 0) % groupCount
        // Few groups have most rows: their buffers are full soon.
        groups[row] = row % 2 === 0 && !isSorted ? 1 : group
        codes[row] = (Math.imul(row * 2 + seed, 0x85ebca6b) >>> 0) % near
        wanted[groups[row]].add(codes[row])
      }
      for (let turn = 0; turn < 5; turn++) seen.add(groups, codes, false, rowCount)
      if (ask === 'counts') expect(seen.counts[1]).toBe(wanted[1].size)
      if (ask === 'groups') seen.resize(++groupCount)
      if (ask === 'export') expect(seen.export(groupCount).words.length).toBeGreaterThan(0)
      for (const array of [groups, codes]) account.free(array.byteOffset)
    }
    expect(seen.hasBitmaps).toBe(true)
    expect(BitBuffers.of(many, size / 32, context)).not.toBeNull()
    const exported = Array.from({ length: groupCount }, () => 0)
    eachGroup(seen.export(groupCount), groupCount, context, (groups, codes, count) => {
      for (let i = 0; i < count; i++) if (wanted[groups[i]].has(codes[i])) exported[groups[i]]++
    })
    const sizes = wanted.slice(0, groupCount).map((codes) => codes.size)
    expect(exported).toEqual(sizes)
    expect(Array.from(seen.counts.subarray(0, groupCount))).toEqual(sizes)
    account.releaseAll()
  }), { numRuns: 12 })
}, 60_000)
