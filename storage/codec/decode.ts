// A block to a vector in an account's memory: all its rows, or chosen ones without unpacking the rest.

import { uncompressSync } from 'lz4-napi'
import { bareType, type DataType, internType } from '../column/data-type.ts'
import type { Vector } from '../column/vector.ts'
import { bitsAt } from '../kernels/bits.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { numberArray, storageOf } from './arrays.ts'
import {
  CODEC_ARRAY, CODEC_BYTES_LZ4, CODEC_PACKED, CODEC_PLAIN, CODEC_TUPLE, isNullAt, readBlockHead, type BlockHead,
} from './block.ts'

/** All rows of a block. Code columns are decodeCodes()'s. */
export function decodeBlock(bytes: Uint8Array, type: DataType, account: MemoryAccount, kernels: Kernels): Vector {
  const head = readBlockHead(bytes)
  const common = { type, length: head.rows, isConst: false, nulls: decodeNulls(bytes, head, account) }
  if (head.codec === CODEC_PACKED) {
    const values = numberArray(storageOf(type), head.rows, account)
    const packed = unpack(bytes, head, account, kernels)
    for (let row = 0; row < head.rows; row++) values[row] = packed[row] + head.base
    account.free(packed.byteOffset)
    return { ...common, kind: 'number', values }
  }
  if (head.codec === CODEC_PLAIN) return decodePlain(bytes, head, common, account)
  if (head.codec === CODEC_ARRAY) {
    const offsets = account.u32(head.rows + 1)
    copyInto(offsets, bytes, head.valuesAt)
    const at = head.valuesAt + roundUp8((head.rows + 1) * 4)
    return { ...common, kind: 'array', offsets, values: decodeBlock(bytes.subarray(at), elementType(type), account, kernels) }
  }
  if (head.codec === CODEC_TUPLE) {
    const fields: Vector[] = []
    let at = head.valuesAt
    for (const fieldType of bareType(type).args) {
      const length = new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0, true)
      fields.push(decodeBlock(bytes.subarray(at + 8, at + 8 + length), fieldType, account, kernels))
      at += 8 + length
    }
    return { ...common, kind: 'tuple', fields }
  }
  const text = stringsOf(bytes, head)
  const offsets = account.u32(head.rows + 1)
  copyInto(offsets, text, 0)
  const out = account.u8(offsets[head.rows])
  out.set(text.subarray((head.rows + 1) * 4, (head.rows + 1) * 4 + out.length))
  return { ...common, kind: 'bytes', offsets, bytes: out }
}

/** The codes of a block of a dictionary column, each replaced by map[code]. */
export function decodeCodes(
  bytes: Uint8Array, map: Uint32Array, account: MemoryAccount, kernels: Kernels,
): { codes: Uint32Array; nulls: Uint8Array | null } {
  const head = readBlockHead(bytes)
  const codes = unpack(bytes, head, account, kernels)
  const { base } = head
  for (let row = 0; row < head.rows; row++) codes[row] = map[codes[row] + base]
  return { codes, nulls: decodeNulls(bytes, head, account) }
}

/** The local code of one row. */
export function codeAt(bytes: Uint8Array, head: BlockHead, row: number): number {
  return head.width === 0 ? head.base : head.base + bitsAt(bytes, head.valuesAt, head.width, row)
}

/** Elements of Array(T) are T; of Map(K, V) tuples of both. */
export function elementType(type: DataType): DataType {
  const bare = bareType(type)
  if (bare.id !== 'Map') return bare.args[0]
  return internType(`Tuple(${bare.args[0].name}, ${bare.args[1].name})`, 'Tuple', { args: bare.args })
}

const roundUp8 = (bytes: number): number => (bytes + 7) & ~7

function unpack(bytes: Uint8Array, head: BlockHead, account: MemoryAccount, kernels: Kernels): Uint32Array {
  const out = account.u32(head.rows)
  if (head.width === 0) {
    out.fill(0)
    return out
  }
  const source = account.u8(bytes.length - head.valuesAt)
  source.set(bytes.subarray(head.valuesAt))
  kernels.unpackBits(source.byteOffset, head.width, head.rows, out.byteOffset)
  account.free(source.byteOffset)
  return out
}

/** Fills `target` from `bytes` at any alignment. */
function copyInto(target: ArrayBufferView, bytes: Uint8Array, at: number): void {
  new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    .set(bytes.subarray(at, at + target.byteLength))
}

function decodePlain(
  bytes: Uint8Array, head: BlockHead,
  common: { type: DataType; length: number; isConst: boolean; nulls: Uint8Array | null }, account: MemoryAccount,
): Vector {
  if (head.isBig) {
    const values = account.i64(head.rows)
    copyInto(values, bytes, head.valuesAt)
    const isUnsigned = bareType(common.type).id === 'UInt64'
    return {
      ...common, kind: 'big',
      values: isUnsigned ? new BigUint64Array(values.buffer, values.byteOffset, values.length) : values,
    }
  }
  const values = numberArray(storageOf(common.type), head.rows, account)
  copyInto(values, bytes, head.valuesAt)
  return { ...common, kind: 'number', values }
}

function decodeNulls(bytes: Uint8Array, head: BlockHead, account: MemoryAccount): Uint8Array | null {
  if (head.nullsAt < 0) return null
  const nulls = account.u8(head.rows)
  for (let row = 0; row < head.rows; row++) nulls[row] = isNullAt(bytes, head.nullsAt, row) ? 1 : 0
  return nulls
}

/** Offsets and bytes of a string block, uncompressed. */
export function stringsOf(bytes: Uint8Array, head: BlockHead): Uint8Array {
  if (head.codec !== CODEC_BYTES_LZ4) return bytes.subarray(head.valuesAt)
  const view = new DataView(bytes.buffer, bytes.byteOffset + head.valuesAt)
  const packed = bytes.subarray(head.valuesAt + 8, head.valuesAt + 8 + view.getUint32(4, true))
  return uncompressSync(Buffer.from(packed))
}
