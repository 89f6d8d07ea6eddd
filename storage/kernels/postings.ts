// Row postings under construction: rows by code, and their lists as Rice-coded gaps (Rice and Plaunt,
// 1971). The references of postings.as.ts. How a list is laid out is drawn in part/postings.ts.

import type { KernelMemory } from './kernel-memory.ts'

export type PostingsKernels = {
  /** counts[code] (u32, added to what is there) for the u32 codes of `count` rows; `nulls` (one byte
   * a row, pointer 0: none) leaves rows out. */
  readonly countCodes: (codes: number, nulls: number, count: number, counts: number) => void
  /** rows[next[code]++] = row, for every row. */
  readonly placeRows: (
    codes: number, nulls: number, count: number, next: number, rows: number) => void
  /** The lists of codes [from, to) end to end at `target` (zeroed); `rows` are those of code `from`
   * and the next ones, `counts` by code. Answers the bits written. */
  readonly packLists: (
    rows: number, counts: number, from: number, to: number, rowBits: number, target: number,
  ) => number
}

/** Rows from which a list says how many bits it has, so that it can be passed over. */
export const SKIP_ROWS_MIN = 64
/** Ones before a gap that is written whole instead: one far row must not cost a thousand bits. */
export const ESCAPE_BITS = 16

/** Bits that packLists may need for lists of `rows` rows and `codes` codes, at most. */
export const listBitsMax = (rows: number, codes: number): number =>
  rows * (32 + ESCAPE_BITS) + codes * (32 + 5 + 32 + 32 + 5)

/** Bits one after the other, low first. */
class BitWriter {
  private readonly bytes: Uint8Array
  private readonly start: number
  at = 0

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes
    this.start = start
  }

  put(value: number, bits: number, at = this.at): void {
    for (let bit = 0; bit < bits; bit++) {
      const place = at + bit
      if (Math.floor(value / 2 ** bit) % 2 === 1) this.bytes[this.start + (place >> 3)] |= 1 << (place & 7)
    }
    if (at === this.at) this.at += bits
  }
}

const log2 = (value: number): number => 31 - Math.clz32(value)

export function postingsReference(work: KernelMemory): PostingsKernels {
  const { u8, u32 } = work
  const isNull = (nulls: number, row: number) => nulls !== 0 && u8[nulls + row] !== 0
  return {
    countCodes(codes, nulls, count, counts) {
      for (let row = 0; row < count; row++) {
        if (!isNull(nulls, row)) u32[counts / 4 + u32[codes / 4 + row]]++
      }
    },
    placeRows(codes, nulls, count, next, rows) {
      for (let row = 0; row < count; row++) {
        if (!isNull(nulls, row)) u32[rows / 4 + u32[next / 4 + u32[codes / 4 + row]]++] = row
      }
    },
    packLists(rows, counts, from, to, rowBits, target) {
      const writer = new BitWriter(u8, target)
      let next = rows / 4
      for (let code = from; code < to; code++) {
        const count = u32[counts / 4 + code]
        writer.put(log2(count + 1), 5)
        writer.put(count + 1 - 2 ** log2(count + 1), log2(count + 1))
        if (count > 0) packList(writer, u32.subarray(next, next + count), rowBits)
        next += count
      }
      return writer.at
    },
  }
}

function packList(writer: BitWriter, rows: Uint32Array, rowBits: number): void {
  const skipAt = writer.at
  if (rows.length >= SKIP_ROWS_MIN) writer.put(0, 32)
  const start = writer.at
  writer.put(rows[0], rowBits)
  if (rows.length > 1) {
    const span = rows[rows.length - 1] - rows[0] - (rows.length - 1)
    const mean = Math.floor(span / (rows.length - 1))
    const low = mean === 0 ? 0 : log2(mean)
    writer.put(low, 5)
    for (let i = 1; i < rows.length; i++) {
      const gap = rows[i] - rows[i - 1] - 1
      const high = gap >>> low
      if (high < ESCAPE_BITS) {
        writer.put(2 ** high - 1, high + 1)
        writer.put(gap % 2 ** low, low)
      } else {
        writer.put(2 ** ESCAPE_BITS - 1, ESCAPE_BITS)
        writer.put(gap, 32)
      }
    }
  }
  if (rows.length >= SKIP_ROWS_MIN) writer.put(writer.at - start, 32, skipAt)
}
