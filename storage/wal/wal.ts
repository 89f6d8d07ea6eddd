// Group commit: transactions that arrive while one write and fdatasync are under way share the next.
// Nothing is acknowledged before its fdatasync has succeeded. Sequences are dense: each record has the
// number after the one before, whatever was refused in between.
//
// The failed-sync rule: after a failed write or fdatasync the file is abandoned and its group refused;
// fdatasync is never called again for what it failed on (the kernel has dropped the dirty pages, and a
// second call would falsely succeed). Before the refusal is answered, the group is kept from coming
// back: the file is cut at its last durable record, or, when that fails, the next file's head, which
// holds the first refused sequence, fences it. When neither can be made durable the answer says so
// (isInDoubt), and nothing is acknowledged until a new file is.

import { join } from 'node:path'
import { encodeFileHead } from '../bytes/file-head.ts'
import type { Disk, DiskFile } from '../disk/disk.ts'
import { encodeRecord, WAL_MAGIC, WAL_VERSION, type Content } from './record.ts'

/** Bytes of images that one write takes at most, but always one transaction: bounds the wait of those
 * behind it and the length of a file. */
const GROUP_BYTES_MAX = 32 * 2 ** 20
/** Groups up to this size are copied together: one plain write beats a vector of many small pieces. */
const COPY_BYTES_MAX = 2 ** 20
/** A piece above this is written from where it lies. */
const PIECE_BYTES_MAX = COPY_BYTES_MAX / 16

/** Room that is made for small groups at once, at most. A sync that finds a file longer than before must
 * wait for the file system's own log, too: 0.44 ms against 0.17 on ext4. */
export const ROOM_BYTES_MAX = 256 * 1024
const ZEROS = new Uint8Array(ROOM_BYTES_MAX)

/** Free room of the disk is asked for this often. */
const ROOM_CHECK_MS = 200

/** The rows were refused by the disk. */
export class DiskError extends Error {
  /** False: nothing of it will ever appear. True: it appears if the process stops before the next
   * insert succeeds. */
  readonly isInDoubt: boolean
  constructor(what: string, cause: Error, isInDoubt: boolean) {
    super(`The rows were not stored: ${what} failed (${cause.message})${isInDoubt
      ? '; the disk refuses to forget them, too, so they may show up after a restart' : ''}`, { cause })
    this.name = 'DiskError'
    this.isInDoubt = isInDoubt
  }
}

/** Too little room is left: inserts stop while there is still enough for merges and truncates. */
export class StorageFull extends Error {
  constructor(folder: string, freeBytes: number, neededBytes: number) {
    super(`The rows were not stored: the disk of ${folder} has ${freeBytes} bytes left and new rows need `
      + `${neededBytes}; make room, or truncate a data source`)
    this.name = 'StorageFull'
  }
}

/** A transaction that only takes a sequence. */
export const NOTHING: Content = { parts: [], keys: null, rowKeys: [] }

const isEmpty = ({ parts, keys, rowKeys }: Content): boolean =>
  parts.length === 0 && keys === null && rowKeys.length === 0

const bytesOf = ({ parts, keys, rowKeys }: Content): number => parts.reduce(
  (sum, part) => sum + part.image.length, rowKeys.reduce((sum, { bytes }) => sum + bytes.length, keys?.bytes.length ?? 0))

export const walName = (number: number): string => `wal-${String(number).padStart(12, '0')}`

export type WalOptions = {
  readonly disk: Disk
  readonly folder: string
  readonly random: () => number
  /** A new file is begun when the last has this many bytes. */
  readonly fileBytesMax: number
  /** Zeros that are written behind small groups, so that the next ones leave the file's length alone; at
   * most ROOM_BYTES_MAX. */
  readonly roomBytes: number
  /** Nothing is appended with less room than this. */
  readonly freeBytesMin: number
  readonly nowMs: () => number
  readonly nextSequence: number
  readonly nextFile: number
}

type Waiter = {
  readonly content: Content
  readonly bytes: number
  /** Called once, when it is durable, before the next transaction's. */
  readonly onDurable: (sequence: number) => void
  readonly resolve: (sequence: number) => void
  readonly reject: (error: Error) => void
}

/** `isSure`: its head is durable. `last`: its last sequence. */
export type WalFile = { readonly last: number; readonly bytes: number; readonly isSure: boolean }
type OpenFile = {
  readonly number: number
  readonly file: DiskFile
  readonly salt: number
  /** Where the next record goes. */
  offset: number
  /** Bytes of the file: behind the last record there may be room. */
  length: number
}

/** The log that new transactions go to. Always starts a file of its own. */
export class Wal {
  private readonly options: WalOptions
  private readonly waiters: Waiter[] = []
  private running: Promise<void> | null = null
  private recycling: Promise<void> = Promise.resolve()
  /** A removal may not be durable yet. */
  private hasRemoved = false
  private nextSequence: number
  private nextFile: number
  private current: OpenFile | null = null
  private roomCheckedMs = Number.NEGATIVE_INFINITY
  /** The folder may be another process's. */
  private isClosed = false
  /** Closed and current files, oldest first. */
  private readonly files = new Map<number, WalFile>()
  /** fdatasyncs of groups. */
  syncs = 0
  /** The newest record, if any, holds no rows: damage to it loses none. */
  isSealed = true

  constructor(options: WalOptions) {
    this.options = options
    this.nextSequence = options.nextSequence
    this.nextFile = options.nextFile
  }

  /** Last sequence that is durable. */
  get lastSequence(): number { return this.nextSequence - 1 }
  /** Bytes of all files. */
  get bytes(): number { return [...this.files.values()].reduce((sum, file) => sum + file.bytes, 0) }

  /** Makes the first file; call once, before append. `unsure`: transactions before `nextSequence` that
   * this file holds again. It gets its name when they are durable in it: until then the files before
   * it count. */
  async start(unsure: readonly Content[]): Promise<void> {
    const { disk, folder } = this.options
    for (const name of disk.list(folder)) if (/^wal-\d+\.tmp$/.test(name)) disk.remove(join(folder, name))
    await this.openFile(unsure)
  }

  /** A file of before this start, for recycle(). */
  remember(number: number, file: WalFile): void { this.files.set(number, file) }

  /** Resolves with the transaction's sequence once it is durable. A transaction without parts takes a
   * sequence all the same. Throws DiskError, StorageFull; once the log is closed, that it is. */
  append(content: Content, onDurable: (sequence: number) => void): Promise<number> {
    if (this.isClosed) return Promise.reject(new DiskError('writing the log', new Error('the store is closed'), false))
    return new Promise((resolve, reject) => {
      this.waiters.push({ content, bytes: bytesOf(content), onDurable, resolve, reject })
      this.running ??= this.run()
    })
  }

  /** Removes files whose every record is ≤ `sequence`; the newest stays: its head says how far the
   * log has come. What can't be removed is tried again by the next call. */
  recycle(sequence: number): Promise<void> {
    const done = this.recycling.then(() => this.removeFiles(sequence))
    this.recycling = done.catch(() => {})
    return done
  }

  /** Oldest first, each removal durable before the next: a file that came back after a loss of power without
   * the next one, whose head fences it, would show what was refused in it. */
  private async removeFiles(sequence: number): Promise<void> {
    const { disk, folder } = this.options
    for (const [number] of this.recyclable(sequence)) {
      if (this.hasRemoved) await disk.syncFolderAsync(folder)
      this.hasRemoved = true
      await disk.removeAsync(join(folder, walName(number)))
      this.files.delete(number)
    }
  }

  /** Files that recycle() removes. */
  recyclable(sequence: number): (readonly [number: number, file: WalFile])[] {
    const newest = Math.max(...[...this.files].map(([number, { isSure }]) => isSure ? number : 0))
    return [...this.files].filter(([number, { last }]) => number < newest && last <= sequence).sort(([a], [b]) => a - b)
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.running
    await this.current?.file.close()
    this.current = null
  }

  private async run(): Promise<void> {
    // Those who come in the same turn of the event loop share the first group.
    await Promise.resolve()
    while (this.waiters.length > 0) {
      const group = this.takeGroup()
      let first: number
      try {
        first = await this.writeGroup(group)
      } catch (error) {
        for (const waiter of group) waiter.reject(error as Error)
        continue
      }
      group.forEach((waiter, index) => {
        waiter.onDurable(first + index)
        waiter.resolve(first + index)
      })
    }
    this.running = null
  }

  private takeGroup(): Waiter[] {
    let count = 1
    let bytes = this.waiters[0].bytes
    while (count < this.waiters.length && bytes + this.waiters[count].bytes <= GROUP_BYTES_MAX) {
      bytes += this.waiters[count++].bytes
    }
    return this.waiters.splice(0, count)
  }

  /** One write, one fdatasync; answers the first sequence. */
  private async writeGroup(group: readonly Waiter[]): Promise<number> {
    // An empty transaction is part of a truncate: it makes room.
    if (group.some(({ bytes }) => bytes > 0)) this.checkRoom()
    const open = await this.fileWithRoom()
    const first = this.nextSequence
    const chunks = joinSmall(group.flatMap(({ content }, index) =>
      encodeRecord(first + index, first - 1, content, open.salt)))
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    try {
      await open.file.write([...chunks, ...this.roomBehind(open, bytes)], open.offset)
    } catch (error) {
      const isFenced = await this.abandon(open)
      throw new DiskError('writing the log', error as Error, !isFenced)
    }
    this.syncs++
    this.isSealed = group[group.length - 1].bytes === 0
    open.offset += bytes
    this.nextSequence += group.length
    this.files.set(open.number, { last: this.lastSequence, bytes: open.offset, isSure: true })
    return first
  }

  /** Zeros behind a small group that would make the file longer. */
  private roomBehind(open: OpenFile, bytes: number): Uint8Array[] {
    const { roomBytes, fileBytesMax } = this.options
    const end = open.offset + bytes
    if (end <= open.length) return []
    const room = bytes < roomBytes ? Math.max(0, Math.min(roomBytes, fileBytesMax - end)) : 0
    open.length = end + room
    return room === 0 ? [] : [ZEROS.subarray(0, room)]
  }

  /** Throws StorageFull. A full disk is looked at each time, another now and then. */
  private checkRoom(): void {
    const { disk, folder, freeBytesMin, nowMs } = this.options
    const sinceMs = nowMs() - this.roomCheckedMs
    if (sinceMs >= 0 && sinceMs < ROOM_CHECK_MS) return // below 0: the clock was set back
    const freeBytes = disk.freeBytes(folder)
    if (freeBytes < freeBytesMin) throw new StorageFull(folder, freeBytes, freeBytesMin)
    this.roomCheckedMs = nowMs()
  }

  private async fileWithRoom(): Promise<OpenFile> {
    const { current } = this
    if (current !== null && current.offset < this.options.fileBytesMax) return current
    try {
      return await this.openFile()
    } catch (error) {
      throw new DiskError('beginning a new log file', error as Error, false)
    }
  }

  /** Begins the next file. Its head, once durable, fences what was refused before it, and what it holds
   * `again`. */
  private async openFile(again: readonly Content[] = []): Promise<OpenFile> {
    const { disk, folder, random } = this.options
    const number = this.nextFile++
    const path = join(folder, walName(number))
    const firstPath = again.length > 0 ? `${path}.tmp` : path
    const salt = Math.floor(random() * 2 ** 32)
    const first = this.nextSequence - again.length
    const chunks = [
      encodeFileHead(WAL_MAGIC, WAL_VERSION, { salt, first }),
      ...again.flatMap((content, index) => encodeRecord(first + index, first - 1, content, salt)),
    ]
    const file = await disk.openSynced(firstPath)
    try {
      await file.write(joinSmall(chunks), 0)
      if (again.length > 0) await disk.renameAsync(firstPath, path)
      await disk.syncFolderAsync(folder)
    } catch (error) {
      await file.close().catch(() => {})
      this.files.set(number, { last: this.lastSequence, bytes: 0, isSure: false })
      await disk.removeAsync(path).then(() => this.files.delete(number), () => {})
      throw error
    }
    await this.current?.file.close().catch(() => {}) // all of it is synced
    const offset = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    if (again.length > 0) this.isSealed = isEmpty(again[again.length - 1])
    this.current = { number, file, salt, offset, length: offset }
    this.files.set(number, { last: this.lastSequence, bytes: offset, isSure: true })
    return this.current
  }

  /** Leaves a file after a failed write or sync; answers whether what was refused is surely gone. */
  private async abandon(open: OpenFile): Promise<boolean> {
    this.current = null
    try {
      await open.file.truncate(open.offset)
      await open.file.sync()
      return true
    } catch {
      return await this.openFile().then(() => true, () => false)
    } finally {
      await open.file.close().catch(() => {})
    }
  }
}

/** Neighbouring small chunks as one. */
function joinSmall(chunks: readonly Uint8Array[]): Uint8Array[] {
  const answer: Uint8Array[] = []
  let small: Uint8Array[] = []
  let smallBytes = 0
  const flush = () => {
    if (smallBytes > 0) answer.push(joined(small, smallBytes))
    small = []
    smallBytes = 0
  }
  for (const chunk of chunks) {
    if (smallBytes + chunk.length > COPY_BYTES_MAX) flush()
    if (chunk.length > PIECE_BYTES_MAX) {
      flush()
      answer.push(chunk)
    } else {
      small.push(chunk)
      smallBytes += chunk.length
    }
  }
  flush()
  return answer
}

function joined(chunks: readonly Uint8Array[], bytes: number): Uint8Array {
  const answer = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const chunk of chunks) {
    answer.set(chunk, at)
    at += chunk.length
  }
  return answer
}
