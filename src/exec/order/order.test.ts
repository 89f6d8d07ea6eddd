// Rows by words against rows by comparison.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { loadKernels, referenceKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { asConst } from '../../functions/values/vectors.ts'
import { vectorOf } from '../../functions/values/values.ts'
import type { SortKey } from '../../plan/plan.ts'
import type { Value } from '../../functions/values/value.ts'
import { orderedRows, rowOrder, sortedRows } from './order.ts'

const work = new WorkMemory(2 ** 25)
const allKernels = [loadKernels(work), referenceKernels(work)]

function compared(count: number, keys: readonly SortKey[], vectors: readonly Vector[], account: MemoryAccount): number[] {
  const rows = account.u32(count)
  for (let i = 0; i < count; i++) rows[i] = i
  return [...sortedRows(rows, rowOrder(keys, vectors, account), account)]
}

/** Both ways to order; the account is left with the result alone. */
function expectOrdered(keys: readonly SortKey[], vectors: readonly Vector[], count: number, account: MemoryAccount): void {
  const expected = compared(count, keys, vectors, account)
  for (const kernels of allKernels) {
    const scratch = new MemoryAccount(work, 2 ** 23)
    const space = new MemoryAccount(work, 2 ** 23)
    expect([...orderedRows(count, keys, vectors, { account: space, kernels }, scratch)]).toEqual(expected)
    expect(space.usedBytes).toBe(WorkMemory.cellBytes(count * 4))
    space.releaseAll()
    scratch.releaseAll()
  }
}

it('orders whole numbers by their digits as it orders them by comparing', () => {
  fc.assert(fc.property(
    fc.oneof(
      fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.integer(), fc.maxSafeInteger()), { minLength: 64, maxLength: 300 }),
      fc.array(fc.integer({ min: -70_000, max: 1000 }), { minLength: 64, maxLength: 300 }),
      fc.array(fc.nat(2 ** 32 - 1), { minLength: 64, maxLength: 300 })),
    fc.boolean(), fc.constantFrom('no', 'up', 'down'), (list, descending, sorted) => {
      const values = sorted === 'no' ? list : [...list].sort((a, b) => (sorted === 'up' ? a - b : b - a))
      const account = new MemoryAccount(work, 2 ** 23)
      expectOrdered([{ index: 0, descending, nullsFirst: false }], [vectorOf(values, parseDataType('Int64'), account)],
        values.length, account)
      account.releaseAll()
    }))
})

const text = fc.oneof(fc.constantFrom('', 'a', 'a\0', 'ab', 'eight by', 'eight bytes and more'), fc.string({ maxLength: 12 }))
it('orders few ties, in runs of any length, by the texts of a second key', () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.nat(1_000_000), { minLength: 400, maxLength: 600 }), fc.array(text, { minLength: 2, maxLength: 40 }), fc.nat(399),
    fc.boolean(), fc.boolean(), (unique, texts, tied, descending, isNullable) => {
      const numbers = [...unique, ...texts.map(() => unique[tied])]
      const strings = numbers.map((_, i) => (i < unique.length ? 'text' : isNullable && i % 3 === 0 ? null : texts[i - unique.length]))
      const account = new MemoryAccount(work, 2 ** 23)
      expectOrdered([{ index: 0, descending: false, nullsFirst: false }, { index: 1, descending, nullsFirst: false }], [
        vectorOf(numbers, parseDataType('UInt32'), account), vectorOf(strings, parseDataType('Nullable(String)'), account),
      ], numbers.length, account)
      account.releaseAll()
    }), { numRuns: 60 })
})

/** Values by type: few distinct ones, so that later keys decide, and extremes. */
const VALUES: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  UInt8: fc.nat(3), Int32: fc.integer({ min: -2, max: 2 }), Int64: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, 1)),
  UInt64: fc.constantFrom(0n, 1n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n), Float64: fc.oneof(fc.double(), fc.constantFrom(0, -0, 1)),
  Float32: fc.float(), String: text, 'Nullable(String)': fc.option(text), 'Nullable(Float64)': fc.option(fc.double()),
  'Nullable(Int32)': fc.option(fc.integer({ min: -1, max: 1 })), 'Nullable(Int64)': fc.option(fc.constantFrom(-(2n ** 63n), 0n, 2n ** 63n - 1n)),
  'Array(UInt8)': fc.array(fc.nat(2), { maxLength: 2 }),
}

it('orders rows by several keys of any type, direction and place of NULLs', () => {
  const key = fc.record({ type: fc.constantFrom(...Object.keys(VALUES)), descending: fc.boolean(), nullsFirst: fc.boolean(), isConst: fc.nat(9) })
  fc.assert(fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), fc.integer({ min: 60, max: 160 }), fc.gen(), (wanted, count, draw) => {
    const account = new MemoryAccount(work, 2 ** 23)
    const vectors = wanted.map(({ type, isConst }) => {
      const values = Array.from({ length: isConst === 0 ? 1 : count }, () => draw(() => VALUES[type]))
      const vector = vectorOf(values, parseDataType(type), account)
      return isConst === 0 ? asConst(vector, count) : vector
    })
    const keys = wanted.map(({ descending, nullsFirst }, index) => ({ index, descending, nullsFirst }))
    expectOrdered(keys, vectors, count, account)
    account.releaseAll()
  }), { numRuns: 150 })
})

it('ranks the distinct codes of a dictionary', () => {
  const texts = ['pear', 'apple', '', 'fig', 'apple pie', 'Zebra', 'é']
  const bytes = texts.map((value) => Buffer.from(value))
  fc.assert(fc.property(fc.array(fc.nat(texts.length - 1), { minLength: 64, maxLength: 200 }), fc.boolean(), fc.boolean(),
    (list, descending, hasNulls) => {
      const account = new MemoryAccount(work, 2 ** 23)
      const codes = account.u32(list.length)
      codes.set(list)
      const vector: Vector = {
        kind: 'codes', type: parseDataType('String'), length: list.length, isConst: false, codes,
        nulls: hasNulls ? account.u8(list.length).map((_, row) => Number(row % 5 === 0)) : null,
        dictionary: {
          id: 1, size: texts.length, bytesOf: (code) => bytes[code], lengthOf: (code) => bytes[code].length,
          find: (wanted) => bytes.findIndex((one) => one.equals(wanted)),
        },
      }
      const keys = [{ index: 0, descending, nullsFirst: descending }, { index: 1, descending: false, nullsFirst: false }]
      expectOrdered(keys, [vector, vectorOf(list.map((_, row) => row * 7 % 13), parseDataType('UInt8'), account)], list.length, account)
      account.releaseAll()
    }))
})
