import fc from 'fast-check'
import { compressSync } from 'lz4-napi'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { lz4Reference, type Lz4Kernels } from './lz4.ts'
import { MemoryAccount, SLACK_BYTES, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels: readonly Lz4Kernels[] = [bindKernels(compileKernels(), work), lz4Reference(work)]

/** What a kernel makes of bytes: null where it refuses them. Checks that it wrote nowhere else. */
function unpacked(kernel: Lz4Kernels, packed: Uint8Array, targetBytes: number): Uint8Array | null {
  const account = new MemoryAccount(work, 8 * 2 ** 20)
  const before = account.u8(256).fill(7)
  const source = account.u8(packed.length)
  source.set(packed)
  const target = account.u8(targetBytes + 512).fill(7)
  const isDone = kernel.unpackLz4(source.byteOffset, packed.length, target.byteOffset, targetBytes) === 1
  expect(before.every((byte) => byte === 7)).toBe(true)
  expect(target.subarray(targetBytes + SLACK_BYTES).every((byte) => byte === 7)).toBe(true)
  expect([...source]).toEqual([...packed])
  const answer = isDone ? target.slice(0, targetBytes) : null
  account.releaseAll()
  return answer
}

const text = fc.array(fc.oneof(fc.constantFrom('{"tier":"', 'pro', '","n":', 'aaaa', 'ab', ' '),
  fc.nat(99999).map(String), fc.string({ maxLength: 40 })), { maxLength: 200 }).map((parts) => Buffer.from(parts.join('')))
const repeats = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(3000))
  .map(([piece, bytes]) => Buffer.alloc(bytes, piece))

it('unpacks what the library packed', () => {
  fc.assert(fc.property(fc.oneof(text, repeats, fc.uint8Array({ maxLength: 700 }).map((bytes) => Buffer.from(bytes))), (plain) => {
    const packed = compressSync(plain).subarray(4) // the length comes first
    for (const kernel of kernels) {
      expect(Buffer.from(unpacked(kernel, packed, plain.length) ?? []).equals(plain)).toBe(true)
      expect(unpacked(kernel, packed, plain.length + 1)).toBeNull()
      if (plain.length > 0) expect(unpacked(kernel, packed, plain.length - 1)).toBeNull()
    }
  }))
})

it('stays within its buffers and agrees with the reference on any bytes', () => {
  const token = fc.constantFrom(0x00, 0x0f, 0xf0, 0xff, 0x11, 0x40, 0x1f)
  const bytes = fc.array(fc.oneof(token, fc.nat(255), fc.constantFrom(255, 0, 1)), { maxLength: 80 })
  fc.assert(fc.property(bytes, fc.nat(300), (list, targetBytes) => {
    const [compiled, plain] = kernels.map((kernel) => unpacked(kernel, Uint8Array.from(list), targetBytes))
    expect(compiled).toEqual(plain)
  }), { numRuns: 2000 })
})

it('refuses a block of which any byte was cut off', () => {
  const plain = Buffer.from('{"tier":"pro","duration":42}'.repeat(20))
  const packed = compressSync(plain).subarray(4)
  for (let length = 0; length < packed.length; length++) {
    for (const kernel of kernels) expect(unpacked(kernel, packed.subarray(0, length), plain.length)).toBeNull()
  }
})
