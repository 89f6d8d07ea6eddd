// What rows of a scan are asked, and which columns that takes: the same in every run of a plan.

import type { PlanNode, TypedExpr } from '../../plan/plan.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { columnsReadBy, conjuncts } from '../expressions/predicate.ts'

type ScanNode = Extract<PlanNode, { op: 'scan' }>

/** What rows of a scan are asked, in order; `above`: by a filter right above it. */
export const conditionsOf = (node: ScanNode, above: TypedExpr | null): readonly TypedExpr[] =>
  conditionsUnder(node)(above ?? node)

const conditionsUnder = perPlan((node: ScanNode) => perPlan((above: TypedExpr | ScanNode): readonly TypedExpr[] =>
  [...conjuncts(node.tokenFilter), ...conjuncts(node.filter), ...above === node ? [] : conjuncts(above as TypedExpr)]))

/** Columns read after the last condition, those that each condition leaves to be read, and all that are. */
type Needed = {
  readonly output: readonly number[]; readonly after: readonly ReadonlySet<number>[]; readonly read: readonly number[]
}

export const neededOf = perPlan((conditions: readonly TypedExpr[]) => perPlan((columns: ReadonlySet<number>): Needed => {
  const needed = [columns]
  for (const expr of [...conditions].reverse()) needed.unshift(new Set([...needed[0], ...columnsReadBy(expr)]))
  const output = [...columns].sort((a, b) => a - b)
  return { output, after: needed.slice(1), read: [...new Set([...output, ...conditions.flatMap(columnsReadBy)])] }
}))
