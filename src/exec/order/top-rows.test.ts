import fc from 'fast-check'
import { expect, it } from 'vitest'
import { UINT32, FLOAT64 } from '../../../storage/column/data-type.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { numberVector } from '../../functions/values/vectors.ts'
import { candidates, nthLeast } from './top-rows.ts'

const work = new WorkMemory(4 * 2 ** 20)
const number = fc.oneof(fc.nat(9), fc.nat(0xffffffff))

it('finds the value at any place of the order', () => {
  fc.assert(fc.property(fc.array(number, { minLength: 1, maxLength: 300 }), fc.nat(), (values, at) => {
    const index = at % values.length
    const sorted = Float64Array.from(values).sort()
    expect(nthLeast(Float64Array.from(values), values.length, index)).toBe(sorted[index])
  }))
})

it('keeps every row that can be among the best, and drops those that cannot', () => {
  const input = fc.tuple(fc.array(number, { maxLength: 200 }), fc.integer({ min: 1, max: 50 }), fc.boolean(),
    fc.option(number))
  fc.assert(fc.property(input, ([values, limit, descending, worst]) => {
    const account = new MemoryAccount(work, 4 * 2 ** 20)
    const key = { index: 0, descending, nullsFirst: false }
    const bound = worst === null ? null : numberVector(UINT32, Uint32Array.of(worst))
    const rows = candidates(key, numberVector(UINT32, Uint32Array.from(values)), bound, limit, account)
    const sign = descending ? -1 : 1
    const ordered = values.map((value) => sign * value).sort((a, b) => a - b)
    const last = Math.min(ordered[limit - 1] ?? Infinity, worst === null ? Infinity : sign * worst)
    const best = values.flatMap((value, row) => (sign * value <= last ? [row] : []))
    const answer = rows === null ? values.map((_, row) => row) : [...rows]
    for (const row of best) expect(answer).toContain(row)
    if (values.length > limit * 2) expect(answer).toEqual(best)
    account.releaseAll()
  }))
})

it('finds the best of many rows by kernels: all of them, and few others', () => {
  loadKernels(work)
  const value = fc.oneof(fc.nat(50), fc.nat(0xffffffff), fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }))
  const input = fc.tuple(fc.array(value, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 700 }), fc.boolean(), fc.boolean())
  fc.assert(fc.property(input, ([some, limit, descending, isWhole]) => {
    const account = new MemoryAccount(work, 4 * 2 ** 20)
    const values = isWhole ? account.u32(1500) : account.f64(1500)
    for (let i = 0; i < values.length; i++) values[i] = some[i * 7919 % some.length] + i % 3
    const vector = numberVector(isWhole ? UINT32 : FLOAT64, values)
    const rows = candidates({ index: 0, descending, nullsFirst: false }, vector, null, limit, account)
    const ordered = [...values].sort((a, b) => (descending ? b - a : a - b))
    const answer = new Set(rows ?? values.keys())
    values.forEach((one, row) => {
      if (descending ? one >= ordered[limit - 1] : one <= ordered[limit - 1]) expect(answer.has(row)).toBe(true)
    })
    if (rows !== null) expect([...rows]).toEqual([...rows].sort((a, b) => a - b))
    account.releaseAll()
  }), { numRuns: 60 })
})

it('leaves NULL, NaN and strings to the sort', () => {
  const account = new MemoryAccount(work, 4 * 2 ** 20)
  const key = { index: 0, descending: true, nullsFirst: false }
  const values = Float64Array.from({ length: 20 }, (_, i) => (i === 7 ? Number.NaN : i))
  expect(candidates(key, numberVector(FLOAT64, values), null, 1, account)).toBeNull()
  const nulls = Uint8Array.from({ length: 20 }, (_, i) => i & 1)
  expect(candidates(key, numberVector(FLOAT64, values.map((_, i) => i), nulls), null, 1, account)).toBeNull()
  account.releaseAll()
})
