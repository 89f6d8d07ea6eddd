// Arrays that grow: what stood in them stays, what is new is zero, and how much there is.
import { expect, it } from 'vitest'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { grown, lengthened } from './state-array.ts'

it.each([['twice as long', grown, 2000], ['as long as is asked', lengthened, 1100]] as const)('are %s, zero behind what was there', (_name, longer, length) => {
  const work = new WorkMemory(2 ** 20)
  const account = new MemoryAccount(work, 2 ** 20)
  account.u8(2 ** 18).fill(7)
  account.releaseAll() // what comes next is dirty
  const first = longer(Uint32Array, null, 1000, account).fill(3)
  expect(longer(Uint32Array, first, 1000, account)).toBe(first)
  const more = longer(Uint32Array, first, 1100, account)
  expect(more).toHaveLength(length)
  expect(more.subarray(0, 1000).every((value) => value === 3)).toBe(true)
  expect(more.subarray(1000).every((value) => value === 0)).toBe(true)
  expect(account.usedBytes).toBe(WorkMemory.cellBytes(more.byteLength)) // the shorter one has gone
})
