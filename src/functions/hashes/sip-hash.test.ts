import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sipHash64, sipHash128, sipHash128Reference, sipLow128, type SipKey } from './sip-hash.ts'

/** The authors' key of their vectors: bytes 0 to 15. */
const KEY: SipKey = [0x0706050403020100n, 0x0f0e0d0c0b0a0908n]
const upTo = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i)

const MASK = 0xffffffffffffffffn
const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK

/** SipHash-2-4 word for word as its paper has it. */
function reference(bytes: Uint8Array, [k0, k1]: SipKey): bigint {
  const v = [0x736f6d6570736575n ^ k0, 0x646f72616e646f6dn ^ k1, 0x6c7967656e657261n ^ k0, 0x7465646279746573n ^ k1]
  const half = (a: number, b: number, turn: bigint): void => {
    v[a] = (v[a] + v[b]) & MASK
    v[b] = rotate(v[b], turn) ^ v[a]
  }
  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      half(0, 1, 13n)
      v[0] = rotate(v[0], 32n)
      half(2, 3, 16n)
      half(0, 3, 21n)
      half(2, 1, 17n)
      v[2] = rotate(v[2], 32n)
    }
  }
  const padded = new Uint8Array((bytes.length & ~7) + 8)
  padded.set(bytes)
  padded[padded.length - 1] = bytes.length & 255
  const view = new DataView(padded.buffer)
  for (let at = 0; at < padded.length; at += 8) {
    v[3] ^= view.getBigUint64(at, true)
    rounds(2)
    v[0] ^= view.getBigUint64(at, true)
  }
  v[2] ^= 0xffn
  rounds(4)
  return v[0] ^ v[1] ^ v[2] ^ v[3]
}

describe('SipHash', () => {
  it('has the hashes of the paper', () => {
    expect(sipHash64(upTo(0), KEY)).toBe(0x726fdb47dd0e0e31n)
    expect(sipHash64(upTo(15), KEY)).toBe(0xa129ca6149be45e5n)
    expect(Buffer.from(sipHash128Reference(upTo(0), KEY)).toString('hex')).toBe('a3817f04ba25a8e66df67214c7550293')
  })

  it('is the paper, whatever the bytes and the key', () => {
    const word = fc.bigInt({ min: 0n, max: MASK })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.tuple(word, word), (bytes, key) => {
      expect(sipHash64(bytes, key)).toBe(reference(bytes, key))
    }))
  })

  it('hashes the beginning of bytes that it is told', () => {
    expect(sipHash64(upTo(40), undefined, 21)).toBe(sipHash64(upTo(21)))
    expect(sipLow128(upTo(40), 21)).toBe(Buffer.from(sipHash128(upTo(21))).readBigUInt64LE(0))
  })
})
