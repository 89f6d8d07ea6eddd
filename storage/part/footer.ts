// The image's frame. FORMAT.md, "Image".
//
//   | "PIPI" | version u32 | columns: blocks, dictionary, postings of each, end to end |
//   | footer | bytes of the footer u32 | crc32c u32 | "PIMS", "PIMW" or "PIMM" |
//
// PIMS: sections have checksums of their own, and the last one covers head and footer. PIMW: a small
// image, the last checksum covers all of it: eleven sections of some bytes need no checksum each. PIMM: an
// image that stays in memory: the last one covers head and footer, and what covers the rest stands with
// whoever writes the image down (a record of a log).
//
//   footer: | flags u8 | table id | schema version | rows | partition text | columns |
//           | id, bytes of its entry: of each | entries |                       all numbers varints
//   entry:  | name text | type u8 (0: text follows) | flags u8 | start | bytes of each block |
//           | NULLs of each block, with flag 4 | zone of each block (zones.ts) |
//           | dictionary, with flag 1: bytes, strings, bytes of the strings |
//           | postings, with flag 2: bytes of all pages, bytes of the directory |
//           | checksums u32 of blocks, dictionary, pages, directory: only with PIMS |
//
// An entry is read when its column is first asked for.

import { ByteReader } from '../bytes/byte-reader.ts'
import type { ByteWriter } from '../bytes/byte-writer.ts'
import { crc32c } from '../bytes/crc32c.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { SectionRun } from './byte-source.ts'
import { PAGE_BYTES } from './postings.ts'
import { readEnds, writeEnds, type Ends } from './zones.ts'

/** Version 1 is frozen (FORMAT.md, "Versions"); version 0 has the same bytes behind its number. */
export const IMAGE_VERSION = 1
export const HEAD_BYTES = 8
const TRAILER_BYTES = 12
const MAGIC = 0x49504950 // "PIPI"
const MAGIC_SECTIONS = 0x534d4950 // "PIMS"
const MAGIC_WHOLE = 0x574d4950 // "PIMW"
const MAGIC_MEMORY = 0x4d4d4950 // "PIMM"
/** Images whose columns have up to this many bytes have one checksum for all. */
export const WHOLE_BYTES_MAX = 2048
/** Bytes of the end that are read first: the whole footer of most images. */
const TAIL_BYTES = 4096

const FLAG_SORTED = 1
const FLAG_DICTIONARY = 1
const FLAG_POSTINGS = 2
const FLAG_NULLS = 4

/** Types by number: on disk, only add at the end. */
const TYPES = [
  'String', 'DateTime', 'LowCardinality(String)', 'Nullable(String)', 'Int64', 'UInt64', 'Int32',
  'UInt32', 'Float64', 'UInt8', 'Bool', 'Date', 'DateTime64(3)', 'UUID', 'Array(String)',
]

/** A column as the footer describes it. Its sections lie end to end: blocks, dictionary, pages and
 * directory of the postings. */
export type ColumnEntry = {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly run: SectionRun
  readonly blockCount: number
  readonly zones: readonly Ends[]
  /** null: no block has NULLs. */
  readonly nullCounts: readonly number[] | null
  readonly dictionary: { readonly size: number; readonly textBytes: number } | null
  readonly hasPostings: boolean
}

export type ImageInfo = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly rowCount: number
  readonly isSorted: boolean
  readonly partition: string
}

export function writeHead(out: ByteWriter): void {
  out.u32(MAGIC)
  out.u32(IMAGE_VERSION)
}

/** What an image's checksums cover: each section, all of it at once, or its footer alone. */
export type Covered = 'sections' | 'whole' | 'footer'
const MAGICS = { sections: MAGIC_SECTIONS, whole: MAGIC_WHOLE, footer: MAGIC_MEMORY }

/** Appends footer and trailer. 'whole': `out` holds the whole image. */
export function writeFooter(
  out: ByteWriter, info: ImageInfo, columns: readonly ColumnEntry[], covered: Covered,
): void {
  const start = out.length
  out.u8(info.isSorted ? FLAG_SORTED : 0)
  out.varint(info.tableId)
  out.varint(info.schemaVersion)
  out.varint(info.rowCount)
  out.text(info.partition)
  out.varint(columns.length)
  const directoryAt = out.length
  const bytes = columns.map((column) => {
    const at = out.length
    writeEntry(out, column, covered)
    return out.length - at
  })
  const entries = out.since(directoryAt).slice()
  out.cut(directoryAt)
  columns.forEach((column, index) => {
    out.varint(column.id)
    out.varint(bytes[index])
  })
  out.copy(entries)
  out.u32(out.length - start)
  out.u32(covered === 'whole' ? crc32c(out.bytes()) : crc32c(out.since(start), headChecksum(IMAGE_VERSION)))
  out.u32(MAGICS[covered])
}

function headChecksum(version: number): number {
  return crc32c(new Uint8Array(Uint32Array.of(MAGIC, version).buffer))
}

function writeEntry(out: ByteWriter, column: ColumnEntry, covered: Covered): void {
  const { run, blockCount, nullCounts, dictionary, hasPostings } = column
  const { starts, checksums } = run
  out.text(column.name)
  const type = TYPES.indexOf(column.type) + 1
  out.u8(type)
  if (type === 0) out.text(column.type)
  out.u8((dictionary === null ? 0 : FLAG_DICTIONARY) + (hasPostings ? FLAG_POSTINGS : 0)
    + (nullCounts === null ? 0 : FLAG_NULLS))
  out.varint(starts[0])
  for (let block = 0; block < blockCount; block++) out.varint(starts[block + 1] - starts[block])
  if (nullCounts !== null) for (const count of nullCounts) out.varint(count)
  for (const ends of column.zones) writeEnds(out, ends)
  if (dictionary !== null) {
    out.varint(starts[blockCount + 1] - starts[blockCount])
    out.varint(dictionary.size)
    out.varint(dictionary.textBytes)
  }
  if (hasPostings) {
    const last = starts.length - 1
    out.varint(starts[last - 1] - starts[blockCount + 1])
    out.varint(starts[last] - starts[last - 1])
  }
  if (covered !== 'sections' || checksums === null) return
  for (const checksum of checksums) out.u32(checksum)
}

/** Footer of an opened image. */
export type Footer = ImageInfo & {
  /** Column ids, in the order of the image. */
  readonly columnIds: readonly number[]
  /** The entry of a column; null: the image has none. */
  readonly entry: (columnId: number) => ColumnEntry | null
}

/** Reads the footer; `label` names the image in errors. */
export function readFooter(
  label: string, byteLength: number, read: (offset: number, bytes: number) => Uint8Array,
): Footer {
  const corrupt = (why: string) => new Error(`Corrupt data in ${label}: ${why}`)
  if (byteLength < HEAD_BYTES + TRAILER_BYTES) throw corrupt('it is cut off')
  let tail = read(Math.max(0, byteLength - TAIL_BYTES), Math.min(byteLength, TAIL_BYTES))
  const trailer = new ByteReader(tail, tail.length - TRAILER_BYTES)
  const footerBytes = trailer.u32()
  const checksum = trailer.u32()
  const magic = trailer.u32()
  const isWhole = magic === MAGIC_WHOLE
  const version = versionOf(label, tail.length === byteLength ? tail : read(0, HEAD_BYTES))
  if ((!isWhole && magic !== MAGIC_SECTIONS && magic !== MAGIC_MEMORY)
    || footerBytes + HEAD_BYTES + TRAILER_BYTES > byteLength) {
    throw corrupt('its end is damaged or cut off')
  }
  const covered = isWhole ? byteLength : footerBytes + TRAILER_BYTES
  if (covered > tail.length) tail = read(byteLength - covered, covered)
  const from = tail.length - covered
  const seed = isWhole ? 0 : headChecksum(version)
  if (crc32c(tail.subarray(from, tail.length - TRAILER_BYTES + 4), seed) !== checksum) {
    throw corrupt(isWhole ? 'its checksum differs' : 'the checksum of its footer differs')
  }
  const start = tail.length - TRAILER_BYTES - footerBytes
  return parseFooter(tail.subarray(start, start + footerBytes), magic === MAGIC_SECTIONS)
}

/** Throws where it is no image, and of a newer version. */
function versionOf(label: string, head: Uint8Array): number {
  const reader = new ByteReader(head)
  if (reader.u32() !== MAGIC) throw new Error(`Corrupt data in ${label}: not an image of Pipit`)
  const version = reader.u32()
  if (version > IMAGE_VERSION) {
    throw new Error(`${label} has format version ${version}; this Pipit knows up to version `
      + `${IMAGE_VERSION}. Use the newer Pipit that wrote it`)
  }
  return version
}

function parseFooter(bytes: Uint8Array, hasChecksums: boolean): Footer {
  const reader = new ByteReader(bytes)
  const isSorted = (reader.u8() & FLAG_SORTED) !== 0
  const tableId = reader.varint()
  const schemaVersion = reader.varint()
  const rowCount = reader.varint()
  const partition = reader.text()
  const count = reader.varint()
  const columnIds: number[] = []
  const ends: number[] = []
  let end = 0
  for (let i = 0; i < count; i++) {
    columnIds.push(reader.varint())
    ends.push(end += reader.varint())
  }
  const entriesAt = reader.at
  const blockCount = Math.ceil(rowCount / BLOCK_ROWS_MAX)
  const entry = (columnId: number): ColumnEntry | null => {
    const index = columnIds.indexOf(columnId)
    if (index < 0) return null
    const at = entriesAt + (index === 0 ? 0 : ends[index - 1])
    return readEntry(new ByteReader(bytes, at), columnId, blockCount, hasChecksums)
  }
  return { tableId, schemaVersion, rowCount, isSorted, partition, columnIds, entry }
}

function readEntry(
  reader: ByteReader, id: number, blockCount: number, hasChecksums: boolean,
): ColumnEntry {
  const name = reader.text()
  const type = reader.u8()
  const typeText = type === 0 ? reader.text() : TYPES[type - 1]
  const flags = reader.u8()
  const starts = [reader.varint()]
  for (let block = 0; block < blockCount; block++) starts.push(starts[block] + reader.varint())
  const nullCounts: number[] | null = (flags & FLAG_NULLS) === 0 ? null : []
  if (nullCounts !== null) for (let block = 0; block < blockCount; block++) nullCounts.push(reader.varint())
  const zones: Ends[] = []
  for (let block = 0; block < blockCount; block++) zones.push(readEnds(reader))
  let dictionary: ColumnEntry['dictionary'] = null
  if ((flags & FLAG_DICTIONARY) !== 0) {
    starts.push(starts[blockCount] + reader.varint())
    const size = reader.varint()
    dictionary = { size, textBytes: reader.varint() }
  }
  const hasPostings = (flags & FLAG_POSTINGS) !== 0
  if (hasPostings) {
    const pagesAt = starts[starts.length - 1]
    const pagesBytes = reader.varint()
    for (let at = PAGE_BYTES; at < pagesBytes; at += PAGE_BYTES) starts.push(pagesAt + at)
    starts.push(pagesAt + pagesBytes, pagesAt + pagesBytes + reader.varint())
  }
  const checksums = hasChecksums ? new Uint32Array(starts.length - 1) : null
  if (checksums !== null) for (let i = 0; i < checksums.length; i++) checksums[i] = reader.u32()
  return {
    id, name, type: typeText, run: { starts: new Float64Array(starts), checksums }, blockCount,
    zones, nullCounts, dictionary, hasPostings,
  }
}
