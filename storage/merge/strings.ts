// One String column of several row sets as codes over one sorted dictionary: dictionaries are merged
// by sorting their strings (runs that ascend already; of many dictionaries the strings that differ),
// rows without a dictionary by sorting the rows.

import { distinctStrings } from '../codec/distinct-strings.ts'
import { concatVectors, continueOffsets, takeStrings, takeWords } from '../codec/take.ts'
import type { EncodeSpace } from '../codec/space.ts'
import type { DataType } from '../column/data-type.ts'
import { LocalStrings } from '../column/local-strings.ts'
import type { BytesVector, CodesVector, Vector } from '../column/vector.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { isWorthADictionary } from '../part/column-writer.ts'
import { expandedBytes, rankStrings, type Strings } from '../part/dictionary.ts'
import type { ColumnReader, RowSet } from '../part/row-set.ts'

/** One row set's rows of the column: behind a dictionary, or string by string. */
type Source =
  | { readonly set: RowSet; readonly reader: ColumnReader; readonly rows: null; readonly size: number }
  | { readonly set: RowSet; readonly reader: null; readonly rows: BytesVector; readonly size: number }

/** A column by codes whose numbers are ranks: strings ascend. */
export type RankedVector = CodesVector & { readonly dictionary: LocalStrings }

/** Strings of more dictionaries are looked up before they are sorted: most stand in several, and each doubling
 * costs a sort a comparison of each (two thirds of a merge of 64 parts of a thousand rows went into it). */
const SORTED_SOURCES_MAX = 8

/** Rows sampled to see whether strings repeat. */
const SAMPLE_ROWS = 8192

/** Distinct strings as a share of the rows, guessed from how often two sampled rows agree. By hashes: strings
 * of JavaScript would be megabytes of the heap for each column of each merge. */
export function guessDistinctShare({ bytes, offsets, length }: BytesVector, { account, kernels }: EncodeSpace): number {
  const step = Math.max(1, Math.floor(length / SAMPLE_ROWS))
  const rows = Math.ceil(length / step)
  const room = account.f64(rows)
  const hashes = new BigUint64Array(room.buffer, room.byteOffset, rows)
  for (let sample = 0; sample < rows; sample++) {
    kernels.cityHashes(offsets.byteOffset + sample * step * 4, bytes.byteOffset, 1, room.byteOffset + sample * 8)
  }
  hashes.sort()
  let distinct = 0
  let pairs = 0
  for (let from = 0, to = 1; from < rows; from = to++, distinct++) {
    while (to < rows && hashes[to] === hashes[from]) to++
    pairs += (to - from) * (to - from - 1) / 2
  }
  account.free(room.byteOffset)
  if (step === 1) return distinct / Math.max(1, rows)
  return pairs === 0 ? 1 : Math.min(1, rows * rows / (2 * pairs) / length)
}

/** All rows of the column end to end. `sources` is null where a row set's rows must be decoded. */
export function readStrings(
  sets: readonly RowSet[], readers: readonly ColumnReader[], space: EncodeSpace,
): Vector {
  const { account } = space
  const sources = sets.map((set, index) => sourceOf(set, readers[index], account))
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  if (sources.every(({ rows }) => rows !== null)) {
    const rows = concatVectors(
      sources.map((source) => source.rows as BytesVector), readers[0].type, account) as BytesVector
    if (!isWorthADictionary(rows.type, guessDistinctShare(rows, space) * rowCount, rowCount)) return rows
  }
  return rankSources(sources, rowCount, space)
}

function sourceOf(set: RowSet, reader: ColumnReader, account: MemoryAccount): Source {
  const { distinctCount } = reader
  if (distinctCount >= 0) return { set, reader, rows: null, size: distinctCount }
  // A loop: Array.from costs as much as decoding a block of a few rows.
  const blocks: Vector[] = []
  for (let block = 0; block < set.blockCount; block++) blocks.push(reader.decode(block, account, null))
  const rows = concatVectors(blocks, reader.type, account) as BytesVector
  if (blocks.length > 1) freeBytes(blocks as BytesVector[], account)
  return { set, reader: null, rows, size: rows.length }
}

function freeBytes(vectors: readonly BytesVector[], account: MemoryAccount): void {
  for (const { bytes, offsets, nulls } of vectors) {
    account.free(bytes.byteOffset)
    account.free(offsets.byteOffset)
    if (nulls !== null) account.free(nulls.byteOffset)
  }
}

function rankSources(sources: readonly Source[], rowCount: number, space: EncodeSpace): RankedVector | BytesVector {
  const { account } = space
  const { type } = sources[0].reader ?? sources[0].rows
  return rankJoined({
    type, rowCount, sourceCount: sources.length, strings: joinStrings(sources, account),
    codesBy: (numbers) => codesOf(sources, numbers, rowCount, account),
  }, space)
}

/** Strings of several row sets end to end, in memory of the account. `codesBy`: of each row what `numbers` has for its
 * string; asked once. */
export type JoinedStrings = {
  readonly type: DataType
  readonly rowCount: number
  readonly sourceCount: number
  readonly strings: Strings
  readonly codesBy: (numbers: Uint32Array) => { codes: Uint32Array; nulls: Uint8Array | null }
}

/** The rows by codes over one sorted dictionary, or as texts where that is not worth it. */
export function rankJoined(
  { type, rowCount, sourceCount, strings: all, codesBy }: JoinedStrings, space: EncodeSpace,
): RankedVector | BytesVector {
  const { account } = space
  const found = sourceCount > SORTED_SOURCES_MAX ? distinctStrings(all, all.size, space) : null
  if (found !== null) freeStrings(all, account)
  if (found !== null && !isWorthADictionary(type, found.size, rowCount)) {
    const { codes, nulls } = codesBy(found.numbers)
    const texts = takeStrings(found, codes, rowCount, space)
    for (const array of [codes, found.offsets, found.bytes, found.numbers]) account.free(array.byteOffset)
    return { kind: 'bytes', type, length: rowCount, isConst: false, nulls, ...texts }
  }
  const strings = found ?? all
  const ranked = rankStrings(strings, space)
  const ranks = found?.numbers ?? ranked.ranks
  if (found !== null) takeWords(ranked.ranks, ranks, ranks.length, ranks, space)
  const { codes, nulls } = codesBy(ranks)
  const { offsets, bytes } = takeStrings(strings, ranked.order, ranked.distinct, space)
  const dictionary = new LocalStrings(ranked.distinct, bytes, offsets, true)
  ranked.release()
  freeStrings(strings, account)
  if (found !== null) account.free(ranks.byteOffset)
  return { kind: 'codes', type, length: rowCount, isConst: false, nulls, codes, dictionary }
}

const freeStrings = ({ bytes, offsets }: Strings, account: MemoryAccount): void => {
  account.free(bytes.byteOffset)
  account.free(offsets.byteOffset)
}

/** Of each row the number of its string: `numbers` of all strings of the sources, end to end. */
function codesOf(
  sources: readonly Source[], numbers: Uint32Array, rowCount: number, account: MemoryAccount,
): { codes: Uint32Array; nulls: Uint8Array | null } {
  const codes = account.u32(rowCount)
  const map = account.u32(Math.max(...sources.map(({ reader, size }) => (reader === null ? 0 : mapLength(size)))))
  let nulls: Uint8Array | null = null
  let first = 0
  let row = 0
  for (const { set, reader, rows, size } of sources) {
    const own = numbers.subarray(first, first + size)
    const markNulls = (own: Uint8Array | null, at: number) => {
      if (own === null) return
      nulls ??= account.u8(rowCount).fill(0)
      nulls.set(own, at)
    }
    if (reader === null) {
      codes.set(own, row)
      markNulls(rows.nulls, row)
    } else {
      const toShared = map.subarray(0, mapLength(size))
      toShared.set(own)
      toShared.fill(0, size)
      for (let block = 0, at = row; block < set.blockCount; at += set.blockRows(block), block++) {
        const decoded = reader.decode(block, account, { dictionary: NO_STRINGS, toShared }) as CodesVector
        codes.set(decoded.codes, at)
        markNulls(decoded.nulls, at)
        account.free(decoded.codes.byteOffset)
        if (decoded.nulls !== null) account.free(decoded.nulls.byteOffset)
      }
    }
    first += size
    row += set.rowCount
  }
  account.free(map.byteOffset)
  return { codes, nulls }
}

/** Numbers of a map for the codes of so many strings: one for whatever bits of a block that holds some of them can
 * say, so that a kernel may look them up. */
const mapLength = (size: number): number => size + (1 << 32 - Math.clz32(Math.max(1, size) - 1))

const NO_STRINGS = new LocalStrings(0, new Uint8Array(0), new Uint32Array(1))

/** The strings of all sources end to end, in work memory. */
function joinStrings(sources: readonly Source[], account: MemoryAccount): Strings {
  let size = 0
  let byteCount = 0
  let expandedMax = 0
  for (const { reader, rows, size: own } of sources) {
    size += own
    const textBytes = reader === null ? rows.offsets[own] - rows.offsets[0] : reader.dictionaryTextBytes
    byteCount += textBytes
    if (reader !== null) expandedMax = Math.max(expandedMax, expandedBytes(own, textBytes))
  }
  const offsets = account.u32(size + 1)
  const bytes = account.u8(byteCount)
  const expanded = account.u8(expandedMax)
  offsets[0] = 0
  let at = 0
  for (const { reader, rows, size: own } of sources) {
    const from = reader === null ? rows.offsets : new Uint32Array(expanded.buffer, expanded.byteOffset, own + 1)
    if (reader !== null) reader.expandDictionary(expanded, account)
    const texts = reader === null ? rows.bytes : expanded.subarray((own + 1) * 4)
    bytes.set(texts.subarray(from[0], from[own]), offsets[at])
    continueOffsets(offsets, at, from, own, account)
    at += own
  }
  account.free(expanded.byteOffset)
  return { size, bytes, offsets }
}
