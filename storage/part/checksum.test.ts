import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crc32c } from '../bytes/crc32c.ts'
import { loadKernels } from '../kernels/load.ts'
import { WorkMemory } from '../kernels/work-memory.ts'
import { checksumOfCopy } from './checksum.ts'

const work = new WorkMemory(4 * 2 ** 20)
const kernels = loadKernels(work)

it('is the checksum of bytes of any length that lie anywhere, and holds no memory', () => {
  const length = fc.oneof(fc.nat(6000), fc.nat(300_000), fc.constantFrom(65_536, 65_537, 67_576, 131_072))
  fc.assert(fc.property(length, fc.nat(7), fc.nat(255), fc.boolean(), (count, from, seed, isShared) => {
    const all = new Uint8Array(isShared ? new SharedArrayBuffer(count + from) : new ArrayBuffer(count + from))
    for (let at = 0; at < all.length; at++) all[at] = Math.imul(at + seed, 2654435761) >>> 24
    const bytes = all.subarray(from)
    expect(checksumOfCopy(bytes, work, kernels)).toBe(crc32c(bytes))
    expect(work.usedBytes).toBe(0)
  }))
})
