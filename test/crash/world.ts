// What a simulated process works with: images of rows that are one number each, the real tasks of the
// store run inline after a wait of the seed's choice, and the way back from a snapshot to numbers.

import { join } from 'node:path'
import { PlainArena } from './plain-arena.ts'
import { crc32 } from '../../storage/bytes/crc32.ts'
import { packStrings, vectorOf } from '../../storage/codec/cells.test-kit.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { Disk } from '../../storage/disk/disk.ts'
import { simulatedPath, type SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import type { NewPart, Snapshot, StoreTask, TableMeta, TaskRunner } from '../../storage/face.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { runStoreTask, type KeyCompiler } from '../../storage/merge/run-task.ts'
import type { TaskWorld } from '../../storage/merge/task-world.ts'
import { memorySource } from '../../storage/part/arena-source.ts'
import type { ByteSource } from '../../storage/part/byte-source.ts'
import { buildImage } from '../../storage/part/build.ts'
import { openImage } from '../../storage/part/image.ts'
import { isDeleted, readMask } from '../../storage/segment/delete-mask.ts'
import { ScanSource } from '../../storage/segment/scan-source.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
const [NUMBER, TEXT] = [parseDataType('UInt32'), parseDataType('String')]

/** Tables differ in partitions and order; rows carry their number and a text made of it. */
export const TABLES = ['by_rest', 'whole', 'aging', 'keyed'] as const
export const tableNamed = (name: string, isKeyed = name === 'keyed', isCombined = false) => ({
  name, engine: isCombined ? 'ReplacingMergeTree' : 'MergeTree', settings: {},
  // A row of the table that ages is over when the clock shows its number, in seconds.
  ttl: name === 'aging' ? 'n' : null,
  partitionBy: name === 'by_rest' ? 'n % 3' : 'tuple()', sortBy: [isCombined ? 'n' : 's'],
  columns: [{ name: 'n', type: 'UInt32', defaultExpr: null }, { name: 's', type: 'String', defaultExpr: null }],
  ...isKeyed ? { deduplicateBy: { column: 'n', windowMs: 1e12 } } : {},
})

/** Keys of rows, as a worker makes them. */
export const rowKeysOf = (rows: readonly number[]): Uint32Array => Uint32Array.from(rows.flatMap((row) => [row, 0, 1, 0]))

const textOf = (row: number): string => `s${row * 7919 % 97}`

/** Understands `n % A` and `n % A = B`. */
const compileKey: KeyCompiler = (expression, _columns, { account }) => {
  const found = /^n % (\d+)(?: = (\d+))?$/.exec(expression)
  if (found === null) throw new Error(`the simulated tables know no ${expression}`)
  const [, divisor, rest] = found
  return (block) => {
    const [n] = block.columns
    if (n.kind !== 'number') throw new Error(n.kind)
    const values = account.u32(block.rowCount)
    for (let row = 0; row < block.rowCount; row++) {
      const value = n.values[row] % Number(divisor)
      values[row] = rest === undefined ? value : Number(value === Number(rest))
    }
    return { kind: 'number', type: NUMBER, length: block.rowCount, isConst: false, nulls: null, values } as Vector
  }
}

/** A part of these rows in the arena. */
export function partOf(table: TableMeta, rows: readonly number[], arena: PlainArena): NewPart {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const vectors = [vectorOf(NUMBER, rows), { ...textsOf(rows) }]
  const image = buildImage({
    tableId: table.id, schemaVersion: table.schemaVersion, isSorted: false, partition: '', withPostings: false,
    columns: table.columns.slice(0, 2).map(({ id, name }, index) => (
      { id, name, type: vectors[index].type, vector: vectors[index] })),
  }, account, kernels)
  account.releaseAll()
  const address = arena.allocate(image.length)
  if (address === 0) throw new Error('the simulated arena is full')
  arena.bytes(address, image.length).set(image)
  return {
    tableId: table.id, schemaVersion: table.schemaVersion, address, bytes: image.length,
    checksum: crc32(image), rowCount: rows.length,
  }
}

function textsOf(rows: readonly number[]): Vector {
  const texts = rows.map(textOf)
  const distinct = [...new Set(texts)]
  const numbers = new Map(distinct.map((text, code) => [text, code]))
  const { bytes, offsets } = packStrings(distinct)
  return {
    kind: 'codes', type: TEXT, length: rows.length, isConst: false, nulls: null,
    codes: Uint32Array.from(texts, (text) => numbers.get(text) as number), dictionary: new LocalStrings(distinct.length, bytes, offsets),
  }
}

/** All rows of a snapshot, read as a merge or a query reads them: every section is compared with its
 * checksum. Throws what is damaged. */
export function readChecked(
  snapshot: Snapshot, arena: PlainArena, disk: Disk, folder = simulatedPath('segments'),
): number[] {
  return snapshot.rows.flatMap((ref) => {
    const source = ref.kind === 'part' ? memorySource(arena.bytes(ref.address, ref.bytes), false)
      : new ScanSource(disk, join(folder, ref.file))
    const label = ref.kind === 'part' ? `part ${ref.id}` : `${ref.file} of ${snapshot.table.name}`
    const deleted = ref.kind === 'segment' ? readMask(disk, folder, ref) : null
    const { from, to } = ref.kind === 'segment' && ref.rows !== undefined ? ref.rows : { from: 0, to: ref.rowCount }
    return rowsOf(source, snapshot.table, label, deleted)
      .filter((_, row) => row >= from && row < to && (deleted === null || !isDeleted(deleted, row)))
  })
}

export const taskWorld = (arena: PlainArena, disk: Disk): TaskWorld =>
  ({ arena, disk, kernels, work, compileKey, compileFold: () => null })

/** Runs tasks where the store stands, after some turns. */
export function inlineTasks(world: TaskWorld, random: () => number): TaskRunner {
  // Some take so long that much comes and goes meanwhile: those of a delete or a replacement above all.
  const turns = async (task: StoreTask) => {
    const most = random() < (task.kind === 'mask' ? 0.3 : 0.05) ? 200 : 12
    for (let left = Math.floor(random() * most); left >= 0; left--) await Promise.resolve()
  }
  const run = async (task: StoreTask): Promise<unknown> => {
    await turns(task)
    const result = runStoreTask(task, world)
    await turns(task)
    return result
  }
  return { run: run as TaskRunner['run'] }
}

/** Rows by the bytes that they were read from: those never change in place, and a run reads the same
 * ones again and again. */
const known = new WeakMap<Uint8Array, readonly number[]>()

/** Rows that a snapshot shows; throws when a row's text is not that of its number. */
export function readRows(snapshot: Snapshot, arena: PlainArena, disk: SimulatedDisk): number[] {
  return snapshot.rows.flatMap((ref): readonly number[] => {
    const bytes = ref.kind === 'part' ? arena.cell(ref.address, ref.bytes)
      : disk.bytesOf(simulatedPath('segments', ref.file))
    const rows = known.get(bytes) ?? rowsOf(memorySource(bytes, false), snapshot.table, `${ref.kind} ${ref.id}`)
    known.set(bytes, rows)
    if (rows.length !== ref.rowCount) throw new Error(`${ref.kind} ${ref.id} has ${rows.length} rows, not ${ref.rowCount}`)
    const deleted = ref.kind === 'segment' ? readMask(disk, simulatedPath('segments'), ref) : null
    return deleted === null ? rows : rows.filter((_, row) => !isDeleted(deleted, row))
  })
}

/** What deleted rows hold means nothing. */
function rowsOf(
  source: ByteSource, table: TableMeta, label: string, deleted: Uint8Array | null = null,
): number[] {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const [first, second] = table.columns
  const set = openImage(source, { label, firstSequence: 0, lastSequence: 0 }, kernels)
  const rows: number[] = []
  for (let block = 0; block < set.blockCount; block++) {
    const numbers = set.column(first.id)?.decode(block, account, null)
    const texts = set.column(second.id)?.decode(block, account, null)
    if (numbers?.kind !== 'number' || texts?.kind !== 'bytes') throw new Error('a column is missing')
    for (let row = 0; row < numbers.length; row++) {
      const text = Buffer.from(texts.bytes.subarray(texts.offsets[row], texts.offsets[row + 1])).toString()
      const isGone = deleted !== null && isDeleted(deleted, rows.length)
      if (!isGone && text !== textOf(numbers.values[row])) throw new Error(`row ${numbers.values[row]} says ${text}`)
      rows.push(numbers.values[row])
    }
  }
  const texts = set.column(second.id)
  for (let code = 0; texts?.hasPostings === true && code < texts.distinctCount; code++) {
    for (const row of texts.postings(code)) {
      if (deleted !== null && isDeleted(deleted, row)) continue
      const text = Buffer.from(texts.dictionary?.bytes.subarray(texts.dictionary.offsets[code], texts.dictionary.offsets[code + 1]) ?? [])
      if (text.toString() !== textOf(rows[row])) throw new Error(`the postings of ${text.toString()} name row ${row}`)
    }
  }
  account.releaseAll()
  return rows
}
