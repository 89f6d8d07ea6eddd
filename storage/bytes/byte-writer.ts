// Bytes under construction: fixed fields, varints and copied bytes at the end of one growing array.
// Used by everything that is encoded. All numbers are little-endian.
//
//   varint: 7 bits a byte, low first, high bit: more.  signed: magnitude * 2 + sign, as a varint.

const HIGH = 0x80000000

/** Where the array lies: a query's or a task's account in work memory, or ordinary memory. */
export type ByteRoom = { u8(bytes: number): Uint8Array; free(pointer: number): void }

const ORDINARY: ByteRoom = { u8: (bytes) => new Uint8Array(bytes), free: () => {} }

/** Grows by doubling; `bytes()` shows what was written. */
export class ByteWriter {
  private readonly place: ByteRoom
  private array: Uint8Array
  private view: DataView
  /** Bytes written so far. */
  length = 0

  constructor(capacity = 1024, place = ORDINARY) {
    this.place = place
    this.array = place.u8(capacity)
    this.view = viewOf(this.array)
  }

  /** Makes room for `bytes` more at the end. */
  reserve(bytes: number): void {
    const needed = this.length + bytes
    if (needed <= this.array.length) return
    const grown = this.place.u8(Math.max(needed, this.array.length * 2))
    grown.set(this.array.subarray(0, this.length))
    this.place.free(this.array.byteOffset)
    this.array = grown
    this.view = viewOf(grown)
  }

  /** What was written: a view, valid until the next call that writes. */
  bytes(): Uint8Array { return this.array.subarray(0, this.length) }

  /** The last `length - from` bytes, as a view. */
  since(from: number): Uint8Array { return this.array.subarray(from, this.length) }

  /** Forgets everything; capacity stays. */
  clear(): void { this.length = 0 }

  /** Takes back what was written behind `length`. */
  cut(length: number): void { this.length = length }

  u8(value: number): void {
    this.reserve(1)
    this.array[this.length++] = value
  }

  u32(value: number): void {
    this.reserve(4)
    this.view.setUint32(this.length, value, true)
    this.length += 4
  }

  f64(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.length, value, true)
    this.length += 8
  }

  /** A whole number of at least 0; beyond 2^53 only as bigint. */
  varint(value: number | bigint): void {
    this.reserve(10)
    if (typeof value === 'bigint') {
      let rest = value
      for (; rest > 127n; rest >>= 7n) this.array[this.length++] = Number(rest & 127n) | 128
      this.array[this.length++] = Number(rest)
      return
    }
    let rest = value
    while (rest >= HIGH) {
      this.array[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest > 127) {
      this.array[this.length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.array[this.length++] = rest
  }

  /** A whole number of any sign. */
  signed(value: number | bigint): void {
    // Twice a number above 2^52 plus a sign bit is no exact double.
    if (typeof value === 'bigint' || Math.abs(value) > 2 ** 51) {
      const big = BigInt(value)
      this.varint(big < 0n ? -big * 2n + 1n : big * 2n)
    } else {
      this.varint(value < 0 ? -value * 2 + 1 : value * 2)
    }
  }

  copy(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.array.set(bytes, this.length)
    this.length += bytes.length
  }

  /** Replaces a byte that was written before. */
  patch(at: number, value: number): void { this.array[at] = value }

  /** Bytes behind their number. */
  sized(bytes: Uint8Array): void {
    this.varint(bytes.length)
    this.copy(bytes)
  }

  /** Text as UTF-8 behind its number of bytes. */
  text(text: string): void { this.sized(Buffer.from(text)) }

  /** `bytes` zeroed bytes at the end, as a view to fill; valid until the next call that writes. */
  room(bytes: number): Uint8Array {
    this.reserve(bytes)
    const view = this.array.subarray(this.length, this.length + bytes)
    view.fill(0)
    this.length += bytes
    return view
  }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)
