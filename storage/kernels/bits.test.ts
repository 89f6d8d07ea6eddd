import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bitsAt, bitsReference } from './bits.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = bitsReference(work)

const packed = fc.tuple(fc.integer({ min: 1, max: 32 }), fc.uint8Array({ minLength: 8, maxLength: 300 }))

it('unpacks as the reference does, at every width', () => {
  fc.assert(fc.property(packed, ([width, bytes]) => {
    const account = new MemoryAccount(work, 2 ** 20)
    const count = Math.floor(bytes.length * 8 / width)
    const source = account.u8(bytes.length)
    source.set(bytes)
    const [a, b] = [account.u32(count), account.u32(count)]
    compiled.unpackBits(source.byteOffset, width, count, a.byteOffset)
    reference.unpackBits(source.byteOffset, width, count, b.byteOffset)
    expect([...a]).toEqual([...b])
    expect([...a]).toEqual(Array.from({ length: count }, (_, index) => bitsAt(bytes, 0, width, index)))
    account.releaseAll()
  }))
})

it('maps each number as the reference does', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 10 }), fc.uint8Array({ minLength: 8, maxLength: 100 }), (width, bytes) => {
    const account = new MemoryAccount(work, 2 ** 20)
    const count = Math.floor(bytes.length * 8 / width)
    const source = account.u8(bytes.length)
    source.set(bytes)
    const map = account.u32(2 ** width)
    for (let index = 0; index < map.length; index++) map[index] = Math.imul(index + 1, 2654435761) >>> 0
    const [a, b] = [account.u32(count), account.u32(count)]
    compiled.unpackBitsMapped(source.byteOffset, width, count, map.byteOffset, a.byteOffset)
    reference.unpackBitsMapped(source.byteOffset, width, count, map.byteOffset, b.byteOffset)
    expect([...a]).toEqual([...b])
    account.releaseAll()
  }))
})
