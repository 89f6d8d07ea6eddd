// A segment's bytes for a merge: read once from start to end of each column, through a window of its
// own, so that a merge does not push out of the cache what queries use.

import { crc32c } from '../bytes/crc32c.ts'
import type { EncodeSpace } from '../codec/space.ts'
import type { Disk, DiskReader } from '../disk/disk.ts'
import { SLACK_BYTES } from '../kernels/work-memory.ts'
import type { ByteSource, SectionRun } from '../part/byte-source.ts'
import { checksumOf } from '../part/checksum.ts'
import { checkSection, readExactly, readFully } from './file-source.ts'

/** A cell of work memory, without its slack. */
const WINDOW_BYTES = 1048576 - SLACK_BYTES

/** Memory of a window that one source after the other may have: fresh memory for each costs as much as its
 * reading, and collections of what is not even on V8's heap. */
export class WindowRoom {
  private space: Uint8Array = new Uint8Array(0)
  private readonly within: Pick<EncodeSpace, 'account' | 'kernels'> | null

  /** `within`: where kernels reach it; the window is gone with the account. Else in ordinary memory. */
  constructor(within: Pick<EncodeSpace, 'account' | 'kernels'> | null = null) { this.within = within }

  bytes(count: number): Uint8Array {
    if (this.space.length < count) this.grow(Math.max(count, WINDOW_BYTES))
    return this.space.subarray(0, count)
  }

  readonly checksumOf = (bytes: Uint8Array): number => this.within === null ? crc32c(bytes) : checksumOf(bytes, this.within)

  private grow(count: number): void {
    const before = this.space
    if (this.within === null) this.space = new Uint8Array(count)
    else {
      if (before.length > 0) this.within.account.free(before.byteOffset)
      this.space = this.within.account.u8(count)
    }
  }
}

export class ScanSource implements ByteSource {
  readonly byteLength: number
  /** Bytes of the window last until the next view: no lease outlives the call. */
  get leasesEnded(): number { return this.views }
  private views = 0
  private readonly reader: DiskReader
  private window: Uint8Array = new Uint8Array(0)
  private windowAt = 0
  private readonly room: WindowRoom

  /** `room`: nobody else's until close(). */
  constructor(disk: Disk, path: string, room = new WindowRoom()) {
    this.room = room
    this.reader = disk.openForRead(path)
    this.byteLength = this.reader.bytes
  }

  read(offset: number, bytes: number): Uint8Array { return readExactly(this.reader, offset, bytes) }

  view(run: SectionRun, index: number, ahead: number): Uint8Array {
    const { starts } = run
    const from = starts[index]
    const to = starts[index + 1]
    if (from < this.windowAt || to > this.windowAt + this.window.length) {
      let end = index + 1
      while (end <= index + ahead && starts[end + 1] - from <= WINDOW_BYTES) end++
      const length = starts[end] - from
      this.window = new Uint8Array(0) // a read that fails leaves nothing
      this.window = readFully(this.reader, from, this.room.bytes(length))
      this.windowAt = from
    }
    const bytes = this.window.subarray(from - this.windowAt, to - this.windowAt)
    checkSection(bytes, run, index, this.room.checksumOf)
    return bytes
  }

  lease(run: SectionRun, index: number): Uint8Array {
    this.views++
    return this.view(run, index, 0)
  }

  hold(
    run: SectionRun, index: number, expandedBytes: number,
    expand: (from: Uint8Array, to: Uint8Array) => void,
  ): Uint8Array {
    const expanded = new Uint8Array(expandedBytes)
    expand(this.view(run, index, 0), expanded)
    return expanded
  }

  expand(run: SectionRun, index: number, to: Uint8Array, expand: (from: Uint8Array, to: Uint8Array) => void): void {
    expand(this.view(run, index, 0), to)
  }

  release(): void {} // a view is of the window, which stays as it is until the next view

  close(): void { this.reader.close() }
}
