// What rows are made by: what SQL compares columns with, a source of chance, and a clock.

import type { Hints } from './texts.ts'

/** A source of numbers in [0, 1). */
export type Random = () => number

export type RowMaker = {
  readonly hints: Hints
  readonly random: Random
  /** Seconds since 1970 that count as now. */
  readonly nowSeconds: number
}
