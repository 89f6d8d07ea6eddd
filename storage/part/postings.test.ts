import fc from 'fast-check'
import { expect, it } from 'vitest'
import { writeNumbers } from '../codec/numbers.ts'
import { EncodeSpace } from '../codec/space.ts'
import { loadKernels } from '../kernels/load.ts'
import { listBitsMax } from '../kernels/postings.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { PAGE_BYTES, Postings } from './postings.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels = loadKernels(work)
const ROW_BITS = 31

/** One group of lists, as an image has it, `before` bytes behind the begin of the first page. */
function postingsOf(lists: readonly (readonly number[])[], before = 0): Postings {
  const account = new MemoryAccount(work, 16 * 2 ** 20)
  const space = new EncodeSpace(account, kernels)
  const rows = account.u32(lists.flat().length + 1)
  rows.set(lists.flat())
  const counts = account.u32(lists.length)
  counts.set(lists.map((list) => list.length))
  const packed = account.u8(Math.ceil(listBitsMax(rows.length, lists.length) / 8) + 8).fill(0)
  const bits = kernels.packLists(rows.byteOffset, counts.byteOffset, 0, lists.length, ROW_BITS, packed.byteOffset)
  const bytes = new Uint8Array(before + Math.ceil(bits / 8)).fill(0xa5)
  bytes.set(packed.subarray(0, bytes.length - before), before)
  space.out.u8(ROW_BITS)
  space.stage(2).set([before, bytes.length])
  writeNumbers(space, space.stage(2), 2, 0)
  const directory = space.out.bytes().slice()
  account.releaseAll()
  return new Postings(directory, lists.length, (page) => bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
}

it('reads lists of near and far rows, those before them passed over', () => {
  const gap = fc.oneof(fc.constant(0), fc.nat(3), fc.nat(60), fc.nat(20_000), fc.nat(5_000_000))
  // Gaps that are alike but for one: its high part takes many ones, or the escape.
  const list = fc.array(gap, { maxLength: 90 })
  const before = fc.constantFrom(0, 7, PAGE_BYTES - 9, PAGE_BYTES - 1, 2 * PAGE_BYTES + 5)
  fc.assert(fc.property(fc.array(list, { minLength: 1, maxLength: 16 }), before, (gaps, from) => {
    const lists = gaps.map((own) => {
      let row = -1
      return own.map((one) => { row += one + 1; return row })
    })
    const postings = postingsOf(lists, from)
    lists.forEach((rows, code) => {
      expect(postings.countOf(code)).toBe(rows.length)
      expect([...postings.rowsOf(code)]).toEqual(rows)
    })
    // Again from the last on, by places that are kept now, or as before where there were few.
    const again = postingsOf(lists, from)
    for (let pass = 0; pass < 3; pass++) {
      for (let code = lists.length - 1; code >= 0; code--) expect([...again.rowsOf(code)]).toEqual(lists[code])
    }
  }), { numRuns: 150 })
})

it('reads gaps of every size between rows that follow each other', () => {
  for (let bits = 0; bits < 28; bits++) {
    for (const far of [2 ** bits - 1, 2 ** bits]) {
      for (const repeats of [1, 3, 40]) {
        const rows = Array.from({ length: repeats + 1 }, (_, i) => i)
        rows.push(repeats + far + 1, repeats + far + 2)
        expect([...postingsOf([[5], rows, rows]).rowsOf(2)]).toEqual(rows)
      }
    }
  }
})
