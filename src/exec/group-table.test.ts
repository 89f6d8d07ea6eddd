// Groups are the same whatever a like query is said to have used before.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CodesVector } from '../../storage/column/vector.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { vectorOf as cellVector } from '../../storage/codec/cells.test-kit.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { valueAt } from '../functions/values.ts'
import { GroupTable } from './group-table.ts'
import { QueryStrings } from './query-strings.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
const types = ['UInt32', 'Int8', 'UInt16'].map((name) => parseDataType(name))
const row = fc.tuple(fc.constantFrom(0, 1, 5, 70_000, 4_294_967_295), fc.integer({ min: -3, max: 3 }), fc.nat(40))
const bits = fc.constantFrom(0, 1, 4, 17, 32)

it('numbers groups in the order in which their keys came, with any bits expected', () => {
  fc.assert(fc.property(fc.array(fc.array(row, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 4 }),
    fc.option(fc.tuple(bits, bits, bits)), (blocks, expected) => {
      const account = new MemoryAccount(work, 32 * 2 ** 20)
      const table = new GroupTable(types, { account, kernels, nowMs: 0, checkAlive: () => {} }, expected)
      const known: string[] = []
      for (const rows of blocks) {
        const keys = types.map((type, k) => cellVector(type, rows.map((cells) => cells[k])))
        const groups = table.groupsOf(keys, rows.length, account)
        for (const cells of rows) if (!known.includes(cells.join())) known.push(cells.join())
        expect([...groups]).toEqual(rows.map((cells) => known.indexOf(cells.join())))
      }
      const columns = table.keys(account)
      expect(known.map((_, group) => columns.map((column) => valueAt(column, group)).join())).toEqual(known)
      account.releaseAll()
    }))
})

it('keeps NULL one key when strings come with another dictionary', () => {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
  const type = parseDataType('Nullable(String)')
  const block = (texts: readonly string[], nulls: readonly number[]): CodesVector => {
    const dictionary = new QueryStrings(context)
    const codes = account.u32(texts.length)
    texts.forEach((text, at) => {
      const bytes = Buffer.from(text)
      codes[at] = dictionary.intern(bytes, 0, bytes.length)
    })
    return {
      kind: 'codes', type, length: texts.length, isConst: false, nulls: Uint8Array.from(nulls), codes, dictionary,
    }
  }
  const table = new GroupTable([type], context)
  // The string with code 0 is not the first that the table's own dictionary meets.
  expect([...table.groupsOf([block(['a', 'b', ''], [0, 0, 1])], 3, account)]).toEqual([0, 1, 2])
  expect([...table.groupsOf([block(['x', 'b', '', 'a'], [0, 0, 1, 0])], 4, account)]).toEqual([3, 1, 2, 0])
  expect([...table.groupsOf([block(['', 'y'], [1, 0])], 2, account)]).toEqual([2, 4])
  account.releaseAll()
})
