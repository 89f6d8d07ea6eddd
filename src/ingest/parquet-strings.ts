// Strings of a Parquet column without strings of JavaScript: hyparquet hands each one's bytes once (of a
// dictionary's page once for all of its rows), gets a number for it, and makes its rows of these numbers.
//
//   bytes -> StringTable.add -> number -> hyparquet's rows -> StringColumn -> a vector for rows [from, to)
//
// Invariant: no string stands twice in a table, and each is whole UTF-8 (isUtf8), as JSON's are.

import { isUtf8 } from 'node:buffer'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { isMostlyDistinct } from './growth.ts'

const BYTES_MIN = 65_536
const ENTRIES_MIN = 1024
/** Shorter ones are copied byte by byte: a call costs more. */
const SHORT_BYTES = 24
const EMPTY = new Uint8Array(0)

/** A column of a row group, decoded. */
export interface TypedColumn {
  /** Rows [from, to), on the account; null: they go as JSON lines. Throws where pages are damaged. */
  vector(from: number, to: number, account: MemoryAccount): Vector | null
}

/** Distinct strings by number, in the order of their coming. */
export class StringTable {
  bytes = new Uint8Array(BYTES_MIN)
  offsets = new Uint32Array(ENTRIES_MIN + 1)
  size = 0
  /** So many of the first are known to be UTF-8. */
  private checked = 0
  private hashes = new Uint32Array(ENTRIES_MIN)
  /** Numbers + 1 by hash; 0: free. A power of two, at most half full. */
  private slots = new Uint32Array(ENTRIES_MIN * 2)

  /** The number of a string, which is bytes [from, to) of `text`: a view of them costs as much as the rest. */
  add(text: Uint8Array, from = 0, to = text.length): number {
    let hash = 0x811c9dc5
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ text[i], 0x01000193)
    hash = (hash ^ (hash >>> 15)) >>> 0
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const known = this.slots[slot] - 1
      if (this.hashes[known] === hash && this.isAt(known, text, from, to)) return known
    }
    if (this.size === this.hashes.length) {
      this.grow()
      return this.add(text, from, to)
    }
    const code = this.size++
    this.slots[slot] = code + 1
    this.hashes[code] = hash
    const start = this.offsets[code]
    const end = start + to - from
    this.room(end)
    copy(text, from, to, this.bytes, start)
    this.offsets[code + 1] = end
    return code
  }

  private isAt(code: number, text: Uint8Array, from: number, to: number): boolean {
    const { bytes } = this
    const start = this.offsets[code]
    if (this.offsets[code + 1] - start !== to - from) return false
    for (let i = from; i < to; i++) if (bytes[start + i - from] !== text[i]) return false
    return true
  }

  private room(length: number): void {
    if (length <= this.bytes.length) return
    const grown = new Uint8Array(Math.max(length, this.bytes.length * 2))
    grown.set(this.bytes)
    this.bytes = grown
  }

  private grow(): void {
    const entries = this.size * 2
    const offsets = new Uint32Array(entries + 1)
    offsets.set(this.offsets)
    this.offsets = offsets
    const hashes = new Uint32Array(entries)
    hashes.set(this.hashes)
    this.hashes = hashes
    this.slots = new Uint32Array(entries * 2)
    const mask = entries * 2 - 1
    for (let code = 0; code < this.size; code++) {
      let slot = hashes[code] & mask
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask
      this.slots[slot] = code + 1
    }
  }

  /** Every string is UTF-8 of its own: all of them are, end to end, and none begins within a character. */
  isUtf8(): boolean {
    const { bytes, offsets, size, checked } = this
    if (checked === size) return true
    if (!isUtf8(bytes.subarray(offsets[checked], offsets[size]))) return false
    for (let code = checked; code < size; code++) {
      if (offsets[code] < offsets[code + 1] && (bytes[offsets[code]] & 0xc0) === 0x80) return false
    }
    this.checked = size
    return true
  }
}

/** Bytes [start, end) of one array to another. */
export function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > SHORT_BYTES) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at + i - start] = from[i]
}

/** A column of numbers of a table's strings. */
export class StringColumn implements TypedColumn {
  private readonly plan: ColumnPlan
  private readonly table: StringTable
  private readonly codes: Uint32Array
  private readonly nulls: Uint8Array | null

  private constructor(plan: ColumnPlan, table: StringTable, codes: Uint32Array, nulls: Uint8Array | null) {
    this.plan = plan
    this.table = table
    this.codes = codes
    this.nulls = nulls
  }

  /** Null: some of the strings are no UTF-8, or a NULL needs more than a mark. */
  static of(values: ArrayLike<unknown>, table: StringTable, plan: ColumnPlan, takesNulls: boolean): StringColumn | null {
    const codes = new Uint32Array(values.length)
    let nulls: Uint8Array | null = null
    let empty = 0
    for (let row = 0; row < codes.length; row++) {
      const value = values[row]
      if (typeof value === 'number') codes[row] = value
      else {
        if (!takesNulls) return null
        if (nulls === null) {
          nulls = new Uint8Array(codes.length)
          empty = table.add(EMPTY)
        }
        codes[row] = empty
        nulls[row] = 1
      }
    }
    return table.isUtf8() ? new StringColumn(plan, table, codes, nulls) : null
  }

  /** Rows of a table's strings; those of NULL get its empty one. Null: some of the strings are no UTF-8. */
  static ofCodes(codes: Uint32Array, nulls: Uint8Array | null, table: StringTable, plan: ColumnPlan): StringColumn | null {
    if (nulls !== null) {
      const empty = table.add(EMPTY)
      for (let row = 0; row < codes.length; row++) if (nulls[row] === 1) codes[row] = empty
    }
    return table.isUtf8() ? new StringColumn(plan, table, codes, nulls) : null
  }

  vector(from: number, to: number, account: MemoryAccount): Vector {
    const { plan, table } = this
    const length = to - from
    const codes = account.u32(length)
    const local = new Int32Array(table.size).fill(-1)
    const order = new Uint32Array(Math.min(length, table.size))
    let size = 0
    for (let i = 0; i < length; i++) {
      const code = this.codes[from + i]
      if (local[code] < 0) {
        order[size] = code
        local[code] = size++
      }
      codes[i] = local[code]
    }
    const { type } = plan.column
    const nulls = nullsOf(this.nulls, from, to, account)
    if (plan.isAdaptive && isMostlyDistinct(size, length)) {
      const { offsets, bytes } = this.gathered(this.codes.subarray(from, to), account)
      return { kind: 'bytes', type, length, isConst: false, nulls, offsets, bytes }
    }
    const { offsets, bytes } = this.gathered(order.subarray(0, size), account)
    return { kind: 'codes', type, length, isConst: false, nulls, codes, dictionary: new LocalStrings(size, bytes, offsets) }
  }

  private gathered(codes: Uint32Array, account: MemoryAccount): { offsets: Uint32Array; bytes: Uint8Array } {
    const { table } = this
    const offsets = account.u32(codes.length + 1)
    let total = 0
    for (let i = 0; i < codes.length; i++) {
      offsets[i] = total
      total += table.offsets[codes[i] + 1] - table.offsets[codes[i]]
    }
    offsets[codes.length] = total
    const bytes = account.u8(total)
    for (let i = 0; i < codes.length; i++) {
      copy(table.bytes, table.offsets[codes[i]], table.offsets[codes[i] + 1], bytes, offsets[i])
    }
    return { offsets, bytes }
  }
}

/** The marks of rows [from, to); null: none of them is NULL. */
export function nullsOf(nulls: Uint8Array | null, from: number, to: number, account: MemoryAccount): Uint8Array | null {
  const marks = nulls?.subarray(from, to)
  if (marks === undefined || !marks.includes(1)) return null
  const own = account.u8(to - from)
  own.set(marks)
  return own
}
