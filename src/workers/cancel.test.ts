import { expect, it } from 'vitest'
import { cancelWord, NOT_CANCELLED } from './cancel.ts'

it.each([1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 5, 2 ** 32, 2 ** 40 + 7])('says of query %d that it is cancelled', (id) => {
  const flags = new Int32Array(new SharedArrayBuffer(4))
  Atomics.store(flags, 0, cancelWord(id))
  expect(Atomics.load(flags, 0)).toBe(cancelWord(id))
  expect(cancelWord(id)).not.toBe(NOT_CANCELLED)
})
