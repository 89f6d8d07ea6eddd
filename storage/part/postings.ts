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
import { allNumbers, readNumbers, writeNumbers } from '../codec/numbers.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bitsFor, bitsFrom } from '../kernels/bits.ts'
import { ESCAPE_BITS, listBitsMax, SKIP_ROWS_MIN } from '../kernels/postings.ts'

const GROUP_CODES = 16
/** Bytes of a section of groups: what a cold lookup reads. */
export const PAGE_BYTES = 32768
/** Places of lists are kept from so many looks on: a merge opens thousands of columns for one each. */
const PLACED_FINDS = 8
/** ... and not of more codes: two bytes for each are too much there. */
const PLACED_SIZE_MAX = 2 ** 18
/** Lists that begin farther behind their group's begin are found anew. */
const PLACES_MAX = 65535
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
  private readonly rowBits: number
  /** Where each group starts, and the end: four bytes for 16 codes. */
  private readonly starts: Uint32Array
  private readonly pageAt: (page: number) => Uint8Array
  /** The list found last: who counts its rows reads them next. */
  private foundCode = -1
  private foundCount = 0
  private foundBit = 0
  /** The bit at which the group found last begins in the bytes that groupAt() answered. */
  private groupBit = 0
  private finds = 0
  /** Where lists that were passed begin in their groups, by code: the bit + 1; 0: not known. */
  private places: Uint16Array | null = null
  private readonly size: number

  constructor(directory: Uint8Array, size: number, pageAt: (page: number) => Uint8Array) {
    const reader = new ByteReader(directory)
    this.size = size
    this.rowBits = reader.u8()
    this.starts = allNumbers(readNumbers(reader, Math.ceil(size / GROUP_CODES) + 1), directory)
    this.pageAt = pageAt
  }

  countOf(code: number): number {
    if (code !== this.foundCode) this.find(code)
    return this.foundCount
  }

  /** Rows in ascending order, in ordinary memory. */
  rowsOf(code: number): Uint32Array {
    const bytes = this.find(code)
    const rows = new Uint32Array(this.foundCount)
    if (rows.length > 0) readRows(bytes, this.foundBit, this.rowBits, rows.length, rows)
    return rows
  }

  /** Sets how many rows a code's list has and where they begin in its group's bytes: the answer. */
  private find(code: number): Uint8Array {
    const bytes = this.groupAt(Math.floor(code / GROUP_CODES))
    if (code === this.foundCode) return bytes
    if (++this.finds === PLACED_FINDS && this.size <= PLACED_SIZE_MAX) this.places = new Uint16Array(this.size)
    const { places, groupBit } = this
    const place = places === null ? 0 : places[code]
    let bit = groupBit + Math.max(0, place - 1)
    for (let before = place > 0 ? 0 : code % GROUP_CODES; ; before--) {
      if (places !== null && bit - groupBit < PLACES_MAX) places[code - before] = bit - groupBit + 1
      const countBits = bitsFrom(bytes, bit, 5)
      // A shift, and no power: V8 calls the C library for each of those.
      const count = (1 << countBits >>> 0) - 1 + (countBits === 0 ? 0 : bitsFrom(bytes, bit + 5, countBits))
      bit += 5 + countBits
      const skip = count < SKIP_ROWS_MIN ? -1 : bitsFrom(bytes, bit, 32)
      if (skip >= 0) bit += 32
      if (before === 0) {
        this.foundCode = code
        this.foundCount = count
        this.foundBit = bit
        return bytes
      }
      if (skip >= 0) bit += skip
      else if (count > 0) bit = readRows(bytes, bit, this.rowBits, count, null)
    }
  }

  /** The page of a group, which begins at groupBit; joined bytes where it lies in several pages. */
  private groupAt(group: number): Uint8Array {
    const from = this.starts[group]
    const to = this.starts[group + 1]
    const first = Math.floor(from / PAGE_BYTES)
    const last = Math.floor((to - 1) / PAGE_BYTES)
    if (first === last) {
      // A view of the group would cost more than its list.
      this.groupBit = (from - first * PAGE_BYTES) * 8
      return this.pageAt(first)
    }
    this.groupBit = 0
    const joined = new Uint8Array(to - from)
    for (let page = first; page <= last; page++) {
      const start = page * PAGE_BYTES
      const piece = this.pageAt(page).subarray(Math.max(0, from - start), to - start)
      joined.set(piece, Math.max(0, start - from))
    }
    return joined
  }
}

/** Bits of a word read from any byte on that are there whatever bit of it they begin with. */
const SEEN_BITS = 25
const ESCAPE_MASK = 2 ** ESCAPE_BITS - 1

/** Reads a list of `count` rows from bit `at` on into `rows`, if given; answers the bit behind it. */
function readRows(
  bytes: Uint8Array, at: number, rowBits: number, count: number, rows: Uint32Array | null,
): number {
  let bit = at
  let row = bitsFrom(bytes, bit, rowBits)
  bit += rowBits
  if (rows !== null) rows[0] = row
  if (count === 1) return bit
  const low = bitsFrom(bytes, bit, 5)
  bit += 5
  const lowMask = (1 << low >>> 0) - 1
  for (let i = 1; i < count; i++) {
    // One look at 25 bits and more: nearly all gaps lie within.
    const byte = Math.floor(bit / 8)
    const ahead = (bytes[byte] | bytes[byte + 1] << 8 | bytes[byte + 2] << 16 | bytes[byte + 3] << 24) >>> (bit & 7)
    const ones = ahead & ESCAPE_MASK
    const high = 31 - Math.clz32(~ones & (ones + 1)) // ones at the low end
    let gap: number
    if (high === ESCAPE_BITS) {
      gap = bitsFrom(bytes, bit + ESCAPE_BITS, 32)
      bit += ESCAPE_BITS + 32
    } else if (high + 1 + low <= SEEN_BITS) {
      gap = (high << low) + (ahead >>> high + 1 & lowMask)
      bit += high + 1 + low
    } else {
      bit += high + 1
      gap = (high << low) + bitsFrom(bytes, bit, low)
      bit += low
    }
    row += gap + 1
    if (rows !== null) rows[i] = row
  }
  return bit
}
