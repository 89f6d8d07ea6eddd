// Hashes over any values as ClickHouse's hash functions take them: strings by their bytes, integers by a
// finalizer or by their bytes, tuples field by field, arrays by their size and each element.
// Invariant: what a hash function says of a value depends on the value and its type alone.

import { largeReader, largeWidth } from '../../../storage/column/large.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import type { EvalContext } from '../values/function.ts'
import { bareType, isNullable } from '../../../storage/column/data-type.ts'
import { HASHED_AS_BYTES, writeBytes } from './hash-values.ts'
import { alternativeAt, alternativeVector, isVariant } from '../values/variant-fields.ts'
import { slotOf } from '../values/vectors.ts'

export type HashRule = {
  /** Bits of a hash. */
  readonly bits: 32 | 64 | 128
  readonly ofBytes: (bytes: Uint8Array) => bigint
  /** Numbers up to 64 bits, as their bits; null: by their bytes. */
  readonly ofBits: ((bits: bigint) => bigint) | null
  /** How many elements an array has. */
  readonly ofSize: (size: bigint) => bigint
  readonly join: (before: bigint, next: bigint) => bigint
}

/** The hash of nothing at all. */
const HASH_OF_NOTHING = 0xe28dbde7fe22e41cn

/** The hash of a NULL inside of an array or a tuple; a NULL of its own makes the result NULL. */
const HASH_OF_NULL = 0x5715f196cbea7a40c58ad2da03d9a871n

/** Bytes as they lie in ClickHouse's memory; UUIDs are kept so here, too. */
function writeMemory(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  const wide = largeWidth(bareType(vector.type))
  if (wide > 0) {
    let value = largeReader(vector)(row)
    for (let i = 0; i < wide; i++, value >>= 8n) out.byte(Number(value & 255n))
  } else if (vector.kind === 'bytes') out.slice(vector.bytes, vector.offsets[slot], vector.offsets[slot + 1])
  else writeBytes(out, vector, row)
}

/** The value as ClickHouse writes it one behind the other (serializeValueIntoArena): sizes as varints; of a Variant the
 * number of the alternative first, 255 for NULL. */
function writeSerialized(out: ByteBuilder, vector: Vector, row: number): void {
  const slot = slotOf(vector, row)
  if (vector.kind === 'tuple') {
    if (!isVariant(bareType(vector.type))) for (const field of vector.fields) writeSerialized(out, field, slot)
    else {
      const value = alternativeVector(vector, slot)
      out.byte(value === null ? NO_ALTERNATIVE : alternativeAt(vector, slot))
      if (value !== null) writeSerialized(out, value, slot)
    }
    return
  }
  if (isNullable(vector.type)) out.byte(vector.nulls?.[slot] ?? 0)
  if (vector.nulls?.[slot] === 1) return
  if (vector.kind === 'array') {
    const [start, end] = [vector.offsets[slot], vector.offsets[slot + 1]]
    out.varint(end - start)
    for (let at = start; at < end; at++) writeSerialized(out, vector.values, at)
    return
  }
  if (bareType(vector.type).id === 'String') {
    out.varint(vector.kind === 'codes' ? vector.dictionary.bytesOf(vector.codes[slot]).length
      : (vector as BytesVector).offsets[slot + 1] - (vector as BytesVector).offsets[slot])
  }
  writeMemory(out, vector, row)
}

const NO_ALTERNATIVE = 255

/** Hashes rows of these arguments. */
export function anyHash(args: readonly Vector[], rule: HashRule, { account }: EvalContext): (row: number) => bigint {
  const scratch = new ByteBuilder(0, account)
  const fold = (before: bigint | null, vector: Vector, row: number): bigint | null => {
    const slot = slotOf(vector, row)
    if (vector.nulls?.[slot] === 1) return joined(before, BigInt.asUintN(rule.bits, HASH_OF_NULL))
    if (isVariant(bareType(vector.type))) {
      scratch.length = 0
      writeSerialized(scratch, vector, row)
      return joined(before, rule.ofBytes(scratch.bytes.subarray(0, scratch.length)))
    }
    if (vector.kind === 'tuple') {
      return vector.fields.reduce<bigint | null>((hash, field) => fold(hash, field, slot), before)
    }
    if (vector.kind === 'array') {
      const [start, end] = [vector.offsets[slot], vector.offsets[slot + 1]]
      let hash = joined(before, rule.ofSize(BigInt(end - start)))
      for (let at = start; at < end; at++) hash = rule.join(hash, fold(null, vector.values, at) ?? HASH_OF_NOTHING)
      return hash
    }
    return joined(before, scalar(vector, row))
  }
  const joined = (before: bigint | null, next: bigint): bigint => (before === null ? next : rule.join(before, next))
  const scalar = (vector: Vector, row: number): bigint => {
    scratch.length = 0
    writeMemory(scratch, vector, row)
    const isNumber = vector.kind === 'number' || vector.kind === 'big'
    const bytes = scratch.bytes.subarray(0, scratch.length)
    return isNumber && rule.ofBits !== null && !HASHED_AS_BYTES.has(bareType(vector.type).id) ? rule.ofBits(bitsOf(bytes)) : rule.ofBytes(bytes)
  }
  return (row) => args.reduce<bigint | null>((hash, arg) => fold(hash, arg, row), null) ?? HASH_OF_NOTHING
}

function bitsOf(bytes: Uint8Array): bigint {
  let bits = 0n
  for (let i = bytes.length - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[i])
  return bits
}
