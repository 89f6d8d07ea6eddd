// The rows of WITH RECURSIVE: the base once, then the step over what came last, each a run of its own in
// this worker, until a step gives no rows.
// Invariant: rows are kept in the query's account; what a step needed besides goes with it.

import type { Block } from '../../storage/column/vector.ts'
import { QueryError, type PlanNode, type TypedPlan } from '../plan/plan.ts'

type Recursion = TypedPlan['recursions'][number]

/** All rows. `run`: the rows of a plan, `working` in place of the table under definition. */
export function recursionRows(
  { base, step, depthMax }: Recursion, run: (plan: PlanNode, working: readonly Block[]) => readonly Block[],
): readonly Block[] {
  let working = run(base, [])
  const all = [...working]
  for (let depth = 1; working.length > 0; depth++) {
    if (depth > depthMax) {
      throw new QueryError(`WITH RECURSIVE took more than ${depthMax} steps: does it end? The limit is the `
        + 'setting max_recursive_cte_evaluation_depth', null, 'TOO_DEEP_RECURSION')
    }
    working = run(step, working)
    all.push(...working)
  }
  return all
}
