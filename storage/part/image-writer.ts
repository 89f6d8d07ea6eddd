// Writes an image column by column. Whoever has the values encodes them into `space.out`; this marks
// where sections end and keeps what the footer says of them.
//
// Order of calls: beginColumn, then block by block (encode, endBlock), then dictionary and postings if
// there are any, endColumn; at last finish. Several images may be written side by side, a column of
// each in turn: beginColumn turns the space to this image.
//
// Invariant: bytes that were spilled never change.

import { ByteWriter, type ByteRoom } from '../bytes/byte-writer.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { checksumOf } from './checksum.ts'
import {
  WHOLE_BYTES_MAX, writeFooter, writeHead, type ColumnEntry, type ImageInfo,
} from './footer.ts'
import { PAGE_BYTES } from './postings.ts'
import type { Ends } from './zones.ts'

/** Takes finished bytes away, in order: a file being written. */
export type Spill = (bytes: Uint8Array) => void

/** Bytes that gather before they are spilled. */
const SPILL_BYTES = 1048576

/** What is being collected about the column in work. */
class OpenColumn {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly starts: number[]
  readonly zones: Ends[] = []
  readonly nullCounts: number[] = []
  dictionary: ColumnEntry['dictionary'] = null
  hasPostings = false

  constructor(id: number, name: string, type: string, start: number) {
    this.id = id
    this.name = name
    this.type = type
    this.starts = [start]
  }
}

export class ImageWriter {
  private readonly space: EncodeSpace
  private readonly out: ByteWriter
  private readonly spill: Spill | null
  private readonly staysInMemory: boolean
  private readonly columns: { open: OpenColumn; checksums: number[] }[] = []
  private open: OpenColumn | null = null
  private checksums: number[] = []
  private spilledBytes = 0
  /** True once the image is too large for one checksum. */
  private hasChecksums = false

  /** The image grows in `place`: where that is work memory it is gone with the account. `staysInMemory`: it is
   * read there alone, and its sections need no checksums (an eighth of the time of merging small parts). */
  constructor(space: EncodeSpace, spill: Spill | null, place?: ByteRoom, capacity = 1024, staysInMemory = false) {
    this.staysInMemory = staysInMemory
    this.space = space
    this.out = new ByteWriter(capacity, place)
    this.spill = spill
    writeHead(this.out)
  }

  /** Bytes of the image so far. */
  get byteLength(): number { return this.spilledBytes + this.out.length }

  beginColumn(id: number, name: string, type: string): void {
    this.space.out = this.out
    this.open = new OpenColumn(id, name, type, this.byteLength)
    this.checksums = []
    this.columns.push({ open: this.open, checksums: this.checksums })
  }

  /** The bytes since the last section are the next block. */
  endBlock(ends: Ends, nullCount: number): void {
    const open = this.column()
    open.zones.push(ends)
    open.nullCounts.push(nullCount)
    this.endSection()
  }

  /** The bytes since the last block are the dictionary. */
  endDictionary(size: number, textBytes: number): void {
    this.column().dictionary = { size, textBytes }
    this.endSection()
  }

  /** The bytes since the dictionary are the pages of the postings. */
  endPages(): void {
    const { starts } = this.column()
    const end = this.byteLength
    for (let at = starts[starts.length - 1] + PAGE_BYTES; at < end; at += PAGE_BYTES) {
      this.endSection(at, false)
    }
    this.endSection()
  }

  /** The bytes since the pages are the directory of the postings. */
  endDirectory(): void {
    this.column().hasPostings = true
    this.endSection()
  }

  /** Ends the image and answers what was not spilled, where it lies. */
  finish(info: ImageInfo): Uint8Array {
    const covered = this.staysInMemory ? 'footer' : this.spilledBytes === 0 && this.out.length <= WHOLE_BYTES_MAX ? 'whole' : 'sections'
    if (covered === 'sections') this.addChecksums()
    writeFooter(this.out, info, this.columns.map(entryOf), covered)
    return this.out.bytes()
  }

  private column(): OpenColumn {
    if (this.open === null) throw new Error('image: no column was begun')
    return this.open
  }

  private endSection(end = this.byteLength, maySpill = true): void {
    const { starts } = this.column()
    starts.push(end)
    if (this.staysInMemory) return
    if (!this.hasChecksums && this.byteLength <= WHOLE_BYTES_MAX) return
    if (this.hasChecksums) this.checksums.push(this.checksumOf(starts[starts.length - 2], end))
    else this.addChecksums()
    if (maySpill && this.spill !== null && this.out.length >= SPILL_BYTES) {
      this.spill(this.out.bytes())
      this.spilledBytes += this.out.length
      this.out.clear()
    }
  }

  /** The image has grown too large for one checksum: all sections so far get theirs. */
  private addChecksums(): void {
    if (this.hasChecksums) return
    this.hasChecksums = true
    for (const { open, checksums } of this.columns) {
      for (let i = 1; i < open.starts.length; i++) {
        checksums.push(this.checksumOf(open.starts[i - 1], open.starts[i]))
      }
    }
  }

  private checksumOf(from: number, to: number): number {
    return checksumOf(this.out.bytes().subarray(from - this.spilledBytes, to - this.spilledBytes), this.space)
  }
}

function entryOf({ open, checksums }: { open: OpenColumn; checksums: number[] }): ColumnEntry {
  return {
    id: open.id, name: open.name, type: open.type,
    run: { starts: Float64Array.from(open.starts), checksums: Uint32Array.from(checksums) },
    blockCount: open.zones.length, zones: open.zones,
    nullCounts: open.nullCounts.some((count) => count > 0) ? open.nullCounts : null,
    dictionary: open.dictionary, hasPostings: open.hasPostings,
  }
}
