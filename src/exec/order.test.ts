// The packed sort against the comparing one.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { vectorOf } from '../functions/values.ts'
import { orderedRows, rowOrder, sortedRows } from './order.ts'

const work = new WorkMemory(2 ** 24)
const kernels = loadKernels(work)

it('orders whole numbers packed with their rows as it orders them by comparing', () => {
  fc.assert(fc.property(
    fc.oneof(
      fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer(), fc.maxSafeInteger()), { minLength: 64, maxLength: 300 }),
      fc.array(fc.integer({ min: -70_000, max: 1000 }), { minLength: 64, maxLength: 300 }),
      fc.array(fc.nat(2 ** 32 - 1), { minLength: 64, maxLength: 300 })),
    fc.boolean(), fc.constantFrom('no', 'up', 'down'), (list, descending, sorted) => {
      const values = sorted === 'no' ? list : [...list].sort((a, b) => (sorted === 'up' ? a - b : b - a))
      const account = new MemoryAccount(work, 2 ** 23)
      const vector = vectorOf(values, parseDataType('Int64'), account)
      const keys = [{ index: 0, descending, nullsFirst: false }]
      const packed = [...orderedRows(values.length, keys, [vector], { account, kernels }, account)]
      expect(packed).toEqual([...sortedRows(values.length, rowOrder(keys, [vector], account), account)])
      account.releaseAll()
    }))
})
