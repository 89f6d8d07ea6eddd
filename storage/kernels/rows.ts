// Rows picked by number: what flush, merge and dictionaries move. The references of rows.as.ts.
//
// Invariant: kernels may read and write 16 bytes past a run of bytes; the slack of a cell covers that.

import type { KernelMemory } from './kernel-memory.ts'

export type RowKernels = {
  /** target[i] = values[rows[i]] for i < count; all u32. `rows` and `target` may be one. */
  readonly takeWords: (values: number, rows: number, count: number, target: number) => void
  /** The same of values of 8 bytes, whatever they mean. */
  readonly takeDoubles: (values: number, rows: number, count: number, target: number) => void
  /** The same of values of 16 bytes. */
  readonly takeUuids: (values: number, rows: number, count: number, target: number) => void
  /** Offsets (u32 at `target`, count + 1 of them, from 0) of the strings that `rows` names, end to
   * end. Answers their bytes. */
  readonly takeLengths: (offsets: number, rows: number, count: number, target: number) => number
  /** The bytes of those strings, to where takeLengths() has placed them. */
  readonly takeStrings: (
    offsets: number, bytes: number, rows: number, count: number, targetOffsets: number, target: number,
  ) => void
  /** Renumbers codes below `size` to those that occur, in their order. `kept` (u32, size) gets which
   * those are; answers how many. `scratch` has 4 bytes a code below `size`. */
  readonly keepUsed: (codes: number, count: number, size: number, kept: number, scratch: number) => number
  /** Sorts `rows` by their values (u32 below 2^bits, by row), stable. `pairs` and `sparePairs` have 8
   * bytes a row, `counts` SORT_COUNTS_BYTES. */
  readonly sortRows: (
    values: number, bits: number, rows: number, count: number, pairs: number, sparePairs: number,
    counts: number) => void
}

/** Scratch of sortRows: digits of 11 bits are counted. */
export const SORT_COUNTS_BYTES = 4 << 11

export function rowsReference(work: KernelMemory): RowKernels {
  const { u8, u32 } = work
  return {
    takeWords(values, rows, count, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = u32[values / 4 + u32[rows / 4 + i]]
    },
    takeDoubles(values, rows, count, target) {
      for (let i = 0; i < count; i++) {
        const from = values / 4 + u32[rows / 4 + i] * 2
        u32[target / 4 + i * 2] = u32[from]
        u32[target / 4 + i * 2 + 1] = u32[from + 1]
      }
    },
    takeUuids(values, rows, count, target) {
      for (let i = 0; i < count; i++) {
        const from = values + u32[rows / 4 + i] * 16
        u8.copyWithin(target + i * 16, from, from + 16)
      }
    },
    takeLengths(offsets, rows, count, target) {
      let end = 0
      u32[target / 4] = 0
      for (let i = 0; i < count; i++) {
        const at = offsets / 4 + u32[rows / 4 + i]
        end += u32[at + 1] - u32[at]
        u32[target / 4 + i + 1] = end
      }
      return end
    },
    takeStrings(offsets, bytes, rows, count, targetOffsets, target) {
      for (let i = 0; i < count; i++) {
        const at = offsets / 4 + u32[rows / 4 + i]
        u8.copyWithin(target + u32[targetOffsets / 4 + i], bytes + u32[at], bytes + u32[at + 1])
      }
    },
    keepUsed(codes, count, size, kept, scratch) {
      const numbers = u32.subarray(scratch / 4, scratch / 4 + size).fill(0)
      for (let i = 0; i < count; i++) numbers[u32[codes / 4 + i]] = 1
      let used = 0
      for (let code = 0; code < size; code++) {
        if (numbers[code] === 0) continue
        u32[kept / 4 + used] = code
        numbers[code] = used++
      }
      for (let i = 0; i < count; i++) u32[codes / 4 + i] = numbers[u32[codes / 4 + i]]
      return used
    },
    sortRows(values, _bits, rows, count) {
      u32.subarray(rows / 4, rows / 4 + count).sort((a, b) => u32[values / 4 + a] - u32[values / 4 + b])
    },
  }
}
