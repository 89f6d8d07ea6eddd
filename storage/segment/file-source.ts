// A segment's bytes: sections read from its file and kept in the worker, the least lately used going
// first above the budget.

import { join } from 'node:path'
import type { Disk, DiskReader } from '../disk/disk.ts'
import type { SegmentRef } from '../face.ts'
import type { ByteSource } from '../part/byte-source.ts'

/** Sections of all segments that one worker keeps. */
export class SectionCache {
  private readonly budgetBytes: number
  private readonly kept = new Map<string, Uint8Array>()
  private usedBytes = 0

  constructor(budgetBytes: number) { this.budgetBytes = budgetBytes }

  get(key: string): Uint8Array | null {
    const bytes = this.kept.get(key)
    if (bytes === undefined) return null
    this.kept.delete(key)
    this.kept.set(key, bytes)
    return bytes
  }

  add(key: string, bytes: Uint8Array): void {
    this.kept.set(key, bytes)
    this.usedBytes += bytes.length
    for (const [oldest, old] of this.kept) {
      if (this.usedBytes <= this.budgetBytes) break
      this.kept.delete(oldest)
      this.usedBytes -= old.length
    }
  }
}

/** An open segment file as an image's bytes; close() when nobody reads it any more. */
export class FileSource implements ByteSource {
  readonly byteLength: number
  private readonly reader: DiskReader
  private readonly cache: SectionCache
  private readonly file: string

  constructor(disk: Disk, folder: string, segment: SegmentRef, cache: SectionCache) {
    this.file = segment.file
    this.reader = disk.openForRead(join(folder, segment.file))
    this.byteLength = this.reader.bytes
    this.cache = cache
  }

  view(offset: number, bytes: number, cacheSlot: number): Uint8Array {
    const key = `${this.file}/${cacheSlot}`
    const known = cacheSlot < 0 ? null : this.cache.get(key)
    if (known !== null) return known
    const target = new Uint8Array(bytes)
    const read = this.reader.read(target, offset)
    if (read !== bytes) throw new Error(`Corrupt data in ${this.file}: it ends at ${offset + read}, inside of a section`)
    if (cacheSlot >= 0) this.cache.add(key, target)
    return target
  }

  release(): void {} // sections are ordinary memory: whoever looks at one keeps it

  close(): void { this.reader.close() }
}
