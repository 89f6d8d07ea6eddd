import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packedBytesMax, packWords, unpackWords } from './packed-words.ts'

const word = fc.oneof(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 127, 128, 2 ** 28 - 1, 2 ** 28, 2 ** 32 - 1))

it('gives the words of each row back, which no other words have as their bytes', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 4 }).chain((words) => fc.array(fc.array(word, { minLength: words, maxLength: words }), { minLength: 1 })), (rows) => {
    const words = rows[0].map((_, w) => Uint32Array.from(rows, (row) => row[w]))
    const bytes = new Uint8Array(packedBytesMax(rows.length, words.length))
    const offsets = new Uint32Array(rows.length + 1)
    packWords(words, rows.length, bytes, offsets)
    expect(offsets[rows.length]).toBeLessThanOrEqual(bytes.length)
    const back = words.map(() => new Uint32Array(rows.length))
    for (let row = 0; row < rows.length; row++) unpackWords(bytes, offsets[row], row, back)
    expect(back).toEqual(words)
    const texts = rows.map((_, row) => Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString('hex'))
    expect(new Set(texts).size).toBe(new Set(rows.map(String)).size)
  }))
})
