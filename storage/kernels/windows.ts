// Partitions of window functions, and the rows that lag and lead choose: the references of windows.as.ts.

import type { WorkMemory } from './work-memory.ts'

export type WindowKernels = {
  /** Sets marks[i] (u8) where words[rows[i]] (u32) is not words[rows[i - 1]], and marks[0]; other marks stay. */
  readonly markChanges: (words: number, rows: number, count: number, marks: number) => void
  /** The numbers of marks that are 1 (others are 0), and behind them `count`, into `target` (u32, count + 1 of them).
   * Answers how many. */
  readonly markedRows: (marks: number, count: number, target: number) => number
  /** For each row of `runs` runs (starts[i] up to starts[i + 1], all u32, from 0) the row `shift` behind it in the same
   * run, into `target` (u32); where there is none 0xffffffff or, with `isOwn`, the row itself. */
  readonly shiftedRows: (starts: number, runs: number, shift: number, isOwn: number, target: number) => void
}

export function windowsReference({ u8, u32 }: WorkMemory): WindowKernels {
  return {
    markChanges(words, rows, count, marks) {
      const at = (i: number) => u32[words / 4 + u32[rows / 4 + i]]
      for (let i = 0; i < count; i++) if (i === 0 || at(i) !== at(i - 1)) u8[marks + i] = 1
    },
    markedRows(marks, count, target) {
      const found = [...u8.subarray(marks, marks + count).keys()].filter((i) => u8[marks + i] === 1)
      u32.set([...found, count], target / 4)
      return found.length
    },
    shiftedRows(starts, runs, shift, isOwn, target) {
      for (let run = 0; run < runs; run++) {
        const [start, end] = u32.subarray(starts / 4 + run, starts / 4 + run + 2)
        for (let row = start; row < end; row++) {
          const other = row + shift
          u32[target / 4 + row] = other >= start && other < end ? other : isOwn !== 0 ? row : 0xffffffff
        }
      }
    },
  }
}
