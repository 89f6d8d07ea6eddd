// One stretch of rows of a Parquet file as a part. The row group stays decoded from stretch to stretch, so
// one worker has all of one.
//
//   row group -> typed columns ────────────────────────> vectors ┐
//             └─ the others as JSON lines -> kernel -> vectors ──┴-> a part
//
// Where a row does not fit, or a DEFAULT reads other columns, the whole stretch goes as JSON lines
// (ingest-job.ts), so that the row is named, and set aside, as any other.

import { nodeDisk } from '../../storage/disk/node-disk.ts'
import type { DiskReader } from '../../storage/disk/disk.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { FLAG_COMPUTED } from '../../storage/kernels/ndjson-layout.ts'
import { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { IngestJob as Parse, type ParsedColumn } from '../ingest/ingest.ts'
import { DamagedParquet } from '../ingest/parquet-damage.ts'
import type { ParquetFile, RowGroup } from '../ingest/parquet.ts'
import { QueryError } from '../plan/plan.ts'
import { describeFailure, StoreFull } from './failure.ts'
import { compiledOf, contextOf, encodePart, IngestJob, SLICE_MS, type Compiled } from './ingest-job.ts'
import type { Job } from './job-queue.ts'
import type { IngestSpec, ParquetMessage } from './messages.ts'
import { packResults } from './packed.ts'
import type { WorkerWorld } from './world.ts'

/** A file as hyparquet reads it. */
export function parquetFileOf(reader: DiskReader): ParquetFile {
  return {
    byteLength: reader.bytes,
    slice: (start, end = reader.bytes) => {
      const bytes = new Uint8Array(end - start)
      if (reader.read(bytes, start) !== bytes.length) throw new Error('the file is cut off')
      return bytes.buffer
    },
  }
}

/** Opened for each page: nobody has to know when the last is read. */
const bytesOf = (path: string) => (start: number, end: number): Uint8Array => {
  const reader = nodeDisk().openForRead(path)
  try {
    const bytes = new Uint8Array(end - start)
    return bytes.subarray(0, reader.read(bytes, start))
  } finally {
    reader.close()
  }
}

/** What a spec has besides its typed columns, by these; null: some DEFAULT of it reads other columns. */
const rests = new WeakMap<IngestSpec, Map<string, Compiled | null>>()

function restOf(spec: IngestSpec, typed: ReadonlyMap<string, unknown>): Compiled | null {
  let known = rests.get(spec)
  if (known === undefined) rests.set(spec, known = new Map())
  const key = JSON.stringify([...typed.keys()])
  let rest = known.get(key)
  if (rest === undefined) {
    const { plan, defaults } = compiledOf(spec)
    const readsOthers = plan.columns.some(({ column, flags }, index) =>
      !typed.has(column.name) && (flags & FLAG_COMPUTED) !== 0 && defaults.usesOf(index).length > 0)
    rest = readsOthers ? null : compiledOf({ ...spec, columns: spec.columns.filter(({ name }) => !typed.has(name)) })
    known.set(key, rest)
  }
  return rest
}

/** Whether all values are some that the table's engine can combine. */
function isAllowed(vector: Vector, allowed: readonly number[] | undefined): boolean {
  return allowed === undefined || vector.kind !== 'number' || vector.values.every((value) => allowed.includes(value))
}

export class ParquetJob implements Job {
  private readonly world: WorkerWorld
  private readonly message: ParquetMessage
  private readonly spec: IngestSpec
  private readonly account: MemoryAccount
  private failure: Error | null = null
  /** All of it as JSON lines. */
  private isPlain: boolean
  private group: RowGroup | null = null
  private parse: Parse | null = null
  private lines: { readonly job: IngestJob; readonly address: number; readonly bytes: number } | null = null

  constructor(world: WorkerWorld, message: ParquetMessage) {
    this.world = world
    this.message = message
    this.spec = world.ingestSpecOf(message)
    this.account = new MemoryAccount(world.work, world.setup.workMemoryBytes)
    this.isPlain = this.spec.keyColumn !== null
  }

  private get key(): string {
    const { file, group } = this.message.stretch
    return `${file} ${group}${this.isPlain ? ' plain' : ''}`
  }

  step(): 'more' | 'waiting' | 'done' {
    const { world, message: { stretch } } = this
    if (this.failure !== null) throw new QueryError(this.failure.message, null, 'BAD_PARQUET')
    if (this.lines !== null) return this.stepLines(this.lines)
    // Held: the job of its last rows may be through, and have let go of it, before this one is.
    this.group ??= world.rowGroups.get(this.key) ?? null
    const { group } = this
    if (group === null) return this.wait()
    if (this.isPlain) this.lines = this.begin(group)
    else if (!this.stepTyped(group)) return 'more'
    else if (!this.isPlain) {
      if (stretch.to >= group.rowCount) this.forget()
      return 'done'
    }
    return 'more'
  }

  private forget(): void {
    const { file, group } = this.message.stretch
    for (const end of ['', ' plain']) this.world.rowGroups.delete(`${file} ${group}${end}`)
  }

  private wait(): 'waiting' {
    const { world, key } = this
    const reading = world.groupsRead.get(key) ?? this.read()
    world.groupsRead.set(key, reading)
    void reading.then((failure) => {
      this.failure = failure
      world.resume(this)
    })
    return 'waiting'
  }

  /** Resolves with why it could not be read; null: it is there. */
  private async read(): Promise<Error | null> {
    const { world, key, message: { stretch: { file, group, columns } } } = this
    try {
      const plans = this.isPlain ? [] : compiledOf(this.spec).plan.columns
      // Loaded by imports of Parquet only.
      const { RowGroup, metadataOf } = await import('../ingest/parquet.ts')
      const reader = nodeDisk().openForRead(file)
      try {
        const from = parquetFileOf(reader)
        const footer = world.footers.get(file) ?? metadataOf(from)
        world.footers.set(file, footer)
        world.rowGroups.set(key, await RowGroup.read(from, await footer, group, columns, plans, bytesOf(file)))
      } finally {
        reader.close()
      }
      return null
    } catch (error) {
      return error as Error
    } finally {
      world.groupsRead.delete(key)
    }
  }

  /** False: the time is over. Afterwards the part is posted, or isPlain says that none can be made so. */
  private stepTyped(group: RowGroup): boolean {
    const { world, message, message: { stretch: { from, to } } } = this
    const rest = restOf(this.spec, group.typed)
    if (rest === null) {
      this.goPlain()
      return true
    }
    if (rest.plan.columns.length === 0) {
      this.post(group, [])
      return true
    }
    this.parse ??= new Parse(rest.plan, world.work, world.kernels,
      [{ bytes: group.lines(from, to), format: 'ndjson', gzip: false }], contextOf(world, message, rest.defaults))
    if (!this.parse.step(SLICE_MS)) return false
    const { rowCount, columns, quarantine } = this.parse.result()
    if (quarantine === null && rowCount === to - from) this.post(group, columns)
    else this.goPlain()
    this.release()
    return true
  }

  private goPlain(): void {
    this.isPlain = true
    this.group = null
  }

  /** The part of the typed columns and the others; none where some value is not for them. */
  private post(group: RowGroup, others: readonly ParsedColumn[]): void {
    const { world, spec, account, message: { id, stretch: { from, to } } } = this
    const columns: ParsedColumn[] = []
    for (const { column: { id: columnId, name, type, allowed } } of compiledOf(spec).plan.columns) {
      if (!group.typed.has(name)) {
        columns.push(others.find((other) => other.name === name) as ParsedColumn)
        continue
      }
      const vector = group.vector(name, from, to, account)
      if (vector === null || !isAllowed(vector, allowed)) {
        account.releaseAll()
        this.goPlain()
        return
      }
      columns.push({ id: columnId, name, type, vector })
    }
    const part = encodePart(world, spec.table, columns, to - from)
    account.releaseAll()
    const results = packResults([{ successful: to - from, quarantined: 0, firstError: null, isTooLarge: false }])
    world.post({ kind: 'ingest-done', id, result: { part, keys: null, quarantine: null, results } })
  }

  private begin(group: RowGroup): { job: IngestJob; address: number; bytes: number } {
    const { world, message: { id, planId, importId, nowMs, stretch: { from, to } } } = this
    const lines = group.lines(from, to)
    if (to >= group.rowCount) this.forget()
    const address = world.dataArena.allocate(lines.length)
    if (address === 0) throw new StoreFull()
    world.dataArena.bytes(address, lines.length).set(lines)
    const bodies = [{ address, bytes: lines.length, format: 'ndjson' as const, gzip: false }]
    const job = new IngestJob(world, { kind: 'ingest', id, planId, plan: this.spec, bodies, importId, nowMs })
    return { job, address, bytes: lines.length }
  }

  private stepLines({ job }: { readonly job: IngestJob }): 'more' | 'waiting' | 'done' {
    const answer = job.step()
    if (answer === 'done') this.release()
    return answer
  }

  private release(): void {
    this.parse?.release()
    this.parse = null
    this.account.releaseAll()
    const { lines } = this
    this.lines = null
    if (lines !== null) this.world.dataArena.free(lines.address, lines.bytes)
  }

  fail(error: unknown): void {
    const { lines } = this
    const told = error instanceof DamagedParquet ? new QueryError(error.message, null, 'BAD_PARQUET') : error
    if (lines !== null) lines.job.fail(told)
    else this.world.post({ kind: 'failed', id: this.message.id, error: describeFailure(told) })
    this.release()
  }
}
