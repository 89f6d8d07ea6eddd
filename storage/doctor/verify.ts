// Looks at every byte of a store: checksums of all logs, segments, masks and key files, and whether
// they fit together: files that are named exist, with the size, rows, table and partition that the
// manifest says, in the order of their key (order.ts). Reads only, so it may look at a store in use: segments do
// not change, and what the last log file gains meanwhile looks like its torn tail.

import { join } from 'node:path'
import { crc32c } from '../bytes/crc32c.ts'
import type { Disk, DiskReader } from '../disk/disk.ts'
import type { SegmentRef, TableMeta } from '../face.ts'
import { Catalog } from '../manifest/catalog.ts'
import { readManifest } from '../manifest/log.ts'
import type { KeyCompiler } from '../merge/keys.ts'
import { readFooter, type ColumnEntry, type Footer } from '../part/footer.ts'
import { CorruptBlock } from '../part/row-set.ts'
import { readMask } from '../segment/delete-mask.ts'
import { INSERT_KEYS, KeyFiles, ROW_KEYS } from '../wal/key-file.ts'
import { recover } from '../wal/recover.ts'
import { firstWrongOrder, type WrongOrder } from './order.ts'
import { rowsOfBlocks, type Damage } from './remake.ts'

/** Bytes of one read. */
const READ_BYTES = 4 * 2 ** 20
/** A store in use may remove a log or a manifest between two calls: what fails is looked at again, with
 * the manifest of then. */
const ATTEMPTS_MAX = 5

/** `damaged`: the bytes are not what was written. `unreadable`: the disk gave none (EIO and the like), which
 * says nothing of them: repair leaves it as it is. */
export type Problem = {
  readonly kind: 'damaged' | 'unreadable'
  readonly file: string
  /** Where in a segment; null: all of the file. */
  readonly column: string | null
  readonly block: number | null
  /** Of the block: the row that is out of order. Such a segment is whole: repair sorts it. */
  readonly row: number | null
  readonly message: string
  /** What repair takes out, and what is gone then; null: it cannot be repaired. */
  readonly segment: LostRows | null
  /** The part of the segment that is damaged; null: repair sets all of it aside. */
  readonly damage: Damage | null
}

export type LostRows = {
  readonly table: string
  readonly segmentId: number
  readonly partition: string
  readonly rows: number
  /** First and last value of the first sorting column, as far as the footer can be read. */
  readonly keyRange: string | null
}

export type StoreReport = {
  readonly tables: number
  readonly segments: number
  readonly rows: number
  readonly bytes: number
  readonly leftovers: readonly string[]
  readonly problems: readonly Problem[]
}

/** Verifies a store's folder. `onProgress` hears bytes done and bytes in all; `segmentFolder` is where a
 * backup keeps them, apart from its sets; `compileKey` knows SQL, for sorting keys that are no plain columns.
 * Never throws for damage: it is in the report. */
export function verifyStore(
  disk: Disk, folder: string, onProgress: (done: number, all: number) => void,
  segmentFolder = join(folder, 'segments'), compileKey: KeyCompiler | null = null,
): StoreReport {
  const problems: Problem[] = []
  const note = (file: string, error: unknown) => {
    const { message } = error as Error
    problems.push(isUnreadable(error) ? unreadable(file, error)
      : { kind: 'damaged', file, column: null, block: null, row: null, message, segment: null, damage: null })
  }
  const catalog = attempt(() => again(() => loadCatalog(disk, folder)), null, (error) => note('manifest', error))
  if (catalog === null) return { tables: 0, segments: 0, rows: 0, bytes: 0, leftovers: [], problems }
  const walRows = attempt(() => again(() => verifyLog(disk, folder, loadCatalog(disk, folder))), 0,
    (error) => note('wal', error))
  for (const kind of [INSERT_KEYS, ROW_KEYS]) {
    const none = { keepMs: 0, forget: () => {}, add: () => {}, encoded: () => ({ chunks: [], count: 0, lastMs: 0 }) }
    attempt(() => again(() => new KeyFiles(disk, folder, kind, none).load()), undefined, (error) => note('keys', error))
  }
  const all = [...catalog.states.values()].flatMap((state) => state.segments.map((segment) => ({ meta: state.meta, segment })))
  const files = [...all, ...catalog.stagedSegments()]
  const bytesInAll = files.reduce((sum, { segment }) => sum + segment.bytes, 0)
  const named = catalog.segmentFiles()
  let done = 0
  const space = new Uint8Array(READ_BYTES) // fresh memory costs more than the reading
  for (const { meta, segment } of files) {
    const look = () => attempt(() => again(() => verifySegment(disk, segmentFolder, meta, segment, space, compileKey)), [],
      (error) => problems.push(unreadable(segment.file, error)))
    // What is found is looked at again, from the disk: it may have been merged away, or masked anew, since
    // the manifest was read, or the wrong bytes have come by another way than the file.
    if (look().length > 0 && attempt(() => again(() => isNamed(loadCatalog(disk, folder), segment)), true, () => {})) {
      problems.push(...look())
    }
    onProgress(done += segment.bytes, bytesInAll)
  }
  const names = attempt(() => again(() => disk.list(segmentFolder)), [], (error) => note('segments', error))
  return {
    tables: catalog.states.size, segments: all.length, bytes: bytesInAll,
    rows: walRows + all.reduce((sum, { segment }) => sum + segment.rowCount - segment.maskedRows, 0),
    leftovers: names.filter((name) => !named.has(name)), problems,
  }
}

function loadCatalog(disk: Disk, folder: string): Catalog {
  const catalog = new Catalog(() => {})
  const manifest = readManifest(disk, folder)
  if (manifest === null) throw new Error(`${folder} holds no store: there is no manifest`)
  for (const record of manifest.records) catalog.load(record)
  return catalog
}

/** The disk refuses to read, where a file that is missing or cut off is damage. */
function isUnreadable(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) && code !== 'ENOENT'
}

function unreadable(file: string, error: unknown): Problem {
  const { code = 'EIO', message } = error as NodeJS.ErrnoException
  return {
    kind: 'unreadable', file, column: null, block: null, row: null, segment: null, damage: null,
    message: `the disk can't read it now (${message.includes(code) ? message : `${code}: ${message}`})`,
  }
}

const isNamed = (catalog: Catalog, { id, maskVersion }: SegmentRef): boolean =>
  [...[...catalog.states.values()].flatMap(({ segments }) => segments), ...catalog.stagedSegments().map(({ segment }) => segment)]
    .some((segment) => segment.id === id && segment.maskVersion === maskVersion)

function again<T>(work: () => T): T {
  for (let left = ATTEMPTS_MAX; ; left--) {
    try {
      return work()
    } catch (error) {
      if (left <= 1) throw error
    }
  }
}

function attempt<T>(work: () => T, otherwise: T, onError: (error: unknown) => void): T {
  try {
    return work()
  } catch (error) {
    onError(error)
    return otherwise
  }
}

/** Replays the log into nothing; answers the rows that lie in it alone. */
function verifyLog(disk: Disk, folder: string, catalog: Catalog): number {
  let scratch = new Uint8Array(0)
  const memory = {
    allocate: () => 8,
    bytes: (_address: number, bytes: number) => {
      if (scratch.length < bytes) scratch = new Uint8Array(bytes)
      return scratch.subarray(0, bytes)
    },
  }
  const files = recover(disk, folder, {
    needed: catalog.needed, reached: catalog.applied, hasLog: catalog.states.size > 0,
    takeKeys: () => {}, takeRowKeys: () => {},
    isWanted: (tableId, sequence) => {
      const state = catalog.states.get(tableId)
      return state !== undefined && sequence > Math.max(state.flushed, state.truncatedUpTo)
    },
  }, memory)
  let rows = 0
  for (const { parts } of files) for (const { rowCount } of parts) rows += rowCount
  return rows
}

function lost(meta: TableMeta, segment: SegmentRef, footer: Footer | null): LostRows {
  return {
    table: meta.name, segmentId: segment.id, partition: segment.partition,
    rows: segment.rowCount - segment.maskedRows, keyRange: footer === null ? null : keyRangeOf(meta, footer, null),
  }
}

/** First and last key of all blocks, or of one. */
function keyRangeOf(meta: TableMeta, footer: Footer, block: number | null): string | null {
  const column = meta.columns.find(({ name }) => name === meta.sortBy[0])
  const all = column === undefined ? [] : footer.entry(column.id)?.zones ?? []
  const zones = (block === null ? all : all.slice(block, block + 1)).filter((zone) => zone !== null)
  if (column === undefined || zones.length === 0) return null
  const text = (value: number | bigint | Uint8Array) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : String(value)
  return `${column.name} ${text(zones[0].min)} to ${text(zones[zones.length - 1].max)}`
}

/** All that is wrong with a segment's file. Throws when the disk can't read it. */
function verifySegment(
  disk: Disk, folder: string, meta: TableMeta, segment: SegmentRef, space: Uint8Array,
  compileKey: KeyCompiler | null,
): Problem[] {
  const { file } = segment
  let footer: Footer | null = null
  const whole = (message: string): Problem =>
    ({ kind: 'damaged', file, column: null, block: null, row: null, message, segment: lost(meta, segment, footer), damage: null })
  let reader: DiskReader
  let deleted: Uint8Array | null
  try {
    deleted = readMask(disk, folder, segment)
  } catch (error) {
    if (isUnreadable(error)) throw error
    return [whole((error as Error).message)]
  }
  try {
    reader = disk.openForRead(join(folder, file))
  } catch (error) {
    if (isUnreadable(error)) throw error
    return [whole(`the file cannot be opened: ${(error as Error).message}`)]
  }
  try {
    if (reader.bytes !== segment.bytes) return [whole(`the file has ${reader.bytes} bytes, not ${segment.bytes}`)]
    footer = readFooter(`${file} of ${meta.name}`, reader.bytes, (at, bytes) => readAt(reader, at, bytes))
    const { tableId, rowCount, partition } = footer
    if (tableId !== meta.id || rowCount !== segment.rowCount || partition !== segment.partition) {
      return [whole(`it holds ${rowCount} rows of table ${tableId}, partition '${partition}'; the manifest says `
        + `${segment.rowCount} of table ${meta.id}, partition '${segment.partition}'`)]
    }
    const entries = footer.columnIds.map((id) => (footer as Footer).entry(id) as ColumnEntry)
    const place = { disk, folder, meta, segment, footer }
    const damaged = entries.flatMap((entry) => verifyColumn(reader, entry, place, space))
    return damaged.length > 0 ? damaged : verifyOrder(place, deleted, compileKey)
  } catch (error) {
    if (isUnreadable(error)) throw error
    return [whole((error as Error).message)]
  } finally {
    reader.close()
  }
}

function readAt(reader: DiskReader, at: number, bytes: number): Uint8Array {
  const target = new Uint8Array(bytes)
  return target.subarray(0, reader.read(target, at))
}

/** A segment that is looked at. */
type Place = {
  readonly disk: Disk
  readonly folder: string
  readonly meta: TableMeta
  readonly segment: SegmentRef
  readonly footer: Footer
}

/** What a section whose checksum differs takes with it: the rows of a block, all rows (a dictionary), or
 * none (postings). */
function problemOf(entry: ColumnEntry, section: number, { disk, folder, meta, segment, footer }: Place): Problem {
  const whole = lost(meta, segment, footer)
  const { file } = segment
  if (section < entry.blockCount) {
    const { rows } = rowsOfBlocks(disk, folder, segment, new Set([section]))
    return {
      kind: 'damaged', file, column: entry.name, block: section, row: null, message: `the checksum of block ${section} differs`,
      damage: { columnId: entry.id, block: section },
      segment: { ...whole, rows, keyRange: keyRangeOf(meta, footer, section) },
    }
  }
  const isDictionary = entry.dictionary !== null && section === entry.blockCount
  return {
    kind: 'damaged', file, column: entry.name, block: null, row: null,
    message: `the checksum of the ${isDictionary ? 'dictionary' : 'postings'} differs`,
    damage: isDictionary ? null : { columnId: entry.id, block: null },
    segment: isDictionary ? whole : { ...whole, rows: 0, keyRange: null },
  }
}

/** Compares each section of a column with its checksum. Without checksums the footer's covers all. */
function verifyColumn(
  reader: DiskReader, entry: ColumnEntry, place: Place, space: Uint8Array,
): Problem[] {
  const { starts, checksums } = entry.run
  if (checksums === null) return []
  const problems: Problem[] = []
  for (let from = 0; from < checksums.length;) {
    let to = from + 1
    while (to < checksums.length && starts[to + 1] - starts[from] <= READ_BYTES) to++
    const length = starts[to] - starts[from]
    const target = length <= space.length ? space.subarray(0, length) : new Uint8Array(length)
    const bytes = target.subarray(0, reader.read(target, starts[from]))
    for (let section = from; section < to; section++) {
      const own = bytes.subarray(starts[section] - starts[from], starts[section + 1] - starts[from])
      if (crc32c(own) === checksums[section]) continue
      problems.push(problemOf(entry, section, place))
    }
    from = to
  }
  return problems
}

/** Every living row follows the one before it by the sorting key. */
function verifyOrder({ disk, folder, meta, segment, footer }: Place, deleted: Uint8Array | null, compileKey: KeyCompiler | null): Problem[] {
  const { file } = segment
  let wrong: WrongOrder | null
  try {
    wrong = firstWrongOrder(disk, folder, meta, segment, deleted, compileKey)
  } catch (error) {
    if (error instanceof CorruptBlock || isUnreadable(error)) throw error
    // What stands in the way is the key, or memory that this machine does not give: not the file.
    const message = `its order can't be told: ${(error as Error).message}`
    return [{ kind: 'unreadable', file, column: null, block: null, row: null, message, segment: null, damage: null }]
  }
  if (wrong === null) return []
  const { block, row, column } = wrong
  return [{
    kind: 'damaged', file, column, block, row, message: `row ${row} of block ${block} does not follow the one before by ${column}`,
    segment: { ...lost(meta, segment, footer), rows: 0, keyRange: null }, damage: null,
  }]
}
