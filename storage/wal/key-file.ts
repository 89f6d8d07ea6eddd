// Keys on their own, of inserts (key-table.ts) and of rows (row-key-tables.ts): what is still remembered
// of log files that are about to go. A file is written whole, synced and renamed before they go, and
// removed when the time of its last key is over. FORMAT.md, "Idempotency keys", "Row keys".
//
//   keys-SEQUENCE:    | "PIPITKEY" | version u32 | keys u32 | last use ms f64 | entries, texts | crc32c u32 |
//   rowkeys-SEQUENCE: | "PIPITROW" | version u32 | runs u32 | last ms f64     | runs           | crc32c u32 |

import { join } from 'node:path'
import { crc32c } from '../bytes/crc32c.ts'
import { NewerFormat } from '../bytes/file-head.ts'
import type { Disk } from '../disk/disk.ts'

const VERSION = 1
const HEAD_BYTES = 24

/** A kind of key files. */
export type KeyKind = { readonly prefix: string; readonly magic: string; readonly what: string }
export const INSERT_KEYS: KeyKind = { prefix: 'keys-', magic: 'PIPITKEY', what: 'idempotency keys' }
export const ROW_KEYS: KeyKind = { prefix: 'rowkeys-', magic: 'PIPITROW', what: 'keys of rows' }

/** What keeps keys in memory. */
export interface RememberedKeys {
  /** How long a key is remembered at most. */
  readonly keepMs: number
  /** Forgets keys whose time is over. */
  forget(nowMs: number): void
  /** Keys with a sequence in (after, upTo]. */
  encoded(after: number, upTo: number): EncodedChunks
  add(bytes: Buffer, count: number): void
}

export type EncodedChunks = { readonly chunks: Uint8Array[]; readonly count: number; readonly lastMs: number }

const nameOf = ({ prefix }: KeyKind, sequence: number): string => `${prefix}${String(sequence).padStart(15, '0')}`

/** The key files of one kind of a store, in the order of the sequences up to which they hold keys. */
export class KeyFiles {
  private readonly disk: Disk
  private readonly folder: string
  private readonly kind: KeyKind
  private readonly table: RememberedKeys
  private readonly files = new Map<string, number>()
  /** Keys up to this sequence stand in files, or are forgotten. */
  persisted = 0
  private tail: Promise<void> = Promise.resolve()

  constructor(disk: Disk, folder: string, kind: KeyKind, table: RememberedKeys) {
    this.disk = disk
    this.folder = folder
    this.kind = kind
    this.table = table
  }

  /** Reads all files into the table. Throws when one is damaged. */
  load(): void {
    for (const name of this.names()) {
      if (name.endsWith('.tmp')) continue
      this.files.set(name, this.read(name))
      this.persisted = Number(name.slice(this.kind.prefix.length))
    }
  }

  /** Files that a crash left half written. For the store's owner. */
  removeTemporary(): void {
    for (const name of this.names()) if (name.endsWith('.tmp')) this.disk.remove(join(this.folder, name))
  }

  private names(): string[] {
    return this.disk.list(this.folder).filter((name) => name.startsWith(this.kind.prefix)).sort()
  }

  /** Makes keys up to a sequence independent of the log; call it before log files go. */
  persist(upTo: number, nowMs: number): Promise<void> {
    const done = this.tail.then(() => this.write(upTo, nowMs))
    this.tail = done.catch(() => {})
    return done
  }

  async close(): Promise<void> { await this.tail }

  private async write(upTo: number, nowMs: number): Promise<void> {
    if (upTo <= this.persisted) return
    this.table.forget(nowMs)
    const encoded = this.table.encoded(this.persisted, upTo)
    if (encoded.count > 0) {
      this.files.set(await writeKeyFile(this.disk, this.folder, this.kind, upTo, encoded), encoded.lastMs)
    }
    this.persisted = upTo
    for (const [name, last] of this.files) {
      if (last >= nowMs - this.table.keepMs) continue
      await this.disk.removeAsync(join(this.folder, name)).then(() => this.files.delete(name), () => {})
    }
  }

  /** Answers the time of the last use in the file. */
  private read(name: string): number {
    const bytes = Buffer.from(this.disk.readWhole(join(this.folder, name)))
    const corrupt = (why: string) => new Error(`Corrupt data in ${name}, the ${this.kind.what}: ${why}. `
      + 'Remove the file to go on without them: what is sent again may be stored twice')
    if (bytes.length < HEAD_BYTES + 4 || bytes.toString('latin1', 0, 8) !== this.kind.magic) throw corrupt('it is no such file')
    const version = bytes.readUInt32LE(8)
    if (version > VERSION) throw new NewerFormat(name, version, VERSION)
    if (crc32c(bytes.subarray(0, bytes.length - 4)) !== bytes.readUInt32LE(bytes.length - 4)) {
      throw corrupt('its checksum differs')
    }
    this.table.add(bytes.subarray(HEAD_BYTES, bytes.length - 4), bytes.readUInt32LE(12))
    return bytes.readDoubleLE(16)
  }
}

/** Writes a key file whole, synced, under its name; answers it. */
export async function writeKeyFile(
  disk: Disk, folder: string, kind: KeyKind, upTo: number, { chunks, count, lastMs }: EncodedChunks,
): Promise<string> {
  const head = Buffer.alloc(HEAD_BYTES)
  head.write(kind.magic, 0, 'latin1')
  head.writeUInt32LE(VERSION, 8)
  head.writeUInt32LE(count, 12)
  head.writeDoubleLE(lastMs, 16)
  const end = Buffer.alloc(4)
  end.writeUInt32LE(chunks.reduce((checksum, chunk) => crc32c(chunk, checksum), crc32c(head)))
  const name = nameOf(kind, upTo)
  const path = join(folder, name)
  const file = await disk.open(`${path}.tmp`)
  try {
    await file.truncate(0)
    await file.write([head, ...chunks, end], 0)
    await file.sync()
  } finally {
    await file.close().catch(() => {})
  }
  await disk.renameAsync(`${path}.tmp`, path)
  await disk.syncFolderAsync(folder)
  return name
}
