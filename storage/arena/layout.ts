// Where what lies in the arena's control buffer, and the sizes of small cells.
//
//   i32 words: | lock | pages | pages a buffer | hint | 0 * 4 |
//              | of each of two accounts: pages used | budget pages | first slab with free cells, of each class ... |
//              | runs: one word a page ... | slabs: SLAB_WORDS words a page ... |
//
// The pages of each buffer are cut into runs without gaps. The first and the last page of a run hold
// its length: n when it is free, -n when it is taken; what stands in between means nothing. So a
// search hops from run to run, and a freed run finds free neighbours on both sides.
//
// A slab is a taken run that is cut into cells of one class:
//   | first page of the slab | class + 1 | free cells | next slab | previous slab | hint | bitmap * 32 |
// on its first page (the first word on all of its pages). A bit is set while its cell is taken.

export const PAGE_BYTES = 65536
export const LOCK = 0
export const PAGE_COUNT = 1
export const PAGES_A_BUFFER = 2
/** Every page below it is taken. */
export const HINT = 3
const ACCOUNTS = 8
/** Arenas that can share the pages. */
export const ACCOUNTS_MAX = 2
/** Words of an account, from its first one on. */
export const PAGES_USED = 0
export const PAGES_BUDGET = 1
export const LISTS = 2

const CELL_BYTES_MIN = 64
/** Four classes a doubling, 64 bytes to 56 KiB: a cell is at most a quarter larger than asked. */
export const CLASS_BYTES: readonly number[] = Array.from({ length: 40 }, (_, index) =>
  CELL_BYTES_MIN * 2 ** Math.floor(index / 4) * (1 + (index % 4) / 4))
/** Pages of a slab of each class: the fewest that leave at most a sixteenth over. */
export const CLASS_PAGES: readonly number[] = CLASS_BYTES.map((cell) => {
  const isSnug = (pages: number) => (pages * PAGE_BYTES) % cell <= pages * PAGE_BYTES / 16
  return [1, 2, 3, 4, 5, 6, 7].find(isSnug) as number
})

const ACCOUNT_WORDS = LISTS + CLASS_BYTES.length
/** First word of an account. */
export const accountAt = (index: number): number => ACCOUNTS + index * ACCOUNT_WORDS

export const RUNS = ACCOUNTS + ACCOUNTS_MAX * ACCOUNT_WORDS
export const SLAB_OF = 0
export const SLAB_CLASS = 1
export const SLAB_FREE = 2
export const SLAB_NEXT = 3
export const SLAB_PREVIOUS = 4
/** First word of the bitmap that may have a free cell. */
export const SLAB_HINT = 5
export const SLAB_BITMAP = 8
/** 1024 cells of 64 bytes in a page: 32 words. */
export const SLAB_WORDS = SLAB_BITMAP + 32

/** The smallest class that holds `bytes`, -1: a run of pages. */
export function classOf(bytes: number): number {
  if (bytes <= CELL_BYTES_MIN) return 0
  if (bytes > CLASS_BYTES[CLASS_BYTES.length - 1]) return -1
  const shift = 31 - Math.clz32(bytes - 1)
  const step = 1 << shift - 2
  return (shift - 6) * 4 + Math.ceil((bytes - (1 << shift)) / step)
}

/** A control buffer in which all pages are free but the first: address 0 is never valid. `pagesBudgets`: of
 * each account. */
export function makeControl(
  bufferCount: number, pagesABuffer: number, pagesBudgets: readonly number[],
): SharedArrayBuffer {
  const pages = bufferCount * pagesABuffer
  const control = new SharedArrayBuffer((RUNS + pages + pages * SLAB_WORDS) * 4)
  const words = new Int32Array(control)
  words[PAGE_COUNT] = pages
  words[PAGES_A_BUFFER] = pagesABuffer
  for (const [index, budget] of pagesBudgets.entries()) words[accountAt(index) + PAGES_BUDGET] = budget
  words[HINT] = 1
  words[RUNS] = -1
  for (let index = 0; index < bufferCount; index++) {
    const first = index === 0 ? 1 : index * pagesABuffer
    const count = (index + 1) * pagesABuffer - first
    words[RUNS + first] = count
    words[RUNS + first + count - 1] = count
  }
  return control
}
