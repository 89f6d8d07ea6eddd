// Memory of the data arena that one worker has taken for the states of a query (shared-groups.ts).
// Invariant: every cell is freed once: here, or by the coordinator that it was handed to.

import type { Arena } from '../../storage/arena/arena.ts'
import type { Chunk, SharedStates } from '../exec/runtime/shared-states.ts'

/** What queries leave of the arena to inserts. */
const ARENA_SHARE = 3 / 4
/** Groups of one worker from which on they are shared out: with fewer, one table and one merge cost less. */
const SHARE_FROM = 2 ** 17
/** Groups that lie in tables of parts: all of them together should stay in the processor's cache. */
const FLUSH_FROM = 2 ** 18
/** Rows of a worker from which on the partitions of its windows are shared out: it costs some 20 ns a row, and each
 * worker has code of its own to compile for it. */
const WINDOWS_FROM = 2 ** 17

export class SharedCells implements SharedStates {
  readonly shareFrom = SHARE_FROM
  readonly flushFrom = FLUSH_FROM
  readonly windowsFrom: number
  private readonly arena: Arena
  private readonly cells: Chunk[] = []

  /** `hasPeers`: there is anyone to share windows with. */
  constructor(arena: Arena, hasPeers: boolean) {
    this.arena = arena
    this.windowsFrom = hasPeers ? WINDOWS_FROM : Number.POSITIVE_INFINITY
  }

  readonly allocate = (bytes: number, isLast: boolean): Chunk | null => {
    const { arena } = this
    if (!isLast && arena.usedBytes + bytes > arena.budgetBytes * ARENA_SHARE) return null
    const address = arena.allocate(bytes)
    if (address === 0) return null
    const cell = { address, bytes }
    this.cells.push(cell)
    return cell
  }

  readonly bytes = ({ address, bytes }: Chunk): Uint8Array => this.arena.bytes(address, bytes)

  /** All cells, the receiver's to free. */
  take(): Chunk[] { return this.cells.splice(0) }

  free(): void {
    for (const { address, bytes } of this.take()) this.arena.free(address, bytes)
  }
}
