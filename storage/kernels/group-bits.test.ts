import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { groupBitsReference } from './group-bits.ts'
import { WorkMemory } from './work-memory.ts'

const both = bothOf(new WorkMemory(2 ** 22), groupBitsReference)
const [GROUPS, WORDS] = [5, 3]

it('sets the bits of full buffers, and of the others in the end', () => {
  const rows = fc.array(fc.tuple(fc.nat(GROUPS - 1), fc.nat(WORDS * 32 - 1)), { maxLength: 90 })
  fc.assert(fc.property(fc.array(rows, { maxLength: 3 }), fc.constantFrom(8, 16, 32, 256), (batches, capacity) => {
    const answer = both((kernel, account) => {
      const bits = account.u32(GROUPS * WORDS).fill(0)
      const buffers = account.u32(GROUPS * capacity)
      const ends = account.u32(GROUPS)
      for (let group = 0; group < GROUPS; group++) ends[group] = buffers.byteOffset + group * capacity * 4
      const waiting = () => [...ends].map((end, group) => (end - buffers.byteOffset) / 4 - group * capacity)
      const steps = batches.map((batch) => {
        const [groups, codes] = [account.u32(batch.length), account.u32(batch.length)]
        groups.set(batch.map(([group]) => group))
        codes.set(batch.map(([, code]) => code))
        kernel.pushGroupBits(bits.byteOffset, WORDS, GROUPS, groups.byteOffset, codes.byteOffset, batch.length,
          buffers.byteOffset, capacity, ends.byteOffset)
        return { waiting: waiting(), bits: [...bits] }
      })
      kernel.flushGroupBits(bits.byteOffset, WORDS, GROUPS, buffers.byteOffset, capacity, ends.byteOffset)
      return { steps, bits: [...bits], waiting: waiting() }
    })
    const wanted = new Uint32Array(GROUPS * WORDS)
    for (const [group, code] of batches.flat()) wanted[group * WORDS + (code >>> 5)] |= 1 << (code & 31)
    expect(answer.bits).toEqual([...wanted])
    expect(answer.waiting).toEqual(Array(GROUPS).fill(0))
    for (const { waiting } of answer.steps) for (const count of waiting) expect(count).toBeLessThanOrEqual(capacity)
    // Where all rows have room, they wait.
    const counts = Array.from({ length: GROUPS }, (_, g) => batches.flat().filter(([group]) => group === g).length)
    const last = answer.steps.at(-1)
    if (last !== undefined && batches.flat().length <= capacity - (capacity >>> 3)) expect(last.waiting).toEqual(counts)
  }))
})
