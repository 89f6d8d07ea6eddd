// Idempotency keys that were used lately, each with the answer it got. A key is noted in the record of
// its rows, so both are durable or neither; before the record's file is recycled, the key goes to a file
// of its own (key-file.ts). FORMAT.md, "Idempotency keys".
//
//   entry, 64 bytes: | id 16 | body 16 | at ms f64 | sequence f64 | successful, quarantined, duplicates u32 |
//                    | bytes of the text u32 |            texts stand apart: few answers have one
//
// Memory: 64 bytes a key and 8 to 16 of index, up to twice that while it grows: about 150 MB for a
// million keys at most. Entries stand in the order of their sequences; old ones go from the front.

import type { IdempotencyKey } from '../face.ts'

const ENTRY_BYTES = 64
const [BODY, AT, SEQUENCE, COUNTS, TEXT] = [16, 32, 40, 48, 60]
const ENTRIES_MIN = 64
/** Longest text kept of an answer. */
const TEXT_BYTES_MAX = 1024

/** Keys as they stand in the log and in key files: entries, then texts. */
export type EncodedKeys = { readonly bytes: Uint8Array; readonly count: number }

/** Writes the sequence of their transaction, once it is known, into keys. */
export function stampKeys({ bytes, count }: EncodedKeys, sequence: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let index = 0; index < count; index++) view.setFloat64(index * ENTRY_BYTES + SEQUENCE, sequence, true)
}

/** Their sequence is written later: stampKeys(). null: there are none. */
export function encodeKeys(keys: readonly IdempotencyKey[]): EncodedKeys | null {
  if (keys.length === 0) return null
  const texts = keys.map(({ answer }) => Buffer.from(answer.text).subarray(0, TEXT_BYTES_MAX))
  const bytes = Buffer.alloc(keys.length * ENTRY_BYTES + texts.reduce((sum, text) => sum + text.length, 0))
  let textAt = keys.length * ENTRY_BYTES
  keys.forEach(({ id, body, atMs, answer }, index) => {
    const at = index * ENTRY_BYTES
    bytes.set(id, at)
    bytes.set(body, at + BODY)
    bytes.writeDoubleLE(atMs, at + AT)
    bytes.writeUInt32LE(answer.successful, at + COUNTS)
    bytes.writeUInt32LE(answer.quarantined, at + COUNTS + 4)
    bytes.writeUInt32LE(answer.duplicates, at + COUNTS + 8)
    bytes.writeUInt32LE(texts[index].length, at + TEXT)
    bytes.set(texts[index], textAt)
    textAt += texts[index].length
  })
  return { bytes, count: keys.length }
}

/** Entries of encoded keys, with their texts. */
function* decodeKeys({ bytes, count }: EncodedKeys): Generator<{ entry: Buffer; text: string }> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let textAt = count * ENTRY_BYTES
  for (let index = 0; index < count; index++) {
    const entry = all.subarray(index * ENTRY_BYTES, (index + 1) * ENTRY_BYTES)
    const length = entry.readUInt32LE(TEXT)
    yield { entry, text: all.toString('utf8', textAt, textAt + length) }
    textAt += length
  }
}

/** Keys by id. */
export class KeyTable {
  private rows = Buffer.alloc(ENTRIES_MIN * ENTRY_BYTES)
  private first = 0
  private end = 0
  private index = new Uint32Array(ENTRIES_MIN * 2)
  private readonly texts = new Map<string, string>()
  /** How long a key is remembered. */
  readonly keepMs: number

  constructor(keepMs: number) { this.keepMs = keepMs }

  get size(): number { return this.end - this.first }
  /** Of entries and index. */
  get memoryBytes(): number { return this.rows.length + this.index.byteLength }

  /** What a key got; null: it is not known. */
  find(id: Uint8Array): IdempotencyKey | null {
    const row = this.rowOf(id)
    if (row < 0) return null
    const entry = this.rows.subarray(row * ENTRY_BYTES, (row + 1) * ENTRY_BYTES)
    return {
      id, body: entry.subarray(BODY, AT), atMs: entry.readDoubleLE(AT),
      answer: {
        successful: entry.readUInt32LE(COUNTS), quarantined: entry.readUInt32LE(COUNTS + 4),
        duplicates: entry.readUInt32LE(COUNTS + 8), text: this.texts.get(nameOf(entry)) ?? '',
      },
    }
  }

  /** Adds encoded keys; one that is there already stays as it is. */
  add(bytes: Uint8Array, count: number): void {
    for (const { entry, text } of decodeKeys({ bytes, count })) {
      const known = this.rowOf(entry)
      if (known >= 0) {
        // Used again after its time, or read from the log and from a file.
        if (this.sequenceAt(known) >= entry.readDoubleLE(SEQUENCE)) continue
        this.rows.fill(0, known * ENTRY_BYTES, known * ENTRY_BYTES + BODY)
      }
      if ((this.end + 1) * ENTRY_BYTES > this.rows.length || (this.size + 1) * 2 > this.index.length) this.grow()
      this.rows.set(entry, this.end * ENTRY_BYTES)
      if (text !== '') this.texts.set(nameOf(entry), text)
      this.enter(this.end++)
    }
  }

  forget(nowMs: number): void {
    const beforeMs = nowMs - this.keepMs
    const first = this.first
    while (this.first < this.end && this.rows.readDoubleLE(this.first * ENTRY_BYTES + AT) < beforeMs) {
      const row = this.rows.subarray(this.first * ENTRY_BYTES, (this.first + 1) * ENTRY_BYTES)
      if (row.readUInt32LE(TEXT) > 0) this.texts.delete(nameOf(row))
      this.first++
    }
    if (this.first > first && this.first > this.size) this.grow()
  }

  /** Encoded keys with a sequence in (after, upTo], and how many. */
  encoded(after: number, upTo: number): { chunks: Uint8Array[]; count: number; lastMs: number } {
    const keys: Buffer[] = []
    const texts: Buffer[] = []
    let lastMs = 0
    for (let row = this.first; row < this.end; row++) {
      const entry = this.rows.subarray(row * ENTRY_BYTES, (row + 1) * ENTRY_BYTES)
      const sequence = entry.readDoubleLE(SEQUENCE)
      if (sequence <= after || sequence > upTo || isBlank(entry)) continue
      keys.push(entry)
      texts.push(Buffer.from(this.texts.get(nameOf(entry)) ?? ''))
      lastMs = Math.max(lastMs, entry.readDoubleLE(AT))
    }
    return { chunks: [Buffer.concat([...keys, ...texts])], count: keys.length, lastMs }
  }

  private sequenceAt(row: number): number { return this.rows.readDoubleLE(row * ENTRY_BYTES + SEQUENCE) }

  private rowOf(id: Uint8Array): number {
    const mask = this.index.length - 1
    for (let slot = hashOf(id, 0) & mask; this.index[slot] !== 0; slot = (slot + 1) & mask) {
      const row = this.index[slot] - 1
      if (row >= this.first && this.rows.compare(id, 0, BODY, row * ENTRY_BYTES, row * ENTRY_BYTES + BODY) === 0) return row
    }
    return -1
  }

  private enter(row: number): void {
    const mask = this.index.length - 1
    let slot = hashOf(this.rows, row * ENTRY_BYTES) & mask
    while (this.index[slot] !== 0) slot = (slot + 1) & mask
    this.index[slot] = row + 1
  }

  /** Room for as many again, without the forgotten ones. */
  private grow(): void {
    const { size } = this
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(ENTRIES_MIN, size * 2)))
    const rows = Buffer.alloc(capacity * ENTRY_BYTES)
    this.rows.copy(rows, 0, this.first * ENTRY_BYTES, this.end * ENTRY_BYTES)
    this.rows = rows
    this.first = 0
    this.end = size
    this.index = new Uint32Array(capacity * 2)
    for (let row = 0; row < size; row++) this.enter(row)
  }
}

/** Ids are hashes already. */
function hashOf(bytes: Uint8Array, at: number): number {
  return bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24
}

const nameOf = (entry: Buffer): string => entry.toString('latin1', 0, BODY)
const isBlank = (entry: Buffer): boolean => entry.subarray(0, BODY).every((byte) => byte === 0)
