import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crc32c } from './crc32c.ts'

it('equals the check value of CRC-32C and the vectors of RFC 3720', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43)
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e)
})

/** The definition, a bit at a time. */
function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

it('equals the definition at every length and alignment, in shared memory too', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(400))
  for (let index = 0; index < 400; index++) shared[index] = index * 131 ^ index >> 3
  for (let from = 0; from < 8; from++) {
    for (let length = 0; length < 200; length += 7) {
      const view = shared.subarray(from, from + length)
      expect(crc32c(view)).toBe(bitwise(view))
    }
  }
})

it('goes on from a seed as over the joined bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    expect(crc32c(b, crc32c(a))).toBe(crc32c(Uint8Array.from([...a, ...b])))
  }))
})
