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
import { StringColumn, StringTable, type TypedColumn } from './parquet-strings.ts'

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

/** The codes of a page's values, each below `size`. */
function codesOf({ bytes, valueCount }: DataPage, size: number): Uint32Array {
  const codes = new Uint32Array(valueCount)
  if (valueCount === 0) return codes
  if (bytes.length === 0) throw cut()
  readHybrid(bytes, 1, bytes.length, bytes[0], codes)
  for (let i = 0; i < valueCount; i++) if (codes[i] >= size) throw new Error('a page names a value that the dictionary lacks')
  return codes
}

/** Values of a page before row `row`. */
function valuesBefore({ from, nulls }: DataPage, row: number): number {
  if (nulls === null) return Math.max(0, row - from)
  let values = 0
  for (let i = 0; i < row - from; i++) values += 1 - nulls[i]
  return values
}

/** Calls back for rows [from, to) of a page that have a value: row from the stretch's first, and the
 * number of the value in the page. Marks the others. */
function eachValue(page: DataPage, from: number, to: number, nulls: Uint8Array, visit: (row: number, value: number) => void): void {
  const first = Math.max(from, page.from)
  let value = valuesBefore(page, first)
  for (let row = first; row < Math.min(to, page.to); row++) {
    if (page.nulls !== null && page.nulls[row - page.from] === 1) nulls[row - from] = 1
    else visit(row - from, value++)
  }
}

/** Plain values of one width as numbers; 64-bit ones exact as doubles, or null: they are not. */
function plainNumbers(bytes: Uint8Array, count: number, physical: Physical): Numbers {
  const width = physical === 'BOOLEAN' ? 1 / 8 : /64|DOUBLE/.test(physical) ? 8 : 4
  if (Math.ceil(count * width) > bytes.length) throw cut()
  const out = new Float64Array(count)
  if (physical === 'BOOLEAN') {
    for (let i = 0; i < count; i++) out[i] = bytes[i >>> 3] >>> (i & 7) & 1
    return out
  }
  const own = bytes.slice(0, count * width).buffer
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
  private last: { readonly page: DataPage; readonly values: Numbers } | null = null

  constructor(pages: Pages, reading: PagedReading) {
    this.pages = pages
    this.reading = reading
  }

  vector(from: number, to: number, account: MemoryAccount): Vector | null {
    const { plan, unit, takesNulls } = this.reading
    const nulls = new Uint8Array(to - from)
    const found: { readonly page: DataPage; readonly values: Numbers }[] = []
    for (const page of this.pages.over(from, to)) found.push({ page, values: this.valuesOf(page) })
    const exact = found.find(({ values }) => !(values instanceof Float64Array))?.values
    const out = exact === undefined ? new Float64Array(to - from)
      : exact instanceof BigInt64Array ? new BigInt64Array(to - from) : new BigUint64Array(to - from)
    for (const { page, values } of found) {
      if (out instanceof Float64Array) eachValue(page, from, to, nulls, (row, value) => { out[row] = values[value] as number })
      else eachValue(page, from, to, nulls, (row, value) => { out[row] = BigInt(values[value]) })
    }
    const marks = nulls.includes(1) ? nulls : null
    if (marks !== null && !takesNulls) return null
    return NumberColumn.of(out, marks, plan, unit)?.vector(0, to - from, account) ?? null
  }

  private valuesOf(page: DataPage): Numbers {
    if (this.last?.page === page) return this.last.values
    const { physical } = this.reading
    let values: Numbers
    if (isCoded(page)) {
      const dictionary = this.dictionary ??= this.readDictionary()
      const codes = codesOf(page, dictionary.length)
      if (dictionary instanceof Float64Array) {
        values = new Float64Array(codes.length)
        for (let i = 0; i < codes.length; i++) values[i] = dictionary[codes[i]]
      } else {
        values = dictionary instanceof BigInt64Array ? new BigInt64Array(codes.length) : new BigUint64Array(codes.length)
        for (let i = 0; i < codes.length; i++) values[i] = dictionary[codes[i]]
      }
    } else if (page.encoding === ENCODING_RLE) {
      const bits = new Uint32Array(page.valueCount)
      const end = 4 + lengthAt(page.bytes, 0)
      if (end > page.bytes.length) throw cut()
      readHybrid(page.bytes, 4, end, 1, bits)
      values = Float64Array.from(bits)
    } else values = plainNumbers(page.bytes, page.valueCount, physical)
    this.last = { page, values }
    return values
  }

  private readDictionary(): Numbers {
    const found = this.pages.dictionaryPage()
    if (found === null) throw new Error('its dictionary is missing')
    return plainNumbers(found.bytes, found.count, this.reading.physical)
  }
}

/** Texts with their lengths before them: calls back for each. */
function eachText(bytes: Uint8Array, count: number, visit: (start: number, end: number, index: number) => void): void {
  let at = 0
  for (let index = 0; index < count; index++) {
    const start = at + 4
    const end = start + lengthAt(bytes, at)
    if (end > bytes.length) throw cut()
    visit(start, end, index)
    at = end
  }
}

/** A page's texts by place. */
type Texts = { readonly page: DataPage; readonly starts: Uint32Array; readonly ends: Uint32Array }

class PagedStrings implements TypedColumn {
  private readonly pages: Pages
  private readonly reading: PagedReading
  private readonly table = new StringTable()
  /** The table's number of each text of the dictionary. */
  private dictionary: Uint32Array | null = null
  private last: { readonly page: DataPage; readonly codes: Uint32Array | Texts } | null = null

  constructor(pages: Pages, reading: PagedReading) {
    this.pages = pages
    this.reading = reading
  }

  vector(from: number, to: number, account: MemoryAccount): Vector | null {
    const { plan, takesNulls } = this.reading
    const nulls = new Uint8Array(to - from)
    const found = [...this.pages.over(from, to)].map((page) => ({ page, values: this.valuesOf(page) }))
    const plain = found.every(({ values }) => !(values instanceof Uint32Array))
    if (found.some(({ page }) => page.nulls !== null) && !takesNulls) {
      for (const { page } of found) eachValue(page, from, to, nulls, () => {})
      if (nulls.includes(1)) return null
    }
    if (plain && plan.isAdaptive && this.areDistinct(found.map(({ values }) => values as Texts), from, to)) {
      return this.texts(found.map(({ values }) => values as Texts), from, to, nulls, account)
    }
    // Plain texts of other stretches are not kept.
    const table = plain ? new StringTable() : this.table
    const codes = new Uint32Array(to - from)
    for (const { page, values } of found) {
      if (values instanceof Uint32Array) eachValue(page, from, to, nulls, (row, value) => { codes[row] = values[value] })
      else eachValue(page, from, to, nulls, (row, value) => { codes[row] = table.add(page.bytes.subarray(values.starts[value], values.ends[value])) })
    }
    return StringColumn.ofCodes(codes, nulls.includes(1) ? nulls : null, table, plan)?.vector(0, to - from, account) ?? null
  }

  private valuesOf(page: DataPage): Uint32Array | Texts {
    if (this.last?.page === page) return this.last.codes
    let codes: Uint32Array | Texts
    if (isCoded(page)) {
      const dictionary = this.dictionary ??= this.readDictionary()
      codes = codesOf(page, dictionary.length)
      for (let i = 0; i < codes.length; i++) codes[i] = dictionary[codes[i]]
    } else {
      const texts = { page, starts: new Uint32Array(page.valueCount), ends: new Uint32Array(page.valueCount) }
      eachText(page.bytes, page.valueCount, (start, end, index) => {
        texts.starts[index] = start
        texts.ends[index] = end
      })
      codes = texts
    }
    this.last = { page, codes }
    return codes
  }

  private readDictionary(): Uint32Array {
    const found = this.pages.dictionaryPage()
    if (found === null) throw new Error('its dictionary is missing')
    const numbers = new Uint32Array(found.count)
    eachText(found.bytes, found.count, (start, end, index) => { numbers[index] = this.table.add(found.bytes.subarray(start, end)) })
    return numbers
  }

  /** The first of the texts differ mostly, so codes would not pay. */
  private areDistinct(found: readonly Texts[], from: number, to: number): boolean {
    const table = new StringTable()
    let seen = 0
    for (const { page, starts, ends } of found) {
      const last = valuesBefore(page, Math.min(to, page.to))
      for (let value = valuesBefore(page, Math.max(from, page.from)); value < last && seen < JUDGED; value++, seen++) {
        table.add(page.bytes.subarray(starts[value], ends[value]))
      }
    }
    return isMostlyDistinct(table.size, seen)
  }

  /** Texts as they are; null: some are no UTF-8. */
  private texts(found: readonly Texts[], from: number, to: number, nulls: Uint8Array, account: MemoryAccount): Vector | null {
    const length = to - from
    const offsets = account.u32(length + 1)
    offsets.fill(0)
    for (const { page, starts, ends } of found) {
      eachValue(page, from, to, nulls, (row, value) => { offsets[row + 1] = ends[value] - starts[value] })
    }
    for (let row = 0; row < length; row++) offsets[row + 1] += offsets[row]
    const bytes = account.u8(offsets[length])
    for (const { page, starts, ends } of found) {
      eachValue(page, from, to, nulls, (row, value) => {
        let at = offsets[row]
        for (let i = starts[value]; i < ends[value]; i++) bytes[at++] = page.bytes[i]
      })
    }
    if (!isUtf8(bytes)) return null
    for (let row = 0; row < length; row++) {
      if (offsets[row] < offsets[row + 1] && (bytes[offsets[row]] & 0xc0) === 0x80) return null
    }
    const marks = nulls.includes(1) ? account.u8(length) : null
    marks?.set(nulls)
    return { kind: 'bytes', type: this.reading.plan.column.type, length, isConst: false, nulls: marks, offsets, bytes }
  }
}
