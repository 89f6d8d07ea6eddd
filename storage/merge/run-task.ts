// The heavy work of the store in the worker that runs it: parts to one part, parts to segments by
// partition, segments to one segment. A segment file is written and synced here; the manifest makes it
// visible.

import { join } from 'node:path'
import type { Arena } from '../arena/arena.ts'
import { takeRows } from '../codec/take.ts'
import type { DataType } from '../column/data-type.ts'
import { LocalStrings } from '../column/local-strings.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Block, Vector } from '../column/vector.ts'
import type { Disk } from '../disk/disk.ts'
import type { MergedPart, PartRef, SegmentRef, SegmentResult, StoreTask, TableMeta } from '../face.ts'
import type { Kernels } from '../kernels/load.ts'
import { MemoryAccount, type WorkMemory } from '../kernels/work-memory.ts'
import { arenaSource } from '../part/arena-source.ts'
import { buildImage } from '../part/build.ts'
import { openImage } from '../part/image.ts'
import type { RowSet } from '../part/row-set.ts'
import { FileSource, SectionCache } from '../segment/file-source.ts'
import { readColumn } from './read-column.ts'
import { sortRows } from './sort.ts'

/** A compiled expression over columns: one value a row. */
export type KeyExpression = (block: Block) => Vector

/** Compiles an expression of a table's definition; columns of the blocks are as in `columns`. */
export type KeyCompiler = (
  expression: string, columns: readonly { readonly name: string; readonly type: DataType }[],
  context: { readonly account: MemoryAccount; readonly kernels: Kernels }) => KeyExpression

export type TaskWorld = {
  readonly arena: Arena
  readonly disk: Disk
  readonly kernels: Kernels
  readonly work: WorkMemory
  readonly compileKey: KeyCompiler
}

/** Runs a task to its end; throws what the disk or a damaged image says. */
export function runStoreTask(task: StoreTask, world: TaskWorld): MergedPart | SegmentResult {
  const account = new MemoryAccount(world.work, world.work.buffer.byteLength)
  try {
    if (task.kind === 'merge-parts') return mergeParts(task.table, task.parts, world, account)
    if (task.kind === 'flush') {
      let nextId = task.firstSegmentId
      const sets = task.parts.map((part) => openPart(part, world))
      return writeSegments(task.table, sets, task.folder, null, () => {
        if (nextId === task.firstSegmentId + task.segmentIdCount) {
          throw new Error(`A flush of ${task.table.name} touches more than ${task.segmentIdCount} partitions; `
            + 'choose a coarser partition key')
        }
        return nextId++
      }, world, account)
    }
    const cache = new SectionCache(0)
    const sources = task.segments.map((segment) => new FileSource(world.disk, task.folder, segment, cache))
    try {
      const sets = sources.map((source, index) => openImage(source, {
        ...task.segments[index], label: `segment ${task.segments[index].id} of ${task.table.name}`,
      }, world.kernels))
      return writeSegments(task.table, sets, task.folder, task.segments[0].partition, () => task.segmentId, world, account)
    } finally {
      for (const source of sources) source.close()
    }
  } finally {
    account.releaseAll()
  }
}

function openPart(part: PartRef, world: TaskWorld): RowSet {
  return openImage(arenaSource(world.arena, part.address, part.bytes), { ...part, label: `part ${part.id}` }, world.kernels)
}

function mergeParts(table: TableMeta, parts: readonly PartRef[], world: TaskWorld, account: MemoryAccount): MergedPart {
  const sets = parts.map((part) => openPart(part, world))
  const image = buildImage({
    tableId: table.id, schemaVersion: table.schemaVersion, isSorted: false, partition: '', withPostings: false,
    columns: table.columns.map((column) => ({
      id: column.id, name: column.name, type: parseDataType(column.type), vector: readColumn(sets, column, account),
    })),
  })
  const address = world.arena.allocate(image.length)
  if (address === 0) throw new Error('No shared memory is left to merge the parts of a table')
  world.arena.bytes(address, image.length).set(image)
  return { address, bytes: image.length, rowCount: sets.reduce((sum, set) => sum + set.rowCount, 0) }
}

/** Rows of all sets, by partition, sorted, one file each. `partition` null: it is computed by row. */
function writeSegments(
  table: TableMeta, sets: readonly RowSet[], folder: string, partition: string | null, takeId: () => number,
  world: TaskWorld, account: MemoryAccount,
): SegmentResult {
  const vectors = table.columns.map((column) => readColumn(sets, column, account))
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  const block = { rowCount, columns: vectors }
  const evaluate = (expression: string) => keyOf(expression, table, block, world, account)
  const keys = table.sortBy.map(evaluate)
  const groups = partition === null ? groupByPartition(table, rowCount, evaluate)
    : new Map([[partition, Uint32Array.from({ length: rowCount }, (_, row) => row)]])
  const span = {
    firstSequence: Math.min(...sets.map((set) => set.firstSequence)),
    lastSequence: Math.max(...sets.map((set) => set.lastSequence)),
  }
  const segments: SegmentRef[] = []
  for (const [name, rows] of groups) {
    const order = sortRows(keys, rows, account)
    const id = takeId()
    const image = buildImage({
      tableId: table.id, schemaVersion: table.schemaVersion, isSorted: true, partition: name, withPostings: true,
      columns: table.columns.map((column, index) => ({
        id: column.id, name: column.name, type: parseDataType(column.type),
        vector: ownDictionary(takeRows(vectors[index], order, order.length, account)),
      })),
    })
    const file = `segment-${String(id).padStart(10, '0')}`
    world.disk.writeWholeSync(join(folder, file), [image])
    segments.push({
      kind: 'segment', id, file, bytes: image.length, rowCount: order.length, partition: name, maskVersion: 0, ...span,
    })
  }
  world.disk.syncFolder(folder)
  return { segments }
}

/** A plain column name is the column; anything else is compiled. */
function keyOf(expression: string, table: TableMeta, block: Block, world: TaskWorld, account: MemoryAccount): Vector {
  const index = table.columns.findIndex((column) => column.name === expression)
  if (index >= 0) return block.columns[index]
  const columns = table.columns.map((column) => ({ name: column.name, type: parseDataType(column.type) }))
  return world.compileKey(expression, columns, { account, kernels: world.kernels })(block)
}

function groupByPartition(
  table: TableMeta, rowCount: number, evaluate: (expression: string) => Vector,
): Map<string, Uint32Array> {
  const all = () => Uint32Array.from({ length: rowCount }, (_, row) => row)
  if (/^(tuple\s*\(\s*\)|)$/i.test(table.partitionBy.trim())) return new Map([['all', all()]])
  const key = evaluate(table.partitionBy)
  const names = new Map<number | bigint | string, string>()
  const counts = new Map<string, number>()
  const nameOfRow = (row: number): string => {
    const value = partitionValue(key, key.isConst ? 0 : row)
    let name = names.get(value)
    if (name === undefined) names.set(value, name = String(value))
    return name
  }
  for (let row = 0; row < rowCount; row++) {
    const name = nameOfRow(row)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const groups = new Map([...counts].map(([name, count]) => [name, { rows: new Uint32Array(count), next: 0 }]))
  for (let row = 0; row < rowCount; row++) {
    const group = groups.get(nameOfRow(row)) as { rows: Uint32Array; next: number }
    group.rows[group.next++] = row
  }
  return new Map([...groups].map(([name, { rows }]) => [name, rows]))
}

function partitionValue(key: Vector, row: number): number | bigint | string {
  if (key.nulls !== null && key.nulls[row] !== 0) return 'NULL'
  if (key.kind === 'number' || key.kind === 'big') return key.values[row]
  if (key.kind === 'codes') return Buffer.from(key.dictionary.bytesOf(key.codes[row])).toString()
  if (key.kind === 'bytes') return Buffer.from(key.bytes.subarray(key.offsets[row], key.offsets[row + 1])).toString()
  if (key.kind === 'tuple') return key.fields.map((field) => String(partitionValue(field, row))).join('-')
  throw new Error(`A partition key cannot be of type ${key.type.name}`)
}

/** Codes over the strings that these rows use, so that a segment keeps no string of another one. */
function ownDictionary(vector: Vector): Vector {
  if (vector.kind !== 'codes') return vector
  const used = new Uint32Array(vector.dictionary.size)
  const codes = new Uint32Array(vector.length)
  let size = 0
  let bytes = 0
  for (let row = 0; row < vector.length; row++) {
    const code = vector.codes[row]
    if (used[code] === 0) {
      used[code] = ++size
      bytes += vector.dictionary.lengthOf(code)
    }
    codes[row] = used[code] - 1
  }
  const order = new Uint32Array(size)
  used.forEach((mark, code) => { if (mark > 0) order[mark - 1] = code })
  const offsets = new Uint32Array(size + 1)
  const text = new Uint8Array(bytes)
  for (let index = 0; index < size; index++) {
    const string = vector.dictionary.bytesOf(order[index])
    text.set(string, offsets[index])
    offsets[index + 1] = offsets[index] + string.length
  }
  return { ...vector, codes, dictionary: new LocalStrings(size, text, offsets) }
}
