import fc from 'fast-check'
import { expect, it } from 'vitest'
import { vectorOf } from '../../../storage/codec/cells.test-kit.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { asConst } from '../../functions/values/vectors.ts'
import { GroupTable } from '../keys/group-table.ts'
import { FEW_ROWS_MAX, fewDoubles, fewGroups } from './few-groups.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels = loadKernels(work)
const types = ['UInt32', 'Int8', 'String', 'DateTime', 'UInt16'].map((name) => parseDataType(name))
const row = fc.tuple(
  fc.constantFrom(0, 1, 65_537, 4_294_967_295), fc.integer({ min: -2, max: 2 }), fc.constantFrom('', 'a', 'b', 'ab', 'ba', 'c'.repeat(40)),
  fc.constantFrom(1_700_000_000, 1_700_000_001), fc.nat(3))

it('numbers the groups of few rows as a table of groups does', () => {
  fc.assert(fc.property(
    fc.array(row, { minLength: 1, maxLength: FEW_ROWS_MAX }), fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }), fc.nat(4), (rows, used, constant) => {
      const account = new MemoryAccount(work, 8 * 2 ** 20)
      const keys = used.map((k): Vector => (k === constant
        ? asConst(vectorOf(types[k], [rows[0][k]]), rows.length) : vectorOf(types[k], rows.map((cells) => cells[k]))))
      const table = new GroupTable(used.map((k) => types[k]), { account, kernels, nowMs: 0, checkAlive: () => {} })
      const found = fewGroups(keys, rows.length, account)
      const wanted = [...table.groupsOf(keys, rows.length, account)]
      expect([...found?.groups ?? []]).toEqual(wanted)
      expect([...found?.firsts ?? []]).toEqual([...new Set(wanted)].map((group) => wanted.indexOf(group)))
      account.releaseAll()
    }))
})

it.each([
  ['Float64', [1, 2]], ['UInt64', [1, 2]], ['Nullable(UInt32)', [1, null]], ['Array(UInt8)', [[1], []]],
] as const)('leaves keys of %s, which bits do not tell apart, to a table', (name, values) => {
  const account = new MemoryAccount(work, 2 ** 20)
  expect(fewGroups([vectorOf(parseDataType(name), [...values])], 2, account)).toBeNull()
  account.releaseAll()
})

it('finds the least, the greatest and the number of rows of each group', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(5), fc.integer({ min: -128, max: 127 })), { minLength: 1, maxLength: 60 }), (rows) => {
    const account = new MemoryAccount(work, 2 ** 20)
    const groups = Uint32Array.from(rows, ([group]) => group)
    const column = vectorOf(parseDataType('Int8'), rows.map(([, value]) => value))
    const present = [...new Set(groups)]
    const of = (group: number) => rows.filter(([other]) => other === group).map(([, value]) => value)
    const doubles = (slot: 'least' | 'most' | 'count', of: Vector | null) => fewDoubles(slot, of, groups, 6, account)
    const [least, most, count] = [doubles('least', column), doubles('most', column), doubles('count', null)]
    expect(present.map((group) => [least?.[group], most?.[group], count?.[group]]))
      .toEqual(present.map((group) => [Math.min(...of(group)), Math.max(...of(group)), of(group).length]))
    account.releaseAll()
  }))
})

it('leaves columns with NULLs, constants and doubles to the aggregates', () => {
  const account = new MemoryAccount(work, 2 ** 20)
  const groups = new Uint32Array(2)
  for (const column of [
    vectorOf(parseDataType('Nullable(Int8)'), [1, null]), asConst(vectorOf(parseDataType('Int8'), [1]), 2),
    vectorOf(parseDataType('Float64'), [1, 2]),
  ]) expect(fewDoubles('least', column, groups, 1, account)).toBeNull()
  account.releaseAll()
})
