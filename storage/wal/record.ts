// One transaction as bytes: a frame (bytes/frame.ts) whose header lists sections and whose payload is
// their bytes, end to end. FORMAT.md, "Write-ahead log".
//
//   header, msgpack: [sequence, durable, [[kind, bytes, checksum, ...fields of the kind], ...]]
//
// `durable` is the last sequence whose sync had succeeded when this record was written: it tells a torn
// tail (nothing behind it was promised) from damage (whole records behind it say that it was).

import { Packr } from 'msgpackr'
import { crc32 } from '../bytes/crc32.ts'
import { crc32c } from '../bytes/crc32c.ts'
import { decodeFrame, encodeFrame } from '../bytes/frame.ts'
import { stampKeys, type EncodedKeys } from './key-table.ts'
import type { RowKeySection } from './row-key-world.ts'

export const WAL_MAGIC = 'PIPITWAL'
export const WAL_VERSION = 1

// Kinds of sections. On disk: never renumber. A reader that meets a kind it does not know refuses the file.
/** A part of a store that was written before SECTION_PART: its checksum is CRC-32C. */
const SECTION_OLD_PART = 1
const SECTION_KEYS = 2
const SECTION_ROW_KEYS = 3
const SECTION_STAGED_KEYS = 4
const SECTION_STAGED_INSERT_KEYS = 5
/** Of all sections parts alone are long: theirs is the checksum that costs a start least. */
const SECTION_PART = 6

const packr = new Packr({ useRecords: false })

/** A part of a transaction: the image and its checksum come from the worker that built it. */
export type PartSection = {
  readonly tableId: number
  readonly schemaVersion: number
  readonly rowCount: number
  /** CRC-32 (bytes/crc32.ts). */
  readonly checksum: number
  readonly image: Uint8Array
}

/** What a record holds: parts, the idempotency keys of its inserts, and keys of rows by table. */
export type Content = {
  readonly parts: readonly PartSection[]
  readonly keys: EncodedKeys | null
  /** The keys are of a bulk write into this table: they count where the manifest says so. */
  readonly keysOf?: number
  readonly rowKeys: readonly RowKeySection[]
}

/** The bytes of a transaction in order; images are not copied. */
export function encodeRecord(
  sequence: number, durable: number, { parts, keys, keysOf, rowKeys }: Content, salt: number,
): Uint8Array[] {
  if (keys !== null) stampKeys(keys, sequence)
  const keySections = keys === null ? [] : [keys]
  const sections = [
    ...parts.map((part) => [
      SECTION_PART, part.image.length, part.checksum, part.tableId, part.schemaVersion, part.rowCount]),
    ...keySections.map(({ bytes, count }) => keysOf === undefined ? [SECTION_KEYS, bytes.length, crc32c(bytes), count]
      : [SECTION_STAGED_INSERT_KEYS, bytes.length, crc32c(bytes), count, keysOf]),
  ]
  const payload = [...parts.map((part) => part.image), ...keySections.map(({ bytes }) => bytes)]
  for (const { bytes, tableId, columnId, atMs, isStaged } of rowKeys) {
    sections.push([isStaged ? SECTION_STAGED_KEYS : SECTION_ROW_KEYS, bytes.length, crc32c(bytes), tableId, columnId, atMs])
    payload.push(bytes)
  }
  const payloadBytes = payload.reduce((sum, bytes) => sum + bytes.length, 0)
  const header = packr.pack([sequence, durable, sections])
  return [encodeFrame(header, payloadBytes, salt), ...payload]
}

export type WalRecord = {
  readonly sequence: number
  readonly durable: number
  /** Images are views of the file's bytes. */
  readonly parts: readonly PartSection[]
  /** Views, too. */
  readonly keys: EncodedKeys | null
  readonly keysOf?: number
  readonly rowKeys: readonly RowKeySection[]
  readonly end: number
}

type Section = readonly [kind: number, bytes: number, checksum: number, ...fields: number[]]

/** Sequences of the frame at `at` by its header alone; null: no whole header. */
export function decodeSequences(
  bytes: Uint8Array, at: number, salt: number,
): { readonly sequence: number; readonly durable: number } | null {
  const frame = decodeFrame(bytes, at, salt)
  if (frame === null) return null
  const [sequence, durable] = packr.unpack(frame.header as Buffer) as [number, number]
  return { sequence, durable }
}

/** The record at `at`; null: not whole, or damaged. Throws when a section's kind is unknown. */
export function decodeRecord(file: string, bytes: Uint8Array, at: number, salt: number): WalRecord | null {
  const frame = decodeFrame(bytes, at, salt)
  if (frame === null || frame.end > bytes.length) return null
  const [sequence, durable, sections] = packr.unpack(frame.header as Buffer) as [number, number, Section[]]
  const parts: PartSection[] = []
  let payloadAt = frame.payloadAt
  let keys: WalRecord['keys'] = null
  let staged: Pick<WalRecord, 'keysOf'> = {}
  const rowKeys: RowKeySection[] = []
  for (const [kind, length, checksum, ...fields] of sections) {
    const image = bytes.subarray(payloadAt, payloadAt + length)
    if ((kind === SECTION_PART ? crc32(image) : crc32c(image)) !== checksum) return null
    if (kind === SECTION_PART || kind === SECTION_OLD_PART) {
      const [tableId, schemaVersion, rowCount] = fields
      parts.push({ tableId, schemaVersion, rowCount, checksum: kind === SECTION_PART ? checksum : crc32(image), image })
    } else if (kind === SECTION_KEYS) keys = { bytes: image, count: fields[0] }
    else if (kind === SECTION_STAGED_INSERT_KEYS) {
      keys = { bytes: image, count: fields[0] }
      staged = { keysOf: fields[1] }
    } else if (kind === SECTION_ROW_KEYS || kind === SECTION_STAGED_KEYS) {
      const [tableId, columnId, atMs] = fields
      rowKeys.push({ tableId, columnId, atMs, bytes: image, isStaged: kind === SECTION_STAGED_KEYS })
    }
    else throw new Error(`${file} has a section of kind ${kind} at offset ${at}, which this Pipit does not know`)
    payloadAt += length
  }
  return { sequence, durable, parts, keys, ...staged, rowKeys, end: frame.end }
}
