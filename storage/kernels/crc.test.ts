import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crc32c } from '../bytes/crc32c.ts'
import { bothOf } from './both.harness.ts'
import { CRC_BYTES_MIN, CRC_SCRATCH_BYTES, crcReference, type CrcKernels } from './crc.ts'
import { WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const both = bothOf<CrcKernels>(work, crcReference)

/** Checksum of the bytes, behind others with that checksum. */
const checksumOf = (bytes: Uint8Array, seed: number): number => both(({ foldCrc }, account) => {
  const given = account.u8(bytes.length)
  given.set(bytes)
  const scratch = account.u8(CRC_SCRATCH_BYTES + 64).fill(7)
  const rest = foldCrc(given.byteOffset, bytes.length, ~seed, scratch.byteOffset)
  expect(scratch.subarray(CRC_SCRATCH_BYTES).every((byte) => byte === 7)).toBe(true)
  expect(Buffer.from(given).equals(bytes)).toBe(true)
  return crc32c(scratch.subarray(0, rest), 0xffffffff)
})

it('leaves a rest that has the checksum of all', () => {
  fc.assert(fc.property(
    fc.nat(40_000), fc.nat(0xffffffff), fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.boolean(), (more, seed, piece, isRepeated) => {
      const bytes = Buffer.alloc(CRC_BYTES_MIN + more)
      if (isRepeated) bytes.fill(piece)
      else for (let at = 0; at < bytes.length; at++) bytes[at] = Math.imul(at + piece[0], 2654435761) >>> 24
      expect(checksumOf(bytes, seed)).toBe(crc32c(bytes, seed))
    }))
})

it('ends wherever its pieces do', () => {
  for (let length = CRC_BYTES_MIN; length < CRC_BYTES_MIN + 40; length++) {
    for (const more of [0, 8192 - CRC_BYTES_MIN, 8192 - CRC_BYTES_MIN + 670, 16384]) {
      const bytes = Buffer.from(Array.from({ length: length + more }, (_, at) => at * at >>> 3 & 255))
      expect(checksumOf(bytes, 0)).toBe(crc32c(bytes))
    }
  }
})
