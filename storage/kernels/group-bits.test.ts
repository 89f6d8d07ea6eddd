import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { groupBitsReference } from './group-bits.ts'
import { WorkMemory } from './work-memory.ts'

const both = bothOf(new WorkMemory(2 ** 22), groupBitsReference)
const [GROUPS, WORDS] = [5, 3]

it('sets the bits of full buffers, and of the others in the end', () => {
  const rows = fc.array(fc.tuple(fc.nat(GROUPS - 1), fc.nat(WORDS * 32 - 1)), { maxLength: 60 })
  fc.assert(fc.property(fc.array(rows, { maxLength: 3 }), fc.constantFrom(1, 4, 8, 100), (batches, capacity) => {
    const answer = both((kernel, account) => {
      const bits = account.u32(GROUPS * WORDS).fill(0)
      const buffers = account.u32(GROUPS * capacity)
      const fills = account.u32(GROUPS).fill(0)
      const waiting = batches.map((batch) => {
        const [groups, codes] = [account.u32(batch.length), account.u32(batch.length)]
        groups.set(batch.map(([group]) => group))
        codes.set(batch.map(([, code]) => code))
        kernel.pushGroupBits(bits.byteOffset, WORDS, groups.byteOffset, codes.byteOffset, batch.length, buffers.byteOffset, capacity, fills.byteOffset)
        return { fills: [...fills], bits: [...bits] }
      })
      kernel.flushGroupBits(bits.byteOffset, WORDS, GROUPS, buffers.byteOffset, capacity, fills.byteOffset)
      return { waiting, bits: [...bits], fills: [...fills] }
    })
    const wanted = new Uint32Array(GROUPS * WORDS)
    for (const [group, code] of batches.flat()) wanted[group * WORDS + (code >>> 5)] |= 1 << (code & 31)
    expect(answer.bits).toEqual([...wanted])
    expect(answer.fills).toEqual(Array(GROUPS).fill(0))
    const counts = Array.from({ length: GROUPS }, (_, g) => batches.flat().filter(([group]) => group === g).length % capacity)
    expect(answer.waiting.at(-1)?.fills ?? counts).toEqual(counts)
  }))
})
