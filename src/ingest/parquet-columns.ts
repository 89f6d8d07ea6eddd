// Rows of a flat Parquet column from its pages to a vector: codes of a dictionary become codes, plain
// values the bytes or numbers that they are; no value of JavaScript is made.
//
//   pages (parquet-pages.ts) -> numbers, or codes and texts of the rows wanted -> a vector
//
// Invariant: rows are taken whole or not at all (null): what does not fit goes the way of JSON lines.

import { isUtf8 } from 'node:buffer'
import type { Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { isMostlyDistinct } from './growth.ts'
import { NumberColumn } from './parquet-numbers.ts'
import {
  ENCODING_PLAIN, ENCODING_PLAIN_DICTIONARY, ENCODING_RLE, ENCODING_RLE_DICTIONARY, lengthAt, readHybrid, type DataPage,
  type Pages,
} from './parquet-pages.ts'
import { copy, StringColumn, StringTable, type TypedColumn } from './parquet-strings.ts'

/** The physical types that have values of one width, and bits. */
export type Physical = 'INT32' | 'UINT32' | 'INT64' | 'UINT64' | 'FLOAT' | 'DOUBLE' | 'BOOLEAN' | 'BYTE_ARRAY'

type Numbers = Float64Array | BigInt64Array | BigUint64Array

/** Texts after which plain ones are judged: worth codes, or mostly different. */
const JUDGED = 4096
const KNOWN: ReadonlySet<number> = new Set([ENCODING_PLAIN, ENCODING_PLAIN_DICTIONARY, ENCODING_RLE_DICTIONARY])
const cut = (): Error => new Error('a page is cut off')

/** How the column's values are written and wanted. */
export type PagedReading = {
  readonly physical: Physical; readonly unit: number | null; readonly plan: ColumnPlan; readonly takesNulls: boolean
}

/** Null: its pages are of encodings that the general reader knows. */
export function pagedColumn(pages: Pages, reading: PagedReading): TypedColumn | null {
  const { physical } = reading
  for (const encoding of pages.encodings) {
    const isBits = physical === 'BOOLEAN' && (encoding === ENCODING_PLAIN || encoding === ENCODING_RLE)
    if (!isBits && (physical === 'BOOLEAN' || !KNOWN.has(encoding))) return null
  }
  return physical === 'BYTE_ARRAY' ? new PagedStrings(pages, reading) : new PagedNumbers(pages, reading)
}

const isCoded = ({ encoding }: DataPage): boolean => encoding === ENCODING_PLAIN_DICTIONARY || encoding === ENCODING_RLE_DICTIONARY

/** The rows of a page that are wanted: from which of its rows on, how many, where they go, and which of its
 * values they have. A page may be as long as the row group, so no more of it is read than that. */
type Share = {
  readonly page: DataPage; readonly row: number; readonly rows: number; readonly at: number; readonly first: number; readonly last: number
}

function sharesOf(pages: Pages, from: number, to: number): Share[] {
  return Array.from(pages.over(from, to), (page) => {
    const row = Math.max(from, page.from) - page.from
    const rows = Math.min(to, page.to) - page.from - row
    return { page, row, rows, at: page.from + row - from, first: valuesBefore(page, row), last: valuesBefore(page, row + rows) }
  })
}

/** Values before row `row` of a page. */
function valuesBefore({ nulls }: DataPage, row: number): number {
  if (nulls === null) return row
  let values = 0
  for (let i = 0; i < row; i++) values += 1 - nulls[i]
  return values
}

/** Marks the rows that have no value; answers the places of those that have one, null: all of them. */
function placesOf({ page, row, rows, at, first, last }: Share, marks: Uint8Array): Uint32Array | null {
  if (page.nulls === null) return null
  const places = new Uint32Array(last - first)
  let next = 0
  for (let i = 0; i < rows; i++) {
    if (page.nulls[row + i] === 1) marks[at + i] = 1
    else places[next++] = at + i
  }
  return places
}

/** The codes of a share's values, each below `size`. */
function codesOf({ page: { bytes }, first, last }: Share, size: number): Uint32Array {
  const codes = new Uint32Array(last - first)
  if (codes.length === 0) return codes
  if (bytes.length === 0) throw cut()
  readHybrid(bytes, 1, bytes.length, bytes[0], codes, first)
  for (let i = 0; i < codes.length; i++) if (codes[i] >= size) throw new Error('a page names a value that the dictionary lacks')
  return codes
}

/** Plain values [first, last) of one width as numbers; 64-bit ones exact as doubles, or as they are. */
function plainNumbers(bytes: Uint8Array, first: number, last: number, physical: Physical): Numbers {
  const out = new Float64Array(last - first)
  if (physical === 'BOOLEAN') {
    if (Math.ceil(last / 8) > bytes.length) throw cut()
    for (let i = 0; i < out.length; i++) out[i] = bytes[first + i >>> 3] >>> (first + i & 7) & 1
    return out
  }
  const width = /64|DOUBLE/.test(physical) ? 8 : 4
  if (last * width > bytes.length) throw cut()
  const own = bytes.slice(first * width, last * width).buffer
  if (physical === 'INT64' || physical === 'UINT64') return wide(own, out, physical === 'INT64')
  out.set(physical === 'INT32' ? new Int32Array(own) : physical === 'UINT32' ? new Uint32Array(own)
    : physical === 'FLOAT' ? new Float32Array(own) : new Float64Array(own))
  return out
}

function wide(own: ArrayBuffer, out: Float64Array, isSigned: boolean): Numbers {
  const low = new Uint32Array(own)
  const high = isSigned ? new Int32Array(own) : low
  for (let i = 0; i < out.length; i++) {
    const above = high[2 * i + 1]
    if (above > 0x1fffff || above < -0x200000) return isSigned ? new BigInt64Array(own) : new BigUint64Array(own)
    out[i] = above * 2 ** 32 + low[2 * i]
  }
  return out
}

class PagedNumbers implements TypedColumn {
  private readonly pages: Pages
  private readonly reading: PagedReading
  private dictionary: Numbers | null = null

  constructor(pages: Pages, reading: PagedReading) {
    this.pages = pages
    this.reading = reading
  }

  vector(from: number, to: number, account: MemoryAccount): Vector | null {
    const { plan, unit, takesNulls } = this.reading
    const nulls = new Uint8Array(to - from)
    const shares = sharesOf(this.pages, from, to)
    const found = shares.map((share) => this.valuesOf(share))
    const exact = found.find((values) => !(values instanceof Float64Array))
    const out = exact === undefined ? new Float64Array(to - from)
      : exact instanceof BigInt64Array ? new BigInt64Array(to - from) : new BigUint64Array(to - from)
    shares.forEach((share, index) => {
      const values = found[index]
      const places = placesOf(share, nulls)
      if (out instanceof Float64Array) {
        if (places === null) out.set(values as Float64Array, share.at)
        else for (let i = 0; i < places.length; i++) out[places[i]] = values[i] as number
      } else for (let i = 0; i < values.length; i++) out[places === null ? share.at + i : places[i]] = BigInt(values[i])
    })
    const marks = nulls.includes(1) ? nulls : null
    if (marks !== null && !takesNulls) return null
    return NumberColumn.of(out, marks, plan, unit)?.vector(0, to - from, account) ?? null
  }

  private valuesOf(share: Share): Numbers {
    const { page, first, last } = share
    if (isCoded(page)) return this.codedValues(share)
    if (page.encoding !== ENCODING_RLE) return plainNumbers(page.bytes, first, last, this.reading.physical)
    const bits = new Uint32Array(last - first)
    const end = 4 + lengthAt(page.bytes, 0)
    if (end > page.bytes.length) throw cut()
    readHybrid(page.bytes, 4, end, 1, bits, first)
    return Float64Array.from(bits)
  }

  private codedValues(share: Share): Numbers {
    const dictionary = this.dictionary ??= this.readDictionary()
    const codes = codesOf(share, dictionary.length)
    if (dictionary instanceof Float64Array) {
      const values = new Float64Array(codes.length)
      for (let i = 0; i < codes.length; i++) values[i] = dictionary[codes[i]]
      return values
    }
    const values = dictionary instanceof BigInt64Array ? new BigInt64Array(codes.length) : new BigUint64Array(codes.length)
    for (let i = 0; i < codes.length; i++) values[i] = dictionary[codes[i]]
    return values
  }

  private readDictionary(): Numbers {
    const found = this.pages.dictionaryPage()
    if (found === null) throw new Error('its dictionary is missing')
    return plainNumbers(found.bytes, 0, found.count, this.reading.physical)
  }
}

/** Where texts of a page begin and end. */
type Texts = { readonly starts: Uint32Array; readonly ends: Uint32Array }

/** Texts with their lengths before them. */
function textsOf(bytes: Uint8Array, count: number): Texts {
  const starts = new Uint32Array(count)
  const ends = new Uint32Array(count)
  let at = 0
  for (let index = 0; index < count; index++) {
    const start = at + 4
    at = start + lengthAt(bytes, at)
    if (at > bytes.length) throw cut()
    starts[index] = start
    ends[index] = at
  }
  return { starts, ends }
}

class PagedStrings implements TypedColumn {
  private readonly pages: Pages
  private readonly reading: PagedReading
  private readonly table = new StringTable()
  /** The table's number of each text of the dictionary. */
  private dictionary: Uint32Array | null = null
  /** The next stretch of rows may begin in the page in which this one ends. */
  private last: { readonly page: DataPage; readonly texts: Texts } | null = null

  constructor(pages: Pages, reading: PagedReading) {
    this.pages = pages
    this.reading = reading
  }

  vector(from: number, to: number, account: MemoryAccount): Vector | null {
    const { plan, takesNulls } = this.reading
    const nulls = new Uint8Array(to - from)
    const shares = sharesOf(this.pages, from, to)
    const places = shares.map((share) => placesOf(share, nulls))
    const marks = nulls.includes(1) ? nulls : null
    if (marks !== null && !takesNulls) return null
    const isPlain = shares.every(({ page }) => !isCoded(page))
    if (isPlain && plan.isAdaptive && this.areDistinct(shares)) return this.texts(shares, places, to - from, marks, account)
    // Plain texts of other stretches are not kept.
    const table = isPlain ? new StringTable() : this.table
    const codes = new Uint32Array(to - from)
    shares.forEach((share, index) => {
      const own = isCoded(share.page) ? this.tableCodes(share) : this.added(share, table)
      const rows = places[index]
      if (rows === null) codes.set(own, share.at)
      else for (let i = 0; i < own.length; i++) codes[rows[i]] = own[i]
    })
    return StringColumn.ofCodes(codes, marks, table, plan)?.vector(0, to - from, account) ?? null
  }

  private tableCodes(share: Share): Uint32Array {
    const dictionary = this.dictionary ??= this.readDictionary()
    const codes = codesOf(share, dictionary.length)
    for (let i = 0; i < codes.length; i++) codes[i] = dictionary[codes[i]]
    return codes
  }

  /** The table's numbers of plain texts. */
  private added({ page, first, last }: Share, table: StringTable): Uint32Array {
    const { starts, ends } = this.plainTexts(page)
    const codes = new Uint32Array(last - first)
    for (let i = 0; i < codes.length; i++) codes[i] = table.add(page.bytes, starts[first + i], ends[first + i])
    return codes
  }

  private plainTexts(page: DataPage): Texts {
    if (this.last?.page !== page) this.last = { page, texts: textsOf(page.bytes, page.valueCount) }
    return this.last.texts
  }

  private readDictionary(): Uint32Array {
    const found = this.pages.dictionaryPage()
    if (found === null) throw new Error('its dictionary is missing')
    const { bytes, count } = found
    const { starts, ends } = textsOf(bytes, count)
    const numbers = new Uint32Array(count)
    for (let i = 0; i < count; i++) numbers[i] = this.table.add(bytes, starts[i], ends[i])
    return numbers
  }

  /** The first of the texts differ mostly, so codes would not pay. */
  private areDistinct(shares: readonly Share[]): boolean {
    const table = new StringTable()
    let seen = 0
    for (const { page, first, last } of shares) {
      if (seen === JUDGED) break
      const { starts, ends } = this.plainTexts(page)
      for (let value = first; value < last && seen < JUDGED; value++, seen++) table.add(page.bytes, starts[value], ends[value])
    }
    return isMostlyDistinct(table.size, seen)
  }

  /** Texts as they are; null: some are no UTF-8. */
  private texts(
    shares: readonly Share[], places: readonly (Uint32Array | null)[], length: number, nulls: Uint8Array | null, account: MemoryAccount,
  ): Vector | null {
    const offsets = account.u32(length + 1)
    offsets.fill(0)
    const all = shares.map(({ page }) => this.plainTexts(page))
    shares.forEach(({ at, first, last }, index) => {
      const { starts, ends } = all[index]
      const rows = places[index]
      for (let i = first; i < last; i++) offsets[(rows === null ? at + i - first : rows[i - first]) + 1] = ends[i] - starts[i]
    })
    for (let row = 0; row < length; row++) offsets[row + 1] += offsets[row]
    const bytes = account.u8(offsets[length])
    let to = 0 // rows without a value have no bytes, so values stand side by side
    shares.forEach(({ page, first, last }, index) => {
      const { starts, ends } = all[index]
      for (let i = first; i < last; to += ends[i] - starts[i], i++) copy(page.bytes, starts[i], ends[i], bytes, to)
    })
    if (!isUtf8(bytes)) return null
    for (let row = 0; row < length; row++) {
      if (offsets[row] < offsets[row + 1] && (bytes[offsets[row]] & 0xc0) === 0x80) return null
    }
    const marks = nulls === null ? null : account.u8(length)
    if (nulls !== null) marks?.set(nulls)
    return { kind: 'bytes', type: this.reading.plan.column.type, length, isConst: false, nulls: marks, offsets, bytes }
  }
}
