// Pass: a projection over a projection becomes one, unless something would be computed twice; one
// that changes nothing but names goes away, and so does one below GROUP BY that only picks columns.

import { substitute } from './lower.ts'
import { isVolatile, mapInputs, renamed } from './nodes.ts'
import type { PlanNode, TypedExpr } from './plan.ts'

type Project = Extract<PlanNode, { op: 'project' }>

export function mergeProjects(root: PlanNode): PlanNode {
  let node = mapInputs(root, mergeProjects)
  while (node.op === 'project' && node.input.op === 'project' && mayMerge(node, node.input)) {
    const { exprs, input } = node.input
    node = {
      ...node, input, exprs: node.exprs.map((expr) => substitute(expr, (index) => exprs[index])),
    }
  }
  if (node.op === 'aggregate') return withoutPicking(node)
  return node.op === 'project' && isIdentity(node) ? renamed(node.input, node.columns) : node
}

/** GROUP BY names its columns by number: it needs no projection that only picks them. */
function withoutPicking(node: Extract<PlanNode, { op: 'aggregate' }>): PlanNode {
  const { input } = node
  if (input.op !== 'project') return node
  const numbers: number[] = []
  for (const expr of input.exprs) {
    if (expr.kind !== 'column') return node
    numbers.push(expr.index)
  }
  return {
    ...node, input: input.input, keys: node.keys.map((key) => numbers[key]),
    aggregates: node.aggregates.map((call) =>
      ({ ...call, args: call.args.map((arg) => numbers[arg]) })),
  }
}

/** A scan keeps the names of its table. */
const isIdentity = ({ exprs, input, columns }: Project): boolean =>
  exprs.length === input.columns.length
  && (input.op !== 'scan' || input.columns.every(({ name }, i) => name === columns[i].name))
  && exprs.every((expr, i) => expr.kind === 'column' && expr.index === i)

function mayMerge(outer: Project, inner: Project): boolean {
  const uses = new Array<number>(inner.exprs.length).fill(0)
  for (const expr of outer.exprs) countUses(expr, uses)
  return inner.exprs.every((expr, i) => expr.kind === 'column' || expr.kind === 'literal'
    || expr.kind === 'scalar' || (uses[i] <= 1 && !isVolatile(expr)))
}

function countUses(expr: TypedExpr, uses: number[]): void {
  if (expr.kind === 'column') uses[expr.index]++
  const below = expr.kind === 'call' ? expr.args : expr.kind === 'in' ? expr.exprs
    : expr.kind === 'lambda' ? expr.captures : []
  for (const part of below) countUses(part, uses)
}
