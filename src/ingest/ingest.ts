// Bodies of one commit group to typed columns. The face of ingestion: a plan is compiled once per
// (table, schema version), a job runs in slices in a worker.
//
//   bodies -> body-reader -> kernel (storage/kernels/ndjson) -> finish -> vectors -> part/build.ts
//                               └─ rows that do not fit -> quarantine -> vectors of NAME_quarantine
//
// Invariant: for every body, successful + quarantined = rows sent; each row is in exactly one.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import {
  DEFERRED_BYTES, D_COLUMN, D_LENGTH, D_ROW, D_TEXT, C_COUNT, C_KIND, C_VALUES, KIND_CODES, KIND_FLOAT64, REJECT_BYTES,
  REJECT_VALUE, RETURN_BROKEN, RETURN_DONE, RETURN_ENTRIES, RETURN_INPUT, RETURN_ROOM, RETURN_ROWS,
  R_AT, R_END, R_START, R_WHY, S_DEFERRED, S_DEFERRED_COUNT, S_REJECTS, S_REJECT_COUNT, S_ROW,
  S_ROW_STARTS,
} from '../../storage/kernels/ndjson-layout.ts'
import { skipValue } from '../../storage/kernels/ndjson-text.ts'
import { asciiText, readFloat } from '../../storage/kernels/ndjson-values.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, type WorkMemory } from '../../storage/kernels/work-memory.ts'
import { BodyReader, type IngestBody } from './body-reader.ts'
import { CsvBody } from './csv-body.ts'
import { planColumn, type ColumnPlan, type IngestColumn } from './column-plan.ts'
import { Finish, type DefaultSource } from './finish.ts'
import { Growth } from './growth.ts'
import { scaled, sizeOf, type JobSize } from './job-size.ts'
import { inspectedColumns, Quarantine } from './quarantine.ts'
import { BodyTooLarge, openBody } from './unpack.ts'
import { returnWorkspace, takeWorkspace, type Workspace } from './workspace.ts'

export type { IngestBody } from './body-reader.ts'
export type { IngestColumn } from './column-plan.ts'
export type { DefaultSource } from './finish.ts'

/** Distinct strings of a whole job that are enough to begin the next one without codes. */
const LEARNED_ENTRIES = 1024
/** After so many jobs a column that was found not to be worth codes is tried again. */
const JOBS_PER_TRIAL = 256
/** Bytes that a gzip body may unpack to, unless the caller sets a limit. */
const UNPACKED_BYTES_MAX = 256 * 2 ** 20

/** A table's columns, ready to be read from JSON. Throws where a column makes no sense. */
export class IngestPlan {
  readonly columns: readonly ColumnPlan[]
  readonly inspected: readonly ColumnPlan[]
  /** Which adaptive columns begin as plain bytes: the last jobs found mostly different values. */
  readonly isRaw: boolean[]
  private jobs = 0
  /** The last job that had many rows, and the bytes of its bodies, unpacked. */
  private last: JobSize | null = null
  private lastBytes = 0

  constructor(columns: readonly IngestColumn[]) {
    this.columns = columns.map(planColumn)
    this.inspected = inspectedColumns(this.columns)
    this.isRaw = this.columns.map(() => false)
  }

  /** Called at the start of a job. */
  nextJob(): void {
    if (++this.jobs % JOBS_PER_TRIAL === 0) this.isRaw.fill(false)
  }

  /** Notes what a job of many rows came to. */
  hadJob(size: JobSize, bodyBytes: number): void {
    this.last = size
    this.lastBytes = bodyBytes
  }

  /** What bodies of so many bytes will come to; null: there was no job to tell. */
  expected(bodyBytes: number): JobSize | null {
    return this.last === null ? null : scaled(this.last, bodyBytes / this.lastBytes)
  }
}

export type IngestContext = {
  /** Names the group in the quarantine's c__import_id. */
  readonly importId: string
  readonly nowMs: number
  /** Computes DEFAULTs that are no constants. */
  readonly defaults?: DefaultSource
  /** Bytes that a gzip body may unpack to. */
  readonly unpackedBytesMax?: number
}

/** A column of the result. The vector lies in work memory until release(). */
export type ParsedColumn = {
  readonly id: number
  readonly name: string
  readonly type: DataType
  readonly vector: Vector
}

export type ParsedBody = {
  readonly successful: number
  readonly quarantined: number
  /** The first reason, with its line; or why the whole body could not be read (both counts are 0). */
  readonly firstError: string | null
  /** It unpacks to more than is allowed: nothing of it was read. */
  readonly isTooLarge: boolean
}

export type ParsedRows = {
  readonly rowCount: number
  readonly columns: readonly ParsedColumn[]
  readonly perBody: readonly ParsedBody[]
  readonly quarantine: { readonly rowCount: number; readonly columns: readonly ParsedColumn[] } | null
}

type BodyState = {
  bytes: Uint8Array; csv: CsvBody | null; firstLine: number; firstRow: number; endRow: number; quarantined: number; firstError: string | null
  isTooLarge: boolean
}

/** Parses the bodies of one group. step() until it answers true, then result(), then release(). */
export class IngestJob {
  private readonly plan: IngestPlan
  private readonly kernels: Kernels
  private readonly context: IngestContext
  private readonly account: MemoryAccount
  private readonly space: Workspace
  private readonly growth: Growth
  private readonly reader: BodyReader
  private readonly bodies: readonly IngestBody[]
  private readonly states: BodyState[] = []
  private quarantine: Quarantine | null = null
  private finish: Finish | null = null
  private phase: 'open' | 'opening' | 'read' | 'finish' | 'done' | 'released' = 'open'
  /** What the unpacking of the body in work came to. */
  private opened: Uint8Array | Error | null = null
  private readBytes = 0
  /** Bytes of all bodies, of packed ones that have been opened what they unpacked to. */
  private textBytes: number
  private whenReady: (() => void) | null = null

  constructor(
    plan: IngestPlan, work: WorkMemory, kernels: Kernels, bodies: readonly IngestBody[],
    context: IngestContext = { importId: '', nowMs: 0 },
  ) {
    this.plan = plan
    this.kernels = kernels
    this.context = context
    this.bodies = bodies
    this.account = new MemoryAccount(work, work.buffer.byteLength)
    this.space = takeWorkspace(work, plan.columns)
    plan.nextJob()
    this.space.reset(plan.isRaw)
    this.textBytes = bodies.reduce((sum, body) => sum + body.bytes.length, 0)
    this.growth = new Growth(this.space, this.account, kernels)
    this.growth.expected = plan.expected(this.textBytes)
    this.reader = new BodyReader(this.space, this.account)
  }

  /** Non-null: a large gzip body is being unpacked beside this thread, and step() has nothing to do
   * before the promise resolves. */
  get waiting(): Promise<void> | null {
    if (this.phase !== 'opening' || this.opened !== null) return null
    return new Promise((resolve) => { this.whenReady = resolve })
  }

  /** Works for about `budgetMs`; true when the result is there. Throws MemoryLimitExceeded. */
  step(budgetMs: number): boolean {
    const stopAt = performance.now() + budgetMs
    const isOver = (): boolean => performance.now() >= stopAt
    for (;;) {
      switch (this.phase) {
        case 'open': this.openNext(); break
        case 'opening':
          if (this.opened === null) return false
          this.begin(this.opened)
          break
        case 'read': this.read(); break
        case 'finish':
          if (this.finishColumns(isOver)) this.phase = 'done'
          break
        default: return true
      }
      if (this.phase !== 'done' && isOver()) return false
    }
  }

  private openNext(): void {
    const { states, bodies } = this
    if (states.length === bodies.length) {
      this.phase = 'finish'
      return
    }
    this.phase = 'opening'
    this.opened = null
    openBody(bodies[states.length], this.context.unpackedBytesMax ?? UNPACKED_BYTES_MAX, (opened) => {
      this.opened = opened
      this.whenReady?.()
    })
  }

  private begin(opened: Uint8Array | Error): void {
    const row = this.space.get(this.space.state, S_ROW)
    const isWrong = opened instanceof Error
    const firstError = isWrong ? `The body could not be read: ${opened.message}` : null
    const bytes = isWrong ? new Uint8Array(0) : opened
    const { csv, firstLine = 1, gzip, bytes: { length: packedBytes } } = this.bodies[this.states.length]
    if (gzip) this.growth.expected = this.plan.expected(this.textBytes += bytes.length - packedBytes)
    this.states.push({
      bytes, csv: csv === null || csv === undefined ? null : new CsvBody(csv, this.space, this.account), firstLine, firstRow: row, endRow: row, quarantined: 0, firstError,
      isTooLarge: opened instanceof BodyTooLarge,
    })
    this.reader.open(bytes, csv !== null && csv !== undefined)
    this.phase = 'read'
  }

  /** One call of the kernel, and what it asks for. */
  private read(): void {
    const { space, reader, growth } = this
    const body = this.states[this.states.length - 1]
    reader.slice()
    const answer = body.csv === null ? this.kernels.ndjsonParse(space.state)
      : this.kernels.csvParse(space.state, body.csv.form)
    if (space.get(space.state, S_DEFERRED_COUNT) > 0) this.readDeferred()
    if (space.get(space.state, S_REJECT_COUNT) > 0) this.readRejects(body)
    growth.share = (this.readBytes + reader.position) / Math.max(1, this.textBytes)
    switch (answer) {
      case RETURN_INPUT: reader.refill(); break
      case RETURN_ROWS: growth.rows(); break
      case RETURN_ROOM: growth.room(); break
      case RETURN_ENTRIES: growth.entries(this.plan.isRaw); break
      case RETURN_DONE: case RETURN_BROKEN:
        body.endRow = space.get(space.state, S_ROW)
        this.readBytes += body.bytes.length
        this.phase = 'open'
        break
      default: // A slice is over, or records were full and have been read.
    }
  }

  /** Floats that need exact decimal arithmetic. */
  private readDeferred(): void {
    const { space } = this
    const { u8, buffer } = space.work
    const view = new DataView(buffer)
    const count = space.get(space.state, S_DEFERRED_COUNT)
    let record = space.get(space.state, S_DEFERRED)
    for (let i = 0; i < count; i++, record += DEFERRED_BYTES) {
      const length = space.get(record, D_LENGTH)
      if (length === 0) continue
      const text = space.get(record, D_TEXT)
      const row = space.get(record, D_ROW)
      const column = space.get(record, D_COLUMN)
      // The kernel has checked that it is a number.
      const value = readFloat(asciiText(u8, text, text + length)) ?? 0
      const values = space.get(column, C_VALUES)
      if (space.get(column, C_KIND) === KIND_FLOAT64) view.setFloat64(values + row * 8, value, true)
      else view.setFloat32(values + row * 4, value, true)
    }
    space.set(space.state, S_DEFERRED_COUNT, 0)
  }

  private readRejects(body: BodyState): void {
    const { space } = this
    const count = space.get(space.state, S_REJECT_COUNT)
    let record = space.get(space.state, S_REJECTS)
    for (let i = 0; i < count; i++, record += REJECT_BYTES) {
      const why = space.get(record, R_WHY)
      const start = space.get(record, R_START)
      // An array that broke: what follows in the body belongs to it.
      const end = Math.min(space.get(record, R_END), body.bytes.length)
      this.reject(body, start, end, why, space.get(record, R_AT))
    }
    space.set(space.state, S_REJECT_COUNT, 0)
  }

  private reject(body: BodyState, start: number, end: number, why: number, at: number): void {
    this.quarantine ??= new Quarantine(this.plan.columns, this.plan.inspected, this.account,
      this.kernels, this.context)
    // Of a record whose fields are told apart each is judged, as those of JSON are.
    const json = why === REJECT_VALUE ? body.csv?.jsonOf(body.bytes, start, end) ?? null : null
    const otherwise = this.finish?.lateError ?? null
    const reason = json === null ? this.quarantine.add(body.bytes, start, end, why, at, otherwise)
      : this.quarantine.add(json, 0, json.length, why, 0, otherwise)
    body.quarantined++
    body.firstError ??= `line ${body.firstLine - 1 + lineOf(body.bytes, start)}: ${Buffer.from(reason).toString('utf8')}`
  }

  /** Columns whose every value differed begin as plain bytes next time. */
  private learn(): void {
    const { space, plan } = this
    const rows = space.get(space.state, S_ROW)
    if (rows < LEARNED_ENTRIES) return
    plan.hadJob(sizeOf(space), this.textBytes)
    plan.columns.forEach(({ isAdaptive }, i) => {
      const at = space.column(i)
      if (isAdaptive && space.get(at, C_KIND) === KIND_CODES && space.get(at, C_COUNT) > rows * 0.9) {
        plan.isRaw[i] = true
      }
    })
  }

  private finishColumns(isOver: () => boolean): boolean {
    if (this.finish === null) {
      this.learn()
      const areTexts = this.states.some(({ csv }) => csv !== null)
      this.finish = new Finish(this.space, this.account, this.kernels, this.context.defaults ?? null, areTexts)
    }
    if (!this.finish.step(isOver)) return false
    const { unfitRows } = this.finish
    if (unfitRows !== null) this.rejectLate(unfitRows)
    return true
  }

  /** Rows that the kernel kept and that do not fit after all, to quarantine. */
  private rejectLate(unfit: Uint8Array): void {
    const { space } = this
    const starts = space.get(space.state, S_ROW_STARTS) / 4
    for (const body of this.states) {
      for (let row = body.firstRow; row < body.endRow; row++) {
        if (unfit[row] === 0) continue
        const start = space.work.u32[starts + row]
        const end = body.csv?.endOf(body.bytes, start) ?? skipValue(body.bytes, start, body.bytes.length, { error: 0, at: 0 })
        this.reject(body, start, end, REJECT_VALUE, start)
      }
    }
  }

  /** What the bodies came to. Once, after step() answered true. */
  result(): ParsedRows {
    if (this.finish === null || this.phase !== 'done') throw new Error('ingest: result() before the last step()')
    const before = this.finish.unfitRows
    const { vectors, rowCount } = this.finish.take()
    const columns = this.plan.columns.map(({ column }, i) => ({
      id: column.id, name: column.name, type: column.type, vector: vectors[i],
    }))
    const perBody = this.states.map(({ firstRow, endRow, quarantined, firstError, isTooLarge }) => {
      let successful = endRow - firstRow
      if (before !== null) for (let row = firstRow; row < endRow; row++) successful -= before[row]
      return { successful, quarantined, firstError, isTooLarge }
    })
    const { quarantine } = this
    return {
      rowCount, columns, perBody,
      quarantine: quarantine === null ? null : {
        rowCount: quarantine.rowCount,
        columns: quarantine.finish().map((column, i) => ({
          id: i, name: column.name, type: parseDataType(column.type), vector: column.vector,
        })),
      },
    }
  }

  /** Returns all memory; the vectors are gone. May be called at any time, and again. */
  release(): void {
    if (this.phase === 'released') return
    this.phase = 'released'
    this.quarantine?.release()
    this.account.releaseAll()
    returnWorkspace(this.space)
  }
}

/** The line of a body, from 1, in which an offset lies. */
function lineOf(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(10); at >= 0 && at < offset; at = bytes.indexOf(10, at + 1)) line++
  return line
}
