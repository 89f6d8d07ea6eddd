// A range of a vector's rows to one block. Integers become base + bit-packed differences, strings
// plain bytes or LZ4 where that is at least an eighth smaller.

import { compressSync } from 'lz4-napi'
import type { BytesVector, Vector } from '../column/vector.ts'
import {
  CODEC_ARRAY, CODEC_BYTES, CODEC_BYTES_LZ4, CODEC_PACKED, CODEC_PLAIN, CODEC_TUPLE, newBlock,
} from './block.ts'

/** LZ4 is not tried below this: its call costs more than the bytes. */
const LZ4_BYTES_MIN = 256

/** Rows [from, to) of a vector as a block. Codes of a CodesVector are written as they are: the caller
 * stores their dictionary. */
export function encodeBlock(vector: Vector, from: number, to: number): Uint8Array {
  if (vector.isConst) throw new Error('encode: a constant vector is not stored')
  const nulls = nullsOf(vector, from, to)
  switch (vector.kind) {
    case 'number': return encodeNumbers(vector.values, from, to, nulls)
    case 'codes': return encodeNumbers(vector.codes, from, to, nulls)
    case 'big': {
      const values = vector.values.subarray(from, to)
      const { bytes, valuesAt } = newBlock(CODEC_PLAIN, 8, to - from, 0, nulls, values.byteLength)
      bytes[3] = 1
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), valuesAt)
      return bytes
    }
    case 'bytes': return encodeStrings(vector, from, to, nulls)
    case 'array': {
      const first = vector.offsets[from]
      const elements = encodeBlock(vector.values, first, vector.offsets[to])
      const offsetBytes = (to - from + 1) * 4
      const { bytes, valuesAt } = newBlock(CODEC_ARRAY, 4, to - from, 0, nulls, roundUp8(offsetBytes) + elements.length)
      writeOffsets(bytes, valuesAt, vector.offsets, from, to)
      bytes.set(elements, valuesAt + roundUp8(offsetBytes))
      return bytes
    }
    case 'tuple': return encodeTuple(vector.fields.map((field) => encodeBlock(field, from, to)), to - from, nulls)
  }
}

const roundUp8 = (bytes: number): number => (bytes + 7) & ~7

function nullsOf(vector: Vector, from: number, to: number): Uint8Array | null {
  if (vector.nulls === null) return null
  const nulls = vector.nulls.subarray(from, to)
  return nulls.includes(1) ? nulls : null
}

/** Packed where all are safe integers that lie within 2^32 of each other, else as they are. */
function encodeNumbers(
  values: ArrayLike<number> & { readonly BYTES_PER_ELEMENT: number; readonly buffer: ArrayBufferLike; readonly byteOffset: number },
  from: number, to: number, nulls: Uint8Array | null,
): Uint8Array {
  const rows = to - from
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let isWhole = true
  for (let row = from; row < to; row++) {
    const value = values[row]
    if (value < min) min = value
    if (value > max) max = value
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) isWhole = false
  }
  if (rows === 0) min = max = 0
  if (!isWhole || max - min > 0xffffffff) {
    const width = values.BYTES_PER_ELEMENT
    const { bytes, valuesAt } = newBlock(CODEC_PLAIN, width, rows, 0, nulls, rows * width)
    bytes.set(new Uint8Array(values.buffer, values.byteOffset + from * width, rows * width), valuesAt)
    return bytes
  }
  const width = 32 - Math.clz32(max - min)
  // Eight bytes more: the unpacking kernel reads whole words.
  const { bytes, valuesAt } = newBlock(CODEC_PACKED, width, rows, min, nulls, Math.ceil(rows * width / 8) + 8)
  if (width > 0) packBits(values, from, to, min, width, bytes, valuesAt)
  return bytes
}

/** Low bit first: number i takes bits [i * width, (i + 1) * width). */
function packBits(
  values: ArrayLike<number>, from: number, to: number, base: number, width: number, out: Uint8Array, outAt: number,
): void {
  let at = outAt
  let pending = 0 // fewer than 8 bits
  let have = 0
  for (let row = from; row < to; row++) {
    let value = values[row] - base
    let left = width
    while (left > 0) {
      const take = Math.min(left, 8 - have)
      pending |= (value & ((1 << take) - 1)) << have
      value = Math.floor(value / 2 ** take)
      have += take
      left -= take
      if (have === 8) {
        out[at++] = pending
        pending = 0
        have = 0
      }
    }
  }
  if (have > 0) out[at] = pending
}

function writeOffsets(out: Uint8Array, at: number, offsets: Uint32Array, from: number, to: number): void {
  const words = new Uint32Array(out.buffer, at, to - from + 1)
  const base = offsets[from]
  for (let row = from; row <= to; row++) words[row - from] = offsets[row] - base
}

function encodeStrings(vector: BytesVector, from: number, to: number, nulls: Uint8Array | null): Uint8Array {
  const text = vector.bytes.subarray(vector.offsets[from], vector.offsets[to])
  const offsetBytes = (to - from + 1) * 4
  const plain = newBlock(CODEC_BYTES, 4, to - from, 0, nulls, offsetBytes + text.length)
  writeOffsets(plain.bytes, plain.valuesAt, vector.offsets, from, to)
  plain.bytes.set(text, plain.valuesAt + offsetBytes)
  const values = plain.bytes.subarray(plain.valuesAt, plain.valuesAt + offsetBytes + text.length)
  if (values.length < LZ4_BYTES_MIN) return plain.bytes
  const packed = compressSync(Buffer.from(values.buffer, values.byteOffset, values.length))
  if (packed.length > values.length * 7 / 8) return plain.bytes
  const block = newBlock(CODEC_BYTES_LZ4, 4, to - from, 0, nulls, 8 + packed.length)
  const view = new DataView(block.bytes.buffer)
  view.setUint32(block.valuesAt, values.length, true)
  view.setUint32(block.valuesAt + 4, packed.length, true)
  block.bytes.set(packed, block.valuesAt + 8)
  return block.bytes
}

function encodeTuple(fields: readonly Uint8Array[], rows: number, nulls: Uint8Array | null): Uint8Array {
  const valueBytes = 8 + fields.reduce((sum, field) => sum + 8 + field.length, 0)
  const { bytes, valuesAt } = newBlock(CODEC_TUPLE, fields.length, rows, 0, nulls, valueBytes)
  const view = new DataView(bytes.buffer)
  let at = valuesAt
  for (const field of fields) {
    view.setUint32(at, field.length, true)
    bytes.set(field, at + 8)
    at += 8 + field.length
  }
  return bytes
}
