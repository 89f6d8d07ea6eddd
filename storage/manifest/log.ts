// The log of edits: what tables and segments there are. FORMAT.md, "Manifest".
//
//   file head (bytes/file-head.ts), then one frame (bytes/frame.ts) a record, without payload:
//   header, msgpack: [number, edits, [next table id, next column id, next segment id, reached, needed]]
//
// A record is durable before its edits are true; the files that it names were synced before it. After a
// crash the last record may be torn: it never happened. The log is rewritten as one record in a new file
// at every start (what was read may be in the system's memory only, when the process before was killed),
// after every failure, and when it has grown far beyond what it says.
// Invariant: the newest file is whole, for it gets its name when it is synced, and older ones go after.

import { join } from 'node:path'
import { Packr } from 'msgpackr'
import { decodeFileHead, encodeFileHead, FILE_HEAD_BYTES } from '../bytes/file-head.ts'
import { decodeFrame, encodeFrame, findFrame } from '../bytes/frame.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import type { Edit, ManifestRecord } from './edit.ts'

const packr = new Packr({ useRecords: false })
const MAGIC = 'PIPITMAN'
const VERSION = 1
/** One record may name every segment of a store: some 160 bytes each. */
const HEADER_BYTES_MAX = 2 ** 30
/** A log shorter than this is not rewritten for its length. */
const REWRITE_BYTES_MIN = 256 * 1024
/** ... nor one below this many times its length after the last rewriting. */
const REWRITE_GROWTH = 4

const nameOf = (number: number): string => `manifest-${String(number).padStart(8, '0')}`

/** The change of tables was refused by the disk. */
export class ManifestError extends Error {
  /** True: it may turn out to have happened when the process stops before the next change. Files that
   * it names must stay. */
  readonly isInDoubt: boolean
  constructor(cause: Error, isInDoubt: boolean) {
    super(`The store could not note a change: writing the manifest failed (${cause.message})${isInDoubt
      ? '; the disk refuses to forget it, too, so it may show up after a restart' : ''}`, { cause })
    this.name = 'DiskError'
    this.isInDoubt = isInDoubt
  }
}

/** Damage to what was durable. */
export class CorruptManifest extends Error {
  constructor(file: string, offset: number) {
    super(`Corrupt data in the manifest ${file} at offset ${offset}: a record is damaged and whole records `
      + 'follow it. Restore the file from a backup')
    this.name = 'CorruptManifest'
  }
}

function encodeRecord(number: number, { edits, standing }: ManifestRecord, salt: number): Uint8Array {
  const { nextTableId, nextColumnId, nextSegmentId, reached, needed } = standing
  const header = packr.pack([number, edits, [nextTableId, nextColumnId, nextSegmentId, reached, needed]])
  return encodeFrame(header, 0, salt, HEADER_BYTES_MAX)
}

export type DecodedManifest = {
  readonly records: readonly ManifestRecord[]
  readonly nextRecord: number
}

/** A manifest file's bytes back to records. Throws CorruptManifest, NewerFormat. */
export function decodeManifest(file: string, bytes: Uint8Array): DecodedManifest {
  const head = decodeFileHead(file, bytes, MAGIC, VERSION, 'manifest')
  if (head === null) throw new CorruptManifest(file, 0)
  const records: ManifestRecord[] = []
  let at = FILE_HEAD_BYTES
  let number = head.first
  for (let frame = decodeFrame(bytes, at, head.salt, HEADER_BYTES_MAX); frame !== null;) {
    const [found, edits, numbers] = packr.unpack(frame.header as Buffer) as [number, Edit[], number[]]
    if (found !== number) throw new CorruptManifest(file, at)
    const [nextTableId, nextColumnId, nextSegmentId, reached, needed] = numbers
    records.push({ edits, standing: { nextTableId, nextColumnId, nextSegmentId, reached, needed } })
    number++
    at = frame.end
    frame = decodeFrame(bytes, at, head.salt, HEADER_BYTES_MAX)
  }
  // Each record was synced before the next was written; and a file's first before it had its name.
  if (records.length === 0 || findFrame(bytes, at, head.salt, HEADER_BYTES_MAX) >= 0) throw new CorruptManifest(file, at)
  return { records, nextRecord: number }
}

/** The newest manifest of a folder; null: there is none. Throws CorruptManifest, NewerFormat. */
export function readManifest(disk: Disk, folder: string): (DecodedManifest & { readonly file: string }) | null {
  const file = manifestNames(disk, folder).filter((name) => !name.endsWith('.tmp')).pop()
  return file === undefined ? null
    : { file, ...decodeManifest(join(folder, file), disk.readWhole(join(folder, file))) }
}

const manifestNames = (disk: Disk, folder: string): string[] =>
  disk.list(folder).filter((name) => /^manifest-\d+/.test(name))

/** A manifest of one record in a folder that is no open store's; the newest from then on, older ones go. */
export async function writeManifest(
  options: ManifestOptions, record: ManifestRecord,
): Promise<void> {
  const { disk, folder } = options
  const names = manifestNames(disk, folder)
  const newest = Math.max(0, ...names.map((name) => Number.parseInt(name.slice('manifest-'.length), 10)))
  const log = new ManifestLog(options, newest, names, () => record)
  await log.compact()
  await log.close()
}

/** What the store is as records of a new file. */
export type CurrentState = () => ManifestRecord

type OpenFile = { readonly file: DiskFile; readonly salt: number; offset: number }

export type ManifestOptions = {
  readonly disk: Disk
  readonly folder: string
  readonly random: () => number
}

/** The manifest of an open store. Changes are made one at a time, in call order. */
export class ManifestLog {
  private readonly options: ManifestOptions
  private readonly current: CurrentState
  private number: number
  private open: OpenFile | null = null
  private nextRecord = 1
  private hasOneRecord = false
  private rewriteAt = REWRITE_BYTES_MIN
  private tail: Promise<void> = Promise.resolve()
  /** Resolves when the file of begin() is there. Rejects with what stood in the way. */
  begun: Promise<void> = this.tail
  /** The folder may be another process's by now. */
  private isClosed = false
  /** A change that was refused may turn out to have happened, until a new file is there. */
  private hasDoubt = false
  /** Older files that a crash or a failure left. */
  private stale: string[]

  constructor(options: ManifestOptions, number: number, stale: string[], current: CurrentState) {
    this.options = options
    this.number = number
    this.stale = stale
    this.current = current
  }

  /** Reads the newest manifest of a folder, hands its records to `take` and opens the log; a folder
   * without one gets one. `current` is asked whenever the log is rewritten. */
  static async open(
    options: ManifestOptions, take: (record: ManifestRecord) => void, current: CurrentState,
  ): Promise<ManifestLog> {
    const log = ManifestLog.begin(options, take, current)
    await log.begun
    return log
  }

  /** As open(), while the new file is still being written: until `begun` nothing may be built on what was read. */
  static begin(
    options: ManifestOptions, take: (record: ManifestRecord) => void, current: CurrentState,
  ): ManifestLog {
    const { disk, folder } = options
    const names = manifestNames(disk, folder)
    const newest = names.filter((name) => !name.endsWith('.tmp')).pop()
    const stale = names.filter((name) => name !== newest)
    const log = new ManifestLog(options, newest === undefined ? 0 : Number(newest.slice('manifest-'.length)), stale, current)
    if (newest !== undefined) {
      const path = join(folder, newest)
      const { records, nextRecord } = decodeManifest(path, disk.readWhole(path))
      records.forEach(take)
      log.nextRecord = nextRecord
    }
    log.begun = log.rewrite()
    log.tail = log.begun.catch(() => {})
    return log
  }

  /** Makes a change durable, then true. When its turn has come, `prepare` says what the change is (null:
   * nothing any more); when it is durable, `apply` makes it true, before anything else is prepared.
   * Resolves with whether there was a change. Throws ManifestError; once the log is closed, that it is. */
  change(prepare: () => ManifestRecord | null, apply: (edits: readonly Edit[]) => void): Promise<boolean> {
    const done = this.tail.then(async () => {
      if (this.isClosed) throw new ManifestError(new Error('the store is closed'), false)
      const record = prepare()
      if (record === null) return false
      await this.append(record)
      apply(record.edits)
      return true
    })
    this.tail = done.then(() => {}, () => {})
    return done
  }

  /** Makes sure that no refused change will turn out to have happened. Throws ManifestError, in doubt, where
   * the disk does not let it. */
  async settle(): Promise<void> {
    if (!this.hasDoubt) return
    const done = this.tail.then(async () => { if (this.hasDoubt) await this.rewrite() })
    this.tail = done.catch(() => {})
    await done.catch((error) => { throw new ManifestError(error as Error, true) })
  }

  /** Makes the log one record, which is damaged or whole: there is no torn tail then. */
  async compact(): Promise<void> {
    await this.tail
    if (this.hasOneRecord) return
    this.tail = this.rewrite()
    await this.tail
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.tail.catch(() => {})
    await this.open?.file.close()
    this.open = null
  }

  private async append(record: ManifestRecord): Promise<void> {
    try {
      if (this.open === null || this.open.offset > this.rewriteAt) await this.rewrite()
    } catch (error) {
      throw new ManifestError(error as Error, false) // nothing of the change was written
    }
    const open = this.open as OpenFile
    const bytes = encodeRecord(this.nextRecord, record, open.salt)
    try {
      await open.file.write([bytes], open.offset)
      await open.file.sync()
    } catch (error) {
      // What was written is unknown: this file is never written to again, and a new one, without the
      // change, takes its place before the failure is answered.
      this.open = null
      await open.file.close().catch(() => {})
      this.hasDoubt = true
      await this.rewrite().catch(() => {})
      throw new ManifestError(error as Error, this.hasDoubt)
    }
    open.offset += bytes.length
    this.nextRecord++
    this.hasOneRecord = false
  }

  /** All that is true now as one record of a new file. */
  private async rewrite(): Promise<void> {
    const { disk, folder, random } = this.options
    const name = nameOf(this.number + 1)
    const path = join(folder, name)
    const salt = Math.floor(random() * 2 ** 32)
    const first = this.nextRecord
    const head = encodeFileHead(MAGIC, VERSION, { salt, first })
    const record = encodeRecord(first, this.current(), salt)
    const file = await disk.open(`${path}.tmp`)
    try {
      await file.truncate(0)
      await file.write([head, record], 0)
      await file.sync()
      await disk.renameAsync(`${path}.tmp`, path)
      await disk.syncFolderAsync(folder)
    } catch (error) {
      await file.close().catch(() => {})
      this.number++ // the name may be there: it is not used again
      this.stale.push(name, `${name}.tmp`)
      throw error
    }
    await this.open?.file.close().catch(() => {})
    if (this.number > 0) this.stale.push(nameOf(this.number))
    this.number++
    const offset = head.length + record.length
    this.open = { file, salt, offset }
    this.nextRecord = first + 1
    this.hasOneRecord = true
    this.hasDoubt = false
    this.rewriteAt = Math.max(REWRITE_BYTES_MIN, offset * REWRITE_GROWTH)
    await this.removeStale()
  }

  private async removeStale(): Promise<void> {
    const { disk, folder } = this.options
    const names = this.stale.splice(0)
    for (const name of names) await disk.removeAsync(join(folder, name)).catch(() => this.stale.push(name))
  }
}
