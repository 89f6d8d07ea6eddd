// Chosen rows of a column, in a new order, as a column of a segment.

import { packUuids } from '../codec/string-block.ts'
import { takeRows, takeStrings, takeWords, type TakeSpace } from '../codec/take.ts'
import type { EncodeSpace } from '../codec/space.ts'
import type { DataType } from '../column/data-type.ts'
import { UUID_TEXT_BYTES } from '../column/uuid-texts.ts'
import { BLOCK_ROWS_MAX, type CodesVector, type Vector } from '../column/vector.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import {
  bytesOfCodes, isWorthADictionary, stringsOf, writePlainBlock, writeRankedColumn,
} from '../part/column-writer.ts'
import type { Strings } from '../part/dictionary.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import { writeUuidRows } from './uuids.ts'

type ColumnHead = { readonly id: number; readonly name: string; readonly type: DataType }

/** Writes rows order[..] of the vector; codes are ranks in a sorted dictionary. Scratch goes back. */
export function writeRows(
  space: EncodeSpace, writer: ImageWriter, column: ColumnHead, vector: Vector, order: Uint32Array,
): void {
  const scratch = new MemoryAccount(space.account.work, space.account.limitBytes)
  try {
    if (vector.kind === 'codes') writeCodes(space, writer, column, vector, order, scratch)
    else writePlain(space, writer, column, vector, order, scratch)
  } finally {
    scratch.releaseAll()
  }
}

function writePlain(
  space: EncodeSpace, writer: ImageWriter, { id, name, type }: ColumnHead, vector: Vector,
  order: Uint32Array, scratch: MemoryAccount,
): void {
  writer.beginColumn(id, name, type.name)
  const own = { account: scratch, kernels: space.kernels }
  for (let from = 0; from < order.length; from += BLOCK_ROWS_MAX) {
    const rows = order.subarray(from, Math.min(order.length, from + BLOCK_ROWS_MAX))
    writePlainBlock(space, writer, takeRows(vector, rows, rows.length, own), 0, rows.length)
    scratch.releaseAll()
  }
}

function writeCodes(
  space: EncodeSpace, writer: ImageWriter, column: ColumnHead, vector: CodesVector,
  order: Uint32Array, scratch: MemoryAccount,
): void {
  const codes = scratch.u32(order.length)
  takeWords(vector.codes, order, order.length, codes, space)
  const nulls = vector.nulls === null ? null : scratch.u8(order.length)
  if (nulls !== null && vector.nulls !== null) {
    for (let i = 0; i < order.length; i++) nulls[i] = vector.nulls[order[i]]
  }
  const { size } = vector.dictionary
  const kept = scratch.u32(size)
  const used = space.kernels.keepUsed(codes.byteOffset, codes.length, size, kept.byteOffset,
    scratch.u32(size).byteOffset)
  const strings = stringsOf(vector)
  const own = { account: scratch, kernels: space.kernels }
  if (isWorthADictionary(column.type, used, order.length)) {
    writeRankedColumn(space, writer, column, {
      codes, nulls, rowCount: order.length, strings, order: kept, size: used,
    }, true)
    return
  }
  // Few rows of a partition may each have a string of their own.
  const uuids = nulls === null ? uuidsOf(strings, kept, used, own) : null
  if (uuids !== null) {
    writer.beginColumn(column.id, column.name, column.type.name)
    writeUuidRows(space, writer, { bytes: uuids, rowCount: order.length }, codes)
    return
  }
  takeWords(kept, codes, codes.length, codes, space)
  const bytes = bytesOfCodes(space, { ...vector, length: order.length, codes, nulls })
  writer.beginColumn(column.id, column.name, column.type.name)
  for (let from = 0; from < order.length; from += BLOCK_ROWS_MAX) {
    writePlainBlock(space, writer, bytes, from, Math.min(order.length, from + BLOCK_ROWS_MAX))
  }
  space.account.free(bytes.offsets.byteOffset)
  space.account.free(bytes.bytes.byteOffset)
}

/** The strings `kept[0..used)` as 16 bytes each, where all of them are UUIDs: these are moved in place of the texts, of
 * which each is then read once, in the order of the dictionary. */
function uuidsOf(strings: Strings, kept: Uint32Array, used: number, space: TakeSpace): Uint8Array | null {
  if (used === 0 || !looksLikeUuid(strings, kept[0]) || !looksLikeUuid(strings, kept[used - 1])) return null
  return packUuids(takeStrings(strings, kept, used, space), used, space)
}

const looksLikeUuid = ({ bytes, offsets }: Strings, code: number): boolean => (
  offsets[code + 1] - offsets[code] === UUID_TEXT_BYTES && bytes[offsets[code] + 8] === 45)
