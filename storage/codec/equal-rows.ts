// The rows of a block of strings that hold one of some strings, found in what is stored: a number to
// compare instead of a text to make. A scan for one value reads most blocks in vain.
// Invariant: what is answered equals a comparison of the decoded strings; NULLs equal nothing.

import { ByteReader } from '../bytes/byte-reader.ts'
import type { DataType } from '../column/data-type.ts'
import { UUID_BYTES } from '../column/uuid-texts.ts'
import { packUuid } from '../kernels/keys.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { readBlock, type Block } from './block.ts'
import { isNullAt } from './nulls.ts'
import { fillDifferences, isWide, type Numbers } from './numbers.ts'
import { serialNumberOf } from './serial-block.ts'
import type { StringBlock } from './string-block.ts'

const TWO32 = 4294967296

type Search = {
  readonly bytes: Uint8Array
  readonly rows: number
  readonly account: MemoryAccount
  readonly kernels: Kernels
}

/** Ascending rows, in the account; null: this kind of block must be decoded. */
export function equalStringRows(
  source: Uint8Array, type: DataType, rows: number, wanted: readonly Uint8Array[],
  account: MemoryAccount, kernels: Kernels,
): Uint32Array | null {
  const bytes = account.copyOf(source)
  const block = readBlock(new ByteReader(bytes), type, rows)
  const found = searched(block, wanted, { bytes, rows, account, kernels })
  const kept = found === null || block.nullsAt < 0 ? found : withoutNulls(found, bytes, block.nullsAt)
  account.freeCopy(bytes)
  return kept
}

/** The rows that are not NULL, where they lie. */
function withoutNulls(rows: Uint32Array, bytes: Uint8Array, nullsAt: number): Uint32Array {
  let count = 0
  for (let i = 0; i < rows.length; i++) if (!isNullAt(bytes, nullsAt, rows[i])) rows[count++] = rows[i]
  return rows.subarray(0, count)
}

/** Rows whose code is one of `wanted`, of a block of a dictionary column; null as above. */
export function equalCodeRows(
  source: Uint8Array, type: DataType, rows: number, wanted: readonly number[],
  account: MemoryAccount, kernels: Kernels,
): Uint32Array | null {
  const bytes = account.copyOf(source)
  const block = readBlock(new ByteReader(bytes), type, rows)
  const numbers = block.kind === 'number' ? block.body.numbers : null
  const found = numbers === null || block.nullsAt >= 0 ? null
    : equalNumbers(numbers, wanted, { bytes, rows, account, kernels })
  account.freeCopy(bytes)
  return found
}

function searched(block: Block, wanted: readonly Uint8Array[], search: Search): Uint32Array | null {
  if (block.kind === 'serial') {
    const numbers = wanted.map((text) => serialNumberOf(block.body, text)).filter((number) => number >= 0)
    return equalNumbers(block.body.numbers, numbers, search)
  }
  if (block.kind !== 'strings' || block.body.chunkEnds !== null) return null
  return block.body.offsets === null ? equalUuids(block.body, wanted, search)
    : equalTexts(block.body, block.body.offsets, wanted, search)
}

/** Rows of a stream that hold one of the numbers; null: the stream is wide. */
function equalNumbers(
  numbers: Numbers, wanted: readonly number[], { bytes, rows, account, kernels }: Search,
): Uint32Array | null {
  if (isWide(numbers)) return null
  const base = Number(numbers.base)
  const differences = wanted.map((number) => number - base).filter((number) => number >= 0 && number < TWO32)
  if (differences.length === 0) return account.u32(1).subarray(0, 0)
  const words = account.u32(rows)
  fillDifferences(numbers, bytes, words, kernels)
  const found = account.u32(rows)
  let count = 0
  if (differences.length === 1) {
    count = kernels.equalRows(words.byteOffset, rows, differences[0], found.byteOffset)
  } else {
    const all = new Set(differences)
    for (let row = 0; row < rows; row++) if (all.has(words[row])) found[count++] = row
  }
  account.free(words.byteOffset)
  return found.subarray(0, count)
}

function equalUuids(
  { at }: StringBlock, wanted: readonly Uint8Array[], { bytes, rows, account }: Search,
): Uint32Array {
  const key = new Uint32Array(UUID_BYTES / 4)
  const packed = wanted.flatMap((text) =>
    (packUuid(text, 0, text.length, key) ? [new Uint8Array(key.slice().buffer)] : []))
  const found = account.u32(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const from = at + row * UUID_BYTES
    for (const uuid of packed) {
      if (!isAt(bytes, from, uuid)) continue
      found[count++] = row
      break
    }
  }
  return found.subarray(0, count)
}

function equalTexts(
  { at }: StringBlock, offsets: Numbers, wanted: readonly Uint8Array[], search: Search,
): Uint32Array {
  const { bytes, rows, account, kernels } = search
  const ends = account.u32(rows + 1)
  fillDifferences(offsets, bytes, ends, kernels)
  const found = account.u32(rows)
  let count = 0
  for (let row = 0; row < rows; row++) {
    const length = ends[row + 1] - ends[row]
    for (const text of wanted) {
      if (text.length !== length || !isAt(bytes, at + ends[row], text)) continue
      found[count++] = row
      break
    }
  }
  account.free(ends.byteOffset)
  return found.subarray(0, count)
}

/** Whether the bytes at `at` are these. */
function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (bytes[at + i] !== wanted[i]) return false
  return true
}
