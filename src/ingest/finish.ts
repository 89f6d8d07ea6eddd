// From the kernel's columns to vectors: what it left as text is converted, computed defaults are put
// in, and rows that turn out not to fit only here are taken out. The last part of a job.
// Invariant: every vector has as many rows as were kept, and no dictionary a string without a row.

import { bareType } from '../../storage/column/data-type.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { NumberArray } from '../../storage/column/number-array.ts'
import {
  C_BYTES, C_COUNT, C_KIND, C_MARKS, C_OFFSETS, C_UNSAFE, C_VALUES, FORM_STRING, KIND_BYTES,
  KIND_CODES, KIND_FIXED, KIND_FLOAT64, KIND_JSON, KIND_UINT64, KIND_UUID, MARK_COMPUTED, MARK_NULL, MARK_VALUE,
  S_ROW, S_STRAYS,
} from '../../storage/kernels/ndjson-layout.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import { MemoryLimitExceeded, type MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { COMPOSITE, type ColumnPlan } from './column-plan.ts'
import { jsonOf } from './csv.ts'
import { gatherVector, overlayRows, withoutStrays } from './gather.ts'
import { addJson, valueBuilder, type ValueBuilder } from './value-builder.ts'
import type { Workspace } from './workspace.ts'

/** Computes DEFAULTs that are no constants. Columns are named by their number. */
export type DefaultSource = {
  /** The columns that the DEFAULT of a column reads. */
  readonly usesOf: (column: number) => readonly number[]
  /** One value for each row that `rows` (ascending) names, over finished columns. Throws when some row
   * has none. */
  readonly compute: (
    column: number, rows: Uint32Array, vectors: readonly Vector[], account: MemoryAccount) => Vector
}

/** What a column's views show, for the cache of views. */
const ROLE_VALUES = 0
const ROLE_BYTES = 1
const ROLE_OFFSETS = 2
const ROLE_MARKS = 3
const ROLES = 4

/** Rows converted between two looks at the clock. */
const CONVERT_ROWS = 512

/** Finishes the columns of one job, in slices. */
export class Finish {
  private readonly space: Workspace
  readonly account: MemoryAccount
  readonly kernels: Kernels
  private readonly defaults: DefaultSource | null
  /** Arrays and maps are texts of their own, not JSON that somebody has checked (CSV). */
  private readonly areTexts: boolean
  private readonly rowCount: number
  private readonly vectors: Vector[] = []
  /** Columns whose DEFAULT is still to be computed for some rows. */
  private readonly awaiting = new Set<number>()
  /** Why rows do not fit whose every value is one of its type: the last such reason. */
  lateError: string | null = null
  /** One byte a row, 1: does not fit. Null: all fit so far. */
  private unfit: Uint8Array | null = null
  private builder: ValueBuilder | null = null
  private converted = 0
  /** One byte a distinct text, 1: no value of the type. */
  private misfits: Uint8Array | null = null

  constructor(
    space: Workspace, account: MemoryAccount, kernels: Kernels,
    defaults: DefaultSource | null, areTexts = false,
  ) {
    this.space = space
    this.account = account
    this.kernels = kernels
    this.defaults = defaults
    this.areTexts = areTexts
    this.rowCount = space.get(space.state, S_ROW)
  }

  /** Marks a row that the kernel kept and that does not fit. */
  private reject(row: number): void {
    this.unfit ??= this.account.u8(this.rowCount).fill(0)
    this.unfit[row] = 1
  }

  /** Rows that do not fit, known when step() has answered true. */
  get unfitRows(): Uint8Array | null { return this.unfit }

  /** Works until the time is over; true when all columns are there. */
  step(isOver: () => boolean): boolean {
    while (this.vectors.length < this.space.columns.length) {
      const plan = this.space.columns[this.vectors.length]
      if (plan.isConverted) {
        if (!this.convert(plan, isOver)) return false
      } else this.vectors.push(this.plain(plan))
      if (isOver()) return false
    }
    while (this.awaiting.size > 0) {
      this.computeDefault(this.nextDefault())
      if (isOver() && this.awaiting.size > 0) return false
    }
    this.space.columns.forEach(({ column }, index) => this.rejectForbidden(column, this.vectors[index]))
    return true
  }

  /** Marks rows whose value the table's engine can't combine. */
  private rejectForbidden({ name, allowed }: ColumnPlan['column'], vector: Vector): void {
    if (allowed === undefined || vector.kind !== 'number') return
    for (let row = 0; row < this.rowCount; row++) {
      if (allowed.includes(vector.values[row])) continue
      this.lateError = `column '${name}' is neither ${allowed.join(' nor ')}`
      this.reject(row)
    }
  }

  /** The vectors, without the rows that do not fit. Once, after step() answered true. */
  take(): { vectors: Vector[]; rowCount: number } {
    const { unfit, rowCount, account, vectors } = this
    const hasStrays = this.space.get(this.space.state, S_STRAYS) !== 0
    if (unfit === null) {
      const kept = hasStrays ? vectors.map((vector) => withoutStrays(vector, account)) : vectors
      return { vectors: kept, rowCount }
    }
    let count = 0
    const rows = account.u32(rowCount)
    for (let row = 0; row < rowCount; row++) if (unfit[row] === 0) rows[count++] = row
    const kept = rows.subarray(0, count)
    return {
      vectors: vectors.map((vector) => withoutStrays(gatherVector(vector, kept, account), account)),
      rowCount: count,
    }
  }

  /** A field of the column in work. */
  private field(field: number): number {
    return this.space.get(this.space.column(this.vectors.length), field)
  }

  private u8(column: number, role: number, at: number, length: number): Uint8Array {
    return this.space.views.view(column * ROLES + role, Uint8Array, at, length)
  }

  private u32(role: number, at: number, length: number): Uint32Array {
    return this.space.views.view(this.vectors.length * ROLES + role, Uint32Array, at, length)
  }

  /** A column as the kernel stored it. Each literal whole: a spread costs as much as a request of
   * one row may take in all. */
  private plain(plan: ColumnPlan): Vector {
    const { rowCount: length } = this
    const { type } = plan.column
    const values = this.field(C_VALUES)
    const kind = this.field(C_KIND)
    const nulls = this.nulls()
    let vector: Vector
    if (kind === KIND_CODES) {
      const codes = this.u32(ROLE_VALUES, values, length)
      vector = { kind: 'codes', type, length, isConst: false, nulls, codes, dictionary: this.dictionary() }
    } else if (kind === KIND_BYTES || kind === KIND_JSON) {
      const offsets = this.u32(ROLE_VALUES, values, length + 1)
      const bytes = this.u8(this.vectors.length, ROLE_BYTES, this.field(C_BYTES), offsets[length])
      vector = { kind: 'bytes', type, length, isConst: false, nulls, offsets, bytes }
    } else if (kind === KIND_UUID || kind === KIND_FIXED) {
      const offsets = this.account.u32(length + 1)
      for (let i = 0; i <= length; i++) offsets[i] = i * plan.width
      const bytes = this.u8(this.vectors.length, ROLE_BYTES, values, length * plan.width)
      vector = { kind: 'bytes', type, length, isConst: false, nulls, offsets, bytes }
    } else vector = this.numbers(plan, values, nulls)
    this.noteDefault()
    return vector
  }

  private numbers(plan: ColumnPlan, at: number, nulls: Uint8Array | null): Vector {
    const { rowCount: length } = this
    const { type } = plan.column
    const { buffer } = this.space.work
    if (plan.width === 8 && plan.kind !== KIND_FLOAT64) {
      if (this.field(C_UNSAFE) !== 0) {
        const ticks = plan.kind === KIND_UINT64 ? new BigUint64Array(buffer, at, length)
          : new BigInt64Array(buffer, at, length)
        return { kind: 'big', type, length, isConst: false, nulls, values: ticks }
      }
      this.kernels.ndjsonToFloat(at, length)
    }
    const slot = this.vectors.length * ROLES + ROLE_VALUES
    const values = this.space.views.view(slot, arrayOfType(plan), at, length)
    return { kind: 'number', type, length, isConst: false, nulls, values }
  }

  /** The marks of the column in work; null: it has none. */
  private marks(): Uint8Array | null {
    const pointer = this.field(C_MARKS)
    return pointer === 0 ? null : this.u8(this.vectors.length, ROLE_MARKS, pointer, this.rowCount)
  }

  /** NULL marks as a vector has them; null where no row is NULL. */
  private nulls(): Uint8Array | null {
    const marks = this.marks()
    return marks !== null && marks.includes(MARK_NULL) ? marks : null
  }

  /** Some rows of the column in work take a DEFAULT that is no constant. */
  private noteDefault(): void {
    if (this.marks()?.includes(MARK_COMPUTED) === true) this.awaiting.add(this.vectors.length)
  }

  private dictionary(): LocalStrings {
    const size = this.field(C_COUNT)
    const offsets = this.u32(ROLE_OFFSETS, this.field(C_OFFSETS), size + 1)
    return new LocalStrings(size, this.u8(this.vectors.length, ROLE_BYTES, this.field(C_BYTES), offsets[size]), offsets)
  }

  /** A column whose values JavaScript makes from their text. False: the time is over. */
  private convert(plan: ColumnPlan, isOver: () => boolean): boolean {
    const { account, rowCount } = this
    this.builder ??= valueBuilder(plan.valueType, account, plan.path?.elements ?? [])
    const isCodes = plan.kind === KIND_CODES
    // Of a column of codes every distinct text is converted once.
    const count = isCodes ? this.field(C_COUNT) : rowCount
    const offsets = new Uint32Array(this.space.work.buffer,
      this.field(isCodes ? C_OFFSETS : C_VALUES), count + 1)
    const bytes = this.field(C_BYTES)
    while (this.converted < count) {
      const stop = Math.min(count, this.converted + CONVERT_ROWS)
      for (; this.converted < stop; this.converted++) {
        const start = bytes + offsets[this.converted]
        this.convertOne(plan, start, bytes + offsets[this.converted + 1])
      }
      if (isOver()) return false
    }
    const values = this.builder.finish()
    this.vectors.push(isCodes ? this.byCodes(plan, values) : this.withMarks(values))
    this.builder = null
    this.converted = 0
    this.misfits = null
    return true
  }

  private convertOne(plan: ColumnPlan, start: number, end: number): void {
    const builder = this.builder as ValueBuilder
    const { u8 } = this.space.work
    const isCodes = plan.kind === KIND_CODES
    // A row without a value has no JSON; among codes the empty text may be a value, too.
    const fits = isCodes ? builder.add(u8, start, end, FORM_STRING)
      : start !== end && (!this.areTexts ? addJson(builder, u8, start, end)
        : COMPOSITE.has(bareType(plan.valueType).id) ? addText(builder, u8, start, end) : builder.add(u8, start, end, FORM_STRING))
    if (fits) return
    if (isCodes) {
      this.misfits ??= this.account.u8(this.field(C_COUNT)).fill(0)
      this.misfits[this.converted] = 1
    } else if (start !== end) this.reject(this.converted)
    builder.addAbsent()
  }

  /** Values of the distinct texts to a value a row; rows whose text is no value are marked. */
  private byCodes(plan: ColumnPlan, values: Vector): Vector {
    const { rowCount, misfits } = this
    const codes = new Uint32Array(this.space.work.buffer, this.field(C_VALUES), rowCount)
    const marks = this.field(C_MARKS)
    const { u8 } = this.space.work
    if (misfits !== null) {
      for (let row = 0; row < rowCount; row++) {
        if (misfits[codes[row]] === 1 && (marks === 0 || u8[marks + row] === MARK_VALUE)
          && !this.isAlwaysAbsent(plan)) this.reject(row)
      }
    }
    return this.withMarks(gatherVector(values, codes, this.account))
  }

  /** Columns that rows can't carry have the type's default, whose text is empty. */
  private isAlwaysAbsent(plan: ColumnPlan): boolean {
    return plan.path === null && plan.defaultText.length === 0
  }

  /** A converted column with the NULLs of its marks. */
  private withMarks(values: Vector): Vector {
    this.noteDefault()
    return { ...values, nulls: this.nulls() }
  }

  /** A column whose DEFAULT reads none that waits. */
  private nextDefault(): number {
    if (this.defaults === null) {
      const [column] = this.awaiting
      const { name, defaultText } = this.space.columns[column].column
      throw new Error(`Column ${name}: its DEFAULT ${defaultText ?? ''} can't be computed here`)
    }
    for (const column of this.awaiting) {
      if (!this.defaults.usesOf(column).some((used) => this.awaiting.has(used))) return column
    }
    const names = [...this.awaiting].map((column) => this.space.columns[column].column.name)
    throw new Error(`The DEFAULTs of ${names.join(', ')} read each other`)
  }

  /** Puts in the values of a DEFAULT that is no constant, where rows are marked so. */
  private computeDefault(column: number): void {
    const marks = this.u8(column, ROLE_MARKS, this.space.get(this.space.column(column), C_MARKS), this.rowCount)
    const rows = this.account.u32(this.rowCount)
    let count = 0
    for (let row = 0; row < this.rowCount; row++) {
      if (marks[row] !== MARK_COMPUTED) continue
      rows[count++] = row
      marks[row] = MARK_VALUE
    }
    this.awaiting.delete(column)
    this.overlay(column, rows.subarray(0, count))
  }

  /** Rows [..] of a column get their DEFAULT; those that have none do not fit. What fails for many
   * rows is tried for each half. */
  private overlay(column: number, rows: Uint32Array): void {
    const { account, vectors } = this
    try {
      const values = (this.defaults as DefaultSource).compute(column, rows, vectors, account)
      vectors[column] = overlayRows(vectors[column], rows, values, this)
    } catch (error) {
      if (error instanceof MemoryLimitExceeded) throw error
      if (rows.length === 1) {
        this.lateError = `DEFAULT of column '${this.space.columns[column].column.name}': ${(error as Error).message}`
        this.reject(rows[0])
        return
      }
      const middle = rows.length >> 1
      this.overlay(column, rows.subarray(0, middle))
      this.overlay(column, rows.subarray(middle))
    }
  }
}

/** An array or map as a CSV has it. */
function addText(builder: ValueBuilder, u8: Uint8Array, start: number, end: number): boolean {
  const json = jsonOf(Buffer.from(u8.subarray(start, end)).toString('utf8'))
  if (json === null) return false
  // The newline ends what looks for an end.
  const bytes = Buffer.from(`${json.trim()}\n`)
  return addJson(builder, bytes, 0, bytes.length - 1)
}

/** The array of a column's numbers. */
export function arrayOfType(plan: ColumnPlan): new (buffer: ArrayBuffer, at: number, length: number) => NumberArray {
  switch (bareType(plan.valueType).id) {
    case 'Int8': return Int8Array
    case 'Int16': return Int16Array
    case 'Int32': case 'Date32': case 'Time': return Int32Array
    case 'UInt8': case 'Bool': return Uint8Array
    case 'UInt16': case 'Date': return Uint16Array
    case 'UInt32': case 'DateTime': return Uint32Array
    case 'Float32': return Float32Array
    default: return Float64Array
  }
}
