// The guess by which a merge decides for or against a dictionary, beside the count of all rows.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packStrings } from '../codec/cells.test-kit.ts'
import { EncodeSpace } from '../codec/space.ts'
import { STRING } from '../column/data-type.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { guessDistinctShare } from './strings.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)

function guess(texts: readonly string[]): number {
  const account = new MemoryAccount(work, work.buffer.byteLength)
  try {
    const space = new EncodeSpace(account, kernels)
    const { bytes, offsets } = packStrings(texts)
    const own = { bytes: account.u8(bytes.length), offsets: account.u32(offsets.length) }
    own.bytes.set(bytes)
    own.offsets.set(offsets)
    const used = account.usedBytes
    const share = guessDistinctShare({ kind: 'bytes', type: STRING, length: texts.length, isConst: false, nulls: null, ...own }, space)
    expect(account.usedBytes).toBe(used)
    return share
  } finally {
    account.releaseAll()
  }
}

it('counts the distinct strings of few rows', () => {
  fc.assert(fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), (texts) => {
    expect(guess(texts)).toBe(texts.length === 0 ? 0 : new Set(texts).size / texts.length)
  }))
})

it('guesses those of many from a sample', () => {
  const rows = 40_000
  const share = (distinct: number) => guess(Array.from({ length: rows }, (_, row) => `s${Math.floor(row * 0.618034 % 1 * distinct)}`))
  expect(share(2000) * rows).toBeGreaterThan(1700)
  expect(share(2000) * rows).toBeLessThan(2300)
  expect(guess(Array.from({ length: rows }, (_, row) => `s${row}`))).toBe(1)
})
