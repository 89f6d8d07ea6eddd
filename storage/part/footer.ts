// The image's frame: head, sections, footer, trailer. FORMAT.md, "Image".
//
//   | "PIPITIMG" | version u32 | reserved u32 | sections, each at a multiple of 8 ... |
//   | footer (msgpack) | footer bytes u32 | crc32c of the footer u32 | "PIMG" |

import { Packr } from 'msgpackr'
import { crc32c } from '../bytes/crc32c.ts'

const packr = new Packr({ useRecords: false })

export const IMAGE_VERSION = 0
export const IMAGE_HEAD_BYTES = 16
export const TRAILER_BYTES = 12
const MAGIC = 'PIPITIMG'
const END_MAGIC = 0x474d4950 // "PIMG", little-endian

/** | offset, bytes, crc32c | of a section. */
export type Section = readonly [number, number, number]
/** A zone's ends: numbers, bigints as text behind '#', strings as bytes; null: no value. */
export type StoredEnd = number | string | Uint8Array | null

export type ColumnFooter = {
  readonly id: number
  readonly name: string
  readonly type: string
  readonly blocks: readonly Section[]
  /** min, max, NULLs of each block. */
  readonly zones: readonly (readonly [StoredEnd, StoredEnd, number])[]
  readonly dictionary: Section | null
  readonly dictionarySize: number
  readonly postings: Section | null
}

export type ImageFooter = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly rowCount: number
  readonly isSorted: boolean
  readonly partition: string
  readonly columns: readonly ColumnFooter[]
}

export function imageHead(): Uint8Array {
  const head = Buffer.alloc(IMAGE_HEAD_BYTES)
  head.write(MAGIC, 0, 'latin1')
  head.writeUInt32LE(IMAGE_VERSION, 8)
  return head
}

export function encodeFooter(footer: ImageFooter): Uint8Array {
  const body = packr.pack(footer)
  const out = Buffer.alloc(body.length + TRAILER_BYTES)
  out.set(body, 0)
  out.writeUInt32LE(body.length, body.length)
  out.writeUInt32LE(crc32c(body), body.length + 4)
  out.writeUInt32LE(END_MAGIC, body.length + 8)
  return out
}

/** Reads the footer through `view(offset, bytes)`; `label` names the image in errors. */
export function readFooter(
  label: string, byteLength: number, view: (offset: number, bytes: number) => Uint8Array,
): ImageFooter {
  if (byteLength < IMAGE_HEAD_BYTES + TRAILER_BYTES) throw new Error(`Corrupt data in ${label}: it is cut off`)
  const head = Buffer.from(view(0, IMAGE_HEAD_BYTES))
  if (head.toString('latin1', 0, 8) !== MAGIC) throw new Error(`Corrupt data in ${label}: not an image of Pipit`)
  const version = head.readUInt32LE(8)
  if (version > IMAGE_VERSION) {
    throw new Error(`${label} has format version ${version}; this Pipit knows up to version ${IMAGE_VERSION}. `
      + 'Use the newer Pipit that wrote it')
  }
  const trailer = Buffer.from(view(byteLength - TRAILER_BYTES, TRAILER_BYTES))
  const bytes = trailer.readUInt32LE(0)
  if (trailer.readUInt32LE(8) !== END_MAGIC || bytes + IMAGE_HEAD_BYTES + TRAILER_BYTES > byteLength) {
    throw new Error(`Corrupt data in ${label}: its end is damaged or cut off`)
  }
  const body = Buffer.from(view(byteLength - TRAILER_BYTES - bytes, bytes))
  if (crc32c(body) !== trailer.readUInt32LE(4)) throw new Error(`Corrupt data in ${label}: the footer's checksum differs`)
  return packr.unpack(body) as ImageFooter
}
