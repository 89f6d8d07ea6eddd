// The heavy work of the store in the worker that runs it: parts to one part, parts to segments by
// partition, segments to one segment. A segment file is written and synced here; the manifest makes it
// visible. Columns are rewritten one at a time: memory holds the order of all rows and one column.

import { join } from 'node:path'
import { crc32 } from '../bytes/crc32.ts'
import { CODEC_SERIAL, CODEC_TEMPLATE, CODEC_UUID } from '../codec/codecs.ts'
import { EncodeSpace } from '../codec/space.ts'
import { bareType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import type { Disk } from '../disk/disk.ts'
import type {
  ColumnSpec, MergedPart, PartRef, SegmentRef, StoreTask, TableMeta, TakenPart, TaskResult, SegmentResult,
} from '../face.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import { arenaSource } from '../part/arena-source.ts'
import { writeColumn } from '../part/column-writer.ts'
import { openImage } from '../part/image.ts'
import { ImageWriter } from '../part/image-writer.ts'
import type { RowSet } from '../part/row-set.ts'
import { readMask } from '../segment/delete-mask.ts'
import { ScanSource, WindowRoom } from '../segment/scan-source.ts'
import { partitionsOf, rowCountOf, sortPartitions, valueCombiner, type Arranged } from './arrange.ts'
import type { GroupedRows, ValueCombiner } from './combine-values.ts'
import { expiryOf, expiryOfRows, leaveOutGone } from './gone.ts'
import { KeptColumns } from './kept-columns.ts'
import { datedCompiler, isLeftOut, tableColumn } from './keys.ts'
import { maskRows } from './mask-rows.ts'
import { NearParts } from './near-parts.ts'
import { allRows } from './partitions.ts'
import { keysOfSegment } from './segment-keys.ts'
import { readSerials, writeSerialRows } from './serials.ts'
import { isEveryBlock, sourcesOf, type Order, type Source } from './sources.ts'
import { readTemplates, writeTemplateRows } from './templates.ts'
import { readUuids, writeUuidRows, type UuidRows } from './uuids.ts'
import { writeRows } from './write-rows.ts'
import type { TaskWorld } from './task-world.ts'

export type { KeyCompiler, KeyExpression } from './keys.ts'

/** Runs a task to its end; throws what the disk or a damaged image says. */
export function runStoreTask(
  task: StoreTask, given: TaskWorld,
): TaskResult {
  const world = { ...given, compileKey: datedCompiler(given.compileKey, task.nowMs) }
  if (task.kind === 'mask') return maskRows(task, world)
  if (task.kind === 'row-keys') return keysOfSegment(task, world)
  const account = new MemoryAccount(world.work, world.work.buffer.byteLength)
  const sources = task.kind === 'merge' ? task.segments.map(({ file }) => (
    new ScanSource(world.disk, join(task.folder, file), new WindowRoom({ account, kernels: world.kernels })))) : []
  try {
    if (task.kind === 'take-rows') return takePart(task.table, task.part, task.rows, world, account)
    if (task.kind === 'merge-parts') return mergeParts(task, world, account)
    if (task.kind === 'merge') {
      const sets = sources.map((source, index) => openImage(source, {
        ...task.segments[index], deleted: readMask(world.disk, task.folder, task.segments[index]),
        label: `${task.segments[index].file} of ${task.table.name}`,
      }, world.kernels))
      if (isTooLarge(task, sets, ({ id }) => textBytesOf(sets, id))) return TOO_LARGE
      const [{ partition, order, id }] = task.segments
      return writeSegments(
        { ...task, sets, partition, order: order ?? id, firstSegmentId: task.segmentId, segmentIdCount: 1 }, world, account)
    }
    const sets = task.parts.map((part) => openPart(part, task.table, world))
    if (isTooLarge(task, sets, ({ id }) => textBytesOf(sets, id))) return TOO_LARGE
    return writeSegments({ ...task, sets, partition: null, order: null }, world, account)
  } finally {
    for (const source of sources) source.close()
    account.releaseAll()
  }
}

function openPart(part: PartRef, table: TableMeta, world: TaskWorld): RowSet {
  const source = arenaSource(world.arena, part.address, part.bytes)
  return openImage(source, { ...part, label: `part ${part.id} of ${table.name}` }, world.kernels)
}

const headOf = ({ id, name, type }: ColumnSpec) => ({ id, name, type: parseDataType(type) })

const TOO_LARGE: SegmentResult = { segments: [], isTooLarge: true }

/** Encodings that a rewrite keeps, where all blocks have the same. */
const KEPT_CODECS = [CODEC_TEMPLATE, CODEC_SERIAL, CODEC_UUID]

/** Whether sources hold more text than may be decoded at a time: a rewrite has one column of all rows. One alone
 * is never too large. */
function isTooLarge(
  { table, textBytesMax = Number.POSITIVE_INFINITY }: { readonly table: TableMeta; readonly textBytesMax?: number },
  { length }: readonly unknown[], textBytes: (column: ColumnSpec) => number,
): boolean {
  return length > 1 && table.columns.some((column) => bareType(parseDataType(column.type)).id === 'String'
    && textBytes(column) > textBytesMax)
}

const isKept = (sources: readonly Source[] | null): boolean =>
  sources !== null && KEPT_CODECS.some((codec) => isEveryBlock(sources, codec))

/** Bytes of the texts of a column that a rewrite decodes. */
function textBytesOf(sets: readonly RowSet[], columnId: number): number {
  if (isKept(sourcesOf(sets, columnId))) return 0
  let bytes = 0
  for (const set of sets) {
    const reader = set.column(columnId)
    if (reader === null) continue
    if (reader.distinctCount >= 0) bytes += reader.dictionaryTextBytes
    else for (let block = 0; block < set.blockCount; block++) bytes += reader.textBytes(block, true)
  }
  return bytes
}

/** Merged parts of so many rows get postings, and the order of the sorting key: else a query for one string, or for a
 * short time, would read all of them. (Measured: 224,000 rows of sixteen bodies, each over the same months, made
 * hourly calls cost three times their CPU.) */
const PART_ORDER_ROWS_MIN = 16_384

function mergeParts(
  task: StoreTask & { kind: 'merge-parts' }, world: TaskWorld, account: MemoryAccount,
): MergedPart | null {
  const { table, parts } = task
  const space = new EncodeSpace(account, world.kernels)
  const near = NearParts.of(parts, table, world.arena, space)
  let opened: readonly RowSet[] | null = null
  const sets = () => (opened ??= parts.map((part) => openPart(part, table, world)))
  const textBytes = (column: ColumnSpec): number => near?.textBytesOf(column)
    ?? (near !== null && isKept(near.sourcesOf(column)) ? 0 : textBytesOf(sets(), column.id))
  if (isTooLarge(task, parts, textBytes)) return null
  const rowCount = parts.reduce((sum, part) => sum + part.rowCount, 0)
  const writer = new ImageWriter(space, null, account, parts.reduce((sum, { bytes }) => sum + bytes, 0), true)
  const isLarge = rowCount >= PART_ORDER_ROWS_MIN
  // A start waits for its merges. Where an engine combines rows, theirs is the order in which they came.
  const rows = isLarge && !task.isAwaited && table.engine === 'MergeTree' ? sortedRows(table, sets(), world, space) : null
  const target = { writer, rows, hasZones: !task.isAwaited }
  for (const column of table.columns) {
    if (near === null && isLeftOut(column, sets())) continue
    const sources = near === null ? sourcesOf(sets(), column.id) : near.sourcesOf(column)
    if (writeAsEncoded(column, sources, [target], world, space, near)) continue
    withColumn(world, account, (own) => {
      const vector = near?.column(column, own) ?? tableColumn(column, table, sets(), world.compileKey, own)
      if (rows === null) writeColumn(space, writer, { ...headOf(column), vector }, isLarge)
      else writeRows(space, writer, headOf(column), vector, rows)
    })
  }
  const { address, image } = finishPart(table, rowCount, writer, world)
  return { address, bytes: image.length, rowCount }
}

/** The rows of all sets in the order of the table's sorting key, equal ones as they came; null: they lie so already. */
function sortedRows(table: TableMeta, sets: readonly RowSet[], world: TaskWorld, space: EncodeSpace): Uint32Array | null {
  const all = partitionsOf(table, sets, '', world, space.account)
  const [{ rows }] = sortPartitions(table, sets, all, world, space)
  return rows.every((row, index) => row === index) ? null : rows
}

/** Rows of a part that nobody else sees yet, in their order. */
function takePart(
  table: TableMeta, part: PartRef, rows: Uint32Array, world: TaskWorld, account: MemoryAccount,
): TakenPart {
  const space = new EncodeSpace(account, world.kernels)
  const writer = new ImageWriter(space, null, account)
  const order = account.u32(rows.length)
  order.set(rows)
  const sets = [openPart(part, table, world)]
  for (const column of table.columns) {
    if (isLeftOut(column, sets)) continue
    withColumn(world, account, (own) => {
      writeRows(space, writer, headOf(column), tableColumn(column, table, sets, world.compileKey, own), order)
    })
  }
  const { address, image } = finishPart(table, rows.length, writer, world)
  return { address, bytes: image.length, rowCount: rows.length, checksum: crc32(image) }
}

function finishPart(
  { id: tableId, schemaVersion }: TableMeta, rowCount: number, writer: ImageWriter, { arena }: TaskWorld,
): { address: number; image: Uint8Array } {
  const image = writer.finish({ tableId, schemaVersion, rowCount, isSorted: false, partition: '' })
  const address = arena.allocate(image.length)
  if (address === 0) throw new Error('No shared memory is left for the rows of a table')
  arena.bytes(address, image.length).set(image)
  return { address, image }
}

/** Hands over memory for a column as a whole, and takes it back. */
function withColumn(world: TaskWorld, task: MemoryAccount, use: (space: EncodeSpace) => void): void {
  const account = new MemoryAccount(world.work, task.limitBytes)
  try {
    use(new EncodeSpace(account, world.kernels))
  } finally {
    account.releaseAll()
  }
}

/** A segment being written: its rows in their new order. */
type OpenSegment = {
  readonly id: number
  readonly partition: Arranged
  readonly chunks: Uint8Array[]
  readonly writer: ImageWriter
}

/** What becomes segments. `partition` null: it is computed by row; `order` null: that of the id. */
type Rewrite = {
  readonly order: number | null
  readonly table: TableMeta
  readonly sets: readonly RowSet[]
  readonly partition: string | null
  readonly folder: string
  readonly firstSegmentId: number
  readonly segmentIdCount: number
  readonly nowMs: number
}

/** Rows of all sets that are not gone, by partition, sorted, one file each. */
function writeSegments(rewrite: Rewrite, world: TaskWorld, account: MemoryAccount): SegmentResult {
  const { table, sets, folder, firstSegmentId, segmentIdCount, nowMs } = rewrite
  const space = new EncodeSpace(account, world.kernels)
  const expiry = expiryOfRows(table, sets, world.compileKey, space)
  const all = partitionsOf(table, sets, rewrite.partition, world, account)
  const living = leaveOutGone(all, sets, expiry, nowMs / 1000, account)
  const kept = new KeptColumns(account)
  const partitions = sortPartitions(table, sets, living, world, space, kept)
    .filter((own) => rowCountOf(own) > 0)
  if (partitions.length > segmentIdCount) return { segments: [], idsNeeded: partitions.length }
  const open = partitions.map((own, index): OpenSegment => {
    const chunks: Uint8Array[] = []
    // In work memory, which the next task uses again: ordinary memory of large pieces stayed until a collection.
    const spill = (bytes: Uint8Array) => {
      const chunk = account.u8(bytes.length)
      chunk.set(bytes)
      chunks.push(chunk)
    }
    const writer = new ImageWriter(space, spill, account)
    return { id: firstSegmentId + index, partition: own, chunks, writer }
  })
  const combiner = valueCombiner(table, world)
  const targets = open.map(({ writer, partition: { rows } }) => ({ writer, rows, hasZones: true }))
  for (const column of table.columns) {
    if (combiner === null && (isLeftOut(column, sets) || writeAsEncoded(column, sourcesOf(sets, column.id), targets, world, space))) continue
    withColumn(world, account, (own) => {
      const known = kept.take(column.id)
      const vector = known ?? tableColumn(column, table, sets, world.compileKey, own)
      for (const { writer, partition: { rows, grouped } } of open) {
        if (combiner === null || grouped === null) writeRows(space, writer, headOf(column), vector, rows)
        else writeCombined(column, vector, grouped, combiner, writer, rewrite, world, space)
      }
      if (known !== null) kept.free(known)
    })
  }
  const sequences = {
    firstSequence: Math.min(...sets.map((set) => set.firstSequence)),
    lastSequence: Math.max(...sets.map((set) => set.lastSequence)),
  }
  const { disk } = world
  const segments = allOrNone(open, folder, disk, (segment): SegmentRef => ({
    kind: 'segment', id: segment.id, rowCount: rowCountOf(segment.partition),
    partition: segment.partition.name, maskVersion: 0, maskedRows: 0,
    expiry: expiryOf(table, segment.partition, expiry), ...sequences,
    ...rewrite.order === null ? {} : { order: rewrite.order },
    ...writeFile(table, segment, folder, disk),
  }))
  disk.syncFolder(folder)
  return { segments }
}

/** One value a group, in the order of the groups. */
function writeCombined(
  column: ColumnSpec, vector: Vector, grouped: GroupedRows, combiner: ValueCombiner,
  writer: ImageWriter, { table, sets }: Rewrite, world: TaskWorld, space: EncodeSpace,
): void {
  const account = new MemoryAccount(space.account.work, space.account.limitBytes)
  try {
    const own = new EncodeSpace(account, space.kernels)
    const read = (other: ColumnSpec) => tableColumn(other, table, sets, world.compileKey, own)
    const values = combiner.combine(column, vector, grouped, read, own)
    writeRows(space, writer, headOf(column), values, allRows(values.length, account))
  } finally {
    account.releaseAll()
  }
}

/** Where rows of columns go. `hasZones` false: the blocks of those that keep their encoding have none, for a start
 * waits for the merge, and a flush soon makes others of its rows. */
type Target = { readonly writer: ImageWriter; readonly rows: Order; readonly hasZones: boolean }

/** What writes rows of a column, in their new order, as the blocks of an image. */
type RowsWriter = (target: Target) => void

/** Writes a column that keeps its encoding: its strings are never made. False: it is of another kind. `near`: where the
 * sources lie. */
function writeAsEncoded(
  column: ColumnSpec, sources: readonly Source[] | null,
  targets: readonly Target[], world: TaskWorld, space: EncodeSpace, near: NearParts | null = null,
): boolean {
  const { id, name, type } = headOf(column)
  if (sources === null || bareType(type).id !== 'String') return false
  const account = new MemoryAccount(world.work, space.account.limitBytes)
  try {
    const own = new EncodeSpace(account, world.kernels)
    const uuids = near?.uuidsOf(column, own) ?? null
    const write = uuids === null ? encodedWriter(sources, space, own) : uuidWriter(uuids, space)
    if (write === null) return false
    for (const target of targets) {
      target.writer.beginColumn(id, name, type.name)
      write(target)
    }
    return true
  } finally {
    account.releaseAll()
  }
}

const uuidWriter = (uuids: UuidRows, space: EncodeSpace): RowsWriter =>
  ({ writer, rows, hasZones }) => writeUuidRows(space, writer, uuids, rows, hasZones)

/** The writer for the encoding that all blocks share; null: they share none that goes without texts. */
function encodedWriter(
  sources: readonly Source[], space: EncodeSpace, own: EncodeSpace,
): RowsWriter | null {
  const rowCount = sources.reduce((sum, { set }) => sum + set.rowCount, 0)
  const serials = readSerials(sources, rowCount, own)
  if (serials !== null) return ({ writer, rows, hasZones }) => writeSerialRows(space, writer, serials, rows, hasZones)
  const uuids = readUuids(sources, rowCount, own)
  if (uuids !== null) return uuidWriter(uuids, space)
  const templates = readTemplates(sources, rowCount, own)
  if (templates !== null) return ({ writer, rows }) => writeTemplateRows(space, writer, templates, rows)
  return null
}

/** Written under another name first: a file with a segment's name is whole. */
const fileOf = ({ id }: OpenSegment): string => `segment-${String(id).padStart(10, '0')}`

/** Writes all files, or leaves none: a full disk gets its room back. */
function allOrNone(
  open: readonly OpenSegment[], folder: string, disk: Disk, write: (segment: OpenSegment) => SegmentRef,
): SegmentRef[] {
  try {
    return open.map(write)
  } catch (error) {
    for (const segment of open) {
      for (const file of [fileOf(segment), `${fileOf(segment)}.tmp`]) {
        try {
          disk.remove(join(folder, file))
        } catch {
          // The first error is the one to tell; the next start removes what nobody names.
        }
      }
    }
    throw error
  }
}

function writeFile(
  table: TableMeta, segment: OpenSegment, folder: string, disk: Disk,
): { file: string; bytes: number } {
  const { partition, chunks, writer } = segment
  chunks.push(writer.finish({
    tableId: table.id, schemaVersion: table.schemaVersion, rowCount: rowCountOf(partition),
    isSorted: true, partition: partition.name,
  }))
  const file = fileOf(segment)
  const path = join(folder, file)
  disk.writeWholeSync(`${path}.tmp`, chunks)
  disk.rename(`${path}.tmp`, path)
  return { file, bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0) }
}
