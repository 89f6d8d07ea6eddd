// After the passes: sets and scalars that no expression reads any more are not computed, the others
// are numbered anew; and what is left tells whether the answer depends on the clock.

import { findFunction } from '../functions/registry.ts'
import { subplansOf } from './nodes.ts'
import type { Count, PlanNode, SetSource, TypedExpr, TypedPlan } from './plan.ts'

type Numbered = Pick<TypedPlan, 'root' | 'totals' | 'sets' | 'scalars' | 'recursions'>

/** The same plan with only those sets and scalars that are read, from the root or from each other.
 * */
export function compact({ root, totals, sets, scalars, recursions }: Numbered): Numbered {
  const usedSets = new Map<number, number>()
  const usedScalars = new Map<number, number>()
  const visit = (node: PlanNode): void => {
    eachExpr(node, (expr) => {
      if (expr.kind === 'in' && !usedSets.has(expr.set)) {
        usedSets.set(expr.set, usedSets.size)
        const set = sets[expr.set]
        if (set.kind === 'plan') visit(set.plan)
      }
      if (expr.kind === 'scalar' && !usedScalars.has(expr.scalar)) {
        usedScalars.set(expr.scalar, usedScalars.size)
        visit(scalars[expr.scalar].plan)
      }
    })
  }
  visit(root)
  if (totals !== null) visit(totals)
  for (const { base, step } of recursions) [base, step].forEach(visit)
  const renumber = (node: PlanNode): PlanNode => mapExprs(node, (expr) => {
    if (expr.kind === 'in') return { ...expr, set: usedSets.get(expr.set) as number }
    if (expr.kind === 'scalar') return { ...expr, scalar: usedScalars.get(expr.scalar) as number }
    return expr
  })
  return {
    root: renumber(root),
    totals: totals === null ? null : renumber(totals),
    sets: [...usedSets.keys()].map((number): SetSource => {
      const set = sets[number]
      return set.kind === 'plan' ? { ...set, plan: renumber(set.plan) } : set
    }),
    scalars: [...usedScalars.keys()].map((number) =>
      ({ ...scalars[number], plan: renumber(scalars[number].plan) })),
    recursions: recursions.map((one) => ({ ...one, base: renumber(one.base), step: renumber(one.step) })),
  }
}

/** True where another run over the same rows gives the same answer: no now(), no rand(). */
export function isDeterministic(numbered: Numbered): boolean {
  let answer = true
  eachExprOf(numbered, (expr) => {
    const def = expr.kind === 'call' ? findFunction(expr.name) : null
    if (def?.isVolatile === true || def?.isPerQuery === true) answer = false
  })
  return answer
}

/** Whether rows of a plan may differ from one run of it to the next within a query: rand(), not now(). */
export function drawsValues(root: PlanNode): boolean {
  let answer = false
  eachExpr(root, (expr) => { if (expr.kind === 'call' && findFunction(expr.name)?.isVolatile === true) answer = true })
  return answer
}

/** Calls `look` with every expression of a query, its subqueries' too. */
export function eachExprOf(numbered: Numbered, look: (expr: TypedExpr) => void): void {
  const { root, totals } = numbered
  for (const plan of [root, ...(totals === null ? [] : [totals]), ...subplansOf(numbered)]) eachExpr(plan, look)
}

/** Calls `look` with every expression of a plan, outer ones first. */
function eachExpr(root: PlanNode, look: (expr: TypedExpr) => void): void {
  mapExprs(root, (expr) => {
    look(expr)
    return expr
  })
}

/** The plan with every expression replaced, at any depth. */
function mapExprs(node: PlanNode, map: (expr: TypedExpr) => TypedExpr): PlanNode {
  const one = (expr: TypedExpr): TypedExpr => within(map(expr), one)
  const maybe = (expr: TypedExpr | null) => (expr === null ? null : one(expr))
  switch (node.op) {
    case 'one': case 'rows': return node
    case 'generate': return { ...node, args: node.args.map(one) }
    case 'scan':
      return {
        ...node, filter: maybe(node.filter), tokenFilter: maybe(node.tokenFilter), before: maybe(node.before),
        defaults: node.defaults.map(maybe),
      }
    case 'union': return { ...node, inputs: node.inputs.map((input) => mapExprs(input, map)) }
    case 'fill': {
      const { fill } = node
      return {
        ...node, input: mapExprs(node.input, map), fill: {
          ...fill, from: maybe(fill.from), to: maybe(fill.to),
          interpolate: fill.interpolate.map((one) => ({ ...one, expr: maybe(one.expr) })),
        },
      }
    }
    case 'join':
      return {
        ...node, left: mapExprs(node.left, map), right: mapExprs(node.right, map),
        on: node.on.map((condition) => ({ ...condition, residual: maybe(condition.residual) })),
      }
    case 'filter':
      return { ...node, input: mapExprs(node.input, map), condition: one(node.condition) }
    case 'limit': {
      const count = (of: Count | null) => (of?.expr === undefined ? of : { ...of, expr: one(of.expr) })
      return { ...node, input: mapExprs(node.input, map), limit: count(node.limit), offset: count(node.offset) }
    }
    case 'project':
      return { ...node, input: mapExprs(node.input, map), exprs: node.exprs.map(one) }
    default: return { ...node, input: mapExprs(node.input, map) }
  }
}

/** `expr` with its parts replaced. */
function within(expr: TypedExpr, map: (part: TypedExpr) => TypedExpr): TypedExpr {
  switch (expr.kind) {
    case 'call': return { ...expr, args: expr.args.map(map) }
    case 'in': return { ...expr, exprs: expr.exprs.map(map) }
    case 'lambda': return { ...expr, captures: expr.captures.map(map), body: map(expr.body) }
    default: return expr
  }
}
