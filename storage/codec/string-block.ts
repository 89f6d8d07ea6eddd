// Blocks of strings without a dictionary. Drawings of the bodies:
//
//   STRINGS | stream of rows + 1 offsets | bytes |
//   LZ4     | stream of rows + 1 offsets | log2 rows a chunk u8 | stream of chunks + 1 offsets | chunks |
//             a chunk holds the strings of some rows, so that one row is read without the whole block
//   UUID    | 16 bytes a row |

import { copyBytes } from '../bytes/copy-bytes.ts'
import type { ByteReader } from '../bytes/byte-reader.ts'
import { UUID_BYTES, UUID_TEXT_BYTES, UUID_WORDS, uuidTexts } from '../column/uuid-texts.ts'
import type { BytesVector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { CODEC_LZ4, CODEC_STRINGS, CODEC_UUID } from './codecs.ts'
import { compress, LZ4_BYTES_MIN, LZ4_GAIN, LZ4_HEAD_BYTES, uncompress } from './lz4.ts'
import { differenceAt, fillDifferences, readNumbers, writeNumbers, type Numbers } from './numbers.ts'
import { pickDifferences } from './pick-numbers.ts'
import type { EncodeSpace } from './space.ts'

/** Plain bytes of a chunk, about: larger ones pack little better (LZ4 looks back 64 KiB). */
const CHUNK_BYTES = 49152

/** Strings as bytes and offsets that need not begin at 0. */
export type StringRange = { readonly bytes: Uint8Array; readonly offsets: Uint32Array }

/** The texts of the rows where kernels can reach them, the first at offset 0. */
export function reachable(
  { bytes, offsets }: StringRange, from: number, to: number, account: MemoryAccount,
): StringRange {
  const start = offsets[from]
  const own = account.u32(to - from + 1)
  for (let row = from; row <= to; row++) own[row - from] = offsets[row] - start
  const text = bytes.subarray(start, offsets[to])
  if (bytes.buffer === account.work.buffer) return { bytes: text, offsets: own }
  const copy = account.u8(text.length)
  copy.set(text)
  return { bytes: copy, offsets: own }
}

/** Appends the offsets of rows [from, to), counted from the first one's. */
function writeOffsets(space: EncodeSpace, offsets: Uint32Array, from: number, to: number): void {
  const stage = space.stage(to - from + 1)
  const start = offsets[from]
  for (let row = from; row <= to; row++) stage[row - from] = offsets[row] - start
  writeNumbers(space, stage, to - from + 1, 0)
}

/** Appends rows [from, to) as STRINGS or LZ4, whichever is worth it; answers the codec. */
export function writeStrings(
  space: EncodeSpace, { bytes, offsets }: StringRange, from: number, to: number,
): number {
  const plain = bytes.subarray(offsets[from], offsets[to])
  writeOffsets(space, offsets, from, to)
  if (plain.length < LZ4_BYTES_MIN || !isPackable(plain)) {
    space.out.copy(plain)
    return CODEC_STRINGS
  }
  const start = space.out.length
  const rowsLog2 = chunkRowsLog2(plain.length, to - from)
  const chunks = chunksOf({ bytes, offsets }, from, to, rowsLog2)
  space.out.u8(rowsLog2)
  const ends = space.stage(chunks.length + 1)
  ends[0] = 0
  chunks.forEach((chunk, index) => { ends[index + 1] = ends[index] + chunk.length })
  writeNumbers(space, ends, chunks.length + 1, 0)
  for (const chunk of chunks) space.out.copy(chunk)
  if (space.out.length - start <= plain.length * LZ4_GAIN) return CODEC_LZ4
  space.out.cut(start)
  space.out.copy(plain)
  return CODEC_STRINGS
}

const SAMPLE_BYTES = 16384

/** Tries the middle of many bytes first: bytes that do not pack cost as much to try as others. */
function isPackable(plain: Uint8Array): boolean {
  if (plain.length < SAMPLE_BYTES * 4) return true
  const middle = plain.length >> 1
  return compress(plain.subarray(middle, middle + SAMPLE_BYTES)).length <= SAMPLE_BYTES * LZ4_GAIN
}

function chunkRowsLog2(bytes: number, rows: number): number {
  const rowsOfChunk = CHUNK_BYTES / Math.max(1, bytes / rows)
  return Math.max(0, Math.round(Math.log2(Math.max(1, rowsOfChunk))))
}

function chunksOf(
  { bytes, offsets }: StringRange, from: number, to: number, rowsLog2: number,
): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let row = from; row < to; row += 1 << rowsLog2) {
    const end = Math.min(to, row + (1 << rowsLog2))
    chunks.push(compress(bytes.subarray(offsets[row], offsets[end])))
  }
  return chunks
}

/** Appends rows [from, to) as UUIDs where every one is such a text; false: nothing was appended.
 * Bytes that lie outside of work memory are copied there for the kernel. */
export function writeUuids(
  space: EncodeSpace, { bytes, offsets }: StringRange, from: number, to: number,
): boolean {
  const count = to - from
  const length = offsets[to] - offsets[from]
  if (count === 0 || length !== count * UUID_TEXT_BYTES || bytes[offsets[from] + 8] !== 45) return false
  const scratch = space.scratch()
  const text = reachable({ bytes, offsets }, from, to, scratch)
  const target = space.packing(count * UUID_BYTES)
  const isUuid = space.kernels.packUuids(
    text.offsets.byteOffset, text.bytes.byteOffset, count, target.byteOffset) === 1
  scratch.releaseAll()
  if (isUuid) space.out.copy(target.subarray(0, count * UUID_BYTES))
  return isUuid
}

/** The first `count` texts as 16 bytes each, in the account's memory; null: some is no UUID. They lie in work memory,
 * and offsets begin at 0. */
export function packUuids(
  { bytes, offsets }: StringRange, count: number, { account, kernels }: Pick<EncodeSpace, 'account' | 'kernels'>,
): Uint8Array | null {
  if (offsets[count] !== count * UUID_TEXT_BYTES) return null
  const packed = account.u8(count * UUID_BYTES)
  return kernels.packUuids(offsets.byteOffset, bytes.byteOffset, count, packed.byteOffset) === 1 ? packed : null
}

/** A string block found in bytes. */
export type StringBlock = {
  readonly codec: number
  readonly rows: number
  /** null for UUID. */
  readonly offsets: Numbers | null
  readonly rowsLog2: number
  readonly chunkEnds: Numbers | null
  /** Where bytes, chunks or UUIDs begin. */
  readonly at: number
}

export function readStringBlock(reader: ByteReader, codec: number, rows: number): StringBlock {
  if (codec === CODEC_UUID) {
    const { at } = reader
    reader.take(rows * UUID_BYTES)
    return { codec, rows, offsets: null, rowsLog2: 0, chunkEnds: null, at }
  }
  const offsets = readNumbers(reader, rows + 1)
  const rowsLog2 = codec === CODEC_LZ4 ? reader.u8() : 0
  const chunkEnds = codec === CODEC_LZ4
    ? readNumbers(reader, Math.ceil(rows / (1 << rowsLog2)) + 1) : null
  const { at } = reader
  const length = chunkEnds === null ? offsetAt(offsets, reader.bytes, rows)
    : offsetAt(chunkEnds, reader.bytes, chunkEnds.count - 1)
  reader.take(length)
  return { codec, rows, offsets, rowsLog2, chunkEnds, at }
}

const offsetAt = (numbers: Numbers, bytes: Uint8Array, index: number): number =>
  Number(numbers.base) + differenceAt(numbers, bytes, index)

/** The 16 bytes of each row of a block of UUIDs, as words, in the account's memory. */
export function decodeUuids({ rows, at }: StringBlock, bytes: Uint8Array, account: MemoryAccount): Uint32Array {
  const values = account.u32(rows * UUID_WORDS)
  copyBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 0, bytes.subarray(at, at + rows * UUID_BYTES))
  return values
}

/** All strings. `bytes` lies in work memory. */
export function decodeStrings(
  block: StringBlock, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels,
): { offsets: Uint32Array; bytes: Uint8Array } {
  const { rows } = block
  if (block.offsets === null) return uuidTexts(bytes.byteOffset + block.at, rows, account, kernels)
  const offsets = account.u32(rows + 1)
  fillDifferences(block.offsets, bytes, offsets, kernels)
  const text = account.u8(offsets[rows])
  if (block.chunkEnds === null) text.set(bytes.subarray(block.at, block.at + text.length))
  else unpackChunks(block, block.chunkEnds, bytes, offsets, text, kernels)
  return { offsets, bytes: text }
}

/** Unpacks all chunks to where their strings belong. */
function unpackChunks(
  block: StringBlock, ends: Numbers, bytes: Uint8Array, offsets: Uint32Array, text: Uint8Array,
  kernels: Kernels,
): void {
  let from = block.at + offsetAt(ends, bytes, 0) + LZ4_HEAD_BYTES
  for (let chunk = 0; chunk < ends.count - 1; chunk++) {
    const end = block.at + offsetAt(ends, bytes, chunk + 1)
    const start = offsets[chunk << block.rowsLog2]
    const length = offsets[Math.min(block.rows, chunk + 1 << block.rowsLog2)] - start
    const isWhole = kernels.unpackLz4(
      bytes.byteOffset + from, end - from, text.byteOffset + start, length)
    if (isWhole === 0) throw new RangeError('a chunk of strings does not unpack')
    from = end + LZ4_HEAD_BYTES
  }
}

function chunkOf(block: StringBlock, bytes: Uint8Array, chunk: number): Uint8Array {
  const ends = block.chunkEnds as Numbers
  return uncompress(bytes.subarray(
    block.at + offsetAt(ends, bytes, chunk), block.at + offsetAt(ends, bytes, chunk + 1)))
}

/** The strings of rows [from, from + count) of a block that is no UUID's. `bytes` may lie anywhere; of LZ4
 * the chunks that the rows lie in are unpacked. */
export function stringsBetween(
  block: StringBlock, ends: Numbers, bytes: Uint8Array, from: number, count: number, account: MemoryAccount,
): DecodedStrings {
  const rows = account.u32(count + 1)
  for (let i = 0; i <= count; i++) rows[i] = from + i
  const offsets = account.u32(count + 1)
  pickDifferences(ends, bytes, rows, 0, count + 1, 0, offsets, 0)
  account.free(rows.byteOffset)
  const start = offsets[0]
  const base = Number(ends.base) + start
  for (let i = 0; i <= count; i++) offsets[i] -= start
  const text = account.u8(offsets[count])
  if (block.chunkEnds === null) text.set(bytes.subarray(block.at + base, block.at + base + text.length))
  else {
    for (let row = from; row < from + count;) {
      const chunk = row >>> block.rowsLog2
      const next = Math.min(from + count, chunk + 1 << block.rowsLog2)
      const skipped = offsetAt(ends, bytes, row) - offsetAt(ends, bytes, chunk << block.rowsLog2)
      const length = offsets[next - from] - offsets[row - from]
      text.set(chunkOf(block, bytes, chunk).subarray(skipped, skipped + length), offsets[row - from])
      row = next
    }
  }
  return { offsets, bytes: text }
}

/** Reads strings of one block one by one, each chunk uncompressed once while rows ascend. */
export class StringPicker {
  private readonly block: StringBlock
  private readonly source: Uint8Array
  private readonly uuid = new Uint8Array(UUID_TEXT_BYTES)
  private chunk = -1
  private chunkStart = 0
  private chunkBytes: Uint8Array

  constructor(block: StringBlock, bytes: Uint8Array) {
    this.block = block
    this.source = bytes
    this.chunkBytes = bytes
  }

  /** The string of a row: a view, valid until the next call. */
  at(row: number): Uint8Array {
    const { block, source } = this
    if (block.offsets === null) return this.uuidAt(row)
    const start = offsetAt(block.offsets, source, row)
    const end = offsetAt(block.offsets, source, row + 1)
    if (block.chunkEnds === null) return source.subarray(block.at + start, block.at + end)
    const chunk = row >>> block.rowsLog2
    if (chunk !== this.chunk) {
      this.chunkBytes = chunkOf(block, source, chunk)
      this.chunkStart = offsetAt(block.offsets, source, chunk << block.rowsLog2)
      this.chunk = chunk
    }
    return this.chunkBytes.subarray(start - this.chunkStart, end - this.chunkStart)
  }

  private uuidAt(row: number): Uint8Array {
    let at = 0
    for (let i = 0; i < UUID_BYTES; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) this.uuid[at++] = 45
      const byte = this.source[this.block.at + row * UUID_BYTES + i]
      this.uuid[at++] = HEX[byte >> 4]
      this.uuid[at++] = HEX[byte & 15]
    }
    return this.uuid
  }
}

const HEX = Uint8Array.from(Buffer.from('0123456789abcdef'))

/** What string blocks of every codec decode to. */
export type DecodedStrings = Pick<BytesVector, 'offsets' | 'bytes'>
