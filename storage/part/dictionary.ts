// The sorted dictionary of one column of an image: strings by rank. FORMAT.md, "Dictionary".
//
//   PLAIN     | 0 | stream of lengths | bytes |
//   FRONT     | 1 | stream of bytes shared with the string before | stream of lengths of the rests | rests |
//   FRONT_LZ4 | 2 | as FRONT | LZ4 of the rests |
//   UUIDS     | 3 | 16 bytes a string |
//
// In memory it is expanded: | offsets u32 * (size + 1) | bytes |

import { ByteReader } from '../bytes/byte-reader.ts'
import { compress, LZ4_BYTES_MIN, LZ4_GAIN, uncompress } from '../codec/lz4.ts'
import { allNumbers, fillDifferences, readNumbers, writeNumbers, type Numbers } from '../codec/numbers.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { takeStrings } from '../codec/take.ts'
import { UUID_BYTES, UUID_TEXT_BYTES } from '../column/uuid-texts.ts'
import type { Kernels } from '../kernels/load.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import { compareBytes } from '../kernels/strings.ts'
import { Fences, markOf } from './fences.ts'
import type { LocalDictionary } from './row-set.ts'

const PLAIN = 0
const FRONT = 1
const FRONT_LZ4 = 2
const UUIDS = 3

/** Strings share little and LZ4 finds nothing in fewer. */
const FRONT_SIZE_MIN = 8

/** Strings by number: string i is bytes[offsets[i] .. offsets[i + 1]). */
export type Strings = {
  readonly size: number
  readonly bytes: Uint8Array
  readonly offsets: Uint32Array
}

/** Strings sorted: `order[rank]` is the string's number and `ranks[number]` its rank; equal strings
 * share one. All three lie in work memory; release() returns them. */
export type RankedStrings = {
  readonly strings: Strings
  readonly distinct: number
  /** One string of each rank. */
  readonly order: Uint32Array
  readonly ranks: Uint32Array
  readonly release: () => void
}

/** The array itself where kernels can reach it, else a copy that `made` will name. */
function reachable<T extends Uint8Array | Uint32Array>(
  array: T, account: MemoryAccount, made: ArrayBufferView[],
): T {
  if (array.buffer === account.work.buffer) return array
  const copy = array instanceof Uint8Array ? account.u8(array.length) : account.u32(array.length)
  copy.set(array)
  made.push(copy)
  return copy as T
}

/** Sorts strings by bytes and numbers the distinct ones. */
export function rankStrings(given: Strings, space: EncodeSpace): RankedStrings {
  const { account, kernels } = space
  const { size } = given
  const made: ArrayBufferView[] = []
  const strings = {
    size, bytes: reachable(given.bytes, account, made),
    offsets: reachable(given.offsets, account, made),
  }
  const firsts = account.u32(size + 1)
  const ranks = account.u32(size + 1)
  made.push(firsts, ranks)
  const release = () => { for (const array of made) account.free(array.byteOffset) }
  if (size < FRONT_SIZE_MIN) {
    const distinct = rankFew(strings, firsts, ranks)
    return { strings, distinct, order: firsts, ranks, release }
  }
  const order = account.u32(size)
  const keys = account.f64(size)
  const spareKeys = account.f64(size)
  const offsetsAt = strings.offsets.byteOffset
  const bytesAt = strings.bytes.byteOffset
  kernels.sortStrings(offsetsAt, bytesAt, size, order.byteOffset, ranks.byteOffset,
    keys.byteOffset, spareKeys.byteOffset, firsts.byteOffset)
  const distinct = kernels.rankStrings(
    offsetsAt, bytesAt, size, order.byteOffset, ranks.byteOffset, firsts.byteOffset)
  for (const array of [order, keys, spareKeys]) account.free(array.byteOffset)
  return { strings, distinct, order: firsts, ranks, release }
}

/** By insertion: a one-row image has eleven dictionaries of one string. */
function rankFew({ size, bytes, offsets }: Strings, firsts: Uint32Array, ranks: Uint32Array): number {
  let distinct = 0
  for (let i = 0; i < size; i++) {
    let at = 0
    let order = 1
    while (at < distinct) {
      const other = firsts[at]
      order = compareBytes(
        bytes, offsets[i], offsets[i + 1], bytes, offsets[other], offsets[other + 1])
      if (order <= 0) break
      at++
    }
    if (at < distinct && order === 0) continue
    firsts.copyWithin(at + 1, at, distinct)
    firsts[at] = i
    distinct++
  }
  for (let i = 0; i < size; i++) ranks[i] = rankAmong({ size, bytes, offsets }, firsts, distinct, i)
  return distinct
}

function rankAmong(
  { bytes, offsets }: Strings, firsts: Uint32Array, distinct: number, i: number,
): number {
  for (let rank = 0; rank < distinct; rank++) {
    const first = firsts[rank]
    if (first === i || compareBytes(
      bytes, offsets[i], offsets[i + 1], bytes, offsets[first], offsets[first + 1]) === 0) return rank
  }
  throw new Error('dictionary: a string without a rank')
}

/** Appends the dictionary of the strings order[0..size); answers the bytes of all strings. */
export function writeDictionary(
  space: EncodeSpace, strings: Strings, order: Uint32Array, size: number,
): number {
  const { out } = space
  if (size >= FRONT_SIZE_MIN) {
    const textBytes = space.kernels.takeLengths(
      strings.offsets.byteOffset, order.byteOffset, size, space.stage(size + 1).byteOffset)
    if (textBytes === size * UUID_TEXT_BYTES && writeUuids(space, strings, order, size)) return textBytes
    writeFront(space, strings, order, size, textBytes)
    return textBytes
  }
  out.u8(PLAIN)
  const lengths = space.stage(size)
  let textBytes = 0
  for (let rank = 0; rank < size; rank++) {
    lengths[rank] = strings.offsets[order[rank] + 1] - strings.offsets[order[rank]]
    textBytes += lengths[rank]
  }
  writeNumbers(space, lengths, size, 0)
  for (let rank = 0; rank < size; rank++) {
    out.copy(strings.bytes.subarray(strings.offsets[order[rank]], strings.offsets[order[rank] + 1]))
  }
  return textBytes
}

/** False: some string is no UUID in lower case, and nothing was appended. */
function writeUuids(space: EncodeSpace, strings: Strings, order: Uint32Array, size: number): boolean {
  const scratch = space.scratch()
  const sorted = takeStrings(strings, order, size, { account: scratch, kernels: space.kernels })
  const packed = scratch.u8(size * UUID_BYTES)
  const isPacked = space.kernels.packUuids(
    sorted.offsets.byteOffset, sorted.bytes.byteOffset, size, packed.byteOffset) === 1
  if (isPacked) {
    space.out.u8(UUIDS)
    space.out.copy(packed)
  }
  scratch.releaseAll()
  return isPacked
}

function writeFront(
  space: EncodeSpace, strings: Strings, order: Uint32Array, size: number, textBytes: number,
): void {
  const { out, account, kernels } = space
  const shared = space.stage(size)
  const rest = space.stage(size, 1)
  const rests = account.u8(textBytes)
  const length = kernels.frontCode(strings.offsets.byteOffset, strings.bytes.byteOffset,
    order.byteOffset, size, shared.byteOffset, rest.byteOffset, rests.byteOffset)
  const used = rests.subarray(0, length)
  const packed = length < LZ4_BYTES_MIN ? null : compress(used)
  const isPacked = packed !== null && packed.length <= length * LZ4_GAIN
  out.u8(isPacked ? FRONT_LZ4 : FRONT)
  writeNumbers(space, shared, size, 0)
  writeNumbers(space, rest, size, 0)
  out.copy(isPacked ? packed : used)
  account.free(rests.byteOffset)
}

/** Bytes of a dictionary in memory, a multiple of 4. */
export const expandedBytes = (size: number, textBytes: number): number =>
  (size + 1) * 4 + ((textBytes + 3) & ~3)

/** The kernels, and the account of the memory that they reach. */
type KernelSpace = Pick<EncodeSpace, 'account' | 'kernels'>

/** Expands a section into `to`, which begins at a multiple of 4. `space`: `to` lies where its kernels reach it. */
export function expandDictionary(section: Uint8Array, size: number, to: Uint8Array, space: KernelSpace | null = null): void {
  const reader = new ByteReader(section)
  const form = reader.u8()
  if (space !== null && (form === FRONT || form === FRONT_LZ4)) {
    expandFronts(section, size, to, space)
    return
  }
  if (form === UUIDS) {
    expandUuids(reader.take(size * UUID_BYTES), size, to)
    return
  }
  const shared = form === PLAIN ? null : allNumbers(readNumbers(reader, size), section)
  const rest = allNumbers(readNumbers(reader, size), section)
  const tail = section.subarray(reader.at)
  const rests = form === FRONT_LZ4 ? uncompress(tail) : tail
  const offsets = new Uint32Array(to.buffer, to.byteOffset, size + 1)
  const bytes = to.subarray((size + 1) * 4)
  let from = 0
  let at = 0
  offsets[0] = 0
  if (shared === null) {
    for (let rank = 0; rank < size; rank++) offsets[rank + 1] = at += rest[rank]
    bytes.set(rests.subarray(0, at))
    return
  }
  for (let rank = 0, before = 0; rank < size; rank++) {
    const start = at
    for (const end = at + shared[rank]; at < end;) bytes[at++] = bytes[before++]
    for (const end = at + rest[rank]; at < end;) bytes[at++] = rests[from++]
    offsets[rank + 1] = at
    before = start
  }
}

/** FRONT and FRONT_LZ4 by a kernel. Throws where the section says what it can't hold. */
function expandFronts(section: Uint8Array, size: number, to: Uint8Array, { account, kernels }: KernelSpace): void {
  const scratch = new MemoryAccount(account.work, account.limitBytes)
  try {
    const copy = scratch.copyOf(section)
    const reader = new ByteReader(copy)
    const form = reader.u8()
    const shared = wordsOf(readNumbers(reader, size), copy, scratch, kernels)
    const rest = wordsOf(readNumbers(reader, size), copy, scratch, kernels)
    const tail = copy.subarray(reader.at)
    const rests = form === FRONT_LZ4 ? scratch.copyOf(uncompress(tail)) : tail
    const texts = to.subarray((size + 1) * 4)
    const isWhole = kernels.joinFronts(shared.byteOffset, rest.byteOffset, size, rests.byteOffset, rests.length,
      to.byteOffset, texts.byteOffset, texts.length)
    if (isWhole === 0) throw new RangeError('the strings of a dictionary do not fit its room')
  } finally {
    scratch.releaseAll()
  }
}

function wordsOf(numbers: Numbers, bytes: Uint8Array, account: MemoryAccount, kernels: Kernels): Uint32Array {
  const words = account.u32(numbers.count)
  fillDifferences(numbers, bytes, words, kernels)
  const base = Number(numbers.base)
  if (base !== 0) kernels.addToWords(words.byteOffset, numbers.count, base)
  return words
}

/** Both digits of a byte as text, as one number: the first below. */
const HEX_PAIRS = Uint16Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(byte.toString(16).padStart(2, '0')).readUInt16LE())
const DASH = 45

/** A text is nine words of four characters: 01234567-89ab-cdef-ghij-klmnopqrstuv. */
function expandUuids(packed: Uint8Array, size: number, to: Uint8Array): void {
  const words = new Uint32Array(to.buffer, to.byteOffset, size + 1 + size * UUID_TEXT_BYTES / 4)
  let at = size + 1
  for (let i = 0, from = 0; i < size; i++, from += UUID_BYTES, at += UUID_TEXT_BYTES / 4) {
    words[i] = i * UUID_TEXT_BYTES
    const fifth = HEX_PAIRS[packed[from + 5]]
    const eighth = HEX_PAIRS[packed[from + 8]]
    words[at] = HEX_PAIRS[packed[from]] | HEX_PAIRS[packed[from + 1]] << 16
    words[at + 1] = HEX_PAIRS[packed[from + 2]] | HEX_PAIRS[packed[from + 3]] << 16
    words[at + 2] = DASH | HEX_PAIRS[packed[from + 4]] << 8 | fifth << 24
    words[at + 3] = fifth >>> 8 | DASH << 8 | HEX_PAIRS[packed[from + 6]] << 16
    words[at + 4] = HEX_PAIRS[packed[from + 7]] | DASH << 16 | eighth << 24
    words[at + 5] = eighth >>> 8 | HEX_PAIRS[packed[from + 9]] << 8 | DASH << 24
    words[at + 6] = HEX_PAIRS[packed[from + 10]] | HEX_PAIRS[packed[from + 11]] << 16
    words[at + 7] = HEX_PAIRS[packed[from + 12]] | HEX_PAIRS[packed[from + 13]] << 16
    words[at + 8] = HEX_PAIRS[packed[from + 14]] | HEX_PAIRS[packed[from + 15]] << 16
  }
  words[size] = size * UUID_TEXT_BYTES
}

/** The rank of a string in the range that fences have found; -1: it is not there. */
function amongMarked(fences: Fences, bytes: Uint8Array, offsets: Uint32Array, wanted: Uint8Array): number {
  const mark = markOf(wanted, 0, wanted.length)
  for (let rank = fences.nextMarked(mark, fences.from); rank >= 0; rank = fences.nextMarked(mark, rank + 1)) {
    if (compareBytes(bytes, offsets[rank], offsets[rank + 1], wanted, 0, wanted.length) === 0) return rank
  }
  return -1
}

/** A dictionary over its expanded bytes. */
export function openDictionary(expanded: Uint8Array, size: number): LocalDictionary {
  const offsets = new Uint32Array(expanded.buffer, expanded.byteOffset, size + 1)
  const bytes = expanded.subarray((size + 1) * 4, (size + 1) * 4 + offsets[size])
  let fences: Fences | null | undefined
  const find = (wanted: Uint8Array): number => {
    if (fences === undefined) fences = Fences.of(bytes, offsets, size)
    if (fences !== null && !fences.locate(wanted, size)) return -1
    if (fences !== null && fences.isMarked) return amongMarked(fences, bytes, offsets, wanted)
    let low = fences === null ? 0 : fences.from
    let high = (fences === null ? size : fences.to) - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const order = compareBytes(
        bytes, offsets[middle], offsets[middle + 1], wanted, 0, wanted.length)
      if (order === 0) return middle
      if (order < 0) low = middle + 1
      else high = middle - 1
    }
    return -1
  }
  return { size, bytes, offsets, find }
}
