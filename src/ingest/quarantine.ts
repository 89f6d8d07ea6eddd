// Rows that do not fit: their columns' raw text and every reason, as rows of the quarantine table.
//
//   kernel: reject (span) -> the row again, every column as raw JSON -> each judged -> a row here
//
// Invariant: one row here for every row that a count calls quarantined.

import { arrayOf, DATETIME, nullableOf, STRING } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import {
  C_BYTES, C_MARKS, C_VALUES, FLAG_NULLABLE, FORM_BOOL, FORM_COMPOSITE, FORM_NUMBER, FORM_STRING, KEPT_BYTES,
  KIND_JSON, MARK_NULL, MODE_LINES, REJECT_DEPTH, REJECT_NOT_OBJECT, REJECT_SYNTAX, REJECT_VALUE, RETURN_ROOM,
  S_CURSOR, S_END, S_FINAL, S_MODE, S_ORIGIN, S_ROW, S_ROW_CAP, S_SLICE_END,
} from '../../storage/kernels/ndjson-layout.ts'
import { decodeString } from '../../storage/kernels/ndjson-text.ts'
import { REJECT_BEHIND_QUOTE, REJECT_FIELDS, REJECT_SHORT, REJECT_UNCLOSED } from '../../storage/kernels/csv-layout.ts'
import type { NdjsonKernels } from '../../storage/kernels/ndjson.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { Growth } from './growth.ts'
import { GrowingU32 } from './growing.ts'
import { quarantineColumns } from './plan-spec.ts'
import { valueBuilder, type ValueBuilder } from './value-builder.ts'
import { returnWorkspace, takeWorkspace, WINDOW_MIN, type Workspace } from './workspace.ts'

/** Bytes of a value or a line that an error text shows. */
const EXCERPT_BYTES = 80

const encoder = new TextEncoder()

function excerpt(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, EXCERPT_BYTES)).toString('utf8')
  return bytes.length > EXCERPT_BYTES ? `${text}…` : text
}

/** Lists of strings, one list a row. */
class StringLists {
  private readonly offsets: GrowingU32
  private readonly strings: ValueBuilder

  constructor(account: MemoryAccount) {
    this.offsets = new GrowingU32(account)
    this.offsets.push(0)
    this.strings = valueBuilder(STRING, account)
  }

  push(list: readonly Uint8Array[]): void {
    for (const bytes of list) this.strings.add(bytes, 0, bytes.length, FORM_STRING)
    this.offsets.push(this.strings.length)
  }

  finish(): Vector {
    return {
      kind: 'array', type: arrayOf(STRING), length: this.offsets.length - 1, isConst: false,
      nulls: null, offsets: this.offsets.taken(), values: this.strings.finish(),
    }
  }
}

/** The columns of a plan as the inspection reads them: raw JSON, NULL where the row has nothing. */
export const inspectedColumns = (columns: readonly ColumnPlan[]): ColumnPlan[] =>
  columns.map((plan) => ({
    ...plan, kind: KIND_JSON, width: 4, flags: FLAG_NULLABLE, defaultText: new Uint8Array(0), isAdaptive: false,
  }))

/** Quarantined rows of one job. */
export class Quarantine {
  rowCount = 0
  private readonly columns: readonly ColumnPlan[]
  private readonly account: MemoryAccount
  private readonly kernels: NdjsonKernels
  private readonly space: Workspace
  private readonly growth: Growth
  private readonly importId: Uint8Array
  private readonly errorColumns: StringLists
  private readonly errors: StringLists
  private readonly importIds: ValueBuilder
  /** Rows whose columns can't be told apart, whole. */
  private readonly rows: ValueBuilder
  private readonly texts: readonly ValueBuilder[]
  private readonly judges: readonly ValueBuilder[]
  private readonly nowSeconds: number
  /** Names and the reason that needs no value, encoded once: a sender's mistake fills whole bodies. */
  private readonly names: readonly Uint8Array[]
  private readonly missing: readonly Uint8Array[]

  constructor(
    columns: readonly ColumnPlan[], inspected: readonly ColumnPlan[], account: MemoryAccount,
    kernels: NdjsonKernels, context: { importId: string; nowMs: number },
  ) {
    this.columns = columns
    this.account = account
    this.kernels = kernels
    this.space = takeWorkspace(account.work, inspected)
    this.growth = new Growth(this.space, account, kernels)
    this.importId = encoder.encode(context.importId)
    this.nowSeconds = Math.floor(context.nowMs / 1000)
    this.errorColumns = new StringLists(account)
    this.errors = new StringLists(account)
    const text = nullableOf(STRING)
    this.importIds = valueBuilder(text, account)
    this.rows = valueBuilder(text, account)
    this.texts = columns.map(() => valueBuilder(text, account))
    this.names = columns.map(({ column }) => encoder.encode(column.name))
    this.missing = columns.map(({ column }) => encoder.encode(
      `column '${column.name}' is missing or null, and has neither a DEFAULT nor a Nullable type`))
    this.judges = columns.map(({ valueType, path }) =>
      valueBuilder(valueType, account, path?.elements ?? []))
  }

  /** Adds the row at [start, end) of a body; `why` is REJECT_*, `at` where reading it failed,
   * `otherwise` the reason when every value fits. Answers the first reason, encoded. */
  add(
    body: Uint8Array, start: number, end: number, why: number, at: number, otherwise: string | null,
  ): Uint8Array {
    const row = body.subarray(start, end)
    const names: Uint8Array[] = []
    const reasons: Uint8Array[] = []
    if (why === REJECT_VALUE && this.read(row)) {
      for (let i = 0; i < this.columns.length; i++) this.judge(i, names, reasons)
      this.rows.addAbsent()
    } else {
      for (const text of this.texts) text.addAbsent()
      this.rows.add(row, 0, row.length, FORM_STRING)
      const reason = unreadReason(row, why === REJECT_VALUE ? REJECT_SYNTAX : why, at - start)
      reasons.push(Buffer.from(reason))
    }
    if (reasons.length === 0) reasons.push(Buffer.from(otherwise ?? 'the row does not fit the schema'))
    this.errorColumns.push(names)
    this.errors.push(reasons)
    this.importIds.add(this.importId, 0, this.importId.length, FORM_STRING)
    this.rowCount++
    return reasons[0]
  }

  /** Reads the row into the inspection's columns. False: it is no JSON object after all. */
  private read(row: Uint8Array): boolean {
    const { space, account } = this
    const { state } = space
    const { u8 } = account.work
    space.reset([])
    const isLarge = row.length > WINDOW_MIN
    const window = isLarge ? account.allocate(row.length + 64) : space.window
    if (isLarge) space.scratch = account.allocate(row.length + KEPT_BYTES + 64)
    u8.set(row, window)
    u8.fill(10, window + row.length, window + row.length + 64)
    space.set(state, S_CURSOR, window)
    space.set(state, S_END, window + row.length)
    space.set(state, S_SLICE_END, window + row.length)
    space.set(state, S_ORIGIN, window)
    space.set(state, S_FINAL, 1)
    space.set(state, S_MODE, MODE_LINES)
    space.set(state, S_ROW_CAP, 1)
    for (;;) {
      const answer = this.kernels.ndjsonParse(state)
      if (answer === RETURN_ROOM) this.growth.room()
      else break
    }
    if (isLarge) {
      account.free(window)
      account.free(space.scratch)
    }
    return space.get(state, S_ROW) === 1
  }

  /** Keeps the text of column `index`, and says what is wrong with it. */
  private judge(index: number, names: Uint8Array[], reasons: Uint8Array[]): void {
    const { space } = this
    const { column, flags, path } = this.columns[index]
    const at = space.column(index)
    const { u8 } = space.work
    const start = space.get(at, C_BYTES)
    const end = start + space.get(space.get(at, C_VALUES), 4)
    if (u8[space.get(at, C_MARKS)] === MARK_NULL) {
      this.texts[index].addAbsent()
      if (flags !== 0 || path === null) return
      names.push(this.names[index])
      reasons.push(this.missing[index])
      return
    }
    const first = u8[start]
    let text = u8.subarray(start, end)
    let form = first === 123 || first === 91 ? FORM_COMPOSITE
      : first === 116 || first === 102 ? FORM_BOOL : FORM_NUMBER
    if (first === 34) {
      const decoded = new Uint8Array(end - start)
      const target = { bytes: 0 }
      decodeString(u8, start + 1, decoded, 0, target, { error: 0, at: 0 })
      text = decoded.subarray(0, target.bytes)
      form = FORM_STRING
    }
    this.texts[index].add(text, 0, text.length, FORM_STRING)
    const judge = this.judges[index]
    const fits = judge.add(text, 0, text.length, form)
    judge.truncate(0)
    const { allowed, name } = column
    if (fits && (allowed === undefined || allowed.includes(numberOf(text)))) return
    names.push(this.names[index])
    if (fits) {
      reasons.push(Buffer.from(`value '${excerpt(text)}' on column '${name}' is neither ${(allowed ?? []).join(' nor ')}`))
      return
    }
    const type = column.type.name
    reasons.push(Buffer.from(
      `value '${excerpt(text)}' on column '${column.name}' is not ${type}${hintFor(type)}`))
  }

  /** All rows, columns in the order of quarantineColumns(). */
  finish(): { name: string; type: string; vector: Vector }[] {
    const dates = this.account.u32(this.rowCount).fill(this.nowSeconds)
    const vectors: Vector[] = [
      this.errorColumns.finish(), this.errors.finish(), this.importIds.finish(),
      ...this.texts.map((text) => text.finish()),
      {
        kind: 'number', type: DATETIME, length: this.rowCount, isConst: false, nulls: null,
        values: dates,
      },
      this.rows.finish(),
    ]
    return quarantineColumns(this.columns.map(({ column }) => column.name))
      .map((column, i) => ({ ...column, vector: vectors[i] }))
  }

  release(): void { returnWorkspace(this.space) }
}

/** Of a text that is a value of a type of small integers. */
function numberOf(text: Uint8Array): number {
  const plain = Buffer.from(text).toString('latin1')
  return plain === 'true' ? 1 : Number(plain === 'false' ? 0 : plain)
}

function hintFor(type: string): string {
  if (/DateTime/.test(type)) return ': expected YYYY-MM-DD hh:mm:ss, ISO 8601 or Unix seconds'
  if (/Date/.test(type)) return ': expected YYYY-MM-DD'
  if (/UUID/.test(type)) return ': expected 8-4-4-4-12 hexadecimal digits'
  return ''
}

/** Why a row could not be read at all; `at` is an offset in it. */
function unreadReason(row: Uint8Array, why: number, at: number): string {
  if (why === REJECT_UNCLOSED) return `a quote at byte ${at + 1} is not closed: ${excerpt(row)}`
  if (why === REJECT_FIELDS) return `more fields than the file has columns, the first at byte ${at + 1}: ${excerpt(row)}`
  if (why === REJECT_SHORT) return `fewer fields than the file has columns: ${excerpt(row)}`
  if (why === REJECT_BEHIND_QUOTE) {
    return `unexpected '${excerpt(row.subarray(at, at + 1))}' at byte ${at + 1}, behind a closing quote: ${excerpt(row)}`
  }
  if (why === REJECT_NOT_OBJECT) return `not a JSON object: ${excerpt(row)}`
  if (why === REJECT_DEPTH) return `not valid JSON for a row: nested too deeply at byte ${at + 1}: ${excerpt(row)}`
  if (at >= row.length) return `not valid JSON: it ends too early: ${excerpt(row)}`
  const found = row[at] === 10 ? 'the end of the line' : `'${excerpt(row.subarray(at, at + 1))}'`
  return `not valid JSON: unexpected ${found} at byte ${at + 1}: ${excerpt(row)}`
}
