// Runs of pages: first fit from the lowest page that may be free, merged with free neighbours when
// they come back. `account`: first word of the one that pays for them (layout.ts). Call everything here under
// the arena's lock.
// Invariant: the runs of a buffer cover its pages without gaps (layout.ts), and none crosses buffers.

import { HINT, PAGES_A_BUFFER, PAGES_BUDGET, PAGES_USED, PAGE_COUNT, RUNS } from './layout.ts'

/** First page of `count` pages that are taken from now on; 0: no such run, or over the budget. */
export function takeRun(control: Int32Array, account: number, count: number): number {
  if (control[account + PAGES_USED] + count > control[account + PAGES_BUDGET]) return 0
  const first = findRun(control, count)
  if (first === 0) return 0
  const free = control[RUNS + first]
  setRun(control, first, -count)
  if (free > count) setRun(control, first + count, free - count)
  control[account + PAGES_USED] += count
  if (first === control[HINT]) control[HINT] = first + count
  return first
}

/** Returns a taken run; `count` is its length. */
export function giveRun(control: Int32Array, account: number, page: number, count: number): void {
  const aBuffer = control[PAGES_A_BUFFER]
  let first = page
  let end = page + count
  control[account + PAGES_USED] -= count
  if (first % aBuffer !== 0 && control[RUNS + first - 1] > 0) first -= control[RUNS + first - 1]
  if (end % aBuffer !== 0 && control[RUNS + end] > 0) end += control[RUNS + end]
  setRun(control, first, end - first)
  if (first < control[HINT]) control[HINT] = first
}

/** Writes a run's length (negative: taken) on both of its ends. */
function setRun(control: Int32Array, first: number, length: number): void {
  control[RUNS + first] = length
  control[RUNS + first + Math.abs(length) - 1] = length
}

function findRun(control: Int32Array, count: number): number {
  const pages = control[PAGE_COUNT]
  let isFirstFree = true
  for (let page = control[HINT]; page < pages;) {
    const length = control[RUNS + page]
    if (length > 0) {
      if (isFirstFree) control[HINT] = page
      isFirstFree = false
      if (length >= count) return page
      page += length
    } else page -= length
  }
  return 0
}
