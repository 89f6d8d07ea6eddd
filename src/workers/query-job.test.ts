import { expect, it } from 'vitest'
import { createArena } from '../../storage/arena/create.ts'
import { Lent } from './query-job.ts'

it('gives back between passes what was lent, but for states that later passes go on with, and all of it at the end', () => {
  const dataArena = createArena({ budgetBytes: 2 ** 20 })
  const forgotten: number[] = []
  const lent = new Lent({ dataArena, forgetQuery: (id) => { forgotten.push(id) } }, 7)
  const before = dataArena.usedBytes
  const chunk = { address: dataArena.allocate(4096), bytes: 4096 }
  const held = dataArena.usedBytes
  lent.adopt([chunk])
  expect(lent.take(8192)).toBeGreaterThan(0)
  lent.takeBack([chunk])
  expect(dataArena.usedBytes).toBe(held)
  lent.takeBack([chunk])
  expect(dataArena.usedBytes).toBe(held)
  lent.end()
  expect(dataArena.usedBytes).toBe(before)
  expect(forgotten).toEqual([7])
})
