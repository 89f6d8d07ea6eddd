import { expect, it } from 'vitest'
import { copyBytes } from './copy-bytes.ts'

it('copies as set() does, of any length and kind of memory, and refuses what does not fit', () => {
  const memories = [(bytes: number) => new ArrayBuffer(bytes), (bytes: number) => new SharedArrayBuffer(bytes)]
  for (const from of memories) {
    for (const to of memories) {
      for (const length of [0, 1, 4095, 4096, 4097, 100_000]) {
        const source = new Uint8Array(from(length + 3), 3)
        for (let i = 0; i < length; i++) source[i] = i * 7 + 1
        const target = new Uint8Array(to(length + 20), 5)
        copyBytes(target, 6, source)
        expect(target[5]).toBe(0)
        expect(Buffer.compare(target.subarray(6, 6 + length), source)).toBe(0)
        expect([...target.subarray(6 + length)].every((byte) => byte === 0)).toBe(true)
        expect(() => copyBytes(target, 16, source)).toThrow(RangeError)
      }
    }
  }
})
