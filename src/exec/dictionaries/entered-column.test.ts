// Columns without dictionaries as shared codes: answers are those of plain rows, whoever entered and
// kept the codes before, and strings that never repeat are left alone.

import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createArena } from '../../../storage/arena/create.ts'
import { SharedDictionaries, createSharedDictionaries } from './shared-dictionary.ts'
import { newAccount, TestTable, TestWorld, type Row } from '../test-table.ts'

const COLUMNS = [['session', 'String'], ['n', 'UInt32']] as const

const uuid = (seed: number): string => {
  const hex = (at: number, digits: number) =>
    (Math.imul(seed + at + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').slice(0, digits)
  return `${hex(0, 8)}-${hex(1, 4)}-4${hex(2, 3)}-8${hex(3, 3)}-${hex(4, 8)}${hex(5, 4)}`
}

/** A table whose sessions hardly repeat within a row set, but do over several of them. */
function tableOf(rowSets: readonly (readonly Row[])[], id: number): TestTable {
  const table = new TestTable('events', id, COLUMNS)
  rowSets.forEach((rows, i) => table.add(rows, i % 2 === 0))
  return table
}

const GROUPED = 'SELECT session, count() AS c, max(n) AS m FROM events WHERE n >= {from} GROUP BY session ORDER BY session'

function expected(rows: readonly Row[], from: number): Row[] {
  const groups = new Map<string, [number, number]>()
  for (const [session, n] of rows as readonly [string, number][]) {
    if (n < from) continue
    const [count, max] = groups.get(session) ?? [0, 0]
    groups.set(session, [count + 1, Math.max(max, n)])
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([session, [count, max]]) => [session, count, max])
}

describe('columns without a dictionary', () => {
  it('give the same groups before and after their codes are kept', () => {
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.integer({ min: 200, max: 9000 }), fc.boolean()), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 0, max: 9000 }),
      (shape, step, from) => {
        let at = 0
        const rowSets = shape.map(([count, isUuid]) => Array.from({ length: count }, (_, i): Row => {
          const number = (at++ * step) % 12_007
          return [isUuid ? uuid(number) : `s${number}`, i]
        }))
        const world = new TestWorld([tableOf(rowSets, 1)])
        for (const [start, workers] of [[from, 1], [0, 3], [from, 3]] as const) {
          const { rows } = world.run(GROUPED.replace('{from}', String(start)), workers)
          expect(rows).toEqual(expected(rowSets.flat(), start))
        }
      }), { numRuns: 12 })
  })

  it('are read as codes once these are kept', () => {
    const rows = Array.from({ length: 16_384 }, (_, i): Row => [uuid(i % 12_000), i])
    const table = tableOf([rows, rows], 1)
    expect(table.rowSets[0].column(1)?.dictionary).toBeNull()
    const world = new TestWorld([table])
    const sql = 'SELECT uniqExact(session) FROM events'
    const first = world.run(sql).result.stats.bytesRead
    const second = world.run(sql)
    expect(second.rows).toEqual([[12_000]])
    expect(first).toBeGreaterThan(16_384 * 2 * 16)
    expect(second.result.stats.bytesRead).toBe(16_384 * 2 * 4)
  })

  it('are left as they are where no key needs them', () => {
    const rows = Array.from({ length: 16_384 }, (_, i): Row => [uuid(i), i])
    const world = new TestWorld([tableOf([rows], 1)])
    for (const sql of [
      "SELECT count() FROM events WHERE session LIKE '%a-%' AND upper(session) != ''",
      'SELECT max(session), argMin(session, n) FROM events',
    ]) {
      const first = world.run(sql).result.stats.bytesRead
      expect(world.run(sql).result.stats.bytesRead).toBe(first)
    }
  })
})

describe('a dictionary', () => {
  it('takes plain strings whatever other rows have put into it, until these cost more than they repeat', () => {
    const arena = createArena({ budgetBytes: 256 * 2 ** 20 })
    const dictionary = new SharedDictionaries(arena, createSharedDictionaries(arena, 200 * 2 ** 20)).of(1, 1)
    if (dictionary === null) throw new Error('no dictionary')
    const enter = (from: number, count: number, isPlain: boolean) => {
      const texts = Array.from({ length: count }, (_, i) => `session_${from + i}`.padEnd(4000, '-'))
      const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * 4000)
      expect(dictionary.enter(Buffer.from(texts.join('')), offsets, 0, count, new Uint32Array(count), isPlain)).toBe(true)
    }
    enter(0, 17_000, false)
    expect(dictionary.usedBytes).toBeGreaterThan(64 * 2 ** 20)
    expect(dictionary.takesPlain(1)).toBe(true)
    // What is known already costs nothing.
    enter(0, 17_000, true)
    expect(dictionary.takesPlain(1)).toBe(true)
    enter(17_000, 17_000, true)
    expect(dictionary.takesPlain(1)).toBe(false)
    dictionary.addPlainRows(200_000)
    expect(dictionary.takesPlain(1)).toBe(true)
  })

  it('is not filled with ids of which hardly any has come twice, where many more are ahead', () => {
    const arena = createArena({ budgetBytes: 64 * 2 ** 20 })
    const dictionary = new SharedDictionaries(arena, createSharedDictionaries(arena, 60 * 2 ** 20)).of(1, 1)
    if (dictionary === null) throw new Error('no dictionary')
    const count = 140_000
    const text = Buffer.from(Array.from({ length: count }, (_, i) => String(i).padStart(16, '-')).join(''))
    const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * 16)
    expect(dictionary.enter(text, offsets, 0, count, new Uint32Array(count), true)).toBe(true)
    dictionary.addPlainRows(count)
    expect([1, 900_000, 10_000_000].map((ahead) => dictionary.takesPlain(ahead))).toEqual([true, true, false])
    // The same ones again: now each has come twice.
    dictionary.addPlainRows(count)
    expect(dictionary.takesPlain(10_000_000)).toBe(true)
  })

  it('gives texts of any length back, end to end', () => {
    const arena = createArena({ budgetBytes: 64 * 2 ** 20 })
    const dictionary = new SharedDictionaries(arena, createSharedDictionaries(arena, 60 * 2 ** 20)).of(1, 1)
    if (dictionary === null) throw new Error('no dictionary')
    const texts = Array.from({ length: 140 }, (_, length) => 'abcdefghijklmnopqrstuvwxyz'.repeat(6).slice(length % 26, length % 26 + length))
    const offsets = new Uint32Array(texts.length + 1)
    texts.forEach((text, i) => { offsets[i + 1] = offsets[i] + text.length })
    const codes = new Uint32Array(texts.length)
    expect(dictionary.enter(Buffer.from(texts.join('')), offsets, 0, texts.length, codes)).toBe(true)
    const account = newAccount(2 ** 20)
    const found = dictionary.textsOf(codes.reverse(), codes.length, account)
    expect(texts.map((_, i) => Buffer.from(found.bytes.subarray(found.offsets[i], found.offsets[i + 1])).toString())).toEqual(texts.reverse())
    account.releaseAll()
  })

  it('is asked for strings that it has without its lock, by a thread that has not seen it grow', () => {
    const arena = createArena({ budgetBytes: 64 * 2 ** 20 })
    const handle = createSharedDictionaries(arena, 60 * 2 ** 20)
    const [one, other] = [0, 1].map(() => new SharedDictionaries(arena, handle).of(1, 1))
    if (one === null || other === null) throw new Error('no dictionary')
    const count = 5000
    const text = Buffer.from(Array.from({ length: count }, (_, i) => String(i).padStart(8, '-')).join(''))
    const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * 8)
    const [codes, same] = [new Uint32Array(count), new Uint32Array(count)]
    expect(one.enter(text, offsets, 0, count, codes)).toBe(true)
    const taken = vi.spyOn(Atomics, 'compareExchange')
    expect(other.enter(text, offsets, 0, count, same)).toBe(true)
    expect(taken).not.toHaveBeenCalled()
    taken.mockRestore()
    expect(same).toEqual(codes)
    // What is new among others gets the next code, and the others keep theirs.
    const more = Buffer.concat([text.subarray(0, 800), Buffer.from('new here'), text.subarray(800, 1600)])
    expect(other.enter(more, offsets, 0, 201, same)).toBe(true)
    expect([...same.subarray(0, 201)]).toEqual([...codes.subarray(0, 100), count, ...codes.subarray(100, 200)])
  })

  it('has its map of a row set found by who never opens the own dictionary of that', () => {
    const arena = createArena({ budgetBytes: 64 * 2 ** 20 })
    const handle = createSharedDictionaries(arena, 60 * 2 ** 20)
    const table = new TestTable('events', 1, COLUMNS)
    table.add(Array.from({ length: 300 }, (_, i): Row => [`session_${i % 70}`, i]), false)
    const [{ label }] = table.rowSets
    const reader = table.rowSets[0].column(1)
    if (reader === null) throw new Error('no column')
    const opened = vi.spyOn(reader, 'dictionary', 'get')
    const maps = [0, 1].map((thread) => {
      const dictionaries = new SharedDictionaries(arena, handle)
      const dictionary = dictionaries.of(1, 1)
      if (dictionary === null) throw new Error('no dictionary')
      const map = thread === 0 ? dictionaries.mapLocal(dictionary, label, reader) : dictionaries.known(dictionary, label, reader)
      return map === null ? [] : [...map.toShared].map((code) => Buffer.from(dictionary.bytesOf(code)).toString())
    })
    expect(opened).not.toHaveBeenCalled()
    const sorted = Array.from({ length: 70 }, (_, i) => `session_${i}`).sort()
    expect(maps).toEqual([sorted, sorted])
  })
})
