// A stream of CSV or JSON lines in pieces of whole records.
//
//   chunks -> splitter -> pieces of about PIECE_BYTES; a CSV's heading is taken off the first

import { COMMA, dialectOf, firstRecord, isHeading, recordEnd, type CsvDialect } from '../ingest/csv.ts'
import type { CsvForm } from '../ingest/body-reader.ts'
import { RecordSplitter, type SplitterRoom } from '../ingest/record-splitter.ts'
import type { IngestSpec, ParquetStretch } from '../workers/messages.ts'
import { EngineError } from './engine-error.ts'

/** Bytes of one piece: some hundredth of a second of a worker's time. */
const PIECE_BYTES = 4 * 2 ** 20
/** A record longer than this is an unclosed quote, or no line of text at all. */
const RECORD_BYTES_MAX = 64 * 2 ** 20
/** Where no line ends within so many bytes the delimiter is taken to be what it mostly is. */
const LINE_BYTES_MAX = 64 * 2 ** 10
const BOM_BYTES = 3
const NEWLINE = 10
const RETURN = 13

/** Whole records: bytes, which are the receiver's until it asks for the next piece, or rows of a Parquet
 * file. `firstLine`: the line of the file at which it begins. */
export type Piece =
  | { readonly body: Uint8Array; readonly csv: CsvForm | null; readonly firstLine: number }
  | { readonly stretch: ParquetStretch }

/** Pieces that end where a record does. `csv` null: JSON lines. */
export async function* pieces(
  chunks: AsyncIterable<Uint8Array>, csv: CsvHead | null, room: SplitterRoom,
): AsyncGenerator<Piece> {
  let splitter: RecordSplitter | null = null
  let held = Buffer.allocUnsafeSlow(2 * PIECE_BYTES)
  let length = 0
  let looked = 0
  let end = 0
  let line = 1
  for await (const chunk of chunks) {
    if (length + chunk.length > held.length) held = larger(held, length, length + chunk.length)
    held.set(chunk, length)
    length += chunk.length
    // A mark of byte order is no part of the first field.
    if (looked === 0 && line === 1 && csv !== null) {
      if (length < BOM_BYTES) continue
      if (hasBom(held)) looked = BOM_BYTES
    }
    if (splitter === null) {
      if (csv !== null && length < LINE_BYTES_MAX && !held.subarray(0, length).includes(NEWLINE)) continue
      csv?.look(held.subarray(0, length))
      splitter = new RecordSplitter(room, csv?.dialect ?? null)
    }
    end = Math.max(end, splitter.endOf(held.subarray(0, length), looked))
    looked = length
    if (end > 0 && length >= PIECE_BYTES) {
      yield* pieceOf(held.subarray(0, end), csv, line)
      line += splitter.linesOf(held.subarray(0, end))
      length -= end
      if (held.length > 2 * PIECE_BYTES && length <= PIECE_BYTES) held = larger(held.subarray(end), length, 2 * PIECE_BYTES)
      else held.copyWithin(0, end, end + length)
      looked = length
      end = 0
    }
    if (length - end > RECORD_BYTES_MAX) {
      throw new EngineError('query', `The record at line ${line + splitter.linesOf(held.subarray(0, end))} is longer than `
        + `${RECORD_BYTES_MAX} bytes${csv === null ? '' : ': is a quote not closed?'}`, 'TOO_LARGE_RECORD')
    }
  }
  if (splitter === null) csv?.look(held.subarray(0, length)) // a lone line without its end
  if (length > 0) yield* pieceOf(held.subarray(0, length), csv, line)
}

/** A file without its mark of byte order and the empty lines that it begins with. */
function rowsFrom(file: Uint8Array): Uint8Array {
  let bytes = hasBom(file) ? file.subarray(BOM_BYTES) : file
  while (bytes.length > 0 && (bytes[0] === NEWLINE || (bytes[0] === RETURN && bytes[1] === NEWLINE))) bytes = bytes.subarray(1)
  return bytes
}

const hasBom = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

function larger(bytes: Uint8Array, length: number, least: number): Buffer<ArrayBuffer> {
  const grown = Buffer.allocUnsafeSlow(least <= 2 * PIECE_BYTES ? least : 2 * least)
  grown.set(bytes.subarray(0, length))
  return grown
}

function* pieceOf(bytes: Uint8Array, csv: CsvHead | null, firstLine: number): Generator<Piece> {
  const body = csv === null ? bytes : csv.withoutHeading(bytes)
  if (body.length > 0) yield { body, csv: csv?.form ?? null, firstLine: firstLine + (csv?.linesBefore(bytes, body) ?? 0) }
}

/** What the first record says of a CSV's columns. */
export class CsvHead {
  /** COMMA until look(), where the client says none. */
  dialect: CsvDialect
  form: CsvForm | null = null
  private readonly isGiven: boolean
  private readonly spec: IngestSpec

  constructor(dialect: CsvDialect | undefined, spec: IngestSpec) {
    this.isGiven = dialect !== undefined
    this.dialect = dialect ?? COMMA
    this.spec = spec
  }

  /** The dialect, of the file's beginning, where the client says none. */
  look(begin: Uint8Array): void {
    if (!this.isGiven) this.dialect = dialectOf(rowsFrom(begin), this.spec.columns.map(({ name }) => name))
  }

  /** The piece's rows. Of the first one, the heading is looked for: a record that names a column, and is no row. Throws
   * EngineError for one that can't be that of a file for this data source. */
  withoutHeading(piece: Uint8Array): Uint8Array {
    if (this.form !== null) return piece
    const bytes = rowsFrom(piece)
    const { table, columns } = this.spec
    const names = columns.map(({ name }) => name)
    const cells = firstRecord(bytes, this.dialect).map((cell) => cell.trim())
    const hasHeading = isHeading(cells, columns)
    const twice = cells.find((cell, index) => names.includes(cell) && cells.indexOf(cell) < index)
    if (hasHeading && twice !== undefined) {
      throw badHeading(`The heading names the column ${twice} twice`)
    }
    if (!hasHeading && cells.length > names.length) {
      throw badHeading(`The first record has ${cells.length} fields and is no heading: ${table.name} has ${names.length} columns `
        + `(${names.join(', ')}), and none of them is named. Is the delimiter another one than '${String.fromCharCode(this.dialect.delimiter)}'?`)
    }
    this.form = { dialect: this.dialect, columns: hasHeading ? cells : names }
    return hasHeading ? bytes.subarray(firstRecordBytes(bytes, this.dialect)) : bytes
  }

  /** Lines of a piece that stand before its rows. */
  linesBefore(piece: Uint8Array, rows: Uint8Array): number {
    let lines = 0
    for (let at = piece.length - rows.length - 1; at >= 0; at--) if (piece[at] === NEWLINE) lines++
    return lines
  }
}

const badHeading = (message: string): EngineError => new EngineError('query', `${message}; nothing is stored`, 'BAD_HEADING')

/** Bytes of the first record, with its line end. */
export const firstRecordBytes = (bytes: Uint8Array, dialect: CsvDialect): number =>
  Math.min(bytes.length, recordEnd(bytes, 0, dialect) + 1)
