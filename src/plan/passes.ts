// The rewrite passes, in the order in which they run. Each takes a plan and gives one that yields
// the same rows at less cost; each has its test in passes.test.ts.

import { fuseLimits, pushLimits } from './limits.ts'
import type { PlanNode } from './plan.ts'
import { mergeProjects } from './projects.ts'
import { pruneColumns } from './prune.ts'
import { pushFilters } from './push-filters.ts'
import { shareSums } from './sums.ts'
import { simplifyConditions } from './conditions.ts'

export type Pass = { readonly name: string; readonly run: (root: PlanNode) => PlanNode }

export const PASSES: readonly Pass[] = [
  // WHERE of a query around goes into subqueries, and into the scan, which can skip rows by it.
  { name: 'push filters', run: pushFilters },
  // `1 = 1 AND x` as templates write it.
  { name: 'simplify conditions', run: simplifyConditions },
  { name: 'merge projects', run: mergeProjects },
  // `sum(n), sum(n + 1)`: one sum.
  { name: 'share sums', run: shareSums },
  // LIMIT below projections: only the rows that stay are computed.
  { name: 'push limits', run: pushLimits },
  // ORDER BY with LIMIT keeps the first rows only.
  { name: 'fuse limits', run: fuseLimits },
  // Columns that nothing reads are not read.
  { name: 'prune columns', run: pruneColumns },
  // What pruning made trivial.
  { name: 'merge projects again', run: mergeProjects },
]

export const runPasses = (root: PlanNode): PlanNode =>
  PASSES.reduce((node, pass) => pass.run(node), root)
