// An independent reader of a store, from storage/FORMAT.md alone: it shares no code with the store. Here:
// numbers, checksums, MessagePack, LZ4, file heads and frames (FORMAT.md, 0).

/** Reads fields one after the other; throws past the end. */
export class Cursor {
  readonly bytes: Buffer
  at: number
  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.at = at
  }

  private step(count: number): number {
    if (this.at + count > this.bytes.length) throw new Error(`${count} bytes at ${this.at} of ${this.bytes.length}`)
    this.at += count
    return this.at - count
  }

  u8(): number { return this.bytes.readUInt8(this.step(1)) }
  u32(): number { return this.bytes.readUInt32LE(this.step(4)) }
  f64(): number { return this.bytes.readDoubleLE(this.step(8)) }
  take(count: number): Buffer {
    const from = this.step(count)
    return this.bytes.subarray(from, from + count)
  }

  big(): bigint {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.u8()
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }

  varint(): number { return Number(this.big()) }
  signed(): bigint {
    const value = this.big()
    return (value & 1n) === 1n ? -(value >> 1n) : value >> 1n
  }

  sized(): Buffer { return this.take(this.varint()) }
  text(): string { return this.sized().toString() }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** `before`: the checksum of what stands before these bytes. */
export function crc(bytes: Uint8Array, before = 0): number {
  let value = ~before
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8)
  return ~value >>> 0
}

export function expectCrc(bytes: Uint8Array, expected: number, what: string, before = 0): void {
  if (crc(bytes, before) !== expected) throw new Error(`${what}: the checksum differs`)
}

/** A bit field of up to 32 bits, low bit first. */
export function bits(bytes: Uint8Array, from: number, width: number): number {
  let value = 0
  for (let bit = 0; bit < width;) {
    const at = from + bit
    const taken = Math.min(width - bit, 8 - at % 8)
    value += (bytes[Math.floor(at / 8)] >> at % 8 & (1 << taken) - 1) * 2 ** bit
    bit += taken
  }
  return value
}

export const bitsOf = (value: number): number => value === 0 ? 0 : Math.floor(Math.log2(value)) + 1

/** Plain size u32, then an LZ4 block. */
export function unpackLz4(packed: Uint8Array): Buffer {
  const cursor = new Cursor(packed)
  const out = Buffer.alloc(cursor.u32())
  let to = 0
  const length = (nibble: number): number => {
    let count = nibble
    for (let more = nibble === 15 ? 255 : 0; more === 255;) count += more = cursor.u8()
    return count
  }
  for (;;) {
    const token = cursor.u8()
    to += cursor.take(length(token >> 4)).copy(out, to)
    if (cursor.at === packed.length) break
    const back = cursor.u8() + 256 * cursor.u8()
    for (let left = length(token & 15) + 4; left > 0; left--, to++) out[to] = out[to - back]
  }
  if (to !== out.length) throw new Error(`LZ4 gave ${to} bytes of ${out.length}`)
  return out
}

export type Pack = null | boolean | number | string | Pack[] | { [key: string]: Pack }

/** MessagePack: maps have text keys; integers fit a double. */
export function unpack(cursor: Cursor): Pack {
  const { bytes } = cursor
  const read = (count: number, value: (at: number) => number | bigint): number => {
    const { at } = cursor
    cursor.take(count)
    return Number(value(at))
  }
  const size = (width: 1 | 2 | 4): number => read(width, (at) => bytes.readUIntBE(at, width))
  const list = (count: number): Pack[] => Array.from({ length: count }, () => unpack(cursor))
  const map = (count: number): Pack => Object.fromEntries(Array.from({ length: count }, () => [String(unpack(cursor)), unpack(cursor)]))
  const text = (count: number): string => cursor.take(count).toString()
  const byte = cursor.u8()
  if (byte < 0x80) return byte
  if (byte < 0x90) return map(byte & 15)
  if (byte < 0xa0) return list(byte & 15)
  if (byte < 0xc0) return text(byte & 31)
  if (byte >= 0xe0) return byte - 256
  switch (byte) {
    case 0xc0: return null
    case 0xc2: return false
    case 0xc3: return true
    case 0xca: return read(4, (at) => bytes.readFloatBE(at))
    case 0xcb: return read(8, (at) => bytes.readDoubleBE(at))
    case 0xcc: case 0xcd: case 0xce: return size([1, 2, 4][byte - 0xcc] as 1 | 2 | 4)
    case 0xcf: return read(8, (at) => bytes.readBigUInt64BE(at))
    case 0xd0: return read(1, (at) => bytes.readInt8(at))
    case 0xd1: return read(2, (at) => bytes.readInt16BE(at))
    case 0xd2: return read(4, (at) => bytes.readInt32BE(at))
    case 0xd3: return read(8, (at) => bytes.readBigInt64BE(at))
    case 0xd9: case 0xda: case 0xdb: return text(size([1, 2, 4][byte - 0xd9] as 1 | 2 | 4))
    case 0xdc: case 0xdd: return list(size(byte === 0xdc ? 2 : 4))
    case 0xde: case 0xdf: return map(size(byte === 0xde ? 2 : 4))
    default: throw new Error(`MessagePack 0x${byte.toString(16)}`)
  }
}

export type Log = { readonly first: number; readonly frames: readonly { readonly header: Pack; readonly payload: Buffer }[] }

/** A file head and the whole frames behind it. */
export function readLog(bytes: Buffer, magic: string): Log {
  const head = new Cursor(bytes)
  if (head.take(8).toString('latin1') !== magic) throw new Error(`no ${magic}`)
  if (head.u32() > 1) throw new Error('a newer version')
  const salt = head.u32()
  const first = Number(bytes.readBigUInt64LE(head.at))
  head.take(12)
  expectCrc(bytes.subarray(0, 28), head.u32(), magic)
  const frames: { header: Pack; payload: Buffer }[] = []
  while (head.at + 16 <= bytes.length && head.take(4).toString('latin1') === 'PIPR') {
    const lengths = head.take(8)
    const checksum = head.u32()
    const header = head.take(lengths.readUInt32LE(0))
    expectCrc(header, checksum, 'a frame', crc(lengths, salt))
    frames.push({ header: unpack(new Cursor(header)), payload: head.take(lengths.readUInt32LE(4)) })
  }
  return { first, frames }
}
