// Rows of a vector to one block (codecs.ts): chooses the codec by looking at the values.

import type { ArrayVector, BytesVector, TupleVector, Vector } from '../column/vector.ts'
import {
  CODEC_ARRAY, CODEC_DISTINCT, CODEC_NUMBERS, CODEC_SERIAL, CODEC_TEMPLATE, CODEC_TUPLE, CODEC_UUID, HAS_NULLS,
} from './codecs.ts'
import { writeDistinct } from './distinct-block.ts'
import { nullsOf, writeNulls } from './nulls.ts'
import { bigCodecOf, numberCodecOf, writeBig, writeNumberBody } from './number-block.ts'
import { writeNumbers } from './numbers.ts'
import { writeSerials } from './serial-block.ts'
import type { EncodeSpace } from './space.ts'
import { writeStrings, writeUuids } from './string-block.ts'
import { writeTemplates } from './template-block.ts'

/** Appends rows [from, to) of a vector as a block. Of a CodesVector the codes are written: the caller
 * stores their dictionary. */
export function encodeBlock(space: EncodeSpace, vector: Vector, from: number, to: number): void {
  if (vector.isConst) throw new Error('encode: a constant vector is not stored')
  const start = space.out.length
  const nulls = nullsOf(vector.nulls, from, to)
  space.out.u8(0)
  if (nulls !== null) writeNulls(space, nulls)
  const codec = writeBody(space, vector, from, to)
  space.out.patch(start, nulls === null ? codec : codec + HAS_NULLS)
}

/** Appends values[from, to), u32 in work memory, as a block of codes without NULLs. */
export function encodeCodes(
  space: EncodeSpace, codes: Uint32Array, nulls: Uint8Array | null, from: number, to: number,
): void {
  const own = nullsOf(nulls, from, to)
  space.out.u8(own === null ? CODEC_NUMBERS : CODEC_NUMBERS + HAS_NULLS)
  if (own !== null) writeNulls(space, own)
  writeNumbers(space, codes.subarray(from, to), to - from, 0)
}

function writeBody(space: EncodeSpace, vector: Vector, from: number, to: number): number {
  switch (vector.kind) {
    case 'number': {
      const choice = numberCodecOf(space, vector.values, from, to)
      writeNumberBody(space, vector, from, to, choice)
      return choice.codec
    }
    case 'codes': {
      const stage = space.stage(to - from)
      stage.set(vector.codes.subarray(from, to))
      writeNumbers(space, stage, to - from, 0)
      return CODEC_NUMBERS
    }
    case 'big': {
      const codec = bigCodecOf(space, vector, from, to)
      writeBig(space, vector.values, vector.nulls, from, to)
      return codec
    }
    case 'bytes': return writeStringBody(space, vector, from, to)
    case 'array': return writeArray(space, vector, from, to)
    case 'tuple': return writeTuple(space, vector, from, to)
  }
}

function writeStringBody(space: EncodeSpace, vector: BytesVector, from: number, to: number): number {
  if (writeUuids(space, vector, from, to)) return CODEC_UUID
  if (writeSerials(space, vector, from, to)) return CODEC_SERIAL
  if (writeDistinct(space, vector, from, to)) return CODEC_DISTINCT
  if (writeTemplates(space, vector, from, to)) return CODEC_TEMPLATE
  return writeStrings(space, vector, from, to)
}

/** | stream of rows + 1 offsets | block of the elements |. A map is an array of tuples. */
function writeArray(space: EncodeSpace, vector: ArrayVector, from: number, to: number): number {
  const { offsets, values } = vector
  const stage = space.stage(to - from + 1)
  for (let row = from; row <= to; row++) stage[row - from] = offsets[row] - offsets[from]
  writeNumbers(space, stage, to - from + 1, 0)
  encodeBlock(space, values, offsets[from], offsets[to])
  return CODEC_ARRAY
}

/** | fields varint | a block of each |. */
function writeTuple(space: EncodeSpace, vector: TupleVector, from: number, to: number): number {
  space.out.varint(vector.fields.length)
  for (const field of vector.fields) encodeBlock(space, field, from, to)
  return CODEC_TUPLE
}
