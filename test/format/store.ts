// An independent reader of a store's folder: the manifest's edits, then segments without their deleted rows,
// then what the log holds beyond them (FORMAT.md, 1 and 2).

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { bits, Cursor, expectCrc, readLog, type Pack } from './bytes.ts'
import { readImage, type Image, type Value } from './image.ts'

type Segment = {
  readonly id: number; readonly file: string; readonly bytes: number; readonly rowCount: number; readonly partition: string
  readonly firstSequence: number; readonly lastSequence: number; readonly order?: number
  readonly maskVersion: number; readonly maskedRows: number
}
type Column = { readonly id: number; readonly name: string; readonly type: string }
type Meta = { readonly id: number; readonly name: string; readonly columns: readonly Column[] }
type Edit =
  | { readonly kind: 'table'; readonly meta: Meta }
  | { readonly kind: 'drop'; readonly tableId: number }
  | { readonly kind: 'segments'; readonly tableId: number; readonly added: readonly Segment[]; readonly removed: readonly number[]; readonly flushed: number }
  | {
    readonly kind: 'mask'; readonly tableId: number; readonly version: number; readonly removed: readonly number[]
    readonly masks: readonly { readonly segmentId: number; readonly maskedRows: number }[]
  }
  | { readonly kind: 'truncate'; readonly tableId: number; readonly upTo: number }
  | { readonly kind: 'work'; readonly tableId: number; readonly key: string; readonly work: Work | null }

type Table = { meta: Meta; segments: Segment[]; flushed: number; truncatedUpTo: number; works: Map<string, Work> }
/** How far the populate of a view is. */
type Work = {
  readonly rowsRead: number
  readonly read: readonly { readonly tableId: number; readonly segmentIds: readonly number[] }[]
  readonly staged: readonly { readonly tableId: number; readonly segments: readonly Segment[]; readonly keys?: readonly Segment[] }[]
}
export type Rows = {
  readonly columns: readonly Column[]; readonly rows: readonly (readonly (Value | undefined)[])[]
  /** Work that goes on after a start: rows read and written, and keys that go with them. */
  readonly works: readonly { readonly key: string; readonly read: number; readonly written: number; readonly keys: number }[]
}

const numbered = (folder: string, pattern: RegExp): string[] => readdirSync(folder).filter((name) => pattern.test(name)).sort()

function tablesOf(folder: string, met: Set<string>): Map<number, Table> {
  const newest = numbered(folder, /^manifest-\d+$/).at(-1) ?? ''
  const { first, frames } = readLog(readFileSync(join(folder, newest)), 'PIPITMAN')
  const tables = new Map<number, Table>()
  frames.forEach(({ header }, index) => {
    const [number, edits, standing] = header as unknown as [number, Edit[], number[]] // as FORMAT.md says
    if (number !== first + index || standing.length !== 5) throw new Error(`record ${number} of the manifest`)
    for (const edit of edits) {
      met.add(`edit ${edit.kind}`)
      apply(tables, edit)
    }
  })
  return tables
}

function apply(tables: Map<number, Table>, edit: Edit): void {
  if (edit.kind === 'table') {
    const known = tables.get(edit.meta.id)
    tables.set(edit.meta.id, known === undefined ? { meta: edit.meta, segments: [], flushed: 0, truncatedUpTo: 0, works: new Map() } : { ...known, meta: edit.meta })
    return
  }
  const table = tables.get(edit.tableId)
  if (table === undefined) return
  switch (edit.kind) {
    case 'drop': tables.delete(edit.tableId); return
    case 'work':
      if (edit.work === null) table.works.delete(edit.key)
      else table.works.set(edit.key, edit.work)
      return
    case 'truncate':
      table.truncatedUpTo = Math.max(table.truncatedUpTo, edit.upTo)
      table.segments = table.segments.filter(({ lastSequence }) => lastSequence > edit.upTo)
      return
    case 'segments':
      table.flushed = Math.max(table.flushed, edit.flushed)
      table.segments = [
        ...table.segments.filter(({ id }) => !edit.removed.includes(id)),
        ...edit.added.filter(({ lastSequence }) => lastSequence > table.truncatedUpTo),
      ]
      return
    case 'mask': {
      const masked = new Map(edit.masks.map(({ segmentId, maskedRows }) => [segmentId, maskedRows]))
      table.segments = table.segments.filter(({ id }) => !edit.removed.includes(id)).map((segment) => {
        const maskedRows = masked.get(segment.id)
        return maskedRows === undefined ? segment : { ...segment, maskVersion: edit.version, maskedRows }
      })
    }
  }
}

/** FORMAT.md, 2.1: which rows are deleted. */
function maskOf(folder: string, { id, maskVersion, maskedRows, rowCount }: Segment): (row: number) => boolean {
  if (maskedRows === 0) return () => false
  const bytes = readFileSync(join(folder, `mask-${String(id).padStart(10, '0')}-${maskVersion}`))
  const cursor = new Cursor(bytes)
  if (cursor.take(8).toString('latin1') !== 'PIPITDEL') throw new Error('no mask')
  const [version, ...head] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()]
  if (version > 1 || head.join() !== [id, rowCount, maskedRows].join()) throw new Error(`a mask of ${head.join()}`)
  const deleted = cursor.take(Math.ceil(rowCount / 8))
  expectCrc(bytes.subarray(0, cursor.at), cursor.u32(), 'a mask')
  return (row) => bits(deleted, row, 1) === 1
}

/** FORMAT.md, 1: images of a table's rows that are in the log alone, with their sequences. */
function partsOf(folder: string, met: Set<string>): { readonly tableId: number; readonly sequence: number; readonly image: Buffer }[] {
  const logs = numbered(folder, /^wal-\d+$/).map((name) => readLog(readFileSync(join(folder, name)), 'PIPITWAL'))
  return logs.flatMap(({ first, frames }, file) => {
    const fence = logs[file + 1]?.first ?? Number.POSITIVE_INFINITY
    return frames.flatMap(({ header, payload }, index) => {
      const [sequence, durable, sections] = header as [number, number, Pack[][]]
      if (sequence !== first + index || durable >= sequence) throw new Error(`record ${sequence} of the log`)
      if (sequence >= fence) return []
      const cursor = new Cursor(payload)
      return sections.flatMap(([kind, length, checksum, tableId]) => {
        const image = cursor.take(Number(length))
        met.add(`section ${Number(kind)}`)
        if (kind !== 6) expectCrc(image, Number(checksum), 'a section of the log')
        else if (crc32(image) !== Number(checksum)) throw new Error('a part of the log: the checksum differs')
        return kind === 1 || kind === 6 ? [{ tableId: Number(tableId), sequence, image }] : []
      })
    })
  })
}

/** All rows of all tables by name; `undefined`: the image is older than the column. `met`: what was read. */
export function readStore(folder: string): { readonly tables: ReadonlyMap<string, Rows>; readonly met: ReadonlySet<string> } {
  const met = new Set(readdirSync(folder).map((name) => name.split('-')[0]))
  const parts = partsOf(folder, met)
  const rowsOf = (image: Image, { columns }: Meta, isDeleted: (row: number) => boolean): (Value | undefined)[][] => {
    for (const one of image.met) met.add(one)
    return Array.from({ length: image.rowCount }, (_, row) => row).filter((row) => !isDeleted(row))
      .map((row) => columns.map(({ id }) => image.columns.get(id)?.values[row]))
  }
  const imageOf = (segment: Segment, tableId: number): Image => {
    const bytes = readFileSync(join(folder, 'segments', segment.file))
    const image = readImage(bytes)
    if (bytes.length !== segment.bytes || image.rowCount !== segment.rowCount || image.tableId !== tableId
      || image.partition !== segment.partition) throw new Error(`${segment.file} is not what the manifest says`)
    return image
  }
  const known = tablesOf(folder, met)
  const rowsIn = (of: readonly Segment[], tableId: number): number => of.reduce((sum, segment) => sum + imageOf(segment, tableId).rowCount, 0)
  const workOf = (key: string, { rowsRead, read, staged }: Work): Rows['works'][number] => {
    const found = read.map(({ tableId, segmentIds }) => rowsIn(known.get(tableId)?.segments.filter(({ id }) => segmentIds.includes(id)) ?? [], tableId))
    if (found.reduce((sum, rows) => sum + rows, 0) !== rowsRead) throw new Error(`work has read ${rowsRead} rows, its segments have ${found.join(', ')}`)
    const written = (list: (one: Work['staged'][number]) => readonly Segment[]) => staged.reduce((sum, one) => sum + rowsIn(list(one), one.tableId), 0)
    return { key, read: rowsRead, written: written(({ segments }) => segments), keys: written(({ keys = [] }) => keys) }
  }
  const tables = new Map([...known.values()].map(({ meta, segments, flushed, truncatedUpTo, works }) => {
    const stored = segments.flatMap((segment) => {
      const image = imageOf(segment, meta.id)
      met.add(segment.maskedRows > 0 ? 'mask' : 'no mask')
      return rowsOf(image, meta, maskOf(join(folder, 'segments'), segment))
    })
    const logged = parts.filter(({ tableId, sequence }) => tableId === meta.id && sequence > Math.max(flushed, truncatedUpTo))
    if (logged.length > 0) met.add('log')
    const rows = [...stored, ...logged.flatMap(({ image }) => rowsOf(readImage(image), meta, () => false))]
    return [meta.name, { columns: meta.columns, rows, works: [...works].map(([key, work]) => workOf(key, work)) }] as const
  }))
  return { tables, met }
}
