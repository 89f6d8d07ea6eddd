// The candidates of one probing block: pairs of a probing row and a built row with equal keys, in
// pieces of at most a block's rows. With several alternatives of ON each has its pairs in turn.
// Invariant: its arrays lie in the query's account; free() returns them.

import { BLOCK_ROWS_MAX } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { MISSING } from '../keys/group-table.ts'
import type { JoinTable } from './join-table.ts'

/** Views: valid until the next call. */
export type PairPiece = {
  readonly probe: Uint32Array; readonly built: Uint32Array; readonly count: number
  readonly alternative: number
}

export class JoinPairs {
  /** All pairs. */
  readonly count: number
  private readonly table: JoinTable
  private readonly groups: readonly Uint32Array[]
  private readonly rowCount: number
  private readonly account: MemoryAccount
  private readonly probe: Uint32Array
  private readonly built: Uint32Array
  private readonly spare: Uint32Array
  private alternative = 0
  private row = 0
  /** Pairs of `row` that were handed out. */
  private taken = 0

  constructor(
    table: JoinTable, groups: readonly Uint32Array[], rowCount: number, account: MemoryAccount,
  ) {
    this.table = table
    this.rowCount = rowCount
    this.account = account
    this.groups = groups.map((list) => {
      const copy = account.u32(Math.max(1, rowCount))
      copy.set(list)
      return copy
    })
    this.count = this.groups.reduce((sum, list, a) => sum + this.pairsOf(list, a), 0)
    this.probe = account.u32(BLOCK_ROWS_MAX)
    this.built = account.u32(BLOCK_ROWS_MAX)
    this.spare = account.u32(BLOCK_ROWS_MAX)
  }

  private pairsOf(groups: Uint32Array, alternative: number): number {
    const { starts } = this.table.indexes[alternative]
    let count = 0
    for (let row = 0; row < this.rowCount; row++) {
      const group = groups[row]
      if (group !== MISSING) count += starts[group + 1] - starts[group]
    }
    return count
  }

  /** The next piece, of one alternative; null: there are no more. */
  next(): PairPiece | null {
    for (; this.alternative < this.groups.length; this.alternative++) {
      const count = this.fill(this.groups[this.alternative], this.alternative)
      if (count > 0) return { probe: this.probe, built: this.built, count, alternative: this.alternative }
      this.row = 0
      this.taken = 0
    }
    return null
  }

  private fill(groups: Uint32Array, alternative: number): number {
    const { starts, rows } = this.table.indexes[alternative]
    const { probe, built } = this
    let count = 0
    while (this.row < this.rowCount && count < BLOCK_ROWS_MAX) {
      const group = groups[this.row]
      if (group !== MISSING) {
        const from = starts[group] + this.taken
        const to = Math.min(starts[group + 1], from + BLOCK_ROWS_MAX - count)
        for (let at = from; at < to; at++) {
          probe[count] = this.row
          built[count++] = rows[at]
        }
        if (to < starts[group + 1]) {
          this.taken += to - from
          return count
        }
      }
      this.row++
      this.taken = 0
    }
    return count
  }

  /** A copy of row numbers that outlives the scratch memory: valid until the next call. */
  keep(rows: Uint32Array): Uint32Array {
    this.spare.set(rows)
    return this.spare.subarray(0, rows.length)
  }

  free(): void {
    for (const array of [...this.groups, this.probe, this.built, this.spare]) {
      this.account.free(array.byteOffset)
    }
  }
}
