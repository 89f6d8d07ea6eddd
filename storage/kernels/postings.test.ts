import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { listBitsMax, postingsReference } from './postings.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = postingsReference(work)

function place(account: MemoryAccount, values: readonly number[]): number {
  const array = account.u32(values.length)
  array.set(values)
  return array.byteOffset
}

const rowsOfCodes = fc.tuple(fc.integer({ min: 1, max: 12 }),
  fc.array(fc.tuple(fc.nat(1000), fc.boolean(), fc.nat(3)), { maxLength: 400 }))

it('places rows by code and packs their lists as the reference does', () => {
  fc.assert(fc.property(rowsOfCodes, fc.boolean(), ([size, rows], hasNulls) => {
    const answers = [compiled, reference].map((kernels) => {
      const account = new MemoryAccount(work, 16 * 2 ** 20)
      const codes = place(account, rows.map(([code]) => code % size))
      const nulls = account.u8(rows.length)
      nulls.set(rows.map(([, isNull]) => isNull ? 1 : 0))
      const nullsAt = hasNulls ? nulls.byteOffset : 0
      const counts = account.u32(size).fill(0)
      kernels.countCodes(codes, nullsAt, rows.length, counts.byteOffset)
      const next = [...counts].map((_, code) => counts.subarray(0, code).reduce((sum, count) => sum + count, 0))
      const placed = account.u32(rows.length).fill(0)
      kernels.placeRows(codes, nullsAt, rows.length, place(account, next), placed.byteOffset)
      const bits = listBitsMax(rows.length, size)
      const target = account.u8(Math.ceil(bits / 8) + 8).fill(0)
      const used = kernels.packLists(placed.byteOffset, counts.byteOffset, 0, size, 20, target.byteOffset)
      expect(used).toBeLessThanOrEqual(bits)
      const answer = { counts: [...counts], placed: [...placed], used, bytes: [...target] }
      account.releaseAll()
      return answer
    })
    expect(answers[0]).toEqual(answers[1])
    const kept = rows.flatMap(([code, isNull], row) => hasNulls && isNull ? [] : [{ code: code % size, row }])
    kept.sort((a, b) => a.code - b.code || a.row - b.row)
    expect(answers[0].placed.slice(0, kept.length)).toEqual(kept.map(({ row }) => row))
  }))
})

it('packs lists with far gaps and many rows as the reference does', () => {
  const gaps = fc.array(fc.oneof(fc.constant(1), fc.nat(50), fc.nat(5_000_000)), { minLength: 1, maxLength: 200 })
  fc.assert(fc.property(fc.array(gaps, { minLength: 1, maxLength: 4 }), (lists) => {
    const counts = lists.map((list) => list.length)
    const rows = lists.flatMap((list) => {
      let row = -1
      return list.map((gap) => { row += gap + 1; return row })
    })
    const answers = [compiled, reference].map((kernels) => {
      const account = new MemoryAccount(work, 16 * 2 ** 20)
      const target = account.u8(Math.ceil(listBitsMax(rows.length, lists.length) / 8) + 8).fill(0)
      const used = kernels.packLists(place(account, rows), place(account, counts), 0, lists.length, 30, target.byteOffset)
      const answer = { used, bytes: [...target] }
      account.releaseAll()
      return answer
    })
    expect(answers[0]).toEqual(answers[1])
  }))
})
