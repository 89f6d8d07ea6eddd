// Row postings of a dictionary column: code -> the rows that have it. FORMAT.md, "Postings".
//
//   pages     | group | group | ...                     the bytes of all groups, cut into sections
//   group     | list of code 16g | list of code 16g + 1 | ... padded to a byte
//   list      | n = bits of (rows + 1) less 1: 5 bits | rows + 1 without its top bit: n bits |
//             | bits that follow: 32 bits, only from 64 rows on | first row | k: 5 bits | gaps |
//   gap       | high part in ones | 0 | low part of k bits |    or 16 ones and the gap in 32 bits
//   directory | bits of a first row u8 | stream of groups + 1 starts |
//
// Bits are taken low first. A list of one row has no k and no gaps. Rice codes of a gap need about
// log2(mean gap) + 1.5 bits: a fifth less than bytes of 7 bits.

import { ByteReader } from '../bytes/byte-reader.ts'
import { differenceAt, readNumbers, writeNumbers, type Numbers } from '../codec/numbers.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bitsFor, bitsFrom } from '../kernels/bits.ts'
import { ESCAPE_BITS, listBitsMax, SKIP_ROWS_MIN } from '../kernels/postings.ts'

const GROUP_CODES = 16
/** Bytes of a section of groups: what a cold lookup reads. */
export const PAGE_BYTES = 32768
/** Bytes of groups packed between two copies to the image. */
const PACKING_BYTES = 262144

/** Appends the pages for the codes (u32 in work memory, below `size`) of `rowCount` rows, and calls
 * `markPages`; then appends the directory. Rows that are NULL are in no list. */
export function writePostings(
  space: EncodeSpace, codes: Uint32Array, nulls: Uint8Array | null, size: number, rowCount: number,
  markPages: () => void,
): void {
  const { account, kernels } = space
  const counts = account.u32(size).fill(0)
  const nullsAt = nulls === null ? 0 : nulls.byteOffset
  kernels.countCodes(codes.byteOffset, nullsAt, rowCount, counts.byteOffset)
  const next = account.u32(size)
  let sum = 0
  for (let code = 0; code < size; code++) {
    next[code] = sum
    sum += counts[code]
  }
  const rows = account.u32(rowCount)
  kernels.placeRows(codes.byteOffset, nullsAt, rowCount, next.byteOffset, rows.byteOffset)
  const rowBits = Math.max(1, bitsFor(rowCount - 1))
  const starts = writeGroups(space, rows, counts, size, rowBits)
  markPages()
  space.out.u8(rowBits)
  const stage = space.stage(starts.length)
  stage.set(starts)
  writeNumbers(space, stage, starts.length, 0)
  for (const array of [counts, next, rows]) account.free(array.byteOffset)
}

/** Appends all groups; answers where each starts, and the end. */
function writeGroups(
  space: EncodeSpace, rows: Uint32Array, counts: Uint32Array, size: number, rowBits: number,
): Uint32Array {
  const groups = Math.ceil(size / GROUP_CODES)
  const starts = new Uint32Array(groups + 1)
  const origin = space.out.length
  let packing = space.packing(PACKING_BYTES)
  packing.fill(0)
  let used = 0
  let firstRow = 0
  const flush = () => {
    space.out.copy(packing.subarray(0, used))
    packing.fill(0, 0, used + 8)
    used = 0
  }
  for (let group = 0; group < groups; group++) {
    const from = group * GROUP_CODES
    const to = Math.min(size, from + GROUP_CODES)
    let groupRows = 0
    for (let code = from; code < to; code++) groupRows += counts[code]
    const bytesMax = Math.ceil(listBitsMax(groupRows, to - from) / 8) + 8
    if (used + bytesMax > packing.length) flush()
    if (bytesMax > packing.length) packing = space.packing(bytesMax).fill(0)
    const bits = space.kernels.packLists(rows.byteOffset + firstRow * 4, counts.byteOffset, from,
      to, rowBits, packing.byteOffset + used)
    used += Math.ceil(bits / 8)
    firstRow += groupRows
    starts[group + 1] = space.out.length - origin + used
  }
  flush()
  return starts
}

/** What reads lists. `pageAt(i)` is the bytes of page i. */
export class Postings {
  private readonly directory: Uint8Array
  private readonly rowBits: number
  private readonly starts: Numbers
  private readonly pageAt: (page: number) => Uint8Array

  constructor(directory: Uint8Array, size: number, pageAt: (page: number) => Uint8Array) {
    const reader = new ByteReader(directory)
    this.directory = directory
    this.rowBits = reader.u8()
    this.starts = readNumbers(reader, Math.ceil(size / GROUP_CODES) + 1)
    this.pageAt = pageAt
  }

  countOf(code: number): number {
    const list = this.find(code)
    return list.count
  }

  /** Rows in ascending order, in ordinary memory. */
  rowsOf(code: number): Uint32Array {
    const { bytes, count, bit } = this.find(code)
    const rows = new Uint32Array(count)
    if (count > 0) readRows(bytes, bit, this.rowBits, rows)
    return rows
  }

  /** The list of a code: its group's bytes, its rows, and where they begin. */
  private find(code: number): { bytes: Uint8Array; count: number; bit: number } {
    const bytes = this.groupAt(Math.floor(code / GROUP_CODES))
    let bit = 0
    for (let before = code % GROUP_CODES; ; before--) {
      const countBits = bitsFrom(bytes, bit, 5)
      const count = 2 ** countBits - 1 + (countBits === 0 ? 0 : bitsFrom(bytes, bit + 5, countBits))
      bit += 5 + countBits
      const skip = count < SKIP_ROWS_MIN ? -1 : bitsFrom(bytes, bit, 32)
      if (skip >= 0) bit += 32
      if (before === 0) return { bytes, count, bit }
      if (skip >= 0) bit += skip
      else if (count > 0) bit = readRows(bytes, bit, this.rowBits, new Uint32Array(count))
    }
  }

  /** A group's bytes, joined where they lie in several pages. */
  private groupAt(group: number): Uint8Array {
    const from = differenceAt(this.starts, this.directory, group)
    const to = differenceAt(this.starts, this.directory, group + 1)
    const first = Math.floor(from / PAGE_BYTES)
    const last = Math.floor((to - 1) / PAGE_BYTES)
    if (first === last) {
      return this.pageAt(first).subarray(from - first * PAGE_BYTES, to - first * PAGE_BYTES)
    }
    const joined = new Uint8Array(to - from)
    for (let page = first; page <= last; page++) {
      const start = page * PAGE_BYTES
      const piece = this.pageAt(page).subarray(Math.max(0, from - start), to - start)
      joined.set(piece, Math.max(0, start - from))
    }
    return joined
  }
}

/** Fills `rows` from bit `at` on; answers the bit behind the list. */
function readRows(bytes: Uint8Array, at: number, rowBits: number, rows: Uint32Array): number {
  let bit = at
  let row = bitsFrom(bytes, bit, rowBits)
  bit += rowBits
  rows[0] = row
  if (rows.length === 1) return bit
  const low = bitsFrom(bytes, bit, 5)
  bit += 5
  for (let i = 1; i < rows.length; i++) {
    const ahead = bitsFrom(bytes, bit, ESCAPE_BITS)
    const high = 31 - Math.clz32(~ahead & (ahead + 1)) // ones at the low end
    let gap: number
    if (high < ESCAPE_BITS) {
      bit += high + 1
      gap = low === 0 ? high : high * 2 ** low + bitsFrom(bytes, bit, low)
      bit += low
    } else {
      gap = bitsFrom(bytes, bit + ESCAPE_BITS, 32)
      bit += ESCAPE_BITS + 32
    }
    row += gap + 1
    rows[i] = row
  }
  return bit
}
