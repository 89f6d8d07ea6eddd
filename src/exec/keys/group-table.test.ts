// Groups are the same whatever a like query is said to have used before.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CodesVector } from '../../../storage/column/vector.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { vectorOf as cellVector } from '../../../storage/codec/cells.test-kit.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { valueAt } from '../../functions/values/values.ts'
import { GroupTable } from './group-table.ts'
import { QueryStrings } from '../dictionaries/query-strings.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
const types = ['UInt32', 'Int8', 'UInt16'].map((name) => parseDataType(name))
const row = fc.tuple(fc.constantFrom(0, 1, 5, 70_000, 4_294_967_288, 4_294_967_290, 4_294_967_295), fc.integer({ min: -3, max: 3 }), fc.nat(40))
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

it('takes as much room as its groups need, not as their bits allow', () => {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const [type] = types
  const table = new GroupTable([type], { account, kernels, nowMs: 0, checkAlive: () => {} })
  const groupsOf = (values: readonly number[]) => {
    const rows = account.u32(8192)
    for (let row = 0; row < rows.length; row++) rows[row] = values[row * values.length >> 13]
    const { length } = rows
    const groups = table.groupsOf([{ kind: 'number', type, length, isConst: false, nulls: null, values: rows }], length, account)
    const found = [...new Set(groups)]
    account.free(groups.byteOffset)
    account.free(rows.byteOffset)
    return found
  }
  const days = [0, 1, 2, 3].map((day) => 1_714_521_600 + day * 691_200)
  for (let block = 0; block < 100; block++) expect(groupsOf([days[block & 3]])).toEqual([block < 4 ? block : block & 3])
  expect(table.bytes).toBeLessThan(256 * 1024) // a bucket for each of 22 bits: 16 MB
  // Many groups of as many bits: each key is its own bucket again.
  const many = Array.from({ length: 8192 }, (_, i) => days[0] + i * 300)
  expect(groupsOf(many)).toHaveLength(8192)
  expect(groupsOf(many)).toHaveLength(8192)
  expect(groupsOf(days)).toEqual([0, 1, 2, 3])
  account.releaseAll()
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

it('enters the groups of another worker as if their rows had come, whatever bits and dictionaries', () => {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const shared = (id: number): QueryStrings => {
    const strings = new QueryStrings({ account, kernels, nowMs: 0, checkAlive: () => {} })
    for (let code = 0; code < 50; code++) {
      const bytes = Buffer.from(`${(code * 7 + id) % 50}`)
      strings.intern(bytes, 0, bytes.length)
    }
    return Object.defineProperty(strings, 'id', { value: id })
  }
  const dictionaries = [shared(0), shared(1)]
  const context = {
    account, kernels, nowMs: 0, checkAlive: () => {}, dictionaryById: (id: number) => dictionaries[id] ?? null,
  }
  const text = parseDataType('Nullable(String)')
  const half = fc.record({
    dictionary: fc.constantFrom(0, 1, -1), expected: fc.option(fc.tuple(bits, bits, bits, fc.constantFrom(0, 9), fc.constantFrom(0, 1))),
    rows: fc.array(fc.tuple(row, fc.option(fc.nat(49))), { minLength: 1, maxLength: 60 }),
  })
  fc.assert(fc.property(half, half, (mine, theirs) => {
    const tableOf = ({ dictionary, expected, rows }: typeof mine) => {
      const table = new GroupTable([...types, text], context, expected)
      const of = dictionary < 0 ? new QueryStrings(context) : dictionaries[dictionary]
      const codes = Uint32Array.from(rows, ([, one]) => {
        const bytes = Buffer.from(`${one ?? ''}`)
        return one === null ? 0 : dictionary < 0 ? of.intern(bytes, 0, bytes.length) : of.find(bytes)
      })
      const strings: CodesVector = {
        kind: 'codes', type: text, length: rows.length, isConst: false, codes, dictionary: of,
        nulls: Uint8Array.from(rows, ([, one]) => Number(one === null)),
      }
      const keys = types.map((type, k) => cellVector(type, rows.map(([cells]) => cells[k])))
      table.groupsOf([...keys, strings], rows.length, account)
      return table
    }
    const [ours, other] = [tableOf(mine), tableOf(theirs)]
    const exported = other.exportRecords()
    expect(exported === null).toBe(theirs.dictionary < 0)
    if (exported === null) return
    const toGroup = ours.importRecords(exported, context)
    const textsOf = (table: GroupTable) => {
      const columns = table.keys(account)
      return Array.from({ length: table.groupCount }, (_, g) => columns.map((column) => String(valueAt(column, g))).join())
    }
    const all = textsOf(ours)
    expect(new Set(all).size).toBe(all.length)
    expect([...toGroup].map((group) => all[group])).toEqual(textsOf(other))
    expect(all).toHaveLength(new Set([...mine.rows, ...theirs.rows].map(([cells, one]) => `${cells.join()},${one}`)).size)
    const some = Uint32Array.from([all.length - 1, 0])
    const chosen = account.u32(2)
    chosen.set(some)
    expect(ours.keys(account, chosen).map((column) => [valueAt(column, 0), valueAt(column, 1)].map(String)))
      .toEqual(ours.keys(account).map((column) => [...some].map((g) => String(valueAt(column, g)))))
  }), { numRuns: 60 })
  account.releaseAll()
})

it.each([['by their values', 1], ['by a hash', 2 ** 11]])('has buckets for very many groups that come at once, %s', (_, step) => {
  const account = new MemoryAccount(work, 48 * 2 ** 20)
  const [type] = types
  const count = 200_000
  const values = account.u32(count).map((_row, i) => i * step)
  const keys = account.u32(count)
  keys.set(values)
  const table = new GroupTable([type], { account, kernels, nowMs: 0, checkAlive: () => {} })
  const groups = table.groupsOf([{ kind: 'number', type, length: count, isConst: false, nulls: null, values: keys }], count, account)
  expect(groups.every((group, i) => group === i)).toBe(true)
  // A record of two words, and a bucket for every other group at least.
  expect(table.bytes).toBeGreaterThan(count * 10)
  account.releaseAll()
})

it('takes in another worker\'s groups a turn at a time, in little memory besides', () => {
  const [account, scratch] = [48, 16].map((size) => new MemoryAccount(work, size * 2 ** 20))
  const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
  const [type] = types
  const count = 200_000
  const tableFrom = (first: number) => {
    const keys = account.u32(count)
    for (let i = 0; i < count; i++) keys[i] = Math.imul(first + i, 0x9e3779b1)
    const table = new GroupTable([type], context)
    table.groupsOf([{ kind: 'number', type, length: count, isConst: false, nulls: null, values: keys }], count, account)
    return table
  }
  const [ours, theirs] = [tableFrom(0), tableFrom(count / 2)]
  const exported = theirs.exportRecords()
  if (exported === null) throw new Error('numbers mean the same everywhere')
  const toGroup = ours.importRecords(exported, { ...context, account: scratch })
  expect(ours.groupCount).toBe(count * 1.5)
  expect(toGroup.every((group, i) => group === i + count / 2)).toBe(true)
  expect(scratch.peakBytes).toBeLessThan(toGroup.byteLength + exported.records.byteLength) // a copy of all records would be as much
  for (const one of [account, scratch]) one.releaseAll()
})
