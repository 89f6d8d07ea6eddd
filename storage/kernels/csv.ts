// Records of CSV to columns: the interface of the kernel (csv.as.ts) and its plain reference.
//
//   body bytes -> input window -> csvParse() -> a value in every column, or a reject -> next record
//   a stream's pieces -> csvSplit() -> where whole records end
//
// Fields are told apart by one byte, and may stand in quotes: a doubled quote is one, an escape (where the
// dialect has one) makes the next byte stand for itself, newlines are text. A quote within a field that
// did not begin with one is text. Lines end with \n or \r\n; those of nothing are no records. A field that
// is missing takes the column's DEFAULT, else NULL, else the record is rejected.
// Invariant: both fill the structures of ndjson-layout.ts alike, and take for records what csvSplit does
// (csv.test.ts compares all three, and csv-parse).

import {
  CELL_BYTES, CELL_EMPTY_IS_MISSING, CELL_NULL, F_CELLS, F_CELL_COUNT, F_DELIMITER, F_ESCAPE, F_QUOTE, L_COLUMN,
  L_FLAGS, REJECT_BEHIND_QUOTE, REJECT_FIELDS, REJECT_SHORT, REJECT_UNCLOSED, SPLIT_ESCAPED, SPLIT_FIELD, SPLIT_PLAIN,
  SPLIT_QUOTED, X_END, X_STATE,
} from './csv-layout.ts'
import {
  COLUMN_BYTES, ERROR_DEFERRED, ERROR_ENTRIES, ERROR_NONE, ERROR_ROOM, FORM_STRING, REJECT_BYTES, REJECT_VALUE,
  RETURN_DEFERRED, RETURN_DONE, RETURN_ENTRIES, RETURN_INPUT, RETURN_REJECTS, RETURN_ROOM, RETURN_ROWS,
  RETURN_SLICE, R_AT, R_END, R_START, R_WHY, S_BAD, S_BAD_COLUMN, S_COLUMNS, S_COLUMN_COUNT, S_CURSOR,
  S_END, S_ERROR, S_FINAL, S_ORIGIN, S_REJECTS, S_REJECT_CAP, S_REJECT_COUNT, S_ROW, S_ROW_CAP, S_ROW_STARTS,
  S_SCRATCH, S_SLICE_END, S_STAMP, S_STRAYS,
} from './ndjson-layout.ts'
import { ReferenceStore } from './ndjson-store.ts'
import type { KernelMemory } from './kernel-memory.ts'

export type CsvKernels = {
  /** Reads records from S_CURSOR of the state on, as the form at `form` says; answers RETURN_*, always
   * between records. On a RETURN_* that asks for room the caller makes some and calls again. */
  readonly csvParse: (state: number, form: number) => number
  /** Goes on over [from, end) in the state of the split at `split`, and says there where the last whole
   * record ends. 64 newlines stand behind `end`. Quote and escape: 256 for none. */
  readonly csvSplit: (split: number, from: number, end: number, delimiter: number, quote: number, escape: number) => void
  /** Newlines in [from, end). */
  readonly csvLines: (from: number, end: number) => number
}

const NEWLINE = 10
const RETURN = 13

/** The references, bound to a memory. */
export function csvReference(work: KernelMemory): CsvKernels {
  const { u8, u32 } = work
  const reader = new ReferenceReader(work)
  return {
    csvParse: (state, form) => reader.parse(state, form),
    csvSplit(split, from, end, delimiter, quote, escape) {
      let state = u32[split + X_STATE >>> 2]
      let last = 0
      for (let p = from; p < end; p++) {
        const c = u8[p]
        if (state === SPLIT_ESCAPED) state = SPLIT_QUOTED
        else if (state === SPLIT_QUOTED) {
          if (c === quote) state = SPLIT_FIELD
          else if (c === escape) state = SPLIT_ESCAPED
        } else if (state === SPLIT_FIELD && c === quote) state = SPLIT_QUOTED
        else {
          state = c === delimiter || c === NEWLINE ? SPLIT_FIELD : SPLIT_PLAIN
          if (c === NEWLINE) last = p + 1
        }
      }
      u32[split + X_STATE >>> 2] = state
      u32[split + X_END >>> 2] = last
    },
    csvLines(from, end) {
      let lines = 0
      for (let p = from; p < end; p++) if (u8[p] === NEWLINE) lines++
      return lines
    },
  }
}

/** A field of the record in work. */
type Field = { text: number; length: number; isQuoted: boolean; why: number; at: number }

class ReferenceReader extends ReferenceStore {
  private readonly field: Field = { text: 0, length: 0, isQuoted: false, why: 0, at: 0 }

  parse(s: number, form: number): number {
    const end = this.get(s, S_END)
    const isFinal = this.get(s, S_FINAL) !== 0
    for (;;) {
      let p = this.get(s, S_CURSOR)
      while (p < end && this.isBlank(p, end, isFinal)) p++
      this.set(s, S_CURSOR, p)
      if (p >= end) return isFinal ? RETURN_DONE : RETURN_INPUT
      if (p >= this.get(s, S_SLICE_END)) return RETURN_SLICE
      if (this.get(s, S_ROW) >= this.get(s, S_ROW_CAP)) return RETURN_ROWS
      if (this.get(s, S_REJECT_COUNT) >= this.get(s, S_REJECT_CAP)) return RETURN_REJECTS
      this.set(s, S_ERROR, ERROR_NONE)
      const next = this.readRecord(s, form, p, end, isFinal)
      if (next < 0) return this.answer(s)
      this.set(s, S_CURSOR, next)
    }
  }

  private isBlank(p: number, end: number, isFinal: boolean): boolean {
    if (this.u8[p] === NEWLINE) return true
    return this.u8[p] === RETURN && (p + 1 < end ? this.u8[p + 1] === NEWLINE : isFinal)
  }

  private answer(s: number): number {
    switch (this.get(s, S_ERROR)) {
      case ERROR_ROOM: return RETURN_ROOM
      case ERROR_ENTRIES: return RETURN_ENTRIES
      case ERROR_DEFERRED: return RETURN_DEFERRED
      default: return RETURN_INPUT
    }
  }

  /** Behind the record at `start`, or -1. */
  private readRecord(s: number, form: number, start: number, end: number, isFinal: boolean): number {
    const { field } = this
    const count = this.get(form, F_CELL_COUNT)
    this.set(s, S_STAMP, this.get(s, S_STAMP) + 1)
    this.set(s, S_BAD, 0)
    this.set(s, S_BAD_COLUMN, 0)
    field.why = REJECT_VALUE
    field.at = start
    let p = start
    for (let index = 0; ;) {
      const begin = p
      p = this.readField(s, form, p, end, isFinal)
      if (p < 0) return -1
      if (index < count) {
        if (!this.storeField(s, this.get(form, F_CELLS) + index * CELL_BYTES)) return -1
      } else if (field.length > 0 && field.why === REJECT_VALUE) {
        field.why = REJECT_FIELDS
        field.at = begin
      }
      index++
      if (p >= end || this.u8[p] === NEWLINE) {
        if (index < count && field.why === REJECT_VALUE) {
          field.why = REJECT_SHORT
          field.at = p
        }
        break
      }
      if (++p >= end && !isFinal) return -1
    }
    const columns = this.get(s, S_COLUMNS)
    if (!this.storeMissing(s, columns, columns + this.get(s, S_COLUMN_COUNT) * COLUMN_BYTES, COLUMN_BYTES)) return -1
    this.finish(s, start, p)
    return Math.min(end, p + 1)
  }

  private finish(s: number, start: number, end: number): void {
    const { why, at } = this.field
    const origin = this.get(s, S_ORIGIN)
    if (why === REJECT_VALUE && this.get(s, S_BAD) === 0) {
      const row = this.get(s, S_ROW)
      this.set(this.get(s, S_ROW_STARTS) + row * 4, 0, start - origin)
      this.set(s, S_ROW, row + 1)
      return
    }
    const count = this.get(s, S_REJECT_COUNT)
    const record = this.get(s, S_REJECTS) + count * REJECT_BYTES
    this.set(record, R_START, start - origin)
    this.set(record, R_END, end - origin)
    this.set(record, R_WHY, why)
    this.set(record, R_AT, at - origin)
    this.set(s, S_REJECT_COUNT, count + 1)
    this.set(s, S_STRAYS, 1)
  }

  /** The field at p to `field`; at the delimiter, newline or end behind it, or -1. */
  private readField(s: number, form: number, p: number, end: number, isFinal: boolean): number {
    const { u8, field } = this
    const [delimiter, quote] = [this.get(form, F_DELIMITER), this.get(form, F_QUOTE)]
    field.isQuoted = p < end && u8[p] === quote
    let behind = p
    if (field.isQuoted) {
      behind = this.readQuoted(s, p + 1, end, quote, this.get(form, F_ESCAPE), isFinal)
      if (behind < 0) return -1
    }
    let stop = behind
    while (stop < end && u8[stop] !== delimiter && u8[stop] !== NEWLINE) stop++
    if (stop >= end && !isFinal) return -1
    const isLast = stop >= end || u8[stop] === NEWLINE
    const hasReturn = isLast && stop > behind && u8[stop - 1] === RETURN
    const plain = hasReturn ? stop - 1 : stop
    if (!field.isQuoted) {
      field.text = p
      field.length = plain - p
      return stop
    }
    for (let q = behind; q < plain && field.why === REJECT_VALUE; q++) {
      if (u8[q] === 32 || u8[q] === 9) continue
      field.why = REJECT_BEHIND_QUOTE
      field.at = q
    }
    return stop
  }

  /** Behind the quoted field whose text begins at `from`, or -1. */
  private readQuoted(s: number, from: number, end: number, quote: number, escape: number, isFinal: boolean): number {
    const { u8, field } = this
    const scratch = this.get(s, S_SCRATCH)
    let length = 0
    let p = from
    for (; p < end; p++) {
      const isEscape = u8[p] === escape && escape !== quote
      if (u8[p] === quote || isEscape) {
        if (p + 1 >= end && !isFinal) return -1
        if (u8[p] === quote && (p + 1 >= end || u8[p + 1] !== quote)) break
        p++
      }
      u8[scratch + length++] = u8[p]
    }
    if (p >= end && !isFinal) return -1
    if (p >= end) {
      field.why = REJECT_UNCLOSED
      field.at = from - 1
    }
    field.text = scratch
    field.length = length
    return Math.min(end, p + 1)
  }

  /** False: no room. */
  private storeField(s: number, cell: number): boolean {
    const { u8, field: { text, length, isQuoted } } = this
    const column = this.get(cell, L_COLUMN)
    if (column === 0) return true
    const flags = this.get(cell, L_FLAGS)
    if (!isQuoted && length === 0 && (flags & CELL_EMPTY_IS_MISSING) !== 0) return true
    const isNull = !isQuoted && length === 2 && (flags & CELL_NULL) !== 0 && u8[text] === 92 && u8[text + 1] === 78
    return isNull ? this.storeNull(s, column) : this.store(s, column, text, length, FORM_STRING, text, text + length)
  }
}
