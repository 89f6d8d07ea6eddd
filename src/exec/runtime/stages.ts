// The order of a plan's stages: a subquery, and the side of a join that becomes its table, runs before
// whatever reads its rows.

import { inputsOf } from '../../plan/nodes.ts'
import type { PlanNode, TypedExpr, TypedPlan } from '../../plan/plan.ts'
import { QueryError } from '../../plan/plan.ts'

type JoinNode = Extract<PlanNode, { op: 'join' }>

/** True where the left side of a join becomes its table (join-sides.ts). */
export type IsLeftBuilt = (join: JoinNode) => boolean

export type Stage = {
  readonly kind: 'set' | 'scalar' | 'rows' | 'built' | 'totals' | 'root'
  /** Number of the set, scalar or recursion; -1: any other. */
  readonly number: number
  readonly root: PlanNode
  /** The join whose side it is. */
  readonly join: JoinNode | null
  /** The error of a scalar with several rows. */
  readonly tooManyRows: () => Error
}

const tooManyRows = (): Error => new QueryError(
  'Scalar subquery returned more than one row', null, 'INCORRECT_RESULT_OF_SCALAR_SUBQUERY')

/** All stages, the root last. */
export function stagesOf(plan: TypedPlan, isLeftBuilt: IsLeftBuilt): readonly Stage[] {
  let hasJoins = false
  const known = fixed.get(plan)
  if (known !== undefined) return known
  const stages = orderOf(plan, (join) => {
    hasJoins = true
    return isLeftBuilt(join)
  })
  if (!hasJoins) fixed.set(plan, stages)
  return stages
}

/** Stages of plans in which no join decides them. */
const fixed = new WeakMap<TypedPlan, readonly Stage[]>()

function orderOf(plan: TypedPlan, isLeftBuilt: IsLeftBuilt): Stage[] {
  const stages: Stage[] = []
  const done = new Set<string>()
  const add = (kind: Stage['kind'], number: number, root: PlanNode, join: JoinNode | null = null) => {
    addBelow(root)
    stages.push({ kind, number, root, join, tooManyRows })
  }
  const addBelow = (root: PlanNode) => {
    const { uses, joins } = usesOf(root, isLeftBuilt)
    for (const use of uses) {
      if (done.has(use)) continue
      done.add(use)
      const [kind, text] = use.split(' ')
      const number = Number(text)
      if (kind === 'scalar') {
        add('scalar', number, plan.scalars[number].plan)
        continue
      }
      if (kind === 'rows') {
        // Its plans are runs of their own (recursion.ts).
        stages.push({ kind: 'rows', number, root: { op: 'one', columns: [] }, join: null, tooManyRows })
        continue
      }
      const set = plan.sets[number]
      if (set.kind === 'plan') add('set', number, set.plan)
    }
    for (const join of joins) {
      add('built', -1, isLeftBuilt(join) ? join.left : join.right, join)
    }
  }
  if (plan.totals !== null) add('totals', -1, plan.totals)
  addBelow(plan.root)
  return [...stages, { kind: 'root', number: -1, root: plan.root, join: null, tooManyRows }]
}

type Uses = { readonly uses: readonly string[]; readonly joins: readonly JoinNode[] }

/** What the nodes of one stage read: `set 3`, `scalar 0`; and its joins, whose built sides are stages
 * of their own. */
function usesOf(node: PlanNode, isLeftBuilt: IsLeftBuilt): Uses {
  const uses: string[] = []
  const joins: JoinNode[] = []
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
        visit(at.before)
        at.defaults.forEach(visit)
        break
      case 'filter': visit(at.condition); break
      case 'project': at.exprs.forEach(visit); break
      case 'generate': at.args.forEach(visit); break
      case 'rows': if (!at.isWorking) uses.push(`rows ${at.recursion}`); break
      case 'limit': for (const count of [at.limit, at.offset]) visit(count?.expr ?? null); break
      default:
    }
    if (at.op === 'fill') {
      for (const expr of [at.fill.from, at.fill.to]) visit(expr)
      for (const { expr } of at.fill.interpolate) visit(expr)
    }
    if (at.op === 'join') {
      for (const { residual } of at.on) visit(residual)
      joins.push(at)
      walk(isLeftBuilt(at) ? at.right : at.left)
    } else inputsOf(at).forEach(walk)
  }
  walk(node)
  return { uses, joins }
}
