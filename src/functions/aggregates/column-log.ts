// A column that grows row by row in the account's memory: what any, argMax, groupArray keep.
// Invariant: `vector` shows all rows so far; rows never move, and growth returns the old arrays.

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { bareType, isNullable, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { largeBytes, largeWidth } from '../../../storage/column/large.ts'
import { grown } from '../values/state-array.ts'
import { readNumberState } from '../values/state-bytes.ts'
import { isUnsignedWide } from '../values/types.ts'
import { copyBytes, elementTypeOf, slotOf } from '../values/vectors.ts'

/** Appends rows of any vectors of its type. */
export interface ColumnLog {
  readonly length: number
  append(vector: Vector, row: number): void
  /** Appends a value that writeStateValue() wrote. */
  read(reader: ByteReader): void
  /** Appends the type's default, NULL where it can be. */
  appendDefault(): void
  /** All rows; valid until the next append. */
  view(): Vector
  /** Returns its memory. */
  free(): void
}

/** A log for values of `type`. */
export function columnLog(type: DataType, account: MemoryAccount): ColumnLog {
  const bare = bareType(type)
  if (largeWidth(bare) > 0) return new StringLog(type, account)
  switch (bare.id) {
    case 'String': case 'FixedString': case 'UUID': case 'IPv6': case 'AggregateFunction': case 'JSON': case 'Dynamic':
      return new StringLog(type, account)
    case 'Array': case 'Map': return new ArrayLog(type, account)
    case 'Tuple': case 'Variant': return new TupleLog(type, account)
    default: return new NumberLog(type, account)
  }
}

/** One null byte a row, kept only for types that can be NULL. */
class NullLog {
  private bytes: Uint8Array | null = null
  private readonly isKept: boolean
  private readonly account: MemoryAccount

  constructor(type: DataType, account: MemoryAccount) {
    this.isKept = isNullable(type)
    this.account = account
  }

  append(at: number, vector: Vector, slot: number): void {
    if (!this.isKept) return
    this.bytes = grown(Uint8Array, this.bytes, at + 1, this.account)
    this.bytes[at] = vector.nulls === null ? 0 : vector.nulls[slot]
  }

  mark(at: number, isNull: boolean): void {
    if (!this.isKept) return
    this.bytes = grown(Uint8Array, this.bytes, at + 1, this.account)
    this.bytes[at] = isNull ? 1 : 0
  }

  /** Reads whether the next value is NULL. */
  read(at: number, reader: ByteReader): boolean {
    if (!this.isKept) return false
    const isNull = reader.u8() === 1
    this.mark(at, isNull)
    return isNull
  }

  view(length: number): Uint8Array | null {
    return this.bytes === null ? null : this.bytes.subarray(0, length)
  }

  free(): void {
    if (this.bytes !== null) this.account.free(this.bytes.byteOffset)
    this.bytes = null
  }
}

const EMPTY = new Float64Array(0)
const NO_BYTES = new Uint8Array(0)

class NumberLog implements ColumnLog {
  length = 0
  private values: Float64Array | null = null
  private bigs: BigInt64Array | null = null
  private readonly type: DataType
  private readonly account: MemoryAccount
  private readonly nulls: NullLog

  constructor(type: DataType, account: MemoryAccount) {
    this.type = type
    this.account = account
    this.nulls = new NullLog(type, account)
  }

  append(vector: Vector, row: number): void {
    const slot = slotOf(vector, row)
    const at = this.length++
    this.nulls.append(at, vector, slot)
    if (vector.kind === 'number' || vector.kind === 'big') this.put(at, vector.values[slot])
  }

  read(reader: ByteReader): void {
    const at = this.length++
    const isNull = this.nulls.read(at, reader)
    this.put(at, isNull ? 0 : readNumberState(reader, bareType(this.type)))
  }

  appendDefault(): void {
    const at = this.length++
    this.nulls.mark(at, true)
    this.put(at, bareType(this.type).values?.[0] ?? 0)
  }

  private put(at: number, value: number | bigint): void {
    if (typeof value === 'bigint') this.promote(at)
    if (this.bigs !== null) {
      this.bigs = grown(BigInt64Array, this.bigs, at + 1, this.account)
      this.bigs[at] = BigInt(value)
      return
    }
    this.values = grown(Float64Array, this.values, at + 1, this.account)
    this.values[at] = Number(value)
  }

  /** The first value beyond 2^53 makes the whole log 64-bit. */
  private promote(count: number): void {
    if (this.bigs !== null) return
    this.bigs = grown(BigInt64Array, null, count + 1, this.account)
    for (let i = 0; i < count; i++) this.bigs[i] = BigInt(this.values?.[i] ?? 0)
    if (this.values !== null) this.account.free(this.values.byteOffset)
    this.values = null
  }

  view(): Vector {
    const common = {
      type: this.type, length: this.length, isConst: false, nulls: this.nulls.view(this.length),
    }
    const bare = bareType(this.type)
    if (this.bigs !== null) {
      const { buffer, byteOffset } = this.bigs
      const values = isUnsignedWide(bare) ? new BigUint64Array(buffer, byteOffset, this.length)
        : this.bigs.subarray(0, this.length)
      return { kind: 'big', ...common, values }
    }
    // Doubles whatever the type: who hands them on picks rows, which narrows them.
    return { kind: 'number', ...common, values: (this.values ?? EMPTY).subarray(0, this.length) }
  }

  free(): void {
    this.nulls.free()
    if (this.values !== null) this.account.free(this.values.byteOffset)
    if (this.bigs !== null) this.account.free(this.bigs.byteOffset)
    this.values = null
    this.bigs = null
    this.length = 0
  }
}

class StringLog implements ColumnLog {
  length = 0
  private offsets: Uint32Array
  private bytes: Uint8Array
  private readonly type: DataType
  private readonly account: MemoryAccount
  private readonly nulls: NullLog

  constructor(type: DataType, account: MemoryAccount) {
    this.type = type
    this.account = account
    this.nulls = new NullLog(type, account)
    this.offsets = grown(Uint32Array, null, 1, account)
    this.bytes = grown(Uint8Array, null, 1, account)
  }

  append(vector: Vector, row: number): void {
    const slot = slotOf(vector, row)
    const at = this.length++
    this.nulls.append(at, vector, slot)
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    const start = this.offsets[at]
    if (vector.kind === 'codes') {
      const bytes = vector.dictionary.bytesOf(vector.codes[slot])
      this.put(start, at, bytes, 0, bytes.length)
    } else if (vector.kind === 'bytes') {
      const from = vector.offsets[slot]
      this.put(start, at, vector.bytes, from, vector.offsets[slot + 1] - from)
    }
  }

  private put(start: number, at: number, bytes: Uint8Array, from: number, count: number): void {
    this.bytes = grown(Uint8Array, this.bytes, start + count, this.account)
    copyBytes(bytes, from, this.bytes, start, count)
    this.offsets[at + 1] = start + count
  }

  read(reader: ByteReader): void {
    const at = this.length++
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    const bytes = this.nulls.read(at, reader) ? NO_BYTES : reader.sized()
    this.put(this.offsets[at], at, bytes, 0, bytes.length)
  }

  appendDefault(): void {
    const at = this.length++
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    this.nulls.mark(at, true)
    const bare = bareType(this.type)
    const bytes = largeWidth(bare) > 0 ? largeBytes(bare, 0n) : new Uint8Array(
      bare.id === 'FixedString' ? bare.length : bare.id === 'UUID' || bare.id === 'IPv6' ? 16 : 0)
    this.put(this.offsets[at], at, bytes, 0, bytes.length)
  }

  view(): Vector {
    return {
      kind: 'bytes', type: this.type, length: this.length, isConst: false,
      nulls: this.nulls.view(this.length), offsets: this.offsets.subarray(0, this.length + 1),
      bytes: this.bytes.subarray(0, this.offsets[this.length]),
    }
  }

  free(): void {
    this.nulls.free()
    this.account.free(this.offsets.byteOffset)
    this.account.free(this.bytes.byteOffset)
    this.length = 0
  }
}

class ArrayLog implements ColumnLog {
  length = 0
  private offsets: Uint32Array
  private readonly elements: ColumnLog
  private readonly type: DataType
  private readonly account: MemoryAccount

  constructor(type: DataType, account: MemoryAccount) {
    this.type = type
    this.account = account
    this.offsets = grown(Uint32Array, null, 1, account)
    this.elements = columnLog(elementTypeOf(bareType(type)), account)
  }

  append(vector: Vector, row: number): void {
    if (vector.kind !== 'array') throw new Error(`column log: ${vector.type.name} is no array`)
    const slot = slotOf(vector, row)
    const at = this.length++
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    for (let i = vector.offsets[slot]; i < vector.offsets[slot + 1]; i++) {
      this.elements.append(vector.values, i)
    }
    this.offsets[at + 1] = this.elements.length
  }

  read(reader: ByteReader): void {
    const at = this.length++
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    for (let i = reader.varint(); i > 0; i--) this.elements.read(reader)
    this.offsets[at + 1] = this.elements.length
  }

  appendDefault(): void {
    const at = this.length++
    this.offsets = grown(Uint32Array, this.offsets, at + 2, this.account)
    this.offsets[at + 1] = this.elements.length
  }

  view(): Vector {
    return {
      kind: 'array', type: this.type, length: this.length, isConst: false, nulls: null,
      offsets: this.offsets.subarray(0, this.length + 1), values: this.elements.view(),
    }
  }

  free(): void {
    this.account.free(this.offsets.byteOffset)
    this.elements.free()
    this.length = 0
  }
}

class TupleLog implements ColumnLog {
  length = 0
  private readonly fields: readonly ColumnLog[]
  private readonly type: DataType
  private readonly nulls: NullLog

  constructor(type: DataType, account: MemoryAccount) {
    this.type = type
    this.nulls = new NullLog(type, account)
    this.fields = bareType(type).args.map((arg) => columnLog(arg, account))
  }

  append(vector: Vector, row: number): void {
    if (vector.kind !== 'tuple') throw new Error(`column log: ${vector.type.name} is no tuple`)
    this.nulls.append(this.length++, vector, slotOf(vector, row))
    this.fields.forEach((field, i) => field.append(vector.fields[i], slotOf(vector, row)))
  }

  read(reader: ByteReader): void {
    if (this.nulls.read(this.length++, reader)) for (const field of this.fields) field.appendDefault()
    else for (const field of this.fields) field.read(reader)
  }

  appendDefault(): void {
    this.nulls.mark(this.length++, true)
    for (const field of this.fields) field.appendDefault()
  }

  view(): Vector {
    return {
      kind: 'tuple', type: this.type, length: this.length, isConst: false, nulls: this.nulls.view(this.length),
      fields: this.fields.map((field) => field.view()),
    }
  }

  free(): void {
    this.nulls.free()
    for (const field of this.fields) field.free()
    this.length = 0
  }
}
