// Kept blocks that are packed into few: the same rows, in less of the account.

import { expect, it } from 'vitest'
import { STRING, UINT32 } from '../../../storage/column/data-type.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { valueAt, vectorOf } from '../../functions/values/values.ts'
import { asConst } from '../../functions/values/vectors.ts'
import { KeptRows } from './kept-rows.ts'

const work = new WorkMemory(2 ** 25)
loadKernels(work)

it('packs blocks that cells of their own waste room for, and gives their rows back in order', () => {
  const [scratch, account] = [new MemoryAccount(work, 2 ** 24), new MemoryAccount(work, 2 ** 24)]
  const types = [UINT32, STRING, UINT32]
  const [packed, loose] = [new KeptRows(account), new KeptRows(account)]
  const used = [packed, loose].map((kept) => {
    const before = account.usedBytes
    for (let block = 0; block < 200; block++) {
      const rows = Array.from({ length: 256 }, (_, i) => block * 256 + i)
      kept.add({ rowCount: 256, columns: [
        vectorOf(rows, UINT32, scratch), vectorOf(rows.map((row) => `t${row}`), STRING, scratch), asConst(vectorOf([7], UINT32, scratch), 256),
      ] })
      if (kept === packed) kept.pack()
      if (block === 3) kept.hold()
    }
    return account.usedBytes - before
  })
  expect(used[0]).toBeLessThan(used[1] * 0.8)
  expect(packed.blocks.length).toBeLessThan(80)
  expect(packed.byteLength).toBe(loose.byteLength)
  const [found, wanted] = [packed, loose].map((kept) => kept.join(types).columns.map((column) => (
    Array.from({ length: column.length }, (_, row) => valueAt(column, row)))))
  expect(found).toEqual(wanted)
  for (const one of [scratch, account]) one.releaseAll()
})
