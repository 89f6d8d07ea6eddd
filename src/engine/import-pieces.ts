// A stream of CSV or JSON lines in pieces of whole records.
//
//   chunks -> splitter -> pieces of about PIECE_BYTES; a CSV's heading is taken off the first

import { COMMA, firstRecord, RecordSplitter, type CsvDialect } from '../ingest/csv.ts'
import type { CsvForm, IngestSpec, ParquetStretch } from '../workers/messages.ts'
import { EngineError } from './engine.ts'

/** Bytes of one piece: some hundredth of a second of a worker's time. */
const PIECE_BYTES = 8 * 2 ** 20
/** A record longer than this is an unclosed quote, or no line of text at all. */
const RECORD_BYTES_MAX = 64 * 2 ** 20

/** Whole records: bytes, or rows of a Parquet file. */
export type Piece =
  | { readonly body: Uint8Array; readonly csv: CsvForm | null }
  | { readonly stretch: ParquetStretch }

/** Pieces that end where a record does. `csv` null: JSON lines. */
export async function* pieces(chunks: AsyncIterable<Uint8Array>, csv: CsvHead | null): AsyncGenerator<Piece> {
  const splitter = new RecordSplitter(csv?.dialect ?? null)
  let held = Buffer.alloc(2 * PIECE_BYTES)
  let length = 0
  let looked = 0
  let end = 0
  for await (const chunk of chunks) {
    if (length + chunk.length > held.length) held = grown(held, length, length + chunk.length)
    held.set(chunk, length)
    length += chunk.length
    end = Math.max(end, splitter.endOf(held.subarray(0, length), looked))
    looked = length
    if (end > 0 && length >= PIECE_BYTES) {
      yield* pieceOf(held.subarray(0, end), csv)
      const rest = held.subarray(end, length)
      held = grown(rest, rest.length, 2 * PIECE_BYTES) // the piece is its receiver's
      length -= end
      looked = length
      end = 0
    }
    if (length - end > RECORD_BYTES_MAX) {
      throw new EngineError('query', `A record is longer than ${RECORD_BYTES_MAX} bytes`
        + (csv === null ? '' : ': is a quote not closed?'), 'TOO_LARGE_RECORD')
    }
  }
  if (length > 0) yield* pieceOf(held.subarray(0, length), csv)
}

function grown(bytes: Uint8Array, length: number, least: number): Buffer<ArrayBuffer> {
  const larger = Buffer.alloc(Math.max(2 * PIECE_BYTES, least, least < RECORD_BYTES_MAX ? 0 : 2 * length))
  larger.set(bytes.subarray(0, length))
  return larger
}

function* pieceOf(bytes: Uint8Array, csv: CsvHead | null): Generator<Piece> {
  const body = csv === null ? bytes : csv.withoutHeading(bytes)
  if (body.length > 0) yield { body, csv: csv?.form ?? null }
}

/** What the first record says of a CSV's columns. */
export class CsvHead {
  readonly dialect: CsvDialect
  form: CsvForm | null = null
  private readonly spec: IngestSpec

  constructor(dialect: CsvDialect = COMMA, spec: IngestSpec) {
    this.dialect = dialect
    this.spec = spec
  }

  /** The piece's rows. Of the first one, the heading is looked for: a record that names a column. */
  withoutHeading(piece: Uint8Array): Uint8Array {
    if (this.form !== null) return piece
    const bytes = piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf ? piece.subarray(3) : piece
    const names = this.spec.columns.map(({ name }) => name)
    const cells = firstRecord(bytes, this.dialect).map((cell) => cell.trim())
    const isHeading = cells.some((cell) => names.includes(cell))
    this.form = { dialect: this.dialect, columns: isHeading ? cells : names }
    return isHeading ? bytes.subarray(firstRecordBytes(bytes, this.dialect)) : bytes
  }
}

/** Bytes of the first record, with its line end. */
export function firstRecordBytes(bytes: Uint8Array, dialect: CsvDialect): number {
  const splitter = new RecordSplitter(dialect)
  let from = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, from)) {
    const end = splitter.endOf(bytes.subarray(0, at + 1), from)
    if (end > 0) return end
    from = at + 1
  }
  return bytes.length
}
