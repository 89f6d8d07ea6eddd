import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { samplesReference, type SampleKernels } from './samples.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels: readonly SampleKernels[] = [bindKernels(compileKernels(), work), samplesReference(work)]

const GROUPS = 5
const FILTER_SLOTS = 8
const sample = fc.oneof(fc.nat(12), fc.nat(40).map((n) => n << 6), fc.nat(0xffff).map((n) => n * 65537),
  fc.constantFrom(0, 0xffffffff, 0x80000000))
const rows = fc.array(fc.tuple(fc.nat(GROUPS - 1), sample), { maxLength: 60 })

/** Samples by group and skip degrees after blocks of pairs, folded after each. */
function folded(kernel: SampleKernels, blocks: readonly (readonly (readonly [number, number])[])[], keptMax: number) {
  const account = new MemoryAccount(work, 8 * 2 ** 20)
  const room = blocks.flat().length + 1
  const tableSlots = 2 ** Math.ceil(Math.log2(2 * keptMax + 2))
  const skips = account.u32(GROUPS).fill(0)
  const filter = account.u32(FILTER_SLOTS * 2).fill(0xffffffff)
  const [log, ends, sorted, table] = [account.u32(room * 2), account.u32(GROUPS + 1), account.u32(room), account.u32(tableSlots)]
  let [oldEnds, newEnds] = [account.u32(GROUPS).fill(0), account.u32(GROUPS)]
  let [old, fresh] = [account.u32(room), account.u32(room)]
  for (const block of blocks) {
    const groups = account.u32(block.length)
    const samples = account.u32(block.length)
    block.forEach(([group, value], row) => { groups[row] = group; samples[row] = value })
    const logged = kernel.logSamples(groups.byteOffset, samples.byteOffset, block.length, skips.byteOffset,
      filter.byteOffset, FILTER_SLOTS - 1, log.byteOffset, 0)
    const kept = kernel.foldSamples(log.byteOffset, logged, GROUPS, ends.byteOffset, sorted.byteOffset,
      oldEnds.byteOffset, old.byteOffset, skips.byteOffset, keptMax, table.byteOffset, tableSlots,
      newEnds.byteOffset, fresh.byteOffset)
    expect(newEnds[GROUPS - 1]).toBe(kept)
    ;[old, fresh, oldEnds, newEnds] = [fresh, old, newEnds, oldEnds]
  }
  const sets = Array.from({ length: GROUPS }, (_, g) =>
    [...old.subarray(g === 0 ? 0 : oldEnds[g - 1], oldEnds[g])].sort((a, b) => a - b))
  const degrees = [...skips]
  account.releaseAll()
  return { sets, degrees }
}

/** The rule itself: the least skip degree at which no more than keptMax distinct samples are left. */
function wanted(pairs: readonly (readonly [number, number])[], keptMax: number) {
  const all = Array.from({ length: GROUPS }, (_, g) => [...new Set(pairs.filter(([group]) => group === g).map(([, value]) => value >>> 0))])
  const degrees = all.map((list) => {
    let skip = 0
    while (list.filter((value) => value % 2 ** skip === 0).length > keptMax) skip++
    return skip
  })
  return { degrees, sets: all.map((list, g) => list.filter((value) => value % 2 ** degrees[g] === 0).sort((a, b) => a - b)) }
}

it('keeps what the least sufficient skip degree leaves, whatever the order', () => {
  fc.assert(fc.property(fc.array(rows, { maxLength: 4 }), fc.integer({ min: 2, max: 9 }), (blocks, keptMax) => {
    const expected = wanted(blocks.flat(), keptMax)
    for (const kernel of kernels) expect(folded(kernel, blocks, keptMax)).toEqual(expected)
  }), { numRuns: 300 })
})

it('hashes words and finds new codes as the reference does', () => {
  const word = fc.oneof(fc.nat(0xffffffff), fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff))
  fc.assert(fc.property(fc.array(fc.tuple(word, word, fc.nat(20)), { maxLength: 50 }), (input) => {
    const answers = kernels.map((kernel) => {
      const account = new MemoryAccount(work, 2 ** 20)
      const count = input.length
      const [low, high, codes] = [account.u32(count), account.u32(count), account.u32(count)]
      input.forEach(([a, b, code], row) => { low[row] = a; high[row] = b; codes[row] = code })
      const [hashes, fresh] = [account.u32(count), account.u32(count)]
      const known = account.u8(21).fill(0)
      known[3] = 1
      kernel.wordSamples(low.byteOffset, high.byteOffset, count, hashes.byteOffset)
      const found = kernel.unknownCodes(codes.byteOffset, count, known.byteOffset, fresh.byteOffset)
      const answer = [[...hashes], [...fresh.subarray(0, found)], [...known]]
      account.releaseAll()
      return answer
    })
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0][1]).toEqual([...new Set(input.map(([, , code]) => code))].filter((code) => code !== 3))
  }))
})
