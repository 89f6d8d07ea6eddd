// A string column in the making: bytes that grow in the account's memory, and the end of each row.
// Invariant: offsets[row] is where row begins; finish() hands both on and the builder is done.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { bytesOfText } from '../../sql/raw-text.ts'
import { copyBytes } from './vectors.ts'

const FIRST_BYTES = 1024
const FLOAT = new Float64Array(1)
const FLOAT_WORDS = new Uint32Array(FLOAT.buffer)

export class ByteBuilder {
  bytes: Uint8Array
  /** Bytes written. */
  length = 0
  private readonly account: MemoryAccount
  private readonly offsets: Uint32Array
  private row = 0

  constructor(rowCount: number, account: MemoryAccount, bytesExpected = FIRST_BYTES) {
    this.account = account
    this.offsets = account.u32(rowCount + 1)
    this.offsets[0] = 0
    this.bytes = account.u8(Math.max(FIRST_BYTES, bytesExpected))
  }

  /** Makes room for `count` more bytes. Throws MemoryLimitExceeded before any is written. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    const larger = this.account.u8(Math.max(needed, this.bytes.length * 2))
    larger.set(this.bytes.subarray(0, this.length))
    this.account.free(this.bytes.byteOffset)
    this.bytes = larger
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = value
  }

  /** Appends bytes [start, end) of another column. */
  slice(from: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    copyBytes(from, start, this.bytes, this.length, end - start)
    this.length += end - start
  }

  /** Appends text as UTF-8, and bytes that are none (raw-text.ts). */
  text(text: string): void {
    const count = text.length
    this.reserve(count * 3)
    for (let i = 0; i < count; i++) {
      const code = text.charCodeAt(i)
      if (code > 127) {
        const rest = bytesOfText(text.slice(i))
        this.bytes.set(rest, this.length)
        this.length += rest.length
        return
      }
      this.bytes[this.length++] = code
    }
  }

  /** A whole number of at most 53 bits in decimal digits. */
  integer(value: number): void {
    this.reserve(24)
    let rest = value
    if (rest < 0) {
      this.bytes[this.length++] = 45
      rest = -rest
    }
    if (!(rest <= 4294967295)) {
      // All digits, no exponent: what lies here above 2^53 is a double's whole number. Never what is no JSON.
      this.text(Number.isSafeInteger(rest) ? String(rest) : Number.isFinite(rest) ? String(BigInt(rest)) : '0')
      return
    }
    const start = this.length
    do {
      const next = (rest / 10) >>> 0
      this.bytes[this.length++] = 48 + rest - next * 10
      rest = next
    } while (rest !== 0)
    for (let a = start, b = this.length - 1; a < b; a++, b--) {
      const swap = this.bytes[a]
      this.bytes[a] = this.bytes[b]
      this.bytes[b] = swap
    }
  }

  /** A number with leading zeros up to `width` digits. */
  padded(value: number, width: number): void {
    this.reserve(width)
    let rest = value
    for (let at = this.length + width - 1; at >= this.length; at--) {
      const next = Math.floor(rest / 10)
      this.bytes[at] = 48 + rest - next * 10
      rest = next
    }
    this.length += width
  }

  /** A whole number from 0 below 2^53: 7 bits a byte, low first, high bit: more. */
  varint(value: number): void {
    this.reserve(8)
    let rest = value
    while (rest > 127) {
      this.bytes[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.bytes[this.length++] = rest
  }

  u32(value: number): void {
    this.reserve(4)
    const { bytes, length } = this
    bytes[length] = value
    bytes[length + 1] = value >>> 8
    bytes[length + 2] = value >>> 16
    bytes[length + 3] = value >>> 24
    this.length += 4
  }

  /** A 64-bit integer, two's complement, low byte first. */
  i64(value: number | bigint): void {
    if (typeof value === 'number' && Number.isSafeInteger(value)) {
      this.u32(value % 4294967296)
      this.u32(Math.floor(value / 4294967296))
      return
    }
    const bits = BigInt.asUintN(64, BigInt(value))
    this.u32(Number(bits & 0xffffffffn))
    this.u32(Number(bits >> 32n))
  }

  f64(value: number): void {
    FLOAT[0] = value
    this.u32(FLOAT_WORDS[0])
    this.u32(FLOAT_WORDS[1])
  }

  /** A string with its length before it. */
  sized(from: Uint8Array, start: number, end: number): void {
    this.varint(end - start)
    this.slice(from, start, end)
  }

  /** Ends the current row. */
  endRow(): void {
    this.offsets[++this.row] = this.length
  }

  /** Where each row begins, and the end of the last: entries up to the rows ended are set. */
  get rowOffsets(): Uint32Array { return this.offsets }

  /** Forgets all rows and keeps the memory. */
  restart(): void {
    this.length = 0
    this.row = 0
  }

  finish(type: DataType, nulls: Uint8Array | null = null): BytesVector {
    return {
      kind: 'bytes', type, length: this.row, isConst: false, nulls,
      offsets: this.offsets.subarray(0, this.row + 1), bytes: this.bytes.subarray(0, this.length),
    }
  }
}
