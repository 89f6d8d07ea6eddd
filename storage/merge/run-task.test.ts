import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { CODEC_UUID } from '../codec/codecs.ts'
import { LocalStrings } from '../column/local-strings.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import type { MergedPart, PartRef, SegmentRef, SegmentResult, TableMeta } from '../face.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { memorySource } from '../part/arena-source.ts'
import { buildImage } from '../part/build.ts'
import { openImage } from '../part/image.ts'
import { runStoreTask, type KeyCompiler } from './run-task.ts'

const folder = mkdtempSync(join(tmpdir(), 'merge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const work = new WorkMemory(256 * 2 ** 20)
const kernels = loadKernels(work)
const arena = createArena({ budgetBytes: 64 * 2 ** 20, bufferBytes: 64 * 2 ** 20 })
const disk = nodeDisk()

const table: TableMeta = {
  id: 1, schemaVersion: 1, name: 't', engine: 'MergeTree', partitionBy: 'intDiv(n, 100)', sortBy: ['n', 'user'],
  ttl: null, settings: {},
  columns: [['n', 'UInt32'], ['user', 'String'], ['tag', 'Nullable(String)'], ['at', 'Int64']].map(([name, type], index) => (
    { id: index + 1, name, type, defaultExpr: null })),
}

/** Understands the one expression of this table. */
const compileKey: KeyCompiler = (expression, _columns, { account }) => (block) => {
  expect(expression).toBe('intDiv(n, 100)')
  const [n] = block.columns
  if (n.kind !== 'number') throw new Error(n.kind)
  const values = account.u32(block.rowCount)
  for (let row = 0; row < block.rowCount; row++) values[row] = Math.floor(n.values[row] / 100)
  return { kind: 'number', type: parseDataType('UInt32'), length: block.rowCount, isConst: false, nulls: null, values }
}
const world = { arena, disk, kernels, work, compileKey, compileFold: () => null }

type Row = { n: number; user: string; tag: string | null; at: number }
const rowArb = fc.record({
  n: fc.integer({ min: 0, max: 350 }), user: fc.constantFrom('ann', 'bob', 'cleo', '', 'émile'),
  tag: fc.option(fc.string({ maxLength: 5 })), at: fc.maxSafeInteger(),
})

function strings(typeText: string, values: readonly (string | null)[]): Vector {
  const distinct = [...new Set(values.map((value) => value ?? ''))]
  const offsets = new Uint32Array(distinct.length + 1)
  distinct.forEach((text, index) => { offsets[index + 1] = offsets[index] + Buffer.byteLength(text) })
  return {
    kind: 'codes', type: parseDataType(typeText), length: values.length, isConst: false,
    nulls: values.includes(null) ? Uint8Array.from(values, (value) => value === null ? 1 : 0) : null,
    codes: Uint32Array.from(values, (value) => distinct.indexOf(value ?? '')),
    dictionary: new LocalStrings(distinct.length, new Uint8Array(Buffer.from(distinct.join(''))), offsets),
  }
}

function partOf(rows: readonly Row[], sequence: number): PartRef {
  const number = (typeText: string, values: number[]): Vector => ({
    kind: 'number', type: parseDataType(typeText), length: rows.length, isConst: false, nulls: null, values: Float64Array.from(values) })
  const vectors = [
    number('UInt32', rows.map((row) => row.n)), strings('String', rows.map((row) => row.user)),
    strings('Nullable(String)', rows.map((row) => row.tag)), number('Int64', rows.map((row) => row.at)),
  ]
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false,
    columns: table.columns.map((column, index) => ({ id: column.id, name: column.name, type: vectors[index].type, vector: vectors[index] })) },
  new MemoryAccount(work, 64 * 2 ** 20), kernels)
  const address = arena.allocate(image.length)
  arena.bytes(address, image.length).set(image)
  return { kind: 'part', id: sequence, address, bytes: image.length, rowCount: rows.length, firstSequence: sequence, lastSequence: sequence }
}

function rowsOf(image: Uint8Array): Row[] {
  const account = new MemoryAccount(work, 64 * 2 ** 20)
  const set = openImage(memorySource(image, false),
    { label: 'image', firstSequence: 0, lastSequence: 0 }, kernels)
  const [n, user, tag, at] = table.columns.map((column) => Array.from({ length: set.blockCount }, (_, block) => {
    const vector = set.column(column.id)?.decode(block, account, null)
    if (vector === undefined) throw new Error('no column')
    return Array.from({ length: vector.length }, (__, row) => {
      if (vector.nulls !== null && vector.nulls[row] === 1) return null
      if (vector.kind === 'number') return vector.values[row]
      if (vector.kind !== 'bytes') throw new Error(vector.kind)
      return Buffer.from(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])).toString()
    })
  }).flat())
  account.releaseAll()
  return n.map((value, row) => ({ n: value as number, user: user[row] as string, tag: tag[row] as string | null, at: at[row] as number }))
}

/** What any flush must come to: rows by partition, each in stable order of the key. */
function expected(rows: readonly Row[]): Record<string, Row[]> {
  const byPartition: Record<string, Row[]> = {}
  for (const row of rows) (byPartition[Math.floor(row.n / 100)] ??= []).push(row)
  const compare = (a: Row, b: Row) => a.n - b.n || Buffer.compare(Buffer.from(a.user), Buffer.from(b.user))
  for (const list of Object.values(byPartition)) list.sort(compare)
  return byPartition
}

const contents = (segments: readonly SegmentRef[]) => Object.fromEntries(segments.map((segment) => (
  [segment.partition, rowsOf(readFileSync(join(folder, segment.file)))])))

const free = (part: { address: number; bytes: number }) => arena.free(part.address, part.bytes)
let nextId = 1

it('flushes, merges parts and merges segments to what a stable sort of all rows gives', () => {
  fc.assert(fc.property(fc.array(fc.array(rowArb, { minLength: 1, maxLength: 80 }), { minLength: 2, maxLength: 5 }), (batches) => {
    const parts = batches.map((rows, index) => partOf(rows, index + 1))
    const merged = runStoreTask({ kind: 'merge-parts', table, parts, nowMs: 0, isAwaited: false }, world) as MergedPart
    expect(rowsOf(arena.bytes(merged.address, merged.bytes).slice())).toEqual(batches.flat())
    const flush = (some: readonly PartRef[]) => {
      nextId += 100
      return (runStoreTask({ kind: 'flush', table, parts: some, folder, firstSegmentId: nextId, segmentIdCount: 100, nowMs: 0 }, world) as SegmentResult).segments
    }
    const whole = flush(parts)
    expect(contents(whole)).toEqual(expected(batches.flat()))
    expect(whole.every(({ firstSequence, lastSequence }) => firstSequence === 1 && lastSequence === parts.length)).toBe(true)
    // The same rows flushed apart and then merged by partition.
    const apart = parts.flatMap((part) => flush([part]))
    const partitions = [...new Set(apart.map(({ partition }) => partition))]
    const again = partitions.flatMap((partition) => (runStoreTask({
      kind: 'merge', table, segments: apart.filter((segment) => segment.partition === partition), folder, segmentId: (nextId += 100), nowMs: 0,
    }, world) as SegmentResult).segments)
    expect(contents(again)).toEqual(expected(batches.flat()))
    for (const part of [...parts, merged]) free(part)
    for (const segment of [...whole, ...apart, ...again]) disk.remove(join(folder, segment.file))
  }), { numRuns: 25 })
  expect(arena.usedBytes).toBe(0)
  expect(work.usedBytes).toBe(0)
})

it('puts the rows of many merged parts in the order of the key, unless a start waits or an engine combines them', () => {
  const rows = (from: number): Row[] => Array.from({ length: 8200 }, (_, i) => (
    { n: (from + i) * 7919 % 9000, user: i % 3 === 0 ? 'ann' : 'bob', tag: i % 5 === 0 ? null : `t${i % 7}`, at: from + i }))
  const batches = [rows(0), rows(10_000)]
  const parts = batches.map((some, index) => partOf(some, index + 1))
  const merged = (more: Partial<TableMeta>, isAwaited: boolean) => {
    const part = runStoreTask({ kind: 'merge-parts', table: { ...table, ...more }, parts, nowMs: 0, isAwaited }, world) as MergedPart
    const found = rowsOf(arena.bytes(part.address, part.bytes).slice())
    free(part)
    return found
  }
  expect(merged({}, false)).toEqual(batches.flat().sort((a, b) => a.n - b.n || (a.user < b.user ? -1 : a.user > b.user ? 1 : 0)))
  for (const asTheyCame of [merged({}, true), merged({ engine: 'ReplacingMergeTree' }, false), merged({ sortBy: [] }, false)]) {
    expect(asTheyCame).toEqual(batches.flat())
  }
  for (const part of parts) free(part)
  expect(work.usedBytes).toBe(0)
})

it('merges the dictionaries of many parts', () => {
  fc.assert(fc.property(fc.array(fc.array(rowArb, { minLength: 1, maxLength: 80 }), { minLength: 9, maxLength: 12 }), (batches) => {
    const parts = batches.map((rows, index) => partOf(rows, index + 1))
    const merged = runStoreTask({ kind: 'merge-parts', table, parts, nowMs: 0, isAwaited: true }, world) as MergedPart
    const image = arena.bytes(merged.address, merged.bytes).slice()
    expect(rowsOf(image)).toEqual(batches.flat())
    expect(Buffer.from(image.subarray(-4)).toString()).toBe('PIMM')
    for (const part of [...parts, merged]) free(part)
  }), { numRuns: 10 })
  expect(work.usedBytes).toBe(0)
})

it('writes UUIDs of dictionaries as such where a partition has each of them once, and texts that are none', () => {
  const uuid = (i: number): string => `${(i * 2654435761 >>> 0).toString(16).padStart(8, '0')}-ab12-4f00-9c3d-${i.toString(16).padStart(12, '0')}`
  // In each part twice, and so a dictionary; in a partition once.
  const rows = (from: number, other: string | null): Row[] => Array.from({ length: 200 }, (_, i) => (
    { n: i, user: other !== null && i % 100 === 50 ? other : uuid(from + i % 100), tag: null, at: from + i }))
  const areUuids = [null, uuid(7).toUpperCase(), 'x'.repeat(36), 'no uuid'].map((other) => {
    const batches = [rows(0, null), rows(100, other)]
    const parts = batches.map((some, index) => partOf(some, index + 1))
    const { segments } = runStoreTask({ kind: 'flush', table, parts, folder, firstSegmentId: nextId += 100, segmentIdCount: 100, nowMs: 0 }, world) as SegmentResult
    expect(contents(segments)).toEqual(expected(batches.flat()))
    for (const part of parts) free(part)
    return segments.map(({ file }) => {
      const set = openImage(memorySource(readFileSync(join(folder, file)), false), { label: file, firstSequence: 0, lastSequence: 0 }, kernels)
      return set.column(2)?.withBlock(0, ([codec]) => codec === CODEC_UUID)
    })
  })
  expect(areUuids).toEqual([[true, true], ...Array.from({ length: 3 }, () => [false, false])])
  expect(work.usedBytes).toBe(0)
})

it('leaves no file of a flush that the disk has no room for', () => {
  const own = mkdtempSync(join(tmpdir(), 'merge-full-'))
  const part = partOf([1, 150, 250].map((n) => ({ n, user: 'u', tag: null, at: 0 })), 1)
  let written = 0
  const full = Object.assign(Object.create(disk) as typeof disk, {
    writeWholeSync: (path: string, chunks: readonly Uint8Array[]) => {
      if (written++ < 2) disk.writeWholeSync(path, chunks)
      else {
        disk.writeWholeSync(path, chunks.slice(0, 1))
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
      }
    },
  })
  const flush = () => runStoreTask(
    { kind: 'flush', table, parts: [part], folder: own, firstSegmentId: 1, segmentIdCount: 100, nowMs: 0 }, { ...world, disk: full })
  expect(flush).toThrow(/ENOSPC/)
  expect([written, disk.list(own)]).toEqual([3, []])
  free(part)
  rmSync(own, { recursive: true })
})

it('writes nothing where there are more partitions than ids, and says how many there are', () => {
  const part = partOf([1, 101, 201].map((n) => ({ n, user: 'u' }) as Row), 1)
  const flush = (segmentIdCount: number) => runStoreTask(
    { kind: 'flush', table, parts: [part], folder, firstSegmentId: nextId += 100, segmentIdCount, nowMs: 0 }, world) as SegmentResult
  const before = disk.list(folder)
  expect(flush(2)).toEqual({ segments: [], idsNeeded: 3 })
  expect(disk.list(folder)).toEqual(before)
  expect(flush(3).segments.map(({ id, partition }) => [id - nextId, partition])).toEqual([[0, '0'], [1, '1'], [2, '2']])
  free(part)
})

it('takes no more text of a column together than it may decode, and one source in any case', () => {
  const texts = (from: number) => Array.from({ length: 40 }, (_, i): Row => ({ n: i, user: `${'xy'.repeat(100 + (from + i) % 7)}${(from + i) ** 3}`, tag: null, at: 0 }))
  const parts = [partOf(texts(0), 1), partOf(texts(40), 2)]
  const flush = (some: readonly PartRef[], textBytesMax: number) => runStoreTask({
    kind: 'flush', table, parts: some, folder, firstSegmentId: nextId += 100, segmentIdCount: 100, nowMs: 0, textBytesMax }, world) as SegmentResult
  const merge = (textBytesMax: number) => runStoreTask({ kind: 'merge-parts', table, parts, nowMs: 0, isAwaited: false, textBytesMax }, world) as MergedPart | null
  const before = disk.list(folder)
  expect(flush(parts, 10_000)).toEqual({ segments: [], isTooLarge: true })
  expect(merge(10_000)).toBe(null)
  expect(disk.list(folder)).toEqual(before)
  const segments = parts.flatMap((part) => flush([part], 100).segments)
  expect(segments).toHaveLength(2)
  const both = { kind: 'merge', table, segments, folder, segmentId: nextId += 100, nowMs: 0 } as const
  expect(runStoreTask({ ...both, textBytesMax: 10_000 }, world)).toEqual({ segments: [], isTooLarge: true })
  expect((runStoreTask({ ...both, textBytesMax: 100_000 }, world) as SegmentResult).segments).toMatchObject([{ rowCount: 80 }])
  const merged = merge(100_000) as MergedPart
  expect(merged.rowCount).toBe(80)
  for (const part of [...parts, merged]) free(part)
})
