// Deletes of a segment, one after the other, and the merge that writes it anew: what a plain filter leaves.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { cellsOf, vectorOf } from '../codec/cells.test-kit.ts'
import { parseDataType } from '../column/parse-type.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import type { MaskResult, SegmentRef, SegmentResult, TableMeta } from '../face.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { memorySource } from '../part/arena-source.ts'
import { buildImage } from '../part/build.ts'
import { openImage } from '../part/image.ts'
import { isDeleted, maskFile, readMask } from '../segment/delete-mask.ts'
import { runStoreTask, type KeyCompiler } from './run-task.ts'

const folder = mkdtempSync(join(tmpdir(), 'mask-'))
afterAll(() => rmSync(folder, { recursive: true }))
const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
const arena = createArena({ budgetBytes: 2 ** 20, bufferBytes: 2 ** 20 })
const type = parseDataType('UInt32')
const table: TableMeta = {
  id: 1, schemaVersion: 1, name: 't', engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null, settings: {},
  columns: [{ id: 1, name: 'n', type: 'UInt32', defaultExpr: null }],
}

/** `n = A`, with NULL where n is 7. */
const compileKey: KeyCompiler = (expression) => (block) => {
  const wanted = Number(expression.slice(4))
  const [n] = block.columns
  return vectorOf(parseDataType('Nullable(UInt8)'), cellsOf(n).map((cell) => cell === 7 ? null : Number(cell === wanted)))
}
const world = { arena, disk: nodeDisk(), kernels, work, compileKey, compileFold: () => null }

function segmentOf(rows: readonly number[]): SegmentRef {
  const account = new MemoryAccount(work, 2 ** 24)
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: true, partition: '', withPostings: false,
    columns: [{ id: 1, name: 'n', type, vector: vectorOf(type, rows) }] }, account, kernels)
  writeFileSync(join(folder, 'segment-1'), image)
  account.releaseAll()
  return { kind: 'segment', id: 1, file: 'segment-1', bytes: image.length, rowCount: rows.length, partition: 'all',
    firstSequence: 1, lastSequence: 1, maskVersion: 0, maskedRows: 0, expiry: null }
}

function rowsOf(file: string): number[] {
  const account = new MemoryAccount(work, 2 ** 24)
  const set = openImage(memorySource(readFileSync(join(folder, file)), false), { label: file, firstSequence: 0, lastSequence: 0 }, kernels)
  const rows = Array.from({ length: set.blockCount }, (_, block) => cellsOf(set.column(1)?.decode(block, account, null) ?? vectorOf(type, []))).flat()
  account.releaseAll()
  return rows as number[]
}

it('masks what fulfils the condition, adds to earlier masks, and a merge leaves the rest', () => {
  fc.assert(fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 60 }), fc.array(fc.nat(9), { maxLength: 4 }), (rows, deletes) => {
    let segment: SegmentRef | null = segmentOf(rows)
    let left = rows
    for (const [index, wanted] of deletes.entries()) {
      const before = left.length
      left = left.filter((row) => row !== wanted || row === 7)
      if (segment === null) break
      const task = { kind: 'mask', table, segments: [segment], folder, condition: `n = ${wanted}`, version: index + 1, nowMs: 0 } as const
      expect((runStoreTask({ ...task, isDry: true }, world) as MaskResult).matchedRows).toBe(before - left.length)
      const { masks, matchedRows } = runStoreTask({ ...task, isDry: false }, world) as MaskResult
      expect(matchedRows).toBe(before - left.length)
      if (masks.length === 0) continue
      expect(masks).toEqual([{ segmentId: 1, maskedRows: rows.length - left.length }])
      segment = left.length === 0 ? null : { ...segment, maskVersion: index + 1, maskedRows: masks[0].maskedRows }
      if (segment === null) continue
      const bits = readMask(world.disk, folder, segment)
      expect(rows.filter((_, row) => bits === null || !isDeleted(bits, row))).toEqual(left)
    }
    if (segment === null) return
    const { segments } = runStoreTask({ kind: 'merge', table, segments: [segment], folder, segmentId: 2, nowMs: 0 }, world) as SegmentResult
    expect(segments.flatMap(({ file }) => rowsOf(file))).toEqual(left)
  }), { numRuns: 60 })
})

it('refuses a mask with a flipped bit, naming mask and segment', () => {
  const segment = segmentOf([1, 2, 2, 3])
  runStoreTask({ kind: 'mask', table, segments: [segment], folder, condition: 'n = 2', version: 9, nowMs: 0, isDry: false }, world)
  const masked = { ...segment, maskVersion: 9, maskedRows: 2 }
  const path = join(folder, maskFile(1, 9))
  const good = readFileSync(path)
  for (let at = 0; at < good.length; at++) {
    const bad = Buffer.from(good)
    bad[at] ^= 1 << at % 8
    writeFileSync(path, bad)
    expect(() => readMask(world.disk, folder, masked)).toThrow(/mask-0000000001-9/)
  }
})
