import { expect, it } from 'vitest'
import { holdsByte } from './find-byte.ts'

it('finds a byte in ordinary, shared and WebAssembly memory, and none outside of what it is given', () => {
  for (const buffer of [new ArrayBuffer(300), new SharedArrayBuffer(300), new WebAssembly.Memory({ initial: 1, maximum: 1 }).buffer]) {
    const all = new Uint8Array(buffer, 0, 300).fill(1)
    all[0] = all[299] = 2
    const inner = all.subarray(1, 299)
    expect(holdsByte(all, 2)).toBe(true)
    expect(holdsByte(inner, 2)).toBe(false)
    for (const at of [0, 17, 297]) {
      inner[at] = 0
      expect(holdsByte(inner, 0)).toBe(true)
      inner[at] = 1
    }
    expect(holdsByte(inner.subarray(0, 0), 1)).toBe(false)
  }
})
