// The reference of ndjson-store.as.ts: a value's way into row S_ROW of its column.
// Invariant: fills the same structures with the same values as the kernel; only the hash differs, and
// nobody outside sees it.

import {
  C_BYTES, C_BYTES_CAP, C_CHAIN, C_CODED, C_COUNT, C_DEFAULT_BITS, C_DEFAULT_BYTES, C_DEFAULT_TEXT,
  C_ENTRY_CAP, C_FLAGS, C_KIND, C_MARKS, C_MASK, C_MAX, C_MIN, C_OFFSETS, C_PRECISION, C_SLOTS,
  C_STAMP, C_UNSAFE, C_VALUES, C_WIDTH, DAY_MAX, DAY_MIN, ERROR_ENTRIES, ERROR_ROOM, FLAG_COMPUTED,
  FLAG_DEFAULT, FLAG_NULLABLE, FORM_BOOL, FORM_COMPOSITE, FORM_NUMBER, FORM_STRING, KIND_BOOL,
  KIND_BYTES, KIND_CODES, KIND_DATE, KIND_DATE32, KIND_DATETIME, KIND_FIXED,
  KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_JSON, KIND_UINT64, KIND_UUID, MARK_COMPUTED, MARK_NULL,
  MARK_VALUE, S_BAD, S_BAD_COLUMN, S_ERROR, S_NEED_BYTES, S_NEED_COLUMN, S_ROW, S_STAMP, S_STRAYS,
  SLOT_BYTES,
} from './ndjson-layout.ts'
import { asciiText, dayOf, readBool, readFloat, readInteger, readTime, readUuid } from './ndjson-values.ts'
import type { KernelMemory } from './kernel-memory.ts'

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER)

/** Stores values for one state; `s` is its pointer. */
export class ReferenceStore {
  readonly u8: Uint8Array
  readonly u32: Uint32Array
  private readonly view: DataView

  constructor(work: KernelMemory) {
    this.u8 = work.u8
    this.u32 = work.u32
    this.view = new DataView(work.buffer)
  }

  get(pointer: number, field: number): number { return this.u32[(pointer + field) >>> 2] }

  set(pointer: number, field: number, value: number): void { this.u32[(pointer + field) >>> 2] = value }

  /** A value for every column with this path. `text` is decoded, [raw, rawEnd) as it stands. False: no
   * room. */
  store(
    s: number, first: number, text: number, length: number, form: number, raw: number, rawEnd: number,
  ): boolean {
    for (let column = first; column !== 0; column = this.get(column, C_CHAIN)) {
      this.touch(s, column)
      const marks = this.get(column, C_MARKS)
      if (marks !== 0) this.u8[marks + this.get(s, S_ROW)] = MARK_VALUE
      const ok = this.get(column, C_KIND) === KIND_JSON ? this.bytes(s, column, raw, rawEnd - raw)
        : this.value(s, column, text, length, form)
      if (!ok) return false
    }
    return true
  }

  /** `null` for every column with this path. */
  storeNull(s: number, first: number): boolean {
    for (let column = first; column !== 0; column = this.get(column, C_CHAIN)) {
      this.touch(s, column)
      if (!this.absent(s, column)) return false
    }
    return true
  }

  /** Fills in the columns that the row did not name. */
  storeMissing(s: number, columns: number, end: number, bytes: number): boolean {
    for (let column = columns; column < end; column += bytes) {
      if (this.get(this.get(column, C_STAMP), 0) !== this.get(s, S_STAMP) && !this.absent(s, column)) return false
    }
    return true
  }

  private touch(s: number, column: number): void {
    if (this.get(this.get(column, C_STAMP), 0) === this.get(s, S_STAMP)) this.set(s, S_STRAYS, 1)
    else this.set(this.get(column, C_STAMP), 0, this.get(s, S_STAMP))
  }

  private need(s: number, column: number, error: number, bytes: number): boolean {
    this.set(column, C_CODED, this.get(s, S_ROW))
    this.set(s, S_NEED_COLUMN, column)
    this.set(s, S_NEED_BYTES, bytes)
    this.set(s, S_ERROR, error)
    return false
  }

  private bad(s: number, column: number): boolean {
    this.set(s, S_BAD, 1)
    if (this.get(s, S_BAD_COLUMN) === 0) this.set(s, S_BAD_COLUMN, column)
    return true
  }

  private hash(text: number, length: number): number {
    let h = length
    for (let p = text; p < text + length; p++) h = Math.imul(h ^ this.u8[p], 0x01000193)
    return (h ^ (h >>> 15)) >>> 0
  }

  private isEntry(column: number, code: number, text: number, length: number): boolean {
    const offsets = this.get(column, C_OFFSETS) + code * 4
    const start = this.get(offsets, 0)
    if (this.get(offsets, 4) - start !== length) return false
    const bytes = this.get(column, C_BYTES) + start
    for (let i = 0; i < length; i++) if (this.u8[bytes + i] !== this.u8[text + i]) return false
    return true
  }

  private code(s: number, column: number, text: number, length: number): boolean {
    const hash = this.hash(text, length)
    const mask = this.get(column, C_MASK)
    const out = this.get(column, C_VALUES) + this.get(s, S_ROW) * 4
    let slot = this.get(column, C_SLOTS) + (hash & mask) * SLOT_BYTES
    const slotsEnd = this.get(column, C_SLOTS) + (mask + 1) * SLOT_BYTES
    while (this.get(slot, 0) !== 0) {
      const code = this.get(slot, 0) - 1
      if (this.get(slot, 4) === hash && this.isEntry(column, code, text, length)) {
        this.set(out, 0, code)
        return true
      }
      slot = slot + SLOT_BYTES === slotsEnd ? this.get(column, C_SLOTS) : slot + SLOT_BYTES
    }
    const code = this.get(column, C_COUNT)
    if (code >= this.get(column, C_ENTRY_CAP) || code * 2 > mask) {
      return this.need(s, column, ERROR_ENTRIES, 0)
    }
    const offsets = this.get(column, C_OFFSETS) + code * 4
    const start = this.get(offsets, 0)
    if (start + length > this.get(column, C_BYTES_CAP)) return this.need(s, column, ERROR_ROOM, length)
    this.u8.copyWithin(this.get(column, C_BYTES) + start, text, text + length)
    this.set(offsets, 4, start + length)
    this.set(column, C_COUNT, code + 1)
    this.set(slot, 0, code + 1)
    this.set(slot, 4, hash)
    this.set(out, 0, code)
    return true
  }

  private bytes(s: number, column: number, text: number, length: number): boolean {
    const offsets = this.get(column, C_VALUES) + this.get(s, S_ROW) * 4
    const start = this.get(offsets, 0)
    if (start + length > this.get(column, C_BYTES_CAP)) return this.need(s, column, ERROR_ROOM, length)
    this.u8.copyWithin(this.get(column, C_BYTES) + start, text, text + length)
    this.set(offsets, 4, start + length)
    return true
  }

  private fixed(s: number, column: number, text: number, length: number): boolean {
    const width = this.get(column, C_WIDTH)
    if (length > width) return this.bad(s, column)
    const out = this.get(column, C_VALUES) + this.get(s, S_ROW) * width
    this.u8.copyWithin(out, text, text + length)
    this.u8.fill(0, out + length, out + width)
    return true
  }

  private at(s: number, column: number): number {
    return this.get(column, C_VALUES) + this.get(s, S_ROW) * this.get(column, C_WIDTH)
  }

  private integer(s: number, column: number, value: bigint): boolean {
    const at = this.at(s, column)
    if (value > SAFE_MAX || value < -SAFE_MAX) this.set(column, C_UNSAFE, 1)
    switch (this.get(column, C_WIDTH)) {
      case 1: this.u8[at] = Number(BigInt.asUintN(8, value)); break
      case 2: this.view.setUint16(at, Number(BigInt.asUintN(16, value)), true); break
      case 4: this.view.setUint32(at, Number(BigInt.asUintN(32, value)), true); break
      default: this.view.setBigInt64(at, BigInt.asIntN(64, value), true)
    }
    return true
  }

  private value(s: number, column: number, start: number, length: number, form: number): boolean {
    const kind = this.get(column, C_KIND)
    if (kind === KIND_CODES) return this.code(s, column, start, length)
    if (kind === KIND_BYTES) return this.bytes(s, column, start, length)
    if (kind === KIND_FIXED) return this.fixed(s, column, start, length)
    if (form === FORM_COMPOSITE) return this.bad(s, column)
    const text = asciiText(this.u8, start, start + length)
    switch (kind) {
      case KIND_INT:
      case KIND_UINT64: return this.readInteger(s, column, text, form, kind)
      case KIND_FLOAT64:
      case KIND_FLOAT32: return this.readFloat(s, column, text, form, kind)
      case KIND_BOOL: {
        const value = readBool(text, form === FORM_NUMBER)
        return value === null ? this.bad(s, column) : this.integer(s, column, value ? 1n : 0n)
      }
      case KIND_UUID: {
        const halves = form === FORM_STRING ? readUuid(text) : null
        if (halves === null) return this.bad(s, column)
        halves.forEach((half, i) => this.view.setBigUint64(this.at(s, column) + 8 * i, half, true))
        return true
      }
      default: return form === FORM_BOOL ? this.bad(s, column) : this.readTime(s, column, text, kind)
    }
  }

  private readInteger(s: number, column: number, text: string, form: number, kind: number): boolean {
    const value = form === FORM_BOOL ? BigInt(text === 'true') : readInteger(text)
    if (value === null) return this.bad(s, column)
    const isWide = kind === KIND_UINT64
    const min = isWide ? 0n : this.view.getBigInt64(column + C_MIN, true)
    const max = isWide ? 2n ** 64n - 1n : this.view.getBigInt64(column + C_MAX, true)
    return value < min || value > max ? this.bad(s, column) : this.integer(s, column, value)
  }

  private readFloat(s: number, column: number, text: string, form: number, kind: number): boolean {
    const value = form === FORM_BOOL ? Number(text === 'true') : readFloat(text)
    if (value === null) return this.bad(s, column)
    if (kind === KIND_FLOAT64) this.view.setFloat64(this.at(s, column), value, true)
    else this.view.setFloat32(this.at(s, column), value, true)
    return true
  }

  private readTime(s: number, column: number, text: string, kind: number): boolean {
    const time = readTime(text)
    if (time === null) return this.bad(s, column)
    const { seconds, nanos } = time
    if (kind === KIND_DATETIME) {
      return seconds < 0 || seconds > 4294967295 ? this.bad(s, column)
        : this.integer(s, column, BigInt(seconds))
    }
    const day = dayOf(text, time, kind === KIND_DATE || kind === KIND_DATE32)
    if (kind === KIND_DATE ? day < 0 || day > 65535 : day < DAY_MIN || day > DAY_MAX) {
      return this.bad(s, column)
    }
    if (kind === KIND_DATE || kind === KIND_DATE32) return this.integer(s, column, BigInt(day))
    const precision = this.get(column, C_PRECISION)
    if (precision === 9 && seconds > 9223372035) return this.bad(s, column)
    const ticks = BigInt(seconds) * 10n ** BigInt(precision)
      + BigInt(Math.floor(nanos / 10 ** (9 - precision)))
    return this.integer(s, column, ticks)
  }

  private default(s: number, column: number): boolean {
    const kind = this.get(column, C_KIND)
    const text = this.get(column, C_DEFAULT_TEXT)
    const length = this.get(column, C_DEFAULT_BYTES)
    if (kind === KIND_CODES) return this.code(s, column, text, length)
    if (kind === KIND_BYTES || kind === KIND_JSON) return this.bytes(s, column, text, length)
    if (kind === KIND_FIXED || kind === KIND_UUID) return this.fixed(s, column, text, length)
    const bits = kind === KIND_UINT64 ? this.view.getBigUint64(column + C_DEFAULT_BITS, true)
      : this.view.getBigInt64(column + C_DEFAULT_BITS, true)
    const unsafe = this.get(column, C_UNSAFE)
    this.integer(s, column, bits)
    // The bits of a float are no integer beyond 2^53.
    if (kind === KIND_FLOAT64) this.set(column, C_UNSAFE, unsafe)
    return true
  }

  private zero(s: number, column: number): boolean {
    const kind = this.get(column, C_KIND)
    if (kind === KIND_CODES) return this.code(s, column, column, 0)
    if (kind === KIND_BYTES || kind === KIND_JSON) return this.bytes(s, column, column, 0)
    if (kind === KIND_FIXED || kind === KIND_UUID) return this.fixed(s, column, column, 0)
    return this.integer(s, column, 0n)
  }

  private absent(s: number, column: number): boolean {
    const flags = this.get(column, C_FLAGS)
    const mark = (flags & FLAG_DEFAULT) !== 0 ? MARK_VALUE
      : (flags & FLAG_COMPUTED) !== 0 ? MARK_COMPUTED
        : (flags & FLAG_NULLABLE) !== 0 ? MARK_NULL : -1
    if (mark < 0) return this.bad(s, column)
    const marks = this.get(column, C_MARKS)
    if (marks !== 0) this.u8[marks + this.get(s, S_ROW)] = mark
    return mark === MARK_VALUE ? this.default(s, column) : this.zero(s, column)
  }
}
