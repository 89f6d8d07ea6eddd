// Memory for bodies that are on their way: in the arena, where the workers that parse them read them, so that they
// are copied once.

import type { Arena } from '../../storage/arena/arena.ts'
import type { BodyMemory } from './engine.ts'

/** How the chunks of a body come into its room. */
export { copyBytes } from '../../storage/bytes/copy-bytes.ts'

/** Of the memory for rows: who sends slowly, or nothing any more, keeps no more of it from others. */
const ROOM_SHARE = 1 / 8
const ROOM_BYTES_MAX = 64 * 2 ** 20

/** Rooms in an arena, as many bytes of them at a time as others can spare. */
export class BodyRoom implements BodyMemory {
  private readonly arena: Arena
  private readonly bytesMax: number
  private usedBytes = 0

  constructor(arena: Arena) {
    this.arena = arena
    this.bytesMax = Math.min(ROOM_BYTES_MAX, arena.budgetBytes * ROOM_SHARE)
  }

  take(bytes: number): Uint8Array | null {
    if (this.usedBytes + bytes > this.bytesMax) return null
    const address = this.arena.allocate(bytes)
    if (address === 0) return null
    this.usedBytes += bytes
    return this.arena.bytes(address, bytes)
  }

  giveBack(room: Uint8Array): void {
    this.usedBytes -= room.length
    this.arena.free(this.arena.addressOf(room), room.length)
  }
}
