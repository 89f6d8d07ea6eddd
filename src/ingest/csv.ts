// What is not on the hot path of CSV (storage/kernels/csv.ts): the heading, how a type's cells are read,
// and a record as a JSON line, for the quarantine of those that do not fit. Cells become the values of
// their columns by name; what is no number of a number column stays a string, so that its judge names it.
//
//   cell "a ""b""" of a String column -> "a \"b\""      cell 1.5 of a Float64 column -> 1.5
//   empty cell of another type than String -> the key is left out, so the column's DEFAULT applies

/** How a CSV is written. Bytes of one character each; `escape` -1: within quotes only a doubled quote
 * stands for one. */
export type CsvDialect = { readonly delimiter: number; readonly quote: number; readonly escape: number }

export const COMMA: CsvDialect = { delimiter: 44, quote: 34, escape: -1 }
/** Semicolon, tab, bar. */
const OTHER_DELIMITERS = [59, 9, 124]
export const DIALECTS: readonly CsvDialect[] = [COMMA, ...OTHER_DELIMITERS.map((delimiter) => ({ ...COMMA, delimiter }))]

/** What a cell becomes: a JSON string, a number where it looks like one, JSON where it looks like it. */
export type CsvCell = 'string' | 'number' | 'json'

/** One column of the file; null: its cells go nowhere. An empty cell without quotes is missing, unless
 * the column `keepsEmpty`; `\N` is NULL where it `isNullable`. */
export type CsvColumn = {
  readonly name: string; readonly cell: CsvCell; readonly keepsEmpty: boolean; readonly isNullable: boolean
} | null

const NEWLINE = 10
const RETURN = 13
const BACKSLASH = 92
const QUOTE = 34
/** What JSON takes for a number. */
export const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/
const HEX = '0123456789abcdef'

/** What a type's cells become. */
export function cellOf(type: string): CsvCell {
  const bare = type.replace(/^(?:LowCardinality|Nullable)\(/, '').replace(/^Nullable\(/, '')
  if (/^(U?Int\d+|Float\d+|Decimal)/.test(bare)) return 'number'
  return /^(Array|Map|Tuple|JSON|Nested)/.test(bare) ? 'json' : 'string'
}

/** How a column's cells are read. */
export function csvColumnOf(name: string, type: string): NonNullable<CsvColumn> {
  const isNullable = type.includes('Nullable(')
  const keepsEmpty = !isNullable && /^(LowCardinality\()?(String|FixedString|Enum)/.test(type)
  return { name, cell: cellOf(type), keepsEmpty, isNullable }
}

const encoder = new TextEncoder()

/** Bytes that grow. */
export class Sink {
  bytes: Uint8Array
  length = 0

  constructor(bytes = 64 * 1024) { this.bytes = new Uint8Array(bytes) }

  room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
  }

  add(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.bytes.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Bytes that are few, as a cell's. */
  copy(from: Uint8Array, start: number, count: number): void {
    this.room(count)
    const { bytes, length } = this
    for (let i = 0; i < count; i++) bytes[length + i] = from[start + i]
    this.length += count
  }

  /** A JSON string without anything to escape. */
  quoted(text: string): void {
    this.room(text.length * 3 + 2)
    const { bytes } = this
    bytes[this.length] = QUOTE
    const { written } = encoder.encodeInto(text, bytes.subarray(this.length + 1))
    this.length += written + 2
    bytes[this.length - 1] = QUOTE
  }

  push(byte: number): void {
    this.room(1)
    this.bytes[this.length++] = byte
  }
}

const decoder = new TextDecoder()

/** Converts whole records. The result is the caller's. Records of fewer cells lack the others; cells
 * beyond the columns are left out. */
export function csvToJson(
  csv: Uint8Array, columns: readonly CsvColumn[], dialect: CsvDialect,
): Uint8Array {
  // Keys come on top of the cells: mostly once again as much.
  const out = new Sink(csv.length * 2 + 1024)
  const keys = columns.map((column) => (column === null ? null : encoder.encode(`${JSON.stringify(column.name)}:`)))
  for (let at = 0; at < csv.length;) {
    if (csv[at] === NEWLINE || (csv[at] === RETURN && (at + 1 === csv.length || csv[at + 1] === NEWLINE))) {
      at++
      continue
    }
    at = record(csv, at, columns, keys, dialect, out)
  }
  return out.bytes.subarray(0, out.length)
}

/** Behind the record that begins at `start`, without its newline. */
export function recordEnd(csv: Uint8Array, start: number, dialect: CsvDialect): number {
  return record(csv, start, [], [], dialect, new Sink(16)) - 1
}

/** One record from `start`; answers where the next begins. */
function record(
  csv: Uint8Array, start: number, columns: readonly CsvColumn[], keys: readonly (Uint8Array | null)[],
  { delimiter, quote, escape }: CsvDialect, out: Sink,
): number {
  let at = start
  let isFirst = true
  out.push(123)
  for (let index = 0; ; index++) {
    const isQuoted = csv[at] === quote
    const from = isQuoted ? at + 1 : at
    at = isQuoted ? quotedEnd(csv, from, quote, escape) : plainEnd(csv, at, delimiter)
    const column = columns[index] ?? null
    if (column !== null && (isQuoted || !isMissing(csv, from, at, column))) {
      if (!isFirst) out.push(44)
      isFirst = false
      const key = keys[index] as Uint8Array
      out.copy(key, 0, key.length)
      value(csv, from, at, column.cell, isQuoted ? quote : -1, isQuoted ? escape : -1, out)
    }
    if (isQuoted) at++
    while (at < csv.length && csv[at] !== delimiter && csv[at] !== NEWLINE) at++
    if (at >= csv.length || csv[at] === NEWLINE) break
    at++
  }
  out.push(125)
  out.push(NEWLINE)
  return at + 1
}

/** Of cells without quotes. */
function isMissing(csv: Uint8Array, from: number, to: number, { keepsEmpty, isNullable }: NonNullable<CsvColumn>): boolean {
  return from === to ? !keepsEmpty : isNullable && to - from === 2 && csv[from] === BACKSLASH && csv[from + 1] === 78
}

function quotedEnd(csv: Uint8Array, from: number, quote: number, escape: number): number {
  let at = from
  while (at < csv.length) {
    if (csv[at] === escape && escape !== quote) at += 2
    else if (csv[at] !== quote) at++
    else if (csv[at + 1] === quote) at += 2
    else break
  }
  return Math.min(at, csv.length)
}

function plainEnd(csv: Uint8Array, from: number, delimiter: number): number {
  let at = from
  while (at < csv.length && csv[at] !== delimiter && csv[at] !== NEWLINE) at++
  const isLast = at === csv.length || csv[at] === NEWLINE
  return isLast && at > from && csv[at - 1] === RETURN ? at - 1 : at
}

function value(
  csv: Uint8Array, from: number, to: number, cell: CsvCell, quote: number, escape: number, out: Sink,
): void {
  if (cell === 'number' && NUMBER.test(textOf(csv, from, to))) out.add(csv.subarray(from, to))
  else if (cell === 'json' && !json(csv, from, to, quote, out)) string(csv, from, to, quote, escape, out)
  else if (cell !== 'json') string(csv, from, to, quote, escape, out)
}

const textOf = (csv: Uint8Array, from: number, to: number): string => decoder.decode(csv.slice(from, to))

function json(csv: Uint8Array, from: number, to: number, quote: number, out: Sink): boolean {
  const raw = textOf(csv, from, to)
  const mark = String.fromCharCode(quote)
  const text = jsonOf(quote < 0 ? raw : raw.replaceAll(mark + mark, mark))
  if (text !== null) out.add(encoder.encode(text))
  return text !== null
}

/** Arrays and maps as JSON, or as ClickHouse writes them, with single quotes; null: it is neither. */
export function jsonOf(text: string): string | null {
  if (!/^\s*[[{(]/.test(text)) return null
  for (const one of [text, text.replace(/'((?:[^'\\]|\\.)*)'/g, (_, inner: string) => JSON.stringify(inner))]) {
    try {
      JSON.parse(one) // as it stands it keeps the digits of large numbers
      return one
    } catch {
      continue
    }
  }
  return null
}

/** A JSON string; doubled quotes become one, what is escaped stands for itself. */
function string(csv: Uint8Array, from: number, to: number, quote: number, escape: number, out: Sink): void {
  out.room((to - from) * 6 + 2)
  const { bytes } = out
  let { length } = out
  bytes[length++] = QUOTE
  for (let at = from; at < to; at++) {
    let byte = csv[at]
    if (byte === escape && escape !== quote && at + 1 < to) byte = csv[++at]
    else if (byte === quote) at++ // the second of two
    if (byte === QUOTE || byte === BACKSLASH) {
      bytes[length++] = BACKSLASH
      bytes[length++] = byte
    } else if (byte >= 32) bytes[length++] = byte
    else {
      for (const char of ['\\', 'u', '0', '0', HEX[byte >>> 4], HEX[byte & 15]]) bytes[length++] = char.charCodeAt(0)
    }
  }
  bytes[length++] = QUOTE
  out.length = length
}

/** Cells of the first record, as text: the heading where there is one. */
export function firstRecord(csv: Uint8Array, { delimiter, quote, escape }: CsvDialect): string[] {
  const cells: string[] = []
  for (let at = 0; at <= csv.length;) {
    const isQuoted = csv[at] === quote
    const from = isQuoted ? at + 1 : at
    const end = isQuoted ? quotedEnd(csv, from, quote, escape) : plainEnd(csv, at, delimiter)
    const mark = String.fromCharCode(quote)
    cells.push(textOf(csv, from, end).replaceAll(mark + mark, mark))
    at = isQuoted ? end + 1 : end
    while (at < csv.length && csv[at] !== delimiter && csv[at] !== NEWLINE) at++
    if (at >= csv.length || csv[at] === NEWLINE) break
    at++
  }
  return cells
}

/** Types whose values are written with a digit in front, or a sign and a digit. */
const NUMBER_TYPE = /^(?:Nullable\(|LowCardinality\()*(?:U?Int\d|Float\d|Decimal|Date)/
const NUMBER_START = /^\s*[+-]?\d/
const NOTHING = /^\s*(?:\\N)?\s*$/

/** Whether a first record says what the fields are: it names a column, and is not a row of which a text is spelt as a
 * column is (a field for each column, and numbers where they should stand). */
export function isHeading(cells: readonly string[], columns: readonly { readonly name: string; readonly type: string }[]): boolean {
  const given = cells.filter((cell, index) => NUMBER_TYPE.test(columns[index]?.type ?? '') && !NOTHING.test(cell))
  const isRow = cells.length === columns.length && given.length > 0 && given.every((cell) => NUMBER_START.test(cell))
  return !isRow && cells.some((cell) => columns.some(({ name }) => name === cell.trim()))
}

/** How the CSV that begins so is written: with another delimiter than a comma where by that its first record is one of
 * these columns (it names one, or has a field for each), and by commas it is a single field. */
export function dialectOf(begin: Uint8Array, columns: readonly string[]): CsvDialect {
  if (columns.length === 1) return COMMA
  const [byCommas, ...byOthers] = DIALECTS.map((dialect) => ({ dialect, cells: firstRecord(begin, dialect).map((cell) => cell.trim()) }))
  if (byCommas.cells.length > 1) return COMMA
  return byOthers.find(({ cells }) => cells.length > 1
    && (cells.length === columns.length || cells.some((cell) => columns.includes(cell))))?.dialect ?? COMMA
}
