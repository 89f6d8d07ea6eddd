// The selection of the first k against a whole sort.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { firstInOrder, selectRank } from './select-rank.ts'

const lists = fc.oneof(
  fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }),
  fc.array(fc.nat(5000), { minLength: 700, maxLength: 1500 }))

it('parts a list at a rank, and puts what comes first in order', () => {
  fc.assert(fc.property(lists, fc.nat(), (keys, pick) => {
    const isBefore = (a: number, b: number) => keys[a] > keys[b]
    const all = Uint32Array.from(keys.keys())
    const sorted = [...keys].sort((a, b) => b - a)
    const k = pick % keys.length
    const parted = all.slice()
    selectRank(parted, 0, parted.length - 1, k, isBefore)
    const found = [...parted].map((item) => keys[item])
    expect(found[k]).toBe(sorted[k])
    expect(found.slice(0, k).every((key) => key >= sorted[k])).toBe(true)
    expect(found.slice(k).every((key) => key <= sorted[k])).toBe(true)
    expect([...parted].sort((a, b) => a - b)).toEqual([...all])
    expect([...firstInOrder(all.slice(), k, isBefore)].map((item) => keys[item])).toEqual(sorted.slice(0, k))
  }))
})
