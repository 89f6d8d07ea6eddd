// Columns of many small parts by kernels, both sets of them: as those that are read part by part.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { cellsOf, codesOf, vectorOf, type Cell } from '../codec/cells.test-kit.ts'
import { EncodeSpace } from '../codec/space.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import type { PartRef } from '../face.ts'
import { bindKernels, compileKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { arenaSource } from '../part/arena-source.ts'
import { buildImage } from '../part/build.ts'
import { openImage } from '../part/image.ts'
import { NearParts } from './near-parts.ts'
import { readColumn } from './read-column.ts'

const worlds = [compileKernels(), null].map((module) => {
  const work = new WorkMemory(128 * 2 ** 20)
  return { work, kernels: bindKernels(module, work) }
})
const arena = createArena({ budgetBytes: 64 * 2 ** 20, bufferBytes: 64 * 2 ** 20 })

const hex = (n: number): string => (Math.imul(n + 1, 2654435761) >>> 0).toString(16).padStart(8, '0')
const uuid = (n: number): string => `${hex(n)}-${hex(n + 7).slice(4)}-4000-8000-${hex(n * 3)}${hex(n).slice(4)}`
/** What a column holds by a number of the row: each takes another way of being stored. */
const KINDS: Record<string, readonly [type: string, cell: (n: number, part: number) => Cell]> = {
  few: ['String', (n) => ['web', 'ios', 'android'][n % 3]],
  texts: ['String', (n) => `text ${n % 97} ${'and so on '.repeat(n % 5)}`],
  uuids: ['String', uuid],
  serials: ['String', (n) => `user_${n % 5000}`],
  frames: ['String', (n) => `{"a":${n % 300},"b":"${n % 2 === 0 ? 'x' : 'y'}"}`],
  low: ['LowCardinality(String)', (n) => `v${n % 20}`],
  constant: ['String', (_, part) => `of part ${part}`],
  sparse: ['Nullable(String)', (n) => n % 7 === 0 ? null : `t${n % 11}`],
  filled: ['Nullable(String)', (n) => `t${n % 11}`],
  words: ['UInt32', (n) => Math.imul(n, 2654435761) >>> 0],
  signed: ['Int32', (n) => (n % 2 === 0 ? -1 : 1) * (n * 7919 % 2_000_000_000)],
  times: ['DateTime', (n) => 1_700_000_000 + n * 3 + n % 2],
  even: ['DateTime', (n) => 1_700_000_000 - n * 60],
  runs: ['UInt32', (n) => Math.floor(n / 40)],
  wide: ['Int64', (n) => n * 1e12],
  bytes: ['UInt8', (n) => n % 256],
  floats: ['Float64', (n) => n / 7],
}
const table = {
  columns: Object.entries(KINDS).map(([name, [type]], index) => ({ id: index + 3, name, type, defaultExpr: null })),
}

/** Texts as ingest has them: codes where strings repeat, or rows are few. */
function written(typeText: string, cells: readonly Cell[]): Vector {
  const type = parseDataType(typeText)
  const plain = vectorOf(type, cells)
  if (plain.kind !== 'bytes' || (new Set(cells).size > cells.length / 2 && cells.length > 60)) return plain
  return codesOf(type, cells as readonly (string | null)[])
}

const [{ work, kernels }] = worlds
function partOf(rowCount: number, from: number, number: number, columns = table.columns): PartRef {
  const account = new MemoryAccount(work, 64 * 2 ** 20)
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false,
    columns: columns.map(({ id, name, type }) => {
      const vector = written(type, Array.from({ length: rowCount }, (_, row) => KINDS[name][1](from + row, number)))
      return { id, name, type: vector.type, vector }
    }) }, account, kernels)
  account.releaseAll()
  const address = arena.allocate(image.length + 8)
  arena.bytes(address + number % 8, image.length).set(image) // in a log file they lie anywhere
  return { kind: 'part', id: number, address: address + number % 8, bytes: image.length, rowCount, firstSequence: number, lastSequence: number }
}
const free = (parts: readonly PartRef[]) => { for (const { address, bytes, id } of parts) arena.free(address - id % 8, bytes + 8) }

it('reads of small parts what reading each of them gives', () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 400 })), { minLength: 2, maxLength: 12 })
  fc.assert(fc.property(sizes, fc.nat(10_000), (rowCounts, from) => {
    const parts = rowCounts.map((rowCount, index) => partOf(rowCount, from + index * 400, index + 1))
    for (const own of worlds) {
      const account = new MemoryAccount(own.work, 100 * 2 ** 20)
      const space = new EncodeSpace(account, own.kernels)
      const near = NearParts.of(parts, table, arena, space)
      if (near === null) throw new Error('the parts are small')
      const sets = parts.map((part) => openImage(arenaSource(arena, part.address, part.bytes), { label: 'part', firstSequence: 0, lastSequence: 0 }, own.kernels))
      for (const column of table.columns) {
        const rows = cellsOf(readColumn(sets, column, space))
        const found = near.column(column, space)
        if (found !== null) expect([column.name, cellsOf(found)]).toEqual([column.name, rows])
        const sources = near.sourcesOf(column)
        expect(sources === null).toBe(sets.some((set) => (set.column(column.id)?.distinctCount ?? -1) >= 0))
        sources?.forEach(({ reader }, index) => {
          const block = reader.withBlock(0, (bytes) => Buffer.from(bytes))
          expect(block).toEqual(sets[index].column(column.id)?.withBlock(0, (bytes) => Buffer.from(bytes)))
        })
        const uuids = near.uuidsOf(column, space)
        if (uuids !== null) expect(Buffer.from(uuids.bytes).toString('hex')).toEqual(rows.join('').replaceAll('-', ''))
        expect([column.name, uuids !== null]).toEqual([column.name, column.name === 'uuids' && rowCounts.every((count) => count > 60)])
      }
      // Those that are stored in ways which the kernels know.
      const known = table.columns.filter((column) => near.column(column, space) !== null).map(({ name }) => name)
      expect(known).toEqual(expect.arrayContaining(['low', 'constant', 'words', 'signed', 'times', 'even', 'runs']))
      expect(known.filter((name) => ['wide', 'bytes', 'floats'].includes(name))).toEqual([])
      account.releaseAll()
    }
    free(parts)
  }), { numRuns: 8 })
})

it('leaves parts with more blocks, or without a column, to be read one by one', () => {
  const account = new MemoryAccount(work, 64 * 2 ** 20)
  const space = new EncodeSpace(account, kernels)
  const [words] = table.columns.filter(({ name }) => name === 'words')
  const parts = [partOf(10, 0, 1), partOf(10, 10, 2, table.columns.slice(1)), partOf(9000, 0, 3, [words])]
  expect(NearParts.of(parts.slice(0, 2), table, arena, space)).toBe(null)
  expect(NearParts.of(parts.slice(0, 2), { ...table, columns: [words] }, arena, space)).not.toBe(null)
  expect(NearParts.of(parts, { ...table, columns: [words] }, arena, space)).toBe(null)
  account.releaseAll()
  free(parts)
})
