// Codes of single rows by the table are those of the blocks, also after sections have moved.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { codesOf, vectorOf } from '../codec/cells.test-kit.ts'
import { parseDataType } from '../column/parse-type.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { BlockCache, createBlockCache } from '../segment/block-cache.ts'
import { FileSource } from '../segment/file-source.ts'
import { buildImage } from './build.ts'
import { openImage } from './image.ts'
import { CodePlaces } from './packed-codes.ts'

const folder = mkdtempSync(join(tmpdir(), 'packed-'))
afterAll(() => rmSync(folder, { recursive: true }))
const work = new WorkMemory(128 * 2 ** 20)
const kernels = loadKernels(work)
const ROWS = 20_000
const mixed = (row: number): number => Math.imul(row, 2654435761) >>> 0
/** Scattered, all the same, in long runs, ascending, with NULLs in the last block. */
const COLUMNS: readonly ((row: number) => string | null)[] = [
  (row) => `v${mixed(row) % 300}`, () => 'same', (row) => `r${Math.floor(row / 700)}`, (row) => `a${100 + Math.floor(row / 150)}`,
  (row) => (row > 16_384 && row % 5 === 0 ? null : `n${mixed(row) % 70}`),
]
const NUMBERS: readonly (readonly [string, (row: number) => number])[] = [
  ['UInt32', (row) => mixed(row)], ['DateTime', (row) => 1.7e9 + row * 3 + mixed(row) % 3], ['Float64', (row) => (mixed(row) % 1000) / 100],
  ['Int64', (row) => row * 1e6 - 5e9],
]

it('reads chosen rows as they were written, whatever kind of block they lie in', () => {
  const account = new MemoryAccount(work, 100 * 2 ** 20)
  const cells = COLUMNS.map((cell) => Array.from({ length: ROWS }, (_, row) => cell(row)))
  const type = parseDataType('Nullable(String)')
  const columns = cells.map((column, index) => ({ id: index + 1, name: `c${index}`, type, vector: codesOf(type, column) }))
  const numbers = NUMBERS.map(([name, value], index) => ({
    id: 10 + index, name, type: parseDataType(name), vector: vectorOf(parseDataType(name), Array.from({ length: ROWS }, (_, row) => value(row))),
  }))
  const path = join(folder, 'segment')
  writeFileSync(path, buildImage({
    tableId: 1, schemaVersion: 1, isSorted: true, partition: '', withPostings: false, columns: [...columns, ...numbers],
  }, account, kernels))
  account.releaseAll()
  const arena = createArena({ budgetBytes: 512 * 1024, bufferBytes: 512 * 1024 })
  const cache = new BlockCache(arena, createBlockCache(arena))
  const source = new FileSource(nodeDisk(), path, 1, cache)
  const rowSet = openImage(source, { label: 's', firstSequence: 1, lastSequence: 1 }, kernels)
  const places = new CodePlaces()
  const seen = new Set<boolean>()
  fc.assert(fc.property(fc.uniqueArray(fc.nat(ROWS - 1), { maxLength: 60 }), fc.nat(2), (picks, trim) => {
    if (trim === 0) cache.trimLeases()
    const rows = Uint32Array.from(picks).sort()
    const out = new Uint32Array(rows.length + 1)
    cells.forEach((column, index) => {
      const reader = rowSet.column(index + 1)
      const { dictionary } = reader ?? {}
      if (!reader || !dictionary) throw new Error('no dictionary')
      const isRead = reader.gatherCodes(rows, null, out, 1)
      expect(isRead).toBe(index < 4 || rows.every((row) => row < 16_384))
      if (!isRead) return
      const texts = [...out.subarray(1)].map((code) => Buffer.from(dictionary.bytes.subarray(dictionary.offsets[code], dictionary.offsets[code + 1])).toString())
      expect(texts).toEqual([...rows].map((row) => column[row]))
      // Read together, behind others: the same, where their place is known.
      places.begin()
      const isPlaced = reader.locateCodes(rows, places, 0) && reader.locateCodes(rows.subarray(1), places, rows.length)
      if (rows.length > 1) seen.add(isPlaced)
      if (!isPlaced) return
      const together = new Uint32Array(rows.length * 2)
      places.read(Math.max(0, rows.length * 2 - 1), together)
      expect([...together.subarray(0, rows.length)]).toEqual([...out.subarray(1)])
      expect([...together.subarray(rows.length, -1)]).toEqual([...out.subarray(2)])
    })
    NUMBERS.forEach(([name, value], index) => {
      const values = /UInt32|DateTime/.test(name) ? new Uint32Array(rows.length + 1) : new Float64Array(rows.length + 1)
      const isRead = rowSet.column(10 + index)?.gatherNumbers(rows, values, 1) ?? false
      if (isRead) expect([...values.subarray(1)]).toEqual([...rows].map(value))
      else expect(name).toBe('Int64')
    })
  }), { numRuns: 80 })
  expect([...seen].sort()).toEqual([false, true])
  source.close()
})
