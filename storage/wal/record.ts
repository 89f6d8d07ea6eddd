// One transaction as bytes. FORMAT.md, "WAL".
//
//   | magic u32 | header bytes u32 | crc32c of the header u32 | header (msgpack) | images, end to end |
//
// The header holds each image's length and checksum, so a record is whole when its header's checksum
// holds and every image's does; the checksum of an image was made by the worker that built it, and
// the main thread never reads the images' bytes.

import { Packr } from 'msgpackr'
import { crc32c } from '../bytes/crc32c.ts'

const packr = new Packr({ useRecords: false })

export const RECORD_MAGIC = 0x31525750 // "PWR1", little-endian
export const RECORD_HEAD_BYTES = 12
/** No header is longer: a length above it is damage. */
const HEADER_BYTES_MAX = 16 * 2 ** 20

export type RecordPart = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly rowCount: number
  readonly bytes: number
  readonly checksum: number
}

export type RecordHeader = { readonly sequence: number; readonly parts: readonly RecordPart[] }

/** Head and header; the images follow as they are. */
export function encodeHead(header: RecordHeader): Uint8Array {
  const body = packr.pack([header.sequence, header.parts.map((part) => (
    [part.tableId, part.schemaVersion, part.rowCount, part.bytes, part.checksum]))])
  const head = Buffer.alloc(RECORD_HEAD_BYTES + body.length)
  head.writeUInt32LE(RECORD_MAGIC, 0)
  head.writeUInt32LE(body.length, 4)
  head.writeUInt32LE(crc32c(body), 8)
  head.set(body, RECORD_HEAD_BYTES)
  return head
}

export type DecodedHead = { readonly header: RecordHeader; readonly imagesAt: number; readonly end: number }

/** The head of the record at `at`; null: not a whole, undamaged head. `end` may lie past the bytes. */
export function decodeHead(bytes: Uint8Array, at: number): DecodedHead | null {
  if (at + RECORD_HEAD_BYTES > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
  const length = view.getUint32(4, true)
  if (view.getUint32(0, true) !== RECORD_MAGIC || length > HEADER_BYTES_MAX) return null
  const imagesAt = at + RECORD_HEAD_BYTES + length
  if (imagesAt > bytes.length) return null
  const body = bytes.subarray(at + RECORD_HEAD_BYTES, imagesAt)
  if (crc32c(body) !== view.getUint32(8, true)) return null
  const [sequence, parts] = packr.unpack(body as Buffer) as [number, number[][]]
  const header = {
    sequence,
    parts: parts.map(([tableId, schemaVersion, rowCount, partBytes, checksum]) => (
      { tableId, schemaVersion, rowCount, bytes: partBytes, checksum })),
  }
  return { header, imagesAt, end: imagesAt + header.parts.reduce((sum, part) => sum + part.bytes, 0) }
}
