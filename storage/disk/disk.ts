// The only way to files. Everything above asks this interface, so that a test can lie: lose what was
// not synced, tear it, fail, stop. Paths are absolute or relative to the process, as Node takes them.
//
// A file's bytes are durable after sync() of it; its name after syncFolder() of its folder.

/** A file open for writing at its end, or for reading at any place. */
export interface DiskFile {
  /** Writes all chunks one after the other at `offset`; throws when not everything was written. */
  write(chunks: readonly Uint8Array[], offset: number): Promise<void>
  /** fdatasync: what was written is durable. After a failure nothing is known about any write since
   * the last success, and another call may falsely succeed. */
  sync(): Promise<void>
  truncate(bytes: number): Promise<void>
  /** Fills `target` from `offset`; answers how many bytes there were. */
  readSync(target: Uint8Array, offset: number): number
  close(): Promise<void>
}

export interface Disk {
  /** Creates or opens for reading and writing. */
  open(path: string): Promise<DiskFile>
  /** Opens for reading in the calling thread. Throws when it is not there. */
  openForRead(path: string): DiskReader
  /** Whole files of flush and merge, in the thread that made them: write, sync. */
  writeWholeSync(path: string, chunks: readonly Uint8Array[]): void
  readWhole(path: string): Uint8Array
  rename(from: string, to: string): void
  remove(path: string): void
  /** Names in a folder; empty when there is none. */
  list(folder: string): string[]
  makeFolder(path: string): void
  syncFolder(path: string): void
  fileBytes(path: string): number
  exists(path: string): boolean
}

export interface DiskReader {
  readonly bytes: number
  read(target: Uint8Array, offset: number): number
  close(): void
}
