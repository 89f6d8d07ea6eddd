import { expect, it } from 'vitest'
import { LocalStrings } from '../column/local-strings.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { CodesVector } from '../column/vector.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { KeptColumns } from './kept-columns.ts'

const work = new WorkMemory(32 * 2 ** 20)

const vectorOf = (codes: Uint32Array, isSorted: boolean): CodesVector => ({
  kind: 'codes', type: parseDataType('String'), length: codes.length, isConst: false, nulls: null, codes,
  dictionary: new LocalStrings(2, Buffer.from('annbob'), Uint32Array.of(0, 3, 6), isSorted),
})

it('keeps copies of ranks, as many as there is room for', () => {
  const account = new MemoryAccount(work, work.buffer.byteLength)
  const kept = new KeptColumns(account)
  const codes = Uint32Array.of(1, 0, 1)
  kept.keep(1, vectorOf(codes, true))
  kept.keep(2, vectorOf(codes, false)) // codes that are no ranks
  kept.keep(3, vectorOf(new Uint32Array(2 ** 22), true)) // 16 MiB
  codes.fill(7)
  const found = kept.take(1)
  if (found === null) throw new Error('the column was not kept')
  expect([...found.codes].map((code) => Buffer.from(found.dictionary.bytesOf(code)).toString())).toEqual(['bob', 'ann', 'bob'])
  expect([kept.take(1), kept.take(2), kept.take(3)]).toEqual([null, null, null])
  kept.free(found)
  expect(account.usedBytes).toBe(0)
})
