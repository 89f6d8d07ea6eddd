import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cellsOf, codesOf, vectorOf, type Cell } from '../codec/cells.test-kit.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Dictionary, Vector } from '../column/vector.ts'
import { loadKernels, referenceKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { memorySource } from './arena-source.ts'
import { buildImage, ImageBuild, type BuildInput } from './build.ts'
import { openImage } from './image.ts'
import type { CodeMap, ColumnReader, LocalDictionary, RowSet } from './row-set.ts'

const work = new WorkMemory(256 * 2 ** 20)
const kernels = loadKernels(work)
const references = referenceKernels(work)
const newAccount = () => new MemoryAccount(work, 250 * 2 ** 20)
const place = { label: 'part 1 of t', firstSequence: 7, lastSequence: 9 }

type TestColumn = { readonly type: string; readonly cells: readonly Cell[]; readonly isCodes: boolean }

function imageOf(columns: readonly TestColumn[], withPostings = true, by = kernels): Uint8Array {
  const account = newAccount()
  const image = buildImage({
    tableId: 1, schemaVersion: 3, isSorted: true, partition: '202301', withPostings,
    columns: columns.map(({ type: text, cells, isCodes }, index) => {
      const type = parseDataType(text)
      const vector: Vector = isCodes ? codesOf(type, cells as (string | null)[]) : vectorOf(type, cells)
      return { id: index + 5, name: `c${index}`, type, vector }
    }),
  }, account, by).slice()
  account.releaseAll()
  expect(work.usedBytes).toBe(0)
  return image
}

const open = (image: Uint8Array): RowSet => openImage(memorySource(image, false), place, kernels)

function columnOf(rows: RowSet, id: number): ColumnReader {
  const column = rows.column(id)
  if (column === null) throw new Error(`no column ${id}`)
  return column
}

/** A table's dictionary whose codes differ from the local ones. */
function sharedMap(local: LocalDictionary): CodeMap {
  const last = local.size - 1
  const dictionary: Dictionary = {
    id: 1, size: local.size, lengthOf: (code) => dictionary.bytesOf(code).length, find: () => -1,
    bytesOf: (code) => local.bytes.subarray(local.offsets[last - code], local.offsets[last - code + 1]),
  }
  return { dictionary, toShared: Uint32Array.from({ length: local.size }, (_, rank) => last - rank) }
}

function expectColumn(column: ColumnReader, rows: RowSet, cells: readonly Cell[], picks: Uint32Array): void {
  const account = newAccount()
  const maps = column.dictionary === null ? [null] : [null, sharedMap(column.dictionary)]
  for (const map of maps) {
    const all = Array.from({ length: rows.blockCount }, (_, block) => cellsOf(column.decode(block, account, map)))
    expect(all.flat()).toEqual(cells)
    expect(cellsOf(column.gather(picks, picks.length, account, map))).toEqual([...picks].map((row) => cells[row]))
  }
  account.releaseAll()
}

const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'pro', 'free'), fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.nat(50).map((n) => `user_${n}`))
const CELLS: readonly (readonly [string, fc.Arbitrary<Cell>, boolean])[] = [
  ['Int64', fc.maxSafeInteger(), false], ['Float64', fc.double(), false], ['DateTime', fc.nat(0xffffffff), false],
  ['Nullable(Int32)', fc.option(fc.integer()), false], ['String', text, false], ['String', text, true],
  ['Nullable(String)', fc.option(text), true], ['Nullable(String)', fc.option(text), false],
  ['LowCardinality(String)', text, true], ['Array(String)', fc.array(text, { maxLength: 3 }), false],
  ['Map(String, UInt8)', fc.array(fc.tuple(text, fc.nat(255)), { maxLength: 3 }), false],
]
const columnArb = (rows: number) => fc.constantFrom(...CELLS).chain(([type, cell, isCodes]) => (
  fc.array(cell, { minLength: rows, maxLength: rows }).map((cells) => ({ type, cells, isCodes }))))
const tableArb = fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 60, max: 150 })).chain((rows) => fc.tuple(
  fc.array(columnArb(rows), { minLength: 1, maxLength: 6 }),
  fc.uniqueArray(fc.nat(Math.max(0, rows - 1)), { maxLength: rows === 0 ? 0 : 20 })))

it('gives back what was built in: whole blocks, gathered rows, with codes and without', () => {
  fc.assert(fc.property(tableArb, fc.boolean(), ([columns, picks], compiled) => {
    const rows = open(imageOf(columns, true, compiled ? kernels : references))
    expect(rows).toMatchObject({
      label: 'part 1 of t', rowCount: columns[0].cells.length, schemaVersion: 3, isSorted: true,
      firstSequence: 7, lastSequence: 9,
    })
    expect(rows.column(4)).toBeNull()
    columns.forEach(({ cells }, index) => {
      expectColumn(columnOf(rows, index + 5), rows, cells, Uint32Array.from(picks).sort())
    })
  }), { numRuns: 150 })
})

it('builds the same bytes with compiled kernels and with references', () => {
  fc.assert(fc.property(tableArb, ([columns]) => {
    expect(imageOf(columns, true, references)).toEqual(imageOf(columns))
  }), { numRuns: 50 })
})

const mixed = (row: number): number => Math.imul(row, 2654435761) >>> 0
const ROWS = 20_000
const users = Array.from({ length: ROWS }, (_, row) => row % 97 === 0 ? 'user_0' : `user_${mixed(row) % 900}`)
const times = users.map((_, row) => 1_700_000_000 + row * 5 + mixed(row) % 5)
const big = imageOf([
  { type: 'String', cells: users, isCodes: true },
  { type: 'DateTime', cells: times, isCodes: false },
  { type: 'Nullable(String)', cells: users.map((user, row) => row % 3 === 0 ? null : user), isCodes: true },
  { type: 'String', cells: users.map((_, row) => `${mixed(row)}/${mixed(row * 3)}`), isCodes: true },
])

it('cuts rows into blocks, with zones and a dictionary over the whole', () => {
  const rows = open(big)
  expect([rows.blockCount, rows.blockRows(0), rows.blockRows(2)]).toEqual([3, 8192, ROWS - 16_384])
  const [user, time] = [columnOf(rows, 5), columnOf(rows, 6)]
  const sorted = [...new Set(users)].sort()
  const bytes = (value: string) => new Uint8Array(Buffer.from(value))
  expect(user.zone).toEqual({ min: bytes(sorted[0]), max: bytes(sorted[sorted.length - 1]), nullCount: 0 })
  expect(user.distinctCount).toBe(sorted.length)
  sorted.forEach((value, rank) => expect(user.dictionary?.find(bytes(value))).toBe(rank))
  expect(user.dictionary?.find(bytes('user_9999'))).toBe(-1)
  expect(time.blockZone(1)).toEqual({ min: times[8192], max: times[16_383], nullCount: 0 })
  expect(time.zone).toEqual({ min: times[0], max: times[ROWS - 1], nullCount: 0 })
  expect(columnOf(rows, 7).zone?.nullCount).toBe(users.filter((_, row) => row % 3 === 0).length)
})

it('gathers many rows of ids, UUIDs, numbered and templated texts as they are', () => {
  const hex = (row: number, digits: number) => mixed(row).toString(16).padStart(8, '0').slice(0, digits)
  const texts: readonly ((row: number) => string)[] = [
    (row) => `evt_${row * 3}`, (row) => `id-${String(mixed(row) % 1000).padStart(6, '0')}.x`, (row) => `big_${2 ** 40 + row}`,
    (row) => `${hex(row, 8)}-${hex(row + 1, 4)}-${hex(row + 2, 4)}-${hex(row + 3, 4)}-${hex(row + 4, 8)}${hex(row + 5, 4)}`,
    (row) => `{"n":${mixed(row) % 9_000_000},"tier":"${row % 3 === 0 ? 'free' : 'pro'}","at":"2024-0${1 + row % 9}-07","id":${row}}`,
    (row) => `${hex(row, 1 + row % 7)}é`,
  ]
  const rowCount = 9_000
  const images = [kernels, references].map((by) => open(imageOf(texts.flatMap((make) => {
    const cells = Array.from({ length: rowCount }, (_, row) => make(row))
    const some = cells.map((cell, row) => (row % 5 === 0 ? null : cell))
    return [{ type: 'String', cells, isCodes: false }, { type: 'Nullable(String)', cells: some, isCodes: false }]
  }), false, by)))
  for (const step of [3, 40, 170, 2000]) {
    const picks = Uint32Array.from({ length: Math.floor(rowCount / step) }, (_, i) => i * step + mixed(i) % step)
    for (const image of images) {
      texts.forEach((make, t) => {
        const account = newAccount()
        const wanted = [...picks].map((row) => make(row))
        expect(cellsOf(columnOf(image, 5 + 2 * t).gather(picks, picks.length, account, null))).toEqual(wanted)
        expect(cellsOf(columnOf(image, 6 + 2 * t).gather(picks, picks.length, account, null)))
          .toEqual(wanted.map((text, i) => (picks[i] % 5 === 0 ? null : text)))
        account.releaseAll()
      })
    }
  }
})

it('gathers codes straight to their place, mapped or not; not where there are NULLs or no dictionary', () => {
  const rows = open(big)
  const chosen = Uint32Array.from({ length: 300 }, (_, i) => i * 66 + mixed(i) % 60)
  const out = new Uint32Array(302).fill(7)
  const user = columnOf(rows, 5)
  const local = user.dictionary as LocalDictionary
  const expected = [...chosen].map((row) => local.find(Buffer.from(users[row])))
  expect(user.gatherCodes(chosen, null, out, 1)).toBe(true)
  expect([...out]).toEqual([7, ...expected, 7])
  const map = sharedMap(local)
  expect(user.gatherCodes(chosen, map, out, 1)).toBe(true)
  expect([...out]).toEqual([7, ...expected.map((code) => map.toShared[code]), 7])
  expect(columnOf(rows, 7).gatherCodes(chosen, null, out, 1)).toBe(false)
  expect(columnOf(rows, 8).gatherCodes(chosen, null, out, 1)).toBe(false)
})

it('keeps strings that hardly repeat without a dictionary', () => {
  const column = columnOf(open(big), 8)
  expect([column.dictionary, column.hasPostings, column.distinctCount]).toEqual([null, false, -1])
})

it('lists the rows of every string, rare and frequent, NULLs left out', () => {
  const rows = open(big)
  const account = newAccount()
  for (const [id, isNull] of [[5, () => false], [7, (row: number) => row % 3 === 0]] as const) {
    const column = columnOf(rows, id)
    expect(column.hasPostings).toBe(true)
    const byUser = new Map<string, number[]>()
    users.forEach((user, row) => {
      if (!isNull(row)) byUser.set(user, [...byUser.get(user) ?? [], row])
    })
    for (const [user, expected] of byUser) {
      const code = column.dictionary?.find(Buffer.from(user)) ?? -1
      expect(column.postingsCount(code)).toBe(expected.length)
      expect([...column.postings(code)]).toEqual(expected)
      const picks = column.postings(code)
      expect(cellsOf(columnOf(rows, 6).gather(picks, picks.length, account, null))).toEqual(expected.map((row) => times[row]))
    }
  }
  account.releaseAll()
})

it('reads the right list whatever list was counted before', () => {
  const column = columnOf(open(big), 5)
  const fresh = columnOf(open(big), 5)
  const size = column.distinctCount
  for (let i = 0; i < 200; i++) {
    const [one, other] = [mixed(i) % size, mixed(i + 1000) % size]
    const count = column.postingsCount(one)
    expect(column.postings(other)).toEqual(fresh.postings(other))
    expect(column.postings(one).length).toBe(count)
    expect(column.postingsCount(other)).toBe(fresh.postings(other).length)
  }
})

const SMALL: readonly TestColumn[] = [
  { type: 'String', cells: users.slice(0, 300), isCodes: true },
  { type: 'Int32', cells: times.slice(0, 300).map((time) => time % 1000), isCodes: false },
  { type: 'Nullable(String)', cells: users.slice(0, 300).map((user, row) => row % 5 === 0 ? null : user), isCodes: false },
]

it.each([['with a checksum for all', 20], ['with a checksum a section', 300]])(
  'finds or survives every flipped byte of an image %s: an error that names the place, or the right answer', (_, count) => {
    const columns = SMALL.map((column) => ({ ...column, cells: column.cells.slice(0, count) }))
    const image = imageOf(columns, false)
    let found = 0
    for (let at = 0; at < image.length; at++) {
      const damaged = image.slice()
      damaged[at] ^= 1 << at % 8
      const account = newAccount()
      try {
        const rows = open(damaged)
        columns.forEach(({ cells }, index) => {
          expect(cellsOf(columnOf(rows, index + 5).decode(0, account, null))).toEqual(cells)
        })
      } catch (error) {
        expect((error as Error).message).toMatch(/part 1 of t/)
        found++
      }
      account.releaseAll()
    }
    expect(found).toBe(image.length)
  })

it('names column and block of damage', () => {
  const damaged = big.slice()
  damaged[20_000] ^= 1
  const rows = open(damaged)
  const account = newAccount()
  expect(() => {
    for (let block = 0; block < 3; block++) for (const id of [5, 6, 7, 8]) columnOf(rows, id).decode(block, account, null)
  }).toThrow(/Corrupt data in part 1 of t, column c0, block 1: its block: its checksum differs/)
  account.releaseAll()
})

it('says so when an image is newer, cut off or something else', () => {
  const image = imageOf(SMALL)
  expect(() => open(image.subarray(0, 10))).toThrow('it is cut off')
  expect(() => open(image.subarray(0, image.length - 1))).toThrow('its end is damaged or cut off')
  const other = image.slice()
  other[0] = 0
  expect(() => open(other)).toThrow('Corrupt data in part 1 of t: not an image of Pipit')
  const newer = image.slice()
  newer[4] = 9
  expect(() => open(newer)).toThrow('part 1 of t has format version 9; this Pipit knows up to version 1')
})

it('keeps a one-row image of eleven columns below 600 bytes', () => {
  const values = ['evt_1234567', 'user_123456', 'session_1234567', 'click', 'dashboard', null, 'desktop', 'Chrome', 'Windows', 'US',
    '{"tier":"pro","duration":42,"version":"1.2","flag":true}']
  const names = ['event_id', 'user_id', 'session_id', 'event_type', 'feature', 'timestamp', 'device_type', 'browser', 'os', 'location', 'metadata']
  const account = newAccount()
  const columns = values.map((value, id) => {
    const type = parseDataType(value === null ? 'DateTime' : 'String')
    return { id, name: names[id], type, vector: value === null ? vectorOf(type, [1_700_000_000]) : codesOf(type, [value]) }
  })
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false, columns }, account, kernels)
  account.releaseAll()
  expect(image.length).toBeLessThan(600)
})

it('writes the same bytes when others write theirs between two columns', () => {
  const inputOf = (rows: number): BuildInput => ({
    tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false,
    columns: ['String', 'UInt32', 'String', 'Nullable(Float64)'].map((text, id) => {
      const type = parseDataType(text)
      const cells = Array.from({ length: rows }, (_, row) => text === 'String' ? `${id} ${row % (id === 0 ? 7 : rows)}` : row * (id + 1))
      return { id, name: `c${id}`, type, vector: vectorOf(type, cells) }
    }),
  })
  const inputs = [inputOf(9000), inputOf(10)]
  const alone = inputs.map((input) => {
    const account = newAccount()
    const image = buildImage(input, account, kernels).slice()
    account.releaseAll()
    return image
  })
  const accounts = inputs.map(newAccount)
  const builds = inputs.map((input, i) => new ImageBuild(input, accounts[i], kernels, accounts[i]))
  while (builds.map((build) => build.writeNext()).includes(true));
  expect(builds.map((build) => build.finish().slice())).toEqual(alone)
  for (const account of accounts) account.releaseAll()
  expect(work.usedBytes).toBe(0)
})
