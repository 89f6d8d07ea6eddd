// A segment's bytes for queries: sections are read from its file into the shared block cache, compared
// with their checksums on the way, and pinned while they are looked at.

import { copyBytes } from '../bytes/copy-bytes.ts'
import { crc32c } from '../bytes/crc32c.ts'
import type { Disk, DiskReader } from '../disk/disk.ts'
import { DamagedBytes, type ByteSource, type SectionRun } from '../part/byte-source.ts'
import type { BlockCache, Pinned } from './block-cache.ts'

/** Bytes that one read of a scan brings in, about: a read costs as much as 30 KB of copying. */
const READ_AHEAD_BYTES = 262144

/** Reads bytes of a file; what is not there is damage. */
export const readExactly = (reader: DiskReader, offset: number, bytes: number): Uint8Array =>
  readFully(reader, offset, new Uint8Array(bytes))

/** The same into `target`, all of it. */
export function readFully(reader: DiskReader, offset: number, target: Uint8Array): Uint8Array {
  const read = reader.read(target, offset)
  if (read !== target.length) throw new DamagedBytes(`the file ends at ${offset + read}, inside of it`)
  return target
}

/** Throws DamagedBytes unless the bytes are section `index` of the run. */
export function checkSection(bytes: Uint8Array, { checksums }: SectionRun, index: number, checksumOf = crc32c): void {
  if (checksums !== null && checksumOf(bytes) !== checksums[index]) {
    throw new DamagedBytes('its checksum differs')
  }
}

/** An open segment file. close() when nobody reads it any more. */
export class FileSource implements ByteSource {
  readonly byteLength: number
  private readonly reader: DiskReader
  private readonly segment: number
  private readonly cache: BlockCache
  private readonly pinned: number[] = []
  private readonly held: number[] = []
  /** Sections that are kept pinned, by their offset: finding one again takes no turn with other threads. */
  private readonly leased = new Map<number, Pinned>()
  leasesEnded = 0

  /** Throws when the file is not there. */
  constructor(disk: Disk, path: string, segment: number, cache: BlockCache) {
    this.reader = disk.openForRead(path)
    this.byteLength = this.reader.bytes
    this.segment = segment
    this.cache = cache
  }

  read(offset: number, bytes: number): Uint8Array { return readExactly(this.reader, offset, bytes) }

  view(run: SectionRun, index: number, ahead: number): Uint8Array {
    const known = this.cache.find(this.segment, run.starts[index]) ?? this.load(run, index, ahead)
    if (known instanceof Uint8Array) return known
    this.pinned.push(known.at)
    return known.bytes
  }

  lease(run: SectionRun, index: number): Uint8Array {
    const offset = run.starts[index]
    const known = this.leased.get(offset)
    if (known !== undefined) return known.bytes
    const fresh = this.cache.find(this.segment, offset) ?? this.load(run, index, 0)
    if (fresh instanceof Uint8Array) return fresh
    this.leased.set(offset, fresh)
    this.cache.addLease(this, fresh.bytes.length)
    return fresh.bytes
  }

  endLeases(): void {
    for (const { at } of this.leased.values()) this.cache.unpin(at)
    this.leased.clear()
    this.leasesEnded++
  }

  release(): void {
    for (const at of this.pinned) this.cache.unpin(at)
    this.pinned.length = 0
  }

  hold(
    run: SectionRun, index: number, expandedBytes: number,
    expand: (from: Uint8Array, to: Uint8Array) => void,
  ): Uint8Array {
    const offset = run.starts[index]
    const known = this.cache.find(this.segment, offset) ?? this.expandInto(run, index, expandedBytes, expand)
    if (known instanceof Uint8Array) return known
    this.held.push(known.at)
    return known.bytes
  }

  expand(run: SectionRun, index: number, to: Uint8Array, expand: (from: Uint8Array, to: Uint8Array) => void): void {
    const { starts } = run
    const held = this.cache.find(this.segment, starts[index])
    if (held !== null) {
      to.set(held.bytes.subarray(0, to.length)) // kept ones are rounded up to 4 bytes
      this.cache.unpin(held.at)
      return
    }
    const section = this.read(starts[index], starts[index + 1] - starts[index])
    checkSection(section, run, index, this.cache.checksumOf)
    expand(section, to)
  }

  close(): void {
    this.release()
    let leasedBytes = 0
    for (const { bytes } of this.leased.values()) leasedBytes += bytes.length
    this.cache.dropLessee(this, leasedBytes)
    this.endLeases()
    for (const at of this.held) this.cache.unpin(at)
    this.held.length = 0
    this.reader.close()
  }

  private expandInto(
    run: SectionRun, index: number, expandedBytes: number,
    expand: (from: Uint8Array, to: Uint8Array) => void,
  ): Pinned | Uint8Array {
    const { starts } = run
    const section = this.read(starts[index], starts[index + 1] - starts[index])
    checkSection(section, run, index, this.cache.checksumOf)
    const address = this.cache.allocate(expandedBytes)
    if (address !== 0) {
      expand(section, this.cache.arena.bytes(address, expandedBytes))
      const published = this.cache.publish(this.segment, starts[index], address, expandedBytes)
      if (published !== null) return published
    }
    const expanded = new Uint8Array(expandedBytes)
    expand(section, expanded)
    return expanded
  }

  /** Reads a section, and of a scan some behind it; without room in the cache its bytes are the
   * caller's own. */
  private load(run: SectionRun, index: number, ahead: number): Pinned | Uint8Array {
    const { starts } = run
    const from = starts[index]
    let end = index + 1
    while (end <= index + ahead && starts[end + 1] - from <= READ_AHEAD_BYTES) end++
    const length = starts[end] - from
    if (length > READ_AHEAD_BYTES) return this.loadLarge(run, index)
    // One space for all: fresh memory for each read is garbage of as many bytes as are read.
    const bytes = readFully(this.reader, from, this.cache.readSpace(READ_AHEAD_BYTES).subarray(0, length))
    for (let next = index + 1; next < end; next++) this.keep(run, next, bytes, from)
    const own = bytes.subarray(0, starts[index + 1] - from)
    checkSection(own, run, index, this.cache.checksumOf)
    return this.store(from, own) ?? own.slice()
  }

  /** Reads a large section to where it stays. */
  private loadLarge(run: SectionRun, index: number): Pinned | Uint8Array {
    const { cache, segment, reader } = this
    const from = run.starts[index]
    const length = run.starts[index + 1] - from
    const address = cache.allocate(length)
    const target = address === 0 ? new Uint8Array(length) : cache.arena.bytes(address, length)
    try {
      checkSection(readFully(reader, from, target), run, index, cache.checksumOf)
    } catch (error) {
      if (address !== 0) cache.arena.free(address, length)
      throw error
    }
    if (address === 0) return target
    const published = cache.publish(segment, from, address, length)
    if (published !== null) return published
    const own = readExactly(reader, from, length)
    checkSection(own, run, index, this.cache.checksumOf)
    return own
  }

  /** Caches a section that was read along; damage is left for whoever asks for it. */
  private keep(run: SectionRun, index: number, bytes: Uint8Array, from: number): void {
    const { starts, checksums } = run
    const own = bytes.subarray(starts[index] - from, starts[index + 1] - from)
    if (checksums !== null && this.cache.checksumOf(own) !== checksums[index]) return
    const known = this.cache.find(this.segment, starts[index]) ?? this.store(starts[index], own)
    if (known !== null) this.cache.unpin(known.at)
  }

  private store(offset: number, bytes: Uint8Array): Pinned | null {
    const address = this.cache.allocate(bytes.length)
    if (address === 0) return null
    copyBytes(this.cache.arena.bytes(address, bytes.length), 0, bytes)
    return this.cache.publish(this.segment, offset, address, bytes.length)
  }
}
