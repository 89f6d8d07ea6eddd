// Maps from local to shared codes, copied from shared memory to where kernels can reach them: a block
// is unpacked and mapped in one pass. Copies are kept while blocks of the same row sets come.
//
// Invariant: a copy begins with its map, which never changes, and goes on with zeros to twice a power
// of two: codes of so many bits, from any code of the map on, cannot reach beyond it.

import type { CodeMap } from '../../../storage/part/row-set.ts'
import { SLACK_BYTES, type MemoryAccount } from '../../../storage/kernels/work-memory.ts'

/** Words of all copies, above which they are dropped. */
const WORDS_MAX = 1 << 21
/** A map is copied once so many rows have come for so many of its words. */
const WORDS_A_ROW = 8

type Near = { rows: number; copy: CodeMap | null }

export class NearMaps {
  private readonly account: MemoryAccount
  /** Made for the first block: a query that gathers its rows has none. */
  private made: Map<CodeMap, Near> | null = null
  private words = 0

  /** `account` holds the copies. */
  constructor(account: MemoryAccount) {
    this.account = account
  }

  /** The map for the next `rowCount` rows, in work memory where they pay for it. */
  of(map: CodeMap | null, rowCount: number): CodeMap | null {
    if (map === null) return null
    const maps = this.made ??= new Map()
    let near = maps.get(map)
    if (near === undefined) maps.set(map, near = { rows: 0, copy: null })
    near.rows += rowCount
    if (near.copy === null && map.toShared.length <= near.rows * WORDS_A_ROW) near.copy = this.copyOf(map)
    return near.copy ?? map
  }

  private copyOf({ dictionary, toShared }: CodeMap): CodeMap {
    const length = 1 << 33 - Math.clz32(toShared.length) // a power would be a double to V8, and all counts with it
    if (this.words + length > WORDS_MAX) this.clear()
    // What lies behind a cell's bytes is the cell's, too: asked for all words, it would be twice as large.
    const { buffer, byteOffset } = this.account.u32(Math.max(1, length - SLACK_BYTES / 4))
    const copy = new Uint32Array(buffer, byteOffset, length)
    copy.set(toShared)
    copy.fill(0, toShared.length)
    this.words += length
    return { dictionary, toShared: copy }
  }

  private clear(): void {
    for (const near of this.made?.values() ?? []) {
      if (near.copy !== null) this.account.free(near.copy.toShared.byteOffset)
      near.copy = null
    }
    this.words = 0
  }
}
