// The reading side of byte-writer.ts. Invariant: never reads past the end; bytes that say so are
// damaged, and the caller's checksum should have said it first.

/** Reads fields from `bytes` one after the other, from `at` on. */
export class ByteReader {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  u8(): number {
    this.check(1)
    return this.bytes[this.at++]
  }

  u32(): number {
    this.check(4)
    const { bytes, at } = this
    this.at = at + 4
    return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0
  }

  f64(): number {
    this.check(8)
    const value = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 8).getFloat64(0, true)
    this.at += 8
    return value
  }

  /** A 64-bit integer in two's complement; a number while it is a safe integer. */
  i64(): number | bigint {
    const low = this.u32()
    const high = this.u32() | 0
    const near = high * 4294967296 + low
    return Number.isSafeInteger(near) ? near : BigInt(high) * 4294967296n + BigInt(low)
  }

  /** A varint below 2^53. */
  varint(): number {
    const { bytes } = this
    let value = bytes[this.at] & 127
    let scale = 128
    while (bytes[this.at++] > 127) {
      value += (bytes[this.at] & 127) * scale
      scale *= 128
    }
    this.check(0)
    return value
  }

  /** A number while it is a safe integer, else a bigint. */
  signed(): number | bigint {
    const { bytes, at } = this
    let end = at
    while (bytes[end] > 127) end++
    if (end - at < 7) {
      const value = this.varint()
      // The half of a double is one to V8, and objects that hold such numbers and others have two shapes.
      const half = value <= 0xffffffff ? value >>> 1 : Math.floor(value / 2)
      return value % 2 === 0 ? half : -half
    }
    let value = 0n
    for (let i = end; i >= at; i--) value = value << 7n | BigInt(bytes[i] & 127)
    this.at = end + 1
    this.check(0)
    const signed = (value & 1n) === 1n ? -(value >> 1n) : value >> 1n
    const near = Number(signed)
    return Number.isSafeInteger(near) ? near : signed
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    this.check(length)
    const view = this.bytes.subarray(this.at, this.at + length)
    this.at += length
    return view
  }

  sized(): Uint8Array { return this.take(this.varint()) }

  text(): string {
    const bytes = this.sized()
    return shortText(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  }

  private check(length: number): void {
    if (this.at + length > this.bytes.length) {
      throw new RangeError(`${length} bytes at ${this.at} lie beyond the end at ${this.bytes.length}`)
    }
  }
}

/** Longer texts are read by the system's decoder, which costs more than a name's characters. */
const SHORT_BYTES = 24

/** A short text of ASCII alone; null: another. */
function shortText(bytes: Uint8Array): string | null {
  if (bytes.length > SHORT_BYTES) return null
  let text = ''
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] > 127) return null
    text += String.fromCharCode(bytes[i])
  }
  return text
}
