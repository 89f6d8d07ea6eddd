// Rows of NDJSON to columns: the interface of the kernel (ndjson.as.ts) and its plain reference.
//
//   body bytes -> input window -> ndjsonParse() -> a value in every column, or a reject -> next row
//
// Rows are objects, one a line, or over several lines, or elements of one array. Keys in any order,
// the last of two equal ones stands; keys that no column wants are checked as JSON and skipped. A
// key that is missing or null takes the column's DEFAULT, else NULL, else the row is rejected.
// Invariant: both fill the structures of ndjson-layout.ts alike (ndjson.test.ts compares them).

import {
  COLUMN_BYTES, ERROR_DEFERRED, ERROR_DEPTH, ERROR_ENTRIES, ERROR_ROOM, ERROR_SYNTAX, E_COLUMN,
  E_KEY, E_KEY_BYTES, E_NODE, FORM_BOOL, FORM_COMPOSITE, FORM_NUMBER, FORM_STRING, MODE_ARRAY,
  MODE_BROKEN, MODE_CLOSED, MODE_LINES, N_MASK, N_SLOTS, REJECT_BYTES, REJECT_DEPTH,
  REJECT_NOT_OBJECT, REJECT_SYNTAX, REJECT_VALUE, RETURN_BROKEN, RETURN_DEFERRED, RETURN_DONE,
  RETURN_ENTRIES, RETURN_INPUT, RETURN_REJECTS, RETURN_ROOM, RETURN_ROWS, RETURN_SLICE, R_AT, R_END,
  R_START, R_WHY, S_BAD, S_BAD_COLUMN, S_COLUMNS, S_COLUMN_COUNT, S_CURSOR, S_END, S_ERROR, S_FINAL,
  S_MODE, S_ORIGIN, S_REJECTS, S_REJECT_CAP, S_REJECT_COUNT, S_ROOT, S_ROOT_COLUMN, S_ROW, S_ROW_CAP,
  S_ROW_STARTS, S_SCRATCH, S_SLICE_END, S_STAMP, S_STRAYS, SLOT_BYTES,
} from './ndjson-layout.ts'
import { ReferenceStore } from './ndjson-store.ts'
import {
  compactComposite, decodeString, skipComposite, skipScalar, skipSpace, skipString, skipValue, textEnd, type Failure,
} from './ndjson-text.ts'
import type { KernelMemory } from './kernel-memory.ts'

export type NdjsonKernels = {
  /** Reads rows from S_CURSOR of the state at `state` on; answers RETURN_*, always between rows. On a
   * RETURN_* that asks for room the caller makes some and calls again. */
  readonly ndjsonParse: (state: number) => number
  /** Moves the entries of a full table of `count` slots into an empty one of mask + 1. */
  readonly ndjsonRehash: (state: number, slots: number, count: number, target: number, mask: number) => void
  /** i64 to f64 in place, for values within 2^53. */
  readonly ndjsonToFloat: (values: number, count: number) => void
}

/** The hash of a key in a node's table; the kernel's is the same. */
export function keyHash(u8: Uint8Array, start: number, bytes: number): number {
  let h = bytes
  for (let i = 0; i < bytes; i += 4) {
    let word = 0
    for (let k = Math.min(4, bytes - i) - 1; k >= 0; k--) word = (word << 8) | u8[start + i + k]
    h = Math.imul(h ^ word, 0x9e3779b1)
    h ^= h >>> 15
  }
  return h >>> 0
}

/** The references, bound to a memory. */
export function ndjsonReference(work: KernelMemory): NdjsonKernels {
  const reader = new ReferenceReader(work)
  const { u32 } = work
  const floats = new Float64Array(work.buffer)
  const integers = new BigInt64Array(work.buffer)
  return {
    ndjsonParse: (state) => reader.parse(state),
    ndjsonRehash(_, slots, count, target, mask) {
      const words = SLOT_BYTES / 4
      for (let i = slots / 4; i < slots / 4 + count * words; i += words) {
        if (u32[i] === 0) continue
        let j = u32[i + 1] & mask
        while (u32[target / 4 + j * words] !== 0) j = (j + 1) & mask
        u32[target / 4 + j * words] = u32[i]
        u32[target / 4 + j * words + 1] = u32[i + 1]
      }
    },
    ndjsonToFloat(values, count) {
      for (let i = values / 8; i < values / 8 + count; i++) floats[i] = Number(integers[i])
    },
  }
}

class ReferenceReader extends ReferenceStore {
  private readonly failure: Failure = { error: 0, at: 0 }
  private readonly text = { start: 0, bytes: 0 }
  private readonly work: KernelMemory

  constructor(work: KernelMemory) {
    super(work)
    this.work = work
  }

  parse(s: number): number {
    const end = this.get(s, S_END)
    for (;;) {
      const p = this.toRow(s, this.get(s, S_CURSOR), end)
      this.set(s, S_CURSOR, p)
      if (this.get(s, S_MODE) === MODE_BROKEN) return RETURN_BROKEN
      if (p >= end) return this.get(s, S_FINAL) !== 0 ? RETURN_DONE : RETURN_INPUT
      if (p >= this.get(s, S_SLICE_END)) return RETURN_SLICE
      if (this.get(s, S_ROW) >= this.get(s, S_ROW_CAP)) return RETURN_ROWS
      if (this.get(s, S_REJECT_COUNT) >= this.get(s, S_REJECT_CAP)) return RETURN_REJECTS
      const next = this.get(s, S_MODE) === MODE_CLOSED
        ? this.rejectUnread(s, p, end, REJECT_SYNTAX, p) : this.readRow(s, p, end)
      if (next < 0) return this.answer()
      this.set(s, S_CURSOR, next)
    }
  }

  private answer(): number {
    switch (this.failure.error) {
      case ERROR_ROOM: return RETURN_ROOM
      case ERROR_ENTRIES: return RETURN_ENTRIES
      case ERROR_DEFERRED: return RETURN_DEFERRED
      default: return RETURN_INPUT
    }
  }

  private fail(error: number, at: number): number {
    this.failure.error = error
    this.failure.at = at
    return -1
  }

  /** The space before a row, and an array's brackets. */
  private toRow(s: number, from: number, end: number): number {
    let p = skipSpace(this.u8, from, end)
    while (p < end && this.get(s, S_MODE) !== MODE_LINES) {
      const isOpen = this.get(s, S_MODE) === MODE_ARRAY
      if (this.get(s, S_MODE) === MODE_BROKEN || this.u8[p] !== (isOpen ? 93 : 91)) break
      this.set(s, S_MODE, isOpen ? MODE_CLOSED : MODE_ARRAY)
      p = skipSpace(this.u8, p + 1, end)
    }
    return p
  }

  private findEdge(node: number, key: number, bytes: number): number {
    const mask = this.get(node, N_MASK)
    for (let j = keyHash(this.u8, key, bytes) & mask; ; j = (j + 1) & mask) {
      const edge = this.get(this.get(node, N_SLOTS) + j * 4, 0)
      if (edge === 0) return 0
      if (this.get(edge, E_KEY_BYTES) !== bytes) continue
      const text = this.get(edge, E_KEY)
      let same = 0
      while (same < bytes && this.u8[text + same] === this.u8[key + same]) same++
      if (same === bytes) return edge
    }
  }

  /** The object whose brace is at p. Behind it, or -1. */
  private readObject(s: number, from: number, end: number, node: number): number {
    const { u8, failure } = this
    let p = skipSpace(u8, from + 1, end)
    if (u8[p] === 125) return p + 1
    for (;;) {
      if (u8[p] !== 34) return this.fail(ERROR_SYNTAX, p)
      p = this.readString(s, p)
      if (p < 0) return -1
      const edge = this.findEdge(node, this.text.start, this.text.bytes)
      p = skipSpace(u8, p, end)
      if (u8[p] !== 58) return this.fail(ERROR_SYNTAX, p)
      p = skipSpace(u8, p + 1, end)
      p = edge === 0 ? skipValue(u8, p, end, failure) : this.readValue(s, p, end, edge)
      if (p < 0) return -1
      p = skipSpace(u8, p, end)
      if (u8[p] !== 44) return u8[p] === 125 ? p + 1 : this.fail(ERROR_SYNTAX, p)
      p = skipSpace(u8, p + 1, end)
    }
  }

  /** The string at p to `text`: where it stands, or decoded in the scratch. Behind it, or -1. */
  private readString(s: number, p: number): number {
    const { u8, text } = this
    const stop = textEnd(u8, p + 1)
    if (u8[stop] === 34) {
      text.start = p + 1
      text.bytes = stop - p - 1
      return stop + 1
    }
    text.start = this.get(s, S_SCRATCH)
    return decodeString(u8, p + 1, u8, text.start, text, this.failure)
  }

  private readValue(s: number, p: number, end: number, edge: number): number {
    const { u8, failure } = this
    const column = this.get(edge, E_COLUMN)
    const c = u8[p]
    let next: number
    let text = p
    let form = FORM_COMPOSITE
    if (c === 34) {
      if (column === 0) return skipString(u8, p + 1, failure)
      next = this.readString(s, p)
      text = this.text.start
      form = FORM_STRING
    } else if (c === 123 && this.get(edge, E_NODE) !== 0) {
      next = this.readObject(s, p, end, this.get(edge, E_NODE))
    } else if (c === 123 || c === 91) next = skipComposite(u8, p, end, failure)
    else {
      next = skipScalar(u8, p, failure)
      form = c === 116 || c === 102 ? FORM_BOOL : FORM_NUMBER
      if (next >= end && column !== 0 && this.get(s, S_FINAL) === 0) return this.fail(ERROR_SYNTAX, next)
    }
    if (next < 0 || column === 0) return next
    const length = form === FORM_STRING ? this.text.bytes : next - p
    const ok = c === 110 ? this.storeNull(s, column) : form === FORM_COMPOSITE ? this.storeComposite(s, column, p, next)
      : this.store(s, column, text, length, form, p, next)
    return ok ? next : this.fail(this.get(s, S_ERROR), 0)
  }

  /** Stores the object or array at [p, next), without the spaces between its tokens. */
  private storeComposite(s: number, column: number, p: number, next: number): boolean {
    const scratch = this.get(s, S_SCRATCH)
    const length = compactComposite(this.u8, p, next, this.u8, scratch)
    return this.store(s, column, scratch, length, FORM_COMPOSITE, p, next)
  }

  private addReject(s: number, start: number, end: number, why: number, at: number): void {
    const count = this.get(s, S_REJECT_COUNT)
    const record = this.get(s, S_REJECTS) + count * REJECT_BYTES
    const origin = this.get(s, S_ORIGIN)
    this.set(record, R_START, start - origin)
    this.set(record, R_END, end - origin)
    this.set(record, R_WHY, why)
    this.set(record, R_AT, at - origin)
    this.set(s, S_REJECT_COUNT, count + 1)
    this.set(s, S_STRAYS, 1)
  }

  private rejectUnread(s: number, start: number, end: number, why: number, at: number): number {
    if (this.get(s, S_MODE) !== MODE_LINES) {
      this.addReject(s, start, end, why, at)
      this.set(s, S_MODE, MODE_BROKEN)
      return end
    }
    let line = start
    while (line < end && this.u8[line] !== 10) line++
    if (line >= end && this.get(s, S_FINAL) === 0) return this.fail(ERROR_SYNTAX, end)
    this.addReject(s, start, line, why, at)
    return line
  }

  private isBetweenRows(p: number, end: number, mode: number): boolean {
    const c = this.u8[p]
    return p >= end || c === 44 || (mode === MODE_LINES ? c === 10 || c === 123 : c === 93)
  }

  private behindRow(p: number, end: number, mode: number): number {
    if (mode !== MODE_LINES) return skipSpace(this.u8, p, end)
    let behind = p
    while (this.u8[behind] === 32 || this.u8[behind] === 13 || this.u8[behind] === 9) behind++
    return behind
  }

  private readRow(s: number, p: number, end: number): number {
    const mode = this.get(s, S_MODE)
    const isFinal = this.get(s, S_FINAL) !== 0
    this.set(s, S_STAMP, this.get(s, S_STAMP) + 1)
    this.set(s, S_BAD, 0)
    this.set(s, S_BAD_COLUMN, 0)
    const isObject = this.u8[p] === 123
    let next = isObject ? this.readObject(s, p, end, this.get(s, S_ROOT))
      : mode === MODE_ARRAY ? skipValue(this.u8, p, end, this.failure) : this.fail(ERROR_SYNTAX, p)
    if (next >= 0) {
      const root = isObject ? this.get(s, S_ROOT_COLUMN) : 0
      if (root !== 0 && !this.storeComposite(s, root, p, next)) {
        return this.fail(this.get(s, S_ERROR), 0)
      }
      const behind = this.behindRow(next, end, mode)
      if (behind >= end && !isFinal) return this.fail(ERROR_SYNTAX, behind)
      if (this.isBetweenRows(behind, end, mode)) return this.finishRow(s, p, next, behind, end, isObject)
      next = this.fail(ERROR_SYNTAX, behind)
    }
    const { error, at } = this.failure
    if (error > ERROR_DEPTH || (at >= end && !isFinal && (isObject || mode === MODE_ARRAY))) return -1
    const why = !isObject ? REJECT_NOT_OBJECT : error === ERROR_DEPTH ? REJECT_DEPTH : REJECT_SYNTAX
    return this.rejectUnread(s, p, end, why, Math.min(at, end))
  }

  /** A row that was read to its end: kept, or rejected where a value does not fit. */
  private finishRow(
    s: number, p: number, next: number, behind: number, end: number, isObject: boolean,
  ): number {
    const columns = this.get(s, S_COLUMNS)
    const columnsEnd = columns + this.get(s, S_COLUMN_COUNT) * COLUMN_BYTES
    if (isObject && !this.storeMissing(s, columns, columnsEnd, COLUMN_BYTES)) {
      return this.fail(this.get(s, S_ERROR), 0)
    }
    if (!isObject) this.addReject(s, p, next, REJECT_NOT_OBJECT, p)
    else if (this.get(s, S_BAD) !== 0) this.addReject(s, p, next, REJECT_VALUE, p)
    else {
      const row = this.get(s, S_ROW)
      this.set(this.get(s, S_ROW_STARTS) + row * 4, 0, p - this.get(s, S_ORIGIN))
      this.set(s, S_ROW, row + 1)
    }
    return this.work.u8[behind] === 44 && behind < end ? behind + 1 : behind
  }
}
