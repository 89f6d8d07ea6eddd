// Bodies of one commit group to parts: parse in slices, encode column by column, copy the images into the
// data arena.

import { crc32 } from '../../storage/bytes/crc32.ts'
import { ImageBuild } from '../../storage/part/build.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { TableMeta } from '../../storage/face.ts'
import { storedDocuments } from '../functions/values/cast.ts'
import type { EvalContext } from '../functions/values/function.ts'
import { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { textsToJson } from '../ingest/texts.ts'
import { IngestJob as Parse, IngestPlan, type IngestContext, type ParsedColumn, type ParsedRows } from '../ingest/ingest.ts'
import { rowKeysOf } from '../../storage/part/row-keys.ts'
import { DefaultComputer } from '../exec/expressions/default-computer.ts'
import { describeFailure, StoreFull } from './failure.ts'
import type { Job } from './job-queue.ts'
import type { BodyRef, ImagePart, IngestMessage, IngestSpec } from './messages.ts'
import { packResults, unpackBodies } from './packed.ts'
import type { WorkerWorld } from './world.ts'

/** Time of one slice of parsing: an endpoint's query waits no longer behind a big body. */
export const SLICE_MS = 2

export type Compiled = { readonly plan: IngestPlan; readonly defaults: DefaultComputer }

const compiled = new WeakMap<IngestSpec, Compiled>()

/** A spec, ready. */
export function compiledOf(spec: IngestSpec): Compiled {
  let known = compiled.get(spec)
  if (known === undefined) {
    const columns = spec.columns.map((column) => ({ ...column, type: parseDataType(column.type) }))
    known = { plan: new IngestPlan(columns), defaults: new DefaultComputer(spec.columns) }
    compiled.set(spec, known)
  }
  return known
}

/** What the parser of a message is told. */
export function contextOf(
  { kernels }: WorkerWorld, { importId, nowMs }: Pick<IngestMessage, 'importId' | 'nowMs'>, defaults: DefaultComputer,
): IngestContext {
  return {
    importId, nowMs, defaults: {
      usesOf: (column) => defaults.usesOf(column),
      compute: (column, rows, vectors, account) => defaults.compute(column, rows, vectors, {
        account, kernels, nowMs, checkAlive: () => {},
      }),
    },
  }
}

/** Turns the bodies of one message into the parts of one transaction. */
export class IngestJob implements Job {
  private parse: Parse | null = null
  private parsed: ParsedRows | null = null
  private encoder: PartEncoder | null = null
  /** What lies in shared memory already: the receiver's once it is posted. */
  private part: ImagePart | null = null
  private keys: { readonly address: number; readonly bytes: number } | null = null
  private misfits: ImagePart | null = null
  private readonly world: WorkerWorld
  private readonly message: IngestMessage
  private readonly spec: IngestSpec

  constructor(world: WorkerWorld, message: IngestMessage) {
    this.world = world
    this.message = message
    this.spec = world.ingestSpecOf(message)
  }

  step(): 'more' | 'waiting' | 'done' {
    const { world, message } = this
    const until = performance.now() + SLICE_MS
    this.parse ??= this.begin()
    if (this.parsed === null) {
      if (!this.parse.step(SLICE_MS)) return this.parse.waiting === null ? 'more' : this.wait(this.parse.waiting)
      this.parsed = this.parse.result()
    }
    if (!this.encode(this.parsed, until)) return 'more'
    const { part, keys, misfits, parsed: { perBody } } = this
    world.post({
      kind: 'ingest-done', id: message.id, result: { part, keys, quarantine: misfits, results: packResults(perBody) },
    })
    this.parse.release()
    return 'done'
  }

  /** False: the time is over. */
  private encode({ rowCount, columns, quarantine }: ParsedRows, until: number): boolean {
    const { spec: { table, quarantine: quarantineTable, keyColumn } } = this
    if (this.part === null && rowCount > 0) {
      this.part = this.encoded(table, columns, rowCount, until)
      if (this.part === null) return false
      if (keyColumn !== null) this.keys = this.keysOf(columns, keyColumn)
    }
    if (this.misfits === null && quarantine !== null) {
      this.misfits = this.encoded(quarantineTable, quarantine.columns, quarantine.rowCount, until)
    }
    return (this.misfits === null) === (quarantine === null)
  }

  /** null: the time is over. */
  private encoded(table: TableMeta, columns: readonly ParsedColumn[], rowCount: number, until: number): ImagePart | null {
    this.encoder ??= new PartEncoder(this.world, table, columns, rowCount)
    if (!this.encoder.step(until)) return null
    const part = this.encoder.place()
    this.encoder.release()
    this.encoder = null
    return part
  }

  private begin(): Parse {
    const { world, message } = this
    const { plan, defaults } = compiledOf(this.spec)
    const refs = 'packed' in message.bodies ? unpackBodies(message.bodies) : message.bodies
    const bodies = refs.map((body) => ({
      bytes: this.plainBytes(body), format: body.format, gzip: body.gzip, csv: body.csv ?? null, firstLine: body.firstLine ?? 1,
    }))
    return new Parse(plan, world.work, world.kernels, bodies, contextOf(world, message, defaults))
  }

  /** JSON lines of a quarantine's rows; other bodies as they lie in shared memory. */
  private plainBytes({ address, bytes: length, texts }: BodyRef): Uint8Array {
    const bytes = this.world.dataArena.bytes(address, length)
    return texts === undefined ? bytes : textsToJson(bytes, texts)
  }

  /** The worker does other things while a gzip body is being unpacked beside it. */
  private wait(ready: Promise<void>): 'waiting' {
    void ready.then(() => this.world.resume(this))
    return 'waiting'
  }

  /** Everything that goes into shared memory, or nothing of it. */
  fail(error: unknown): void {
    const { dataArena } = this.world
    for (const made of [this.part, this.keys, this.misfits]) if (made !== null) dataArena.free(made.address, made.bytes)
    this.encoder?.release()
    this.parse?.release()
    this.world.post({ kind: 'failed', id: this.message.id, error: describeFailure(error) })
  }

  private keysOf(columns: readonly ParsedColumn[], columnId: number): { address: number; bytes: number } {
    const { world } = this
    const column = columns.find(({ id }) => id === columnId)
    if (column === undefined) throw new Error(`ingest: column ${columnId} is not among those of the rows`)
    return withAccount(world, (account) => {
      const keys = rowKeysOf(column.vector, account, world.kernels)
      return placed(world, new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength))
    })
  }
}

/** A part of a table in the making. Whoever has one releases it, whatever happens. */
class PartEncoder {
  private readonly world: WorkerWorld
  private readonly table: TableMeta
  private readonly columns: readonly ParsedColumn[]
  private readonly rowCount: number
  private readonly account: MemoryAccount
  private build: ImageBuild | null = null

  constructor(world: WorkerWorld, table: TableMeta, columns: readonly ParsedColumn[], rowCount: number) {
    this.world = world
    this.table = table
    this.columns = columns
    this.rowCount = rowCount
    this.account = new MemoryAccount(world.work, world.setup.workMemoryBytes)
  }

  /** Writes columns until then; true: all are written. */
  step(until: number): boolean {
    const build = this.build ??= this.begin()
    while (build.writeNext()) if (performance.now() >= until) return false
    return true
  }

  private begin(): ImageBuild {
    const { world, table, account } = this
    const context: EvalContext = { account, kernels: world.kernels, nowMs: Date.now(), checkAlive: () => {} }
    const ids = new Map(table.columns.map((column) => [column.name, column.id]))
    return new ImageBuild({
      tableId: table.id, schemaVersion: table.schemaVersion, isSorted: false, partition: '', withPostings: false,
      columns: this.columns.map((column) => ({
        ...column, id: ids.get(column.name) ?? column.id, vector: storedDocuments(column.vector, column.vector.type, context, true),
      })),
    }, account, world.kernels, account)
  }

  /** The part, in the data arena. Throws StoreFull. */
  place(): ImagePart {
    if (this.build === null) throw new Error('ingest: place() before the last step()')
    const image = this.build.finish()
    return { ...placed(this.world, image), checksum: crc32(image), rowCount: this.rowCount }
  }

  release(): void { this.account.releaseAll() }
}

/** A part of a table, in the data arena. Throws StoreFull. */
export function encodePart(world: WorkerWorld, table: TableMeta, columns: readonly ParsedColumn[], rowCount: number): ImagePart {
  const encoder = new PartEncoder(world, table, columns, rowCount)
  try {
    encoder.step(Number.POSITIVE_INFINITY)
    return encoder.place()
  } finally {
    encoder.release()
  }
}

/** What is taken from the account goes back, whatever happens. */
function withAccount<T>(world: WorkerWorld, use: (account: MemoryAccount) => T): T {
  const account = new MemoryAccount(world.work, world.setup.workMemoryBytes)
  try {
    return use(account)
  } finally {
    account.releaseAll()
  }
}

function placed({ dataArena }: WorkerWorld, bytes: Uint8Array): { readonly address: number; readonly bytes: number } {
  const address = dataArena.allocate(bytes.length)
  if (address === 0) throw new StoreFull()
  dataArena.bytes(address, bytes.length).set(bytes)
  return { address, bytes: bytes.length }
}
