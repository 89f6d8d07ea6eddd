// The pages of one flat column of a row group, found by their headers and unpacked one at a time, so that
// a stretch of rows reads no more of the file than lies in its rows.
//
//   chunk: | header (Thrift compact) | dictionary, packed | header | levels and values, packed | ...
//
// Invariant: nothing that a file says is believed: lengths are checked against the file and the row group.

import { codecs } from './parquet-codecs.ts'

/** Bytes of a file, by place, at once. */
export type ReadBytes = (start: number, end: number) => Uint8Array

export type Chunk = {
  readonly read: ReadBytes
  readonly start: number
  readonly end: number
  readonly codec: string
  readonly rowCount: number
  /** Some rows may have no value. */
  readonly isOptional: boolean
}

const PAGE_DATA = 0
const PAGE_DICTIONARY = 2
const PAGE_DATA_V2 = 3
export const ENCODING_PLAIN = 0
export const ENCODING_PLAIN_DICTIONARY = 2
export const ENCODING_RLE = 3
export const ENCODING_RLE_DICTIONARY = 8

/** Bytes that are read for a header at first; one with statistics of long texts takes more. */
const HEADER_BYTES = 512
const HEADER_BYTES_MAX = 16 * 2 ** 20
/** A page unpacks to no more: writers make pages of about a megabyte. */
const PAGE_BYTES_MAX = 1 << 30

type Page = {
  readonly at: number
  readonly packedBytes: number
  readonly plainBytes: number
  readonly values: number
  readonly encoding: number
  readonly isV2: boolean
  readonly levelBytes: number
  readonly isPacked: boolean
}

/** A page of values, unpacked. */
export type DataPage = {
  /** Its rows in the row group. */
  readonly from: number
  readonly to: number
  readonly encoding: number
  /** One byte a row, 1: no value; null: every row has one. */
  readonly nulls: Uint8Array | null
  /** Values without those of rows that have none, one after the other. */
  readonly bytes: Uint8Array
  readonly valueCount: number
}

const cut = (): Error => new Error('a page is cut off')

/** Reads the fields of a Thrift struct that are numbers, flags or structs; the others are passed over. */
class Thrift {
  private readonly bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) { this.bytes = bytes }

  private byte(): number {
    if (this.at >= this.bytes.length) throw cut()
    return this.bytes[this.at++]
  }

  private varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte()
      value += (byte & 127) * scale
      if (byte < 128) return value
      if (scale > 2 ** 56) throw cut()
    }
  }

  private zigzag(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  struct(depth = 0): Map<number, number | Map<number, unknown>> {
    if (depth > 16) throw cut()
    const fields = new Map<number, number | Map<number, unknown>>()
    for (let id = 0; ;) {
      const head = this.byte()
      const type = head & 15
      if (type === 0) return fields
      id = head >>> 4 === 0 ? this.zigzag() : id + (head >>> 4)
      const value = this.value(type, depth)
      if (value !== null) fields.set(id, value)
    }
  }

  private value(type: number, depth: number): number | Map<number, unknown> | null {
    switch (type) {
      case 1: return 1
      case 2: return 0
      case 3: return this.byte()
      case 4: case 5: case 6: return this.zigzag()
      case 7: this.at += 8; return null
      case 8: {
        const length = this.varint()
        this.at += length
        return null
      }
      case 9: case 10: {
        const head = this.byte()
        const count = head >>> 4 === 15 ? this.varint() : head >>> 4
        for (let i = 0; i < count; i++) this.value(head & 15, depth + 1)
        return null
      }
      case 12: return this.struct(depth + 1)
      default: throw cut()
    }
  }
}

export class Pages {
  private readonly chunk: Chunk
  private readonly data: { readonly page: Page; readonly from: number }[] = []
  private dictionary: Page | null = null
  private last: DataPage | null = null

  /** Reads the headers. Throws a sentence where they are damaged. */
  constructor(chunk: Chunk) {
    this.chunk = chunk
    let row = 0
    for (let at = chunk.start; row < chunk.rowCount && at < chunk.end;) {
      const { page, isDictionary } = this.header(at)
      if (isDictionary) this.dictionary = page
      else if (page.values > 0) {
        this.data.push({ page, from: row })
        row += page.values
      }
      at = page.at + page.packedBytes
    }
    if (row !== chunk.rowCount) throw new Error(`its pages have ${row} of ${chunk.rowCount} rows`)
  }

  /** Encodings of its pages. */
  get encodings(): Set<number> { return new Set(this.data.map(({ page }) => page.encoding)) }

  private header(at: number): { page: Page; isDictionary: boolean } {
    const { chunk } = this
    for (let bytes = HEADER_BYTES; ; bytes *= 8) {
      const end = Math.min(chunk.end, at + bytes)
      const thrift = new Thrift(chunk.read(at, end))
      try {
        return this.pageOf(thrift.struct(), at + thrift.at)
      } catch (error) {
        if (end === chunk.end || bytes > HEADER_BYTES_MAX) throw error
      }
    }
  }

  private pageOf(fields: Map<number, number | Map<number, unknown>>, at: number): { page: Page; isDictionary: boolean } {
    const [type, plainBytes, packedBytes] = [1, 2, 3].map((id) => numberOf(fields.get(id)))
    const kind = fields.get(type === PAGE_DATA ? 5 : type === PAGE_DICTIONARY ? 7 : 8)
    const isKnown = type === PAGE_DATA || type === PAGE_DICTIONARY || type === PAGE_DATA_V2
    if (!isKnown || !(kind instanceof Map)) throw new Error('a page is of an unknown kind')
    if (plainBytes > PAGE_BYTES_MAX || at + packedBytes > this.chunk.end) throw cut()
    const isV2 = type === PAGE_DATA_V2
    const levelBytes = isV2 ? numberOf(kind.get(5)) + numberOf(kind.get(6) ?? 0) : 0
    if (levelBytes > packedBytes || levelBytes > plainBytes) throw cut()
    return {
      isDictionary: type === PAGE_DICTIONARY, page: {
        at, packedBytes, plainBytes, isV2, levelBytes, values: numberOf(kind.get(1)), encoding: numberOf(kind.get(isV2 ? 4 : 2)),
        isPacked: !isV2 || kind.get(7) !== 0,
      },
    }
  }

  /** The dictionary's values, plain, and their number; null: there is none. */
  dictionaryPage(): { readonly bytes: Uint8Array; readonly count: number } | null {
    const { dictionary } = this
    return dictionary === null ? null : { bytes: this.unpacked(dictionary), count: dictionary.values }
  }

  /** The pages that have some of rows [from, to), in order. */
  *over(from: number, to: number): Generator<DataPage> {
    for (const { page, from: first } of this.data) {
      if (first + page.values <= from || first >= to) continue
      // The next stretch of rows often begins in the page in which this one ends.
      if (this.last?.from !== first) this.last = this.open(page, first)
      yield this.last
    }
  }

  private open(page: Page, from: number): DataPage {
    const { isOptional } = this.chunk
    const to = from + page.values
    const bytes = this.unpacked(page)
    if (!isOptional) return { from, to, encoding: page.encoding, nulls: null, bytes: bytes.subarray(page.levelBytes), valueCount: page.values }
    const present = new Uint32Array(page.values)
    let rest = page.levelBytes
    if (page.isV2) readHybrid(bytes, 0, page.levelBytes, 1, present)
    else {
      rest = 4 + lengthAt(bytes, 0)
      if (rest > bytes.length) throw cut()
      readHybrid(bytes, 4, rest, 1, present)
    }
    let valueCount = 0
    for (let i = 0; i < present.length; i++) valueCount += present[i]
    const nulls = valueCount === page.values ? null : Uint8Array.from(present, (bit) => 1 - bit)
    return { from, to, encoding: page.encoding, nulls, bytes: bytes.subarray(rest), valueCount }
  }

  private unpacked({ at, packedBytes, plainBytes, levelBytes, isPacked }: Page): Uint8Array {
    const { read, codec } = this.chunk
    const packed = read(at, at + packedBytes)
    if (packed.length !== packedBytes) throw cut()
    if (codec === 'UNCOMPRESSED' || !isPacked) return packed
    // Levels of a page of the second kind stand before what is packed.
    const body = packed.subarray(levelBytes)
    const plain = plainBytes === levelBytes ? new Uint8Array(0) : unpack(codec, body, plainBytes - levelBytes)
    if (plain.length !== plainBytes - levelBytes) throw new Error(`a page unpacks to ${plain.length} bytes instead of ${plainBytes - levelBytes}`)
    if (levelBytes === 0) return plain
    const whole = new Uint8Array(plainBytes)
    whole.set(packed.subarray(0, levelBytes))
    whole.set(plain, levelBytes)
    return whole
  }
}

function unpack(codec: string, bytes: Uint8Array, plainBytes: number): Uint8Array {
  const unpacker = codecs[codec]
  if (unpacker === undefined) throw new Error(`pages are packed by ${codec}, which can't be read`)
  return unpacker(bytes, plainBytes)
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number' || value < 0) throw cut()
  return value
}

export const lengthAt = (bytes: Uint8Array, at: number): number =>
  at + 4 > bytes.length ? Infinity : (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0

/** Runs of one value, and groups of eight packed ones, of `width` bits each, in [from, end): out.length of
 * them behind the first `skip`. Throws where there are fewer. */
export function readHybrid(bytes: Uint8Array, from: number, end: number, width: number, out: Uint32Array, skip = 0): void {
  let at = from
  let seen = 0
  const last = skip + out.length
  const valueBytes = (width + 7) >>> 3
  if (width > 32) throw cut()
  while (seen < last) {
    let head = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) throw cut()
      const byte = bytes[at++]
      head |= (byte & 127) << shift
      if (byte < 128) break
    }
    head >>>= 0
    const isRun = (head & 1) === 0
    const count = Math.min(last - seen, isRun ? head >>> 1 : (head >>> 1) * 8)
    const passed = Math.min(count, Math.max(0, skip - seen))
    const place = seen + passed - skip
    if (count === 0 || at + (isRun ? valueBytes : Math.ceil(count * width / 8)) > end) throw cut()
    if (isRun) {
      let value = 0
      for (let i = 0; i < valueBytes; i++) value |= bytes[at++] << (8 * i)
      out.fill(value >>> 0, place, place + count - passed)
    } else {
      if (passed < count) readPacked(bytes, at, width, passed, out, place, count - passed)
      at += (head >>> 1) * width
    }
    seen += count
  }
}

/** `count` packed values from the one of number `first` on, to out[start ..]. */
function readPacked(
  bytes: Uint8Array, from: number, width: number, first: number, out: Uint32Array, start: number, count: number,
): void {
  if (width === 0) {
    out.fill(0, start, start + count)
    return
  }
  if (width > 24) {
    readWide(bytes, from, width, first, out, start, count)
    return
  }
  const mask = (1 << width) - 1
  const bit = first * width
  let at = from + Math.floor(bit / 8)
  let held = bytes[at++] >>> bit % 8
  let bits = 8 - bit % 8
  for (let i = start; i < start + count; i++) {
    while (bits < width) {
      held |= bytes[at++] << bits
      bits += 8
    }
    out[i] = held & mask
    held >>>= width
    bits -= width
  }
}

/** Values that with the rest of a byte do not fit 32 bits. */
function readWide(
  bytes: Uint8Array, from: number, width: number, first: number, out: Uint32Array, start: number, count: number,
): void {
  for (let i = 0; i < count; i++) {
    let value = 0
    for (let bit = 0; bit < width; bit++) {
      const place = (first + i) * width + bit
      value += ((bytes[from + Math.floor(place / 8)] >>> place % 8) & 1) * 2 ** bit
    }
    out[start + i] = value
  }
}
