import fc from 'fast-check'
import { expect, it } from 'vitest'
import { internReference, type InternKernels } from './intern.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels: readonly InternKernels[] = [bindKernels(compileKernels(), work), internReference(work)]

const text = fc.oneof(fc.nat(50).map((n) => `user_${n}`), fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(80).map((n) => 'chains of four lanes '.repeat(4).slice(0, n)),
  fc.constantFrom('', 'a', 'ab', 'abc', 'abcd', 'abcde', '\0', '\0\0', 'x'.repeat(31), 'x'.repeat(33)))

/** Codes of all batches over one set, and the strings of the set. */
function interned({ internStrings }: InternKernels, batches: readonly (readonly string[])[], slotsMin = 2) {
  const account = new MemoryAccount(work, 16 * 2 ** 20)
  const total = batches.flat()
  const bytesMax = total.reduce((sum, value) => sum + Buffer.byteLength(value), 0)
  const slotCount = Math.max(slotsMin, 2 ** Math.ceil(Math.log2(total.length * 2 + 2)))
  const slots = account.u32(slotCount * 2).fill(0)
  const setOffsets = account.u32(total.length + 1)
  setOffsets[0] = 0
  const setBytes = account.u8(bytesMax)
  let size = 0
  const codes = batches.map((batch) => {
    const offsets = account.u32(batch.length + 1)
    const all = batch.map((value) => Buffer.from(value))
    offsets[0] = 0
    all.forEach((value, index) => { offsets[index + 1] = offsets[index] + value.length })
    const bytes = account.u8(offsets[batch.length])
    // What lies behind a string must not matter: the next one, or rubbish.
    all.forEach((value, index) => bytes.set(value, offsets[index]))
    const out = account.u32(batch.length)
    size = internStrings(offsets.byteOffset, bytes.byteOffset, batch.length, slots.byteOffset, slotCount - 1,
      setOffsets.byteOffset, setBytes.byteOffset, size, out.byteOffset)
    return [...out]
  })
  const strings = Array.from({ length: size }, (_, code) => (
    Buffer.from(setBytes.slice(setOffsets[code], setOffsets[code + 1])).toString()))
  account.releaseAll()
  return { codes, strings }
}

it('numbers distinct strings in order of appearance, as the reference does', () => {
  fc.assert(fc.property(fc.array(fc.array(text, { maxLength: 60 }), { maxLength: 5 }), (batches) => {
    const distinct = [...new Set(batches.flat())]
    const expected = { codes: batches.map((batch) => batch.map((value) => distinct.indexOf(value))), strings: distinct }
    for (const kernel of kernels) expect(interned(kernel, batches)).toEqual(expected)
  }))
})

it('looks ahead in a set that no cache holds, and numbers them alike', () => {
  fc.assert(fc.property(fc.array(fc.array(text, { maxLength: 200 }), { minLength: 1, maxLength: 3 }), (batches) => {
    const distinct = [...new Set(batches.flat())]
    const expected = { codes: batches.map((batch) => batch.map((value) => distinct.indexOf(value))), strings: distinct }
    expect(interned(kernels[0], batches, 2 ** 16)).toEqual(expected)
  }), { numRuns: 40 })
})

it('links the strings of a set anew, so that each is found again', () => {
  fc.assert(fc.property(fc.uniqueArray(text, { minLength: 1, maxLength: 60 }), (strings) => {
    const tables = kernels.map(({ linkStrings, internStrings }) => {
      const account = new MemoryAccount(work, 16 * 2 ** 20)
      const all = strings.map((value) => Buffer.from(value))
      const offsets = account.u32(all.length + 1)
      offsets[0] = 0
      all.forEach((value, index) => { offsets[index + 1] = offsets[index] + value.length })
      const bytes = account.u8(offsets[all.length])
      all.forEach((value, index) => bytes.set(value, offsets[index]))
      const slots = account.u32(256).fill(0)
      linkStrings(offsets.byteOffset, bytes.byteOffset, all.length, slots.byteOffset, 127)
      const codes = account.u32(all.length)
      const size = internStrings(offsets.byteOffset, bytes.byteOffset, all.length, slots.byteOffset, 127,
        offsets.byteOffset, bytes.byteOffset, all.length, codes.byteOffset)
      const found = { size, codes: [...codes], slots: [...slots] }
      account.releaseAll()
      return found
    })
    expect(tables[0]).toEqual({ ...tables[1], size: strings.length, codes: strings.map((_, code) => code) })
  }))
})
