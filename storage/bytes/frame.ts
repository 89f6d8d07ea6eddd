// One record of a log. FORMAT.md, "Frame".
//
//   | magic u32 | header bytes u32 | payload bytes u32 | crc32c u32 | header | payload |
//
// The checksum, seeded with the file's salt, covers the eight bytes of the two lengths and the header.
// The payload's checksums stand in the header: they were made where the payload was made, and whoever
// writes the record need not read it again.

import { crc32c } from './crc32c.ts'

export const FRAME_HEAD_BYTES = 16
const MAGIC = 0x52504950 // "PIPR", little-endian
/** No header of a log that holds what clients send is longer: a length above it is damage, so that bytes which
 * look like a frame are soon told from one. */
const HEADER_BYTES_MAX = 2 ** 20

/** Head and header; the payload follows as it is. `headerBytesMax`: as the file's kind has it. */
export function encodeFrame(
  header: Uint8Array, payloadBytes: number, salt: number, headerBytesMax = HEADER_BYTES_MAX,
): Uint8Array {
  if (header.length > headerBytesMax) {
    throw new Error(`frame: a header of ${header.length} bytes is longer than ${headerBytesMax}`)
  }
  const frame = Buffer.allocUnsafe(FRAME_HEAD_BYTES + header.length)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(header.length, 4)
  frame.writeUInt32LE(payloadBytes, 8)
  frame.writeUInt32LE(crc32c(header, crc32c(frame.subarray(4, 12), salt)), 12)
  frame.set(header, FRAME_HEAD_BYTES)
  return frame
}

export type Frame = {
  readonly header: Uint8Array
  readonly payloadAt: number
  /** End of the payload; may lie past the bytes. */
  readonly end: number
}

/** The frame at `at`; null: no whole, undamaged head and header. */
export function decodeFrame(
  bytes: Uint8Array, at: number, salt: number, headerBytesMax = HEADER_BYTES_MAX,
): Frame | null {
  if (at + FRAME_HEAD_BYTES > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, FRAME_HEAD_BYTES)
  if (view.getUint32(0, true) !== MAGIC) return null
  const headerBytes = view.getUint32(4, true)
  const payloadAt = at + FRAME_HEAD_BYTES + headerBytes
  if (headerBytes > headerBytesMax || payloadAt > bytes.length) return null
  const header = bytes.subarray(at + FRAME_HEAD_BYTES, payloadAt)
  const checksum = crc32c(header, crc32c(bytes.subarray(at + 4, at + 12), salt))
  if (checksum !== view.getUint32(12, true)) return null
  return { header, payloadAt, end: payloadAt + view.getUint32(8, true) }
}

/** Where the next frame with a whole header starts, from `from` on; -1: nowhere. */
export function findFrame(bytes: Uint8Array, from: number, salt: number, headerBytesMax = HEADER_BYTES_MAX): number {
  const first = MAGIC & 255
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (decodeFrame(bytes, at, salt, headerBytesMax) !== null) return at
  }
  return -1
}
