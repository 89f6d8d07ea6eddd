// A block of strings of which few are distinct, in a column that has no dictionary (elements of
// arrays, a column of mostly unique strings).
//
//   DISTINCT | distinct varint | bytes of the next varint | codec u8 | string body | stream of codes |

import type { ByteReader } from '../bytes/byte-reader.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { differenceAt, fillDifferences, readNumbers, writeNumbers, type Numbers } from './numbers.ts'
import type { EncodeSpace } from './space.ts'
import { takeStrings } from './take.ts'
import {
  decodeStrings, readStringBlock, StringPicker, writeStrings, type DecodedStrings, type StringBlock,
  type StringRange,
} from './string-block.ts'

/** Rows looked at before all are sorted. */
const SAMPLE_ROWS = 64
/** Fewer rows are not worth two streams. */
const ROWS_MIN = 32
/** Distinct strings that pay, as a share of the rows. */
const DISTINCT_SHARE = 0.25

function looksDistinct({ bytes, offsets }: StringRange, from: number, to: number): boolean {
  const seen = new Set<string>()
  const step = (to - from) / SAMPLE_ROWS
  let rows = 0
  for (let at = from; Math.floor(at) < to; at += Math.max(1, step), rows++) {
    const row = Math.floor(at)
    if (seen.size > SAMPLE_ROWS * DISTINCT_SHARE * 2) return true
    seen.add(Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString('latin1'))
  }
  return seen.size > rows * DISTINCT_SHARE * 2
}

/** Appends rows [from, to) as DISTINCT; false: too many are, and nothing was appended. */
export function writeDistinct(
  space: EncodeSpace, range: StringRange, from: number, to: number,
): boolean {
  const count = to - from
  if (count < ROWS_MIN || looksDistinct(range, from, to)) return false
  const { ranks, strings, distinct, release } = rankRange(space, range, from, to)
  const isWorthIt = distinct <= count * DISTINCT_SHARE
  if (isWorthIt) {
    space.out.varint(distinct)
    const body = writeAside(space, strings, distinct)
    space.out.sized(body)
    writeNumbers(space, ranks, count, 0)
  }
  release()
  return isWorthIt
}

/** The string body of the distinct strings behind its codec, as bytes of its own. */
export function writeAside(space: EncodeSpace, strings: StringRange, distinct: number): Uint8Array {
  const start = space.out.length
  const codec = writeStrings(space, strings, 0, distinct)
  const body = new Uint8Array(space.out.length - start + 1)
  body[0] = codec
  body.set(space.out.since(start), 1)
  space.out.cut(start)
  return body
}

/** Sorts a range of strings: each row's rank, and the strings by rank, all in work memory. */
function rankRange(space: EncodeSpace, range: StringRange, from: number, to: number) {
  const { account, kernels } = space
  const count = to - from
  const start = range.offsets[from]
  const bytes = account.u8(range.offsets[to] - start)
  bytes.set(range.bytes.subarray(start, range.offsets[to]))
  const offsets = account.u32(count + 1)
  for (let row = 0; row <= count; row++) offsets[row] = range.offsets[from + row] - start
  const order = account.u32(count)
  const spare = account.u32(count + 1)
  const keys = account.f64(count)
  const spareKeys = account.f64(count)
  const ranks = account.u32(count)
  kernels.sortStrings(offsets.byteOffset, bytes.byteOffset, count, order.byteOffset,
    ranks.byteOffset, keys.byteOffset, spareKeys.byteOffset, spare.byteOffset)
  const distinct = kernels.rankStrings(offsets.byteOffset, bytes.byteOffset, count,
    order.byteOffset, ranks.byteOffset, spare.byteOffset)
  const strings = takeStrings({ bytes, offsets }, spare, distinct, space)
  const scratch = [bytes, offsets, order, spare, keys, spareKeys, ranks, strings.bytes, strings.offsets]
  const release = () => { for (const array of scratch) account.free(array.byteOffset) }
  return { ranks, strings, distinct, release }
}

/** A DISTINCT block found in bytes. */
export type DistinctBlock = { readonly strings: StringBlock; readonly codes: Numbers }

export function readDistinctBlock(reader: ByteReader, rows: number): DistinctBlock {
  const distinct = reader.varint()
  reader.varint()
  const strings = readStringBlock(reader, reader.u8(), distinct)
  return { strings, codes: readNumbers(reader, rows) }
}

/** All strings. `bytes` lies in work memory. */
export function decodeDistinct(
  block: DistinctBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): DecodedStrings {
  const { codes } = block
  const base = Number(codes.base)
  const strings = decodeStrings(block.strings, bytes, account, kernels)
  const rows = account.u32(codes.count)
  fillDifferences(codes, bytes, rows, kernels)
  if (base !== 0) for (let row = 0; row < codes.count; row++) rows[row] += base
  const decoded = takeStrings(strings, rows, codes.count, { account, kernels })
  for (const array of [strings.offsets, strings.bytes, rows]) account.free(array.byteOffset)
  return decoded
}

/** Reads strings of one block one by one. */
export class DistinctPicker {
  private readonly block: DistinctBlock
  private readonly source: Uint8Array
  private readonly strings: StringPicker

  constructor(block: DistinctBlock, bytes: Uint8Array) {
    this.block = block
    this.source = bytes
    this.strings = new StringPicker(block.strings, bytes)
  }

  at(row: number): Uint8Array {
    const { codes } = this.block
    return this.strings.at(Number(codes.base) + differenceAt(codes, this.source, row))
  }
}
