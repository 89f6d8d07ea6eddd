// Files in: a stream of bytes becomes rows of a data source piece by piece, and all of it appears at
// once or not at all. Memory holds a few pieces, whatever the size of the file.
//
//   chunks -> pieces of whole records -> workers: CSV or JSON lines to parts -> views -> one stage
//   chunks -> a file in the store's folder -> row groups -> workers: columns to parts -> as above
//
// Pieces are parsed beside each other, and their rows stand in the order of the file.

import type { Arena } from '../../storage/arena/arena.ts'
import type { Store } from '../../storage/index.ts'
import type { StageEffects } from '../../storage/manifest/stage.ts'
import type { SplitterRoom } from '../ingest/record-splitter.ts'
import type { IngestResult, IngestSpec } from '../workers/messages.ts'
import { unpackResults } from '../workers/packed.ts'
import type { WorkerPool } from '../workers/pool.ts'
import { keyedPart, type KeyedPart } from './duplicates.ts'
import type { ImportAnswer, ImportRequest } from './engine.ts'
import { EngineError } from './engine-error.ts'
import type { Feeds } from './feeds.ts'
import type { FileKey } from './idempotency.ts'
import { CsvHead, pieces, type Piece } from './import-pieces.ts'
import { parquetPieces } from './parquet-pieces.ts'
import { quotedName } from './views.ts'

/** Pieces in work at once: each worker has one, and the next is there when one is done. */
const PIECES_AHEAD = 3
/** How often the room on the disk is looked at. */
const PIECES_A_LOOK = 4

/** Cells of a CSV and values of a Parquet file are found by their columns' names, and an empty or missing
 * one is the type's default where the column has none of its own, as in ClickHouse; JSON lines are read by
 * the columns' paths. */
export function csvColumn(column: IngestSpec['columns'][number]): IngestSpec['columns'][number] {
  const { name, type, defaultText } = column
  const typeDefault = `defaultValueOfTypeName('${type.replace(/['\\]/g, '\\$&')}')`
  const isNullable = type.startsWith('Nullable(') || type.startsWith('LowCardinality(Nullable(')
  return { ...column, jsonPath: name.includes('.') ? `$['${name}']` : `$.${name}`, defaultText: defaultText ?? (isNullable ? null : typeDefault) }
}

export type ImportWorld = {
  readonly store: Store
  readonly arena: Arena
  readonly pool: WorkerPool
  readonly feeds: Feeds
  readonly newImportId: () => string
  readonly newPlanId: () => number
  readonly splitterRoom: SplitterRoom
  /** Largest file, unpacked. */
  readonly bytesMax: number
}

/** Runs one import. Throws EngineError for a stream that can't be read as said; then nothing of it is
 * stored. Rows that do not fit go to the quarantine. `spec`: values lie under their columns' names. */
export async function runImport(
  world: ImportWorld, spec: IngestSpec, request: ImportRequest, key: FileKey | null,
): Promise<ImportAnswer> {
  return await new Import(world, spec, request, key).run()
}

class Import {
  private readonly world: ImportWorld
  private readonly spec: IngestSpec
  private readonly request: ImportRequest
  private readonly key: FileKey | null
  private readonly planId: number
  private readonly importId: string
  private readonly counts = { successful: 0, quarantined: 0, duplicates: 0, firstError: null as string | null }
  private readonly atEnd: (() => Promise<void>)[] = []
  private bytesRead = 0
  private piecesDone = 0

  constructor(world: ImportWorld, spec: IngestSpec, request: ImportRequest, key: FileKey | null) {
    this.key = key
    this.world = world
    this.spec = spec
    this.request = request
    this.planId = world.newPlanId()
    this.importId = world.newImportId()
  }

  async run(): Promise<ImportAnswer> {
    try {
      return await this.stage()
    } finally {
      for (const work of this.atEnd) await work()
    }
  }

  private async stage(): Promise<ImportAnswer> {
    const { world: { feeds }, spec, request } = this
    const condition = request.replaceCondition ?? null
    const { name } = spec.table
    const targets = request.isReplacing ? feeds.replacing(name) : { into: [name] }
    return await feeds.bulk.staged(targets, async (stage, commit) => {
      for await (const result of this.parsed()) {
        const known = await feeds.bulk.addAll(stage, await this.wanted(result, condition))
        this.counts.duplicates += known
        this.counts.successful -= known
        if (this.piecesDone++ % PIECES_A_LOOK === 0) this.world.store.requireRoom()
        const { successful, quarantined, duplicates } = this.counts
        request.onProgress?.(successful + quarantined + duplicates, this.bytesRead)
      }
      this.checkAlive()
      const answered = this.answered()
      // A file that is no such file takes nobody's place; one without rows empties.
      const isReplacing = request.isReplacing && (this.counts.successful > 0 || this.counts.quarantined === 0)
      const lost = await (isReplacing ? feeds.replace(stage, commit, name, condition, answered) : commit(answered))
      this.counts.duplicates += lost(name)
      this.counts.successful -= lost(name)
      return { importId: this.importId, ...this.counts }
    })
  }

  /** The client's key with its answer, as part of the write. */
  private answered(): Pick<StageEffects, 'answered'> {
    const { key, spec, counts: { successful, quarantined, duplicates, firstError } } = this
    if (key === null) return {}
    return { answered: { table: spec.table.name, keyOf: (lost) => ({
      ...key.inUse(), atMs: Date.now(),
      answer: { successful: successful - lost, quarantined, duplicates: duplicates + lost, text: firstError ?? '' },
    }) } }
  }

  private checkAlive(): void {
    if (this.request.signal?.aborted === true) throw new EngineError('cancelled', 'The import was cancelled; nothing of it is stored', 'CANCELLED')
    if (this.bytesRead <= this.world.bytesMax) return
    throw new EngineError('limit', `The file is larger than ${this.world.bytesMax} bytes; nothing of it is stored. `
      + 'PIPIT_IMPORT_BYTES_MAX sets the limit', 'TOO_LARGE_FILE')
  }

  /** Results of the pieces in their order, some of which are parsed ahead. */
  private async *parsed(): AsyncGenerator<IngestResult> {
    const ahead: Promise<IngestResult>[] = []
    try {
      for await (const piece of this.pieces()) {
        this.checkAlive()
        const result = this.parse(piece)
        result.catch(() => {}) // it is awaited below, or let go
        ahead.push(result)
        if (ahead.length >= PIECES_AHEAD) yield await (ahead.shift() as Promise<IngestResult>)
      }
      while (ahead.length > 0) yield await (ahead.shift() as Promise<IngestResult>)
    } finally {
      for (const result of await Promise.allSettled(ahead)) if (result.status === 'fulfilled') this.free(result.value)
    }
  }

  private pieces(): AsyncIterable<Piece> {
    const { world, spec, request } = this
    const chunks = this.counted(this.key?.hashed(request.chunks) ?? request.chunks)
    if (request.format === 'parquet') return parquetPieces(world, spec, chunks, (work) => { this.atEnd.push(work) })
    const csv = request.format === 'csv' ? new CsvHead(request.dialect, spec) : null
    return pieces(chunks, csv, world.splitterRoom)
  }

  private async *counted(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.bytesRead += chunk.length
      const { successful, quarantined } = this.counts
      this.request.onProgress?.(successful + quarantined, this.bytesRead)
      this.checkAlive()
      yield chunk
    }
  }

  private async parse(piece: Piece): Promise<IngestResult> {
    const { pool, arena } = this.world
    const { planId, spec } = this
    const rest = { importId: this.importId, nowMs: Date.now() }
    if ('stretch' in piece) return await pool.parquet(planId, spec, { ...rest, stretch: piece.stretch })
    const { body, csv, firstLine } = piece
    const bytes = body.length
    const address = arena.allocate(bytes)
    if (address === 0) throw noMemory()
    arena.bytes(address, bytes).set(body)
    try {
      return await pool.ingest(planId, spec, { ...rest, bodies: [{ address, bytes, format: 'ndjson', gzip: false, csv, firstLine }] })
    } finally {
      arena.free(address, bytes)
    }
  }

  /** The parts that go in, counted; those of a replacement by a condition only with rows that fulfil it. */
  private async wanted(result: IngestResult, condition: string | null): Promise<KeyedPart[]> {
    const { spec, counts, world: { arena } } = this
    const [body] = unpackResults(result.results)
    const parts = [keyedPart(result.part, result.keys, spec.table, arena), keyedPart(result.quarantine, null, spec.quarantine, arena)]
      .filter((part) => part !== null)
    counts.quarantined += body.quarantined
    counts.firstError ??= body.firstError
    if (condition === null || result.part === null) {
      counts.successful += body.successful
      return parts
    }
    const [first, ...others] = parts
    try {
      const { views } = this.world.feeds.bulk.world
      const name = quotedName(spec.table.name)
      const { plan, planId } = views.planFor(`SELECT * FROM ${name} WHERE (${condition}\n)`, spec.table)
      const kept = await views.over(views.passing(first), spec.table, plan, planId, spec.table)
      counts.successful += kept?.rowCount ?? 0
      return kept === null ? others : [kept, ...others]
    } catch (error) {
      for (const { address, bytes } of others) arena.free(address, bytes)
      throw error
    } finally {
      arena.free(first.address, first.bytes)
    }
  }

  private free({ part, quarantine, keys }: IngestResult): void {
    for (const one of [part, quarantine, keys]) if (one !== null) this.world.arena.free(one.address, one.bytes)
  }
}

const noMemory = (): EngineError =>
  new EngineError('busy', 'The server cannot accept more rows right now; try again in a second', 'BUSY')
