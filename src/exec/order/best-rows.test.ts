// The best rows against all rows sorted.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { loadKernels, referenceKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { asConst } from '../../functions/values/vectors.ts'
import { vectorOf } from '../../functions/values/values.ts'
import type { Value } from '../../functions/values/value.ts'
import { bestOfBlocks, bestRows } from './best-rows.ts'
import { orderedRows } from './order.ts'

const work = new WorkMemory(2 ** 25)
const allKernels = [loadKernels(work), referenceKernels(work)]
const LIMIT = 2 ** 24

/** Values by type, of a number that is spread evenly over [0, 2^20). */
const VALUES: Readonly<Record<string, readonly ((n: number) => Value)[]>> = {
  UInt32: [(n) => n * 4096, (n) => n % 3],
  Int64: [(n) => n - 2 ** 19, (n) => (n - 2 ** 19) * 2 ** 30],
  UInt64: [(n) => BigInt(n) << 44n],
  Float64: [(n) => (n % 5 === 0 ? Number.NaN : n % 7 === 0 ? -0 : (n - 2 ** 19) / 3), (n) => (n % 2 === 0 ? 1 / 0 : n)],
  String: [(n) => `evt_${n}`, (n) => `a long beginning ${n % 1000}`, (n) => (n % 4 === 0 ? '' : 'x\0'.repeat(n % 9))],
  'Nullable(String)': [(n) => (n % 3 === 0 ? null : `user ${n}`)],
  'Nullable(UInt32)': [(n) => (n % 3 === 0 ? null : n)],
  'Nullable(UInt8)': [(n) => (n % 3 === 0 ? null : n % 4)],
  'Array(UInt8)': [(n) => [n % 4, n % 3]],
}
const column = fc.constantFrom(...Object.entries(VALUES).flatMap(([type, makers]) => makers.map((make) => ({ type, make }))))
const key = fc.record({ column, descending: fc.boolean(), nullsFirst: fc.boolean(), isConst: fc.nat(9) })

it('finds the rows of any ranks as sorting all rows does', () => {
  const ranks = fc.tuple(fc.nat(2999), fc.oneof(fc.constantFrom(1, 10), fc.nat(2999)))
  fc.assert(fc.property(fc.array(key, { minLength: 1, maxLength: 2 }), ranks, fc.nat(1 << 20), (wanted, [from, some], seed) => {
    const [count, to] = [3000, Math.min(3000, from + Math.max(1, some))]
    const account = new MemoryAccount(work, LIMIT)
    const vectors = wanted.map(({ column: { type, make }, isConst }, k) => {
      const values = Array.from({ length: isConst === 0 ? 1 : count }, (_, i) => make((i + seed) * (7919 + k) * 131 % 2 ** 20))
      const vector = vectorOf(values, parseDataType(type), account)
      return isConst === 0 ? asConst(vector, count) : vector
    })
    const keys = wanted.map(({ descending, nullsFirst }, index) => ({ index, descending, nullsFirst }))
    for (const kernels of allKernels) {
      const space = { account: new MemoryAccount(work, LIMIT), kernels }
      const all = [...orderedRows(count, keys, vectors, space, account)]
      space.account.releaseAll()
      const best = [...bestRows(count, keys, vectors, from, to, space)]
      expect(best.slice(from)).toEqual(all.slice(from, to))
      expect(best.slice(0, from).sort((a, b) => a - b)).toEqual(all.slice(0, from).sort((a, b) => a - b))
      space.account.releaseAll()
    }
    account.releaseAll()
  }), { numRuns: 25 })
})

it('finds the same rows where they lie in several blocks', () => {
  const ranks = fc.tuple(fc.nat(2999), fc.oneof(fc.constantFrom(1, 10), fc.nat(1500)))
  const cuts = fc.uniqueArray(fc.nat(2999), { minLength: 1, maxLength: 6 })
  let found = 0
  fc.assert(fc.property(fc.array(key, { minLength: 1, maxLength: 2 }), ranks, cuts, fc.nat(1 << 20), (wanted, [from, some], at, seed) => {
    const [count, to] = [3000, Math.min(3000, from + Math.max(1, some))]
    const ends = [...at.sort((a, b) => a - b), count]
    const account = new MemoryAccount(work, LIMIT)
    const types = wanted.map(({ column: { type } }) => parseDataType(type))
    const values = wanted.map(({ column: { make } }, k) => (
      Array.from({ length: count }, (_, i) => make((i + seed) * (7919 + k) * 131 % 2 ** 20))))
    const blocks = ends.map((end, b) => {
      const start = b === 0 ? 0 : ends[b - 1]
      return { rowCount: end - start, columns: types.map((type, k) => vectorOf(values[k].slice(start, end), type, account)) }
    })
    const keys = wanted.map(({ descending, nullsFirst }, index) => ({ index, descending, nullsFirst }))
    for (const kernels of allKernels) {
      const space = { account: new MemoryAccount(work, LIMIT), kernels }
      const all = [...orderedRows(count, keys, types.map((type, k) => vectorOf(values[k], type, account)), space, account)]
      space.account.releaseAll()
      const best = bestOfBlocks(blocks, types, keys, from, to, space)
      if (best !== null) {
        found++
        expect(Array.from(best.subarray(from))).toEqual(all.slice(from, to))
        expect(Array.from(best.subarray(0, from)).sort((a, b) => a - b)).toEqual(all.slice(0, from).sort((a, b) => a - b))
      }
      space.account.releaseAll()
    }
    account.releaseAll()
  }), { numRuns: 25 })
  expect(found).toBeGreaterThan(0)
})
