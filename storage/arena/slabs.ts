// Small pieces: cells of one size carved from a slab, which is a short run of pages. A slab whose last
// cell comes back returns its pages at once. Call everything here under the arena's lock.
// Invariant: the list of a class holds exactly its slabs that have a free cell.

import {
  CLASS_BYTES, CLASS_PAGES, LISTS, PAGE_BYTES, PAGE_COUNT, RUNS, SLAB_BITMAP, SLAB_CLASS, SLAB_FREE,
  SLAB_HINT, SLAB_NEXT, SLAB_OF, SLAB_PREVIOUS, SLAB_WORDS,
} from './layout.ts'
import { giveRun, takeRun } from './pages.ts'

/** Address of a cell of a class; 0: no room. */
export function takeCell(control: Int32Array, account: number, size: number): number {
  const slab = control[account + LISTS + size] || makeSlab(control, account, size)
  if (slab === 0) return 0
  const at = slabWord(control, slab)
  const cell = takeBit(control, at)
  if (--control[at + SLAB_FREE] === 0) unlink(control, account, slab, size)
  return slab * PAGE_BYTES + cell * CLASS_BYTES[size]
}

/** Returns a cell; false when no such cell was handed out. */
export function giveCell(control: Int32Array, account: number, address: number, size: number): boolean {
  const page = Math.floor(address / PAGE_BYTES)
  const slab = control[slabWord(control, page) + SLAB_OF]
  const at = slabWord(control, slab)
  if (slab === 0 || control[at + SLAB_CLASS] !== size + 1) return false
  const cell = (address - slab * PAGE_BYTES) / CLASS_BYTES[size]
  const word = at + SLAB_BITMAP + (cell >>> 5)
  const bit = 1 << (cell & 31)
  if (!Number.isInteger(cell) || (control[word] & bit) === 0) return false
  control[word] &= ~bit
  control[at + SLAB_HINT] = Math.min(control[at + SLAB_HINT], cell >>> 5)
  if (++control[at + SLAB_FREE] === 1) link(control, account, slab, size)
  if (control[at + SLAB_FREE] === cellsOf(size)) dropSlab(control, account, slab, size)
  return true
}

/** True when a page belongs to a slab. */
export const isSlabPage = (control: Int32Array, page: number): boolean =>
  control[slabWord(control, page) + SLAB_OF] !== 0

const cellsOf = (size: number): number => Math.floor(CLASS_PAGES[size] * PAGE_BYTES / CLASS_BYTES[size])

const slabWord = (control: Int32Array, page: number): number =>
  RUNS + control[PAGE_COUNT] + page * SLAB_WORDS

function makeSlab(control: Int32Array, account: number, size: number): number {
  const slab = takeRun(control, account, CLASS_PAGES[size])
  if (slab === 0) return 0
  for (let page = slab; page < slab + CLASS_PAGES[size]; page++) {
    control[slabWord(control, page) + SLAB_OF] = slab
  }
  const at = slabWord(control, slab)
  control[at + SLAB_CLASS] = size + 1
  control[at + SLAB_FREE] = cellsOf(size)
  control[at + SLAB_HINT] = 0
  link(control, account, slab, size)
  return slab
}

function dropSlab(control: Int32Array, account: number, slab: number, size: number): void {
  unlink(control, account, slab, size)
  for (let page = slab; page < slab + CLASS_PAGES[size]; page++) {
    control[slabWord(control, page) + SLAB_OF] = 0
  }
  giveRun(control, account, slab, CLASS_PAGES[size])
}

/** Sets the lowest clear bit of a slab that has a free cell; answers its number. */
function takeBit(control: Int32Array, at: number): number {
  let word = control[at + SLAB_HINT]
  while (control[at + SLAB_BITMAP + word] === -1) word++
  control[at + SLAB_HINT] = word
  const free = ~control[at + SLAB_BITMAP + word]
  const bit = 31 - Math.clz32(free & -free)
  control[at + SLAB_BITMAP + word] |= 1 << bit
  return word * 32 + bit
}

function link(control: Int32Array, account: number, slab: number, size: number): void {
  const head = control[account + LISTS + size]
  const at = slabWord(control, slab)
  control[at + SLAB_NEXT] = head
  control[at + SLAB_PREVIOUS] = 0
  if (head !== 0) control[slabWord(control, head) + SLAB_PREVIOUS] = slab
  control[account + LISTS + size] = slab
}

function unlink(control: Int32Array, account: number, slab: number, size: number): void {
  const at = slabWord(control, slab)
  const next = control[at + SLAB_NEXT]
  const previous = control[at + SLAB_PREVIOUS]
  if (previous === 0) control[account + LISTS + size] = next
  else control[slabWord(control, previous) + SLAB_NEXT] = next
  if (next !== 0) control[slabWord(control, next) + SLAB_PREVIOUS] = previous
}
