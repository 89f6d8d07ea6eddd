// Where what lies in the arena's control buffer, and the size classes of small cells.
//
//   i32 words: | lock | pages used | pages | pages a buffer | budget pages | used lo | used hi | hint |
//              | free list head of each class (cell number + 1, 0: empty) ... |
//              | page table: one word a page ... | cells in use of each page ... |
//
// A page's word: 0 free; 1 + class for a page of cells; -n for the first of a run of n pages, -2^30
// for the others of a run.

export const PAGE_BYTES = 65536
export const LOCK = 0
export const PAGES_USED = 1
export const PAGE_COUNT = 2
export const PAGES_A_BUFFER = 3
export const PAGES_BUDGET = 4
export const HINT = 5
export const LISTS = 8

/** Bytes of the cells of each class: steps of at most a quarter up to half a page. */
export const CLASS_BYTES: readonly number[] = [
  64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1280, 1536, 2048, 2560, 3072, 4096, 5120, 6528,
  8192, 10_880, 13_056, 16_384, 21_824, 32_768,
]
export const PAGE_TABLE = LISTS + CLASS_BYTES.length
export const RUN_REST = -(2 ** 30)

/** The smallest class that holds `bytes`, -1: a run of pages. */
export function classOf(bytes: number): number {
  for (let index = 0; index < CLASS_BYTES.length; index++) if (CLASS_BYTES[index] >= bytes) return index
  return -1
}
