// Rows of a segment that were deleted: a bit a row, in a file of its own beside the segment's, which
// never changes. A further delete writes a new mask with all bits of the old one; a merge writes the
// segment anew without the rows. FORMAT.md, "Delete mask".
//
//   | "PIPITDEL" | version u32 | segment u32 | rows u32 | deleted u32 | a bit a row | crc32c u32 |

import { join } from 'node:path'
import { crc32c } from '../bytes/crc32c.ts'
import { NewerFormat } from '../bytes/file-head.ts'
import type { Disk } from '../disk/disk.ts'
import type { SegmentRef } from '../face.ts'

const MAGIC = 'PIPITDEL'
const VERSION = 1
const HEAD_BYTES = 24

/** A bit a row, low first; 1: the row is gone. */
export type DeletedBits = Uint8Array

export const isDeleted = (bits: DeletedBits, row: number): boolean => (bits[row >> 3] >> (row & 7) & 1) === 1

/** The bits with all rows outside [from, to) gone, too; `bits` null: no other row is. */
export function onlyRows(bits: DeletedBits | null, rowCount: number, { from, to }: { readonly from: number; readonly to: number }): DeletedBits {
  const out = new Uint8Array(Math.ceil(rowCount / 8)).fill(0xff)
  for (let row = from; row < to && (row & 7) > 0; row++) out[row >> 3] &= ~(1 << (row & 7))
  const [firstByte, endByte] = [Math.ceil(from / 8), to >> 3]
  if (firstByte < endByte) out.fill(0, firstByte, endByte)
  for (let row = Math.max(from, endByte * 8); row < to; row++) out[row >> 3] &= ~(1 << (row & 7))
  if (bits !== null) for (let at = from >> 3; at * 8 < to; at++) out[at] |= bits[at]
  return out
}

/** Whether rows [from, to) are all gone; `from` is a multiple of 8. */
export function areAllDeleted(bits: DeletedBits, from: number, to: number): boolean {
  const endByte = to >> 3
  for (let at = from >> 3; at < endByte; at++) if (bits[at] !== 0xff) return false
  for (let row = Math.max(from, endByte * 8); row < to; row++) if (!isDeleted(bits, row)) return false
  return true
}

export const maskFile = (segmentId: number, version: number): string =>
  `mask-${String(segmentId).padStart(10, '0')}-${version}`

export function encodeMask(segmentId: number, rowCount: number, deleted: number, bits: DeletedBits): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + bits.length + 4)
  bytes.write(MAGIC, 0, 'latin1')
  bytes.writeUInt32LE(VERSION, 8)
  bytes.writeUInt32LE(segmentId, 12)
  bytes.writeUInt32LE(rowCount, 16)
  bytes.writeUInt32LE(deleted, 20)
  bytes.set(bits, HEAD_BYTES)
  bytes.writeUInt32LE(crc32c(bytes.subarray(0, bytes.length - 4)), bytes.length - 4)
  return bytes
}

/** The bits of a segment's mask; null: no row of it is deleted. Throws when the file is damaged: the
 * segment cannot be read without it. */
export function readMask(disk: Disk, folder: string, segment: SegmentRef): DeletedBits | null {
  if (segment.maskedRows === 0) return null
  const file = maskFile(segment.id, segment.maskVersion)
  const bytes = Buffer.from(disk.readWhole(join(folder, file)))
  const corrupt = (why: string) => new Error(`Corrupt data in ${file}, the deleted rows of ${segment.file}: ${why}`)
  if (bytes.length !== HEAD_BYTES + Math.ceil(segment.rowCount / 8) + 4) throw corrupt('it has another length')
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw corrupt('it is not a delete mask of Pipit')
  if (bytes.readUInt32LE(8) > VERSION) throw new NewerFormat(file, bytes.readUInt32LE(8), VERSION)
  if (bytes.readUInt32LE(bytes.length - 4) !== crc32c(bytes.subarray(0, bytes.length - 4))) {
    throw corrupt('its checksum differs')
  }
  if (bytes.readUInt32LE(12) !== segment.id || bytes.readUInt32LE(16) !== segment.rowCount
    || bytes.readUInt32LE(20) !== segment.maskedRows) throw corrupt('it belongs to another segment')
  return new Uint8Array(bytes.subarray(HEAD_BYTES, bytes.length - 4))
}
