// The only way to files. Everything above asks this interface, so that a test can lie: lose what was
// not synced, tear it, fail, stop. Paths are absolute or relative to the process, as Node takes them.
//
// Two voices: the main thread awaits (it must never block while clients wait), workers and the start
// call the plain ones. A file's bytes are durable after sync() of it; its name, and that an old name
// is gone, after a sync of its folder. Errors carry Node's `code` (ENOSPC, EIO, ENOENT ...).

/** A file open for reading and writing at any place. */
export interface DiskFile {
  /** Writes all chunks one after the other at `offset`; throws when not everything was written, and
   * then any part of it may be there. */
  write(chunks: readonly Uint8Array[], offset: number): Promise<void>
  /** fdatasync: what was written, and the file's length, is durable. After a failure nothing is known
   * about any write since the last success, and another call may falsely succeed. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  /** Fills `target` from `offset`; answers how many bytes there were. */
  readSync(target: Uint8Array, offset: number): number
  close(): Promise<void>
}

/** A file open for reading in the thread that opened it. */
export interface DiskReader {
  readonly bytes: number
  /** Fills `target` from `offset`; answers how many bytes there were. */
  read(target: Uint8Array, offset: number): number
  close(): void
}

export interface Disk {
  /** Creates or opens for reading and writing. */
  open(path: string): Promise<DiskFile>
  /** As open(); what write() has written is durable when it resolves, with the file's length, by one call
   * where the system has one: the main thread need not come round between write and sync. A failure of it
   * is as bad as one of sync(). */
  openSynced(path: string): Promise<DiskFile>
  /** Opens for reading in the calling thread. Throws when it is not there. */
  openForRead(path: string): DiskReader
  /** Whole files of flush and merge, in the thread that made them: create or empty, write, sync. */
  writeWholeSync(path: string, chunks: readonly Uint8Array[]): void
  readWhole(path: string): Uint8Array
  rename(from: string, to: string): void
  renameAsync(from: string, to: string): Promise<void>
  /** Nothing happens when there is no such file. */
  remove(path: string): void
  removeAsync(path: string): Promise<void>
  /** The same bytes under another name, durable except for the name: a link where it may be and can be,
   * else a copy. */
  duplicate(from: string, to: string, mayLink: boolean): Promise<void>
  /** With all that is in it; nothing happens when there is no such folder. */
  removeFolder(path: string): void
  /** Names in a folder, in order; empty when there is none. */
  list(folder: string): string[]
  /** With all folders above it; all of them are durable when it returns. */
  makeFolder(path: string): void
  syncFolder(path: string): void
  syncFolderAsync(path: string): Promise<void>
  fileBytes(path: string): number
  exists(path: string): boolean
  /** Bytes that can still be written to the disk of a folder. */
  freeBytes(folder: string): number
  /** Takes a folder for this process, until the answer is called or the process is gone, however it
   * went. Throws StoreLocked. */
  lock(folder: string): Promise<() => void>
}

/** Another process has the store open. */
export class StoreLocked extends Error {
  readonly pid: number
  constructor(folder: string, pid: number) {
    super(`The store in ${folder} is in use by process ${pid}; stop it first, or choose another `
      + 'folder with PIPIT_DATA')
    this.name = 'StoreLocked'
    this.pid = pid
  }
}
