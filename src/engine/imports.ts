// Files in: a stream of bytes becomes rows of a data source piece by piece, and all of it appears at
// once or not at all. Memory holds a few pieces, whatever the size of the file.
//
//   chunks -> pieces of whole records -> workers: CSV or JSON lines to parts -> views -> one stage

import type { Arena } from '../../storage/arena/arena.ts'
import type { NewPart } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import { COMMA, firstRecord, RecordSplitter, type CsvDialect } from '../ingest/csv.ts'
import type { CsvForm, ImagePart, IngestSpec } from '../workers/messages.ts'
import type { WorkerPool } from '../workers/pool.ts'
import type { Feeds } from './feeds.ts'
import { EngineError, type ImportAnswer, type ImportRequest } from './engine.ts'

/** Bytes of one piece: some hundredth of a second of a worker's time. */
const PIECE_BYTES = 8 * 2 ** 20
/** A record longer than this is an unclosed quote, or no line of text at all. */
const RECORD_BYTES_MAX = 64 * 2 ** 20

export type ImportWorld = {
  readonly store: Store
  readonly arena: Arena
  readonly pool: WorkerPool
  readonly feeds: Feeds
  readonly newImportId: () => string
}

/** The way from a file's columns to a table's. Values lie under their columns' names. */
export type ImportPlan = { readonly planId: number; readonly spec: IngestSpec }

/** Runs one import. Throws EngineError for a stream that can't be read as said; then nothing of it is
 * stored. Rows that do not fit go to the quarantine. */
export async function runImport(
  world: ImportWorld, { planId, spec }: ImportPlan, request: ImportRequest,
): Promise<ImportAnswer> {
  const importId = world.newImportId()
  const counts = { successful: 0, quarantined: 0, firstError: null as string | null }
  return await world.feeds.bulk.staged(async (stage, commit) => {
    const csv = request.format === 'csv' ? new CsvHead(request.dialect ?? COMMA, spec) : null
    for await (const piece of pieces(request.chunks, csv === null ? -1 : csv.dialect.quote)) {
      const body = csv === null ? piece : csv.withoutHeading(piece)
      if (body.length === 0) continue
      const { part, quarantine, perBody: [result] } = await parse(world, planId, spec, body, csv?.form ?? null, importId)
      const parts = [part === null ? null : dated(part, spec.table),
        quarantine === null ? null : dated(quarantine, spec.quarantine)].filter((one) => one !== null)
      while (parts.length > 0) {
        try {
          await world.feeds.bulk.add(stage, parts.shift() as NewPart)
        } catch (error) {
          for (const { address, bytes } of parts) world.arena.free(address, bytes)
          throw error
        }
      }
      counts.successful += result.successful
      counts.quarantined += result.quarantined
      counts.firstError ??= result.firstError
      request.onProgress?.(counts.successful + counts.quarantined)
    }
    await (request.isReplacing ? world.feeds.replace(stage, commit, spec.table.name) : commit())
    return { importId, ...counts }
  })
}

const dated = (part: ImagePart, table: IngestSpec['table']): NewPart =>
  ({ ...part, tableId: table.id, schemaVersion: table.schemaVersion })

async function parse(
  { arena, pool }: ImportWorld, planId: number, spec: IngestSpec, body: Uint8Array, csv: CsvForm | null,
  importId: string,
) {
  const address = arena.allocate(body.length)
  if (address === 0) {
    throw new EngineError('busy', 'The server cannot accept more rows right now; try again in a second', 'BUSY')
  }
  try {
    arena.bytes(address, body.length).set(body)
    const ref = { address, bytes: body.length, format: 'ndjson' as const, gzip: false, csv }
    return await pool.ingest(planId, spec, { bodies: [ref], importId, nowMs: Date.now() })
  } finally {
    arena.free(address, body.length)
  }
}

/** Pieces that end where a record does. */
async function* pieces(chunks: AsyncIterable<Uint8Array>, quote: number): AsyncGenerator<Uint8Array> {
  const splitter = new RecordSplitter(quote)
  let held = Buffer.alloc(0)
  let looked = 0
  let end = 0
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk])
    end = Math.max(end, splitter.endOf(held, looked))
    looked = held.length
    if (end > 0 && held.length >= PIECE_BYTES) {
      yield held.subarray(0, end)
      held = Buffer.from(held.subarray(end))
      looked -= end
      end = 0
    }
    if (held.length - end > RECORD_BYTES_MAX) {
      throw new EngineError('query', `A record is longer than ${RECORD_BYTES_MAX} bytes`
        + (quote < 0 ? '' : ': is a quote not closed?'), 'TOO_LARGE_RECORD')
    }
  }
  if (held.length > 0) yield held
}

/** What the first record says of a CSV's columns. */
class CsvHead {
  readonly dialect: CsvDialect
  form: CsvForm | null = null
  private readonly spec: IngestSpec

  constructor(dialect: CsvDialect, spec: IngestSpec) {
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
    if (!isHeading) return bytes
    return bytes.subarray(new RecordSplitter(this.dialect.quote).endOf(firstLine(bytes, this.dialect), 0))
  }
}

/** The bytes of the first record, with its line end. */
function firstLine(bytes: Uint8Array, { quote }: CsvDialect): Uint8Array {
  let isQuoted = false
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === quote) isQuoted = !isQuoted
    else if (bytes[at] === 10 && !isQuoted) return bytes.subarray(0, at + 1)
  }
  return bytes
}
