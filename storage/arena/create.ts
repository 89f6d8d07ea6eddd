// Makes arenas: once, on the main thread. Untouched pages cost nothing, so buffers are whole GiBs.

import type { Arena } from './arena.ts'
import { ACCOUNTS_MAX, makeControl, PAGE_BYTES } from './layout.ts'
import { SharedArena } from './shared-arena.ts'

const BUFFER_BYTES = 2 ** 30

/** An arena that hands out at most `budgetBytes`. `bufferBytes` is a multiple of 64 KiB; `buffers` is
 * how many of them are made: by default one more than the budget needs, because a run does not cross
 * buffers and some room is lost there. */
export function createArena(
  options: { budgetBytes: number; bufferBytes?: number; buffers?: number },
): Arena {
  return createArenas([options.budgetBytes], options)[0]
}

/** Arenas over the same pages, each with a budget of its own, which the others cannot take: pages that one has
 * given up are the next of any, so that what the process holds is what they have together at a time. */
export function createArenas(
  budgets: readonly number[], options: { bufferBytes?: number; buffers?: number } = {},
): Arena[] {
  const { bufferBytes = BUFFER_BYTES } = options
  if (bufferBytes % PAGE_BYTES !== 0) {
    throw new Error(`arena: a buffer of ${bufferBytes} bytes is not whole pages of ${PAGE_BYTES}`)
  }
  if (budgets.length > ACCOUNTS_MAX) throw new Error(`arena: ${budgets.length} accounts, at most ${ACCOUNTS_MAX}`)
  const count = options.buffers
    ?? budgets.reduce((sum, budgetBytes) => sum + Math.ceil(budgetBytes / bufferBytes) + 1, 0)
  const control = makeControl(count, bufferBytes / PAGE_BYTES, budgets.map((bytes) => Math.floor(bytes / PAGE_BYTES)))
  const buffers = Array.from({ length: count }, () => new SharedArrayBuffer(bufferBytes))
  return budgets.map((_, account) => new SharedArena({ control, buffers, account }))
}
