// When V8 optimizes what it has seen run. At a start the query workers each run the code of merges and of the first
// queries for a second or two, and V8's own threads compile it again and again meanwhile, with more known of it each
// time, on the cores that all wait for. Measured on two cores, a start over 210 MiB of log until the first answers of
// three endpoints: 1.6 of 6.5 s of CPU went into that; with an eighth as many occasions as V8's own all took 5.8 s, and 3.25
// instead of 3.6 s went by. Later it would only make first calls of new statements slower.
//
// Invariant: a thread that takes kept code (src/launch/program.ts) begins under the flags of src/launch/v8-tiers.ts.

import { setFlagsFromString } from 'node:v8'
import { BUDGET, IS_KNOWN } from '../launch/v8-tiers.ts'

/** Instead of BUDGET. */
const BUDGET_AT_START = 540_000
/** A start that takes longer has time enough for V8. */
const START_MS_MAX = 5000

let isDelayed = false

const setBudget = (bytes: number): void => { setFlagsFromString(`--interrupt-budget=${bytes}`) }

/** Once all threads of a start have their code: V8 optimizes later, until optimizeAsUsual(), or for some seconds. */
export function delayOptimizing(): void {
  if (isDelayed || !IS_KNOWN) return
  isDelayed = true
  setBudget(BUDGET_AT_START)
  setTimeout(optimizeAsUsual, START_MS_MAX).unref()
}

/** The start is over, or a thread is about to begin. */
export function optimizeAsUsual(): void {
  if (!isDelayed) return
  isDelayed = false
  setBudget(BUDGET)
}
