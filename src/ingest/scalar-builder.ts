// Vectors of numbers and strings from texts, one value at a time: what value-builder.ts puts together
// for the types that the kernel does not read.
// Invariant: a value that does not fit adds nothing; `length` counts whole values.

import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { isLarge, largeBytes } from '../../storage/column/large.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { NumberArray } from '../../storage/column/number-array.ts'
import { FORM_COMPOSITE, FORM_STRING } from '../../storage/kernels/ndjson-layout.ts'
import { compactComposite } from '../../storage/kernels/ndjson-text.ts'
import { asciiText, readUuid } from '../../storage/kernels/ndjson-values.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { GrowingBytes, GrowingF64, GrowingI64, GrowingU32 } from './growing.ts'
import { readIPv6, scalarReader, type ScalarReader } from './scalar.ts'

export interface ValueBuilder {
  readonly length: number
  /** A value from its decoded text. False: it does not fit. */
  add(u8: Uint8Array, start: number, end: number, form: number): boolean
  /** The type's default, or NULL where the type has it. */
  addAbsent(): void
  /** Takes back everything behind the first `length` values. */
  truncate(length: number): void
  finish(): Vector
}

/** One byte a value where the type is Nullable. */
class Nulls {
  private readonly marks: GrowingBytes | null
  private count = 0

  constructor(type: DataType, account: MemoryAccount) {
    this.marks = isNullable(type) ? new GrowingBytes(account) : null
  }

  push(isNull: boolean): void {
    if (this.marks === null) return
    this.marks.push(Number(isNull))
    if (isNull) this.count++
  }

  truncate(length: number): void {
    if (this.marks === null) return
    while (this.marks.length > length) this.count -= this.marks.items[--this.marks.length]
  }

  finish(): Uint8Array | null {
    return this.marks === null || this.count === 0 ? null : this.marks.taken()
  }
}

const ARRAYS: Readonly<Record<string, (account: MemoryAccount, length: number) => NumberArray>> = {
  Bool: (account, n) => account.u8(n), UInt8: (account, n) => account.u8(n),
  Int8: (account, n) => new Int8Array(account.work.buffer, account.allocate(n), n),
  Enum8: (account, n) => new Int8Array(account.work.buffer, account.allocate(n), n),
  UInt16: (account, n) => account.u16(n), Date: (account, n) => account.u16(n),
  Int16: (account, n) => new Int16Array(account.work.buffer, account.allocate(n * 2), n),
  Enum16: (account, n) => new Int16Array(account.work.buffer, account.allocate(n * 2), n),
  UInt32: (account, n) => account.u32(n), DateTime: (account, n) => account.u32(n),
  IPv4: (account, n) => account.u32(n), Int32: (account, n) => account.i32(n),
  Date32: (account, n) => account.i32(n), Time: (account, n) => account.i32(n),
  Float32: (account, n) => new Float32Array(account.work.buffer, account.allocate(n * 4), n),
}

/** Everything that is stored as a number. */
export class NumberBuilder implements ValueBuilder {
  private readonly type: DataType
  private readonly account: MemoryAccount
  private readonly read: ScalarReader
  private readonly values: GrowingF64
  /** From the first value beyond 2^53 on: all values. */
  private wide: GrowingI64 | null = null
  private readonly nulls: Nulls
  private readonly absent: number

  constructor(type: DataType, account: MemoryAccount, read: ScalarReader) {
    this.type = type
    this.account = account
    this.read = read
    this.values = new GrowingF64(account)
    this.nulls = new Nulls(type, account)
    const bare = bareType(type)
    this.absent = bare.id.startsWith('Enum') ? Math.min(...(bare.values ?? [0])) : 0
  }

  get length(): number { return this.wide?.length ?? this.values.length }

  add(u8: Uint8Array, start: number, end: number, form: number): boolean {
    const value = form === FORM_COMPOSITE ? null : this.read(asciiText(u8, start, end), form)
    if (value === null) return false
    this.push(value)
    this.nulls.push(false)
    return true
  }

  private push(value: number | bigint): void {
    if (typeof value === 'bigint' && this.wide === null) {
      this.wide = new GrowingI64(this.account)
      for (const earlier of this.values.taken()) this.wide.push(BigInt(earlier))
    }
    if (this.wide !== null) this.wide.push(BigInt(value))
    else this.values.push(value as number)
  }

  addAbsent(): void {
    this.push(isNullable(this.type) ? 0 : this.absent)
    this.nulls.push(true)
  }

  truncate(length: number): void {
    (this.wide ?? this.values).length = length
    this.nulls.truncate(length)
  }

  finish(): Vector {
    const { type, length } = this
    const common = { type, length, isConst: false, nulls: this.nulls.finish() }
    if (this.wide !== null) {
      const ticks = this.wide.taken()
      const values = bareType(type).id !== 'UInt64' ? ticks
        : new BigUint64Array(ticks.buffer, ticks.byteOffset, length)
      return { ...common, kind: 'big', values }
    }
    const make = ARRAYS[bareType(type).id]
    if (make === undefined) return { ...common, kind: 'number', values: this.values.taken() }
    const values = make(this.account, length)
    values.set(this.values.taken())
    return { ...common, kind: 'number', values }
  }
}

/** An object or array as a text: without spaces, as Tinybird keeps it. */
function compacted(u8: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start)
  return out.subarray(0, compactComposite(u8, start, end, out, 0))
}

/** String, FixedString, UUID, IPv6, and numbers of more than 64 bits. */
export class BytesBuilder implements ValueBuilder {
  private readonly type: DataType
  private readonly bare: DataType
  private readonly offsets: GrowingU32
  private readonly bytes: GrowingBytes
  private readonly nulls: Nulls
  /** Of large integers and decimals. */
  private readonly read: ScalarReader | null

  constructor(type: DataType, account: MemoryAccount) {
    this.type = type
    this.bare = bareType(type)
    this.read = isLarge(this.bare) ? scalarReader(this.bare) : null
    this.offsets = new GrowingU32(account)
    this.bytes = new GrowingBytes(account)
    this.nulls = new Nulls(type, account)
    this.offsets.push(0)
  }

  get length(): number { return this.offsets.length - 1 }

  add(u8: Uint8Array, start: number, end: number, form: number): boolean {
    const value = this.valueOf(u8, start, end, form)
    if (value === null) return false
    this.bytes.append(value)
    this.close(false)
    return true
  }

  private valueOf(u8: Uint8Array, start: number, end: number, form: number): Uint8Array | null {
    const bytes = form === FORM_COMPOSITE ? compacted(u8, start, end) : u8.subarray(start, end)
    switch (this.bare.id) {
      case 'UUID': {
        const halves = form === FORM_STRING ? readUuid(asciiText(u8, start, end)) : null
        return halves === null ? null : new Uint8Array(new BigUint64Array(halves).buffer)
      }
      case 'IPv6': return form === FORM_STRING ? readIPv6(asciiText(u8, start, end)) : null
      case 'Decimal': case 'Int128': case 'Int256': case 'UInt128': case 'UInt256': {
        const value = form === FORM_COMPOSITE ? null : this.read?.(asciiText(u8, start, end), form) ?? null
        return value === null ? null : largeBytes(this.bare, BigInt(value))
      }
      case 'FixedString': {
        if (bytes.length > this.bare.length) return null
        const padded = new Uint8Array(this.bare.length)
        padded.set(bytes)
        return padded
      }
      default: return bytes
    }
  }

  private close(isNull: boolean): void {
    this.offsets.push(this.bytes.length)
    this.nulls.push(isNull)
  }

  addAbsent(): void {
    const width = this.bare.id === 'FixedString' ? this.bare.length : this.bare.id === 'String' ? 0 : 16
    if (isLarge(this.bare)) this.bytes.append(largeBytes(this.bare, 0n))
    else if (width > 0) this.bytes.append(new Uint8Array(width))
    this.close(true)
  }

  truncate(length: number): void {
    this.offsets.length = length + 1
    this.bytes.length = this.offsets.items[length]
    this.nulls.truncate(length)
  }

  finish(): Vector {
    return {
      kind: 'bytes', type: this.type, length: this.length, isConst: false,
      nulls: this.nulls.finish(), offsets: this.offsets.taken(), bytes: this.bytes.taken(),
    }
  }
}
