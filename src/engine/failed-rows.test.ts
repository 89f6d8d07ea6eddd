import fc from 'fast-check'
import { expect, it } from 'vitest'
import { allBut, allButReason, findFailing } from './failed-rows.ts'

it('finds exactly the rows that fail, each with its reason', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }), async (isBad) => {
    const attempt = async (from: number, to: number) => {
      const first = isBad.indexOf(true, from)
      return first >= 0 && first < to ? `row ${first}` : null
    }
    const first = await attempt(0, isBad.length)
    fc.pre(first !== null)
    const { reasonOf, reasons } = await findFailing(isBad.length, first as string, attempt)
    expect([...reasonOf].map((number) => (number === 0 ? null : reasons[number - 1])))
      .toEqual(isBad.map((bad, row) => (bad ? `row ${row}` : null)))
  }))
})

it('gives a failure that no half has to all rows of it', async () => {
  const { reasonOf } = await findFailing(8, 'too many', async (from, to) => (to - from > 4 ? 'too many' : null))
  expect([...reasonOf]).toEqual(Array(8).fill(1))
})

it('ends after so many tries, and then sets pieces aside whole', async () => {
  let tries = 0
  const { reasonOf, reasons } = await findFailing(100_000, 'odd', async () => {
    tries++
    return 'odd'
  })
  expect(tries).toBeLessThan(1100)
  expect([reasons, reasonOf.every((number) => number === 1)]).toEqual([['odd'], true])
})

it('hides all rows but those wanted', () => {
  expect([...allBut(10, 2, 9)]).toEqual([0b0000_0011, 0b1111_1110])
  const failing = { reasonOf: Uint16Array.from([0, 1, 2, 1]), reasons: ['a', 'b'] }
  expect([0, 1, 2].map((reason) => [...allButReason(failing, reason)])).toEqual([[0b1110], [0b0101], [0b1011]])
})
