import { expect, it } from 'vitest'
import { areAllDeleted, isDeleted, onlyRows } from './delete-mask.ts'

it('keeps the rows of a piece that no delete took out, and says which stretches have none', () => {
  const rowCount = 61
  const gone = new Uint8Array(8)
  for (let row = 0; row < rowCount; row += 3) gone[row >> 3] |= 1 << (row & 7)
  for (const bits of [null, gone]) {
    for (let from = 0; from < rowCount; from += 3) {
      for (let to = from + 1; to <= rowCount; to += 4) {
        const piece = onlyRows(bits, rowCount, { from, to })
        const expected = Array.from({ length: rowCount }, (_, row) => row < from || row >= to || (bits !== null && row % 3 === 0))
        expect(expected.map((_, row) => isDeleted(piece, row))).toEqual(expected)
        for (const [first, end] of [[0, rowCount], [8, 32], [16, 21], [56, rowCount]]) {
          expect(areAllDeleted(piece, first, end)).toBe(expected.slice(first, end).every(Boolean))
        }
      }
    }
  }
})
