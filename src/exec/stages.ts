// The order of a plan's stages: a subquery runs before whatever reads its rows.

import type { PlanNode, TypedExpr, TypedPlan } from '../plan/plan.ts'
import { QueryError } from '../plan/plan.ts'

export type Stage = {
  readonly kind: 'set' | 'scalar' | 'root'
  /** Number of the set or scalar; -1: the root. */
  readonly number: number
  readonly root: PlanNode
  /** The error of a scalar with several rows. */
  readonly tooManyRows: () => Error
}

const tooManyRows = (): Error => new QueryError(
  'Scalar subquery returned more than one row', null, 'INCORRECT_RESULT_OF_SCALAR_SUBQUERY')

/** All stages, the root last. */
export function stagesOf(plan: TypedPlan): Stage[] {
  const stages: Stage[] = []
  const done = new Set<string>()
  const addBelow = (root: PlanNode) => {
    for (const use of usesOf(root)) {
      if (done.has(use)) continue
      done.add(use)
      const [kind, text] = use.split(' ')
      const number = Number(text)
      if (kind === 'scalar') {
        addBelow(plan.scalars[number].plan)
        stages.push({ kind: 'scalar', number, root: plan.scalars[number].plan, tooManyRows })
        continue
      }
      const set = plan.sets[number]
      if (set.kind === 'list') continue
      addBelow(set.plan)
      stages.push({ kind: 'set', number, root: set.plan, tooManyRows })
    }
  }
  addBelow(plan.root)
  return [...stages, { kind: 'root', number: -1, root: plan.root, tooManyRows }]
}

/** `set 3`, `scalar 0`: what the expressions of a plan's nodes read. */
function usesOf(node: PlanNode): string[] {
  const uses: string[] = []
  const visit = (expr: TypedExpr | null): void => {
    switch (expr?.kind) {
      case 'in':
        expr.exprs.forEach(visit)
        uses.push(`set ${expr.set}`)
        break
      case 'scalar': uses.push(`scalar ${expr.scalar}`); break
      case 'call': expr.args.forEach(visit); break
      case 'lambda':
        expr.captures.forEach(visit)
        visit(expr.body)
        break
      default:
    }
  }
  const walk = (at: PlanNode): void => {
    switch (at.op) {
      case 'scan':
        visit(at.filter)
        visit(at.tokenFilter)
        at.defaults.forEach(visit)
        break
      case 'filter': visit(at.condition); break
      case 'project': at.exprs.forEach(visit); break
      case 'generate': at.args.forEach(visit); break
      default:
    }
    if ('input' in at) walk(at.input)
    if (at.op === 'union') at.inputs.forEach(walk)
  }
  walk(node)
  return uses
}
