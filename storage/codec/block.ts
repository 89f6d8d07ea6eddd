// A block found in bytes (codecs.ts): its parts and where they lie, for decode.ts and gather.ts.
// Invariant: a block ends where its last part does, so nested blocks need no lengths.

import type { ByteReader } from '../bytes/byte-reader.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import {
  CODEC_ARRAY, CODEC_BIG, CODEC_DISTINCT, CODEC_FLOATS, CODEC_LZ4, CODEC_NUMBERS, CODEC_SCALED,
  CODEC_SERIAL, CODEC_STRINGS, CODEC_TEMPLATE, CODEC_TUPLE, CODEC_UUID, HAS_NULLS,
} from './codecs.ts'
import { UUID_TEXT_BYTES } from '../column/uuid-texts.ts'
import { elementType } from './arrays.ts'
import { readDistinctBlock, type DistinctBlock } from './distinct-block.ts'
import { skipNulls } from './nulls.ts'
import { readNumberBlock, type NumberBlock } from './number-block.ts'
import { differenceAt, readNumbers, type Numbers } from './numbers.ts'
import { readSerialBlock, type SerialBlock } from './serial-block.ts'
import { readStringBlock, type StringBlock } from './string-block.ts'
import { readTemplateBlock, type TemplateBlock } from './template-block.ts'

/** Digits of a number within a text, about. */
const SERIAL_DIGITS = 8
const SLOT_DIGITS = 4

type Body =
  | { readonly kind: 'number'; readonly body: NumberBlock }
  | { readonly kind: 'strings'; readonly body: StringBlock }
  | { readonly kind: 'serial'; readonly body: SerialBlock }
  | { readonly kind: 'distinct'; readonly body: DistinctBlock }
  | { readonly kind: 'template'; readonly body: TemplateBlock }
  | { readonly kind: 'array'; readonly body: { readonly offsets: Numbers; readonly elements: Block } }
  | { readonly kind: 'tuple'; readonly body: readonly Block[] }

/** A parsed block; positions count from the start of the bytes it was found in. */
export type Block = Body & {
  readonly type: DataType
  readonly rows: number
  /** Where the NULL bits lie; -1: there are none. */
  readonly nullsAt: number
}

/** Parses the block of `rows` rows at the reader's place and moves behind it. Throws RangeError when
 * the bytes are no block (the checksum holds: a mistake of ours or another version). */
export function readBlock(reader: ByteReader, type: DataType, rows: number): Block {
  const mark = reader.u8()
  const nullsAt = mark >= HAS_NULLS ? skipNulls(reader, rows) : -1
  return readBody(reader, mark % HAS_NULLS, type, rows, nullsAt)
}

/** Literals all of them: spreading one object into another costs more than reading a short block. */
function readBody(reader: ByteReader, codec: number, type: DataType, rows: number, nullsAt: number): Block {
  switch (codec) {
    case CODEC_NUMBERS: case CODEC_BIG: case CODEC_FLOATS: case CODEC_SCALED:
      return { type, rows, nullsAt, kind: 'number', body: readNumberBlock(reader, codec, rows, type) }
    case CODEC_STRINGS: case CODEC_LZ4: case CODEC_UUID:
      return { type, rows, nullsAt, kind: 'strings', body: readStringBlock(reader, codec, rows) }
    case CODEC_SERIAL: return { type, rows, nullsAt, kind: 'serial', body: readSerialBlock(reader, rows) }
    case CODEC_DISTINCT: return { type, rows, nullsAt, kind: 'distinct', body: readDistinctBlock(reader, rows) }
    case CODEC_TEMPLATE: return { type, rows, nullsAt, kind: 'template', body: readTemplateBlock(reader, rows) }
    case CODEC_ARRAY: {
      const offsets = readNumbers(reader, rows + 1)
      const count = Number(offsets.base) + differenceAt(offsets, reader.bytes, rows)
      return { type, rows, nullsAt, kind: 'array', body: { offsets, elements: readBlock(reader, elementType(type), count) } }
    }
    case CODEC_TUPLE: {
      const { args } = bareType(type)
      const fields = reader.varint()
      if (fields !== args.length) {
        throw new RangeError(`${fields} fields are stored for the type ${type.name}`)
      }
      return { type, rows, nullsAt, kind: 'tuple', body: args.map((field) => readBlock(reader, field, rows)) }
    }
    default: throw new RangeError(`no codec ${codec} is known`)
  }
}

/** Bytes of all texts of a block of strings, about. */
export function textBytesOf({ kind, body, rows }: Block, bytes: Uint8Array): number {
  if (kind === 'strings') return stringsBytes(body, bytes)
  if (kind === 'serial') return rows * (body.prefix.length + body.suffix.length + SERIAL_DIGITS)
  if (kind === 'distinct') return meanBytes(body, bytes) * rows
  if (kind === 'template') return (meanBytes(body.frames, bytes) + body.slots.length * SLOT_DIGITS) * rows
  return 0
}

const stringsBytes = ({ offsets, rows }: StringBlock, bytes: Uint8Array): number => (offsets === null ? rows * UUID_TEXT_BYTES
  : Number(offsets.base) + differenceAt(offsets, bytes, rows))

const meanBytes = ({ strings }: DistinctBlock, bytes: Uint8Array): number =>
  stringsBytes(strings, bytes) / Math.max(1, strings.rows)
