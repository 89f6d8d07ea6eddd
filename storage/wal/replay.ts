// A WAL file back to transactions. A torn tail (what a crash left of the last write) is cut at the
// last whole record; a damaged record with whole ones behind it is corruption, and said so.

import { crc32c } from '../bytes/crc32c.ts'
import { FILE_HEAD_BYTES, readFileHead } from './file-head.ts'
import { decodeHead, RECORD_MAGIC, type RecordHeader } from './record.ts'

/** A record that was acknowledged is damaged: nothing behind it can be trusted to be all. */
export class CorruptWal extends Error {
  constructor(file: string, offset: number) {
    super(`Corrupt data in the write-ahead log ${file} at offset ${offset}: a record is damaged and `
      + 'whole records follow it')
    this.name = 'CorruptWal'
  }
}

export type ReplayedRecord = { readonly header: RecordHeader; readonly images: readonly Uint8Array[] }
export type Replayed = {
  readonly firstSequence: number
  readonly records: readonly ReplayedRecord[]
}

/** All whole records of a file's bytes. The images are views of `bytes`. */
export function replayFile(file: string, bytes: Uint8Array): Replayed {
  // A crash while the file was made: nothing was acknowledged in it.
  if (bytes.length < FILE_HEAD_BYTES) return { firstSequence: Number.POSITIVE_INFINITY, records: [] }
  const firstSequence = readFileHead(file, bytes)
  const records: ReplayedRecord[] = []
  let at = FILE_HEAD_BYTES
  while (at < bytes.length) {
    const record = wholeRecord(bytes, at)
    if (record === null) {
      if (hasWholeRecordAfter(bytes, at + 1)) throw new CorruptWal(file, at)
      break
    }
    records.push(record)
    at = record.end
  }
  return { firstSequence, records }
}

function wholeRecord(bytes: Uint8Array, at: number): (ReplayedRecord & { end: number }) | null {
  const head = decodeHead(bytes, at)
  if (head === null || head.end > bytes.length) return null
  const images: Uint8Array[] = []
  let imageAt = head.imagesAt
  for (const part of head.header.parts) {
    const image = bytes.subarray(imageAt, imageAt + part.bytes)
    if (crc32c(image) !== part.checksum) return null
    images.push(image)
    imageAt += part.bytes
  }
  return { header: head.header, images, end: head.end }
}

/** Looks for any whole record from `from` on: its magic first, then the checksums. */
function hasWholeRecordAfter(bytes: Uint8Array, from: number): boolean {
  const first = RECORD_MAGIC & 255
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wholeRecord(bytes, at) !== null) return true
  }
  return false
}
