// The rows that window functions look at: all of them, partition after partition, in order.

import type { Vector } from '../../../storage/column/vector.ts'
import type { SortKey } from '../../plan/plan.ts'

export type Ordered = {
  readonly rowCount: number
  /** A column by number, brought into order when it is first asked for. */
  readonly column: (index: number) => Vector
  /** ORDER BY; its keys are columns by number. */
  readonly order: readonly SortKey[]
  /** Where partitions begin, and at the end the row count. */
  readonly starts: Uint32Array
  /** Where rows that ORDER BY does not tell apart begin, and at the end the row count; without ORDER BY
   * these are the partitions. Found when first asked for. */
  readonly peers: () => Uint32Array
}

/** The frame of row r is rows [from[r], to[r]). */
export type Frames = {
  readonly from: Uint32Array; readonly to: Uint32Array
  /** Every frame is its whole partition. */
  readonly isWhole: boolean
  /** Every frame begins where its partition does, and none ends before the one of the row before. */
  readonly isGrowing: boolean
}

/** Calls `use(first, end)` with the rows of each run of `starts`. */
export function eachRun(starts: Uint32Array, use: (first: number, end: number) => void): void {
  for (let i = 0; i + 1 < starts.length; i++) use(starts[i], starts[i + 1])
}

/** Fills [first, end). Runs may be of a row or two: a call of fill() would cost more. */
export function fillRun(out: Uint32Array | Float64Array, value: number, first: number, end: number): void {
  for (let row = first; row < end; row++) out[row] = value
}
