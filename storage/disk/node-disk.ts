// The real disk.

import fs from 'node:fs'
import { copyFile, link, open as openFile, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Disk, DiskFile, DiskReader } from './disk.ts'
import { lockFolder } from './owner-lock.ts'

const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/** Elsewhere O_DSYNC is missing, or promises less than a sync (macOS leaves the drive's cache alone). */
const HAS_SYNCED_WRITES = process.platform === 'linux'

class NodeFile implements DiskFile {
  private readonly handle: FileHandle

  constructor(handle: FileHandle) { this.handle = handle }

  async write(chunks: readonly Uint8Array[], offset: number): Promise<void> {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
    const { bytesWritten } = await this.handle.writev(chunks, offset)
    if (bytesWritten !== bytes) await this.writeRest(chunks, offset, bytesWritten)
  }

  /** A short write goes on where it stopped: the next call says what is in the way, if anything. */
  private async writeRest(chunks: readonly Uint8Array[], offset: number, written: number): Promise<void> {
    let at = 0
    for (const chunk of chunks) {
      let from = Math.max(0, Math.min(chunk.length, written - at))
      while (from < chunk.length) {
        const { bytesWritten } = await this.handle.write(chunk, from, chunk.length - from, offset + at + from)
        if (bytesWritten === 0) throw new Error('the disk took no more bytes')
        from += bytesWritten
      }
      at += chunk.length
    }
  }

  async sync(): Promise<void> { await this.handle.datasync() }
  async truncate(bytes: number): Promise<void> { await this.handle.truncate(bytes) }
  readSync(target: Uint8Array, offset: number): number { return readAll(this.handle.fd, target, offset) }
  async close(): Promise<void> { await this.handle.close() }
}

/** Where the system cannot write and sync by one call. */
class SyncedFile extends NodeFile {
  override async write(chunks: readonly Uint8Array[], offset: number): Promise<void> {
    await super.write(chunks, offset)
    await this.sync()
  }
}

class NodeReader implements DiskReader {
  readonly bytes: number
  private readonly fd: number

  constructor(path: string) {
    this.fd = fs.openSync(path, 'r')
    this.bytes = fs.fstatSync(this.fd).size
  }

  read(target: Uint8Array, offset: number): number { return readAll(this.fd, target, offset) }
  close(): void { fs.closeSync(this.fd) }
}

/** One call of the system reads at most 2 GiB, and may read less. */
function readAll(fd: number, target: Uint8Array, offset: number): number {
  let at = 0
  while (at < target.length) {
    const read = fs.readSync(fd, target, at, target.length - at, offset + at)
    if (read === 0) break
    at += read
  }
  return at
}

class NodeDisk implements Disk {
  async open(path: string): Promise<DiskFile> {
    return new NodeFile(await openFile(path, fs.constants.O_RDWR | fs.constants.O_CREAT, FILE_MODE))
  }

  async openSynced(path: string): Promise<DiskFile> {
    const { O_RDWR, O_CREAT, O_DSYNC } = fs.constants
    if (HAS_SYNCED_WRITES) return new NodeFile(await openFile(path, O_RDWR | O_CREAT | O_DSYNC, FILE_MODE))
    return new SyncedFile(await openFile(path, O_RDWR | O_CREAT, FILE_MODE))
  }

  openForRead(path: string): DiskReader { return new NodeReader(path) }

  writeWholeSync(path: string, chunks: readonly Uint8Array[]): void {
    const fd = fs.openSync(path, 'w', FILE_MODE)
    try {
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length;) at += fs.writeSync(fd, chunk, at, chunk.length - at)
      }
      fs.fdatasyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  }

  readWhole(path: string): Uint8Array { return fs.readFileSync(path) }
  rename(from: string, to: string): void { fs.renameSync(from, to) }
  renameAsync(from: string, to: string): Promise<void> { return rename(from, to) }
  remove(path: string): void { fs.rmSync(path, { force: true }) }
  removeAsync(path: string): Promise<void> { return rm(path, { force: true }) }
  async duplicate(from: string, to: string, mayLink: boolean): Promise<void> {
    await rm(to, { force: true })
    if (mayLink) {
      try {
        await link(from, to)
        return
      } catch {
        // Another disk, or one without links.
      }
    }
    await copyFile(from, to)
    const handle = await openFile(to, 'r+')
    try {
      await handle.datasync()
    } finally {
      await handle.close()
    }
  }

  removeFolder(path: string): void { fs.rmSync(path, { recursive: true, force: true }) }
  list(folder: string): string[] { return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [] }

  makeFolder(path: string): void {
    const topmost = fs.mkdirSync(path, { recursive: true, mode: FOLDER_MODE })
    if (topmost === undefined) return
    const last = dirname(resolve(topmost))
    for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
      this.syncFolder(folder)
      if (folder === last) break
    }
  }

  syncFolder(path: string): void {
    const fd = fs.openSync(path, 'r')
    try {
      fs.fsyncSync(fd)
    } finally {
      fs.closeSync(fd)
    }
  }

  async syncFolderAsync(path: string): Promise<void> {
    const handle = await openFile(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  }

  fileBytes(path: string): number { return fs.statSync(path).size }
  exists(path: string): boolean { return fs.existsSync(path) }

  freeBytes(folder: string): number {
    const { bavail, bsize } = fs.statfsSync(folder)
    return bavail * bsize
  }

  lock(folder: string): Promise<() => void> { return lockFolder(folder) }
}

export const nodeDisk = (): Disk => new NodeDisk()
