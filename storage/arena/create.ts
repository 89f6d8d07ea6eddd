// Makes an arena: once, on the main thread. Untouched pages cost nothing, so buffers are whole GiBs.

import type { Arena } from './arena.ts'
import { makeControl, PAGE_BYTES } from './layout.ts'
import { SharedArena } from './shared-arena.ts'

const BUFFER_BYTES = 2 ** 30

/** An arena that hands out at most `budgetBytes`. `bufferBytes` is a multiple of 64 KiB; `buffers` is
 * how many of them are made: by default one more than the budget needs, because a run does not cross
 * buffers and some room is lost there. */
export function createArena(
  options: { budgetBytes: number; bufferBytes?: number; buffers?: number },
): Arena {
  const { budgetBytes, bufferBytes = BUFFER_BYTES } = options
  if (bufferBytes % PAGE_BYTES !== 0) {
    throw new Error(`arena: a buffer of ${bufferBytes} bytes is not whole pages of ${PAGE_BYTES}`)
  }
  const count = options.buffers ?? Math.ceil(budgetBytes / bufferBytes) + 1
  const control = makeControl(count, bufferBytes / PAGE_BYTES, Math.floor(budgetBytes / PAGE_BYTES))
  const buffers = Array.from({ length: count }, () => new SharedArrayBuffer(bufferBytes))
  return new SharedArena({ control, buffers })
}
