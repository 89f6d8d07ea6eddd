// SipHash-2-4 (Jean-Philippe Aumasson, Daniel J. Bernstein, public domain) with a key of zeros, as
// ClickHouse's sipHash64 and its 128-bit kin.
// Invariant: all arithmetic is modulo 2^64.

const MASK = 0xffffffffffffffffn

const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK

export class SipHash {
  private v0 = 0x736f6d6570736575n
  private v1 = 0x646f72616e646f6dn
  private v2 = 0x6c7967656e657261n
  private v3 = 0x7465646279746573n
  private length = 0
  private rest = 0n
  private restBytes = 0n

  /** Adds bytes [start, end). */
  update(bytes: Uint8Array, start: number, end: number): this {
    for (let at = start; at < end; at++) {
      this.rest |= BigInt(bytes[at]) << (8n * this.restBytes)
      if (++this.restBytes < 8n) continue
      this.word(this.rest)
      this.rest = 0n
      this.restBytes = 0n
    }
    this.length += end - start
    return this
  }

  private word(word: bigint): void {
    this.v3 ^= word
    this.round()
    this.round()
    this.v0 ^= word
  }

  private round(): void {
    this.v0 = (this.v0 + this.v1) & MASK
    this.v1 = rotate(this.v1, 13n) ^ this.v0
    this.v0 = rotate(this.v0, 32n)
    this.v2 = (this.v2 + this.v3) & MASK
    this.v3 = rotate(this.v3, 16n) ^ this.v2
    this.v0 = (this.v0 + this.v3) & MASK
    this.v3 = rotate(this.v3, 21n) ^ this.v0
    this.v2 = (this.v2 + this.v1) & MASK
    this.v1 = rotate(this.v1, 17n) ^ this.v2
    this.v2 = rotate(this.v2, 32n)
  }

  private finish(): void {
    this.word(this.rest | (BigInt(this.length & 255) << 56n))
    this.v2 ^= 0xffn
    for (let i = 0; i < 4; i++) this.round()
  }

  /** The hash of 64 bits; ends the work. */
  hash64(): bigint {
    this.finish()
    return this.v0 ^ this.v1 ^ this.v2 ^ this.v3
  }

  /** The lower half of the hash of 128 bits; ends the work. */
  low128(): bigint {
    this.finish()
    return this.v0 ^ this.v1
  }
}
