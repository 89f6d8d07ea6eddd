import { expect, it } from 'vitest'
import { createArena } from '../../storage/arena/create.ts'
import { freeReport, Lent, placeState } from './query-job.ts'

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

it('counts what each peer has still to answer, and frees what nobody waits for', () => {
  const dataArena = createArena({ budgetBytes: 2 ** 20 })
  const lent = new Lent({ dataArena, forgetQuery: () => {} }, 7)
  lent.ask([1, 2])
  lent.ask([1])
  expect([lent.heard(1), lent.outstanding, lent.heard(1), lent.heard(1), lent.outstanding]).toEqual([true, 2, true, false, 1])
  const before = dataArena.usedBytes
  const [address, cell] = [dataArena.allocate(4096), dataArena.allocate(8192)]
  freeReport({ dataArena }, {
    kind: 'helped', id: 9, stage: 0, done: 1, address, bytes: 4096, cells: [{ address: cell, bytes: 8192 }], rowsRead: 0, bytesRead: 0,
  })
  expect(dataArena.usedBytes).toBe(before)
})

it('keeps nothing of a state that fails while it is written', () => {
  const dataArena = createArena({ budgetBytes: 2 ** 20 })
  const before = dataArena.usedBytes
  const state = { byteLength: 9000, writeTo: () => { throw new Error('no memory for rows in order') } }
  expect(() => placeState({ dataArena }, state)).toThrow('no memory')
  expect(dataArena.usedBytes).toBe(before)
})
