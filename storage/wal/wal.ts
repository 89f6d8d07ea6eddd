// Group commit: transactions that arrive while one write and fdatasync are under way share the next.
// Nothing is acknowledged before its fdatasync has succeeded.
//
// The failed-sync rule: after a failed write or fdatasync the file is abandoned at its last durable
// byte (truncated there, or, when even that fails, fenced by the next file, whose head holds the first
// sequence of the refused group: replay takes no record of an earlier file from there on). fdatasync is never retried on the same file: the kernel has dropped the dirty
// pages, and a second call would falsely succeed.

import { join } from 'node:path'
import type { Disk, DiskFile } from '../disk/disk.ts'
import { FILE_HEAD_BYTES, fileHead } from './file-head.ts'
import { encodeHead, type RecordPart } from './record.ts'

export type WalEntry = { readonly parts: readonly RecordPart[]; readonly images: readonly Uint8Array[] }

type Waiter = {
  readonly entry: WalEntry
  readonly resolve: (sequence: number) => void
  readonly reject: (error: Error) => void
}

/** The insert was refused by the disk; nothing of it will appear. */
export class DiskError extends Error {
  constructor(what: string, cause: Error) {
    super(`The rows were not stored: ${what} failed (${cause.message})`, { cause })
    this.name = 'DiskError'
  }
}

export const walName = (number: number): string => `wal-${String(number).padStart(12, '0')}`

export type WalOptions = {
  readonly disk: Disk
  readonly folder: string
  readonly fileBytesMax: number
  readonly nextSequence: number
  readonly nextFile: number
}

/** The log that new transactions go to. Always starts a file of its own. */
export class Wal {
  private readonly options: WalOptions
  private waiters: Waiter[] = []
  private isRunning = false
  private sequence: number
  private fileNumber: number
  private file: DiskFile | null = null
  private offset = 0
  /** Last sequence in each finished or current file, for recycling. */
  private readonly lastSequence = new Map<number, number>()
  bytesWritten = 0
  syncs = 0

  constructor(options: WalOptions) {
    this.options = options
    this.sequence = options.nextSequence
    this.fileNumber = options.nextFile
  }

  /** Resolves with the transaction's sequence once it is durable, in the order of the log. */
  append(entry: WalEntry): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ entry, resolve, reject })
      if (!this.isRunning) void this.run()
    })
  }

  /** Files whose every record is ≤ `sequence`, removed; the current one stays. */
  recycle(sequence: number): void {
    const { disk, folder } = this.options
    for (const [number, last] of this.lastSequence) {
      if (number === this.fileNumber || last > sequence) continue
      disk.remove(join(folder, walName(number)))
      this.lastSequence.delete(number)
    }
  }

  /** Files of before this start that replay found. */
  remember(number: number, lastSequence: number): void { this.lastSequence.set(number, lastSequence) }

  async close(): Promise<void> {
    while (this.isRunning) await new Promise((resolve) => { setImmediate(resolve) })
    await this.file?.close()
    this.file = null
  }

  private async run(): Promise<void> {
    this.isRunning = true
    while (this.waiters.length > 0) {
      const group = this.waiters.splice(0)
      try {
        const first = await this.writeGroup(group)
        group.forEach((waiter, index) => waiter.resolve(first + index))
      } catch (error) {
        for (const waiter of group) waiter.reject(error as Error)
      }
    }
    this.isRunning = false
  }

  /** One write, one fdatasync; answers the first sequence. */
  private async writeGroup(group: readonly Waiter[]): Promise<number> {
    const file = await this.currentFile()
    const first = this.sequence
    const chunks: Uint8Array[] = []
    group.forEach(({ entry }, index) => {
      chunks.push(encodeHead({ sequence: first + index, parts: entry.parts }), ...entry.images)
    })
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    let what = 'writing the log'
    try {
      await file.write(chunks, this.offset)
      what = 'syncing the log'
      await file.sync()
    } catch (error) {
      await this.abandon(file)
      throw new DiskError(what, error as Error)
    }
    this.syncs++
    this.bytesWritten += bytes
    this.offset += bytes
    this.sequence += group.length
    this.lastSequence.set(this.fileNumber, this.sequence - 1)
    return first
  }

  private async currentFile(): Promise<DiskFile> {
    const { disk, folder, fileBytesMax } = this.options
    if (this.file !== null && this.offset < fileBytesMax) return this.file
    if (this.file !== null) {
      await this.file.close()
      this.file = null
      this.fileNumber++
    }
    const path = join(folder, walName(this.fileNumber))
    try {
      const file = await disk.open(path)
      await file.truncate(0)
      await file.write([fileHead(this.sequence)], 0)
      await file.sync()
      disk.syncFolder(folder)
      this.file = file
    } catch (error) {
      this.fileNumber++
      throw new DiskError('opening a log file', error as Error)
    }
    this.offset = FILE_HEAD_BYTES
    this.lastSequence.set(this.fileNumber, this.sequence - 1)
    return this.file
  }

  /** Cuts what may have been written of a refused group; when the cut fails, the next file's head
   * fences it, and that file is made before the refusal is answered. */
  private async abandon(file: DiskFile): Promise<void> {
    this.file = null
    this.fileNumber++
    try {
      await file.truncate(this.offset)
      await file.sync()
    } catch {
      await this.currentFile().catch(() => {}) // still failing: made before the next acknowledgement
    }
    await file.close().catch(() => {})
  }
}
