// From the kernel's columns to vectors: what it left as text is converted, computed defaults are put
// in, and rows that turn out not to fit only here are taken out. The last part of a job.
// Invariant: every vector has as many rows as were kept, and no dictionary a string without a row.

import { bareType } from '../../storage/column/data-type.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import type { NumberArray, Vector } from '../../storage/column/vector.ts'
import {
  C_BYTES, C_COUNT, C_KIND, C_MARKS, C_OFFSETS, C_UNSAFE, C_VALUES, FORM_STRING, KIND_BYTES,
  KIND_CODES, KIND_FIXED, KIND_JSON, KIND_UUID, MARK_COMPUTED, MARK_NULL, MARK_VALUE,
  S_ROW, S_STRAYS,
} from '../../storage/kernels/ndjson-layout.ts'
import type { NdjsonKernels } from '../../storage/kernels/ndjson.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { gatherVector, overlayRows, withoutStrays } from './gather.ts'
import { addJson, valueBuilder, type ValueBuilder } from './value-builder.ts'
import type { Workspace } from './workspace.ts'

/** Computes a DEFAULT that is no constant: `rowCount` values, one for each row that lacks one. */
export type ComputeDefault = (columnId: number, rowCount: number) => Vector

/** Rows converted between two looks at the clock. */
const CONVERT_ROWS = 512

/** Finishes the columns of one job, in slices. */
export class Finish {
  private readonly space: Workspace
  private readonly account: MemoryAccount
  private readonly kernels: NdjsonKernels
  private readonly computeDefault: ComputeDefault | null
  private readonly rowCount: number
  private readonly vectors: Vector[] = []
  /** One byte a row, 1: does not fit. Null: all fit so far. */
  private unfit: Uint8Array | null = null
  private builder: ValueBuilder | null = null
  private converted = 0
  /** One byte a distinct text, 1: no value of the type. */
  private misfits: Uint8Array | null = null

  constructor(
    space: Workspace, account: MemoryAccount, kernels: NdjsonKernels,
    computeDefault: ComputeDefault | null,
  ) {
    this.space = space
    this.account = account
    this.kernels = kernels
    this.computeDefault = computeDefault
    this.rowCount = space.get(space.state, S_ROW)
  }

  /** Marks a row that the kernel kept and that does not fit. */
  reject(row: number): void {
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
      } else this.vectors.push(this.withMarks(plan, this.stored(plan)))
      if (isOver()) return false
    }
    return true
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

  private field(plan: ColumnPlan, field: number): number {
    return this.space.get(this.space.column(this.space.columns.indexOf(plan)), field)
  }

  private stored(plan: ColumnPlan): Vector {
    const { account, rowCount: length } = this
    const { buffer, u8 } = this.space.work
    const values = this.field(plan, C_VALUES)
    const kind = this.field(plan, C_KIND)
    const common = { type: plan.column.type, length, isConst: false, nulls: null }
    if (kind === KIND_CODES) {
      const codes = new Uint32Array(buffer, values, length)
      return { ...common, kind: 'codes', codes, dictionary: this.dictionary(plan) }
    }
    if (kind === KIND_BYTES || kind === KIND_JSON) {
      const offsets = new Uint32Array(buffer, values, length + 1)
      const bytes = this.field(plan, C_BYTES)
      return { ...common, kind: 'bytes', offsets, bytes: u8.subarray(bytes, bytes + offsets[length]) }
    }
    if (kind === KIND_UUID || kind === KIND_FIXED) {
      const offsets = account.u32(length + 1)
      for (let i = 0; i <= length; i++) offsets[i] = i * plan.width
      return { ...common, kind: 'bytes', offsets, bytes: u8.subarray(values, values + length * plan.width) }
    }
    if (plan.width === 8 && bareType(plan.column.type).id !== 'Float64') {
      if (this.field(plan, C_UNSAFE) !== 0) {
        const isUnsigned = bareType(plan.column.type).id === 'UInt64'
        const ticks = isUnsigned ? new BigUint64Array(buffer, values, length)
          : new BigInt64Array(buffer, values, length)
        return { ...common, kind: 'big', values: ticks }
      }
      this.kernels.ndjsonToFloat(values, length)
    }
    return { ...common, kind: 'number', values: numbersAt(plan, buffer, values, length) }
  }

  private dictionary(plan: ColumnPlan): LocalStrings {
    const { buffer, u8 } = this.space.work
    const size = this.field(plan, C_COUNT)
    const offsets = new Uint32Array(buffer, this.field(plan, C_OFFSETS), size + 1)
    const bytes = this.field(plan, C_BYTES)
    return new LocalStrings(size, u8.subarray(bytes, bytes + offsets[size]), offsets)
  }

  /** A column whose values JavaScript makes from their text. False: the time is over. */
  private convert(plan: ColumnPlan, isOver: () => boolean): boolean {
    const { account, rowCount } = this
    this.builder ??= valueBuilder(plan.column.type, account, plan.path?.elements ?? [])
    const isCodes = plan.kind === KIND_CODES
    // Of a column of codes every distinct text is converted once.
    const count = isCodes ? this.field(plan, C_COUNT) : rowCount
    const offsets = new Uint32Array(this.space.work.buffer,
      this.field(plan, isCodes ? C_OFFSETS : C_VALUES), count + 1)
    const bytes = this.field(plan, C_BYTES)
    while (this.converted < count) {
      const stop = Math.min(count, this.converted + CONVERT_ROWS)
      for (; this.converted < stop; this.converted++) {
        const start = bytes + offsets[this.converted]
        this.convertOne(plan, start, bytes + offsets[this.converted + 1])
      }
      if (isOver()) return false
    }
    const values = this.builder.finish()
    this.vectors.push(isCodes ? this.byCodes(plan, values) : this.withMarks(plan, values))
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
      : start !== end && addJson(builder, u8, start, end)
    if (fits) return
    if (isCodes) {
      this.misfits ??= this.account.u8(this.field(plan, C_COUNT)).fill(0)
      this.misfits[this.converted] = 1
    } else if (start !== end) this.reject(this.converted)
    builder.addAbsent()
  }

  /** Values of the distinct texts to a value a row; rows whose text is no value are marked. */
  private byCodes(plan: ColumnPlan, values: Vector): Vector {
    const { rowCount, misfits } = this
    const codes = new Uint32Array(this.space.work.buffer, this.field(plan, C_VALUES), rowCount)
    const marks = this.field(plan, C_MARKS)
    const { u8 } = this.space.work
    if (misfits !== null) {
      for (let row = 0; row < rowCount; row++) {
        if (misfits[codes[row]] === 1 && (marks === 0 || u8[marks + row] === MARK_VALUE)
          && !this.isAlwaysAbsent(plan)) this.reject(row)
      }
    }
    return this.withMarks(plan, gatherVector(values, codes, this.account))
  }

  /** Columns that rows can't carry have the type's default, whose text is empty. */
  private isAlwaysAbsent(plan: ColumnPlan): boolean {
    return plan.path === null && plan.defaultText.length === 0
  }

  /** NULLs and computed defaults, where rows are marked so. */
  private withMarks(plan: ColumnPlan, vector: Vector): Vector {
    const pointer = this.field(plan, C_MARKS)
    if (pointer === 0) return { ...vector, nulls: null }
    const marks = this.space.work.u8.subarray(pointer, pointer + this.rowCount)
    if (!marks.includes(MARK_COMPUTED)) {
      return { ...vector, nulls: marks.includes(MARK_NULL) ? marks : null }
    }
    let count = 0
    const rows = this.account.u32(this.rowCount)
    for (let row = 0; row < this.rowCount; row++) if (marks[row] === MARK_COMPUTED) rows[count++] = row
    const { id, name } = plan.column
    if (this.computeDefault === null) {
      throw new Error(`Column ${name}: its DEFAULT ${plan.column.defaultText ?? ''} can't be computed here`)
    }
    const computed = this.computeDefault(id, count)
    for (let i = 0; i < count; i++) marks[rows[i]] = MARK_VALUE
    const nulls = marks.includes(MARK_NULL) ? marks : null
    return overlayRows({ ...vector, nulls }, rows.subarray(0, count), computed, this.account)
  }
}

/** View of numbers of a column's type at a pointer. */
function numbersAt(plan: ColumnPlan, buffer: ArrayBuffer, at: number, length: number): NumberArray {
  switch (bareType(plan.column.type).id) {
    case 'Int8': return new Int8Array(buffer, at, length)
    case 'Int16': return new Int16Array(buffer, at, length)
    case 'Int32': case 'Date32': return new Int32Array(buffer, at, length)
    case 'UInt8': case 'Bool': return new Uint8Array(buffer, at, length)
    case 'UInt16': case 'Date': return new Uint16Array(buffer, at, length)
    case 'UInt32': case 'DateTime': return new Uint32Array(buffer, at, length)
    case 'Float32': return new Float32Array(buffer, at, length)
    default: return new Float64Array(buffer, at, length)
  }
}
