// The log of edits: what tables and segments there are. FORMAT.md, "Manifest".
//
//   | "PIPITMAN" | version u32 | reserved u32 | then records: | bytes u32 | crc32c u32 | msgpack edit |
//
// An edit is durable when append() returns; the files that it names were synced before it. A torn tail
// is cut; the log is rewritten whole when it has grown far beyond what it says.

import { join } from 'node:path'
import { Packr } from 'msgpackr'
import { crc32c } from '../bytes/crc32c.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import type { SegmentRef, TableMeta } from '../face.ts'
import { NewerFormat } from '../wal/file-head.ts'

export type Edit =
  | { readonly kind: 'table'; readonly meta: TableMeta }
  | { readonly kind: 'drop'; readonly tableId: number }
  /** `flushed`: every row of the table up to this sequence lies in segments now. */
  | {
    readonly kind: 'segments'; readonly tableId: number; readonly added: readonly SegmentRef[]
    readonly removed: readonly number[]; readonly flushed: number
  }
  /** Rows up to and with this sequence are gone. */
  | { readonly kind: 'truncate'; readonly tableId: number; readonly upTo: number }
  /** Ids below these were given. */
  | { readonly kind: 'ids'; readonly table: number; readonly segment: number; readonly sequence: number }

const packr = new Packr({ useRecords: false })
const MAGIC = 'PIPITMAN'
const VERSION = 0
const HEAD_BYTES = 16
const REWRITE_BYTES_MIN = 256 * 1024

const nameOf = (number: number): string => `manifest-${String(number).padStart(8, '0')}`

function encode(edit: Edit): Uint8Array {
  const body = packr.pack(edit)
  const record = Buffer.alloc(8 + body.length)
  record.writeUInt32LE(body.length, 0)
  record.writeUInt32LE(crc32c(body), 4)
  record.set(body, 8)
  return record
}

function head(): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt32LE(VERSION, 8)
  return bytes
}

/** All edits of a manifest's bytes, and where the last whole one ends. */
export function decodeManifest(file: string, bytes: Uint8Array): { edits: Edit[]; end: number } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < HEAD_BYTES || view.toString('latin1', 0, 8) !== MAGIC) {
    throw new Error(`${file} is not a manifest of Pipit`)
  }
  const version = view.readUInt32LE(8)
  if (version > VERSION) throw new NewerFormat(file, version, VERSION)
  const edits: Edit[] = []
  let at = HEAD_BYTES
  while (at + 8 <= bytes.length) {
    const length = view.readUInt32LE(at)
    const end = at + 8 + length
    if (end > bytes.length) break
    const body = view.subarray(at + 8, end)
    if (crc32c(body) !== view.readUInt32LE(at + 4)) {
      if (end < bytes.length) throw new Error(`Corrupt data in ${file} at offset ${at}: an edit is damaged`)
      break
    }
    edits.push(packr.unpack(body) as Edit)
    at = end
  }
  return { edits, end: at }
}

/** The manifest of an open store. Edits are appended one at a time, in call order. */
export class ManifestLog {
  private readonly disk: Disk
  private readonly folder: string
  private number: number
  private file: DiskFile | null = null
  private offset = 0
  private tail: Promise<void> = Promise.resolve()

  private constructor(disk: Disk, folder: string, number: number) {
    this.disk = disk
    this.folder = folder
    this.number = number
  }

  /** Reads the newest manifest of a folder; a folder without one has no edits. Older files and what a
   * crash left half-made are removed. */
  static async open(disk: Disk, folder: string): Promise<{ log: ManifestLog; edits: Edit[] }> {
    const names = disk.list(folder).filter((name) => /^manifest-\d+$/.test(name))
    const newest = names[names.length - 1]
    if (newest === undefined) {
      const log = new ManifestLog(disk, folder, 0)
      await log.rewrite([])
      return { log, edits: [] }
    }
    const path = join(folder, newest)
    const { edits, end } = decodeManifest(path, disk.readWhole(path))
    const log = new ManifestLog(disk, folder, Number(newest.slice(9)))
    log.file = await disk.open(path)
    await log.file.truncate(end)
    log.offset = end
    for (const name of names) if (name !== newest) disk.remove(join(folder, name))
    return { log, edits }
  }

  /** Resolves when the edits are durable. After a failure the log is rewritten by the caller's next
   * append (`current` gives all that is true now). */
  append(edits: readonly Edit[], current: () => Edit[]): Promise<void> {
    const done = this.tail.then(() => this.write(edits, current))
    this.tail = done.catch(() => {})
    return done
  }

  async close(): Promise<void> {
    await this.tail
    await this.file?.close()
  }

  private async write(edits: readonly Edit[], current: () => Edit[]): Promise<void> {
    const records = edits.map(encode)
    const bytes = records.reduce((sum, record) => sum + record.length, 0)
    if (this.file === null || this.offset + bytes > this.rewriteAt) {
      await this.rewrite([...current(), ...edits])
      return
    }
    const { file } = this
    try {
      await file.write(records, this.offset)
      await file.sync()
      this.offset += bytes
    } catch (error) {
      // What was written is unknown: this file is not used again.
      this.file = null
      await file.close().catch(() => {})
      throw error
    }
  }

  private rewriteAt = REWRITE_BYTES_MIN

  private async rewrite(edits: readonly Edit[]): Promise<void> {
    const path = join(this.folder, nameOf(this.number + 1))
    const chunks = [head(), ...edits.map(encode)]
    const temporary = `${path}.tmp`
    this.disk.writeWholeSync(temporary, chunks)
    this.disk.rename(temporary, path)
    this.disk.syncFolder(this.folder)
    await this.file?.close()
    if (this.number > 0) this.disk.remove(join(this.folder, nameOf(this.number)))
    this.number++
    this.offset = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    this.rewriteAt = Math.max(REWRITE_BYTES_MIN, this.offset * 4)
    this.file = await this.disk.open(path)
  }
}
