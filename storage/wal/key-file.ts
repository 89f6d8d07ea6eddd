// Idempotency keys on their own: what is still remembered of log files that are about to go. A file is
// written whole, synced and renamed before they go, and removed when the time of its last key is over.
// FORMAT.md, "Idempotency keys".
//
//   keys-SEQUENCE: | "PIPITKEY" | version u32 | keys u32 | last use ms f64 | entries, texts | crc32c u32 |

import { join } from 'node:path'
import { crc32c } from '../bytes/crc32c.ts'
import { NewerFormat } from '../bytes/file-head.ts'
import type { Disk } from '../disk/disk.ts'
import type { KeyTable } from './key-table.ts'

const MAGIC = 'PIPITKEY'
const VERSION = 0
const HEAD_BYTES = 24

const nameOf = (sequence: number): string => `keys-${String(sequence).padStart(15, '0')}`

/** The key files of a store, in the order of the sequences up to which they hold keys. */
export class KeyFiles {
  private readonly disk: Disk
  private readonly folder: string
  private readonly table: KeyTable
  private readonly files = new Map<string, number>()
  /** Keys up to this sequence stand in files, or are forgotten. */
  private persisted = 0
  private tail: Promise<void> = Promise.resolve()

  constructor(disk: Disk, folder: string, table: KeyTable) {
    this.disk = disk
    this.folder = folder
    this.table = table
  }

  /** Reads all files into the table. Throws when one is damaged. */
  load(): void {
    for (const name of this.names()) if (!name.endsWith('.tmp')) this.files.set(name, this.read(name))
  }

  /** Files that a crash left half written. For the store's owner. */
  removeTemporary(): void {
    for (const name of this.names()) if (name.endsWith('.tmp')) this.disk.remove(join(this.folder, name))
  }

  private names(): string[] { return this.disk.list(this.folder).filter((name) => name.startsWith('keys-')) }

  /** Makes keys up to a sequence independent of the log; call it before log files go. */
  persist(upTo: number, forgetBeforeMs: number): Promise<void> {
    const done = this.tail.then(() => this.write(upTo, forgetBeforeMs))
    this.tail = done.catch(() => {})
    return done
  }

  async close(): Promise<void> { await this.tail }

  private async write(upTo: number, forgetBeforeMs: number): Promise<void> {
    if (upTo <= this.persisted) return
    this.table.expire(forgetBeforeMs)
    const { bytes, count, lastMs } = this.table.encoded(this.persisted, upTo)
    if (count > 0) {
      const name = nameOf(upTo)
      await this.writeFile(name, count, lastMs, bytes)
      this.files.set(name, lastMs)
    }
    this.persisted = upTo
    for (const [name, last] of this.files) {
      if (last >= forgetBeforeMs) continue
      await this.disk.removeAsync(join(this.folder, name)).then(() => this.files.delete(name), () => {})
    }
  }

  private async writeFile(name: string, count: number, lastMs: number, keys: Uint8Array): Promise<void> {
    const head = Buffer.alloc(HEAD_BYTES)
    head.write(MAGIC, 0, 'latin1')
    head.writeUInt32LE(VERSION, 8)
    head.writeUInt32LE(count, 12)
    head.writeDoubleLE(lastMs, 16)
    const end = Buffer.alloc(4)
    end.writeUInt32LE(crc32c(keys, crc32c(head)))
    const path = join(this.folder, name)
    const file = await this.disk.open(`${path}.tmp`)
    try {
      await file.truncate(0)
      await file.write([head, keys, end], 0)
      await file.sync()
    } finally {
      await file.close().catch(() => {})
    }
    await this.disk.renameAsync(`${path}.tmp`, path)
    await this.disk.syncFolderAsync(this.folder)
  }

  /** Answers the time of the last use in the file. */
  private read(name: string): number {
    const bytes = Buffer.from(this.disk.readWhole(join(this.folder, name)))
    const corrupt = (why: string) => new Error(`Corrupt data in ${name}, the idempotency keys: ${why}. `
      + 'Remove the file to go on without them: inserts that are sent again may be stored twice')
    if (bytes.length < HEAD_BYTES + 4 || bytes.toString('latin1', 0, 8) !== MAGIC) throw corrupt('it is no such file')
    const version = bytes.readUInt32LE(8)
    if (version > VERSION) throw new NewerFormat(name, version, VERSION)
    if (crc32c(bytes.subarray(0, bytes.length - 4)) !== bytes.readUInt32LE(bytes.length - 4)) {
      throw corrupt('its checksum differs')
    }
    this.table.add({ bytes: bytes.subarray(HEAD_BYTES, bytes.length - 4), count: bytes.readUInt32LE(12) })
    return bytes.readDoubleLE(16)
  }
}
