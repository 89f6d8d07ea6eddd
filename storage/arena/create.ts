// Makes an arena: once, on the main thread. Untouched pages cost nothing, so buffers are whole GiBs.

import type { Arena } from './arena.ts'
import { HINT, PAGES_A_BUFFER, PAGES_BUDGET, PAGE_BYTES, PAGE_COUNT, PAGE_TABLE } from './layout.ts'
import { SharedArena } from './shared-arena.ts'

const BUFFER_BYTES = 2 ** 30

/** An arena that hands out at most `budgetBytes`. `bufferBytes` is a multiple of 64 KiB. */
export function createArena(options: { budgetBytes: number; bufferBytes?: number }): Arena {
  const bufferBytes = options.bufferBytes ?? BUFFER_BYTES
  // A run does not cross buffers: one more than the budget needs leaves room for what is lost there.
  const count = Math.ceil(options.budgetBytes / bufferBytes) + 1
  const pagesABuffer = bufferBytes / PAGE_BYTES
  const pages = count * pagesABuffer
  const control = new SharedArrayBuffer((PAGE_TABLE + pages * 2) * 4)
  const words = new Int32Array(control)
  words[PAGE_COUNT] = pages
  words[PAGES_A_BUFFER] = pagesABuffer
  words[PAGES_BUDGET] = Math.floor(options.budgetBytes / PAGE_BYTES)
  words[HINT] = 1
  const buffers = Array.from({ length: count }, () => new SharedArrayBuffer(bufferBytes))
  return new SharedArena({ control, buffers })
}
