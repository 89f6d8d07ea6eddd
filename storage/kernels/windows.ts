// Partitions of window functions, the parts that these are shared out to, and the rows that lag and lead choose: the
// references of windows.as.ts.

import type { KernelMemory } from './kernel-memory.ts'

export type WindowKernels = {
  /** Sets marks[i] (u8) where words[rows[i]] (u32) is not words[rows[i - 1]], and marks[0]; other marks stay. */
  readonly markChanges: (words: number, rows: number, count: number, marks: number) => void
  /** The numbers of marks that are 1 (others are 0), and behind them `count`, into `target` (u32, count + 1 of them).
   * Answers how many. */
  readonly markedRows: (marks: number, count: number, target: number) => number
  /** For each row of `runs` runs (starts[i] up to starts[i + 1], all u32, from 0) the row `shift` behind it in the same
   * run, into `target` (u32); where there is none 0xffffffff or, with `isOwn`, the row itself. */
  readonly shiftedRows: (starts: number, runs: number, shift: number, isOwn: number, target: number) => void
  /** Mixes the samples of a column into the hashes of rows; all u32. */
  readonly mixSamples: (samples: number, count: number, hashes: number) => void
  /** Rows in the order of the 2^bits parts (bits from 1 on) that their hashes belong to, stable, and where each part
   * begins, and the end; all u32. */
  readonly rowsByPart: (hashes: number, bits: number, count: number, starts: number, rows: number) => void
}

export function windowsReference({ u8, u32 }: KernelMemory): WindowKernels {
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
    mixSamples(samples, count, hashes) {
      for (let i = 0; i < count; i++) {
        const hash = u32[hashes / 4 + i]
        u32[hashes / 4 + i] = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) ^ u32[samples / 4 + i]
      }
    },
    rowsByPart(hashes, bits, count, starts, rows) {
      const partOf = (row: number) => Math.imul(u32[hashes / 4 + row], 0x9e3779b1) >>> (32 - bits)
      const all = Array.from({ length: 2 ** bits }, (): number[] => [])
      for (let row = 0; row < count; row++) all[partOf(row)].push(row)
      let end = 0
      all.forEach((part, p) => {
        u32[starts / 4 + p] = end
        u32.set(part, rows / 4 + end)
        end += part.length
      })
      u32[starts / 4 + all.length] = end
    },
  }
}
